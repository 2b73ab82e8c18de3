/* SPDX-License-Identifier: MIT */
/* Text of charts: Pango on screen and in PDF, and real text in SVG. */
#pragma once

#include <pango/pangocairo.h>

G_BEGIN_DECLS

typedef struct
{
  PangoContext *context;      /* (owned) */
  PangoFontDescription *font; /* (owned) */
  double size;                /* in user units */
} WsText;

/* @print: no hinting and no rounding of places, so that text keeps its width at every zoom. */
void ws_text_init (WsText *self, cairo_t *cr, const char *family, double size, gboolean print);
void ws_text_clear (WsText *self);

/* @markup: Pango's. (transfer full) */
PangoLayout *ws_text_layout (const WsText *self, const char *markup);
/* Cut in the middle to @max_width. (transfer full) */
PangoLayout *ws_text_layout_ellipsised (const WsText *self, const char *markup, double max_width);
void ws_text_get_size (PangoLayout *layout, double *width, double *height);
double ws_text_get_line_height (const WsText *self);

/* <i>base</i> with @index below it, as markup. Not <sub>: that one grows with the Cairo matrix
 * (Pango 1.50). (transfer full) */
char *ws_text_subscript (const WsText *self, const char *base, const char *index);

/* Shows @layout in the source colour with the point (align_x, align_y) of its box, each in [0, 1],
 * at (x, y). */
void ws_text_show (cairo_t *cr, PangoLayout *layout, double x, double y, double align_x,
                   double align_y);

/* Cairo writes text into SVG as outlines. From now on, text shown on @surface is left out of it
 * and appended to @svg as <text> elements, in the coordinates of the surface. */
void ws_text_record (cairo_surface_t *surface, GString *svg);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsText, ws_text_clear)

G_END_DECLS
