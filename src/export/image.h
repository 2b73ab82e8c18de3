/* SPDX-License-Identifier: MIT */
/* A drawing as PNG, SVG or PDF of an exact size, written atomically, the same bytes each time. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  WS_IMAGE_PNG,
  WS_IMAGE_SVG,
  WS_IMAGE_PDF,
} WsImageFormat;

typedef struct
{
  double width_pt, height_pt; /* final size, 1/72 inch */
  double dpi;                 /* of a PNG; default 300 */
  gboolean transparent;       /* no background */
} WsImageOptions;

/* Draws in points: user space is width_pt x height_pt. */
typedef void (*WsDrawFunc) (cairo_t *cr, double width, double height, gpointer user_data);

/* 8.9 cm wide (one column), 6.5 cm high, 300 dpi */
void ws_image_options_init (WsImageOptions *self);
/* From the extension. FALSE (WS_ERROR_ARGUMENT) if it is none of png, svg, pdf. */
gboolean ws_image_format_from_path (const char *path, WsImageFormat *format, GError **error);
gboolean ws_image_save (const char *path, WsImageFormat format, const WsImageOptions *options,
                        WsDrawFunc draw, gpointer user_data, GError **error);

G_END_DECLS
