/* SPDX-License-Identifier: MIT */
/* What the window remembers, and which of its panes have room. */
#include "window-private.h"

#include "paned-share.h"
#include "settings.h"

/* With text of 10 points. Below these widths together the details, then the sidebar make room for
 * the table. */
#define TEXT_POINTS 10
#define SIDEBAR_WIDTH 228
#define DETAILS_WIDTH 256
#define TABLE_WIDTH 540

/* How much larger text is than that. */
static double
get_text_scale (WsWindow *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  /* GTK's own are in pixels of 1/96 inch. */
  if (pango_font_description_get_size_is_absolute (font))
    size *= 72.0 / 96;
  return size / TEXT_POINTS;
}

static gboolean
is_narrow (WsWindow *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self)) <
         (SIDEBAR_WIDTH + TABLE_WIDTH + DETAILS_WIDTH) * get_text_scale (self);
}

static void
show_pane (GtkWidget *pane, GtkWidget *button, gboolean visible)
{
  gtk_widget_set_visible (pane, visible);
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_EXPANDED, visible, -1);
}

void
ws_window_fit_panes (WsWindow *self)
{
  gboolean has_models = !ws_sidebar_is_empty (self->sidebar);
  gboolean sidebar = has_models && self->wants_sidebar;
  gboolean details = self->wants_details && !(sidebar && is_narrow (self));

  gtk_widget_set_visible (self->sidebar_button, has_models);
  show_pane (GTK_WIDGET (self->sidebar), self->sidebar_button, sidebar);
  show_pane (GTK_WIDGET (self->details), self->details_button, details);
  ws_embeddings_page_show_details (self->embeddings, details);
}

void
ws_window_toggle_sidebar (WsWindow *self)
{
  self->wants_sidebar = !gtk_widget_get_visible (GTK_WIDGET (self->sidebar));
  ws_window_fit_panes (self);
}

/* Where there is no room for both, the sidebar goes. */
void
ws_window_toggle_details (WsWindow *self)
{
  self->wants_details = !gtk_widget_get_visible (GTK_WIDGET (self->details));
  if (self->wants_details && is_narrow (self))
    self->wants_sidebar = FALSE;
  ws_window_fit_panes (self);
}

static void
save_table (WsWindow *self)
{
  GSettings *settings = ws_settings_get_default ();
  g_autoptr (GPtrArray) columns = ws_result_table_dup_visible_columns (self->table);
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  WsSortKey sort[WS_MAX_SORT_KEYS];
  gboolean sorted = ws_result_table_get_sort (self->table, sort) > 0;

  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (keys, (char *) ((WsResultColumn *) g_ptr_array_index (columns, i))->key);
  g_ptr_array_add (keys, NULL);
  g_settings_set_strv (settings, "visible-columns", (const char *const *) keys->pdata);
  g_settings_set_enum (settings, "group-by",
                       ws_result_list_get_group_by (ws_result_table_get_list (self->table)));
  g_settings_set_string (settings, "sort-column", sorted ? sort[0].column->key : "");
  g_settings_set_boolean (settings, "sort-descending", sorted && sort[0].descending);
}

static void
restore_table (WsWindow *self)
{
  GSettings *settings = ws_settings_get_default ();
  g_auto (GStrv) keys = g_settings_get_strv (settings, "visible-columns");
  g_autofree char *sort_key = g_settings_get_string (settings, "sort-column");
  gboolean descending = g_settings_get_boolean (settings, "sort-descending");
  GtkColumnViewColumn *sort_column = ws_result_table_get_column (self->table, sort_key);

  ws_result_table_set_group_by (self->table, g_settings_get_enum (settings, "group-by"));
  if (keys[0] != NULL)
    ws_result_table_show_columns (self->table, (const char *const *) keys);
  if (sort_column != NULL)
    gtk_column_view_sort_by_column (ws_result_table_get_view (self->table), sort_column,
                                    descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

void
ws_window_save_state (WsWindow *self)
{
  GSettings *settings = ws_settings_get_default ();
  gboolean maximized = gtk_window_is_maximized (GTK_WINDOW (self));
  int width, height;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  if (!maximized && width > 0 && height > 0)
    g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "maximized", maximized);
  g_settings_set_boolean (settings, "show-sidebar", self->wants_sidebar);
  g_settings_set_boolean (settings, "show-details", self->wants_details);
  ws_window_save_view (self);
  ws_paned_share_save (self->table_and_chart, "table-share");
  ws_embeddings_page_save_state (self->embeddings);
  save_table (self);
}

void
ws_window_restore_state (WsWindow *self)
{
  GSettings *settings = ws_settings_get_default ();
  int width, height;

  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  self->wants_sidebar = g_settings_get_boolean (settings, "show-sidebar");
  self->wants_details = g_settings_get_boolean (settings, "show-details");
  ws_paned_share_restore (self->table_and_chart, "table-share");
  restore_table (self);
  ws_window_restore_view (self);
}
