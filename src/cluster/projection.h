/* SPDX-License-Identifier: MIT */
/* Points seen from where they spread most: principal components. */
#pragma once

#include "cluster/points.h"

G_BEGIN_DECLS

/* Immutable once made. */
typedef struct
{
  gsize n;
  float *xy; /* (owned) n pairs: the first two principal components, from the mean. Of the elements
              * of each axis the one with the greatest magnitude (of equal ones the first) is
              * positive. 0 where there is no spread along an axis. */
  gsize d;
  double *variance; /* (owned) d: eigenvalues of the covariance (÷ n), descending, >= 0 */
  double total;     /* their sum; the share of an axis is variance[i] / total */
  double participation_ratio; /* total^2 / sum of their squares, in [1, d]: how many directions the
                               * spread is shared by; NAN: there is no spread */
  int ref_count;              /* atomic */
} WsProjection;

WsProjection *ws_projection_ref (WsProjection *self);
void ws_projection_unref (WsProjection *self);

/* Bytes that ws_projection_compute takes beside the points: 8 p^2, p being the less of n and d, and
 * what its eigenvalues take; nothing that grows with the other side but the result. */
guint64 ws_projection_get_required_bytes (gsize n, gsize d);

/* The covariance and its eigenvalues in float64, all of them; of n < d points by way of their
 * products. Where the second and third variance are the same but for 1e-6 or so, the second axis
 * is one of many as good.
 * @team: (nullable): the same bits without
 * @share_func: (nullable): as for ws_spectrum_compute
 * Looks at @cancellable between blocks and panels: under 0.5 s for d up to 8192.
 * Errors: cancelled, no memory, or WS_ERROR_NUMERIC. */
WsProjection *ws_projection_compute (const WsPoints *points, WsTeam *team, WsShareFunc share_func,
                                     gpointer user_data, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsProjection, ws_projection_unref)

G_END_DECLS
