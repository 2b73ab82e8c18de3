/* SPDX-License-Identifier: MIT */
/* The pane of the map of tokens: what colours it, what dragging does, the map. */
#include "map-pane.h"

#include "base/format.h"
#include "map-plot.h"
#include "settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _WsMapPane
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkLabel *summary;
  GtkDropDown *coloring;
  GtkToggleButton *drag_zoom;
  GtkToggleButton *drag_move;
  GtkToggleButton *drag_lasso;
  WsMapPlot *plot;

  WsClusterSession *session;
  const WsProjection *shown; /* whose points are in the map; compared only */
  char *token_text;          /* of the read-out, until the next one */
  char *distance_text;
};

G_DEFINE_FINAL_TYPE (WsMapPane, ws_map_pane, GTK_TYPE_BOX)

static WsClusterFocus *
get_focus (WsMapPane *self)
{
  return ws_cluster_session_get_focus (self->session);
}

static WsTokenMap *
get_map (WsMapPane *self)
{
  return ws_map_plot_get_map (self->plot);
}

/* "all 151 936 tokens"; the axes tell that they are principal components, and the tooltip in words
 */
static void
show_summary (WsMapPane *self)
{
  const WsProjection *projection = ws_cluster_session_get_projection (self->session);
  g_autofree char *n = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *summary = NULL;

  if (projection == NULL)
    {
      gtk_label_set_text (self->summary, "");
      return;
    }
  n = ws_format_count (projection->n);
  /* Translators: %s is their number: that none is left out */
  shown = g_strdup_printf (_ ("all %s tokens"), n);
  /* Translators: %s is a number of tokens; PCA: principal component analysis */
  summary = g_strdup_printf (_ ("PCA to two dimensions, all %s tokens"), n);
  gtk_label_set_text (self->summary, shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->summary), summary);
}

static double
get_share (const WsProjection *projection, guint i)
{
  return i < projection->d && projection->total > 0 ? projection->variance[i] / projection->total
                                                    : NAN;
}

static guint32 *
dup_tokens (WsMapPane *self, gsize n)
{
  guint32 *tokens = g_new (guint32, MAX (n, 1));

  for (gsize i = 0; i < n; i++)
    tokens[i] = ws_cluster_session_get_token (self->session, (guint32) i);
  return tokens;
}

static void
set_points (WsMapPane *self, const WsProjection *projection)
{
  const WsEmbeddingFacts *facts = ws_cluster_session_get_facts (self->session);
  g_autofree guint32 *tokens = dup_tokens (self, projection->n);

  ws_token_map_set_points (get_map (self), projection->xy, projection->n, tokens);
  ws_token_map_set_variance (get_map (self), get_share (projection, 0), get_share (projection, 1));
  if (facts != NULL && facts->n == projection->n)
    ws_token_map_set_norms (get_map (self), facts->norms);
}

static void
set_clusters (WsMapPane *self)
{
  const WsClusterRows *rows = ws_cluster_focus_get_rows (get_focus (self));
  g_autofree const char **names = NULL;

  if (rows == NULL || rows->n != ws_token_map_get_n_points (get_map (self)))
    {
      ws_token_map_set_clusters (get_map (self), NULL, 0, NULL);
      return;
    }
  names = g_new (const char *, rows->k);
  for (guint i = 0; i < rows->k; i++)
    names[i] = rows->rows[i].name;
  ws_token_map_set_clusters (get_map (self), rows->entry->clustering->labels, rows->k, names);
}

static void
show_point (WsMapPane *self)
{
  int point = ws_cluster_focus_get_point (get_focus (self));
  g_autofree char *label =
      point >= 0 ? ws_cluster_session_dup_label (self->session, (guint32) point) : NULL;

  ws_token_map_set_marked (get_map (self), point, label);
  ws_map_plot_set_chosen (self->plot, point);
}

static void
show_focus (WsMapPane *self)
{
  WsClusterFocus *focus = get_focus (self);
  const GArray *list = ws_cluster_focus_get_list (focus);
  WsListed listed = ws_cluster_focus_get_listed (focus);

  if (listed == WS_LISTED_CLUSTER)
    ws_token_map_highlight_cluster (get_map (self), ws_cluster_focus_get_cluster (focus));
  else if (listed != WS_LISTED_NOTHING && list->len > 0)
    ws_token_map_set_highlight (get_map (self), (const guint32 *) list->data, list->len);
  else
    ws_token_map_set_highlight (get_map (self), NULL, 0);
  show_point (self);
  ws_map_plot_update (self->plot, FALSE);
}

static void
show_rows (WsMapPane *self)
{
  set_clusters (self);
  show_focus (self);
}

static void
show_study (WsMapPane *self)
{
  const WsProjection *projection = ws_cluster_session_get_projection (self->session);

  if (projection == self->shown)
    return;
  self->shown = projection;
  if (projection != NULL)
    set_points (self, projection);
  else
    ws_token_map_set_points (get_map (self), NULL, 0, NULL);
  show_summary (self);
  set_clusters (self);
  ws_map_plot_set_chosen (self->plot, -1);
  ws_map_plot_update (self->plot, TRUE);
  show_focus (self);
}

static void
add_readout (guint32 index, GArray *rows, gpointer user_data)
{
  WsMapPane *self = user_data;
  const WsClusterRows *clusters = ws_cluster_focus_get_rows (get_focus (self));
  WsReadoutRow row;

  g_free (self->token_text);
  self->token_text = ws_cluster_session_dup_label (self->session, index);
  row = (WsReadoutRow){ _ ("token"), self->token_text };
  g_array_append_val (rows, row);
  if (clusters == NULL || index >= clusters->n)
    return;
  g_free (self->distance_text);
  self->distance_text = ws_format_significant (clusters->entry->clustering->distances[index], 4);
  row = (WsReadoutRow){ _ ("to the centre"), self->distance_text };
  g_array_append_val (rows, row);
}

static void
on_point_chosen (WsMapPane *self, int index)
{
  if (self->session != NULL)
    ws_cluster_focus_choose_point (get_focus (self), index);
}

static void
on_lasso (WsMapPane *self, GArray *points)
{
  if (self->session != NULL)
    ws_cluster_focus_list (get_focus (self), points->len > 0 ? WS_LISTED_LASSO : WS_LISTED_NOTHING,
                           points);
}

/* The rows of the menu are in the order of WsTokenMapColoring. */
static void
on_coloring_changed (WsMapPane *self)
{
  guint coloring = gtk_drop_down_get_selected (self->coloring);

  g_settings_set_enum (ws_settings_get_default (), "map-coloring", (int) coloring);
  ws_token_map_set_coloring (get_map (self), coloring);
  ws_map_plot_update (self->plot, FALSE);
}

static void
on_drag_toggled (WsMapPane *self)
{
  WsChartDrag drag = WS_CHART_DRAG_ZOOM;

  if (gtk_toggle_button_get_active (self->drag_lasso))
    drag = WS_CHART_DRAG_LASSO;
  else if (gtk_toggle_button_get_active (self->drag_move))
    drag = WS_CHART_DRAG_MOVE;
  ws_map_plot_set_drag (self->plot, drag);
}

static void
on_fit (WsMapPane *self)
{
  ws_map_plot_fit (self->plot);
  gtk_widget_grab_focus (GTK_WIDGET (self->plot));
}

static void
ws_map_pane_dispose (GObject *object)
{
  ws_map_pane_set_session (WS_MAP_PANE (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_MAP_PANE);
  G_OBJECT_CLASS (ws_map_pane_parent_class)->dispose (object);
}

static void
ws_map_pane_finalize (GObject *object)
{
  WsMapPane *self = WS_MAP_PANE (object);

  g_free (self->token_text);
  g_free (self->distance_text);
  G_OBJECT_CLASS (ws_map_pane_parent_class)->finalize (object);
}

static void
ws_map_pane_class_init (WsMapPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_map_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_map_pane_finalize;
  g_type_ensure (WS_TYPE_MAP_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/map-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, content);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, summary);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, coloring);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, drag_zoom);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, drag_move);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, drag_lasso);
  gtk_widget_class_bind_template_child (widget_class, WsMapPane, plot);
  gtk_widget_class_bind_template_callback (widget_class, on_point_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_lasso);
  gtk_widget_class_bind_template_callback (widget_class, on_coloring_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_drag_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
}

static void
ws_map_pane_init (WsMapPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ws_map_plot_set_readout_func (self->plot, add_readout, self);
  gtk_drop_down_set_selected (
      self->coloring, (guint) g_settings_get_enum (ws_settings_get_default (), "map-coloring"));
}

void
ws_map_pane_set_session (WsMapPane *self, WsClusterSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (get_focus (self), self);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (session, "study-changed", G_CALLBACK (show_study), self);
  g_signal_connect_swapped (get_focus (self), "rows-changed", G_CALLBACK (show_rows), self);
  g_signal_connect_swapped (get_focus (self), "focus-changed", G_CALLBACK (show_focus), self);
  self->shown = (const WsProjection *) self; /* none that a session has */
  show_study (self);
}

WsTokenMap *
ws_map_pane_dup_map (WsMapPane *self)
{
  g_return_val_if_fail (WS_IS_MAP_PANE (self), NULL);
  return ws_token_map_copy (get_map (self));
}
