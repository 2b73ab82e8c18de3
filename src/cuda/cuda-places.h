/* SPDX-License-Identifier: MIT */
/* Where the libraries of a CUDA toolkit may lie. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The libraries, each after those that it needs itself. */
typedef enum
{
  WS_CUDA_NVJITLINK,
  WS_CUDA_CUBLASLT,
  WS_CUDA_CUBLAS,
  WS_CUDA_CUSPARSE,
  WS_CUDA_CUSOLVER,
  WS_CUDA_N_LIBRARIES,
} WsCudaLibrary;

/* A place holds a whole set, so that libraries of two toolkits are never mixed. */
typedef struct
{
  char *folder; /* (owned) NULL: wherever the loader of the system looks */
  gboolean
      is_split; /* a folder for each library inside: "cublas/lib", as in the wheels of CUDA 12 */
} WsCudaPlace;

void ws_cuda_place_free (WsCudaPlace *self);

/* Those that are there, in the order in which they are to be tried:
 * 1. WEIGHTSCOPE_CUDA_PATH, and if it is set, nothing else;
 * 2. the loader;
 * 3. CUDA_PATH, CUDA_HOME, /usr/local/cuda, /usr/local/cuda-1*, /opt/cuda;
 * 4. CONDA_PREFIX;
 * 5. Python packages: VIRTUAL_ENV, CONDA_PREFIX, ~/.local, /usr/local, /usr.
 * A variable that is set to nothing is as if it were not set.
 * (element-type WsCudaPlace) (transfer full) */
GPtrArray *ws_cuda_places_list (void);

/* The folder that WEIGHTSCOPE_CUDA_PATH names; NULL: none. */
const char *ws_cuda_places_get_named (void);

/* Path, or bare name for the loader, of @library of CUDA @version (12 or 13) there: "…/lib/
 * libcublas.so.13". (transfer full) */
char *ws_cuda_place_get_path (const WsCudaPlace *self, WsCudaLibrary library, guint version);

/* "libcublas.so.13" (transfer full) */
char *ws_cuda_library_get_name (WsCudaLibrary library, guint version);

G_END_DECLS
