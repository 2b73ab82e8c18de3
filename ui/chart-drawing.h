/* SPDX-License-Identifier: MIT */
/* What widgets with a chart share: its font, and the drawing kept as a texture. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The style's chart text: the family of the widget's font, and a size in pixels that grows with
 * it. @family: (transfer none) valid until the font changes */
double ws_chart_drawing_get_font (GtkWidget *widget, const char **family);

typedef void (*WsChartDrawFunc) (cairo_t *cr, double width, double height, gpointer user_data);

/* Draws once, at the density of the screen. @width, @height: in pixels of the widget, at least 1.
 * (transfer full) */
GdkTexture *ws_chart_drawing_new (GtkWidget *widget, int width, int height, WsChartDrawFunc draw,
                                  gpointer user_data);

/* The box that a person draws with the mouse, between two corners. */
void ws_chart_drawing_draw_box (cairo_t *cr, double x0, double y0, double x1, double y1);

/* Where the pointer of the present event of @controller is in @widget; its middle if unknown. */
void ws_chart_drawing_get_pointer (GtkWidget *widget, GtkEventController *controller, double *x,
                                   double *y);

G_END_DECLS
