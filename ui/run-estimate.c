/* SPDX-License-Identifier: MIT */
/* How long a run of what is pending would take. Trying how fast the processor is takes a moment, so
 * a thread does it. */
#include "run-estimate.h"

#include "base/format.h"
#include "job.h"
#include "settings.h"

struct _WsRunEstimate
{
  GObject parent_instance;

  WsModelSession *session; /* (nullable) */
  WsJob *job;              /* NULL: none in work */
  double seconds;          /* < 0: not known */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsRunEstimate, ws_run_estimate, G_TYPE_OBJECT)

typedef struct
{
  GPtrArray *results; /* (element-type WsResult) */
  WsAnalysisOptions options;
  double seconds;
} Guess;

static void
guess_free (gpointer data)
{
  Guess *guess = data;

  g_ptr_array_unref (guess->results);
  g_free (guess);
}

static gboolean
guess_in_thread (WsJob *job, gpointer data, GError **error)
{
  Guess *guess = data;

  guess->seconds = ws_analysis_estimate_seconds (guess->results, &guess->options);
  return TRUE;
}

static void
set_seconds (WsRunEstimate *self, double seconds)
{
  if (self->seconds == seconds)
    return;
  self->seconds = seconds;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_guessed (gpointer owner, gpointer data, const GError *error)
{
  WsRunEstimate *self = owner;

  g_clear_pointer (&self->job, ws_job_unref);
  set_seconds (self, ((Guess *) data)->seconds);
}

static const WsJobKind guess_kind = { guess_in_thread, NULL, on_guessed, guess_free };

static void
drop_job (WsRunEstimate *self)
{
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
}

static void
guess_anew (WsRunEstimate *self)
{
  Guess *guess;

  drop_job (self);
  if (self->session == NULL || ws_model_session_get_state (self->session) != WS_SESSION_READY ||
      ws_model_session_count_pending (self->session) == 0)
    {
      set_seconds (self, -1);
      return;
    }
  guess = g_new0 (Guess, 1);
  guess->results = ws_model_session_dup_results (self->session);
  ws_settings_get_analysis_options (&guess->options);
  self->job = ws_job_start (&guess_kind, self, guess);
}

/* While a run is in work its own clock counts. */
static void
on_results_changed (WsRunEstimate *self)
{
  if (ws_model_session_get_state (self->session) == WS_SESSION_READY)
    guess_anew (self);
}

static void
ws_run_estimate_dispose (GObject *object)
{
  WsRunEstimate *self = WS_RUN_ESTIMATE (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  drop_job (self);
  G_OBJECT_CLASS (ws_run_estimate_parent_class)->dispose (object);
}

static void
ws_run_estimate_class_init (WsRunEstimateClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ws_run_estimate_dispose;
  signals[CHANGED] = g_signal_new ("changed", WS_TYPE_RUN_ESTIMATE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
ws_run_estimate_init (WsRunEstimate *self)
{
  GSettings *settings = ws_settings_get_default ();

  self->seconds = -1;
  g_signal_connect_object (settings, "changed::device", G_CALLBACK (guess_anew), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::threads", G_CALLBACK (guess_anew), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::memory-limit", G_CALLBACK (guess_anew), self,
                           G_CONNECT_SWAPPED);
}

WsRunEstimate *
ws_run_estimate_new (void)
{
  return g_object_new (WS_TYPE_RUN_ESTIMATE, NULL);
}

void
ws_run_estimate_set_session (WsRunEstimate *self, WsModelSession *session)
{
  g_return_if_fail (WS_IS_RUN_ESTIMATE (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  set_seconds (self, -1);
  if (session != NULL)
    {
      g_signal_connect_swapped (session, "notify::state", G_CALLBACK (guess_anew), self);
      g_signal_connect_swapped (session, "results-changed", G_CALLBACK (on_results_changed), self);
    }
  guess_anew (self);
}

char *
ws_run_estimate_dup_text (WsRunEstimate *self)
{
  g_return_val_if_fail (WS_IS_RUN_ESTIMATE (self), NULL);
  return self->seconds >= 0 ? ws_format_rough_duration (self->seconds) : NULL;
}
