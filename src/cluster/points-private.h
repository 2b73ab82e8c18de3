/* SPDX-License-Identifier: MIT */
/* What points.c and normalize.c share. */
#pragma once

#include "cluster/points.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* n x d, not cleared. Returns: NULL with @error set when there is no memory. */
float *_ws_points_allocate (gsize n, gsize d, GError **error);

/* Fills sq_norms and mean, and makes zeros that are negative positive, so that equal points have
 * equal bytes. Advances @work by half of the number of points. */
gboolean _ws_points_measure (WsPoints *self, WsWork *work, GError **error);

G_END_DECLS
