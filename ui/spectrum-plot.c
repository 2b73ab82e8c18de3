/* SPDX-License-Identifier: MIT */
/* The spectrum chart as a widget. The curves are drawn once into a texture; the read-out, which
 * follows the pointer, is drawn over it. */
#include "spectrum-plot-private.h"

#include "chart-drawing.h"
#include "theme.h"

#include <glib/gi18n-lib.h>

enum
{
  PROP_0,
  PROP_ZOOMED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WsSpectrumPlot, ws_spectrum_plot, GTK_TYPE_WIDGET)

static char *
describe_point (WsSpectrumPlot *self)
{
  const WsSpectrumPoint *point = &self->point;

  /* Translators: read aloud as the point moves: name, index, size, singular value, percentage */
  return g_strdup_printf (_ ("%s, index %lu of %lu, singular value %.4g, energy %.1f percent."),
                          ws_spectrum_chart_get_label (self->chart, point->curve),
                          (gulong) point->index,
                          (gulong) ws_spectrum_chart_get_n_values (self->chart, point->curve),
                          point->sigma, point->energy * 100);
}

static void
update_description (WsSpectrumPlot *self)
{
  g_autofree char *chart = ws_spectrum_chart_describe (self->chart);
  g_autofree char *point = self->has_point ? describe_point (self) : NULL;
  g_autofree char *both = point ? g_strdup_printf ("%s %s", point, chart) : g_strdup (chart);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, both,
                                  -1);
}

void
ws_spectrum_plot_set_point (WsSpectrumPlot *self, const WsSpectrumPoint *point)
{
  ws_chart_input_stay (&self->input);
  if (!point && !self->has_point)
    return;
  self->has_point = point != NULL;
  if (point)
    self->point = *point;
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_spectrum_plot_redraw (WsSpectrumPlot *self)
{
  g_clear_object (&self->curves);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_spectrum_plot_fit (WsSpectrumPlot *self)
{
  ws_chart_input_fit (&self->input);
}

static void
update_font (WsSpectrumPlot *self)
{
  const char *family;
  double size = ws_chart_drawing_get_font (GTK_WIDGET (self), &family);

  ws_spectrum_chart_set_font (self->chart, family, size);
}

static void
draw_curves (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_spectrum_chart_draw (user_data, cr, width, height);
}

static void
ws_spectrum_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  const WsChartInput *input = &self->input;
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr;

  if (width < 1 || height < 1)
    return;
  if (!self->curves)
    self->curves = ws_chart_drawing_new (widget, width, height, draw_curves, self->chart);
  gtk_snapshot_append_texture (snapshot, self->curves, &bounds);
  if (!self->has_point && !input->has_box)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  if (input->has_box)
    ws_chart_drawing_draw_box (cr, input->box_x0, input->box_y0, input->box_x1, input->box_y1);
  else
    ws_spectrum_chart_draw_readout (self->chart, cr, &self->point, width, height);
  cairo_destroy (cr);
}

static void
ws_spectrum_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 96;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 280;
  *minimum_baseline = *natural_baseline = -1;
}

static void
ws_spectrum_plot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ws_spectrum_plot_redraw (WS_SPECTRUM_PLOT (widget));
}

static void
ws_spectrum_plot_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (ws_spectrum_plot_parent_class)->css_changed (widget, change);
  update_font (WS_SPECTRUM_PLOT (widget));
  ws_spectrum_plot_redraw (WS_SPECTRUM_PLOT (widget));
}

static void
update_theme (WsSpectrumPlot *self)
{
  ws_spectrum_chart_set_theme (
      self->chart, ws_theme_get_dark (ws_theme_get_default ()) ? WS_CHART_DARK : WS_CHART_LIGHT);
  ws_spectrum_plot_redraw (self);
}

static void
ws_spectrum_plot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ZOOMED:
      g_value_set_boolean (value, WS_SPECTRUM_PLOT (object)->input.zoomed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_spectrum_plot_dispose (GObject *object)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (object);

  ws_chart_input_stay (&self->input);
  g_clear_object (&self->curves);
  G_OBJECT_CLASS (ws_spectrum_plot_parent_class)->dispose (object);
}

static void
ws_spectrum_plot_finalize (GObject *object)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (object);

  ws_chart_input_clear (&self->input);
  g_clear_pointer (&self->chart, ws_spectrum_chart_free);
  G_OBJECT_CLASS (ws_spectrum_plot_parent_class)->finalize (object);
}

static void
ws_spectrum_plot_class_init (WsSpectrumPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ws_spectrum_plot_get_property;
  object_class->dispose = ws_spectrum_plot_dispose;
  object_class->finalize = ws_spectrum_plot_finalize;
  widget_class->snapshot = ws_spectrum_plot_snapshot;
  widget_class->measure = ws_spectrum_plot_measure;
  widget_class->size_allocate = ws_spectrum_plot_size_allocate;
  widget_class->css_changed = ws_spectrum_plot_css_changed;

  properties[PROP_ZOOMED] =
      g_param_spec_boolean ("zoomed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "spectrumplot");
}

static void
ws_spectrum_plot_init (WsSpectrumPlot *self)
{
  self->chart = ws_spectrum_chart_new ();
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Spectrum"), -1);
  g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (update_theme), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (ws_spectrum_plot_redraw), NULL);
  ws_chart_input_init (&self->input, &ws_spectrum_plot_input_funcs, GTK_WIDGET (self), self->chart);
  update_theme (self);
  update_description (self);
}

WsSpectrumChart *
ws_spectrum_plot_get_chart (WsSpectrumPlot *self)
{
  g_return_val_if_fail (WS_IS_SPECTRUM_PLOT (self), NULL);
  return self->chart;
}

void
ws_spectrum_plot_update (WsSpectrumPlot *self, gboolean reset)
{
  g_return_if_fail (WS_IS_SPECTRUM_PLOT (self));
  if (reset)
    ws_chart_input_reset (&self->input);
  update_description (self);
  ws_spectrum_plot_redraw (self);
}
