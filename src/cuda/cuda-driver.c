/* SPDX-License-Identifier: MIT */
/* The driver: whether there is one, for which CUDA, and with a GPU. */
#include <dlfcn.h>
#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "cuda/cuda-loader.h"
#include "cuda/cuda-places.h"
#include "cuda/cuda-private.h"
#include "cuda/cuda-symbols.h"

#define DRIVER_NAME "libcuda.so.1"

static const WsCudaSymbol symbols[] = { WS_CUDA_DRIVER_FUNCTIONS (WS_CUDA_SYMBOL) };

char *
ws_cuda_driver_parse_release (const char *text)
{
  g_autoptr (GRegex) regex =
      g_regex_new ("^NVRM version:.*?\\s(\\d+(\\.\\d+)+)\\s", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static char *
read_release (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/driver/nvidia/version", &text, NULL, NULL))
    return NULL;
  return ws_cuda_driver_parse_release (text);
}

/* That of CUDA 12 is left to the check of each GPU, which tells its name. */
static gboolean
check_capability (const WsCudaDriver *self, guint version, GError **error)
{
  const guint least = ws_cuda_toolkit_get_least_capability (version);

  if (version < 13 || self->capability == 0 || self->capability >= least)
    return TRUE;
  ws_error_set (error, WS_ERROR_UNSUPPORTED,
                /* Translators: 13; 7, 0 and 7, 5: versions of the design of GPUs */
                N_ ("CUDA %u is not for this GPU (compute capability %u.%u, needs %u.%u or newer): "
                    "install cuBLAS and cuSOLVER of CUDA 12"),
                version, self->capability / 10, self->capability % 10, least / 10, least % 10);
  return FALSE;
}

gboolean
ws_cuda_driver_check (const WsCudaDriver *self, guint version, GError **error)
{
  /* The first releases on Linux for each; a driver serves all minor versions of its major one. */
  const char *needed = version >= 13 ? "580" : "525.60";

  if (self->version >= (int) version * 1000)
    return check_capability (self, version, error);
  if (self->release != NULL)
    ws_error_set (error, WS_ERROR_UNSUPPORTED,
                  /* Translators: 13, 525.60.13, 580 */
                  N_ ("NVIDIA driver too old for CUDA %u: %s, needs %s or newer"), version,
                  self->release, needed);
  else
    ws_error_set (error, WS_ERROR_UNSUPPORTED,
                  /* Translators: 13, 580, 12.2 */
                  N_ ("NVIDIA driver too old for CUDA %u: needs %s or newer, this one is for CUDA "
                      "%d.%d"),
                  version, needed, self->version / 1000, self->version % 1000 / 10);
  return FALSE;
}

/* The folder that is named by the user may hold one; else it is where the loader finds it. */
static void *
open_driver (void)
{
  const char *named = ws_cuda_places_get_named ();
  g_autofree char *path = named != NULL ? g_build_filename (named, DRIVER_NAME, NULL) : NULL;

  if (path == NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return dlopen (DRIVER_NAME, RTLD_NOW | RTLD_LOCAL);
  return dlopen (path, RTLD_NOW | RTLD_LOCAL);
}

static void
set_init_error (GError **error, const WsCudaApi *api, WsCuResult code)
{
  g_autofree char *reason = ws_cuda_describe_result (api, code);

  switch (code)
    {
    case WS_CUDA_ERROR_NO_DEVICE:
      ws_error_set (error, WS_ERROR_NOT_FOUND, N_ ("the NVIDIA driver finds no GPU"));
      break;
    case WS_CUDA_ERROR_STUB_LIBRARY:
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: "stubs" is the name of a folder */
                    N_ ("'%s' is not a driver but the stub for linking that comes with CUDA: take "
                        "its folder 'stubs' out of LD_LIBRARY_PATH"),
                    DRIVER_NAME);
      break;
    case WS_CUDA_ERROR_SYSTEM_DRIVER_MISMATCH:
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("'%s' is not of the NVIDIA driver that runs: restart the computer"),
                    DRIVER_NAME);
      break;
    default:
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: %s is the name of an error of CUDA */
                    N_ ("the NVIDIA driver does not start: %s"), reason);
    }
}

/* One that does not tell is left out: it tells why when it is to be used. */
static guint
find_capability (const WsCudaApi *api, int n_devices)
{
  guint highest = 0;

  for (int i = 0; i < n_devices; i++)
    {
      int major = 0, minor = 0;
      WsCuDevice device;

      if (api->cuDeviceGet (&device, i) == WS_CUDA_SUCCESS &&
          api->cuDeviceGetAttribute (&major, WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR,
                                     device) == WS_CUDA_SUCCESS &&
          api->cuDeviceGetAttribute (&minor, WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR,
                                     device) == WS_CUDA_SUCCESS)
        highest = MAX (highest, 10u * major + minor);
    }
  return highest;
}

/* Begins and asks for the devices: NO_DEVICE if there is none, whoever says so. */
static WsCuResult
start (WsCudaDriver *self, const WsCudaApi *api)
{
  WsCuResult code = api->cuInit (0);

  if (code == WS_CUDA_SUCCESS)
    code = api->cuDriverGetVersion (&self->version);
  if (code == WS_CUDA_SUCCESS)
    code = api->cuDeviceGetCount (&self->n_devices);
  if (code == WS_CUDA_SUCCESS && self->n_devices == 0)
    code = WS_CUDA_ERROR_NO_DEVICE;
  if (code == WS_CUDA_SUCCESS)
    self->capability = find_capability (api, self->n_devices);
  return code;
}

gboolean
ws_cuda_driver_load (WsCudaDriver *self, WsCudaApi *api, GError **error)
{
  g_auto (WsCudaDriver) loaded = { 0 };
  void *library = open_driver ();
  const char *missing;
  WsCuResult code;

  if (library == NULL)
    {
      /* Translators: %s is the message of the system, which names the file */
      ws_error_set (error, WS_ERROR_NOT_FOUND, N_ ("no NVIDIA driver: %s"), dlerror ());
      return FALSE;
    }
  missing = ws_cuda_symbols_resolve (api, library, symbols, G_N_ELEMENTS (symbols));
  if (missing != NULL)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: the name of a file, the name of a function */
                    N_ ("'%s' has no function '%s': the NVIDIA driver is too old or damaged"),
                    DRIVER_NAME, missing);
      return FALSE;
    }
  loaded.release = read_release ();
  code = start (&loaded, api);
  if (code != WS_CUDA_SUCCESS)
    {
      set_init_error (error, api, code);
      return FALSE;
    }
  *self = loaded;
  loaded = (WsCudaDriver){ 0 };
  return TRUE;
}

void
ws_cuda_driver_clear (WsCudaDriver *self)
{
  g_clear_pointer (&self->release, g_free);
}
