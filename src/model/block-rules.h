/* SPDX-License-Identifier: MIT */
/* What one name says on its own: the table behind ws_block_types_classify, without neighbours. */
#pragma once

#include "model/block-type.h"

G_BEGIN_DECLS

/* Stands for an integer in a name: all layers and all experts share one pattern. */
#define WS_BLOCK_INTEGER "#"

/* What the modules around a tensor are. */
typedef enum
{
  WS_BLOCK_IN_LAYER = 1 << 0,
  WS_BLOCK_IN_ATTENTION = 1 << 1,
  WS_BLOCK_IN_MLP = 1 << 2,
  WS_BLOCK_IN_MOE = 1 << 3,
  WS_BLOCK_IN_EXPERT = 1 << 4,
  WS_BLOCK_IN_SHARED_EXPERT = 1 << 5,
  WS_BLOCK_IN_SSM = 1 << 6,
  WS_BLOCK_IN_MIXER = 1 << 7, /* attention or state space: the neighbours tell */
  WS_BLOCK_IN_VISION = 1 << 8,
  WS_BLOCK_IN_PROJECTOR = 1 << 9,
  WS_BLOCK_IN_PATCHES = 1 << 10,
  WS_BLOCK_IN_HEAD = 1 << 11,
  WS_BLOCK_AT_TOP = 1 << 12, /* in nothing at all */
} WsBlockContext;

/* What the end of the name makes of the role; of two the greater wins ("weight.absmax"). */
typedef enum
{
  WS_BLOCK_SUFFIX_WEIGHT,
  WS_BLOCK_SUFFIX_BIAS,
  WS_BLOCK_SUFFIX_PACKED,
  WS_BLOCK_SUFFIX_SCALE, /* ".scale": of a norm the weight, otherwise of a quantised matrix */
  WS_BLOCK_SUFFIX_LORA_A,
  WS_BLOCK_SUFFIX_LORA_B,
  WS_BLOCK_SUFFIX_LORA_GAIN,
  WS_BLOCK_SUFFIX_QUANT_AUX,
} WsBlockSuffix;

typedef struct
{
  WsBlockType role; /* of the module; its own type follows with the suffix */
  WsBlockSuffix suffix;
  guint context;        /* WsBlockContext */
  guint leaf;           /* index of the token that names the role; 0 if none does */
  gboolean in_sequence; /* the leaf is a sequence of modules, this is one of them ("mlp1.0") */
  int rule;
} WsBlockRole;

/* Whether @token is one after which an integer counts layers ("layers", "h", "blk", ...), or
 * experts. */
gboolean ws_block_token_counts_layers (const char *token);
gboolean ws_block_token_counts_experts (const char *token);

/* @tokens: n, the parts of a name between its dots, lower case, integers as WS_BLOCK_INTEGER */
WsBlockRole ws_block_rules_match (const char *const *tokens, guint n);

/* The type of the tensor whose module plays @type and whose name ends as @role says. */
WsBlockType ws_block_role_get_type (const WsBlockRole *role, WsBlockType type);

G_END_DECLS
