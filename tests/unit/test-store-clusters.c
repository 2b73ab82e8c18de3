/* SPDX-License-Identifier: MIT */
/* Clusters in the result store: what is saved is found again bit for bit, and nothing else is
 * believed. */
#include "analysis-fixture.h"

#include "analysis/store-clusters.h"

#include <sqlite3.h>
#include <utime.h>

#define N 6
#define D 2

static const TensorSpec specs[] = {
  { "embed", WS_BLOCK_EMBEDDING, -1, 2, { N, D } },
  { "other", WS_BLOCK_EMBEDDING, -1, 2, { N, D } },
};

typedef struct
{
  char *folder, *path, *model_path;
  WsModel *model;
  WsStore *store;
  WsClusterKey key;
  WsStoredClusters parts;
} Fixture;

static WsStore *
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  WsStore *store = ws_store_open (self->path, &warning, &error);

  g_assert_no_error (error);
  g_assert_null (warning);
  return store;
}

static WsEmbeddingFacts *
new_facts (gsize n)
{
  WsEmbeddingFacts *facts = g_new0 (WsEmbeddingFacts, 1);
  const guint32 untrained[] = { 4, 1 }; /* the least trained first */

  facts->ref_count = 1;
  facts->n = n;
  facts->norms = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    facts->norms[i] = 1.0f / (i + 3);
  facts->anisotropy = 1.0 / 3;
  facts->anisotropy_centred = NAN;
  for (guint i = 0; i < 5; i++)
    facts->norm_quantiles[i] = 0.1 * i;
  facts->untrained = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_vals (facts->untrained, untrained, G_N_ELEMENTS (untrained));
  return facts;
}

static WsProjection *
new_projection (gsize n)
{
  WsProjection *projection = g_new0 (WsProjection, 1);

  projection->ref_count = 1;
  projection->n = n;
  projection->d = D;
  projection->xy = g_new (float, 2 * n);
  for (gsize i = 0; i < 2 * n; i++)
    projection->xy[i] = i / 7.0f;
  projection->variance = g_new (double, D);
  projection->variance[0] = 2.0 / 3;
  projection->variance[1] = 1.0 / 9;
  projection->total = 7.0 / 9;
  projection->participation_ratio = 1.3;
  return projection;
}

/* Points i go to cluster i % k, so that sizes fall; every number is another. */
static WsSweepEntry *
new_entry (guint k)
{
  WsSweepEntry *entry = g_new0 (WsSweepEntry, 1);
  WsClustering *clustering = g_new0 (WsClustering, 1);

  *clustering = (WsClustering){ .k = k,
                                .n = N,
                                .d = D,
                                .inertia = 10.0 / k,
                                .n_iterations = k + 1,
                                .converged = k % 2 == 0,
                                .seconds = 0.1 * k,
                                .ref_count = 1 };
  clustering->labels = g_new (guint32, N);
  clustering->distances = g_new (float, N);
  clustering->sizes = g_new0 (guint64, k);
  for (guint i = 0; i < N; i++)
    {
      clustering->labels[i] = i % k;
      clustering->distances[i] = 1.0f / (i + k);
      clustering->sizes[i % k]++;
    }
  clustering->centroids = g_new (float, k *D);
  for (guint i = 0; i < k * D; i++)
    clustering->centroids[i] = i / 3.0f;
  *entry = (WsSweepEntry){ .clustering = clustering, .seconds = 0.2 * k, .ref_count = 1 };
  entry->criteria = (WsCriteria){ k > 1 ? 100.0 / k : NAN, k > 1 ? INFINITY : NAN, 0.3 };
  entry->silhouette = (WsSilhouette){ k > 1 ? 0.7 / k : NAN, 0.01, k > 1 ? N : 0, k > 1 ? k : 0,
                                      k > 1 ? g_new (double, k) : NULL };
  for (guint i = 0; i < entry->silhouette.k; i++)
    entry->silhouette.of_cluster[i] = i == 1 ? NAN : 0.1 * i;
  return entry;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = fixture_make_folder ();
  self->path = g_build_filename (self->folder, "results.sqlite", NULL);
  self->model_path = g_build_filename (self->folder, "model.bin", NULL);
  self->model = fixture_model_new (self->model_path, specs, G_N_ELEMENTS (specs));
  self->store = open_store (self);
  self->key =
      (WsClusterKey){ self->model->tensors->pdata[0], WS_NORMALIZATION_ZSCORE, 42, 3, 300, 10000 };
  self->parts = (WsStoredClusters){ NULL, new_facts (N), new_projection (N), NULL };
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_stored_clusters_clear (&self->parts);
  ws_store_free (self->store);
  ws_model_unref (self->model);
  fixture_remove_folder (self->folder);
  g_free (self->model_path);
  g_free (self->path);
  g_free (self->folder);
}

static void
reopen (Fixture *self)
{
  ws_store_free (self->store);
  self->store = open_store (self);
}

static void
save (Fixture *self, guint k)
{
  g_autoptr (WsSweepEntry) entry = k > 0 ? new_entry (k) : NULL;
  g_autoptr (GError) error = NULL;

  ws_store_save_clusters (self->store, &self->key, &self->parts, entry, &error);
  g_assert_no_error (error);
}

static void
load (Fixture *self, WsStoredClusters *found)
{
  g_autoptr (GError) error = NULL;

  ws_store_load_clusters (self->store, &self->key, found, &error);
  g_assert_no_error (error);
}

/* What is found: facts 100, projection 10, and a clustering 1 each. */
static guint
count (Fixture *self)
{
  g_auto (WsStoredClusters) found = { 0 };

  load (self, &found);
  return (found.facts != NULL) * 100 + (found.projection != NULL) * 10 + found.curve->len;
}

static void
execute (Fixture *self, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA foreign_keys = ON", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

#define ASSERT_SAME(a, b, n) g_assert_cmpmem (a, (n) * sizeof *(a), b, (n) * sizeof *(b))

static void
assert_entry (const WsSweepEntry *a, const WsSweepEntry *b)
{
  const WsClustering *x = a->clustering, *y = b->clustering;

  g_assert_cmpuint (x->k, ==, y->k);
  g_assert_cmpuint (x->n, ==, y->n);
  g_assert_cmpuint (x->d, ==, y->d);
  ASSERT_SAME (x->labels, y->labels, x->n);
  ASSERT_SAME (x->distances, y->distances, x->n);
  ASSERT_SAME (x->centroids, y->centroids, x->k * x->d);
  ASSERT_SAME (x->sizes, y->sizes, x->k);
  g_assert_cmpfloat (x->inertia, ==, y->inertia);
  g_assert_cmpuint (x->n_iterations, ==, y->n_iterations);
  g_assert_cmpint (x->converged, ==, y->converged);
  g_assert_cmpfloat (x->seconds, ==, y->seconds);
  g_assert_cmpfloat (a->seconds, ==, b->seconds);
  if (x->k == 1)
    {
      g_assert_true (isnan (b->criteria.calinski_harabasz) && isnan (b->silhouette.mean));
      g_assert_null (b->silhouette.of_cluster);
      return;
    }
  g_assert_cmpmem (&a->criteria, sizeof a->criteria, &b->criteria, sizeof b->criteria);
  g_assert_cmpfloat (a->silhouette.mean, ==, b->silhouette.mean);
  g_assert_cmpfloat (a->silhouette.standard_error, ==, b->silhouette.standard_error);
  g_assert_cmpuint (a->silhouette.n_sampled, ==, b->silhouette.n_sampled);
  g_assert_cmpuint (a->silhouette.k, ==, b->silhouette.k);
  ASSERT_SAME (a->silhouette.of_cluster, b->silhouette.of_cluster, x->k);
}

static void
test_found_bit_for_bit (Fixture *self, gconstpointer data)
{
  g_auto (WsStoredClusters) found = { 0 };

  save (self, 3);
  save (self, 1);
  save (self, 2);
  reopen (self);
  load (self, &found);
  g_assert_null (found.rows);
  g_assert_cmpuint (found.facts->n, ==, N);
  ASSERT_SAME (found.facts->norms, self->parts.facts->norms, N);
  g_assert_cmpfloat (found.facts->anisotropy, ==, 1.0 / 3);
  g_assert_true (isnan (found.facts->anisotropy_centred));
  ASSERT_SAME (found.facts->norm_quantiles, self->parts.facts->norm_quantiles, 5);
  g_assert_cmpuint (found.facts->untrained->len, ==, 2);
  g_assert_cmpuint (g_array_index (found.facts->untrained, guint32, 0), ==, 4);
  ASSERT_SAME (found.projection->xy, self->parts.projection->xy, 2 * N);
  ASSERT_SAME (found.projection->variance, self->parts.projection->variance, D);
  g_assert_cmpfloat (found.projection->total, ==, 7.0 / 9);
  g_assert_cmpfloat (found.projection->participation_ratio, ==, 1.3);
  g_assert_cmpuint (found.curve->len, ==, 3);
  for (guint k = 1; k <= 3; k++)
    {
      g_autoptr (WsSweepEntry) entry = new_entry (k);

      assert_entry (entry, found.curve->pdata[k - 1]);
    }
}

static void
test_rows_that_are_left_out_are_kept (Fixture *self, gconstpointer data)
{
  const guint32 rows[] = { 0, 1, 2, 4, 5 };
  g_auto (WsStoredClusters) found = { 0 };

  ws_stored_clusters_clear (&self->parts);
  self->parts = (WsStoredClusters){ g_memdup2 (rows, sizeof rows), new_facts (N - 1), NULL, NULL };
  save (self, 0);
  load (self, &found);
  g_assert_cmpuint (found.facts->n, ==, N - 1);
  ASSERT_SAME (found.rows, rows, N - 1);
}

static void
test_parts_come_one_after_the_other (Fixture *self, gconstpointer data)
{
  WsProjection *projection = g_steal_pointer (&self->parts.projection);

  g_assert_cmpuint (count (self), ==, 0);
  save (self, 0);
  g_assert_cmpuint (count (self), ==, 100);
  self->parts.projection = projection;
  save (self, 0);
  g_assert_cmpuint (count (self), ==, 110);
  save (self, 2);
  g_assert_cmpuint (count (self), ==, 111);
  save (self, 2);
  g_assert_cmpuint (count (self), ==, 111);
}

static void
test_options_are_part_of_key (Fixture *self, gconstpointer data)
{
  const WsClusterKey key = self->key;

  save (self, 2);
  self->key.normalization = WS_NORMALIZATION_UNIT;
  g_assert_cmpuint (count (self), ==, 100); /* the facts are of the rows as they are */
  self->key = key;
  self->key.seed = 43;
  g_assert_cmpuint (count (self), ==, 110);
  self->key = key;
  self->key.n_init = 4;
  g_assert_cmpuint (count (self), ==, 110);
  self->key = key;
  self->key.n_iterations_max = 299;
  g_assert_cmpuint (count (self), ==, 110);
  self->key = key;
  self->key.n_silhouette = 0;
  g_assert_cmpuint (count (self), ==, 110);
  self->key = key;
  self->key.tensor = self->model->tensors->pdata[1];
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_other_clusterings_stay (Fixture *self, gconstpointer data)
{
  save (self, 2);
  self->key.seed = 43;
  save (self, 3);
  self->key.tensor = self->model->tensors->pdata[1];
  save (self, 3);
  self->key.tensor = self->model->tensors->pdata[0];
  g_assert_cmpuint (count (self), ==, 111);
  self->key.seed = 42;
  g_assert_cmpuint (count (self), ==, 111);
}

/* That of seed 1 is renewed, and so younger than those of seeds 2 and 3. */
static void
test_oldest_settings_go (Fixture *self, gconstpointer data)
{
  const guint n = WS_STORE_MOST_CLUSTER_SETTINGS + 2;

  for (guint seed = 1; seed <= n; seed++)
    {
      self->key.seed = seed;
      save (self, 2);
      self->key.seed = 1;
      save (self, 3);
    }
  for (guint seed = 1; seed <= n; seed++)
    {
      self->key.seed = seed;
      g_assert_cmpuint (count (self), ==, seed == 1 ? 112 : seed > 3 ? 111 : 110);
    }
}

static void
test_tensor_is_part_of_key (Fixture *self, gconstpointer data)
{
  WsTensor *tensor = self->model->tensors->pdata[0];

  save (self, 2);
  tensor->offset += 4;
  g_assert_cmpuint (count (self), ==, 0);
  tensor->offset -= 4;
  tensor->dtype = WS_DTYPE_F16;
  g_assert_cmpuint (count (self), ==, 0);
  tensor->dtype = WS_DTYPE_F32;
  tensor->dims[0] = D;
  tensor->dims[1] = N;
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_changed_file_loses_its_clusters (Fixture *self, gconstpointer data)
{
  struct utimbuf times = { 1000000000, 1000000000 };
  g_autoptr (WsModel) changed = NULL;
  const WsTensor *tensor = self->key.tensor;

  save (self, 2);
  g_assert_cmpint (utime (self->model_path, &times), ==, 0);
  changed = fixture_model_from_source (ws_source_open_file (self->model_path, NULL), specs,
                                       G_N_ELEMENTS (specs));
  self->key.tensor = changed->tensors->pdata[0];
  g_assert_cmpuint (count (self), ==, 0);
  save (self, 3);
  g_assert_cmpuint (count (self), ==, 111);
  self->key.tensor = tensor;
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_memory_is_not_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, 1);

  self->key.tensor = model->tensors->pdata[0];
  save (self, 2);
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_forgotten (Fixture *self, gconstpointer data)
{
  save (self, 2);
  g_assert_true (ws_store_forget_clusters (self->store, self->model->tensors->pdata[1], NULL));
  g_assert_cmpuint (count (self), ==, 111);
  g_assert_true (ws_store_forget_clusters (self->store, self->key.tensor, NULL));
  g_assert_cmpuint (count (self), ==, 0);
}

static void
test_newest_is_found (Fixture *self, gconstpointer data)
{
  WsClusterKey key = { .tensor = self->key.tensor, .seed = 7 };

  g_assert_false (ws_store_find_clusters (self->store, &key));
  g_assert_cmpuint (key.seed, ==, 7);
  save (self, 2);
  self->key.normalization = WS_NORMALIZATION_UNIT;
  self->key.seed = G_MAXUINT32;
  save (self, 2);
  g_assert_true (ws_store_find_clusters (self->store, &key));
  g_assert_cmpmem (&key, sizeof key, &self->key, sizeof key);
  /* The one that is saved again is the newest. */
  self->key.normalization = WS_NORMALIZATION_ZSCORE;
  self->key.seed = 42;
  save (self, 2);
  g_assert_true (ws_store_find_clusters (self->store, &key));
  g_assert_cmpuint (key.seed, ==, 42);
}

/* What is believed after one SQL statement has damaged what there was of k = 2 and 3. */
static const struct
{
  const char *sql;
  guint n_found;
} spoilings[] = {
  { "UPDATE embedding SET norms = randomblob (24)", 0 },
  { "UPDATE embedding SET norms = NULL", 0 },
  { "UPDATE embedding SET norms = substr (norms, 1, 23)", 0 },
  { "UPDATE embedding SET n_points = 7", 0 },
  { "UPDATE embedding SET n_points = -1", 0 },
  { "UPDATE embedding SET n_points = 4611686018427387904", 0 },
  { "UPDATE embedding SET n_untrained = 4611686018427387904", 0 },
  { "UPDATE embedding SET has_rows = 1", 0 },
  { "UPDATE embedding SET untrained = x'04000000ffffffff'", 0 },
  { "UPDATE embedding SET anisotropy = 0.25", 0 },
  { "UPDATE embedding SET checksum = checksum + 1", 0 },
  { "UPDATE embedding SET method_version = method_version + 1", 0 },
  { "UPDATE embedding SET dtype = 'F64'", 0 },
  { "UPDATE projection SET xy = randomblob (48)", 102 },
  { "UPDATE projection SET variance = NULL", 102 },
  { "UPDATE projection SET n_columns = 4611686018427387904", 102 },
  { "UPDATE projection SET n_points = -6", 102 },
  { "UPDATE projection SET normalization = 'guessed'", 102 },
  { "UPDATE clustering SET labels = randomblob (24) WHERE k = 2", 111 },
  { "UPDATE clustering SET labels = 'text' WHERE k = 2", 111 },
  { "UPDATE clustering SET sizes = zeroblob (16) WHERE k = 2", 111 },
  { "UPDATE clustering SET distances = zeroblob (0) WHERE k = 2", 111 },
  { "UPDATE clustering SET silhouettes = NULL WHERE k = 2", 111 },
  { "UPDATE clustering SET inertia = inertia * 2 WHERE k = 2", 111 },
  { "UPDATE clustering SET inertia = NULL WHERE k = 2", 111 },
  { "UPDATE clustering SET k = 4 WHERE k = 2", 111 },
  { "UPDATE clustering SET k = 0 WHERE k = 2", 111 },
  { "UPDATE clustering SET k = 4294967298 WHERE k = 2", 111 },
  { "UPDATE clustering SET n_points = 1099511627776 WHERE k = 2", 111 },
  { "UPDATE clustering SET n_columns = 4611686018427387904 WHERE k = 2", 111 },
};

/* And what was damaged is taken again. */
static void
test_spoilt_row_is_ignored (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoilings); i++)
    {
      g_test_message ("%s", spoilings[i].sql);
      save (self, 2);
      save (self, 3);
      g_assert_cmpuint (count (self), ==, 112);
      execute (self, spoilings[i].sql);
      g_assert_cmpuint (count (self), ==, spoilings[i].n_found);
      save (self, 2);
      save (self, 3);
      g_assert_cmpuint (count (self), ==, 112);
      g_assert_true (ws_store_forget_clusters (self->store, self->key.tensor, NULL));
    }
}

/* Rows of the matrix that are points are believed only in their order and range. */
static void
test_spoilt_rows_are_ignored (Fixture *self, gconstpointer data)
{
  static const guint32 wrong[][N - 1] = { { 0, 1, 2, 4, 6 }, { 0, 1, 1, 4, 5 }, { 5, 4, 2, 1, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      ws_stored_clusters_clear (&self->parts);
      self->parts = (WsStoredClusters){ g_memdup2 (wrong[i], sizeof wrong[i]), new_facts (N - 1),
                                        NULL, NULL };
      save (self, 0);
      g_assert_cmpuint (count (self), ==, 0);
    }
}

static void
test_locked_store_is_told (Fixture *self, gconstpointer data)
{
  g_autoptr (WsSweepEntry) entry = new_entry (2);
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_false (ws_store_save_clusters (self->store, &self->key, &self->parts, entry, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_STORE);
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (db);
  save (self, 2);
  g_assert_cmpuint (count (self), ==, 111);
}

/* Version 2 had no clusters. */
static void
test_second_version_is_taken_over (Fixture *self, gconstpointer data)
{
  execute (self, "DROP TABLE clustering; DROP TABLE projection; DROP TABLE embedding;"
                 " PRAGMA user_version = 2");
  reopen (self);
  save (self, 2);
  g_assert_cmpuint (count (self), ==, 111);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/store-clusters/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("found/bit-for-bit", test_found_bit_for_bit);
  ADD ("found/rows-that-are-left-out", test_rows_that_are_left_out_are_kept);
  ADD ("found/parts-come-one-after-the-other", test_parts_come_one_after_the_other);
  ADD ("found/newest", test_newest_is_found);
  ADD ("key/options", test_options_are_part_of_key);
  ADD ("key/tensor", test_tensor_is_part_of_key);
  ADD ("key/other-clusterings-stay", test_other_clusterings_stay);
  ADD ("key/oldest-settings-go", test_oldest_settings_go);
  ADD ("key/changed-file", test_changed_file_loses_its_clusters);
  ADD ("memory/is-not-kept", test_memory_is_not_kept);
  ADD ("forgotten", test_forgotten);
  ADD ("spoilt/row-is-ignored", test_spoilt_row_is_ignored);
  ADD ("spoilt/rows-are-ignored", test_spoilt_rows_are_ignored);
  ADD ("locked/is-told", test_locked_store_is_told);
  ADD ("version/second-is-taken-over", test_second_version_is_taken_over);
  return g_test_run ();
}
