/* SPDX-License-Identifier: MIT */
/* What the rows of an embedding are like before anything is done to them. */
#include "cluster/embedding-facts.h"

#include "base/sort.h"
#include "spectra/work.h"

#include <math.h>
#include <string.h>

/* Points that one thread measures at once, some 10 ms of d = 8192. */
#define ROWS 1024
/* Columns that one thread adds up at once, and points between two looks at the cancellable. */
#define STRIP 64
#define SLAB 65536
/* Sums that run beside each other, so that vector units have something to do. */
#define LANES 8

typedef struct
{
  const WsPoints *points;
  GCancellable *cancellable;
  double *norms;
  double *distances; /* to the mean of all points */
  double *sums;      /* d: of the directions; d: of those from the mean */
} Work;

static void
measure (const float *x, const double *mean, gsize d, double *norm, double *distance)
{
  double squares[LANES] = { 0.0 }, centred[LANES] = { 0.0 };

  for (gsize j = 0; j < d; j += LANES)
    {
      const gsize n = MIN (LANES, d - j);

      for (gsize l = 0; l < n; l++)
        {
          const double difference = x[j + l] - mean[j + l];

          squares[l] += (double) x[j + l] * x[j + l];
          centred[l] += difference * difference;
        }
    }
  for (int l = 1; l < LANES; l++)
    {
      squares[0] += squares[l];
      centred[0] += centred[l];
    }
  *norm = sqrt (squares[0]);
  *distance = sqrt (centred[0]);
}

static void
measure_points (gsize index, gpointer user_data)
{
  Work *self = user_data;
  const WsPoints *points = self->points;
  const gsize end = MIN ((index + 1) * ROWS, points->n);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize i = index * ROWS; i < end; i++)
    measure (points->values + i * points->d, points->mean, points->d, self->norms + i,
             self->distances + i);
}

static void
add_strip (gsize index, gpointer user_data)
{
  Work *self = user_data;
  const WsPoints *points = self->points;
  const gsize d = points->d, first = index * STRIP, n_cols = MIN (STRIP, d - first);
  double *sums = self->sums + first, *centred = sums + d;

  for (gsize i = 0; i < points->n; i++)
    {
      const float *x = points->values + i * d + first;
      const double *mean = points->mean + first;
      const double scale = self->norms[i] > 0.0 ? 1.0 / self->norms[i] : 0.0;
      const double from_mean = self->distances[i] > 0.0 ? 1.0 / self->distances[i] : 0.0;

      if (i % SLAB == 0 && g_cancellable_is_cancelled (self->cancellable))
        return;
      for (gsize j = 0; j < n_cols; j++)
        {
          sums[j] += x[j] * scale;
          centred[j] += (x[j] - mean[j]) * from_mean;
        }
    }
}

/* @sums: of the directions */
static double
compute_anisotropy (const double *sums, gsize d, const double *lengths, gsize n)
{
  double square = 0.0, m = 0.0;

  for (gsize j = 0; j < d; j++)
    square += sums[j] * sums[j];
  for (gsize i = 0; i < n; i++)
    m += lengths[i] > 0.0;
  return m < 2.0 ? NAN : CLAMP ((square - m) / (m * (m - 1.0)), -1.0, 1.0);
}

static void
compute_quantiles (const double *values, gsize n, double *sorted, double *quantiles)
{
  memcpy (sorted, values, n * sizeof *sorted);
  ws_sort_doubles (sorted, n);
  for (guint i = 0; i < WS_N_QUANTILES; i++)
    {
      const double position = ws_quantile_probabilities[i] * (n - 1);
      const gsize low = position, high = MIN (low + 1, n - 1);

      quantiles[i] = sorted[low] + (position - low) * (sorted[high] - sorted[low]);
    }
}

/* A row, and what part it is of the median. */
typedef struct
{
  double share;
  guint32 row;
} Suspect;

static int
compare_suspects (const void *a, const void *b)
{
  const Suspect *left = a, *right = b;

  if (left->share != right->share)
    return left->share < right->share ? -1 : 1;
  return left->row < right->row ? -1 : left->row > right->row;
}

/* Of a median that is not 0. */
static gboolean
is_low (double value, const double *quantiles, double *share)
{
  const double median = quantiles[2];

  if (!(value <= quantiles[0] && value < median))
    return FALSE;
  *share = fmin (*share, value / median);
  return TRUE;
}

static void
list_untrained (const Work *work, const double *distance_quantiles, WsEmbeddingFacts *facts)
{
  g_autoptr (GArray) suspects = g_array_new (FALSE, FALSE, sizeof (Suspect));

  for (gsize i = 0; i < facts->n; i++)
    {
      Suspect suspect = { INFINITY, work->points->rows ? work->points->rows[i] : i };
      gboolean is_short = is_low (work->norms[i], facts->norm_quantiles, &suspect.share);

      if (is_low (work->distances[i], distance_quantiles, &suspect.share) || is_short)
        g_array_append_val (suspects, suspect);
    }
  g_array_sort (suspects, compare_suspects);
  facts->untrained = g_array_sized_new (FALSE, FALSE, sizeof (guint32), suspects->len);
  for (guint i = 0; i < suspects->len; i++)
    g_array_append_val (facts->untrained, g_array_index (suspects, Suspect, i).row);
}

static WsEmbeddingFacts *
finish (const Work *work, double *sorted)
{
  const gsize n = work->points->n, d = work->points->d;
  WsEmbeddingFacts *self = g_new0 (WsEmbeddingFacts, 1);
  double distance_quantiles[WS_N_QUANTILES];

  self->ref_count = 1;
  self->n = n;
  self->norms = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    self->norms[i] = work->norms[i];
  self->anisotropy = compute_anisotropy (work->sums, d, work->norms, n);
  self->anisotropy_centred = compute_anisotropy (work->sums + d, d, work->distances, n);
  compute_quantiles (work->norms, n, sorted, self->norm_quantiles);
  compute_quantiles (work->distances, n, sorted, distance_quantiles);
  list_untrained (work, distance_quantiles, self);
  return self;
}

WsEmbeddingFacts *
ws_embedding_facts_compute (const WsPoints *points, WsTeam *team, GCancellable *cancellable,
                            GError **error)
{
  const gsize n = points->n, d = points->d;
  g_autofree double *lengths = ws_work_allocate (n, 3, error);
  g_autofree double *sums = lengths ? ws_work_allocate (d, 2, error) : NULL;
  Work work = { points, cancellable, lengths, lengths + n, sums };

  if (!sums)
    return NULL;
  ws_team_run (team, (n + ROWS - 1) / ROWS, measure_points, &work);
  ws_team_run (team, (d + STRIP - 1) / STRIP, add_strip, &work);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return finish (&work, lengths + 2 * n);
}

WsEmbeddingFacts *
ws_embedding_facts_ref (WsEmbeddingFacts *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_embedding_facts_unref (WsEmbeddingFacts *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->norms);
  g_array_unref (self->untrained);
  g_free (self);
}
