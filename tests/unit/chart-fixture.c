/* SPDX-License-Identifier: MIT */
/* Pictures of charts, and what is in them. */
#include "chart-fixture.h"

#include <string.h>

cairo_surface_t *
draw_chart (gpointer chart, DrawChart draw, int width, int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_paint (cr);
  draw (chart, cr, width, height);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

guint32
get_pixel (cairo_surface_t *surface, double x, double y)
{
  const guchar *row =
      cairo_image_surface_get_data (surface) + (int) y * cairo_image_surface_get_stride (surface);
  guint32 pixel;

  memcpy (&pixel, row + 4 * (int) x, sizeof pixel);
  return pixel;
}

guint32
get_color (cairo_surface_t *surface, double x, double y)
{
  return get_pixel (surface, x, y) & 0xFFFFFF;
}
