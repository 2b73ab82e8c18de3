/* SPDX-License-Identifier: MIT */
/* Silhouettes: sums of the distances from each point to the parts of each cluster, then their
 * ratios. */
#include "cluster/silhouette.h"

#include "cluster/kernel.h"
#include "cluster/silhouette-private.h"

#include <math.h>

#define SIDE WS_PAIRS_SIDE

/* Of a square that is turned at once: its lines stay in the cache. */
#define TURNED ((gsize) 16)

typedef struct
{
  const WsPairs *pairs;
  const WsPlaces *places;
  const guint32 *parts; /* of each place */
  gsize n_parts;
  double *sums; /* see ws_silhouette_average */
  gsize wave;
  GCancellable *cancellable;
} Work;

static double *
get_sums (const Work *self, gsize block)
{
  return self->sums + block * self->n_parts * SIDE;
}

/* Rows of @distances (m x n), each of a point of block @from, to the sums of block @to. */
static void
add_wide (Work *self, gsize from, gsize to, const double *distances)
{
  const gsize m = ws_places_count (self->places, from), n = ws_places_count (self->places, to);
  const guint32 *parts = self->parts + from * SIDE;

  for (gsize i = 0; i < m; i++)
    {
      double *sums = get_sums (self, to) + parts[i] * SIDE;

      for (gsize j = 0; j < n; j++)
        sums[j] += distances[i * n + j];
    }
}

static void
add_narrow (Work *self, gsize from, gsize to, const float *distances)
{
  const gsize m = ws_places_count (self->places, from), n = ws_places_count (self->places, to);
  const guint32 *parts = self->parts + from * SIDE;

  for (gsize i = 0; i < m; i++)
    ws_kernel_get ()->move (distances + i * n, n, get_sums (self, to) + parts[i] * SIDE, NULL);
}

/* @turned: n x m */
static void
turn_wide (const double *distances, gsize m, gsize n, double *turned)
{
  for (gsize row = 0; row < m; row += TURNED)
    for (gsize j = 0; j < n; j++)
      for (gsize i = row; i < MIN (row + TURNED, m); i++)
        turned[j * m + i] = distances[i * n + j];
}

static void
turn_narrow (const float *distances, gsize m, gsize n, float *turned)
{
  for (gsize row = 0; row < m; row += TURNED)
    for (gsize j = 0; j < n; j++)
      for (gsize i = row; i < MIN (row + TURNED, m); i++)
        turned[j * m + i] = distances[i * n + j];
}

static void
add_tile (Work *self, gsize row, gsize col)
{
  const gsize m = ws_places_count (self->places, row), n = ws_places_count (self->places, col);
  g_autofree double *room = g_new (double, 2 * SIDE * SIDE);
  double *turned = room + SIDE * SIDE;
  const void *distances = ws_pairs_get_tile (self->pairs, self->places, row, col, room);

  if (self->pairs->is_exact)
    {
      add_wide (self, row, col, distances);
      turn_wide (distances, m, n, turned);
      if (row != col)
        add_wide (self, col, row, turned);
    }
  else
    {
      add_narrow (self, row, col, distances);
      turn_narrow (distances, m, n, (float *) turned);
      if (row != col)
        add_narrow (self, col, row, (float *) turned);
    }
}

/* A tile stands for two of the matrix, and adds to the sums of two blocks. So that threads do not
 * meet, the tiles are taken in waves: in each, a block meets the one (or itself) whose number adds
 * up with its own to that of the wave, modulo an odd number of blocks. */
static void
run_wave (gsize row, gpointer user_data)
{
  Work *self = user_data;
  const gsize n = self->places->n_blocks | 1;
  const gsize col = (self->wave + n - row) % n;

  if (row <= col && col < self->places->n_blocks && !g_cancellable_is_cancelled (self->cancellable))
    add_tile (self, row, col);
}

static gboolean
compute_sums (Work *self, WsWork *work, GError **error)
{
  const gsize n_waves = self->places->n_blocks | 1;
  const double of_wave = ws_pairs_estimate_work (self->pairs) / n_waves;

  for (self->wave = 0; self->wave < n_waves; self->wave++)
    {
      ws_team_run (work->team, self->places->n_blocks, run_wave, self);
      if (!ws_work_advance (work, of_wave, error))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full) */
static guint32 *
list_parts (const WsSilhouetteSample *sample, const WsPlaces *places)
{
  guint32 *parts = g_new (guint32, places->n_blocks * SIDE);

  for (guint c = 0; c < sample->k; c++)
    for (guint g = 0; g < sample->n_groups; g++)
      {
        const gsize *starts = sample->starts + (gsize) c * sample->n_groups + g;

        for (gsize i = starts[0]; i < starts[1]; i++)
          parts[sample->places[i]] = g * sample->k + c;
      }
  return parts;
}

gboolean
ws_silhouette_compute_from (WsSilhouette *self, WsPairs *pairs, const WsClustering *clustering,
                            WsWork *work, GError **error)
{
  const guint k = clustering->k;
  g_auto (WsSilhouetteSample) sample = { 0 };
  g_auto (WsPlaces) places = { 0 };
  g_autofree guint32 *parts = NULL;
  g_autofree double *sums = NULL;
  Work own = { .pairs = pairs, .places = &places, .cancellable = work->cancellable };

  *self = (WsSilhouette){ .mean = NAN, .standard_error = NAN, .k = k };
  if (k < 2)
    return !g_cancellable_set_error_if_cancelled (work->cancellable, error);
  if (!ws_pairs_prepare (pairs, work, error))
    return FALSE;
  ws_silhouette_sample_init (&sample, clustering, pairs);
  ws_pairs_list_places (pairs, sample.own, sample.n_own, &places, work->team);
  own.parts = parts = list_parts (&sample, &places);
  own.n_parts = (gsize) k * sample.n_groups;
  own.sums = sums = ws_work_allocate (places.n_blocks * SIDE, own.n_parts, error);
  return sums != NULL && compute_sums (&own, work, error) &&
         ws_silhouette_average (self, &sample, clustering, &places, parts, sums, work, error);
}

gboolean
ws_silhouette_compute (WsSilhouette *self, const WsPoints *points, const WsClustering *clustering,
                       guint64 n_sample, guint64 seed, WsTeam *team, GCancellable *cancellable,
                       GError **error)
{
  g_autoptr (WsPairs) pairs = ws_pairs_new (points, n_sample, seed, FALSE);
  WsWork work = { .total = 1, .team = team, .cancellable = cancellable };

  g_return_val_if_fail (points->n == clustering->n && points->d == clustering->d, FALSE);
  return ws_silhouette_compute_from (self, pairs, clustering, &work, error);
}

void
ws_silhouette_clear (WsSilhouette *self)
{
  g_clear_pointer (&self->of_cluster, g_free);
  *self = (WsSilhouette){ .mean = NAN, .standard_error = NAN };
}

guint64
ws_silhouette_get_required_bytes (gsize n, gsize d, guint k, guint64 n_sample, guint n_threads)
{
  const guint64 n_groups = ws_silhouette_sample_get_n_groups (n, MAX (k, 1), n_sample);
  const guint64 least = ws_silhouette_sample_get_least (MAX (k, 1), n_sample);
  const guint64 n_used = n_groups == 1 ? n : MIN (n_sample + k * least, n);

  /* the list of members, of draws, and of what is in no sample; per point of the sample its sums,
   * square, place and part */
  return 40 * (guint64) n + (n_used + 2 * SIDE) * (n_groups * k * sizeof (double) + 32) +
         n_threads * ws_pairs_get_tile_bytes (d);
}
