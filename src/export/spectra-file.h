/* SPDX-License-Identifier: MIT */
/* All singular values as a NumPy .npz: one float64 array for each tensor name. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

/* Writes the spectra that @results (element-type WsResult) have, atomically. A slice of a packed
 * tensor is named "NAME[3]". Deterministic bytes. */
gboolean ws_spectra_file_save (const char *path, GPtrArray *results, GError **error);

G_END_DECLS
