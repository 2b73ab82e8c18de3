/* SPDX-License-Identifier: MIT */
/* The functions of a library, by name, into the table. */
#include "cuda/cuda-symbols.h"

#include <dlfcn.h>

const char *
ws_cuda_symbols_resolve (WsCudaApi *api, void *library, const WsCudaSymbol *symbols,
                         guint n_symbols)
{
  const char *missing = NULL;

  for (guint i = 0; i < n_symbols; i++)
    {
      gpointer address = dlsym (library, symbols[i].name);

      G_STRUCT_MEMBER (gpointer, api, symbols[i].offset) = address;
      if (address == NULL && missing == NULL)
        missing = symbols[i].name;
    }
  return missing;
}
