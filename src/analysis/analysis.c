/* SPDX-License-Identifier: MIT */
/* The run. Workers take jobs from the schedule, compute, save, and tell; the thread that called
 * watches the clock and tells of the progress. Two locks: `mutex` guards the state and is held for
 * moments; `telling` is held while a callback runs, so that callbacks come one at a time and a slow
 * one stops nobody who has nothing to tell. */
#include "analysis/analysis.h"

#include <glib/gi18n-lib.h>

#include "analysis/analysis-private.h"
#include "analysis/pace.h"
#include "analysis/schedule.h"
#include "base/memory.h"

#define PROGRESS_INTERVAL_USEC (G_USEC_PER_SEC / 20)

/* A store that failed may have waited seconds for a lock: it is not asked again at once. */
#define STORE_RETRY_USEC (10 * G_USEC_PER_SEC)

struct _WsAnalysis
{
  WsAnalysisOptions options;
  WsStore *store; /* (nullable) borrowed */
  WsAnalysisCallbacks callbacks;
  WsComputeFunc compute;

  GMutex telling;

  GMutex mutex; /* guards all below */
  GCond changed;
  WsSchedule schedule;
  WsPace pace;
  gboolean paused;
  guint n_workers; /* alive */
  const WsTensor *current;
  GPtrArray *unsaved; /* (element-type WsResult) that the store refused */
  gint64 store_retry_usec;
  gboolean store_warned;
};

/* What a worker needs to tell of one job. */
typedef struct
{
  WsAnalysis *analysis;
  WsJob *job;
} Working;

void
ws_analysis_options_init (WsAnalysisOptions *self)
{
  *self = (WsAnalysisOptions){ 0 };
  ws_spectrum_options_init (&self->spectrum);
  ws_metric_options_init (&self->metrics);
}

WsAnalysis *
ws_analysis_new (GPtrArray *results, const WsAnalysisOptions *options, WsStore *store,
                 const WsAnalysisCallbacks *callbacks)
{
  WsAnalysis *self = g_new0 (WsAnalysis, 1);

  self->options = *options;
  if (self->options.n_threads == 0)
    self->options.n_threads = g_get_num_processors ();
  if (self->options.memory_limit == 0)
    self->options.memory_limit = ws_memory_get_total () / 2;
  /* Each computation is told the limit of the run, whatever the number of threads: what it does
   * must not depend on what runs beside it. */
  self->options.spectrum.memory_limit = self->options.memory_limit;
  self->store = store;
  if (callbacks != NULL)
    self->callbacks = *callbacks;
  self->compute = ws_spectrum_compute;
  g_mutex_init (&self->telling);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->unsaved = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);
  ws_schedule_init (&self->schedule, results, &self->options.spectrum, self->options.memory_limit);
  return self;
}

void
ws_analysis_free (WsAnalysis *self)
{
  if (self == NULL)
    return;
  ws_schedule_clear (&self->schedule);
  g_ptr_array_unref (self->unsaved);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_mutex_clear (&self->telling);
  g_free (self);
}

void
_ws_analysis_set_compute (WsAnalysis *self, WsComputeFunc compute)
{
  self->compute = compute;
}

void
ws_analysis_set_paused (WsAnalysis *self, gboolean paused)
{
  g_mutex_lock (&self->mutex);
  self->paused = paused;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

const char *
ws_analysis_get_device_name (const WsAnalysis *self)
{
  return "cpu";
}

const char *
ws_analysis_get_device_note (const WsAnalysis *self)
{
  return NULL;
}

/* Telling */

static void
tell_result (WsAnalysis *self, WsResult *result, guint index)
{
  if (self->callbacks.result != NULL)
    self->callbacks.result (result, index, self->callbacks.user_data);
}

static void
warn_of_store (WsAnalysis *self, const GError *error)
{
  g_autofree char *sentence = g_strdup_printf (
      _ ("Results cannot be saved: %s. They are kept until the program ends."), error->message);

  g_mutex_lock (&self->telling);
  if (self->callbacks.warning != NULL)
    self->callbacks.warning (sentence, self->callbacks.user_data);
  g_mutex_unlock (&self->telling);
}

static void
tell_progress (WsAnalysis *self)
{
  WsProgress progress = { 0 };

  g_mutex_lock (&self->telling);
  g_mutex_lock (&self->mutex);
  progress.n_done = self->schedule.n_done;
  progress.n_total = self->schedule.jobs->len;
  progress.share = progress.n_done == progress.n_total ? 1 : self->pace.share;
  progress.seconds_left = ws_pace_get_seconds_left (&self->pace, self->schedule.work_total);
  progress.n_active = self->schedule.active->len;
  progress.current = self->current;
  progress.paused = self->paused;
  g_mutex_unlock (&self->mutex);
  if (self->callbacks.progress != NULL)
    self->callbacks.progress (&progress, self->callbacks.user_data);
  g_mutex_unlock (&self->telling);
}

/* Saving */

/* @result waits for the end of the run, when the store is asked once more. */
static void
keep_unsaved (WsAnalysis *self, WsResult *result, const GError *error)
{
  gboolean first;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->unsaved, ws_result_ref (result));
  if (error != NULL)
    self->store_retry_usec = g_get_monotonic_time () + STORE_RETRY_USEC;
  first = error != NULL && !self->store_warned;
  self->store_warned |= first;
  g_mutex_unlock (&self->mutex);
  if (first)
    warn_of_store (self, error);
}

static void
save_result (WsAnalysis *self, WsResult *result)
{
  g_autoptr (GError) error = NULL;
  gboolean resting;

  if (self->store == NULL)
    return;
  g_mutex_lock (&self->mutex);
  resting = g_get_monotonic_time () < self->store_retry_usec;
  g_mutex_unlock (&self->mutex);
  if (resting || !ws_store_save (self->store, result, &self->options.spectrum, &error))
    keep_unsaved (self, result, error);
}

/* After the workers: no lock is needed. The first failure ends it, and has been told already. */
static void
save_unsaved (WsAnalysis *self)
{
  while (self->unsaved->len > 0 && ws_store_save (self->store, g_ptr_array_index (self->unsaved, 0),
                                                  &self->options.spectrum, NULL))
    g_ptr_array_remove_index_fast (self->unsaved, 0);
}

/* Working */

static void
set_share (double share, gpointer user_data)
{
  Working *working = user_data;

  g_mutex_lock (&working->analysis->mutex);
  working->job->share = CLAMP (share, working->job->share, 1);
  g_mutex_unlock (&working->analysis->mutex);
}

/* (transfer full): NULL if it was broken off. */
static WsResult *
compute_result (WsAnalysis *self, WsJob *job, GCancellable *cancellable)
{
  Working working = { self, job };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;

  if (ws_schedule_is_too_large (&self->schedule, job))
    return ws_result_new_too_large (job->result, job->n_bytes, self->options.memory_limit);
  if (self->compute (&spectrum, &job->matrix, job->values, &self->options.spectrum, NULL, set_share,
                     &working, cancellable, &error))
    return ws_result_new_finished (job->result, &spectrum, &self->options.metrics);
  if (g_cancellable_is_cancelled (cancellable))
    return NULL;
  return ws_result_new_failed (job->result, WS_STATE_ERROR, error->message);
}

static void
end_job (WsAnalysis *self, WsJob *job, gboolean done)
{
  g_mutex_lock (&self->mutex);
  ws_schedule_end (&self->schedule, job, done);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static void
work_on (WsAnalysis *self, WsJob *job, GCancellable *cancellable)
{
  g_autoptr (WsResult) result = compute_result (self, job, cancellable);

  if (result == NULL)
    {
      end_job (self, job, FALSE);
      return;
    }
  save_result (self, result);
  g_mutex_lock (&self->telling);
  tell_result (self, result, job->index);
  end_job (self, job, TRUE);
  g_mutex_unlock (&self->telling);
}

/* The next job; waits while paused and while none fits. NULL: there is nothing more to do. */
static WsJob *
take_job (WsAnalysis *self, GCancellable *cancellable)
{
  WsJob *job = NULL;

  g_mutex_lock (&self->mutex);
  while (!g_cancellable_is_cancelled (cancellable) && !ws_schedule_is_exhausted (&self->schedule))
    {
      job = self->paused ? NULL : ws_schedule_begin (&self->schedule);
      if (job != NULL)
        {
          self->current = job->result->tensor;
          break;
        }
      g_cond_wait (&self->changed, &self->mutex);
    }
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return job;
}

typedef struct
{
  WsAnalysis *analysis;
  GCancellable *cancellable;
} Run;

static gpointer
run_worker (gpointer data)
{
  Run *run = data;
  WsAnalysis *self = run->analysis;
  WsJob *job;

  while ((job = take_job (self, run->cancellable)) != NULL)
    work_on (self, job, run->cancellable);
  g_mutex_lock (&self->mutex);
  self->n_workers--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* The run */

static void
join (gpointer thread)
{
  g_thread_join (thread);
}

/* (element-type GThread): freeing waits for them. Fewer than were asked for are no failure; with
 * none, @error is set. */
static GPtrArray *
start_workers (WsAnalysis *self, Run *run, GError **error)
{
  guint n_wanted = MIN (self->options.n_threads, self->schedule.jobs->len);
  GPtrArray *workers = g_ptr_array_new_with_free_func (join);

  self->n_workers = n_wanted;
  while (workers->len < n_wanted)
    {
      GThread *thread =
          g_thread_try_new ("analysis", run_worker, run, workers->len == 0 ? error : NULL);

      if (thread == NULL)
        break;
      g_ptr_array_add (workers, thread);
    }
  g_mutex_lock (&self->mutex);
  self->n_workers -= n_wanted - workers->len;
  g_mutex_unlock (&self->mutex);
  return workers;
}

static gboolean
is_idle (WsAnalysis *self)
{
  return self->paused && self->schedule.active->len == 0;
}

static void
update_pace (WsAnalysis *self, double seconds)
{
  ws_pace_update (&self->pace, seconds, ws_schedule_get_work_done (&self->schedule),
                  self->schedule.work_total);
}

/* Tells of the progress until the workers are gone. While nothing runs the clock stands, and what
 * there is to tell is told once. */
static void
watch (WsAnalysis *self)
{
  gint64 last_usec = g_get_monotonic_time ();
  gboolean told_idle = FALSE;
  double seconds = 0;

  g_mutex_lock (&self->mutex);
  while (self->n_workers > 0)
    {
      gboolean idle = is_idle (self);
      gint64 now_usec;

      if (idle && told_idle)
        g_cond_wait (&self->changed, &self->mutex);
      else
        g_cond_wait_until (&self->changed, &self->mutex, last_usec + PROGRESS_INTERVAL_USEC);
      now_usec = g_get_monotonic_time ();
      if (now_usec - last_usec < PROGRESS_INTERVAL_USEC)
        continue;
      if (!idle)
        seconds += (now_usec - last_usec) / (double) G_USEC_PER_SEC;
      last_usec = now_usec;
      told_idle = is_idle (self);
      update_pace (self, seconds);
      g_mutex_unlock (&self->mutex);
      tell_progress (self);
      g_mutex_lock (&self->mutex);
    }
  update_pace (self, seconds);
  g_mutex_unlock (&self->mutex);
}

static void
wake_all (GCancellable *cancellable, WsAnalysis *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

gboolean
ws_analysis_run (WsAnalysis *self, GCancellable *cancellable, GError **error)
{
  Run run = { self, cancellable };
  GPtrArray *workers;
  gulong handler = 0;
  gboolean started;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_all), self, NULL);
  workers = start_workers (self, &run, error);
  started = workers->len > 0 || self->schedule.jobs->len == 0;
  watch (self);
  g_ptr_array_unref (workers);
  g_cancellable_disconnect (cancellable, handler);
  if (!started)
    return FALSE;
  save_unsaved (self);
  tell_progress (self);
  if (self->schedule.n_done == self->schedule.jobs->len)
    return TRUE;
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}
