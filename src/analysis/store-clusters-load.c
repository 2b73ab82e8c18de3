/* SPDX-License-Identifier: MIT */
/* Rows to clusters. A row is believed only when its sizes fit the tensor, its labels and rows are
 * in their ranges, and its checksum fits; any other is as if it were not there. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "analysis/store-clusters-private.h"
#include "matrix/matrix.h"

/* Columns of WS_STATEMENT_LOAD_CLUSTERINGS. */
enum
{
  LOAD_K,
  LOAD_CHECKSUM,
  LOAD_NUMBERS
};

static void
free_arrays (WsStoreArray *arrays, guint n_arrays)
{
  for (guint i = 0; i < n_arrays; i++)
    g_clear_pointer (&arrays[i].data, g_free);
}

/* Reads blobs of the lengths that @arrays have. On failure nothing is kept. */
static gboolean
read_arrays (sqlite3_stmt *row, int next, WsStoreArray *arrays, guint n_arrays)
{
  for (guint i = 0; i < n_arrays; i++, next++)
    {
      const void *blob = sqlite3_column_blob (row, next);
      const gsize n_bytes = (gsize) sqlite3_column_bytes (row, next);

      if (n_bytes % arrays[i].size != 0 || n_bytes / arrays[i].size != arrays[i].n)
        {
          free_arrays (arrays, i);
          return FALSE;
        }
      arrays[i].data = g_memdup2 (blob, n_bytes);
      _ws_store_swap (arrays[i].data, arrays[i].n, arrays[i].size);
    }
  return TRUE;
}

/* Reads the numbers, then the arrays that they announce. */
static gboolean
check_row (sqlite3_stmt *row, int checksum_column, const WsStoreColumns *columns,
           gconstpointer numbers, WsStoreArray *arrays, guint n_arrays)
{
  const int next = checksum_column + 1 + (int) columns->n;

  if (!read_arrays (row, next, arrays, n_arrays))
    return FALSE;
  if (sqlite3_column_int64 (row, checksum_column) ==
      _ws_store_compute_row_checksum (columns, numbers, arrays, n_arrays))
    return TRUE;
  free_arrays (arrays, n_arrays);
  return FALSE;
}

static gboolean
are_below (const guint32 *rows, gsize n, guint64 end)
{
  for (gsize i = 0; i < n; i++)
    if (rows[i] >= end)
      return FALSE;
  return TRUE;
}

/* Ascending and below @end. */
static gboolean
are_points (const guint32 *rows, gsize n, guint64 end)
{
  for (gsize i = 0; i < n; i++)
    if (rows[i] >= end || (i > 0 && rows[i] <= rows[i - 1]))
      return FALSE;
  return TRUE;
}

static gboolean
is_count (gint64 count, guint64 most)
{
  return count >= 0 && (guint64) count <= most;
}

static gboolean
take_embedding (sqlite3_stmt *row, const WsMatrix *matrix, WsStoredClusters *self)
{
  WsStoreArray arrays[WS_N_EMBEDDING_ARRAYS];
  WsEmbeddingFacts *facts;
  WsEmbeddingRow numbers;

  _ws_store_read_numbers (row, 1, &_ws_store_embedding_columns, &numbers);
  if (!is_count (numbers.n_points, matrix->n_rows) || numbers.n_points == 0 ||
      !is_count (numbers.n_untrained, matrix->n_rows) ||
      (!numbers.has_rows && (guint64) numbers.n_points != matrix->n_rows))
    return FALSE;
  _ws_embedding_row_list_arrays (&numbers, arrays);
  if (!check_row (row, 0, &_ws_store_embedding_columns, &numbers, arrays, G_N_ELEMENTS (arrays)))
    return FALSE;
  if (!are_below (arrays[1].data, arrays[1].n, matrix->n_rows) ||
      !are_points (arrays[2].data, arrays[2].n, matrix->n_rows))
    {
      free_arrays (arrays, G_N_ELEMENTS (arrays));
      return FALSE;
    }
  facts = g_new0 (WsEmbeddingFacts, 1);
  facts->ref_count = 1;
  facts->n = numbers.n_points;
  facts->norms = arrays[0].data;
  facts->anisotropy = numbers.anisotropy;
  facts->anisotropy_centred = numbers.anisotropy_centred;
  memcpy (facts->norm_quantiles, numbers.norm_quantiles, sizeof facts->norm_quantiles);
  facts->untrained = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_array_append_vals (facts->untrained, arrays[1].data, arrays[1].n);
  g_free (arrays[1].data);
  self->facts = facts;
  self->rows = arrays[2].data;
  return TRUE;
}

/* A row that is not believed would be taken for the one that is to replace it. */
static gboolean
load_embedding (WsStore *store, gint64 id, const WsMatrix *matrix, WsStoredClusters *self)
{
  sqlite3_stmt *load = _ws_store_get_statement (store, WS_STATEMENT_LOAD_EMBEDDING);
  sqlite3_stmt *drop = _ws_store_get_statement (store, WS_STATEMENT_DROP_EMBEDDING);
  gboolean damaged = FALSE;
  int code;

  sqlite3_bind_int64 (load, 1, id);
  code = sqlite3_step (load);
  if (code == SQLITE_ROW)
    damaged = !take_embedding (load, matrix, self);
  if (sqlite3_reset (load) != SQLITE_OK || (code != SQLITE_ROW && code != SQLITE_DONE))
    return FALSE;
  sqlite3_bind_int64 (drop, 1, id);
  return !damaged || _ws_store_run_statement (drop);
}

static gboolean
take_projection (sqlite3_stmt *row, const WsMatrix *matrix, WsStoredClusters *self)
{
  WsStoreArray arrays[WS_N_PROJECTION_ARRAYS];
  WsProjectionRow numbers;

  _ws_store_read_numbers (row, 1, &_ws_store_projection_columns, &numbers);
  if ((guint64) numbers.n_points != self->facts->n || (guint64) numbers.n_columns != matrix->n_cols)
    return FALSE;
  _ws_projection_row_list_arrays (&numbers, arrays);
  if (!check_row (row, 0, &_ws_store_projection_columns, &numbers, arrays, G_N_ELEMENTS (arrays)))
    return FALSE;
  self->projection = g_new0 (WsProjection, 1);
  *self->projection = (WsProjection){
    .n = numbers.n_points,
    .xy = arrays[0].data,
    .d = numbers.n_columns,
    .variance = arrays[1].data,
    .total = numbers.total,
    .participation_ratio = numbers.participation_ratio,
    .ref_count = 1,
  };
  return TRUE;
}

static gboolean
load_projection (WsStore *store, gint64 id, const WsClusterKey *key, const WsMatrix *matrix,
                 WsStoredClusters *self)
{
  sqlite3_stmt *load = _ws_store_get_statement (store, WS_STATEMENT_LOAD_PROJECTION);
  sqlite3_stmt *drop = _ws_store_get_statement (store, WS_STATEMENT_DROP_PROJECTION);
  const char *normalization = ws_normalization_get_key (key->normalization);
  gboolean damaged = FALSE;
  int code;

  sqlite3_bind_int64 (load, 1, id);
  sqlite3_bind_text (load, 2, normalization, -1, SQLITE_STATIC);
  code = sqlite3_step (load);
  if (code == SQLITE_ROW)
    damaged = !take_projection (load, matrix, self);
  if (sqlite3_reset (load) != SQLITE_OK || (code != SQLITE_ROW && code != SQLITE_DONE))
    return FALSE;
  sqlite3_bind_int64 (drop, 1, id);
  sqlite3_bind_text (drop, 2, normalization, -1, SQLITE_STATIC);
  return !damaged || _ws_store_run_statement (drop);
}

/* Each label below @k, and each cluster of the size that is told. */
static gboolean
are_labels (const guint32 *labels, gsize n, const guint64 *sizes, guint k)
{
  g_autofree guint64 *counts = g_new0 (guint64, k);

  for (gsize i = 0; i < n; i++)
    {
      if (labels[i] >= k)
        return FALSE;
      counts[labels[i]]++;
    }
  return memcmp (counts, sizes, k * sizeof *counts) == 0;
}

static WsSweepEntry *
new_entry (const WsClusteringRow *row, guint k, const WsStoreArray *arrays)
{
  WsSweepEntry *entry = g_new0 (WsSweepEntry, 1);
  WsClustering *clustering = g_new0 (WsClustering, 1);

  *clustering = (WsClustering){
    .k = k,
    .n = row->n_points,
    .d = row->n_columns,
    .labels = arrays[0].data,
    .centroids = arrays[1].data,
    .distances = arrays[2].data,
    .sizes = arrays[3].data,
    .inertia = row->inertia,
    .n_iterations = row->n_iterations,
    .converged = row->converged != 0,
    .seconds = row->kmeans_seconds,
    .ref_count = 1,
  };
  *entry = (WsSweepEntry){
    .clustering = clustering,
    .criteria = { row->calinski_harabasz, row->f_ratio_seed, row->davies_bouldin },
    .silhouette = { row->silhouette, row->silhouette_error, row->n_sampled,
                    row->has_silhouettes ? k : 0, arrays[4].data },
    .seconds = row->seconds,
    .ref_count = 1,
  };
  return entry;
}

static void
take_clustering (sqlite3_stmt *row, const WsMatrix *matrix, WsStoredClusters *self)
{
  const gint64 k = sqlite3_column_int64 (row, LOAD_K);
  WsStoreArray arrays[WS_N_CLUSTERING_ARRAYS];
  WsClusteringRow numbers;

  _ws_store_read_numbers (row, LOAD_NUMBERS, &_ws_store_clustering_columns, &numbers);
  if (k < 1 || !is_count (k, self->facts->n) || (guint64) numbers.n_points != self->facts->n ||
      (guint64) numbers.n_columns != matrix->n_cols)
    return;
  _ws_clustering_row_list_arrays (&numbers, k, arrays);
  if (!check_row (row, LOAD_CHECKSUM, &_ws_store_clustering_columns, &numbers, arrays,
                  G_N_ELEMENTS (arrays)))
    return;
  if (are_labels (arrays[0].data, arrays[0].n, arrays[3].data, k))
    g_ptr_array_add (self->curve, new_entry (&numbers, k, arrays));
  else
    free_arrays (arrays, G_N_ELEMENTS (arrays));
}

static gboolean
load_clusterings (WsStore *store, gint64 id, const WsClusterKey *key, const WsMatrix *matrix,
                  WsStoredClusters *self)
{
  sqlite3_stmt *load = _ws_store_get_statement (store, WS_STATEMENT_LOAD_CLUSTERINGS);
  int code;

  _ws_store_bind_cluster_key (load, id, key);
  while ((code = sqlite3_step (load)) == SQLITE_ROW)
    take_clustering (load, matrix, self);
  return sqlite3_reset (load) == SQLITE_OK && code == SQLITE_DONE;
}

/* @id: (out) of the row of `embedding`; 0: there is none. */
static gboolean
find_embedding (WsStore *store, const WsTensor *tensor, gint64 *id)
{
  gint64 file_id, stale_id, checksum;

  *id = 0;
  return _ws_store_find_file (store, ws_source_get_identity (tensor->source), &file_id,
                              &stale_id) &&
         (file_id == 0 || _ws_store_find_embedding (store, file_id, tensor, id, &checksum));
}

static gboolean
load_parts (WsStore *store, const WsClusterKey *key, WsStoredClusters *self)
{
  WsMatrix matrix;
  gint64 id;

  if (!find_embedding (store, key->tensor, &id))
    return FALSE;
  if (id == 0)
    return TRUE;
  ws_matrix_init (&matrix, key->tensor, -1);
  if (!load_embedding (store, id, &matrix, self))
    return FALSE;
  return self->facts == NULL || (load_projection (store, id, key, &matrix, self) &&
                                 load_clusterings (store, id, key, &matrix, self));
}

gboolean
ws_store_load_clusters (WsStore *store, const WsClusterKey *key, WsStoredClusters *self,
                        GError **error)
{
  gboolean loaded;

  *self = (WsStoredClusters){
    .curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref),
  };
  if (ws_source_get_identity (key->tensor->source) == NULL)
    return TRUE;
  if (!_ws_store_lock (store, error))
    return FALSE;
  loaded = load_parts (store, key, self);
  if (!loaded)
    _ws_store_set_error (store, _ ("cannot read the result store"), error);
  g_mutex_unlock (&store->mutex);
  if (loaded)
    return TRUE;
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->facts, ws_embedding_facts_unref);
  g_clear_pointer (&self->projection, ws_projection_unref);
  g_ptr_array_set_size (self->curve, 0);
  return FALSE;
}

static gboolean
read_newest (WsStore *store, WsClusterKey *key)
{
  sqlite3_stmt *newest = _ws_store_get_statement (store, WS_STATEMENT_NEWEST_CLUSTERING);
  gboolean found = FALSE;
  gint64 id;

  if (!find_embedding (store, key->tensor, &id) || id == 0)
    return FALSE;
  sqlite3_bind_int64 (newest, 1, id);
  if (sqlite3_step (newest) == SQLITE_ROW)
    {
      const char *normalization = (const char *) sqlite3_column_text (newest, 0);

      found = normalization && ws_normalization_from_key (normalization, &key->normalization);
      if (found)
        {
          key->seed = (guint64) sqlite3_column_int64 (newest, 1);
          key->n_init = (guint) sqlite3_column_int64 (newest, 2);
          key->n_iterations_max = (guint) sqlite3_column_int64 (newest, 3);
          key->n_silhouette = (guint64) sqlite3_column_int64 (newest, 4);
        }
    }
  sqlite3_reset (newest);
  return found;
}

gboolean
ws_store_find_clusters (WsStore *store, WsClusterKey *key)
{
  gboolean found;

  if (ws_source_get_identity (key->tensor->source) == NULL || !_ws_store_lock (store, NULL))
    return FALSE;
  found = read_newest (store, key);
  g_mutex_unlock (&store->mutex);
  return found;
}
