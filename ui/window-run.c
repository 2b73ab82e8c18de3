/* SPDX-License-Identifier: MIT */
/* Runs, and the question before one that reads much from the Hub. */
#include "window-private.h"

#include "dialogs.h"
#include "remote-model.h"
#include "result-item.h"
#include "settings.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

static void
begin (WsModelSession *session, GPtrArray *items)
{
  if (items != NULL)
    ws_model_session_recompute (session, items);
  else
    ws_model_session_run (session);
}

/* @items: (nullable): what is computed whether it was or not; NULL: what is left to do */
static void
count_traffic (WsModelSession *session, GPtrArray *items, WsTraffic *traffic)
{
  g_autoptr (GPtrArray) all = ws_model_session_dup_results (session);
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  WsAnalysisOptions options;

  ws_settings_get_analysis_options (&options);
  for (guint i = 0; items == NULL && i < all->len; i++)
    if (ws_result_needs_run (g_ptr_array_index (all, i)))
      g_ptr_array_add (results, g_ptr_array_index (all, i));
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      WsResult *result = ws_result_item_get_result (g_ptr_array_index (items, i));

      if (ws_model_session_can_recompute (result))
        g_ptr_array_add (results, result);
    }
  ws_remote_model_count_traffic (&options, results, traffic);
}

/* What is asked about: the answer may come when another model is shown. */
typedef struct
{
  WsWindow *window; /* borrowed: the dialog goes with it */
  WsModelSession *session;
  GPtrArray *items; /* (nullable) */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->session);
  g_clear_pointer (&wish->items, g_ptr_array_unref);
  g_free (wish);
}

static void
on_answered (int answer, gpointer user_data)
{
  Wish *wish = user_data;

  if (answer == 0)
    begin (wish->session, wish->items);
  else
    ws_window_fetch_from_hub (wish->window, ws_model_session_get_path (wish->session));
}

/* What the number is made of, where that is not clear. (transfer full) */
static char *
explain (const WsTraffic *traffic)
{
  const char *kept =
      _ ("The results are kept, the weights are not: they would have to be read again for "
         "anything else. A download keeps them.");
  g_autofree char *again = ws_format_bytes (traffic->n_again_bytes);
  g_autofree char *room = ws_format_bytes (traffic->n_kept_bytes);
  g_autofree char *reason = NULL;

  if (traffic->n_again_bytes == 0)
    return g_strdup (kept);
  /* Translators: both %s are "1.2 GB" */
  reason = g_strdup_printf (_ ("%s of this have to be fetched again, because the disk of the "
                               "download cache has no room to keep %s meanwhile."),
                            again, room);
  return g_strconcat (reason, "\n\n", kept, NULL);
}

static void
ask (WsWindow *self, GPtrArray *items, const WsTraffic *traffic)
{
  g_autofree char *size = ws_format_bytes (traffic->n_bytes);
  g_autofree char *explanation = explain (traffic);
  g_autofree char *question = g_strdup_printf (_ ("Read %s from the Hub?"), size);
  Wish *wish = g_new0 (Wish, 1);

  *wish =
      (Wish){ self, g_object_ref (self->session), items != NULL ? g_ptr_array_ref (items) : NULL };
  ws_dialogs_ask (GTK_WINDOW (self), question, explanation, _ ("_Analyse"), _ ("_Download Instead"),
                  on_answered, wish, wish_free);
}

void
ws_window_run (WsWindow *self, GPtrArray *items)
{
  guint64 allowed = g_settings_get_uint64 (ws_settings_get_default (), "ask-traffic");
  gboolean is_new = ws_model_session_get_state (self->session) == WS_SESSION_READY;
  WsTraffic traffic;

  if (!is_new || !ws_model_session_is_remote (self->session) || allowed == 0)
    {
      begin (self->session, items);
      return;
    }
  count_traffic (self->session, items, &traffic);
  if (traffic.n_bytes <= allowed)
    begin (self->session, items);
  else
    ask (self, items, &traffic);
}
