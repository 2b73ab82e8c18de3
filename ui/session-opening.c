/* SPDX-License-Identifier: MIT */
/* Opening a model: headers, the plan, and what the store knows already. */
#include "session-opening.h"

#include "amounts.h"
#include "analysis/speed.h"
#include "base/format.h"
#include "remote-model.h"
#include "result-item.h"

#include <glib/gi18n-lib.h>

WsOpening *
ws_opening_new (const char *path, const WsAnalysisOptions *options, guint wait_number)
{
  WsOpening *self = g_new0 (WsOpening, 1);

  self->path = g_strdup (path);
  self->options = *options;
  self->wait_number = wait_number;
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
ws_opening_free (WsOpening *self)
{
  g_free (self->path);
  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  g_ptr_array_unref (self->warnings);
  g_free (self->subtitle);
  g_free (self);
}

static void
load_stored_results (WsOpening *opening)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  g_autoptr (WsStore) store = ws_store_open (NULL, &warning, &error);

  if (store != NULL)
    {
      ws_speeds_recall (store);
      ws_store_load (store, opening->results, &opening->options.spectrum, &opening->options.metrics,
                     &error);
    }
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
describe_model (const WsModel *model, gboolean remote)
{
  g_autofree char *parameters = ws_amounts_format_parameters (model->n_parameters);
  g_autofree char *size = ws_format_bytes (model->n_bytes);
  g_autofree char *text =
      g_strdup_printf ("%s · %s · %s", parameters, find_main_dtype (model), size);

  /* Translators: of a model that is not on this machine; %s is "4.02 B · BF16 · 8.04 GB" */
  return remote ? g_strdup_printf (_ ("Hub · %s"), text) : g_steal_pointer (&text);
}

static WsModel *
open_model (WsOpening *opening, GCancellable *cancellable, GError **error)
{
  if (ws_hub_name_is_remote (opening->path))
    return ws_remote_model_open (opening->path, &opening->options, opening->wait_number,
                                 &opening->hub, cancellable, error);
  return ws_model_open (opening->path, TRUE, cancellable, error);
}

gboolean
ws_opening_execute (WsJob *job, gpointer data, GError **error)
{
  WsOpening *opening = data;

  opening->model = open_model (opening, ws_job_get_cancellable (job), error);
  if (opening->model == NULL)
    return FALSE;
  opening->subtitle = describe_model (opening->model, opening->hub != NULL);
  opening->results = ws_analysis_plan (opening->model, &opening->options.metrics);
  load_stored_results (opening);

  /* Nobody else knows the items yet, so they may be made here. */
  opening->items = g_ptr_array_new_full (opening->results->len, g_object_unref);
  for (guint i = 0; i < opening->results->len; i++)
    g_ptr_array_add (opening->items, ws_result_item_new (g_ptr_array_index (opening->results, i)));
  return TRUE;
}
