/* SPDX-License-Identifier: MIT */
/* Points of the plane in cells, to find the nearest one and those within a polygon. Immutable,
 * ref-counted, safe on many threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WsPointGrid WsPointGrid;

/* @xy: n pairs of float; a point that is not finite is never found. Takes a reference. */
WsPointGrid *ws_point_grid_new (GBytes *xy);
WsPointGrid *ws_point_grid_ref (WsPointGrid *self);
void ws_point_grid_unref (WsPointGrid *self);

/* The range of the points; all 0 without any. */
void ws_point_grid_get_extent (const WsPointGrid *self, double *x_min, double *x_max, double *y_min,
                               double *y_max);
/* The finite points cell by cell: neighbours are near each other. */
const guint32 *ws_point_grid_peek_order (const WsPointGrid *self, gsize *n);
/* The point nearest to (x, y) within @reach; the lower index of two as near.
 * @mask: (nullable) only points where it is not 0
 * FALSE: there is none. */
gboolean ws_point_grid_find_nearest (const WsPointGrid *self, double x, double y, double reach,
                                     const guint8 *mask, guint32 *index);
/* The points within a closed polygon by the even-odd rule, ascending.
 * @polygon: n corners, x and y in turn
 * Returns: (transfer full) (element-type guint32) */
GArray *ws_point_grid_find_inside (const WsPointGrid *self, const double *polygon, gsize n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsPointGrid, ws_point_grid_unref)

G_END_DECLS
