/* SPDX-License-Identifier: MIT */
/* cuBLAS and cuSOLVER, with what they need, all from one place. */
#define _GNU_SOURCE /* dladdr */
#include <dlfcn.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "cuda/cuda-loader.h"
#include "cuda/cuda-places.h"
#include "cuda/cuda-symbols.h"

static const WsCudaSymbol cublas_symbols[] = { WS_CUDA_CUBLAS_FUNCTIONS (WS_CUDA_SYMBOL) };
static const WsCudaSymbol cusolver_symbols[] = { WS_CUDA_CUSOLVER_FUNCTIONS (WS_CUDA_SYMBOL) };
static const WsCudaSymbol optional_symbols[] = { WS_CUDA_OPTIONAL_FUNCTIONS (WS_CUDA_SYMBOL) };

/* The newest first. */
static const guint versions[] = { 13, 12 };

guint
ws_cuda_toolkit_get_least_capability (guint version)
{
  return version >= 13 ? 75 : 50;
}

/* cuBLAS of CUDA 13 computes float64 from integers where this variable asks for it, with as many
 * digits as another one names. It exists here, so that no thread that looks for another one sees
 * the table of them move. */
static void
refuse_emulation (void)
{
  static const char name[] = "CUBLAS_EMULATE_DOUBLE_PRECISION";
  const char *value = g_getenv (name);

  if (value != NULL && strcmp (value, "0") != 0)
    g_setenv (name, "0", TRUE);
}

/* Whether a set was ever put there, complete or not. */
static gboolean
place_has_set (const WsCudaPlace *place, guint version)
{
  for (guint i = 0; i < WS_CUDA_N_LIBRARIES; i++)
    {
      g_autofree char *path = ws_cuda_place_get_path (place, i, version);

      /* The loader can only be asked by opening. */
      if (place->folder != NULL ? g_file_test (path, G_FILE_TEST_EXISTS)
                                : dlopen (path, RTLD_LAZY | RTLD_LOCAL) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* Opening a library after those that it needs makes the loader take these, wherever else it would
 * have looked for them. */
static gboolean
open_set (const WsCudaPlace *place, guint version, void *handles[WS_CUDA_N_LIBRARIES],
          GError **error)
{
  for (guint i = 0; i < WS_CUDA_N_LIBRARIES; i++)
    {
      g_autofree char *path = ws_cuda_place_get_path (place, i, version);

      handles[i] = dlopen (path, RTLD_NOW | RTLD_LOCAL);
      if (handles[i] == NULL)
        {
          ws_error_set (error, WS_ERROR_UNSUPPORTED,
                        /* Translators: the name of a file, a version, the message of the system */
                        N_ ("cannot open '%s' of CUDA %u: %s; repair its installation, or name "
                            "another folder in WEIGHTSCOPE_CUDA_PATH"),
                        path, version, dlerror ());
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
resolve_set (const WsCudaPlace *place, guint version, void *const handles[WS_CUDA_N_LIBRARIES],
             WsCudaApi *api, GError **error)
{
  WsCudaLibrary library = WS_CUDA_CUBLAS;
  const char *missing = ws_cuda_symbols_resolve (api, handles[library], cublas_symbols,
                                                 G_N_ELEMENTS (cublas_symbols));

  if (missing == NULL)
    {
      library = WS_CUDA_CUSOLVER;
      missing = ws_cuda_symbols_resolve (api, handles[library], cusolver_symbols,
                                         G_N_ELEMENTS (cusolver_symbols));
      ws_cuda_symbols_resolve (api, handles[library], optional_symbols,
                               G_N_ELEMENTS (optional_symbols));
    }
  if (missing != NULL)
    {
      g_autofree char *path = ws_cuda_place_get_path (place, library, version);

      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: the name of a file, the name of a function */
                    N_ ("'%s' has no function '%s': it is too old or damaged; name another folder "
                        "in WEIGHTSCOPE_CUDA_PATH"),
                    path, missing);
      return FALSE;
    }
  return TRUE;
}

static char *
format_version (guint (*get_property) (guint part, int *value))
{
  int parts[] = { 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    get_property (WS_MAJOR_VERSION + i, &parts[i]);
  return g_strdup_printf ("%d.%d.%d", parts[0], parts[1], parts[2]);
}

static void
describe_set (WsCudaToolkit *self, guint version, const WsCudaApi *api)
{
  Dl_info info = { 0 };

  self->version = version;
  /* The loader does not say where it found a library, but it knows where a function lies. */
  if (dladdr ((gpointer) api->cublasCreate_v2, &info) != 0 && info.dli_fname != NULL)
    self->folder = g_path_get_dirname (info.dli_fname);
  self->cublas = format_version (api->cublasGetProperty);
  self->cusolver = format_version (api->cusolverGetProperty);
}

/* Leaves the first reason in @error that is worth telling: that a place is empty is not. */
static gboolean
try_place (const WsCudaPlace *place, guint version, WsCudaToolkit *self, WsCudaApi *api,
           const WsCudaDriver *driver, GError **error)
{
  void *handles[WS_CUDA_N_LIBRARIES] = { NULL };
  g_autoptr (GError) reason = NULL;

  if (!place_has_set (place, version))
    return FALSE;
  if (ws_cuda_driver_check (driver, version, &reason) &&
      open_set (place, version, handles, &reason) &&
      resolve_set (place, version, handles, api, &reason))
    {
      describe_set (self, version, api);
      return TRUE;
    }
  if (*error == NULL)
    *error = g_steal_pointer (&reason);
  return FALSE;
}

static void
set_not_found (GError **error)
{
  const char *named = ws_cuda_places_get_named ();

  if (named != NULL)
    ws_error_set (error, WS_ERROR_UNSUPPORTED,
                  N_ ("no cuBLAS and cuSOLVER of CUDA 12 or 13 in '%s', which "
                      "WEIGHTSCOPE_CUDA_PATH names"),
                  named);
  else
    ws_error_set (error, WS_ERROR_UNSUPPORTED,
                  N_ ("no cuBLAS and cuSOLVER of CUDA 12 or 13 found: install them, or name their "
                      "folder in WEIGHTSCOPE_CUDA_PATH"));
}

gboolean
ws_cuda_toolkit_load (WsCudaToolkit *self, WsCudaApi *api, const WsCudaDriver *driver,
                      GError **error)
{
  g_autoptr (GPtrArray) places = NULL;
  g_autoptr (GError) reason = NULL;

  if (!ws_cuda_driver_check (driver, versions[G_N_ELEMENTS (versions) - 1], error))
    return FALSE;
  refuse_emulation ();
  places = ws_cuda_places_list ();
  for (guint i = 0; i < places->len; i++)
    for (guint j = 0; j < G_N_ELEMENTS (versions); j++)
      if (try_place (places->pdata[i], versions[j], self, api, driver, &reason))
        return TRUE;
  if (reason != NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    set_not_found (error);
  return FALSE;
}

void
ws_cuda_toolkit_clear (WsCudaToolkit *self)
{
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->cublas, g_free);
  g_clear_pointer (&self->cusolver, g_free);
}
