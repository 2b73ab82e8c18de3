/* SPDX-License-Identifier: MIT */
/* The map of tokens as a widget. The points are drawn once into a texture; the read-out, which
 * follows the pointer, is drawn over it. */
#include "map-plot-private.h"

#include "chart-drawing.h"
#include "theme.h"

#include <glib/gi18n-lib.h>

enum
{
  PROP_0,
  PROP_ZOOMED,
  N_PROPS
};

enum
{
  POINT_CHOSEN,
  LASSO,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsMapPlot, ws_map_plot, GTK_TYPE_WIDGET)

int
ws_map_plot_get_pointed (WsMapPlot *self)
{
  g_return_val_if_fail (WS_IS_MAP_PLOT (self), -1);
  return self->hovered >= 0 ? self->hovered : self->chosen;
}

/* (element-type WsReadoutRow) (transfer full) */
static GArray *
dup_rows (WsMapPlot *self, guint32 index)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (WsReadoutRow));

  if (self->readout != NULL)
    self->readout (index, rows, self->readout_data);
  return rows;
}

/* "token: dog, cluster: …": what the card shows, read aloud as the point moves. */
static void
append_point (WsMapPlot *self, GString *text)
{
  int index = ws_map_plot_get_pointed (self);
  g_autoptr (GArray) rows = NULL;

  if (index < 0)
    return;
  rows = dup_rows (self, (guint32) index);
  for (guint i = 0; i < rows->len; i++)
    {
      const WsReadoutRow *row = &g_array_index (rows, WsReadoutRow, i);

      g_string_append_printf (text, "%s %s. ", row->key, row->value);
    }
}

static void
update_description (WsMapPlot *self)
{
  g_autofree char *map = ws_token_map_describe (self->map);
  g_autoptr (GString) text = g_string_new (NULL);

  append_point (self, text);
  g_string_append (text, map);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text->str, -1);
}

void
ws_map_plot_set_hovered (WsMapPlot *self, int index)
{
  ws_chart_input_stay (&self->input);
  if (self->hovered == index)
    return;
  self->hovered = index;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_map_plot_choose (WsMapPlot *self, int index)
{
  g_signal_emit (self, signals[POINT_CHOSEN], 0, index);
}

void
ws_map_plot_close_lasso (WsMapPlot *self, const double *corners, gsize n_corners)
{
  g_autoptr (GArray) inside = ws_token_map_find_inside (self->map, corners, n_corners);

  g_signal_emit (self, signals[LASSO], 0, inside);
}

void
ws_map_plot_redraw (WsMapPlot *self)
{
  g_clear_object (&self->points);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_map_plot_fit (WsMapPlot *self)
{
  g_return_if_fail (WS_IS_MAP_PLOT (self));
  ws_chart_input_fit (&self->input);
}

static void
draw_points (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_token_map_draw (user_data, cr, width, height);
}

static void
draw_readout (WsMapPlot *self, cairo_t *cr, int index, int width, int height)
{
  g_autoptr (GArray) rows = dup_rows (self, (guint32) index);

  ws_token_map_draw_readout (self->map, cr, (guint32) index, (const WsReadoutRow *) rows->data,
                             rows->len, width, height);
}

static void
ws_map_plot_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  int index = self->hovered; /* what is chosen is marked in the drawing, and told beside it */
  const WsChartInput *input = &self->input;
  const graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr;

  if (width < 1 || height < 1)
    return;
  if (self->points == NULL)
    self->points = ws_chart_drawing_new (widget, width, height, draw_points, self->map);
  gtk_snapshot_append_texture (snapshot, self->points, &bounds);
  if (index < 0 && !input->has_box && input->lasso == NULL)
    return;
  cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  if (input->has_box)
    ws_chart_drawing_draw_box (cr, input->box_x0, input->box_y0, input->box_x1, input->box_y1);
  else if (input->lasso != NULL)
    ws_token_map_draw_lasso (self->map, cr, (const double *) input->lasso->data,
                             input->lasso->len / 2);
  else
    draw_readout (self, cr, index, width, height);
  cairo_destroy (cr);
}

static void
ws_map_plot_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : 96;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 640 : 280;
  *minimum_baseline = *natural_baseline = -1;
}

static void
ws_map_plot_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ws_map_plot_redraw (WS_MAP_PLOT (widget));
}

static void
ws_map_plot_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);
  const char *family;
  double size;

  GTK_WIDGET_CLASS (ws_map_plot_parent_class)->css_changed (widget, change);
  size = ws_chart_drawing_get_font (widget, &family);
  ws_token_map_set_font (self->map, family, size);
  ws_map_plot_redraw (self);
}

static void
update_theme (WsMapPlot *self)
{
  ws_token_map_set_theme (self->map, ws_theme_get_dark (ws_theme_get_default ()) ? WS_CHART_DARK
                                                                                 : WS_CHART_LIGHT);
  ws_map_plot_redraw (self);
}

static void
ws_map_plot_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ZOOMED:
      g_value_set_boolean (value, WS_MAP_PLOT (object)->input.zoomed);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_map_plot_dispose (GObject *object)
{
  WsMapPlot *self = WS_MAP_PLOT (object);

  ws_chart_input_stay (&self->input);
  g_clear_object (&self->points);
  G_OBJECT_CLASS (ws_map_plot_parent_class)->dispose (object);
}

static void
ws_map_plot_finalize (GObject *object)
{
  WsMapPlot *self = WS_MAP_PLOT (object);

  ws_chart_input_clear (&self->input);
  g_clear_pointer (&self->map, ws_token_map_free);
  G_OBJECT_CLASS (ws_map_plot_parent_class)->finalize (object);
}

static void
ws_map_plot_class_init (WsMapPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = ws_map_plot_get_property;
  object_class->dispose = ws_map_plot_dispose;
  object_class->finalize = ws_map_plot_finalize;
  widget_class->snapshot = ws_map_plot_snapshot;
  widget_class->measure = ws_map_plot_measure;
  widget_class->size_allocate = ws_map_plot_size_allocate;
  widget_class->css_changed = ws_map_plot_css_changed;

  properties[PROP_ZOOMED] =
      g_param_spec_boolean ("zoomed", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[POINT_CHOSEN] = g_signal_new ("point-chosen", WS_TYPE_MAP_PLOT, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[LASSO] = g_signal_new ("lasso", WS_TYPE_MAP_PLOT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_ARRAY);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "chartplot");
}

static void
ws_map_plot_init (WsMapPlot *self)
{
  self->map = ws_token_map_new ();
  self->chosen = self->hovered = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Map of tokens"), -1);
  g_signal_connect_object (ws_theme_get_default (), "notify::dark", G_CALLBACK (update_theme), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (ws_map_plot_redraw), NULL);
  ws_chart_input_init (&self->input, &ws_map_plot_input_funcs, GTK_WIDGET (self), self->map);
  update_theme (self);
  update_description (self);
}

GtkWidget *
ws_map_plot_new (void)
{
  return g_object_new (WS_TYPE_MAP_PLOT, NULL);
}

WsTokenMap *
ws_map_plot_get_map (WsMapPlot *self)
{
  g_return_val_if_fail (WS_IS_MAP_PLOT (self), NULL);
  return self->map;
}

void
ws_map_plot_update (WsMapPlot *self, gboolean reset)
{
  g_return_if_fail (WS_IS_MAP_PLOT (self));
  if (reset)
    ws_chart_input_reset (&self->input);
  update_description (self);
  ws_map_plot_redraw (self);
}

void
ws_map_plot_set_drag (WsMapPlot *self, WsChartDrag drag)
{
  g_return_if_fail (WS_IS_MAP_PLOT (self));
  self->input.drag = drag;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), drag == WS_CHART_DRAG_MOVE ? "grab" : NULL);
}

void
ws_map_plot_set_chosen (WsMapPlot *self, int index)
{
  g_return_if_fail (WS_IS_MAP_PLOT (self));
  self->chosen = index;
  /* What was hovered is not what was just chosen, unless by a click on it. */
  if (self->hovered != index)
    ws_map_plot_set_hovered (self, -1);
  update_description (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_map_plot_set_readout_func (WsMapPlot *self, WsMapReadoutFunc func, gpointer user_data)
{
  g_return_if_fail (WS_IS_MAP_PLOT (self));
  self->readout = func;
  self->readout_data = user_data;
}
