/* SPDX-License-Identifier: MIT */
/* Pictures of charts, and what is in them. */
#pragma once

#include <cairo.h>
#include <glib.h>

/* As ws_spectrum_chart_draw, which is cast to it. */
typedef void (*DrawChart) (gpointer chart, cairo_t *cr, double width, double height);

/* On a sheet of white, and without a fault of Cairo. (transfer full) */
cairo_surface_t *draw_chart (gpointer chart, DrawChart draw, int width, int height);
/* 0xAARRGGBB, premultiplied */
guint32 get_pixel (cairo_surface_t *surface, double x, double y);
/* 0xRRGGBB */
guint32 get_color (cairo_surface_t *surface, double x, double y);
