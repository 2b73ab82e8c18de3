/* SPDX-License-Identifier: MIT */
/* The page of a model: what is selected in the table is what chart and details show. */
#include "window-private.h"

#include "result-item.h"

#define SELECTION_KEY "ws-window-selection"

static GPtrArray *
dup_results (GPtrArray *items)
{
  GPtrArray *results = g_ptr_array_new_full (items->len, (GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (results,
                     ws_result_ref (ws_result_item_get_result (g_ptr_array_index (items, i))));
  return results;
}

static gboolean
are_same (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || b == NULL || a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (g_ptr_array_index (a, i) != g_ptr_array_index (b, i))
      return FALSE;
  return TRUE;
}

/* Called on every change of the selection and whenever results came: mostly nothing is new. */
static void
show_selection (WsWindow *self)
{
  g_autoptr (GPtrArray) items = ws_result_table_dup_selected (self->table);
  g_autoptr (GPtrArray) results = dup_results (items);

  if (are_same (results, self->shown_results))
    return;
  ws_spectrum_view_set_results (self->chart, results);
  ws_details_pane_set_items (self->details, items);
  g_clear_pointer (&self->shown_results, g_ptr_array_unref);
  self->shown_results = g_steal_pointer (&results);
}

static void
on_results_changed (WsWindow *self)
{
  if (self->shown_results == NULL || self->shown_results->len == 0)
    return;
  show_selection (self);
  /* The table asked for the colours when the result came, before the chart had its curve. */
  ws_result_table_update_colors (self->table);
}

static gboolean
get_line_color (WsResultItem *item, GdkRGBA *color, gpointer user_data)
{
  WsWindow *self = user_data;

  return ws_spectrum_view_get_color (self->chart, ws_result_item_get_result (item), color);
}

static void
on_recompute (WsWindow *self)
{
  g_autoptr (GPtrArray) items = ws_result_table_dup_selected (self->table);

  if (self->session != NULL)
    ws_window_run (self, items);
}

static void
show_current (WsWindow *self)
{
  const WsProgress *progress = ws_model_session_get_progress (self->session);
  gboolean running = ws_model_session_get_state (self->session) == WS_SESSION_RUNNING;

  ws_result_table_set_current (self->table, running ? progress->current : NULL);
}

void
ws_window_init_matrices (WsWindow *self)
{
  ws_result_table_set_color_func (self->table, get_line_color, self);
  g_signal_connect_swapped (self->table, "selection-changed", G_CALLBACK (show_selection), self);
  g_signal_connect_swapped (self->table, "recompute", G_CALLBACK (on_recompute), self);
}

void
ws_window_disconnect_matrices (WsWindow *self)
{
  g_autoptr (GPtrArray) items = ws_result_table_dup_selected (self->table);

  g_object_set_data_full (G_OBJECT (self->session), SELECTION_KEY, dup_results (items),
                          (GDestroyNotify) g_ptr_array_unref);
  g_signal_handlers_disconnect_by_func (self->session, on_results_changed, self);
  g_signal_handlers_disconnect_by_func (self->session, show_current, self);
  ws_result_table_set_current (self->table, NULL);
  ws_result_table_set_source (self->table, NULL);
}

void
ws_window_connect_matrices (WsWindow *self)
{
  GPtrArray *selection = g_object_get_data (G_OBJECT (self->session), SELECTION_KEY);

  g_signal_connect_swapped (self->session, "results-changed", G_CALLBACK (on_results_changed),
                            self);
  g_signal_connect_swapped (self->session, "progress", G_CALLBACK (show_current), self);
  g_signal_connect_swapped (self->session, "notify::state", G_CALLBACK (show_current), self);
  ws_result_table_set_source (self->table, ws_model_session_get_items (self->session));
  if (selection != NULL)
    ws_result_table_select_results (self->table, selection);
  show_current (self);
  show_selection (self);
}
