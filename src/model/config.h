/* SPDX-License-Identifier: MIT */
/* config.json: a hint about the architecture. Everything works without it. */
#pragma once

#include "base/folder.h"

G_BEGIN_DECLS

/* Unknown: NULL or 0; booleans say whether they are known. */
typedef struct
{
  char *model_type;
  char *architecture; /* first of "architectures" */
  char *quant_method; /* quantization_config.quant_method */
  guint64 n_layers;
  guint64 hidden_size;
  guint64 n_vocab;
  guint64 n_heads;
  guint64 n_kv_heads;
  guint64 head_dim;
  guint64 n_experts;
  gboolean tie_known;
  gboolean tie_word_embeddings;
} WsConfig;

/* Reads config.json of @folder, bounded in size and depth. A "text_config" member is looked at when
 * the root lacks a key. A missing file gives an empty configuration and TRUE.
 * Returns: FALSE with @error set if the file is there but cannot be understood; the caller
 * carries on without it and says so. */
gboolean ws_config_read (WsConfig *self, const WsFolder *folder, GError **error);
void ws_config_clear (WsConfig *self);

G_END_DECLS
