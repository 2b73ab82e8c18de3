/* SPDX-License-Identifier: MIT */
/* The table of the clusters of one k: a row lights its tokens up everywhere. */
#include "cluster-table.h"

#include "base/format.h"
#include "cell-columns.h"
#include "cluster-item.h"
#include "mini-bar.h"
#include "scroll-to.h"
#include "theme.h"
#include "token-pills.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the tokens nearest to a centre so many are shown, as far as there is room. */
#define NEAREST 8
/* The column of names is as wide as these are, within limits; px with a font of 10 pt. */
#define MIN_NAME 110
#define MAX_NAME 224

struct _WsClusterTable
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkColumnView *view;

  WsClusterSession *session;
  GListStore *items;
  GtkSortListModel *sorted;
  GtkSingleSelection *selection;
  gboolean following; /* the selection follows the focus, not the person */
};

G_DEFINE_FINAL_TYPE (WsClusterTable, ws_cluster_table, GTK_TYPE_BOX)

/* Columns */

static void
fill_name (gpointer owner, GtkWidget *cell, gpointer item)
{
  ws_cell_set_name (cell, (int) ws_cluster_item_get_cluster (item), ws_cluster_item_get_name (item),
                    NULL);
}

static GtkWidget *
make_tokens (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = ws_cell_new_number ();

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), ws_mini_bar_new ());
  return box;
}

static void
fill_tokens (gpointer owner, GtkWidget *cell, gpointer item)
{
  gsize n = ws_cluster_item_get_n_members (item), largest = ws_cluster_item_get_largest (item);
  WsMiniBar *bar = WS_MINI_BAR (gtk_widget_get_last_child (cell));
  g_autofree char *count = ws_format_count (n);
  GdkRGBA color;

  ws_cell_get_cluster_color (ws_cluster_item_get_cluster (item), &color);
  gtk_label_set_text (GTK_LABEL (gtk_widget_get_first_child (cell)), count);
  ws_mini_bar_set_color (bar, &color);
  ws_mini_bar_set_values (bar, largest > 0 ? n / (double) largest : NAN, NAN);
}

static void
set_number (GtkWidget *cell, double value, const char *text)
{
  gtk_label_set_text (GTK_LABEL (cell), text);
  if (isnan (value))
    gtk_widget_add_css_class (cell, "faint");
  else
    gtk_widget_remove_css_class (cell, "faint");
}

static double
get_size (gpointer item)
{
  return ws_cluster_item_get_n_members (item);
}

static double
get_share (gpointer item)
{
  return ws_cluster_item_get_row (item)->share;
}

static void
fill_share (gpointer owner, GtkWidget *cell, gpointer item)
{
  g_autofree char *text = g_strdup_printf ("%.1f %%", 100 * get_share (item));

  set_number (cell, get_share (item), text);
}

static double
get_silhouette (gpointer item)
{
  return ws_cluster_item_get_row (item)->silhouette;
}

/* The same number of decimals down the column, with the sign of the window's numbers. */
static void
fill_silhouette (gpointer owner, GtkWidget *cell, gpointer item)
{
  double value = get_silhouette (item);
  g_autofree char *text = isnan (value)
                              ? g_strdup ("—")
                              : g_strdup_printf ("%s%.3f", value < 0 ? "\u2212" : "", fabs (value));

  set_number (cell, value, text);
}

static double
get_norm (gpointer item)
{
  return ws_cluster_item_get_row (item)->median_norm;
}

static void
fill_norm (gpointer owner, GtkWidget *cell, gpointer item)
{
  g_autofree char *text = ws_format_significant (get_norm (item), 4);

  set_number (cell, get_norm (item), text);
}

static void
fill_nearest (gpointer owner, GtkWidget *cell, gpointer item)
{
  const guint32 *members = ws_cluster_item_get_members (item);
  gsize n = MIN (ws_cluster_item_get_n_members (item), NEAREST);
  WsClusterTable *self = owner;
  g_auto (GStrv) labels = g_new0 (char *, n + 1);
  g_auto (GStrv) tooltips = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    {
      labels[i] = ws_cluster_session_dup_label (self->session, members[i]);
      tooltips[i] = ws_cluster_session_dup_tooltip (self->session, members[i]);
    }
  ws_token_pills_set_labels (WS_TOKEN_PILLS (cell), (const char *const *) labels,
                             (const char *const *) tooltips);
}

static const WsCellColumn columns[] = {
  { N_ ("Cluster"), N_ ("Named by the tokens nearest to its centre"), MIN_NAME, ws_cell_new_name,
    fill_name, NULL },
  { N_ ("Tokens"), NULL, 110, make_tokens, fill_tokens, get_size },
  { N_ ("Share"), N_ ("Of all tokens"), 66, ws_cell_new_number, fill_share, get_share },
  { N_ ("Silhouette"),
    N_ ("How much nearer its tokens are to it than to the next cluster, from −1 to 1"), 92,
    ws_cell_new_number, fill_silhouette, get_silhouette },
  { N_ ("Median norm"), N_ ("Length of its vectors as they are in the model"), 108,
    ws_cell_new_number, fill_norm, get_norm },
  { N_ ("Nearest to the centre"), NULL, -1, ws_token_pills_new, fill_nearest, NULL },
};

static void
dress_header (WsClusterTable *self)
{
  ws_cell_columns_dress (self->view, columns, G_N_ELEMENTS (columns));
}

/* The selection follows the focus of the page, and moves it. */

static guint
find_position (WsClusterTable *self, int cluster)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; cluster >= 0 && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (WsClusterItem) item = g_list_model_get_item (model, i);

      if ((int) ws_cluster_item_get_cluster (item) == cluster)
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
show_focus (WsClusterTable *self)
{
  WsClusterFocus *focus = ws_cluster_session_get_focus (self->session);
  guint position = find_position (self, ws_cluster_focus_get_cluster (focus));

  self->following = TRUE;
  if (gtk_single_selection_get_selected (self->selection) != position)
    {
      gtk_single_selection_set_selected (self->selection, position);
      if (position != GTK_INVALID_LIST_POSITION)
        ws_scroll_to_row (self->view, position);
    }
  self->following = FALSE;
}

static void
on_selected (WsClusterTable *self)
{
  WsClusterItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (self->following || self->session == NULL)
    return;
  ws_cluster_focus_choose_cluster (ws_cluster_session_get_focus (self->session),
                                   item != NULL ? (int) ws_cluster_item_get_cluster (item) : -1);
}

static void
fit_names (WsClusterTable *self, const WsClusterRows *rows)
{
  GtkWidget *view = GTK_WIDGET (self->view);
  g_autoptr (GtkColumnViewColumn) column =
      g_list_model_get_item (gtk_column_view_get_columns (self->view), 0);
  int width = ws_cell_width (view, MIN_NAME);
  const char *longest = "";

  for (guint i = 0; i < rows->k; i++)
    if (g_utf8_strlen (rows->rows[i].name, -1) > g_utf8_strlen (longest, -1))
      longest = rows->rows[i].name;
  width = MAX (width, ws_cell_measure (view, longest, TRUE));
  gtk_column_view_column_set_fixed_width (column, MIN (width, ws_cell_width (view, MAX_NAME)));
}

static void
show_rows (WsClusterTable *self)
{
  WsClusterRows *rows = ws_cluster_focus_get_rows (ws_cluster_session_get_focus (self->session));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (rows != NULL)
    fit_names (self, rows);
  for (guint i = 0; rows != NULL && i < rows->k; i++)
    g_ptr_array_add (items, ws_cluster_item_new (rows, i));
  self->following = TRUE;
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
  self->following = FALSE;
  show_focus (self);
}

/* Other colours: the cells are filled anew. */
static void
on_theme_changed (WsClusterTable *self)
{
  if (self->session != NULL)
    show_rows (self);
}

static void
ws_cluster_table_dispose (GObject *object)
{
  WsClusterTable *self = WS_CLUSTER_TABLE (object);

  ws_cluster_table_set_session (self, NULL);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->items);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_CLUSTER_TABLE);
  G_OBJECT_CLASS (ws_cluster_table_parent_class)->dispose (object);
}

static void
ws_cluster_table_class_init (WsClusterTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_cluster_table_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/cluster-table.ui");
  gtk_widget_class_bind_template_child (widget_class, WsClusterTable, content);
  gtk_widget_class_bind_template_child (widget_class, WsClusterTable, view);
}

static void
ws_cluster_table_init (WsClusterTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (WS_TYPE_CLUSTER_ITEM);
  ws_cell_columns_append (self->view, columns, G_N_ELEMENTS (columns), self);
  self->sorted = gtk_sort_list_model_new (G_LIST_MODEL (g_object_ref (self->items)),
                                          g_object_ref (gtk_column_view_get_sorter (self->view)));
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->sorted));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (on_selected), self);
  g_signal_connect_swapped (self->view, "map", G_CALLBACK (dress_header), self);
  g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (on_theme_changed),
                           self, G_CONNECT_SWAPPED);
}

void
ws_cluster_table_set_session (WsClusterTable *self, WsClusterSession *session)
{
  WsClusterFocus *focus;

  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (ws_cluster_session_get_focus (self->session), self);
      self->following = TRUE;
      g_list_store_remove_all (self->items);
      self->following = FALSE;
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  focus = ws_cluster_session_get_focus (session);
  g_signal_connect_swapped (focus, "rows-changed", G_CALLBACK (show_rows), self);
  g_signal_connect_swapped (focus, "focus-changed", G_CALLBACK (show_focus), self);
  show_rows (self);
}

GtkSelectionModel *
ws_cluster_table_get_selection (WsClusterTable *self)
{
  return GTK_SELECTION_MODEL (self->selection);
}
