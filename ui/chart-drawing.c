/* SPDX-License-Identifier: MIT */
/* What widgets with a chart share: its font, and the drawing kept as a texture. */
#include "chart-drawing.h"

#include "theme.h"

#include <math.h>

/* The style's chart text: 11 px where the desktop's font is 10 points at 96 dpi. */
#define CHART_TEXT_SHARE (11.0 / (10.0 * 96 / 72))

double
ws_chart_drawing_get_font (GtkWidget *widget, const char **family)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;
  double dpi = pango_cairo_context_get_resolution (context);

  if (!pango_font_description_get_size_is_absolute (font))
    size *= (dpi > 0 ? dpi : 96) / 72;
  *family = pango_font_description_get_family (font);
  return round (size * CHART_TEXT_SHARE);
}

GdkTexture *
ws_chart_drawing_new (GtkWidget *widget, int width, int height, WsChartDrawFunc draw,
                      gpointer user_data)
{
  int scale = gtk_widget_get_scale_factor (widget);
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width * scale, height * scale);
  cairo_t *cr;
  g_autoptr (GBytes) bytes = NULL;

  cairo_surface_set_device_scale (surface, scale, scale);
  cr = cairo_create (surface);
  draw (cr, width, height, user_data);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  bytes =
      g_bytes_new_with_free_func (cairo_image_surface_get_data (surface),
                                  (gsize) cairo_image_surface_get_stride (surface) * height * scale,
                                  (GDestroyNotify) cairo_surface_destroy, surface);
  return gdk_memory_texture_new (width * scale, height * scale, GDK_MEMORY_DEFAULT, bytes,
                                 cairo_image_surface_get_stride (surface));
}

void
ws_chart_drawing_draw_box (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  double ink = ws_theme_get_dark (ws_theme_get_default ()) ? 1 : 0;

  cairo_rectangle (cr, floor (MIN (x0, x1)) + 0.5, floor (MIN (y0, y1)) + 0.5, fabs (x1 - x0),
                   fabs (y1 - y0));
  cairo_set_source_rgba (cr, ink, ink, ink, 0.06);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, ink, ink, ink, 0.5);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

void
ws_chart_drawing_get_pointer (GtkWidget *widget, GtkEventController *controller, double *x,
                              double *y)
{
  GdkEvent *event = gtk_event_controller_get_current_event (controller);
  GtkNative *native = gtk_widget_get_native (widget);
  graphene_point_t at;
  double surface_x, surface_y, offset_x, offset_y;

  *x = gtk_widget_get_width (widget) / 2.0;
  *y = gtk_widget_get_height (widget) / 2.0;
  if (!event || !gdk_event_get_position (event, &surface_x, &surface_y))
    return;
  gtk_native_get_surface_transform (native, &offset_x, &offset_y);
  if (gtk_widget_compute_point (GTK_WIDGET (native), widget,
                                &GRAPHENE_POINT_INIT (surface_x - offset_x, surface_y - offset_y),
                                &at))
    {
      *x = at.x;
      *y = at.y;
    }
}
