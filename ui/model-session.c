/* SPDX-License-Identifier: MIT */
/* An opened model with its results and its run. Lives on the main thread. */
#include "model-session.h"

#include "analysis/device-words.h"
#include "base/format.h"
#include "hub-wait.h"
#include "job.h"
#include "remote-model.h"
#include "result-item.h"
#include "session-opening.h"
#include "session-run.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

/* Time for taking over results before the window may draw again: a quarter of a frame. */
#define TAKE_USEC 4000

struct _WsModelSession
{
  GObject parent_instance;

  char *path;
  char *title;
  char *subtitle;
  WsSessionState state;

  WsModel *model;
  WsHub *hub;        /* (nullable): what a model is read through that is not here */
  guint wait_number; /* of what is waited for there */
  GListStore *items;
  GPtrArray *warnings;
  guint n_pending;
  guint n_computed;
  guint n_notes;

  WsJob *job; /* opening or running; NULL when nothing is in work */
  WsProgress progress;
  guint n_threads;      /* of that run */
  GPtrArray *run_items; /* (element-type WsResultItem) what the run computes, in its order */
  guint n_earlier;      /* tensors that the run found done */
  double earlier_share; /* of the work, that had been done for them */
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_SUBTITLE,
  PROP_STATE,
  N_PROPS
};

enum
{
  OPENED,
  FAILED,
  RESULTS_CHANGED,
  PROGRESS,
  WARNING,
  FINISHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsModelSession, ws_model_session, G_TYPE_OBJECT)

static void
set_state (WsModelSession *self, WsSessionState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* What opening and running both met is told once. */
static void
add_warning (WsModelSession *self, const char *sentence)
{
  if (g_ptr_array_find_with_equal_func (self->warnings, sentence, g_str_equal, NULL))
    return;
  g_ptr_array_add (self->warnings, g_strdup (sentence));
  g_signal_emit (self, signals[WARNING], 0, sentence);
}

/* A run would compute it: it never was, or was not to the end. */
static gboolean
is_to_do (const WsResult *result)
{
  return result->state == WS_STATE_PENDING || result->state == WS_STATE_CANCELLED ||
         result->state == WS_STATE_ERROR;
}

static gboolean
is_computed (const WsResult *result)
{
  return result->spectrum.moments.n_elements > 0;
}

static gboolean
has_note (const WsResult *result)
{
  return result->state == WS_STATE_NONFINITE || result->state == WS_STATE_ERROR ||
         result->state == WS_STATE_TOO_LARGE;
}

static void
count (WsModelSession *self, const WsResult *result, int step)
{
  self->n_pending += is_to_do (result) ? step : 0;
  self->n_computed += is_computed (result) ? step : 0;
  self->n_notes += has_note (result) ? step : 0;
}

static void
replace_result (WsModelSession *self, WsResultItem *item, WsResult *result)
{
  count (self, ws_result_item_get_result (item), -1);
  count (self, result, 1);
  ws_result_item_replace_result (item, result);
}

/* Opening */

static void
take_opened (WsModelSession *self, WsOpening *opening)
{
  self->model = g_steal_pointer (&opening->model);
  self->hub = g_steal_pointer (&opening->hub);
  g_free (self->subtitle);
  self->subtitle = g_steal_pointer (&opening->subtitle);
  g_free (self->title);
  self->title = ws_format_name (self->model->title);
  for (guint i = 0; i < opening->results->len; i++)
    count (self, g_ptr_array_index (opening->results, i), 1);
  g_list_store_splice (self->items, 0, 0, opening->items->pdata, opening->items->len);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBTITLE]);
}

static void
on_open_done (gpointer owner, gpointer data, const GError *error)
{
  WsModelSession *self = owner;
  WsOpening *opening = data;

  g_clear_pointer (&self->job, ws_job_unref);
  if (error != NULL)
    {
      set_state (self, WS_SESSION_FAILED);
      g_signal_emit (self, signals[FAILED], 0, error->message);
      return;
    }
  take_opened (self, opening);
  set_state (self, WS_SESSION_READY);
  g_signal_emit (self, signals[OPENED], 0);
  for (guint i = 0; i < self->model->warnings->len; i++)
    add_warning (self, g_ptr_array_index (self->model->warnings, i));
  for (guint i = 0; i < opening->warnings->len; i++)
    add_warning (self, g_ptr_array_index (opening->warnings, i));
}

static const WsJobKind open_kind = { ws_opening_execute, NULL, on_open_done,
                                     (GDestroyNotify) ws_opening_free };

static void
begin_to_open (WsModelSession *self)
{
  WsAnalysisOptions options;

  ws_settings_get_analysis_options (&options);
  self->job =
      ws_job_start (&open_kind, self, ws_opening_new (self->path, &options, self->wait_number));
}

/* Running */

/* A run counts its own tensors; a person goes on from those that were done before it. */
static void
add_earlier (WsModelSession *self)
{
  WsProgress *progress = &self->progress;

  progress->n_done += self->n_earlier;
  progress->n_total = self->n_earlier + self->run_items->len;
  progress->share = self->earlier_share + (1 - self->earlier_share) * progress->share;
}

static void
take_news (WsModelSession *self, WsSessionRun *run)
{
  g_autoptr (GPtrArray) warnings = NULL;

  ws_session_run_take_news (run, &warnings, &self->progress);
  add_earlier (self);
  for (guint i = 0; i < warnings->len; i++)
    add_warning (self, g_ptr_array_index (warnings, i));
}

typedef struct
{
  WsModelSession *session;
  guint n_taken;
} Taking;

static void
take_result (guint index, WsResult *result, gpointer user_data)
{
  Taking *taking = user_data;

  replace_result (taking->session, g_ptr_array_index (taking->session->run_items, index), result);
  taking->n_taken++;
}

static gboolean
on_run_report (gpointer owner, gpointer data)
{
  WsModelSession *self = owner;
  Taking taking = { self, 0 };
  gboolean has_more;

  take_news (self, data);
  has_more = ws_result_queue_take (ws_session_run_get_results (data),
                                   g_get_monotonic_time () + TAKE_USEC, take_result, &taking);
  if (taking.n_taken > 0)
    g_signal_emit (self, signals[RESULTS_CHANGED], 0);
  g_signal_emit (self, signals[PROGRESS], 0);
  return has_more;
}

/* What the run could not leave to the GPU. */
static void
tell_of_faults (WsModelSession *self)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  g_autofree char *said = NULL;
  g_auto (GStrv) sentences = NULL;

  for (guint i = 0; i < self->run_items->len; i++)
    g_ptr_array_add (results, ws_result_item_get_result (g_ptr_array_index (self->run_items, i)));
  said = ws_faults_describe (results);
  sentences = g_strsplit (said != NULL ? said : "", "\n", -1);
  for (char **sentence = sentences; *sentence != NULL; sentence++)
    add_warning (self, *sentence);
}

static void
on_run_done (gpointer owner, gpointer data, const GError *error)
{
  WsModelSession *self = owner;

  g_clear_pointer (&self->job, ws_job_unref);
  set_state (self, WS_SESSION_READY);
  tell_of_faults (self);
  if (error == NULL)
    g_signal_emit (self, signals[FINISHED], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add_warning (self, error->message);
}

static const WsJobKind run_kind = { ws_session_run_execute, on_run_report, on_run_done,
                                    (GDestroyNotify) ws_session_run_free };

/* What failed or was cancelled before is queued again. */
static void
requeue (WsModelSession *self, WsResultItem *item)
{
  WsResult *result = ws_result_item_get_result (item);
  g_autoptr (WsResult) fresh = NULL;

  if (result->state == WS_STATE_PENDING)
    return;
  fresh = ws_result_new_pending (self->model, result->tensor, result->slice);
  replace_result (self, item, fresh);
}

/* (transfer full) (element-type WsResultItem) */
static GPtrArray *
dup_items_to_do (WsModelSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsResultItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      if (is_to_do (ws_result_item_get_result (item)))
        g_ptr_array_add (items, g_steal_pointer (&item));
    }
  return items;
}

static double
estimate_work (const WsResult *result)
{
  WsMatrix matrix;

  ws_matrix_init (&matrix, result->tensor, result->slice);
  return ws_spectrum_estimate_work (&matrix, !ws_result_is_vector (result));
}

/* What all runs before did of the whole, in work, not in tensors: an embedding counts for more than
 * a bias. */
static double
get_share_done (WsModelSession *self)
{
  g_autoptr (GPtrArray) results = ws_model_session_dup_results (self);
  double done = 0, to_do = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      if (is_computed (result))
        done += estimate_work (result);
      else if (is_to_do (result))
        to_do += estimate_work (result);
    }
  return done > 0 ? done / (done + to_do) : 0;
}

/* @items: (transfer full) (element-type WsResultItem) all of them to do
 * @to_forget: (nullable) (transfer full) results that the store shall give up first */
static void
begin_to_run (WsModelSession *self, GPtrArray *items, GPtrArray *to_forget)
{
  g_autoptr (GPtrArray) results =
      g_ptr_array_new_full (items->len, (GDestroyNotify) ws_result_unref);
  WsAnalysisOptions options;

  for (guint i = 0; i < items->len; i++)
    {
      WsResultItem *item = g_ptr_array_index (items, i);

      requeue (self, item);
      g_ptr_array_add (results, ws_result_ref (ws_result_item_get_result (item)));
    }
  g_clear_pointer (&self->run_items, g_ptr_array_unref);
  self->run_items = items;
  ws_settings_get_analysis_options (&options);
  if (self->hub != NULL)
    ws_remote_model_reserve (&options);
  self->n_threads = options.n_threads;
  self->progress = (WsProgress){ .seconds_left = -1 };
  add_earlier (self);
  self->job = ws_job_start (&run_kind, self,
                            ws_session_run_new (g_steal_pointer (&results), to_forget, &options));
  set_state (self, WS_SESSION_RUNNING);
  g_signal_emit (self, signals[RESULTS_CHANGED], 0);
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
ws_model_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WsModelSession *self = WS_MODEL_SESSION (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_SUBTITLE:
      g_value_set_string (value, self->subtitle);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_model_session_dispose (GObject *object)
{
  WsModelSession *self = WS_MODEL_SESSION (object);

  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  g_clear_object (&self->items);
  G_OBJECT_CLASS (ws_model_session_parent_class)->dispose (object);
}

static void
ws_model_session_finalize (GObject *object)
{
  WsModelSession *self = WS_MODEL_SESSION (object);

  g_clear_pointer (&self->run_items, g_ptr_array_unref);
  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  ws_hub_wait_forget (self->wait_number);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->subtitle, g_free);
  G_OBJECT_CLASS (ws_model_session_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n_params, GType param)
{
  return g_signal_new (name, WS_TYPE_MODEL_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n_params, param);
}

static void
ws_model_session_class_init (WsModelSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_model_session_get_property;
  object_class->dispose = ws_model_session_dispose;
  object_class->finalize = ws_model_session_finalize;

  properties[PROP_TITLE] =
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUBTITLE] =
      g_param_spec_string ("subtitle", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, WS_SESSION_FAILED, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPENED] = add_signal ("opened", 0, G_TYPE_NONE);
  signals[FAILED] = add_signal ("failed", 1, G_TYPE_STRING);
  signals[RESULTS_CHANGED] = add_signal ("results-changed", 0, G_TYPE_NONE);
  signals[PROGRESS] = add_signal ("progress", 0, G_TYPE_NONE);
  signals[WARNING] = add_signal ("warning", 1, G_TYPE_STRING);
  signals[FINISHED] = add_signal ("finished", 0, G_TYPE_NONE);
}

static void
ws_model_session_init (WsModelSession *self)
{
  self->items = g_list_store_new (WS_TYPE_RESULT_ITEM);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->progress.seconds_left = -1;
  self->wait_number = ws_hub_wait_register ();
}

char *
ws_model_session_make_path (const char *text)
{
  return ws_hub_name_is_remote (text) ? g_strdup (text) : g_canonicalize_filename (text, NULL);
}

WsModelSession *
ws_model_session_new (const char *path)
{
  WsModelSession *self = g_object_new (WS_TYPE_MODEL_SESSION, NULL);
  g_autofree char *name = g_path_get_basename (path);

  self->path = ws_model_session_make_path (path);
  self->title = ws_format_name (name);
  self->subtitle = g_strdup (_ ("opening…"));
  begin_to_open (self);
  return self;
}

const char *
ws_model_session_get_path (WsModelSession *self)
{
  return self->path;
}

const char *
ws_model_session_get_title (WsModelSession *self)
{
  return self->title;
}

WsSessionState
ws_model_session_get_state (WsModelSession *self)
{
  return self->state;
}

WsModel *
ws_model_session_get_model (WsModelSession *self)
{
  return self->model;
}

GListModel *
ws_model_session_get_items (WsModelSession *self)
{
  return G_LIST_MODEL (self->items);
}

GPtrArray *
ws_model_session_dup_results (WsModelSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  GPtrArray *results = g_ptr_array_new_full (n, (GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsResultItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), i);

      g_ptr_array_add (results, ws_result_ref (ws_result_item_get_result (item)));
    }
  return results;
}

GPtrArray *
ws_model_session_get_warnings (WsModelSession *self)
{
  return self->warnings;
}

const WsProgress *
ws_model_session_get_progress (WsModelSession *self)
{
  return &self->progress;
}

guint
ws_model_session_get_n_threads (WsModelSession *self)
{
  return self->n_threads;
}

gboolean
ws_model_session_is_remote (WsModelSession *self)
{
  return self->hub != NULL;
}

guint64
ws_model_session_get_traffic (WsModelSession *self)
{
  return self->hub != NULL ? ws_http_get_n_bytes_received (ws_hub_get_http (self->hub)) : 0;
}

char *
ws_model_session_describe_wait (WsModelSession *self, char **reason)
{
  return ws_hub_wait_describe (self->wait_number, ws_model_session_get_traffic (self), reason);
}

guint
ws_model_session_count_pending (WsModelSession *self)
{
  return self->n_pending;
}

guint
ws_model_session_count_computed (WsModelSession *self)
{
  return self->n_computed;
}

guint
ws_model_session_count_notes (WsModelSession *self)
{
  return self->n_notes;
}

void
ws_model_session_run (WsModelSession *self)
{
  g_return_if_fail (WS_IS_MODEL_SESSION (self));

  if (self->state == WS_SESSION_READY && self->n_pending > 0)
    {
      self->n_earlier = g_list_model_get_n_items (G_LIST_MODEL (self->items)) - self->n_pending;
      self->earlier_share = get_share_done (self);
      begin_to_run (self, dup_items_to_do (self), NULL);
    }
  else if (self->state == WS_SESSION_PAUSED)
    {
      ws_session_run_set_paused (ws_job_get_data (self->job), FALSE);
      set_state (self, WS_SESSION_RUNNING);
    }
}

gboolean
ws_model_session_can_recompute (const WsResult *result)
{
  return is_computed (result) || is_to_do (result) || result->state == WS_STATE_TOO_LARGE;
}

void
ws_model_session_recompute (WsModelSession *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) to_forget =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  g_return_if_fail (WS_IS_MODEL_SESSION (self));

  if (self->state != WS_SESSION_READY)
    return;
  for (guint i = 0; i < items->len; i++)
    {
      WsResultItem *item = g_ptr_array_index (items, i);
      WsResult *result = ws_result_item_get_result (item);

      if (!ws_model_session_can_recompute (result))
        continue;
      g_ptr_array_add (to_forget, ws_result_ref (result));
      g_ptr_array_add (chosen, g_object_ref (item));
    }
  if (chosen->len == 0)
    return;
  self->n_earlier = 0;
  self->earlier_share = 0;
  begin_to_run (self, g_steal_pointer (&chosen), g_steal_pointer (&to_forget));
}

void
ws_model_session_pause (WsModelSession *self)
{
  g_return_if_fail (WS_IS_MODEL_SESSION (self));

  if (self->state != WS_SESSION_RUNNING)
    return;
  ws_session_run_set_paused (ws_job_get_data (self->job), TRUE);
  set_state (self, WS_SESSION_PAUSED);
}

void
ws_model_session_cancel (WsModelSession *self)
{
  g_return_if_fail (WS_IS_MODEL_SESSION (self));

  if (self->state != WS_SESSION_RUNNING && self->state != WS_SESSION_PAUSED)
    return;
  ws_job_cancel (self->job);
  set_state (self, WS_SESSION_STOPPING);
}
