/* SPDX-License-Identifier: MIT */
/* Clusters points and says all that is measured, for tests that compare it with other programs:
 *
 *   measure-clustering N D K NORMALIZATION POINTS LABELS
 *
 * POINTS: N x D little-endian float32. K groups are found and written to LABELS, N uint32; of K = 0
 * they are read from there. Prints JSON; values are unsampled. */
#include "cluster/crew.h"
#include "cluster/criteria.h"
#include "cluster/embedding-facts.h"
#include "cluster/kmeans.h"
#include "cluster/projection.h"
#include "cluster/silhouette.h"
#include "spectra/spectrum.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

static void
fail_if (GError *error)
{
  if (error == NULL)
    return;
  fprintf (stderr, "%s\n", error->message);
  exit (1);
}

static void
add_value (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
add_values (JsonBuilder *builder, const char *name, const double *values, gsize n)
{
  json_builder_set_member_name (builder, name);
  json_builder_begin_array (builder);
  for (gsize i = 0; i < n; i++)
    json_builder_add_double_value (builder, values[i]);
  json_builder_end_array (builder);
}

/* What is looked at of given labels. */
static WsClustering *
read_labels (const WsPoints *points, const char *path, GError **error)
{
  WsClustering *self = g_new0 (WsClustering, 1);
  gsize n_bytes;

  self->ref_count = 1;
  self->n = points->n;
  self->d = points->d;
  if (!g_file_get_contents (path, (char **) &self->labels, &n_bytes, error))
    return self;
  for (gsize i = 0; i < self->n; i++)
    self->k = MAX (self->k, self->labels[i] + 1);
  self->sizes = g_new0 (guint64, self->k);
  for (gsize i = 0; i < self->n; i++)
    self->sizes[self->labels[i]]++;
  return self;
}

static WsClustering *
cluster (const WsPoints *points, guint k, const char *path, WsTeam *team, GError **error)
{
  g_autoptr (WsClustering) self = NULL;
  WsKmeansOptions options;

  if (k == 0)
    return read_labels (points, path, error);
  ws_kmeans_options_init (&options);
  options.k = k;
  self = ws_kmeans_compute (points, &options, team, NULL, NULL, NULL, error);
  if (!self || !g_file_set_contents (path, (const char *) self->labels,
                                     self->n * sizeof *self->labels, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
add_facts (JsonBuilder *builder, const WsPoints *points, WsTeam *team)
{
  GError *error = NULL;
  g_autoptr (WsEmbeddingFacts) facts = ws_embedding_facts_compute (points, team, NULL, &error);

  fail_if (error);
  add_value (builder, "anisotropy", facts->anisotropy);
  add_value (builder, "anisotropy_centred", facts->anisotropy_centred);
  add_values (builder, "norm_quantiles", facts->norm_quantiles, WS_N_QUANTILES);
  json_builder_set_member_name (builder, "untrained");
  json_builder_begin_array (builder);
  for (guint i = 0; i < facts->untrained->len; i++)
    json_builder_add_int_value (builder, g_array_index (facts->untrained, guint32, i));
  json_builder_end_array (builder);
}

static void
add_projection (JsonBuilder *builder, const WsPoints *points, WsTeam *team)
{
  GError *error = NULL;
  g_autoptr (WsProjection) projection =
      ws_projection_compute (points, team, NULL, NULL, NULL, &error);
  g_autofree double *xy = g_new (double, 2 * points->n);

  fail_if (error);
  for (gsize i = 0; i < 2 * points->n; i++)
    xy[i] = projection->xy[i];
  add_values (builder, "xy", xy, 2 * points->n);
  add_values (builder, "variance", projection->variance, projection->d);
  add_value (builder, "total", projection->total);
  add_value (builder, "participation_ratio", projection->participation_ratio);
}

static void
add_measures (JsonBuilder *builder, const WsPoints *points, const WsClustering *clustering,
              WsTeam *team)
{
  g_auto (WsSilhouette) silhouette = { 0 };
  WsCriteria criteria;
  GError *error = NULL;

  ws_criteria_compute (&criteria, points, clustering, team, NULL, &error);
  fail_if (error);
  ws_silhouette_compute (&silhouette, points, clustering, 0, 0, team, NULL, &error);
  fail_if (error);
  add_value (builder, "calinski_harabasz", criteria.calinski_harabasz);
  add_value (builder, "davies_bouldin", criteria.davies_bouldin);
  add_value (builder, "silhouette", silhouette.mean);
  add_values (builder, "silhouettes", silhouette.of_cluster, silhouette.k);
}

int
main (int argc, char *argv[])
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (WsCrew) crew = ws_crew_new (2);
  WsTeam *team = ws_crew_get_team (crew);
  g_autofree char *values = NULL, *text = NULL;
  g_autoptr (WsClustering) clustering = NULL;
  g_auto (WsPoints) points = { 0 };
  WsNormalization normalization;
  GError *error = NULL;

  if (argc != 7 || !ws_normalization_from_key (argv[4], &normalization))
    return 2;
  ws_spectrum_init_blas ();
  g_file_get_contents (argv[5], &values, NULL, &error);
  fail_if (error);
  ws_points_init (&points, atoi (argv[1]), atoi (argv[2]), (const float *) values);
  json_builder_begin_object (builder);
  add_facts (builder, &points, team);
  ws_points_normalize (&points, normalization, team, NULL, NULL, NULL, &error);
  fail_if (error);
  add_projection (builder, &points, team);
  clustering = cluster (&points, atoi (argv[3]), argv[6], team, &error);
  fail_if (error);
  add_measures (builder, &points, clustering, team);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  text = json_generator_to_data (generator, NULL);
  puts (text);
  return 0;
}
