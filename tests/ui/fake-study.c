/* SPDX-License-Identifier: MIT */
/* Studies of embeddings made by hand. */
#include "fake-study.h"

#include <math.h>

#define K_MAX 12
#define D 8

guint
fake_study_get_group (gsize point, guint n_groups)
{
  return point % 7 == 0 ? 0 : (guint) (point % n_groups);
}

static float
get_noise (GRand *random)
{
  double sum = 0;

  for (guint i = 0; i < 6; i++)
    sum += g_rand_double (random) - 0.5;
  return (float) sum;
}

static WsProjection *
make_projection (gsize n, guint n_groups)
{
  WsProjection *self = g_new0 (WsProjection, 1);
  GRand *random = g_rand_new_with_seed (1);

  self->ref_count = 1;
  self->n = n;
  self->d = D;
  self->xy = g_new (float, 2 * n);
  self->variance = g_new (double, D);
  for (gsize i = 0; i < n; i++)
    {
      double angle = 2 * G_PI * fake_study_get_group (i, n_groups) / n_groups;

      self->xy[2 * i] = (float) (4 * cos (angle)) + get_noise (random);
      self->xy[2 * i + 1] = (float) (4 * sin (angle)) + get_noise (random);
    }
  for (guint i = 0; i < D; i++)
    {
      self->variance[i] = 1 / (i + 1.0);
      self->total += self->variance[i];
    }
  self->participation_ratio = 5.5;
  g_rand_free (random);
  return self;
}

static WsEmbeddingFacts *
make_facts (gsize n)
{
  static const double quantiles[] = { 0.2, 0.5, 1, 1.5, 1.8 };
  WsEmbeddingFacts *self = g_new0 (WsEmbeddingFacts, 1);

  self->ref_count = 1;
  self->n = n;
  self->norms = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    self->norms[i] = 0.5f + (float) (i * 2654435761u % 1000) / 1000;
  self->anisotropy = 0.31;
  self->anisotropy_centred = 0.02;
  for (guint i = 0; i < G_N_ELEMENTS (quantiles); i++)
    self->norm_quantiles[i] = quantiles[i];
  self->untrained = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (guint32 i = (guint32) n - 2; i < n; i++)
    g_array_append_val (self->untrained, i);
  return self;
}

static WsClustering *
make_clustering (gsize n, guint n_groups, guint k)
{
  WsClustering *self = g_new0 (WsClustering, 1);

  self->ref_count = 1;
  self->k = k;
  self->n = n;
  self->d = D;
  self->labels = g_new (guint32, n);
  self->distances = g_new (float, n);
  self->centroids = g_new0 (float, (gsize) k *D);
  self->sizes = g_new0 (guint64, k);
  for (gsize i = 0; i < n; i++)
    {
      self->labels[i] = k == n_groups ? fake_study_get_group (i, n_groups) : (guint32) (i % k);
      self->distances[i] = 0.5f + (float) (i % 997) / 997;
      self->sizes[self->labels[i]]++;
    }
  /* Falls steeply up to the groups, and slowly behind them. */
  self->inertia =
      n * (k <= n_groups ? 1 - 0.8 * (k - 1.0) / (n_groups - 1) : 0.2 - 0.01 * (k - n_groups));
  self->n_iterations = 5;
  self->converged = TRUE;
  return self;
}

static WsSweepEntry *
make_entry (gsize n, guint n_groups, guint k)
{
  WsSweepEntry *self = g_new0 (WsSweepEntry, 1);
  double fit = k == n_groups ? 0.6 : 0.6 / (1 + ABS ((int) k - (int) n_groups));

  self->ref_count = 1;
  self->clustering = make_clustering (n, n_groups, k);
  self->criteria =
      (WsCriteria){ k > 1 ? 1000 * fit : NAN, k > 1 ? 1000 * fit : NAN, k > 1 ? 1 / fit : NAN };
  self->silhouette.mean = k > 1 ? fit : NAN;
  self->silhouette.standard_error = k > 1 ? 0.01 : NAN;
  self->silhouette.n_sampled = k > 1 ? n : 0;
  self->silhouette.k = k;
  if (k > 1)
    {
      self->silhouette.of_cluster = g_new (double, k);
      for (guint i = 0; i < k; i++)
        self->silhouette.of_cluster[i] = fit - 0.01 * i;
    }
  return self;
}

WsClusterStudy *
fake_study_new (gsize n, guint n_groups, WsTokenizer *tokenizer)
{
  WsClusterStudy *self = g_new0 (WsClusterStudy, 1);
  guint ks[K_MAX];
  double inertia[K_MAX];

  self->ref_count = 1;
  self->tokenizer = tokenizer != NULL ? ws_tokenizer_ref (tokenizer) : NULL;
  ws_cluster_options_init (&self->options);
  self->n_rows = n;
  self->n_points = n;
  self->facts = make_facts (n);
  self->projection = make_projection (n, n_groups);
  self->curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  self->is_complete = TRUE;
  for (guint k = 1; k <= K_MAX; k++)
    {
      WsSweepEntry *entry = make_entry (n, n_groups, k);

      ks[k - 1] = k;
      inertia[k - 1] = entry->clustering->inertia;
      g_ptr_array_add (self->curve, entry);
    }
  ws_elbow_find (&self->elbow, ks, inertia, K_MAX);
  ws_choice_make (&self->choice, self->curve, self->options.criterion);
  return self;
}

WsTokenizer *
fake_tokenizer_new (const char *folder, guint n)
{
  g_autofree char *path = g_build_filename (folder, "fake-tokenizer", NULL);
  g_autofree char *file = g_build_filename (path, "vocab.txt", NULL);
  g_autoptr (GString) words = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WsFolder) files = NULL;
  WsTokenizer *tokenizer;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (words, "word%u\n", i);
  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, words->str, (gssize) words->len, NULL));
  files = ws_folder_new_local (path);
  tokenizer = ws_tokenizer_read (files, NULL, &error);
  g_assert_no_error (error);
  return tokenizer;
}
