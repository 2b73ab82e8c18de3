/* SPDX-License-Identifier: MIT */
/* An array as NumPy stores it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  WS_NPY_FLOAT32,
  WS_NPY_FLOAT64,
} WsNpyType;

/* Everything of a file before its values: those follow row by row, in this machine's byte order.
 * @dims: at least one. (transfer full) */
GString *ws_npy_new_header (WsNpyType type, const guint64 *dims, guint n_dims);

/* Writes a file, atomically. Deterministic bytes. */
gboolean ws_npy_save (const char *path, WsNpyType type, const guint64 *dims, guint n_dims,
                      const void *values, GError **error);

G_END_DECLS
