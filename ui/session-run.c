/* SPDX-License-Identifier: MIT */
/* What a run of the analysis and the main thread share: the news. */
#include "session-run.h"

struct _WsSessionRun
{
  GPtrArray *results;
  GPtrArray *to_forget; /* NULL: nothing */
  WsAnalysisOptions options;
  WsJob *job; /* borrowed while it runs: callbacks report through it */

  GMutex control_mutex; /* never held in a callback: pausing takes the analysis' own lock */
  WsAnalysis *analysis; /* NULL before and after the run */
  gboolean paused;

  WsResultQueue *new_results;

  GMutex mutex; /* guards all below */
  GPtrArray *new_warnings;
  WsProgress progress;
};

WsSessionRun *
ws_session_run_new (GPtrArray *results, GPtrArray *to_forget, const WsAnalysisOptions *options)
{
  WsSessionRun *self = g_new0 (WsSessionRun, 1);

  self->results = results;
  self->to_forget = to_forget;
  self->options = *options;
  g_mutex_init (&self->control_mutex);
  g_mutex_init (&self->mutex);
  self->new_results = ws_result_queue_new ();
  self->new_warnings = g_ptr_array_new_with_free_func (g_free);
  self->progress.seconds_left = -1;
  return self;
}

void
ws_session_run_free (WsSessionRun *self)
{
  g_ptr_array_unref (self->results);
  g_clear_pointer (&self->to_forget, g_ptr_array_unref);
  ws_result_queue_free (self->new_results);
  g_ptr_array_unref (self->new_warnings);
  g_mutex_clear (&self->control_mutex);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
on_result (WsResult *result, guint index, gpointer user_data)
{
  WsSessionRun *self = user_data;

  ws_result_queue_add (self->new_results, index, result);
  ws_job_report (self->job);
}

static void
on_progress (const WsProgress *progress, gpointer user_data)
{
  WsSessionRun *self = user_data;

  g_mutex_lock (&self->mutex);
  self->progress = *progress;
  /* Kept for ever, as the main thread may look when the run has ended; there are few names. */
  self->progress.device = g_intern_string (progress->device);
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

static void
add_warning (WsSessionRun *self, const char *sentence)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->new_warnings, g_strdup (sentence));
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  add_warning (user_data, sentence);
}

/* A run without a store is still a run; the person is told that it will not be remembered. */
static WsStore *
open_store (WsSessionRun *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  WsStore *store = ws_store_open (NULL, &warning, &error);

  if (store == NULL)
    add_warning (self, error->message);
  else if (warning != NULL)
    add_warning (self, warning);
  return store;
}

static void
forget_stored (WsSessionRun *self, WsStore *store)
{
  g_autoptr (GError) error = NULL;

  if (store != NULL && self->to_forget != NULL && !ws_store_forget (store, self->to_forget, &error))
    add_warning (self, error->message);
}

static void
set_analysis (WsSessionRun *self, WsAnalysis *analysis)
{
  g_mutex_lock (&self->control_mutex);
  self->analysis = analysis;
  if (analysis != NULL && self->paused)
    ws_analysis_set_paused (analysis, TRUE);
  g_mutex_unlock (&self->control_mutex);
}

gboolean
ws_session_run_execute (WsJob *job, gpointer data, GError **error)
{
  WsSessionRun *self = data;
  const WsAnalysisCallbacks callbacks = { on_result, on_progress, on_warning, self };
  g_autoptr (WsStore) store = NULL;
  g_autoptr (WsAnalysis) analysis = NULL;
  gboolean finished;

  self->job = job;
  store = open_store (self);
  forget_stored (self, store);
  analysis = ws_analysis_new (self->results, &self->options, store, &callbacks);
  set_analysis (self, analysis);
  finished = ws_analysis_run (analysis, ws_job_get_cancellable (job), error);
  set_analysis (self, NULL);
  return finished;
}

void
ws_session_run_set_paused (WsSessionRun *self, gboolean paused)
{
  g_mutex_lock (&self->control_mutex);
  self->paused = paused;
  if (self->analysis != NULL)
    ws_analysis_set_paused (self->analysis, paused);
  g_mutex_unlock (&self->control_mutex);
}

WsResultQueue *
ws_session_run_get_results (WsSessionRun *self)
{
  return self->new_results;
}

void
ws_session_run_take_news (WsSessionRun *self, GPtrArray **warnings, WsProgress *progress)
{
  g_mutex_lock (&self->mutex);
  *warnings = self->new_warnings;
  self->new_warnings = g_ptr_array_new_with_free_func (g_free);
  *progress = self->progress;
  g_mutex_unlock (&self->mutex);
}
