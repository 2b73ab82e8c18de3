/* SPDX-License-Identifier: MIT */
/* One named array of a checkpoint: where it lies and what it is. No weights. */
#pragma once

#include "base/source.h"
#include "model/block-type.h"
#include "model/dtype.h"

G_BEGIN_DECLS

/* Longer shapes are refused on opening. */
#define WS_MAX_DIMS 8

typedef struct
{
  char *name; /* as in the file: any UTF-8; never a path, never a format */
  WsDtype dtype;
  guint n_dims;
  guint64 dims[WS_MAX_DIMS];
  guint64 n_elements;
  WsSource *source; /* (owned reference) */
  guint64 offset;   /* of the first byte, from the start of @source */
  guint64 n_bytes;
  WsBlockClass block;
  /* Why there will be no spectrum although the shape is a matrix (quantised without known scales,
   * a type that is not read, ...); NULL if it can be analysed. Static English message id: show it
   * to people through _(), write it to files as it is. */
  const char *not_analysed;
} WsTensor;

void ws_tensor_free (WsTensor *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTensor, ws_tensor_free)

G_END_DECLS
