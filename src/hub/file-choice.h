/* SPDX-License-Identifier: MIT */
/* Which files of a model are worth fetching: its weights once, and what is needed to read them. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef enum
{
  WS_CHOICE_WEIGHTS,    /* safetensors once, else one other format; configuration, tokenizer */
  WS_CHOICE_EMBEDDINGS, /* the shards with the token embedding; needs the index */
  WS_CHOICE_SMALL,      /* configuration and tokenizer only */
  WS_CHOICE_ALL,
} WsChoicePreset;

/* One file, and whether it is to be fetched. */
typedef struct
{
  const WsHubFile *file; /* of the listing */
  gboolean is_chosen;
  char *
      reason; /* (owned) (nullable): why it is not, translated: "the same weights as safetensors" */
} WsChoiceRow;

/* (element-type WsChoiceRow) (transfer full): a row for each file of @listing, in its order.
 * @include, @exclude: (nullable) NULL-ended globs as huggingface_hub's patterns: case matters, '*'
 *   crosses '/'; they decide instead of the preset */
GPtrArray *ws_choice_new (const WsHubListing *listing, WsChoicePreset preset,
                          const char *const *include, const char *const *exclude);
/* Bytes of the chosen ones, the same contents counted once. */
guint64 ws_choice_get_n_bytes (GPtrArray *rows);

G_END_DECLS
