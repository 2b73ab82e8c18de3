/* SPDX-License-Identifier: MIT */
/* The functions of a library, by name, into the table. */
#pragma once

#include "cuda/cuda-api.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  gsize offset; /* of its pointer in WsCudaApi */
} WsCudaSymbol;

/* An element of an array of WsCudaSymbol for every function of a list in cuda-api.h. */
#define WS_CUDA_SYMBOL(symbol, result, arguments) { #symbol, G_STRUCT_OFFSET (WsCudaApi, symbol) },

/* The pointer is NULL for each that @library (of dlopen) does not have.
 * Returns: the name of the first of these; NULL: all are there. */
const char *ws_cuda_symbols_resolve (WsCudaApi *api, void *library, const WsCudaSymbol *symbols,
                                     guint n_symbols);

G_END_DECLS
