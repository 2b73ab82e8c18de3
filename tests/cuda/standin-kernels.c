/* SPDX-License-Identifier: MIT */
/* The kernels of cuda-kernels.cu, written again from the definitions of the formats. */
#include <math.h>
#include <string.h>

#include "standin-core.h"

struct CUmod_st
{
  char *text;
};

/* 1 sign, then exponent and mantissa of these widths; all ones in the exponent are infinite or NaN,
 * or for E4M3 only with all ones in the mantissa. */
static double
decode (guint bits, guint n_exponent, guint n_mantissa, gboolean has_infinity)
{
  guint max_exponent = (1u << n_exponent) - 1, max_mantissa = (1u << n_mantissa) - 1;
  int bias = max_exponent / 2;
  guint exponent = bits >> n_mantissa & max_exponent, mantissa = bits & max_mantissa;
  double sign = bits >> (n_exponent + n_mantissa) & 1 ? -1 : 1;

  if (exponent == max_exponent && has_infinity)
    return mantissa != 0 ? NAN : sign * INFINITY;
  if (exponent == max_exponent && mantissa == max_mantissa)
    return NAN;
  if (exponent == 0)
    return sign * ldexp (mantissa, 1 - bias - (int) n_mantissa);
  return sign * ldexp (max_mantissa + 1 + mantissa, (int) exponent - bias - (int) n_mantissa);
}

static double
widen_bf16 (const void *src, gsize i)
{
  return decode (((const guint16 *) src)[i], 8, 7, TRUE);
}

static double
widen_f16 (const void *src, gsize i)
{
  return decode (((const guint16 *) src)[i], 5, 10, TRUE);
}

static double
widen_f32 (const void *src, gsize i)
{
  return ((const float *) src)[i];
}

static double
widen_e4m3 (const void *src, gsize i)
{
  return decode (((const guint8 *) src)[i], 4, 3, FALSE);
}

static double
widen_e5m2 (const void *src, gsize i)
{
  return decode (((const guint8 *) src)[i], 5, 2, TRUE);
}

struct CUfunc_st
{
  const char *name;
  gsize n_bytes;
  double (*widen) (const void *src, gsize i);
};

static struct CUfunc_st functions[] = {
  { "widen_bf16", 2, widen_bf16 }, { "widen_f16", 2, widen_f16 },   { "widen_f32", 4, widen_f32 },
  { "widen_e4m3", 1, widen_e4m3 }, { "widen_e5m2", 1, widen_e5m2 },
};

WsCuResult
cuModuleLoadData (WsCuModule *module, const void *image)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code == WS_CUDA_SUCCESS)
    code = standin_get_number ("ptx", WS_CUDA_SUCCESS);
  if (code == WS_CUDA_SUCCESS && !g_str_has_prefix (image, ".version "))
    code = WS_CUDA_ERROR_INVALID_PTX;
  if (code != WS_CUDA_SUCCESS)
    return code;
  *module = g_new (struct CUmod_st, 1);
  (*module)->text = g_strdup (image);
  standin_count (STANDIN_MODULES, 1);
  return WS_CUDA_SUCCESS;
}

WsCuResult
cuModuleUnload (WsCuModule module)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  g_free (module->text);
  g_free (module);
  standin_count (STANDIN_MODULES, -1);
  return code;
}

WsCuResult
cuModuleGetFunction (WsCuFunction *function, WsCuModule module, const char *name)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  g_autofree char *entry = g_strdup_printf (".entry %s(", name);

  if (code != WS_CUDA_SUCCESS)
    return code;
  if (strstr (module->text, entry) == NULL)
    return WS_CUDA_ERROR_NOT_FOUND;
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    if (strcmp (functions[i].name, name) == 0)
      {
        *function = &functions[i];
        return WS_CUDA_SUCCESS;
      }
  return WS_CUDA_ERROR_NOT_FOUND;
}

typedef struct
{
  WsCuFunction function;
  WsCuPointer dst, src;
  unsigned long long n;
} Launch;

static void
widen (void *arguments)
{
  const Launch *self = arguments;
  const void *src = standin_device ((void *) (gsize) self->src, self->n * self->function->n_bytes);
  double *dst = standin_device ((void *) (gsize) self->dst, self->n * sizeof *dst);

  if (src == NULL || dst == NULL)
    return;
  if (self->src % self->function->n_bytes != 0 || self->dst % sizeof *dst != 0)
    standin_violate ("elements for '%s' are not aligned", self->function->name);
  for (gsize i = 0; i < self->n; i++)
    dst[i] = self->function->widen (src, i);
}

WsCuResult
cuLaunchKernel (WsCuFunction function, guint grid_x, guint grid_y, guint grid_z, guint block_x,
                guint block_y, guint block_z, guint n_bytes_shared, WsCuStream stream,
                void **arguments, void **extra)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  Launch launch = { .function = function };

  if (code != WS_CUDA_SUCCESS)
    return code;
  if (grid_x == 0 || block_x == 0 || block_x > 1024 || grid_y != 1 || grid_z != 1 || block_y != 1 ||
      block_z != 1)
    return WS_CUDA_ERROR_INVALID_VALUE;
  /* By value, at the time of the call. */
  launch.dst = *(WsCuPointer *) arguments[0];
  launch.src = *(WsCuPointer *) arguments[1];
  launch.n = *(unsigned long long *) arguments[2];
  standin_push (stream, widen, &launch, sizeof launch);
  standin_count (STANDIN_LAUNCHED, 1);
  return standin_get_sticky ();
}
