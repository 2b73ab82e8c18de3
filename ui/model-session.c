/* SPDX-License-Identifier: MIT */
/* An opened model with its results and its run. Lives on the main thread. */
#include "model-session.h"

#include "base/format.h"
#include "job.h"
#include "result-item.h"
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
  GListStore *items;
  GPtrArray *warnings;
  guint n_pending;
  guint n_computed;
  guint n_notes;

  WsJob *job; /* opening or running; NULL when nothing is in work */
  WsProgress progress;
  guint n_earlier; /* tensors that the run found done */
  GArray *news;    /* results that came and are not in the items yet */
  guint n_taken;   /* of @news */
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

static void
replace_result_at (WsModelSession *self, guint index, WsResult *result)
{
  g_autoptr (WsResultItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), index);

  replace_result (self, item, result);
}

/* Opening: headers, the plan, and what the store knows already. */

typedef struct
{
  char *path;
  WsAnalysisOptions options;
  WsModel *model;
  GPtrArray *results;
  GPtrArray *items;
  GPtrArray *warnings;
  char *subtitle;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->path);
  g_clear_pointer (&opening->model, ws_model_unref);
  g_clear_pointer (&opening->results, g_ptr_array_unref);
  g_clear_pointer (&opening->items, g_ptr_array_unref);
  g_ptr_array_unref (opening->warnings);
  g_free (opening->subtitle);
  g_free (opening);
}

static void
load_stored_results (Opening *opening)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (WsStore) store = ws_store_open (NULL, &warning, &error);

  if (store != NULL)
    ws_store_load (store, opening->results, &opening->options.spectrum, &opening->options.metrics,
                   &error);
  if (warning != NULL)
    g_ptr_array_add (opening->warnings, g_steal_pointer (&warning));
  if (error != NULL)
    g_ptr_array_add (opening->warnings, g_strdup (error->message));
}

/* The stored type that most bytes have. */
static const char *
find_main_dtype (const WsModel *model)
{
  guint64 n_bytes[WS_N_DTYPES] = { 0 };
  WsDtype best = 0;

  for (guint i = 0; i < model->tensors->len; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (model->tensors, i);

      n_bytes[tensor->dtype] += tensor->n_bytes;
    }
  for (WsDtype dtype = 0; dtype < WS_N_DTYPES; dtype++)
    if (n_bytes[dtype] > n_bytes[best])
      best = dtype;
  return ws_dtype_get_name (best);
}

static char *
format_parameters (guint64 n)
{
  if (n >= 1000000000)
    /* Translators: billions (10^9) of parameters */
    return g_strdup_printf (_ ("%.2f B"), n / 1e9);
  if (n >= 1000000)
    /* Translators: millions of parameters */
    return g_strdup_printf (_ ("%.1f M"), n / 1e6);
  return ws_format_count (n);
}

static char *
describe_model (const WsModel *model)
{
  g_autofree char *parameters = format_parameters (model->n_parameters);
  g_autofree char *size = ws_format_bytes (model->n_bytes);

  return g_strdup_printf ("%s · %s · %s", parameters, find_main_dtype (model), size);
}

static gboolean
open_in_thread (WsJob *job, gpointer data, GError **error)
{
  Opening *opening = data;

  opening->model = ws_model_open (opening->path, TRUE, ws_job_get_cancellable (job), error);
  if (opening->model == NULL)
    return FALSE;
  opening->subtitle = describe_model (opening->model);
  opening->results = ws_analysis_plan (opening->model, &opening->options.metrics);
  load_stored_results (opening);

  /* Nobody else knows the items yet, so they may be made here. */
  opening->items = g_ptr_array_new_full (opening->results->len, g_object_unref);
  for (guint i = 0; i < opening->results->len; i++)
    g_ptr_array_add (opening->items, ws_result_item_new (g_ptr_array_index (opening->results, i)));
  return TRUE;
}

static void
take_opened (WsModelSession *self, Opening *opening)
{
  self->model = g_steal_pointer (&opening->model);
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
  Opening *opening = data;

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

static const WsJobKind open_kind = { open_in_thread, NULL, on_open_done, opening_free };

static void
begin_to_open (WsModelSession *self)
{
  Opening *opening = g_new0 (Opening, 1);

  opening->path = g_strdup (self->path);
  opening->warnings = g_ptr_array_new_with_free_func (g_free);
  ws_settings_get_analysis_options (&opening->options);
  self->job = ws_job_start (&open_kind, self, opening);
}

/* Running */

/* A run counts its own tensors; a person goes on from those that were done before it. */
static void
add_earlier (WsModelSession *self)
{
  WsProgress *progress = &self->progress;
  guint n_all = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  double earlier = n_all > 0 ? (double) self->n_earlier / n_all : 0;

  progress->n_done += self->n_earlier;
  progress->n_total = n_all;
  progress->share = earlier + (1 - earlier) * progress->share;
}

static void
take_news (WsModelSession *self, WsSessionRun *run)
{
  g_autoptr (GPtrArray) warnings = NULL;

  g_clear_pointer (&self->news, g_array_unref);
  self->n_taken = 0;
  ws_session_run_take_news (run, &self->news, &warnings, &self->progress);
  add_earlier (self);
  for (guint i = 0; i < warnings->len; i++)
    add_warning (self, g_ptr_array_index (warnings, i));
}

static gboolean
has_untaken (WsModelSession *self)
{
  return self->news != NULL && self->n_taken < self->news->len;
}

static gboolean
on_run_report (gpointer owner, gpointer data)
{
  WsModelSession *self = owner;
  gint64 deadline = g_get_monotonic_time () + TAKE_USEC;
  gboolean going_on = has_untaken (self);

  if (!going_on)
    take_news (self, data);
  if (has_untaken (self))
    {
      while (has_untaken (self) && g_get_monotonic_time () < deadline)
        {
          WsNewResult *entry = &g_array_index (self->news, WsNewResult, self->n_taken++);

          replace_result_at (self, entry->index, entry->result);
        }
      g_signal_emit (self, signals[RESULTS_CHANGED], 0);
    }
  g_signal_emit (self, signals[PROGRESS], 0);
  /* While earlier news were taken over, later ones, even the last, may have come. */
  return going_on || has_untaken (self);
}

static void
on_run_done (gpointer owner, gpointer data, const GError *error)
{
  WsModelSession *self = owner;

  g_clear_pointer (&self->job, ws_job_unref);
  set_state (self, WS_SESSION_READY);
  if (error == NULL)
    g_signal_emit (self, signals[FINISHED], 0);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    add_warning (self, error->message);
}

static const WsJobKind run_kind = { ws_session_run_execute, on_run_report, on_run_done,
                                    (GDestroyNotify) ws_session_run_free };

/* What failed or was cancelled before is queued again. */
static void
requeue (WsModelSession *self, GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);
      WsResult *fresh;

      if (result->state == WS_STATE_PENDING || !is_to_do (result))
        continue;
      fresh = ws_result_new_pending (self->model, result->tensor, result->slice);
      replace_result_at (self, i, fresh);
      ws_result_unref (result);
      g_ptr_array_index (results, i) = fresh;
    }
}

/* @to_forget: (nullable) (transfer full) results that the store shall give up first */
static void
begin_to_run (WsModelSession *self, GPtrArray *to_forget)
{
  g_autoptr (GPtrArray) results = ws_model_session_dup_results (self);
  WsAnalysisOptions options;

  requeue (self, results);
  ws_settings_get_analysis_options (&options);
  self->progress = (WsProgress){ .seconds_left = -1 };
  self->n_earlier = results->len - self->n_pending;
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

  g_clear_pointer (&self->news, g_array_unref);
  g_clear_pointer (&self->model, ws_model_unref);
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
}

WsModelSession *
ws_model_session_new (const char *path)
{
  WsModelSession *self = g_object_new (WS_TYPE_MODEL_SESSION, NULL);
  g_autofree char *name = g_path_get_basename (path);

  self->path = g_canonicalize_filename (path, NULL);
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
      begin_to_run (self, NULL);
    }
  else if (self->state == WS_SESSION_PAUSED)
    {
      ws_session_run_set_paused (ws_job_get_data (self->job), FALSE);
      set_state (self, WS_SESSION_RUNNING);
    }
}

void
ws_model_session_recompute (WsModelSession *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) to_forget =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  g_return_if_fail (WS_IS_MODEL_SESSION (self));

  if (self->state != WS_SESSION_READY)
    return;
  for (guint i = 0; i < items->len; i++)
    {
      WsResultItem *item = g_ptr_array_index (items, i);
      WsResult *result = ws_result_item_get_result (item);
      g_autoptr (WsResult) fresh = NULL;

      /* What its header alone decides stays as it is. */
      if (!is_computed (result) && !is_to_do (result) && result->state != WS_STATE_TOO_LARGE)
        continue;
      g_ptr_array_add (to_forget, ws_result_ref (result));
      fresh = ws_result_new_pending (self->model, result->tensor, result->slice);
      replace_result (self, item, fresh);
    }
  if (self->n_pending > 0)
    begin_to_run (self, g_steal_pointer (&to_forget));
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
