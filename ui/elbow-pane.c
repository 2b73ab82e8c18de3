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
  GtkToggleButton *inertia;
  GtkToggleButton *calinski_harabasz;
  GtkToggleButton *silhouette;
  GtkToggleButton *davies_bouldin;
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

static GtkToggleButton *
get_button (WsElbowPane *self, WsElbowQuantity quantity)
{
  GtkToggleButton *const buttons[] = { self->inertia, self->calinski_harabasz, self->silhouette,
                                       self->davies_bouldin };

  return buttons[quantity];
}

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
on_quantity_toggled (WsElbowPane *self, GtkToggleButton *button)
{
  WsElbowQuantity quantity = WS_ELBOW_INERTIA;

  if (!gtk_toggle_button_get_active (button))
    return;
  for (guint i = 0; i < WS_ELBOW_N_QUANTITIES; i++)
    if (gtk_toggle_button_get_active (get_button (self, i)))
      quantity = i;
  g_settings_set_string (ws_settings_get_default (), "elbow-quantity", quantity_keys[quantity]);
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
  gtk_toggle_button_set_active (get_button (self, quantity), TRUE);
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
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, inertia);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, calinski_harabasz);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, silhouette);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, davies_bouldin);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, plot);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, verdict);
  gtk_widget_class_bind_template_child (widget_class, WsElbowPane, verdict_label);
  gtk_widget_class_bind_template_callback (widget_class, on_quantity_toggled);
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
