/* SPDX-License-Identifier: MIT */
/* What a file is by its first bytes, when it is not what its name says. */
#pragma once

#include "base/error.h"

G_BEGIN_DECLS

typedef enum
{
  WS_FILE_KIND_UNKNOWN,
  WS_FILE_KIND_LFS_POINTER,
  WS_FILE_KIND_HTML,
  WS_FILE_KIND_JSON,
  WS_FILE_KIND_ZIP,
  WS_FILE_KIND_PICKLE,
  WS_FILE_KIND_GGUF,
} WsFileKind;

/* As many bytes as are ever looked at. */
#define WS_FILE_KIND_PREFIX 64

WsFileKind ws_file_kind_recognise (const guint8 *prefix, gsize n_bytes);

/* Sets @error to "'<file>' is <what it is, and what to do>"; nothing for UNKNOWN.
 * Returns: FALSE if it is UNKNOWN. */
gboolean ws_file_kind_set_error (WsFileKind kind, const char *file, GError **error);

G_END_DECLS
