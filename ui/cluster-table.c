/* SPDX-License-Identifier: MIT */
/* The table of the clusters of one k: a row lights its tokens up everywhere. */
#include "cluster-table.h"

#include "base/format.h"
#include "chart/palette.h"
#include "cluster-item.h"
#include "column-title.h"
#include "mini-bar.h"
#include "scroll-to.h"
#include "swatch.h"
#include "theme.h"
#include "token-pills.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the tokens nearest to a centre so many are shown, as far as there is room. */
#define NEAREST 8

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

/* Columns: what a cell is made of, what is put into it, what they are sorted by. */

typedef struct
{
  const char *title;
  const char *tooltip;
  int width; /* px with a font of 10 pt; -1: the rest */
  GtkWidget *(*make) (void);
  void (*fill) (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item);
  double (*get) (WsClusterItem *item); /* NULL: not sorted by */
} Column;

static GtkWidget *
make_name (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), ws_swatch_new ());
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static void
get_color (guint cluster, GdkRGBA *rgba)
{
  WsColor color = ws_palette_get_cluster (cluster, ws_theme_get_dark (ws_theme_get_default ()));

  *rgba = (GdkRGBA){ (float) color.r, (float) color.g, (float) color.b, 1 };
}

static void
fill_name (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  GtkWidget *swatch = gtk_widget_get_first_child (cell);
  GtkWidget *label = gtk_widget_get_last_child (cell);
  GdkRGBA color;

  get_color (ws_cluster_item_get_cluster (item), &color);
  ws_swatch_set_color (WS_SWATCH (swatch), &color);
  gtk_label_set_text (GTK_LABEL (label), ws_cluster_item_get_name (item));
  gtk_widget_set_tooltip_text (label, ws_cluster_item_get_name (item));
}

static GtkWidget *
make_number (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

static GtkWidget *
make_tokens (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = make_number ();

  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), ws_mini_bar_new ());
  return box;
}

static void
fill_tokens (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  gsize n = ws_cluster_item_get_n_members (item), largest = ws_cluster_item_get_largest (item);
  WsMiniBar *bar = WS_MINI_BAR (gtk_widget_get_last_child (cell));
  g_autofree char *count = ws_format_count (n);
  GdkRGBA color;

  get_color (ws_cluster_item_get_cluster (item), &color);
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
get_size (WsClusterItem *item)
{
  return ws_cluster_item_get_n_members (item);
}

static double
get_share (WsClusterItem *item)
{
  return ws_cluster_item_get_row (item)->share;
}

static void
fill_share (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  g_autofree char *text = g_strdup_printf ("%.1f %%", 100 * get_share (item));

  set_number (cell, get_share (item), text);
}

static double
get_silhouette (WsClusterItem *item)
{
  return ws_cluster_item_get_row (item)->silhouette;
}

/* The same number of decimals down the column, with the sign of the window's numbers. */
static void
fill_silhouette (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  double value = get_silhouette (item);
  g_autofree char *text = isnan (value)
                              ? g_strdup ("—")
                              : g_strdup_printf ("%s%.3f", value < 0 ? "\u2212" : "", fabs (value));

  set_number (cell, value, text);
}

static double
get_norm (WsClusterItem *item)
{
  return ws_cluster_item_get_row (item)->median_norm;
}

static void
fill_norm (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  g_autofree char *text = ws_format_significant (get_norm (item), 4);

  set_number (cell, get_norm (item), text);
}

static void
fill_nearest (WsClusterTable *self, GtkWidget *cell, WsClusterItem *item)
{
  const guint32 *members = ws_cluster_item_get_members (item);
  gsize n = MIN (ws_cluster_item_get_n_members (item), NEAREST);
  g_auto (GStrv) labels = g_new0 (char *, n + 1);

  for (gsize i = 0; i < n; i++)
    labels[i] = ws_cluster_session_dup_label (self->session, members[i]);
  ws_token_pills_set_labels (WS_TOKEN_PILLS (cell), (const char *const *) labels);
}

static const Column columns[] = {
  { N_ ("Cluster"), N_ ("Named by the tokens nearest to its centre"), 150, make_name, fill_name,
    NULL },
  { N_ ("Tokens"), NULL, 110, make_tokens, fill_tokens, get_size },
  { N_ ("Share"), N_ ("Of all tokens"), 62, make_number, fill_share, get_share },
  { N_ ("Silhouette"),
    N_ ("How much nearer its tokens are to it than to the next cluster, from −1 to 1"), 84,
    make_number, fill_silhouette, get_silhouette },
  { N_ ("Median norm"), N_ ("Length of its vectors as they are in the model"), 96, make_number,
    fill_norm, get_norm },
  { N_ ("Nearest to the centre"), NULL, -1, ws_token_pills_new, fill_nearest, NULL },
};

/* What is unknown comes last upwards and downwards alike, as far as one comparison can tell. */
static int
compare_items (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Column *column = user_data;
  double value_a = column->get ((gpointer) a), value_b = column->get ((gpointer) b);

  if (isnan (value_a) || isnan (value_b))
    return isnan (value_a) - isnan (value_b);
  return (value_a > value_b) - (value_a < value_b);
}

static void
set_up_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  const Column *column = g_object_get_data (G_OBJECT (factory), "column");

  gtk_list_item_set_child (list_item, column->make ());
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  const Column *column = g_object_get_data (G_OBJECT (factory), "column");

  column->fill (user_data, gtk_list_item_get_child (list_item), gtk_list_item_get_item (list_item));
}

/* Widths follow the font, so that large text is not cut. */
static int
scale_width (WsClusterTable *self, int width)
{
  const double digit_width = 8.5; /* of the widest common interface font of 10 pt */
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double digit = (double) pango_font_metrics_get_approximate_digit_width (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return width < 0 ? width : (int) ceil (width * MAX (1, digit / digit_width));
}

static void
append_column (WsClusterTable *self, const Column *column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_object_set_data (G_OBJECT (factory), "column", (gpointer) column);
  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), self);
  view_column = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column->width < 0);
  gtk_column_view_column_set_fixed_width (view_column, scale_width (self, column->width));
  if (column->get != NULL)
    {
      g_autoptr (GtkSorter) sorter =
          GTK_SORTER (gtk_custom_sorter_new (compare_items, (gpointer) column, NULL));

      gtk_column_view_column_set_sorter (view_column, sorter);
    }
  gtk_column_view_append_column (self->view, view_column);
}

/* The titles of numbers stand over their ends. */
static void
dress_header (WsClusterTable *self)
{
  GtkWidget *title = ws_column_title_get_first (self->view);

  for (guint i = 0; title != NULL && i < G_N_ELEMENTS (columns); i++)
    {
      if (columns[i].tooltip != NULL)
        gtk_widget_set_tooltip_text (title, _ (columns[i].tooltip));
      if (columns[i].make == make_number)
        ws_column_title_align (title);
      title = gtk_widget_get_next_sibling (title);
    }
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
show_rows (WsClusterTable *self)
{
  WsClusterRows *rows = ws_cluster_focus_get_rows (ws_cluster_session_get_focus (self->session));
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

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
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    append_column (self, &columns[i]);
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
