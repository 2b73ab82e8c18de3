/* SPDX-License-Identifier: MIT */
/* A cell of the table. */
#include "result-cell.h"

#include "base/format.h"
#include "mini-bar.h"
#include "random-rank.h"
#include "swatch.h"
#include "theme.h"
#include <glib/gi18n-lib.h>
#include <math.h>

/* The energy whose rank is drawn as a bar (ws_result_column_has_bar). */
#define BAR_FRACTION 0.9

struct _WsResultCell
{
  GtkWidget parent_instance;

  const WsResultColumn *column;
  WsRowColorFunc get_color;
  gpointer color_data;
  WsResultList *list;
  GObject *row;

  GtkWidget *expander; /* of the layer: opens and closes a heading */
  GtkWidget *swatch;   /* of the block: the colour of the line */
  GtkWidget *icon;     /* of the state */
  GtkWidget *text;
  GtkWidget *bar; /* of the 90 % rank */
};

G_DEFINE_FINAL_TYPE (WsResultCell, ws_result_cell, GTK_TYPE_WIDGET)

static void
set_text (WsResultCell *self, const char *text, gboolean faint)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (self->text), text);
  if (faint)
    gtk_widget_add_css_class (self->text, "faint");
  else
    gtk_widget_remove_css_class (self->text, "faint");
}

/* States: an icon and a word, both in the state's colour, so that neither is needed alone. */

static const struct
{
  const char *icon;
  const char *css_class;
} state_looks[] = {
  [WS_STATE_PENDING] = { NULL, "faint" },
  [WS_STATE_OK] = { "ws-done-symbolic", "ok-text" },
  [WS_STATE_VECTOR] = { NULL, "dim" },
  [WS_STATE_BUFFER] = { NULL, "dim" },
  [WS_STATE_EMPTY] = { NULL, "dim" },
  [WS_STATE_ZERO] = { "ws-note-symbolic", "warn-text" },
  [WS_STATE_NONFINITE] = { "ws-error-symbolic", "error-text" },
  [WS_STATE_UNSUPPORTED] = { "ws-note-symbolic", "warn-text" },
  [WS_STATE_TOO_LARGE] = { "ws-note-symbolic", "warn-text" },
  [WS_STATE_ERROR] = { "ws-error-symbolic", "error-text" },
  [WS_STATE_CANCELLED] = { NULL, "dim" },
};

static void
show_state_look (WsResultCell *self, const char *icon, const char *css_class)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (self->icon), icon);
  gtk_widget_set_visible (self->icon, icon != NULL);
  gtk_widget_set_css_classes (GTK_WIDGET (self),
                              css_class != NULL ? (const char *[]){ css_class, NULL } : NULL);
}

static void
show_state (WsResultCell *self, const WsResult *result)
{
  g_autofree char *text = ws_result_column_dup_cell (self->column, result);
  g_autofree char *note = NULL;

  if (ws_result_list_get_current (self->list) == result->tensor)
    {
      show_state_look (self, "ws-running-symbolic", "accent");
      set_text (self, _ ("running"), FALSE);
      return;
    }
  note = result->state == WS_STATE_OK ? ws_result_dup_note (result, TRUE) : NULL;
  if (note != NULL)
    {
      show_state_look (self, "ws-note-symbolic", "warn-text");
      set_text (self, ngettext ("1 note", "notes", 1), FALSE);
      return;
    }
  show_state_look (self, state_looks[result->state].icon, state_looks[result->state].css_class);
  set_text (self, text, FALSE);
}

static void
show_bar (WsResultCell *self, const WsResult *result)
{
  double max_rank = ws_result_get_max_rank (result);
  double value = ws_result_column_get_number (self->column, result);

  ws_mini_bar_set_values (WS_MINI_BAR (self->bar), max_rank > 0 ? value / max_rank : NAN,
                          ws_random_rank_share (result->n_rows, result->n_cols, BAR_FRACTION));
}

static void
show_swatch (WsResultCell *self)
{
  GdkRGBA color;
  gboolean colored = WS_IS_RESULT_ITEM (self->row) &&
                     self->get_color (WS_RESULT_ITEM (self->row), &color, self->color_data);

  ws_swatch_set_color (WS_SWATCH (self->swatch), colored ? &color : NULL);
}

static void
show_result (WsResultCell *self)
{
  const WsResult *result = ws_result_item_get_result (WS_RESULT_ITEM (self->row));
  g_autofree char *text = NULL;

  if (self->column->kind == WS_COLUMN_STATE)
    {
      show_state (self, result);
      return;
    }
  text = ws_result_column_dup_cell (self->column, result);
  set_text (self, text,
            ws_result_column_is_numeric (self->column) &&
                isnan (ws_result_column_get_number (self->column, result)));
  if (self->bar != NULL)
    show_bar (self, result);
  if (self->swatch != NULL)
    show_swatch (self);
}

/* Of a heading: its title stands in the column of blocks, its count in that of shapes, medians in
 * those of numbers. */
static char *
dup_group_text (WsResultCell *self, WsResultGroup *group)
{
  guint n = ws_result_group_get_members (group)->len;

  switch (self->column->kind)
    {
    case WS_COLUMN_BLOCK:
      return g_strdup (ws_result_group_get_title (group));
    case WS_COLUMN_SHAPE:
      return g_strdup_printf (ngettext ("%u tensor", "%u tensors", n), n);
    case WS_COLUMN_METRIC:
      return ws_result_column_dup_number (self->column,
                                          ws_result_group_get_median (group, self->column), 4);
    case WS_COLUMN_STATE:
      return g_strdup (_ ("medians"));
    case WS_COLUMN_LAYER:
    case WS_COLUMN_NAME:
    case WS_COLUMN_DTYPE:
      break;
    }
  return g_strdup ("");
}

static void
show_expander (WsResultCell *self)
{
  gboolean expanded;

  gtk_widget_set_visible (self->expander, WS_IS_RESULT_GROUP (self->row));
  if (!WS_IS_RESULT_GROUP (self->row))
    return;
  expanded = ws_result_group_get_expanded (WS_RESULT_GROUP (self->row));
  gtk_button_set_icon_name (GTK_BUTTON (self->expander),
                            expanded ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  expanded ? _ ("Collapse") : _ ("Expand"), -1);
}

static void
show_group (WsResultCell *self)
{
  g_autofree char *text = dup_group_text (self, WS_RESULT_GROUP (self->row));

  if (self->icon != NULL)
    show_state_look (self, NULL, "dim");
  if (self->bar != NULL)
    ws_mini_bar_set_values (WS_MINI_BAR (self->bar), NAN, NAN);
  if (self->swatch != NULL)
    ws_swatch_set_color (WS_SWATCH (self->swatch), NULL);
  set_text (self, text, g_str_equal (text, "—"));
  /* Only the title: widths are made for numbers of ordinary weight. */
  if (self->swatch != NULL)
    gtk_widget_add_css_class (self->text, "strong");
}

static void
show_row (WsResultCell *self)
{
  if (self->expander != NULL)
    show_expander (self);
  if (WS_IS_RESULT_GROUP (self->row))
    {
      show_group (self);
      return;
    }
  gtk_widget_remove_css_class (self->text, "strong");
  show_result (self);
}

static void
result_changed (WsResultCell *self)
{
  gtk_widget_add_css_class (self->text, "fresh");
  show_row (self);
}

static void
current_changed (WsResultCell *self)
{
  if (self->row != NULL)
    show_row (self);
}

static void
toggle_group (WsResultCell *self)
{
  if (WS_IS_RESULT_GROUP (self->row))
    ws_result_list_set_expanded (self->list, WS_RESULT_GROUP (self->row),
                                 !ws_result_group_get_expanded (WS_RESULT_GROUP (self->row)));
}

void
ws_result_cell_set_row (WsResultCell *self, gpointer row)
{
  g_return_if_fail (WS_IS_RESULT_CELL (self));

  if (self->row != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->row, self);
      gtk_widget_remove_css_class (self->text, "fresh");
    }
  g_set_object (&self->row, row);
  if (row == NULL)
    return;
  if (WS_IS_RESULT_GROUP (row))
    g_signal_connect_swapped (row, "changed", G_CALLBACK (show_row), self);
  else
    g_signal_connect_swapped (row, "notify::result", G_CALLBACK (result_changed), self);
  show_row (self);
}

gpointer
ws_result_cell_get_row (WsResultCell *self)
{
  return self->row;
}

/* Made only when somebody looks. */
static gboolean
query_tooltip (WsResultCell *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;

  if (WS_IS_RESULT_GROUP (self->row) && self->column->kind == WS_COLUMN_BLOCK)
    text = g_strdup (ws_result_group_get_title (WS_RESULT_GROUP (self->row)));
  else if (WS_IS_RESULT_ITEM (self->row))
    text = ws_result_column_dup_tooltip (self->column,
                                         ws_result_item_get_result (WS_RESULT_ITEM (self->row)));
  gtk_tooltip_set_text (tooltip, text);
  return text != NULL;
}

static void
ws_result_cell_dispose (GObject *object)
{
  WsResultCell *self = WS_RESULT_CELL (object);
  GtkWidget *child;

  if (self->row != NULL)
    g_signal_handlers_disconnect_by_data (self->row, self);
  g_clear_object (&self->row);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (ws_result_cell_parent_class)->dispose (object);
}

static void
ws_result_cell_class_init (WsResultCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_result_cell_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "resultcell");
}

static void
ws_result_cell_init (WsResultCell *self)
{
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (gtk_widget_get_layout_manager (GTK_WIDGET (self))),
                              8);
}

static GtkWidget *
add_child (WsResultCell *self, GtkWidget *child)
{
  gtk_widget_set_valign (child, GTK_ALIGN_CENTER);
  gtk_widget_set_parent (child, GTK_WIDGET (self));
  return child;
}

/* GtkInscription, because setting its text asks for no new layout. */
static void
add_text (WsResultCell *self)
{
  gboolean numeric = ws_result_column_is_numeric (self->column);

  self->text = add_child (self, gtk_inscription_new (NULL));
  gtk_widget_set_hexpand (self->text, TRUE);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (self->text), numeric ? 1 : 0);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (self->text),
                                 self->column->kind == WS_COLUMN_STATE ? 0 : 1);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (self->text),
                                 self->column->kind == WS_COLUMN_STATE ? 11 : 4);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (self->text),
                                     self->column->kind == WS_COLUMN_NAME
                                         ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
                                         : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (numeric)
    gtk_widget_add_css_class (self->text, "numeric");
  if (self->column->kind == WS_COLUMN_NAME)
    gtk_widget_add_css_class (self->text, "mono");
  if (self->column->kind == WS_COLUMN_SHAPE || self->column->kind == WS_COLUMN_DTYPE)
    gtk_widget_add_css_class (self->text, "dim");
}

static void
add_expander (WsResultCell *self)
{
  self->expander = add_child (self, gtk_button_new_from_icon_name ("pan-down-symbolic"));
  gtk_widget_add_css_class (self->expander, "flat");
  gtk_widget_add_css_class (self->expander, "expander");
  g_signal_connect_swapped (self->expander, "clicked", G_CALLBACK (toggle_group), self);
}

GtkWidget *
ws_result_cell_new (const WsResultColumn *column, WsResultList *list, WsRowColorFunc get_color,
                    gpointer color_data)
{
  WsResultCell *self = g_object_new (WS_TYPE_RESULT_CELL, "has-tooltip", TRUE, NULL);

  self->column = column;
  self->get_color = get_color;
  self->color_data = color_data;
  self->list = list;
  if (column->kind == WS_COLUMN_LAYER)
    add_expander (self);
  if (column->kind == WS_COLUMN_BLOCK)
    {
      self->swatch = add_child (self, ws_swatch_new ());
      g_signal_connect_object (list, "selected-changed", G_CALLBACK (show_swatch), self,
                               G_CONNECT_SWAPPED | G_CONNECT_AFTER);
      g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (show_swatch),
                               self, G_CONNECT_SWAPPED);
    }
  if (column->kind == WS_COLUMN_STATE)
    {
      self->icon = add_child (self, gtk_image_new ());
      g_signal_connect_object (list, "notify::current", G_CALLBACK (current_changed), self,
                               G_CONNECT_SWAPPED);
    }
  add_text (self);
  if (ws_result_column_has_bar (column))
    self->bar = add_child (self, ws_mini_bar_new ());
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip), NULL);
  return GTK_WIDGET (self);
}
