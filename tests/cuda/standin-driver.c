/* SPDX-License-Identifier: MIT */
/* The driver: devices, contexts, copies. */
#include <stdio.h>
#include <string.h>

#include "standin-core.h"

#define INVALID_CONTEXT 201 /* CUDA_ERROR_INVALID_CONTEXT */

struct CUctx_st
{
  int n_refs;
};

static struct CUctx_st contexts[16]; /* atomic counts, one for each device */
static _Thread_local WsCuContext current;
static int sticky; /* atomic */

WsCuResult
standin_get_sticky (void)
{
  return g_atomic_int_get (&sticky);
}

void
standin_die (WsCuResult code)
{
  g_atomic_int_compare_and_exchange (&sticky, WS_CUDA_SUCCESS, code);
}

WsCuContext
standin_get_context (void)
{
  return current;
}

WsCuResult
standin_begin (const char *function)
{
  WsCuResult code = standin_get_sticky ();

  if (code == WS_CUDA_SUCCESS && (current == NULL || g_atomic_int_get (&current->n_refs) == 0))
    {
      standin_violate ("%s with no context on the calling thread", function);
      return INVALID_CONTEXT;
    }
  return code;
}

WsCuResult
cuInit (guint flags)
{
  if (standin_get_number ("devices", 1) == 0)
    return WS_CUDA_ERROR_NO_DEVICE;
  return standin_get_number ("init", WS_CUDA_SUCCESS);
}

WsCuResult
cuDriverGetVersion (int *version)
{
  *version = standin_get_number ("version", STANDIN_CUDA * 1000);
  return WS_CUDA_SUCCESS;
}

#define NAME_CODE(name, value)                                                                     \
  case value:                                                                                      \
    return #name;

static const char *
name_code (WsCuResult code)
{
  switch (code)
    {
      WS_CUDA_ERRORS (NAME_CODE)
    case INVALID_CONTEXT:
      return "CUDA_ERROR_INVALID_CONTEXT";
    default:
      return NULL;
    }
}

WsCuResult
cuGetErrorName (WsCuResult code, const char **name)
{
  *name = name_code (code);
  return *name != NULL ? WS_CUDA_SUCCESS : WS_CUDA_ERROR_INVALID_VALUE;
}

WsCuResult
cuGetErrorString (WsCuResult code, const char **text)
{
  return cuGetErrorName (code, text);
}

WsCuResult
cuDeviceGetCount (int *n)
{
  *n = standin_get_number ("devices", 1);
  return standin_get_sticky ();
}

WsCuResult
cuDeviceGet (WsCuDevice *device, int index)
{
  if (index < 0 || index >= (int) standin_get_number ("devices", 1))
    return WS_CUDA_ERROR_INVALID_DEVICE;
  *device = index;
  return standin_get_sticky ();
}

WsCuResult
cuDeviceGetName (char *name, int n_bytes, WsCuDevice device)
{
  snprintf (name, n_bytes, "Stand-in %d", device);
  return standin_get_sticky ();
}

WsCuResult
cuDeviceGetAttribute (int *value, guint attribute, WsCuDevice device)
{
  int capability = standin_get_number ("capability", 90);

  switch (attribute)
    {
    case WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR:
      *value = capability / 10;
      break;
    case WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR:
      *value = capability % 10;
      break;
    case WS_CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT:
      *value = standin_get_number ("multiprocessors", 132);
      break;
    case WS_CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO:
      *value = standin_get_number ("ratio", 2);
      break;
    case WS_CU_DEVICE_ATTRIBUTE_COMPUTE_MODE:
      *value = standin_get_number ("prohibited", 0) ? WS_CU_COMPUTEMODE_PROHIBITED : 0;
      break;
    default:
      return WS_CUDA_ERROR_INVALID_VALUE;
    }
  return standin_get_sticky ();
}

WsCuResult
cuDeviceTotalMem_v2 (size_t *n_bytes, WsCuDevice device)
{
  *n_bytes = standin_get_number ("memory", G_GUINT64_CONSTANT (1) << 30);
  return standin_get_sticky ();
}

WsCuResult
cuDevicePrimaryCtxRetain (WsCuContext *context, WsCuDevice device)
{
  WsCuResult code = standin_get_number ("retain", standin_get_sticky ());

  if (code != WS_CUDA_SUCCESS)
    return code;
  *context = &contexts[device];
  g_atomic_int_inc (&contexts[device].n_refs);
  standin_count (STANDIN_CONTEXTS, 1);
  return WS_CUDA_SUCCESS;
}

/* What a context has goes with it, and whoever still names it has nothing. */
static void
check_nothing_is_left (void)
{
  static const char *const names[] = { "allocations", "pinned",  "streams",
                                       "events",      "modules", "handles" };

  if (standin_get_count ("contexts") > 0 || standin_get_sticky () != WS_CUDA_SUCCESS)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (standin_get_count (names[i]) > 0)
      standin_violate ("%s are left in a context that ends", names[i]);
}

WsCuResult
cuDevicePrimaryCtxRelease_v2 (WsCuDevice device)
{
  if (g_atomic_int_get (&contexts[device].n_refs) == 0)
    {
      standin_violate ("cuDevicePrimaryCtxRelease of a context that nobody retains");
      return INVALID_CONTEXT;
    }
  g_atomic_int_add (&contexts[device].n_refs, -1);
  standin_count (STANDIN_CONTEXTS, -1);
  check_nothing_is_left ();
  return standin_get_sticky ();
}

WsCuResult
cuCtxSetCurrent (WsCuContext context)
{
  if (context != NULL && g_atomic_int_get (&context->n_refs) == 0)
    {
      standin_violate ("cuCtxSetCurrent to a context that nobody retains");
      return INVALID_CONTEXT;
    }
  current = context;
  return standin_get_sticky ();
}

typedef struct
{
  void *dst;
  const void *src;
  gsize n_bytes;
  int value;
} Copy;

static void
copy_up (void *arguments)
{
  const Copy *self = arguments;
  guint8 *dst = standin_device (self->dst, self->n_bytes);

  if (dst == NULL)
    return;
  memcpy (dst, self->src, self->n_bytes);
  if (self->n_bytes > 0 && standin_strikes ("upload"))
    dst[0] ^= 0xff;
  standin_count (STANDIN_UPLOADED, self->n_bytes);
}

static void
copy_down (void *arguments)
{
  const Copy *self = arguments;
  const void *src = standin_device (self->src, self->n_bytes);

  if (src != NULL)
    memcpy (self->dst, src, self->n_bytes);
}

static void
copy_across (void *arguments)
{
  const Copy *self = arguments;
  const void *src = standin_device (self->src, self->n_bytes);
  void *dst = standin_device (self->dst, self->n_bytes);

  if (src != NULL && dst != NULL)
    memmove (dst, src, self->n_bytes);
}

static void
fill (void *arguments)
{
  const Copy *self = arguments;
  void *dst = standin_device (self->dst, self->n_bytes);

  if (dst != NULL)
    memset (dst, self->value, self->n_bytes);
}

static WsCuResult
push_copy (const char *function, WsCuStream stream, StandinWork work, Copy copy)
{
  WsCuResult code = standin_begin (function);

  if (code != WS_CUDA_SUCCESS)
    return code;
  standin_push (stream, work, &copy, sizeof copy);
  return standin_get_sticky ();
}

/* A pointer of the device where one of the host belongs would end the process; it is allowed to
 * copy from memory that is not pinned, but then nothing is asynchronous. */
static gboolean
check_host (const void *pointer, gsize n_bytes)
{
  if (standin_is_device (pointer))
    {
      standin_violate ("pointer %p for memory of the host is of the device", pointer);
      return FALSE;
    }
  if (!standin_is_pinned (pointer, n_bytes))
    standin_count (STANDIN_PAGEABLE, 1);
  return TRUE;
}

WsCuResult
cuMemcpyHtoDAsync_v2 (WsCuPointer dst, const void *src, size_t n_bytes, WsCuStream stream)
{
  Copy copy = { (void *) (gsize) dst, src, n_bytes, 0 };

  if (!check_host (src, n_bytes))
    return WS_CUDA_ERROR_INVALID_VALUE;
  return push_copy (G_STRFUNC, stream, copy_up, copy);
}

WsCuResult
cuMemcpyDtoHAsync_v2 (void *dst, WsCuPointer src, size_t n_bytes, WsCuStream stream)
{
  Copy copy = { dst, (const void *) (gsize) src, n_bytes, 0 };

  if (!check_host (dst, n_bytes))
    return WS_CUDA_ERROR_INVALID_VALUE;
  return push_copy (G_STRFUNC, stream, copy_down, copy);
}

WsCuResult
cuMemcpyDtoDAsync_v2 (WsCuPointer dst, WsCuPointer src, size_t n_bytes, WsCuStream stream)
{
  return push_copy (G_STRFUNC, stream, copy_across,
                    (Copy){ (void *) (gsize) dst, (const void *) (gsize) src, n_bytes, 0 });
}

WsCuResult
cuMemsetD8Async (WsCuPointer dst, guchar value, size_t n_bytes, WsCuStream stream)
{
  return push_copy (G_STRFUNC, stream, fill, (Copy){ (void *) (gsize) dst, NULL, n_bytes, value });
}
