/* SPDX-License-Identifier: MIT */
/* Where a curve of the inertia over k stops falling steeply: three rules for it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Each is a k of the curve, or 0: there is none. Kneedle and chord nearly are the same rule: on a
 * convex curve they agree, but for one that is not a mean step deep, where Kneedle finds none. */
typedef struct
{
  guint second_difference; /* the greatest second difference; of divided differences, so that steps
                            * need not be equal; of equal ones the least k */
  guint kneedle;           /* Satopaa et al., ICDCSW 2011, with S = 1, convex and decreasing: of the
                            * curve in the unit square, the first greatest distance below the
                            * diagonal from which it then comes back by the mean step */
  guint chord;             /* the point that lies farthest below the line from the first to the
                            * last */
} WsElbow;

/* The rules are applied over log2 k when the grid is geometric as a whole: each k within 1 of its
 * place in a geometric sequence, the steps not all equal; else over k.
 * No elbow: fewer than 3 points, a value that is not finite, a curve that does not fall, or a
 * straight one.
 * @k: @n of them, ascending
 * @inertia: of each k */
void ws_elbow_find (WsElbow *self, const guint *k, const double *inertia, guint n);

/* Whether the rules are applied over log2 k, as a chart of them should be too. @n: at least 2 */
gboolean ws_elbow_is_geometric (const guint *k, guint n);

/* Whether the three rules say the same k. */
gboolean ws_elbow_is_agreed (const WsElbow *self);

G_END_DECLS
