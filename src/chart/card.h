/* SPDX-License-Identifier: MIT */
/* The read-out card of a chart: rows of a muted key and a value under a name. */
#pragma once

#include "chart/canvas.h"

G_BEGIN_DECLS

typedef struct _WsCard WsCard;

/* @name: markup; cut in the middle where it is long
 * @swatch: (nullable) colour of the square before it */
WsCard *ws_card_new (const WsCanvas *canvas, const char *name, const WsColor *swatch);
void ws_card_free (WsCard *self);
/* Both are markup; a long value is cut. Takes them. */
void ws_card_take_row (WsCard *self, const WsCanvas *canvas, char *key, char *value);
/* Beside (x, y), on the side that has room in [0, width) x [0, height). */
void ws_card_draw (const WsCard *self, WsCanvas *canvas, double x, double y, double width,
                   double height);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsCard, ws_card_free)

G_END_DECLS
