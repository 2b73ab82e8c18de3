/* SPDX-License-Identifier: MIT */
/* The header of one safetensors file. */
#pragma once

#include "model/tensor.h"

G_BEGIN_DECLS

/* What the reference refuses to read as a header. */
#define WS_SAFETENSORS_MAX_HEADER G_GUINT64_CONSTANT (100000000)

/* Reads the header of @source and lists its tensors in the order of their bytes. Block types are
 * not known yet (WS_BLOCK_OTHER). Every rule of the format is checked, so each tensor lies inside
 * @source.
 * Returns: (element-type WsTensor) (transfer full): NULL with @error set: WS_ERROR_FORMAT,
 * WS_ERROR_UNSUPPORTED (another format, an unknown dtype, too many dimensions), or G_IO_ERROR.
 * Messages name the file, and the tensor where there is one. */
GPtrArray *ws_safetensors_read (WsSource *source, GCancellable *cancellable, GError **error);

G_END_DECLS
