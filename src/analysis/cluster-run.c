/* SPDX-License-Identifier: MIT */
/* The run: what the store has, then what is missing, each part saved before it is told. */
#include "analysis/cluster-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "analysis/cluster-tensor.h"
#include "base/error.h"
#include "base/format.h"
#include "cluster/crew.h"
#include "matrix/matrix.h"

#define PROGRESS_INTERVAL_USEC (G_USEC_PER_SEC / 20)
/* Of a store that has refused something. */
#define RETRY_INTERVAL_USEC (10 * G_USEC_PER_SEC)

struct _WsClusterRun
{
  WsModel *model;
  WsClusterOptions options;
  WsStore *store; /* (nullable) borrowed */
  WsClusterCallbacks callbacks;

  WsClusterStudy *study; /* (nullable) in work */
  WsClusterKey key;
  WsStoredClusters parts; /* facts, projection and rows are shared with the study */
  GPtrArray *unsaved;     /* (element-type WsSweepEntry) that the store refused */
  gboolean parts_unsaved, warned;
  gint64 retry_usec; /* not to be asked before */

  GMutex mutex; /* guards what progress needs: it comes from any thread */
  WsClusterProgress progress;
  gint64 told_usec;
};

const char *
ws_cluster_stage_get_title (WsClusterStage stage)
{
  switch (stage)
    {
    case WS_CLUSTER_STAGE_VOCABULARY:
      return _ ("reading the vocabulary");
    case WS_CLUSTER_STAGE_READING:
      return _ ("reading the matrix");
    case WS_CLUSTER_STAGE_FACTS:
      return _ ("looking at lengths and angles");
    case WS_CLUSTER_STAGE_NORMALIZATION:
      return _ ("normalizing");
    case WS_CLUSTER_STAGE_PROJECTION:
      return _ ("projecting to a plane");
    case WS_CLUSTER_STAGE_CLUSTERING:
      return _ ("clustering");
    }
  g_assert_not_reached ();
}

WsClusterRun *
ws_cluster_run_new (WsModel *model, const WsClusterOptions *options, WsStore *store,
                    const WsClusterCallbacks *callbacks)
{
  WsClusterRun *self = g_new0 (WsClusterRun, 1);

  self->model = ws_model_ref (model);
  self->options = *options;
  self->store = store;
  if (callbacks != NULL)
    self->callbacks = *callbacks;
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  g_mutex_init (&self->mutex);
  return self;
}

void
ws_cluster_run_free (WsClusterRun *self)
{
  if (self == NULL)
    return;
  ws_stored_clusters_clear (&self->parts);
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_clear_pointer (&self->unsaved, g_ptr_array_unref);
  ws_model_unref (self->model);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* With the mutex, which also keeps callbacks from coming two at a time. */
static void
tell_progress (WsClusterRun *self, gboolean always)
{
  const gint64 now = g_get_monotonic_time ();

  if (self->callbacks.progress == NULL ||
      (!always && now - self->told_usec < PROGRESS_INTERVAL_USEC))
    return;
  self->told_usec = now;
  self->callbacks.progress (&self->progress, self->callbacks.user_data);
}

static void
begin_stage (WsClusterRun *self, WsClusterStage stage)
{
  g_mutex_lock (&self->mutex);
  self->progress.stage = stage;
  self->progress.share = 0;
  self->progress.seconds_left = -1;
  tell_progress (self, TRUE);
  g_mutex_unlock (&self->mutex);
}

static void
on_share (double share, gpointer user_data)
{
  WsClusterRun *self = user_data;

  g_mutex_lock (&self->mutex);
  self->progress.share = MAX (self->progress.share, share);
  tell_progress (self, FALSE);
  g_mutex_unlock (&self->mutex);
}

static void
on_sweep_progress (const WsSweepProgress *progress, gpointer user_data)
{
  WsClusterRun *self = user_data;

  g_mutex_lock (&self->mutex);
  self->progress.share = MAX (self->progress.share, progress->share);
  self->progress.seconds_left = progress->seconds_left;
  self->progress.k = progress->k;
  self->progress.n_done = progress->n_done;
  self->progress.n_total = progress->n_total;
  tell_progress (self, FALSE);
  g_mutex_unlock (&self->mutex);
}

static void
warn (WsClusterRun *self, const char *sentence)
{
  g_mutex_lock (&self->mutex);
  if (self->callbacks.warning != NULL)
    self->callbacks.warning (sentence, self->callbacks.user_data);
  g_mutex_unlock (&self->mutex);
}

/* Offers the store all that it does not have yet. */
static gboolean
flush (WsClusterRun *self, GError **error)
{
  if (self->parts_unsaved &&
      !ws_store_save_clusters (self->store, &self->key, &self->parts, NULL, error))
    return FALSE;
  self->parts_unsaved = FALSE;
  while (self->unsaved->len > 0)
    {
      if (!ws_store_save_clusters (self->store, &self->key, &self->parts,
                                   g_ptr_array_index (self->unsaved, 0), error))
        return FALSE;
      g_ptr_array_remove_index (self->unsaved, 0);
    }
  return TRUE;
}

/* @entry: (nullable): the facts and the projection alone. What is refused is offered again later:
 * to wait for a lock at each k would cost more than that is worth. */
static void
save (WsClusterRun *self, WsSweepEntry *entry)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (self->store == NULL)
    return;
  if (entry != NULL)
    g_ptr_array_add (self->unsaved, ws_sweep_entry_ref (entry));
  else
    self->parts_unsaved = TRUE;
  if (g_get_monotonic_time () < self->retry_usec || flush (self, &error))
    return;
  self->retry_usec = g_get_monotonic_time () + RETRY_INTERVAL_USEC;
  if (self->warned)
    return;
  self->warned = TRUE;
  sentence =
      g_strdup_printf (_ ("finished clusterings are kept in memory only: %s"), error->message);
  warn (self, sentence);
}

static void
tell_facts (WsClusterRun *self)
{
  if (self->parts.facts != NULL && self->callbacks.facts != NULL)
    self->callbacks.facts (self->parts.facts, self->parts.rows, self->callbacks.user_data);
}

static void
tell_projection (WsClusterRun *self)
{
  if (self->parts.projection != NULL && self->callbacks.projection != NULL)
    self->callbacks.projection (self->parts.projection, self->callbacks.user_data);
}

static void
on_entry (WsSweepEntry *entry, gpointer user_data)
{
  WsClusterRun *self = user_data;

  if (!g_ptr_array_find (self->parts.curve, entry, NULL))
    save (self, entry);
  g_mutex_lock (&self->mutex);
  if (self->callbacks.entry != NULL)
    self->callbacks.entry (entry, self->callbacks.user_data);
  g_mutex_unlock (&self->mutex);
}

static void
init_key (WsClusterKey *self, const WsClusterOptions *options)
{
  *self = (WsClusterKey){
    .tensor = options->tensor,
    .normalization = options->normalization,
    .seed = options->seed,
    .n_init = options->n_init,
    .n_iterations_max = options->n_iterations_max,
    .n_silhouette = options->n_silhouette,
  };
}

static void
init_sweep_options (WsSweepOptions *self, const WsClusterOptions *options)
{
  ws_sweep_options_init (self);
  self->k = options->k;
  self->k_max = options->k_max;
  self->seed = options->seed;
  self->n_init = options->n_init;
  self->n_iterations_max = options->n_iterations_max;
  self->n_silhouette = options->n_silhouette;
}

/* The number of points, or that of different ones where @known tells it: in so many clusters, and
 * in no fewer, none is away from its centre. */
static gsize
count_points (gsize n_points, const GPtrArray *known)
{
  for (guint i = 0; i < known->len; i++)
    {
      const WsClustering *clustering = ((WsSweepEntry *) g_ptr_array_index (known, i))->clustering;

      if (clustering->inertia == 0)
        n_points = MIN (n_points, clustering->k);
    }
  return n_points;
}

/* The entries of @known that a sweep would ask for, and no others: a curve is the same whatever
 * else was once computed. */
static gboolean
pick_curve (GPtrArray *curve, gsize n_points, const WsSweepOptions *options, GPtrArray *known)
{
  const gsize n = count_points (n_points, known);
  guint k;

  while ((k = ws_sweep_get_next_k (n, options, curve)) != 0)
    {
      WsSweepEntry *found = NULL;
      guint place = 0;

      for (guint i = 0; i < known->len && found == NULL; i++)
        if (((WsSweepEntry *) g_ptr_array_index (known, i))->clustering->k == k)
          found = g_ptr_array_index (known, i);
      if (found == NULL)
        return FALSE;
      while (place < curve->len &&
             ((WsSweepEntry *) g_ptr_array_index (curve, place))->clustering->k < k)
        place++;
      g_ptr_array_insert (curve, (int) place, ws_sweep_entry_ref (found));
    }
  return TRUE;
}

/* @base, and all that is known now.
 * @curve: (transfer full) */
static WsClusterStudy *
new_study (WsClusterStudy *base, const WsStoredClusters *parts, GPtrArray *curve,
           gboolean is_complete)
{
  WsClusterStudy *study = g_new0 (WsClusterStudy, 1);

  *study = *base;
  study->ref_count = 1;
  study->model = ws_model_ref (base->model);
  study->tokenizer = base->tokenizer ? ws_tokenizer_ref (base->tokenizer) : NULL;
  study->tokenizer_note = g_strdup (base->tokenizer_note);
  study->tokenizer_note_here = g_strdup (base->tokenizer_note_here);
  study->curve = curve;
  study->is_complete = is_complete;
  study->n_points = parts->facts->n;
  study->rows = g_memdup2 (parts->rows, parts->rows ? study->n_points * sizeof (guint32) : 0);
  study->facts = ws_embedding_facts_ref (parts->facts);
  study->projection = parts->projection ? ws_projection_ref (parts->projection) : NULL;
  ws_choice_make (&study->choice, curve, study->options.criterion);
  study->elbow = study->choice.elbow;
  return study;
}

static GPtrArray *
new_curve (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
}

/* That nothing that can be known beforehand stands against reading the matrix. Gives the sweep what
 * the limit leaves. */
static gboolean
check_cost (WsClusterRun *self, const WsMatrix *matrix, WsSweepOptions *sweep, GError **error)
{
  const WsClusterOptions *options = &self->study->options;
  const guint n_threads = options->n_threads ? options->n_threads : g_get_num_processors ();
  const guint64 n_bytes =
      ws_points_get_required_bytes (matrix) +
      MAX (ws_sweep_get_required_bytes (matrix->n_rows, matrix->n_cols, sweep, n_threads),
           ws_projection_get_required_bytes (matrix->n_rows, matrix->n_cols));
  const WsTensor *tensor = options->tensor;
  g_autofree char *name = ws_format_name (tensor->name);
  g_autofree char *needed = ws_format_bytes (n_bytes);
  g_autofree char *allowed = ws_format_bytes (options->memory_limit);

  if (n_bytes > options->memory_limit)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
                   _ ("clustering '%s' needs %s of memory, the limit is %s"), name, needed,
                   allowed);
      return FALSE;
    }
  sweep->spare_bytes = options->memory_limit - n_bytes;
  if (options->max_traffic > 0 && ws_source_is_remote (tensor->source) &&
      tensor->n_bytes > options->max_traffic)
    {
      g_autofree char *traffic = ws_format_bytes (tensor->n_bytes);
      g_autofree char *limit = ws_format_bytes (options->max_traffic);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("reading '%s' costs %s of traffic, and %s are allowed"), name, traffic,
                   limit);
      return FALSE;
    }
  return TRUE;
}

/* Reads the points, finds out what the store does not know of them, and standardises them. */
static gboolean
prepare_points (WsClusterRun *self, const WsMatrix *matrix, WsPoints *points, WsTeam *team,
                GCancellable *cancellable, GError **error)
{
  begin_stage (self, WS_CLUSTER_STAGE_READING);
  if (!ws_points_read (points, matrix, 0, team, on_share, self, cancellable, error))
    return FALSE;
  if (self->parts.facts == NULL)
    {
      begin_stage (self, WS_CLUSTER_STAGE_FACTS);
      self->parts.facts = ws_embedding_facts_compute (points, team, cancellable, error);
      if (self->parts.facts == NULL)
        return FALSE;
      self->parts.rows = g_memdup2 (points->rows, points->rows ? points->n * sizeof (guint32) : 0);
      save (self, NULL);
      tell_facts (self);
    }
  begin_stage (self, WS_CLUSTER_STAGE_NORMALIZATION);
  if (!ws_points_normalize (points, self->key.normalization, team, on_share, self, cancellable,
                            error))
    return FALSE;
  if (self->parts.projection == NULL)
    {
      begin_stage (self, WS_CLUSTER_STAGE_PROJECTION);
      self->parts.projection =
          ws_projection_compute (points, team, on_share, self, cancellable, error);
      if (self->parts.projection == NULL)
        return FALSE;
      save (self, NULL);
      tell_projection (self);
    }
  return TRUE;
}

/* Returns: (transfer full) the curve; NULL with @error set. */
static GPtrArray *
compute (WsClusterRun *self, WsSweepOptions *sweep, GCancellable *cancellable, GError **error)
{
  const WsSweepCallbacks callbacks = { on_entry, on_sweep_progress, self };
  g_autoptr (WsCrew) crew = NULL;
  g_auto (WsPoints) points = { 0 };
  GPtrArray *curve = NULL;
  WsMatrix matrix;
  WsTeam *team;

  ws_matrix_init (&matrix, self->key.tensor, -1);
  if (!check_cost (self, &matrix, sweep, error))
    return NULL;
  crew = ws_crew_new (self->options.n_threads);
  team = ws_crew_get_team (crew);
  if (!prepare_points (self, &matrix, &points, team, cancellable, error))
    return NULL;
  begin_stage (self, WS_CLUSTER_STAGE_CLUSTERING);
  if (!ws_sweep_run (&points, sweep, self->parts.curve, &callbacks, team, &curve, cancellable,
                     error))
    return NULL;
  return curve;
}

/* Before any weights are read: what is known of the rows needs none. */
static gboolean
check_k (const WsClusterStudy *study, GError **error)
{
  g_autofree char *n_rows = ws_format_count (study->n_rows);

  if (study->options.k <= study->n_rows)
    return TRUE;
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT, _ ("%u clusters cannot be made of %s rows"),
               study->options.k, n_rows);
  return FALSE;
}

static void
load (WsClusterRun *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  init_key (&self->key, &self->study->options);
  if (self->store == NULL || self->options.fresh)
    {
      self->parts.curve = new_curve ();
      return;
    }
  if (ws_store_load_clusters (self->store, &self->key, &self->parts, &error))
    return;
  sentence = g_strdup_printf (_ ("what was computed before cannot be used: %s"), error->message);
  warn (self, sentence);
}

/* All that is asked for, from the store; NULL if any of it is not there. (transfer full) */
static GPtrArray *
find_curve (WsClusterRun *self, const WsSweepOptions *sweep)
{
  g_autoptr (GPtrArray) curve = new_curve ();

  if (self->parts.facts == NULL || self->parts.projection == NULL ||
      !pick_curve (curve, self->parts.facts->n, sweep, self->parts.curve))
    return NULL;
  for (guint i = 0; i < curve->len; i++)
    on_entry (g_ptr_array_index (curve, i), self);
  return g_steal_pointer (&curve);
}

WsClusterStudy *
ws_cluster_run_execute (WsClusterRun *self, GCancellable *cancellable, GError **error)
{
  const gint64 begin_usec = g_get_monotonic_time ();
  WsSweepOptions sweep;
  WsClusterStudy *study;
  GPtrArray *curve;
  gboolean computed;

  g_return_val_if_fail (self->study == NULL, NULL); /* a run runs once */
  begin_stage (self, WS_CLUSTER_STAGE_VOCABULARY);
  self->study = _ws_cluster_study_open (self->model, &self->options, cancellable, error);
  if (self->study == NULL || !check_k (self->study, error))
    return NULL;
  if (self->callbacks.study != NULL)
    self->callbacks.study (self->study, self->callbacks.user_data);
  load (self);
  tell_facts (self);
  tell_projection (self);
  init_sweep_options (&sweep, &self->options);
  curve = find_curve (self, &sweep);
  computed = curve == NULL;
  if (computed)
    curve = compute (self, &sweep, cancellable, error);
  if (self->store != NULL)
    flush (self, NULL);
  if (curve == NULL)
    return NULL;
  study = new_study (self->study, &self->parts, curve, TRUE);
  if (computed)
    study->seconds = (g_get_monotonic_time () - begin_usec) / (double) G_USEC_PER_SEC;
  return study;
}

WsClusterStudy *
ws_cluster_run_load (WsModel *model, const WsClusterOptions *options, WsStore *store,
                     GCancellable *cancellable, GError **error)
{
  g_autoptr (WsClusterStudy) base = _ws_cluster_study_open (model, options, cancellable, error);
  g_auto (WsStoredClusters) parts = { 0 };
  WsSweepOptions sweep;
  WsClusterKey key;
  GPtrArray *curve;
  gboolean is_complete;

  if (base == NULL)
    return NULL;
  init_key (&key, &base->options);
  if (!ws_store_load_clusters (store, &key, &parts, error) || parts.facts == NULL)
    return NULL;
  init_sweep_options (&sweep, options);
  curve = new_curve ();
  is_complete = pick_curve (curve, parts.facts->n, &sweep, parts.curve);
  return new_study (base, &parts, curve, is_complete && parts.projection != NULL);
}

gboolean
ws_cluster_run_find_stored (WsClusterOptions *options, WsStore *store)
{
  WsClusterKey key;

  init_key (&key, options);
  if (!ws_store_find_clusters (store, &key))
    return FALSE;
  options->normalization = key.normalization;
  options->seed = key.seed;
  options->n_init = key.n_init;
  options->n_iterations_max = key.n_iterations_max;
  options->n_silhouette = key.n_silhouette;
  return TRUE;
}
