/* SPDX-License-Identifier: MIT */
/* What a tensor does in its network, read from its name and its neighbours. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_BLOCK_OTHER,
  WS_BLOCK_EMBEDDING,
  WS_BLOCK_POSITION_EMBEDDING,
  WS_BLOCK_TOKEN_TYPE_EMBEDDING,
  WS_BLOCK_PATCH_EMBEDDING,
  WS_BLOCK_SPECIAL_EMBEDDING,
  WS_BLOCK_Q_PROJ,
  WS_BLOCK_K_PROJ,
  WS_BLOCK_V_PROJ,
  WS_BLOCK_O_PROJ,
  WS_BLOCK_QKV_PROJ,
  WS_BLOCK_Q_A_PROJ,
  WS_BLOCK_Q_B_PROJ,
  WS_BLOCK_KV_A_PROJ,
  WS_BLOCK_KV_B_PROJ,
  WS_BLOCK_ATTN_GATE,
  WS_BLOCK_ATTN_SINK,
  WS_BLOCK_POSITION_BIAS,
  WS_BLOCK_GATE_PROJ,
  WS_BLOCK_UP_PROJ,
  WS_BLOCK_DOWN_PROJ,
  WS_BLOCK_GATE_UP_PROJ,
  WS_BLOCK_MOE_ROUTER,
  WS_BLOCK_MOE_EXPERT_GATE,
  WS_BLOCK_MOE_EXPERT_UP,
  WS_BLOCK_MOE_EXPERT_DOWN,
  WS_BLOCK_MOE_EXPERT_GATE_UP,
  WS_BLOCK_MOE_SHARED_GATE,
  WS_BLOCK_MOE_SHARED_UP,
  WS_BLOCK_MOE_SHARED_DOWN,
  WS_BLOCK_MOE_SHARED_GATE_UP,
  WS_BLOCK_MOE_SHARED_ROUTER,
  WS_BLOCK_NORM,
  WS_BLOCK_OUTPUT,
  WS_BLOCK_HEAD,
  WS_BLOCK_SSM_IN_PROJ,
  WS_BLOCK_SSM_X_PROJ,
  WS_BLOCK_SSM_DT_PROJ,
  WS_BLOCK_SSM_CONV,
  WS_BLOCK_SSM_OUT_PROJ,
  WS_BLOCK_SSM_PARAM,
  WS_BLOCK_RECEPTANCE,
  WS_BLOCK_PROJECTOR,
  WS_BLOCK_CONV,
  WS_BLOCK_PROJ,
  WS_BLOCK_BIAS,
  WS_BLOCK_SCALE,
  WS_BLOCK_QUANT_AUX,
  WS_BLOCK_BUFFER,
  WS_BLOCK_LORA_A,
  WS_BLOCK_LORA_B,
  WS_N_BLOCK_TYPES
} WsBlockType;

/* The key in files, "moe_expert_gate". Never NULL. */
const char *ws_block_type_get_key (WsBlockType type);
/* Returns: FALSE if @key is no block type. */
gboolean ws_block_type_from_key (const char *key, WsBlockType *type);
/* The word of the seed's vocabulary: embedding q_proj k_proj v_proj o_proj moe norm output other.
 */
const char *ws_block_type_get_coarse (WsBlockType type);

/* What one name says, and what its neighbours add. */
typedef struct
{
  WsBlockType type;
  int layer_index;  /* -1: none; 0 is a layer */
  int expert_index; /* -1: none */
  /* (owned) What stands before the layers: "model", "vision_tower.vision_model.encoder"; "" for a
   * tensor of no layer. A checkpoint may have several stacks: layers are told apart by both. */
  char *stack;
  /* The name is of a quantised form of the weight (qweight, weight_packed, _blocks). */
  gboolean packed;
  int rule; /* row of the table that matched, for tests and tooltips; -1: none */
} WsBlockClass;

void ws_block_class_clear (WsBlockClass *self);

/* One tensor as the classifier sees it. @dims may be NULL when the shape is not known. */
typedef struct
{
  const char *name;
  const guint64 *dims;
  guint n_dims;
} WsBlockInput;

/* Classifies all tensors of one checkpoint together (sibling rules need the whole list). Any bytes
 * are a name; one of over 1024 bytes or 64 dotted parts is WS_BLOCK_OTHER without a layer.
 * @inputs: n; @classes: (out) n, filled; clear each with ws_block_class_clear.
 * @n_vocab: rows of the vocabulary if known from the configuration, else 0. */
void ws_block_types_classify (const WsBlockInput *inputs, gsize n, guint64 n_vocab,
                              WsBlockClass *classes);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsBlockClass, ws_block_class_clear)

G_END_DECLS
