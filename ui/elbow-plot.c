/* SPDX-License-Identifier: MIT */
/* The elbow chart as a widget. The curve is drawn once into a texture; the read-out, which follows
 * the pointer, is drawn over it. */
#include "elbow-plot.h"

#include "chart-drawing.h"
#include "chart-input.h"
#include "theme.h"

#include <glib/gi18n-lib.h>

struct _WsElbowPlot
{
  GtkWidget parent_instance;

  WsElbowChart *chart;
  GdkTexture *curve; /* the drawing without read-out; NULL: to be drawn */
  guint chosen;
  guint pointed; /* the k that is read out; 0: none */
};

enum
{
  K_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsElbowPlot, ws_elbow_plot, GTK_TYPE_WIDGET)

static void
redraw (WsElbowPlot *self)
{
  g_clear_object (&self->curve);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
update_description (WsElbowPlot *self)
{
  g_autofree char *description = ws_elbow_chart_describe (self->chart);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

static void
set_pointed (WsElbowPlot *self, guint k)
{
  if (self->pointed == k)
    return;
  self->pointed = k;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
draw_curve (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_elbow_chart_draw (user_data, cr, width, height);
}

static void
ws_elbow_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WsElbowPlot *self = WS_ELBOW_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr;

  if (width < 1 || height < 1)
    return;
  if (self->curve == NULL)
    self->curve = ws_chart_drawing_new (widget, width, height, draw_curve, self->chart);
  gtk_snapshot_append_texture (snapshot, self->curve, &bounds);
  if (self->pointed == 0)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  ws_elbow_chart_draw_readout (self->chart, cr, self->pointed, width, height);
  cairo_destroy (cr);
}

static void
ws_elbow_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 72;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 340 : 280;
  *minimum_baseline = *natural_baseline = -1;
}

static void
ws_elbow_plot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  redraw (WS_ELBOW_PLOT (widget));
}

static void
ws_elbow_plot_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  WsElbowPlot *self = WS_ELBOW_PLOT (widget);
  const char *family;
  double size;

  GTK_WIDGET_CLASS (ws_elbow_plot_parent_class)->css_changed (widget, change);
  size = ws_chart_drawing_get_font (widget, &family);
  ws_elbow_chart_set_font (self->chart, family, size);
  redraw (self);
}

static void
update_theme (WsElbowPlot *self)
{
  ws_elbow_chart_set_theme (
      self->chart, ws_theme_get_dark (ws_theme_get_default ()) ? WS_CHART_DARK : WS_CHART_LIGHT);
  redraw (self);
}

static void
choose (WsElbowPlot *self, guint k)
{
  if (k > 0 && k != self->chosen)
    g_signal_emit (self, signals[K_CHOSEN], 0, k);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, WsElbowPlot *self)
{
  WsElbowPoint point;

  set_pointed (self, ws_elbow_chart_pick (self->chart, x, y, &point) ? point.values.k : 0);
}

static void
on_leave (GtkEventControllerMotion *controller, WsElbowPlot *self)
{
  set_pointed (self, 0);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WsElbowPlot *self)
{
  WsElbowPoint point;

  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (ws_elbow_chart_pick (self->chart, x, y, &point))
    choose (self, point.values.k);
}

/* The read-out goes with the keys, so that the numbers are seen. */
static gboolean
step (WsElbowPlot *self, guint from, int direction)
{
  guint k = ws_elbow_chart_step (self->chart, from, direction);

  choose (self, k);
  set_pointed (self, k);
  return TRUE;
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        WsElbowPlot *self)
{
  if (ws_chart_input_is_command (state))
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return step (self, self->chosen, -1);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return step (self, self->chosen, 1);
    case GDK_KEY_Home:
      return step (self, 0, 1);
    case GDK_KEY_End:
      return step (self, 0, -1);
    default:
      return FALSE;
    }
}

static GtkEventController *
add (WsElbowPlot *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  return controller;
}

static void
ws_elbow_plot_dispose (GObject *object)
{
  g_clear_object (&WS_ELBOW_PLOT (object)->curve);
  G_OBJECT_CLASS (ws_elbow_plot_parent_class)->dispose (object);
}

static void
ws_elbow_plot_finalize (GObject *object)
{
  g_clear_pointer (&WS_ELBOW_PLOT (object)->chart, ws_elbow_chart_free);
  G_OBJECT_CLASS (ws_elbow_plot_parent_class)->finalize (object);
}

static void
ws_elbow_plot_class_init (WsElbowPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ws_elbow_plot_dispose;
  object_class->finalize = ws_elbow_plot_finalize;
  widget_class->snapshot = ws_elbow_plot_snapshot;
  widget_class->measure = ws_elbow_plot_measure;
  widget_class->size_allocate = ws_elbow_plot_size_allocate;
  widget_class->css_changed = ws_elbow_plot_css_changed;
  signals[K_CHOSEN] = g_signal_new ("k-chosen", WS_TYPE_ELBOW_PLOT, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chartplot");
}

static void
ws_elbow_plot_init (WsElbowPlot *self)
{
  GtkEventController *motion = add (self, gtk_event_controller_motion_new ());
  GtkEventController *click = add (self, gtk_gesture_click_new ());
  GtkEventController *key = add (self, gtk_event_controller_key_new ());

  self->chart = ws_elbow_chart_new ();
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Elbow"),
                                  -1);
  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (update_theme), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (redraw), NULL);
  update_theme (self);
  update_description (self);
}

GtkWidget *
ws_elbow_plot_new (void)
{
  return g_object_new (WS_TYPE_ELBOW_PLOT, NULL);
}

WsElbowChart *
ws_elbow_plot_get_chart (WsElbowPlot *self)
{
  g_return_val_if_fail (WS_IS_ELBOW_PLOT (self), NULL);
  return self->chart;
}

void
ws_elbow_plot_update (WsElbowPlot *self, guint chosen)
{
  WsElbowPoint point;

  g_return_if_fail (WS_IS_ELBOW_PLOT (self));
  self->chosen = chosen;
  if (self->pointed > 0 && !ws_elbow_chart_get_point (self->chart, self->pointed, &point))
    self->pointed = 0;
  update_description (self);
  redraw (self);
}
