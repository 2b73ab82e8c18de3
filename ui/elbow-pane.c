/* SPDX-License-Identifier: MIT */
/* The pane of the elbow chart: its quantity, the curve as it grows, the verdict below it. */
#include "elbow-pane.h"

#include "elbow-plot.h"
#include "settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _WsElbowPane
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkDropDown *quantity;
  WsElbowPlot *plot;
  GtkWidget *verdict;
  GtkLabel *verdict_label;

  WsClusterSession *session;
};

G_DEFINE_FINAL_TYPE (WsElbowPane, ws_elbow_pane, GTK_TYPE_BOX)

/* In the order of WsElbowQuantity, as the setting has them. */
static const char *const quantity_keys[] = { "inertia", "calinski-harabasz", "silhouette",
                                             "davies-bouldin" };

G_STATIC_ASSERT (G_N_ELEMENTS (quantity_keys) == WS_ELBOW_N_QUANTITIES);

/* In the same order. */
static const char *const quantity_helps[] = {
  N_ ("Sum of the squared distances to the centres: it always falls; the elbow is where it stops "
      "falling fast"),
  N_ ("Calinski–Harabasz: spread between the clusters over spread within them; the greatest is "
      "best"),
  N_ ("How much nearer tokens are to their own cluster than to the next one, from −1 to 1; the "
      "greatest is best"),
  N_ ("Davies–Bouldin: how alike the most alike clusters are; the least is best"),
};

G_STATIC_ASSERT (G_N_ELEMENTS (quantity_helps) == WS_ELBOW_N_QUANTITIES);

/* Why this k: the criterion's reasons, or what they say of a k that a person chose. */
static void
show_verdict (WsElbowPane *self)
{
  GPtrArray *curve = ws_cluster_session_get_curve (self->session);
  WsChoice choice = *ws_cluster_session_get_choice (self->session);
  guint k = ws_cluster_focus_get_k (ws_cluster_session_get_focus (self->session));
  g_autofree char *verdict = NULL;

  if (k > 0 && k != choice.k)
    ws_choice_overrule (&choice, curve, k);
  if (choice.k > 0)
    verdict = ws_choice_describe (&choice, TRUE);
  gtk_label_set_text (self->verdict_label, verdict != NULL ? verdict : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->verdict_label), verdict);
  gtk_widget_set_visible (self->verdict, verdict != NULL && *verdict != '\0');
}

/* Where the curve will go, while it grows. */
static void
announce_grid (WsElbowPane *self, WsElbowChart *chart)
{
  g_autoptr (GArray) grid = NULL;
  WsClustersState state = ws_cluster_session_get_state (self->session);

  if (state != WS_CLUSTERS_RUNNING && state != WS_CLUSTERS_STOPPING)
    return;
  grid = ws_cluster_session_dup_grid (self->session);
  if (grid != NULL)
    ws_elbow_chart_set_grid (chart, (const guint *) grid->data, grid->len);
}

static void
show_k (WsElbowPane *self)
{
  guint k = ws_cluster_focus_get_k (ws_cluster_session_get_focus (self->session));

  ws_elbow_chart_set_chosen (ws_elbow_plot_get_chart (self->plot), k);
  ws_elbow_plot_update (self->plot, k);
  show_verdict (self);
}

static void
show_study (WsElbowPane *self)
{
  WsElbowChart *chart = ws_elbow_plot_get_chart (self->plot);
  GPtrArray *curve = ws_cluster_session_get_curve (self->session);
  const WsElbow *elbow = ws_cluster_session_get_elbow (self->session);

  ws_elbow_chart_clear (chart);
  announce_grid (self, chart);
  for (guint i = 0; i < curve->len; i++)
    ws_elbow_chart_set_entry (chart, g_ptr_array_index (curve, i));
  ws_elbow_chart_set_marks (chart, elbow->second_difference, elbow->kneedle, elbow->chord);
  show_k (self);
}

static void
on_k_chosen (WsElbowPane *self, guint k)
{
  if (self->session != NULL)
    ws_cluster_focus_choose_k (ws_cluster_session_get_focus (self->session), k);
}

static void
on_quantity_chosen (WsElbowPane *self)
{
  const guint quantity = gtk_drop_down_get_selected (self->quantity);

  if (quantity >= WS_ELBOW_N_QUANTITIES) /* while the menu is made */
    return;
  g_settings_set_string (ws_settings_get_default (), "elbow-quantity", quantity_keys[quantity]);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->quantity), _ (quantity_helps[quantity]));
  ws_elbow_chart_set_quantity (ws_elbow_plot_get_chart (self->plot), quantity);
  if (self->session != NULL)
    show_k (self);
}

static void
restore_quantity (WsElbowPane *self)
{
  g_autofree char *key = g_settings_get_string (ws_settings_get_default (), "elbow-quantity");
  WsElbowQuantity quantity = WS_ELBOW_INERTIA;

  for (guint i = 0; i < WS_ELBOW_N_QUANTITIES; i++)
    if (g_str_equal (key, quantity_keys[i]))
      quantity = i;
  gtk_drop_down_set_selected (self->quantity, quantity);
  on_quantity_chosen (self);
}

static void
ws_elbow_pane_dispose (GObject *object)
{
  ws_elbow_pane_set_session (WS_ELBOW_PANE (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_ELBOW_PANE);
  G_OBJECT_CLASS (ws_elbow_pane_parent_class)->dispose (object);
}

static void
ws_elbow_pane_class_init (WsElbowPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_elbow_pane_dispose;
  g_type_ensure (WS_TYPE_ELBOW_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/elbow-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, content);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, quantity);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, plot);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, verdict);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, verdict_label);
  gtk_widget_class_bind_template_callback (widget_class, on_quantity_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_k_chosen);
}

static void
ws_elbow_pane_init (WsElbowPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  restore_quantity (self);
}

void
ws_elbow_pane_set_session (WsElbowPane *self, WsClusterSession *session)
{
  WsClusterFocus *focus;

  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (ws_cluster_session_get_focus (self->session), self);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  focus = ws_cluster_session_get_focus (session);
  g_signal_connect_swapped (session, "study-changed", G_CALLBACK (show_study), self);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (show_study), self);
  g_signal_connect_swapped (focus, "k-changed", G_CALLBACK (show_k), self);
  show_study (self);
}

WsElbowChart *
ws_elbow_pane_dup_chart (WsElbowPane *self)
{
  g_return_val_if_fail (WS_IS_ELBOW_PANE (self), NULL);
  return ws_elbow_chart_copy (ws_elbow_plot_get_chart (self->plot));
}
