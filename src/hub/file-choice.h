/* SPDX-License-Identifier: MIT */
/* Which files of a model are worth fetching: its weights once, and what is needed to read them. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef enum
{
  WS_CHOICE_WEIGHTS, /* the weights once, as safetensors where there are any; small files */
  WS_CHOICE_SMALL,   /* configuration and tokenizer only */
  WS_CHOICE_ALL,
} WsChoicePreset;

/* One file, and whether it is to be fetched. */
typedef struct
{
  const WsHubFile *file; /* of the listing */
  gboolean is_chosen;
  const char *reason; /* (nullable): why it is not, translated: "the same weights once more" */
  const char *format; /* (nullable): of weights that nothing here can open: "GGUF" */
} WsChoiceRow;

/* (element-type WsChoiceRow) (transfer full): a row for each file of @listing, in its order.
 * @include: (nullable) NULL-ended patterns, which decide instead of the preset
 * @exclude: (nullable) NULL-ended patterns, which take away from either
 * Patterns are those of huggingface_hub: case matters, '*' crosses '/', "folder/" is all below. */
GPtrArray *ws_choice_new (const WsHubListing *listing, WsChoicePreset preset,
                          const char *const *include, const char *const *exclude);

/* Whether there are weights among the chosen ones, and none of them can be opened: their format.
 * (nullable) */
const char *ws_choice_get_foreign_format (GPtrArray *rows);

/* Whether its weights are there as PyTorch pickles only, which nothing here reads. */
gboolean ws_choice_is_of_pickles (const WsHubListing *listing);

/* A pattern of the files of a quantisation, in small or capital letters. (transfer full) */
char *ws_choice_make_variant_pattern (const char *variant);

/* Of the chosen safetensors leaves only those at @paths, NULL-ended; small files stay. */
void ws_choice_keep (GPtrArray *rows, const char *const *paths);

/* The chosen ones. (element-type WsHubFile) (transfer container): of the listing */
GPtrArray *ws_choice_get_files (GPtrArray *rows);
/* Bytes of the chosen ones, the same contents counted once. */
guint64 ws_choice_get_n_bytes (GPtrArray *rows);

G_END_DECLS
