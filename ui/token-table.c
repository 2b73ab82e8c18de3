/* SPDX-License-Identifier: MIT */
/* The list of tokens: members of a cluster, what was drawn round, what a search found. */
#include "token-table.h"

#include "base/format.h"
#include "cell-columns.h"
#include "scroll-to.h"
#include "theme.h"
#include "token-list.h"
#include "token-order.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _WsTokenTable
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkSearchEntry *search;
  GtkWidget *title_row;
  GtkLabel *title;
  GtkLabel *count;
  GtkDropDown *order;
  GtkStack *pages;
  GtkLabel *empty;
  GtkColumnView *view;

  WsClusterSession *session;
  WsTokenList *list;
  GtkSingleSelection *selection;
  GArray *ordered; /* (nullable) the list that @list was ordered from */
  WsJob *order_job;
  WsJob *search_job;
  gboolean following;   /* selection and search follow the focus, not the person */
  gboolean opens_first; /* the first hit of the search is to be chosen */
};

G_DEFINE_FINAL_TYPE (WsTokenTable, ws_token_table, GTK_TYPE_BOX)

static WsClusterFocus *
get_focus (WsTokenTable *self)
{
  return ws_cluster_session_get_focus (self->session);
}

static void
abandon (WsJob **job)
{
  if (*job != NULL)
    ws_job_abandon (*job);
  g_clear_pointer (job, ws_job_unref);
}

/* Columns */

static GtkWidget *
make_token (void)
{
  GtkWidget *cell = ws_cell_new_name ();
  GtkWidget *label = gtk_widget_get_last_child (cell);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_add_css_class (label, "mono");
  return cell;
}

static void
fill_token (gpointer owner, GtkWidget *cell, gpointer item)
{
  WsTokenTable *self = owner;
  guint32 point = ws_token_item_get_point (item);
  g_autofree char *label = ws_cluster_session_dup_label (self->session, point);
  g_autofree char *tooltip = ws_cluster_session_dup_tooltip (self->session, point);

  ws_cell_set_name (cell, ws_cluster_focus_find_cluster (get_focus (self), point), label, tooltip);
}

static void
fill_id (gpointer owner, GtkWidget *cell, gpointer item)
{
  WsTokenTable *self = owner;
  guint32 point = ws_token_item_get_point (item);
  g_autofree char *text =
      g_strdup_printf ("%u", ws_cluster_session_get_token (self->session, point));

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
set_number (GtkWidget *cell, double value)
{
  g_autofree char *text = ws_format_significant (value, 4);

  gtk_label_set_text (GTK_LABEL (cell), text);
}

static void
fill_norm (gpointer owner, GtkWidget *cell, gpointer item)
{
  WsTokenTable *self = owner;
  guint32 point = ws_token_item_get_point (item);
  const WsEmbeddingFacts *facts = ws_cluster_session_get_facts (self->session);

  set_number (cell, facts != NULL && point < facts->n ? facts->norms[point] : NAN);
}

static void
fill_distance (gpointer owner, GtkWidget *cell, gpointer item)
{
  WsTokenTable *self = owner;
  guint32 point = ws_token_item_get_point (item);
  const WsClusterRows *rows = ws_cluster_focus_get_rows (get_focus (self));

  set_number (cell,
              rows != NULL && point < rows->n ? rows->entry->clustering->distances[point] : NAN);
}

static const WsCellColumn columns[] = {
  { N_ ("Token"), NULL, -1, make_token, fill_token, NULL },
  { N_ ("Id"), NULL, 58, ws_cell_new_number, fill_id, NULL },
  { N_ ("Norm"), NULL, 60, ws_cell_new_number, fill_norm, NULL },
  /* Translators: of a token to the centre of its cluster */
  { N_ ("Distance"), NULL, 68, ws_cell_new_number, fill_distance, NULL },
};

static void
dress_header (WsTokenTable *self)
{
  ws_cell_columns_dress (self->view, columns, G_N_ELEMENTS (columns));
}

/* What is listed, in words */

static char *
dup_title (WsTokenTable *self)
{
  WsClusterFocus *focus = get_focus (self);
  const WsClusterRows *rows = ws_cluster_focus_get_rows (focus);
  int cluster = ws_cluster_focus_get_cluster (focus);

  switch (ws_cluster_focus_get_listed (focus))
    {
    case WS_LISTED_CLUSTER:
      if (rows != NULL && cluster >= 0 && cluster < (int) rows->k)
        return g_strdup (rows->rows[cluster].name);
      break;
    case WS_LISTED_LASSO:
      return g_strdup (_ ("Drawn round"));
    case WS_LISTED_UNTRAINED:
      return g_strdup (_ ("Possibly untrained"));
    case WS_LISTED_FOUND:
      return g_strdup (_ ("Found"));
    case WS_LISTED_NOTHING:
      break;
    }
  return g_strdup (_ ("Tokens"));
}

static const char *
explain_nothing (WsTokenTable *self)
{
  if (ws_cluster_focus_get_listed (get_focus (self)) == WS_LISTED_FOUND)
    return _ ("No token has these words.");
  return _ ("Choose a cluster, draw round tokens on the map, or search.");
}

/* Hits come best first, and who may be untrained most suspect first: they stay so. */
static gboolean
has_order (WsTokenTable *self)
{
  WsListed listed = ws_cluster_focus_get_listed (get_focus (self));

  return listed == WS_LISTED_CLUSTER || listed == WS_LISTED_LASSO;
}

static void
show_title (WsTokenTable *self)
{
  g_autofree char *title = dup_title (self);
  guint n = ws_cluster_focus_get_list (get_focus (self))->len;
  g_autofree char *count = ws_format_count (n);

  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_label_set_text (self->count, n > 0 ? count : "");
  gtk_label_set_text (self->empty, explain_nothing (self));
  gtk_stack_set_visible_child_name (self->pages, n > 0 ? "rows" : "empty");
  gtk_widget_set_visible (self->title_row, n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->order), n > 1 && has_order (self));
}

/* The rows */

static void
follow_point (WsTokenTable *self)
{
  int point = ws_cluster_focus_get_point (get_focus (self));
  guint position = GTK_INVALID_LIST_POSITION;

  if (point >= 0)
    ws_token_list_find (self->list, (guint32) point, &position);
  self->following = TRUE;
  if (gtk_single_selection_get_selected (self->selection) != position)
    {
      gtk_single_selection_set_selected (self->selection, position);
      if (position != GTK_INVALID_LIST_POSITION)
        ws_scroll_to_row (self->view, position);
    }
  self->following = FALSE;
}

/* More of the list is there: perhaps the chosen one. */
static void
on_items_changed (WsTokenTable *self)
{
  if (!self->following && self->session != NULL)
    follow_point (self);
}

static void
show_points (WsTokenTable *self, GArray *points)
{
  self->following = TRUE;
  /* Else GTK looks for the selected one among all that are new. */
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  ws_token_list_set_points (self->list, points);
  self->following = FALSE;
  follow_point (self);
}

static void
on_ordered (gpointer owner, gpointer data, const GError *error)
{
  WsTokenTable *self = owner;
  WsTokenOrdering *ordering = data;

  g_clear_pointer (&self->order_job, ws_job_unref);
  if (error == NULL)
    show_points (self, ordering->sorted);
}

static const WsJobKind order_kind = { ws_token_ordering_execute, NULL, on_ordered,
                                      (GDestroyNotify) ws_token_ordering_free };

/* The rows of the menu are in the order of WsTokenOrder. */
static void
show_list (WsTokenTable *self)
{
  GArray *points = ws_cluster_focus_get_list (get_focus (self));
  WsTokenOrder order = gtk_drop_down_get_selected (self->order);
  gboolean as_listed =
      !has_order (self) || (order == WS_TOKEN_ORDER_NEAREST &&
                            ws_cluster_focus_get_listed (get_focus (self)) == WS_LISTED_CLUSTER);

  abandon (&self->order_job);
  g_array_ref (points);
  g_clear_pointer (&self->ordered, g_array_unref);
  self->ordered = points;
  if (as_listed)
    show_points (self, points);
  else
    self->order_job = ws_job_start (
        &order_kind, self,
        ws_token_ordering_new (order, points, ws_cluster_session_get_facts (self->session),
                               ws_cluster_focus_get_rows (get_focus (self))));
}

static void
on_order_changed (WsTokenTable *self)
{
  if (self->session != NULL)
    show_list (self);
}

/* Another list came from elsewhere: the words do not tell what it is. */
static void
forget_search (WsTokenTable *self)
{
  abandon (&self->search_job);
  if (*gtk_editable_get_text (GTK_EDITABLE (self->search)) == '\0')
    return;
  self->following = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  self->following = FALSE;
}

static void
show_focus (WsTokenTable *self)
{
  WsClusterFocus *focus = get_focus (self);

  if (self->ordered == ws_cluster_focus_get_list (focus))
    {
      follow_point (self);
      return;
    }
  if (ws_cluster_focus_get_listed (focus) != WS_LISTED_FOUND &&
      ws_cluster_focus_get_listed (focus) != WS_LISTED_NOTHING)
    forget_search (self);
  show_title (self);
  show_list (self);
}

/* The same tokens in other clusters: swatches and distances are others. */
static void
show_rows (WsTokenTable *self)
{
  g_clear_pointer (&self->ordered, g_array_unref);
  show_focus (self);
}

static void
on_selected (WsTokenTable *self)
{
  WsTokenItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (self->following || self->session == NULL || item == NULL)
    return;
  ws_cluster_focus_choose_point (get_focus (self), (int) ws_token_item_get_point (item));
}

/* The search */

static GArray *
find_points (WsTokenTable *self, const GArray *ids)
{
  GArray *points = g_array_sized_new (FALSE, FALSE, sizeof (guint32), ids->len);

  for (guint i = 0; i < ids->len; i++)
    {
      guint32 point;

      if (ws_cluster_session_find_point (self->session, g_array_index (ids, guint, i), &point))
        g_array_append_val (points, point);
    }
  return points;
}

static void
choose_first (WsTokenTable *self)
{
  GArray *points = ws_cluster_focus_get_list (get_focus (self));

  if (ws_cluster_focus_get_listed (get_focus (self)) == WS_LISTED_FOUND && points->len > 0)
    ws_cluster_focus_choose_point (get_focus (self), (int) g_array_index (points, guint32, 0));
}

static void
on_found (gpointer owner, gpointer data, const GError *error)
{
  WsTokenTable *self = owner;
  WsTokenSearch *search = data;
  g_autoptr (GArray) points = NULL;

  g_clear_pointer (&self->search_job, ws_job_unref);
  if (error != NULL || self->session == NULL)
    return;
  points = find_points (self, search->ids);
  ws_cluster_focus_list (get_focus (self), WS_LISTED_FOUND, points);
  if (self->opens_first)
    choose_first (self);
  self->opens_first = FALSE;
}

static const WsJobKind search_kind = { ws_token_search_execute, NULL, on_found,
                                       (GDestroyNotify) ws_token_search_free };

static void
on_search_changed (WsTokenTable *self)
{
  const char *words = gtk_editable_get_text (GTK_EDITABLE (self->search));

  if (self->following || self->session == NULL)
    return;
  abandon (&self->search_job);
  if (*words == '\0')
    {
      self->opens_first = FALSE;
      if (ws_cluster_focus_get_listed (get_focus (self)) == WS_LISTED_FOUND)
        ws_cluster_focus_list (get_focus (self), WS_LISTED_NOTHING, NULL);
      return;
    }
  self->search_job =
      ws_job_start (&search_kind, self,
                    ws_token_search_new (words, ws_cluster_session_get_tokenizer (self->session)));
}

/* Enter takes the first hit, also of a search that is still on its way. */
static void
on_search_activated (WsTokenTable *self)
{
  if (self->session == NULL)
    return;
  self->opens_first = TRUE;
  on_search_changed (self);
}

static void
on_search_stopped (WsTokenTable *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
}

static void
on_theme_changed (WsTokenTable *self)
{
  if (self->session != NULL)
    show_rows (self);
}

static void
ws_token_table_dispose (GObject *object)
{
  WsTokenTable *self = WS_TOKEN_TABLE (object);

  ws_token_table_set_session (self, NULL);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  if (self->view != NULL)
    gtk_column_view_set_model (self->view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->list);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_TOKEN_TABLE);
  G_OBJECT_CLASS (ws_token_table_parent_class)->dispose (object);
}

static void
ws_token_table_class_init (WsTokenTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_token_table_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/token-table.ui");
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, content);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, search);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, title_row);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, title);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, count);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, order);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, pages);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, empty);
  gtk_widget_class_bind_template_child (widget_class, WsTokenTable, view);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_search_stopped);
  gtk_widget_class_bind_template_callback (widget_class, on_order_changed);
}

static void
ws_token_table_init (WsTokenTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_set (self->search, "placeholder-text", _ ("Search tokens"), NULL);
  ws_cell_columns_append (self->view, columns, G_N_ELEMENTS (columns), self);
  self->list = ws_token_list_new ();
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->list));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->list, "items-changed", G_CALLBACK (on_items_changed), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_swapped (self->view, "map", G_CALLBACK (dress_header), self);
  g_signal_connect_swapped (self->selection, "notify::selected", G_CALLBACK (on_selected), self);
  g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (on_theme_changed),
                           self, G_CONNECT_SWAPPED);
}

void
ws_token_table_set_session (WsTokenTable *self, WsClusterSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (get_focus (self), self);
      abandon (&self->order_job);
      abandon (&self->search_job);
      self->following = TRUE;
      ws_token_list_set_points (self->list, NULL);
      self->following = FALSE;
      g_clear_pointer (&self->ordered, g_array_unref);
      self->opens_first = FALSE;
      forget_search (self);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (get_focus (self), "rows-changed", G_CALLBACK (show_rows), self);
  g_signal_connect_swapped (get_focus (self), "focus-changed", G_CALLBACK (show_focus), self);
  show_rows (self);
}

void
ws_token_table_focus_search (WsTokenTable *self)
{
  g_return_if_fail (WS_IS_TOKEN_TABLE (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

GtkSelectionModel *
ws_token_table_get_selection (WsTokenTable *self)
{
  return GTK_SELECTION_MODEL (self->selection);
}
