/* SPDX-License-Identifier: MIT */
/* k-means and what it is worth, for one k after the other. */
#include "cluster/sweep.h"

#include "base/error.h"
#include "base/format.h"
#include "cluster/kmeans-private.h"
#include "cluster/pace.h"

#include <glib/gi18n-lib.h>

WsSweepEntry *
ws_sweep_entry_ref (WsSweepEntry *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_sweep_entry_unref (WsSweepEntry *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  ws_clustering_unref (self->clustering);
  ws_silhouette_clear (&self->silhouette);
  g_free (self);
}

void
ws_sweep_options_init (WsSweepOptions *self)
{
  WsKmeansOptions options;

  ws_kmeans_options_init (&options);
  *self = (WsSweepOptions){ .k_max = 100,
                            .seed = options.seed,
                            .n_init = options.n_init,
                            .n_iterations_max = options.n_iterations_max,
                            .n_silhouette = WS_SILHOUETTE_N_SAMPLE,
                            .spare_bytes = G_MAXUINT64 };
}

guint64
ws_sweep_get_required_bytes (gsize n, gsize d, const WsSweepOptions *options, guint n_threads)
{
  g_autoptr (GArray) list = ws_sweep_list_k (n, options);
  guint64 n_bytes = 0, most = 0;

  for (guint i = 0; i < list->len; i++)
    {
      const guint k = g_array_index (list, guint, i);
      const guint64 of_criteria = (guint64) k * d * sizeof (double);
      const guint64 of_silhouette =
          ws_silhouette_get_required_bytes (n, d, k, options->n_silhouette, n_threads);

      n_bytes += n * (sizeof (guint32) + sizeof (float)) + (guint64) k * d * sizeof (float);
      most = MAX (most, ws_kmeans_get_required_bytes (n, d, k));
      most = MAX (most, MAX (of_criteria, of_silhouette));
    }
  return n_bytes + most;
}

/* The run */

typedef struct
{
  const WsPoints *points;
  const WsSweepOptions *options;
  const GPtrArray *known;
  WsSweepCallbacks callbacks;
  WsRows rows;
  WsStarts *starts; /* (owned) */
  WsPairs *pairs;   /* (owned) */
  WsTeam *team;
  GCancellable *cancellable;
  GPtrArray *curve; /* (owned) */
  guint k;          /* that is computed */
  double work;      /* of all steps of it */
  double work_done; /* of those that are over */
  double work_of_step;
  WsPace pace;
} Sweep;

static void
tell_progress (Sweep *self, double share_of_k)
{
  WsSweepProgress progress = { .k = self->k, .n_done = self->curve->len };

  if (self->callbacks.progress == NULL)
    return;
  progress.n_total = self->curve->len + ws_pace_count_left (&self->pace);
  progress.seconds_left = ws_pace_get_seconds_left (&self->pace, share_of_k);
  progress.share = ws_pace_get_share (&self->pace, share_of_k);
  self->callbacks.progress (&progress, self->callbacks.user_data);
}

static void
take_share (double share, gpointer user_data)
{
  Sweep *self = user_data;

  tell_progress (self, (self->work_done + share * self->work_of_step) / self->work);
}

static void
init_kmeans_options (const Sweep *self, guint k, WsKmeansOptions *options)
{
  *options = (WsKmeansOptions){ .k = k,
                                .seed = self->options->seed,
                                .n_init = self->options->n_init,
                                .n_iterations_max = self->options->n_iterations_max };
}

static double
estimate_kmeans (const Sweep *self, guint k)
{
  WsKmeansOptions options;

  init_kmeans_options (self, k, &options);
  return _ws_kmeans_estimate_work (&self->rows, self->starts, &options);
}

/* Once what is common to several k is there. */
static double
estimate_work (guint k, gpointer user_data)
{
  const Sweep *self = user_data;

  return estimate_kmeans (self, k) + (k > 1 ? ws_pairs_estimate_work (self->pairs) : 0);
}

static void
init_work (Sweep *self, WsWork *work, double total)
{
  *work = (WsWork){ .total = total,
                    .share_func = take_share,
                    .user_data = self,
                    .team = self->team,
                    .cancellable = self->cancellable };
  self->work_of_step = total;
}

static gboolean
judge (Sweep *self, WsSweepEntry *entry, GError **error)
{
  const WsClustering *clustering = entry->clustering;
  WsWork work;

  init_work (self, &work, self->work - self->work_done);
  return ws_criteria_compute (&entry->criteria, self->points, clustering, self->team,
                              self->cancellable, error) &&
         ws_silhouette_compute_from (&entry->silhouette, self->pairs, clustering, &work, error);
}

static WsSweepEntry *
compute_entry (Sweep *self, guint k, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (WsSweepEntry) entry = g_new0 (WsSweepEntry, 1);
  WsKmeansOptions options;
  WsWork work;

  init_kmeans_options (self, k, &options);
  init_work (self, &work, estimate_kmeans (self, k));
  entry->ref_count = 1;
  entry->clustering = _ws_kmeans_compute_from (&self->rows, self->starts, &options, &work, error);
  self->work_done = self->work_of_step;
  if (entry->clustering == NULL || !judge (self, entry, error))
    return NULL;
  entry->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return g_steal_pointer (&entry);
}

/* (transfer full) (nullable) */
static WsSweepEntry *
take_known (const Sweep *self, guint k)
{
  for (guint i = 0; self->known != NULL && i < self->known->len; i++)
    {
      WsSweepEntry *entry = g_ptr_array_index (self->known, i);

      if (entry->clustering->k == k && entry->clustering->n == self->points->n &&
          entry->clustering->d == self->points->d)
        return ws_sweep_entry_ref (entry);
    }
  return NULL;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const WsSweepEntry *x = *(WsSweepEntry *const *) a, *y = *(WsSweepEntry *const *) b;

  return x->clustering->k < y->clustering->k ? -1 : x->clustering->k > y->clustering->k;
}

/* That went into what is common to several k. */
static double
get_seconds_aside (const Sweep *self)
{
  return ws_starts_get_seconds (self->starts) + self->pairs->seconds;
}

static gboolean
do_k (Sweep *self, guint k, GError **error)
{
  const double aside = get_seconds_aside (self);
  WsSweepEntry *entry = take_known (self, k);

  self->k = k;
  self->work_done = 0;
  self->work = estimate_work (k, self) + (k > 1 ? ws_pairs_estimate_first_work (self->pairs) : 0);
  ws_pace_begin (&self->pace, k, entry != NULL, self->work);
  if (entry == NULL)
    {
      tell_progress (self, 0);
      entry = compute_entry (self, k, error);
    }
  if (entry == NULL)
    return FALSE;
  ws_pace_end (&self->pace, get_seconds_aside (self) - aside);
  g_ptr_array_add (self->curve, entry);
  g_ptr_array_sort (self->curve, compare_entries);
  if (self->callbacks.entry != NULL)
    self->callbacks.entry (entry, self->callbacks.user_data);
  return TRUE;
}

static gboolean
is_known (guint k, gpointer user_data)
{
  g_autoptr (WsSweepEntry) entry = take_known (user_data, k);

  return entry != NULL;
}

static gboolean
run (Sweep *self, guint most, GError **error)
{
  const WsSweepOptions options = *self->options;
  guint k;

  ws_pace_init (&self->pace, most, &options, is_known, estimate_work, self);
  while ((k = ws_sweep_get_next_k (most, &options, self->curve)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (self->cancellable, error) || !do_k (self, k, error))
        return FALSE;
      ws_pace_plan (&self->pace, self->curve);
    }
  tell_progress (self, 0);
  return TRUE;
}

/* Whether more than one k will ask for them, and there is room. */
static gboolean
keeps_pairs (const Sweep *self)
{
  const WsSweepOptions *options = self->options;

  return options->k == 0 && options->k_max > 2 &&
         ws_pairs_get_kept_bytes (self->points->n, options->n_silhouette) <= options->spare_bytes;
}

static gboolean
check_memory (const WsPoints *points, const WsSweepOptions *options, GError **error)
{
  const guint64 n_bytes =
      ws_sweep_get_required_bytes (points->n, points->d, options, g_get_num_processors ()) +
      (guint64) points->n * points->d * sizeof (float);
  g_autofree char *needed = ws_format_bytes (n_bytes);
  g_autofree char *limit = ws_format_bytes (options->memory_limit);

  if (options->memory_limit == 0 || n_bytes <= options->memory_limit)
    return TRUE;
  ws_error_set (error, WS_ERROR_UNSUPPORTED, N_ ("clustering needs %s of memory, the limit is %s"),
                needed, limit);
  return FALSE;
}

gboolean
ws_sweep_run (const WsPoints *points, const WsSweepOptions *options, const GPtrArray *known,
              const WsSweepCallbacks *callbacks, WsTeam *team, GPtrArray **curve,
              GCancellable *cancellable, GError **error)
{
  Sweep sweep = {
    .points = points, .options = options, .known = known, .team = team, .cancellable = cancellable
  };
  gboolean is_done;

  if (!check_memory (points, options, error) ||
      (options->k > 0 && !_ws_kmeans_check_k (points, options->k, error)))
    return FALSE;
  if (callbacks != NULL)
    sweep.callbacks = *callbacks;
  if (!_ws_rows_init (&sweep.rows, points, team, error))
    return FALSE;
  sweep.starts = ws_starts_new (&sweep.rows, options->seed);
  sweep.pairs = ws_pairs_new (points, options->n_silhouette, options->seed, keeps_pairs (&sweep));
  sweep.curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  is_done = run (&sweep, ws_points_count_distinct (points, MAX (options->k_max, 1)), error);
  ws_pace_clear (&sweep.pace);
  ws_starts_free (sweep.starts);
  ws_pairs_free (sweep.pairs);
  _ws_rows_clear (&sweep.rows);
  if (is_done && curve != NULL)
    *curve = g_steal_pointer (&sweep.curve);
  g_clear_pointer (&sweep.curve, g_ptr_array_unref);
  return is_done;
}
