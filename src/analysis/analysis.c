/* SPDX-License-Identifier: MIT */
/* The run. Workers take jobs from the schedule, compute, save, and tell; the thread that called
 * finds the device, watches the clock and tells of the progress. */
#include "analysis/analysis.h"

#include <glib/gi18n-lib.h>

#include "analysis/analysis-private.h"
#include "analysis/device.h"
#include "base/error.h"
#include "base/memory.h"
#include "spectra/blas.h"

#define PROGRESS_INTERVAL_USEC (G_USEC_PER_SEC / 20)

/* Results of small matrices are committed together: at most so long after the first of them, or
 * when there are so many; those of a matrix that took longer than that at once. */
#define GROUP_USEC (G_USEC_PER_SEC / 5)
#define MOST_IN_GROUP 1024

/* A store that failed may have waited seconds for a lock: it is not asked again at once. */
#define STORE_RETRY_USEC (10 * G_USEC_PER_SEC)

/* A driver that has not answered by then is not waited for. */
#define DEVICE_SEARCH_SECONDS 15.0

void
ws_analysis_options_init (WsAnalysisOptions *self)
{
  *self = (WsAnalysisOptions){ 0 };
  ws_spectrum_options_init (&self->spectrum);
  ws_metric_options_init (&self->metrics);
}

static void
clear_finished (gpointer data)
{
  ws_result_unref (((WsFinished *) data)->result);
}

/* (element-type WsFinished) (transfer full) */
static GArray *
new_finished (void)
{
  GArray *finished = g_array_new (FALSE, FALSE, sizeof (WsFinished));

  g_array_set_clear_func (finished, clear_finished);
  return finished;
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
  self->team = ws_team_new ();
  g_mutex_init (&self->telling);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_cond_init (&self->watched);
  self->finished = new_finished ();
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
  g_array_unref (self->finished);
  g_ptr_array_unref (self->unsaved);
  ws_team_free (self->team);
  ws_backend_unref (self->backend);
  g_free (self->device_note);
  g_cond_clear (&self->watched);
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
_ws_analysis_set_backend (WsAnalysis *self, WsBackend *backend)
{
  self->backend = ws_backend_ref (backend);
}

void
_ws_analysis_notify (WsAnalysis *self)
{
  g_cond_broadcast (&self->changed);
  ws_team_release (self->team);
}

void
_ws_analysis_rouse (WsAnalysis *self)
{
  g_cond_signal (&self->watched);
  _ws_analysis_notify (self);
}

void
ws_analysis_set_paused (WsAnalysis *self, gboolean paused)
{
  g_mutex_lock (&self->mutex);
  self->paused = paused;
  _ws_analysis_rouse (self);
  g_mutex_unlock (&self->mutex);
}

const char *
ws_analysis_get_device_name (const WsAnalysis *self)
{
  return self->backend != NULL ? self->backend->name : "cpu";
}

const char *
ws_analysis_get_device_note (const WsAnalysis *self)
{
  return self->device_note;
}

/* Telling */

void
_ws_analysis_warn (WsAnalysis *self, const char *sentence)
{
  g_mutex_lock (&self->telling);
  if (self->callbacks.warning != NULL)
    self->callbacks.warning (sentence, self->callbacks.user_data);
  g_mutex_unlock (&self->telling);
}

static void
warn_of_store (WsAnalysis *self, const GError *error)
{
  g_autofree char *sentence = g_strdup_printf (
      _ ("Results cannot be saved: %s. They are kept until the program ends."), error->message);

  _ws_analysis_warn (self, sentence);
}

/* With the mutex: those that have been told. */
static guint
count_done (const WsAnalysis *self)
{
  return self->schedule.n_done - self->n_untold;
}

/* With the mutex: at the speeds seen. */
static double
get_seconds_left (WsAnalysis *self)
{
  if (count_done (self) == self->schedule.jobs->len)
    return -1;
  return ws_schedule_get_seconds_left (&self->schedule, MAX (self->n_on_processor, 1),
                                       g_get_monotonic_time ());
}

static void
tell_progress (WsAnalysis *self)
{
  WsProgress progress = { 0 };

  g_mutex_lock (&self->telling);
  g_mutex_lock (&self->mutex);
  progress.n_done = count_done (self);
  progress.n_total = self->schedule.jobs->len;
  progress.share = progress.n_done == progress.n_total ? 1 : self->share;
  progress.seconds_left = get_seconds_left (self);
  progress.n_active = self->schedule.active->len;
  progress.current = self->current;
  progress.device = self->backend != NULL && !self->device_stopped ? self->backend->name : NULL;
  progress.n_on_device = self->n_on_device;
  progress.n_faults = self->n_faults;
  progress.paused = self->paused;
  g_mutex_unlock (&self->mutex);
  if (self->callbacks.progress != NULL)
    self->callbacks.progress (&progress, self->callbacks.user_data);
  g_mutex_unlock (&self->telling);
}

/* Saving */

/* They wait for the end of the run, when the store is asked once more. */
static void
keep_unsaved (WsAnalysis *self, WsResult *const *results, guint n, const GError *error)
{
  gboolean first;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->unsaved, ws_result_ref (results[i]));
  if (error != NULL)
    self->store_retry_usec = g_get_monotonic_time () + STORE_RETRY_USEC;
  first = error != NULL && !self->store_warned;
  self->store_warned |= first;
  g_mutex_unlock (&self->mutex);
  if (first)
    warn_of_store (self, error);
}

static void
save (WsAnalysis *self, const GArray *finished)
{
  g_autofree WsResult **results = g_new (WsResult *, finished->len);
  g_autoptr (GError) error = NULL;
  gboolean resting;

  if (self->store == NULL)
    return;
  for (guint i = 0; i < finished->len; i++)
    results[i] = g_array_index (finished, WsFinished, i).result;
  g_mutex_lock (&self->mutex);
  resting = g_get_monotonic_time () < self->store_retry_usec;
  g_mutex_unlock (&self->mutex);
  if (resting ||
      !ws_store_save_all (self->store, results, finished->len, &self->options.spectrum, &error))
    keep_unsaved (self, results, finished->len, error);
}

/* After the workers: no lock is needed. The first failure ends it, and has been told already. */
static void
save_unsaved (WsAnalysis *self)
{
  while (self->unsaved->len > 0 && ws_store_save (self->store, g_ptr_array_index (self->unsaved, 0),
                                                  &self->options.spectrum, NULL))
    g_ptr_array_remove_index_fast (self->unsaved, 0);
}

/* Delivering */

/* All that wait are told of together with their number, so that no progress is told in between. */
static void
tell (WsAnalysis *self, const GArray *finished)
{
  g_mutex_lock (&self->telling);
  for (guint i = 0; i < finished->len && self->callbacks.result != NULL; i++)
    {
      const WsFinished *one = &g_array_index (finished, WsFinished, i);

      self->callbacks.result (one->result, one->index, self->callbacks.user_data);
    }
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < finished->len; i++)
    {
      self->n_faults += g_array_index (finished, WsFinished, i).is_fault;
      self->n_on_device += g_array_index (finished, WsFinished, i).on_device;
    }
  self->n_untold -= finished->len;
  g_mutex_unlock (&self->mutex);
  g_mutex_unlock (&self->telling);
}

void
_ws_analysis_deliver (WsAnalysis *self)
{
  g_autoptr (GArray) finished = NULL;

  g_mutex_lock (&self->mutex);
  finished = self->finished;
  self->finished = new_finished ();
  g_mutex_unlock (&self->mutex);
  if (finished->len == 0)
    return;
  save (self, finished);
  tell (self, finished);
}

void
_ws_analysis_finish_job (WsAnalysis *self, WsJob *job, WsResult *result)
{
  const gint64 now_usec = g_get_monotonic_time ();
  WsFinished finished = { ws_result_ref (result), job->index,
                          job->on_device && job->fault == WS_FAULT_NONE,
                          job->fault != WS_FAULT_NONE };
  const gboolean is_long = !job->on_device && now_usec - job->begun_usec >= GROUP_USEC;
  gboolean is_due;

  g_mutex_lock (&self->mutex);
  if (self->finished->len == 0)
    self->finished_usec = now_usec;
  g_array_append_val (self->finished, finished);
  self->n_untold++;
  is_due = is_long || self->finished->len >= MOST_IN_GROUP;
  ws_schedule_end (&self->schedule, job, TRUE);
  _ws_analysis_notify (self);
  g_mutex_unlock (&self->mutex);
  if (is_due)
    _ws_analysis_deliver (self);
}

/* The run */

static void
join (gpointer thread)
{
  g_thread_join (thread);
}

static gpointer
run_lane (gpointer analysis)
{
  _ws_analysis_work (analysis, TRUE);
  return NULL;
}

static gpointer
run_worker (gpointer analysis)
{
  _ws_analysis_work (analysis, FALSE);
  return NULL;
}

/* Appends to @workers (element-type GThread) up to @n threads: fewer are no failure, with none
 * @error is set. */
static gboolean
start_workers (WsAnalysis *self, GPtrArray *workers, guint n, gboolean are_lanes, GError **error)
{
  const guint n_before = workers->len;
  guint n_missing;

  g_mutex_lock (&self->mutex);
  self->n_workers += n;
  self->n_on_processor += are_lanes ? 0 : n;
  g_mutex_unlock (&self->mutex);
  while (workers->len - n_before < n)
    {
      GThread *thread =
          g_thread_try_new (are_lanes ? "device" : "analysis", are_lanes ? run_lane : run_worker,
                            self, workers->len == n_before ? error : NULL);

      if (thread == NULL)
        break;
      g_ptr_array_add (workers, thread);
    }
  n_missing = n - (workers->len - n_before);
  g_mutex_lock (&self->mutex);
  self->n_workers -= n_missing;
  self->n_on_processor -= are_lanes ? 0 : n_missing;
  g_mutex_unlock (&self->mutex);
  return n_missing < n;
}

/* The device */

static void
set_device (WsAnalysis *self, WsBackend *backend)
{
  g_mutex_lock (&self->mutex);
  ws_schedule_set_device (&self->schedule, backend);
  _ws_analysis_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* Gives the device its threads. */
static void
start_device (WsAnalysis *self, GPtrArray *workers)
{
  set_device (self, self->backend);
  if (!start_workers (self, workers, self->backend->n_lanes, TRUE, NULL))
    set_device (self, NULL);
}

/* A machine without a GPU is nothing to complain of, unless one was asked for. */
static void
give_up_device (WsAnalysis *self, const GError *reason)
{
  g_autofree char *sentence =
      g_strdup_printf (_ ("Computing on the processor: %s."), reason->message);

  set_device (self, NULL);
  g_mutex_lock (&self->mutex);
  self->device_note = g_strdup (ws_error_get_english (reason));
  g_mutex_unlock (&self->mutex);
  if (self->options.device_kind == WS_DEVICE_CUDA ||
      !g_error_matches (reason, WS_ERROR, WS_ERROR_NOT_FOUND))
    _ws_analysis_warn (self, sentence);
}

static void
take_device (WsAnalysis *self, WsBackend *backend, const GError *reason, GPtrArray *workers)
{
  if (backend == NULL)
    {
      give_up_device (self, reason);
      return;
    }
  g_mutex_lock (&self->mutex);
  self->backend = backend;
  g_mutex_unlock (&self->mutex);
  start_device (self, workers);
}

static void
look_again (gpointer analysis)
{
  WsAnalysis *self = analysis;

  g_mutex_lock (&self->mutex);
  _ws_analysis_rouse (self);
  g_mutex_unlock (&self->mutex);
}

/* NULL: no device is to be had, or it is there already. */
static WsDeviceSearch *
begin_search (WsAnalysis *self)
{
  WsSpeed speed;
  gboolean is_known = ws_speed_init_device (&speed);
  gboolean has_tasks;

  if (self->backend != NULL || self->options.device_kind == WS_DEVICE_CPU)
    return NULL;
  g_mutex_lock (&self->mutex);
  has_tasks = ws_schedule_expect_device (&self->schedule, is_known ? &speed : NULL);
  g_mutex_unlock (&self->mutex);
  if (!has_tasks)
    return NULL;
  return ws_device_search_new (self->options.device_index, look_again, self);
}

/* Returns: FALSE: it goes on. */
static gboolean
end_search (WsAnalysis *self, WsDeviceSearch *search, double seconds, GPtrArray *workers)
{
  g_autoptr (GError) reason = NULL;
  WsBackend *backend = NULL;

  if (!ws_device_search_finish (search, &backend, &reason))
    {
      if (seconds < DEVICE_SEARCH_SECONDS)
        return FALSE;
      ws_error_set (&reason, WS_ERROR_UNSUPPORTED, N_ ("the driver of the GPU does not answer"));
    }
  take_device (self, backend, reason, workers);
  return TRUE;
}

static gboolean
is_idle (WsAnalysis *self)
{
  return self->paused && self->schedule.active->len == 0;
}

static void
update_share (WsAnalysis *self)
{
  const WsSchedule *schedule = &self->schedule;

  if (schedule->work_total > 0)
    self->share =
        CLAMP (ws_schedule_get_work_done (schedule) / schedule->work_total, self->share, 1);
}

/* With the mutex: until it is time to tell, or something has happened. */
static void
wait_for_change (WsAnalysis *self, gboolean is_told, gint64 last_usec)
{
  if (is_told && is_idle (self))
    g_cond_wait (&self->watched, &self->mutex);
  else
    g_cond_wait_until (&self->watched, &self->mutex, last_usec + PROGRESS_INTERVAL_USEC);
}

/* With the mutex. Whether what is finished has waited long enough, or nothing more will join it. */
static gboolean
is_delivery_due (WsAnalysis *self, gint64 now_usec)
{
  return self->finished->len > 0 &&
         (now_usec - self->finished_usec >= GROUP_USEC - PROGRESS_INTERVAL_USEC || is_idle (self));
}

/* Delivers results and tells of the progress until the workers are gone; what there is to tell of
 * an idle run is told once. @search: (nullable) (transfer full) */
static void
watch (WsAnalysis *self, WsDeviceSearch *search, GPtrArray *workers)
{
  gint64 start_usec = g_get_monotonic_time (), last_usec = start_usec;
  guint n_told = G_MAXUINT; /* jobs that were done when it was told that the run is idle */
  gboolean is_due;

  g_mutex_lock (&self->mutex);
  while (self->n_workers > 0)
    {
      gint64 now_usec;

      wait_for_change (self, n_told == self->schedule.n_done && search == NULL, last_usec);
      now_usec = g_get_monotonic_time ();
      if (search != NULL)
        {
          g_mutex_unlock (&self->mutex);
          if (end_search (self, search, (now_usec - start_usec) * 1e-6, workers))
            g_clear_pointer (&search, ws_device_search_free);
          g_mutex_lock (&self->mutex);
        }
      if (now_usec - last_usec < PROGRESS_INTERVAL_USEC)
        continue;
      last_usec = now_usec;
      n_told = is_idle (self) ? self->schedule.n_done : G_MAXUINT;
      is_due = is_delivery_due (self, now_usec);
      update_share (self);
      g_mutex_unlock (&self->mutex);
      if (is_due)
        _ws_analysis_deliver (self);
      tell_progress (self);
      g_mutex_lock (&self->mutex);
    }
  update_share (self);
  g_mutex_unlock (&self->mutex);
  ws_device_search_free (search);
}

static void
wake_all (GCancellable *cancellable, WsAnalysis *self)
{
  if (self->store != NULL)
    ws_store_set_hurry (self->store, TRUE);
  look_again (self);
}

/* The run keeps to the threads that the linear algebra library has room for. */
static gboolean
reserve_threads (WsAnalysis *self, GError **error)
{
  const guint n_wanted = self->options.n_threads, n = ws_blas_reserve (n_wanted);
  g_autofree char *sentence = NULL;

  if (n == 0)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("the limit on the addresses of a process (ulimit -v) leaves no room to "
                        "compute: a thread takes 160 MiB"));
      return FALSE;
    }
  if (n == n_wanted)
    return TRUE;
  self->options.n_threads = n;
  sentence = g_strdup_printf (_ ("Threads that compute: %u instead of %u. The limit on the "
                                 "addresses of a process (ulimit -v) leaves no room for more."),
                              n, n_wanted);
  _ws_analysis_warn (self, sentence);
  return TRUE;
}

static void
begin_speeds (WsAnalysis *self)
{
  if (self->store != NULL)
    ws_speeds_recall (self->store);
  ws_speed_init_processor (&self->schedule.speed);
}

static void
end_speeds (WsAnalysis *self)
{
  if (self->n_learnt > 0)
    ws_speed_remember_processor (&self->schedule.speed);
  if (self->device_speed.gram > 0.0)
    ws_speed_remember_device (&self->device_speed);
  if (self->store != NULL)
    ws_speeds_save (self->store);
}

gboolean
ws_analysis_run (WsAnalysis *self, GCancellable *cancellable, GError **error)
{
  GPtrArray *workers = g_ptr_array_new_with_free_func (join);
  gboolean has_jobs = self->schedule.jobs->len > 0;
  WsDeviceSearch *search;
  gulong handler = 0;
  gboolean started;

  if (has_jobs && !reserve_threads (self, error))
    {
      g_ptr_array_unref (workers);
      return FALSE;
    }
  self->cancellable = cancellable;
  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_all), self, NULL);
  if (has_jobs)
    begin_speeds (self);
  if (has_jobs && self->backend != NULL)
    start_device (self, workers);
  search = has_jobs ? begin_search (self) : NULL;
  started = !has_jobs || start_workers (self, workers, self->options.n_threads, FALSE, error);
  watch (self, search, workers);
  g_ptr_array_unref (workers);
  g_cancellable_disconnect (cancellable, handler);
  _ws_analysis_deliver (self);
  if (started)
    save_unsaved (self);
  if (started && has_jobs)
    end_speeds (self);
  if (self->store != NULL)
    ws_store_set_hurry (self->store, FALSE);
  if (!started)
    return FALSE;
  tell_progress (self);
  if (self->schedule.n_done == self->schedule.jobs->len)
    return TRUE;
  g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}
