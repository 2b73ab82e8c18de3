/* SPDX-License-Identifier: MIT */
/* Which files of a model on the Hub hold a part of it, told by its index before any is fetched. */
#pragma once

#include "hub/file-choice.h"

G_BEGIN_DECLS

/* Paths, NULL-ended; NULL where the part is spread over all files, or nothing tells where it is. */
typedef struct
{
  char **embeddings; /* (owned) (nullable): of the token embedding */
  char **layer;      /* (owned) (nullable): of the first layer of the longest stack */
} WsShardParts;

/* Reads the index at the root of @listing. @self: zeroed; stays so if there is no index, one shard
 * only, or an index of more than 8 MiB, which is not read for this.
 * Returns: FALSE with @error set: WS_HUB_ERROR, WS_ERROR_FORMAT, G_IO_ERROR_CANCELLED */
gboolean ws_shard_parts_read (WsShardParts *self, WsHub *hub, const WsHubListing *listing,
                              GCancellable *cancellable, GError **error);
void ws_shard_parts_clear (WsShardParts *self);

/* What a person may want of a model. */
typedef enum
{
  WS_MODEL_PART_WEIGHTS,    /* once, with configuration and tokenizer */
  WS_MODEL_PART_EMBEDDINGS, /* the files that hold them, with the same */
  WS_MODEL_PART_LAYER,
  WS_MODEL_PART_SMALL, /* configuration and tokenizer only */
  WS_MODEL_PART_ALL,   /* every file */
} WsModelPart;

/* "weights", "embeddings", "one-layer", "small-files", "all-files". Returns: FALSE: none of them.
 */
gboolean ws_model_part_from_key (const char *key, WsModelPart *part);

/* The files of @listing and which of them make up @part; @self tells where they are.
 * @exclude: as ws_choice_new
 * Returns: (element-type WsChoiceRow) (transfer full): NULL: @part is not in files of its own */
GPtrArray *ws_shard_parts_choose (const WsShardParts *self, const WsHubListing *listing,
                                  WsModelPart part, const char *const *exclude);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsShardParts, ws_shard_parts_clear)

G_END_DECLS
