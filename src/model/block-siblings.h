/* SPDX-License-Identifier: MIT */
/* What the neighbours of a tensor add to its name: w1 beside w3 is not w1 beside c_proj. */
#pragma once

#include "model/block-rules.h"

G_BEGIN_DECLS

/* One tensor after its name was read. */
typedef struct
{
  const WsBlockRole *role; /* (borrowed) NULL for a name that was not read */
  const char *word;        /* (borrowed) the leaf, lower case */
  gsize parent_length;     /* bytes of the name before the leaf */
} WsBlockReading;

/* Corrects @classes (n) where the neighbours or the shape say more than the name.
 * @n_vocab: as in ws_block_types_classify */
void ws_block_siblings_apply (const WsBlockInput *inputs, const WsBlockReading *readings, gsize n,
                              guint64 n_vocab, WsBlockClass *classes);

G_END_DECLS
