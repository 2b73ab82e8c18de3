/* SPDX-License-Identifier: MIT */
/* Which of the kernels, built once for each kind of vector unit, this processor runs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: doubles in the longest vectors that it has the instructions for: 8 (AVX-512), 4 (AVX2)
 * or 2. */
guint ws_lanes_get_most (void);

G_END_DECLS
