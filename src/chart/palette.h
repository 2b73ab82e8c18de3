/* SPDX-License-Identifier: MIT */
/* Colours of charts: told apart by colour-blind readers, and dark or light enough for the ground.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* sRGB, each in [0, 1] */
typedef struct
{
  double r, g, b;
} WsColor;

/* Lines that get a colour of their own; more of them are a colour scale. */
#define WS_PALETTE_SERIES 8
/* The one of them without a hue. */
#define WS_PALETTE_GREY 6

WsColor ws_color_from_hex (guint32 rrggbb);
/* @share of @b in @a. */
WsColor ws_color_mix (WsColor a, WsColor b, double share);
/* WCAG 2.1 contrast ratio, in [1, 21]; symmetric. */
double ws_color_get_contrast (WsColor a, WsColor b);
/* @color moved towards black or white until text in it has a contrast of 4.5 on @ground. */
WsColor ws_color_for_text (WsColor color, WsColor ground);

/* Okabe and Ito's colours, moved until a line has a contrast of 3 on its ground.
 * @i: below WS_PALETTE_SERIES */
WsColor ws_palette_get_series (guint i, gboolean dark);
/* Colour of cluster @i, any: the series, then darker and lighter ones of the same hues, which only
 * names tell apart. From the 25th on they come again. */
WsColor ws_palette_get_cluster (guint i, gboolean dark);
/* Dashes in units of the line's width, told apart without colour. Returns: how many of the
 * numbers in @dashes are used; 0 is a solid line. */
guint ws_palette_get_dashes (guint i, double dashes[6]);

/* Viridis at @t in [0, 1] (clamped). Source: van der Walt & Smith 2015, eleven of its colours with
 * straight lines between. */
WsColor ws_palette_get_viridis (double t);
/* The same, less the end that would vanish in the dark. */
WsColor ws_palette_get_sequential (double t, gboolean dark);

G_END_DECLS
