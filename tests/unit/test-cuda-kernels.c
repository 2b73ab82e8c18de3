/* SPDX-License-Identifier: MIT */
/* The kernels, as the PTX that is shipped, on the stand-in driver against the widening of the
 * processor; and that this driver is as strict as it claims, since other tests rely on it. */
#include <dlfcn.h>
#include <math.h>
#include <string.h>

#include "../cuda/standin.h"
#include "base/error.h"
#include "cuda-fixture.h"
#include "cuda/cuda-kernels.h"
#include "cuda/cuda-private.h"

/* All patterns of the 8- and 16-bit types, and more elements than threads are launched, so that
 * some take two, with a tail that fills no block. */
#define N (4096 * 256 + 65536 + 13)

typedef struct
{
  CudaFixture libraries;
  WsCudaGpu *gpu;
  const WsCudaApi *api;
  WsCuStream stream;
  StandinSetFaults set_faults;
  StandinGetCount get_count;
} Device;

static void
device_init (Device *self, const char *faults)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  void *driver;

  cuda_fixture_init (&self->libraries, 13);
  cuda_fixture_use (&self->libraries, faults);
  self->gpu = ws_cuda_gpu_open (0, &error);
  g_assert_no_error (error);
  self->api = self->gpu->api;
  g_assert_cmpuint (self->api->cuStreamCreate (&self->stream, WS_CU_STREAM_NON_BLOCKING), ==, 0);
  path = g_build_filename (self->libraries.folder, "libcuda.so.1", NULL);
  driver = dlopen (path, RTLD_NOW | RTLD_NOLOAD);
  g_assert_nonnull (driver);
  self->set_faults = (StandinSetFaults) dlsym (driver, STANDIN_SET_FAULTS);
  self->get_count = (StandinGetCount) dlsym (driver, STANDIN_GET_COUNT);
}

static void
device_clear (Device *self)
{
  if (self->gpu != NULL)
    {
      self->api->cuStreamDestroy_v2 (self->stream);
      ws_cuda_gpu_free (self->gpu);
    }
  cuda_fixture_clear (&self->libraries);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Device, device_clear)

/* Whatever a test is to try in a process of its own: a device that stopped stays so. */
#define IN_SUBPROCESS()                                                                            \
  if (!g_test_subprocess ())                                                                       \
    {                                                                                              \
      g_test_trap_subprocess (NULL, 0, 0);                                                         \
      g_test_trap_assert_passed ();                                                                \
      return;                                                                                      \
    }

/* Bytes that repeat every 64 Ki elements of two bytes, so that all patterns occur. */
static void
fill_patterns (guint8 *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    bytes[i] = i % 2 == 0 ? i / 2 : i / 512;
}

/* Every sign, exponent and upper part of a mantissa, each with 17 lower parts: 0, all ones, others.
 */
static void
fill_floats (guint32 *bits, gsize n)
{
  for (gsize i = 0; i < n; i++)
    {
      const guint32 turn = i >> 16;

      bits[i] = (guint32) i << 16 | (turn == 1 ? 0xffff : turn * 40503 & 0xffff);
    }
}

static void
assert_same (WsDtype dtype, const guint8 *stored, const double *widened, gsize n)
{
  g_autofree double *expected = g_new (double, n);

  ws_dtype_widen (dtype, stored, expected, n);
  for (gsize i = 0; i < n; i++)
    if (isnan (expected[i]) ? !isnan (widened[i])
                            : memcmp (&expected[i], &widened[i], sizeof (double)) != 0)
      g_error ("%s, element %zu: %a is not %a", ws_dtype_get_name (dtype), i, widened[i],
               expected[i]);
}

static void
widen_and_compare (const Device *device, const WsCudaKernels *kernels, WsDtype dtype, gsize n)
{
  const WsCudaApi *api = device->api;
  gsize n_bytes = n * ws_dtype_get_n_bits (dtype) / 8;
  WsCuPointer src, dst;
  void *stored, *widened;

  g_assert_cmpuint (api->cuMemAlloc_v2 (&src, n_bytes), ==, 0);
  g_assert_cmpuint (api->cuMemAlloc_v2 (&dst, n * sizeof (double)), ==, 0);
  g_assert_cmpuint (api->cuMemHostAlloc (&stored, n_bytes, 0), ==, 0);
  g_assert_cmpuint (api->cuMemHostAlloc (&widened, n * sizeof (double), 0), ==, 0);
  if (dtype == WS_DTYPE_F32)
    fill_floats (stored, n);
  else
    fill_patterns (stored, n_bytes);
  g_assert_cmpuint (api->cuMemcpyHtoDAsync_v2 (src, stored, n_bytes, device->stream), ==, 0);
  g_assert_cmpuint (ws_cuda_kernels_widen (kernels, dtype, dst, src, n, device->stream), ==, 0);
  g_assert_cmpuint (api->cuMemcpyDtoHAsync_v2 (widened, dst, n * sizeof (double), device->stream),
                    ==, 0);
  g_assert_cmpuint (api->cuStreamSynchronize (device->stream), ==, 0);
  assert_same (dtype, stored, widened, n);
  api->cuMemFree_v2 (src);
  api->cuMemFree_v2 (dst);
  api->cuMemFreeHost (stored);
  api->cuMemFreeHost (widened);
}

static void
test_elements_are_widened_as_by_processor (void)
{
  static const WsDtype dtypes[] = { WS_DTYPE_BF16, WS_DTYPE_F16, WS_DTYPE_F32, WS_DTYPE_F8_E4M3,
                                    WS_DTYPE_F8_E5M2 };
  g_auto (Device) device = { .gpu = NULL };
  WsCudaKernels kernels;
  g_autoptr (GError) error = NULL;

  IN_SUBPROCESS ();
  device_init (&device, NULL);
  ws_cuda_kernels_init (&kernels, device.api, device.stream, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      g_assert_true (ws_cuda_kernels_can_widen (&kernels, dtypes[i]));
      widen_and_compare (&device, &kernels, dtypes[i], N);
      widen_and_compare (&device, &kernels, dtypes[i], 13); /* less than a block has threads */
    }
  g_assert_false (ws_cuda_kernels_can_widen (&kernels, WS_DTYPE_I8));
  g_assert_false (ws_cuda_kernels_can_widen (&kernels, WS_DTYPE_F64));
  ws_cuda_kernels_clear (&kernels);
  g_assert_cmpuint (device.get_count ("violations"), ==, 0);
  g_assert_cmpuint (device.get_count ("allocations"), ==, 0);
  g_assert_cmpuint (device.get_count ("modules"), ==, 0);
}

static void
test_kernels_that_are_not_compiled_are_told (void)
{
  g_auto (Device) device = { .gpu = NULL };
  WsCudaKernels kernels = { 0 };
  g_autoptr (GError) error = NULL;

  IN_SUBPROCESS ();
  device_init (&device, "ptx=222");
  g_assert_false (ws_cuda_kernels_init (&kernels, device.api, device.stream, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_assert_cmpstr (error->message, ==,
                   "the NVIDIA driver cannot compile the program's kernels: "
                   "CUDA_ERROR_UNSUPPORTED_PTX_VERSION (222)");
  g_assert_cmpuint (device.get_count ("modules"), ==, 0);
}

/* Since CUDA 12.2 a kernel may be compiled by its first launch only. */
static void
test_kernels_that_are_not_launched_are_told (void)
{
  g_auto (Device) device = { .gpu = NULL };
  WsCudaKernels kernels = { 0 };
  g_autoptr (GError) error = NULL;

  IN_SUBPROCESS ();
  device_init (&device, "launch=209");
  g_assert_false (ws_cuda_kernels_init (&kernels, device.api, device.stream, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "CUDA_ERROR_NO_BINARY_FOR_GPU (209)"));
  g_assert_cmpuint (device.get_count ("modules"), ==, 0);
}

/* What is written into a buffer before its copy is waited for arrives in place of what was there.
 */
static void
test_standin_shows_buffer_used_too_early (void)
{
  g_auto (Device) device = { .gpu = NULL };
  const WsCudaApi *api;
  WsCuPointer memory;
  void *buffer;
  char *bytes;

  IN_SUBPROCESS ();
  device_init (&device, NULL);
  api = device.api;
  api->cuMemAlloc_v2 (&memory, 2);
  api->cuMemHostAlloc (&buffer, 2, 0);
  bytes = buffer;
  bytes[0] = 1;
  api->cuMemcpyHtoDAsync_v2 (memory, bytes, 1, device.stream);
  bytes[0] = 2;
  api->cuMemcpyDtoHAsync_v2 (bytes + 1, memory, 1, device.stream);
  g_assert_cmpint (bytes[1], ==, -1); /* nothing was done, nobody waited */
  g_assert_cmpuint (api->cuStreamSynchronize (device.stream), ==, 0);
  g_assert_cmpint (bytes[1], ==, 2);
  api->cuMemFreeHost (buffer);
  api->cuMemFree_v2 (memory);
}

/* @misuse: returns what the device says when it is waited for */
static void
assert_device_dies (WsCuResult (*misuse) (Device *device))
{
  g_auto (Device) device = { .gpu = NULL };

  IN_SUBPROCESS ();
  device_init (&device, NULL);
  g_assert_cmpuint (misuse (&device), ==, WS_CUDA_ERROR_ILLEGAL_ADDRESS);
  g_assert_cmpuint (device.get_count ("violations"), >=, 1);
  g_assert_cmpuint (device.api->cuStreamQuery (device.stream), ==, WS_CUDA_ERROR_ILLEGAL_ADDRESS);
}

static WsCuResult
fill_freed_memory (Device *device)
{
  WsCuPointer memory;

  device->api->cuMemAlloc_v2 (&memory, 8);
  device->api->cuMemFree_v2 (memory);
  device->api->cuMemsetD8Async (memory, 0, 8, device->stream);
  return device->api->cuStreamSynchronize (device->stream);
}

static WsCuResult
fill_too_much (Device *device)
{
  WsCuPointer memory;

  device->api->cuMemAlloc_v2 (&memory, 8);
  device->api->cuMemsetD8Async (memory, 0, 9, device->stream);
  return device->api->cuStreamSynchronize (device->stream);
}

static WsCuResult
fill_memory_of_host (Device *device)
{
  char buffer[8];

  device->api->cuMemsetD8Async ((WsCuPointer) (gsize) buffer, 0, 8, device->stream);
  return device->api->cuStreamSynchronize (device->stream);
}

static WsCuResult
fill_in_default_stream (Device *device)
{
  WsCuPointer memory;

  device->api->cuMemAlloc_v2 (&memory, 8);
  return device->api->cuMemsetD8Async (memory, 0, 8, NULL);
}

static WsCuResult
forget_context (Device *device)
{
  WsCuPointer memory;

  device->api->cuCtxSetCurrent (NULL);
  g_assert_cmpuint (device->api->cuMemAlloc_v2 (&memory, 8), !=, WS_CUDA_SUCCESS);
  return device->api->cuMemAlloc_v2 (&memory, 8);
}

static WsCuResult
widen (Device *device, gsize n_allocated, gsize offset, gsize n)
{
  static WsCudaKernels kernels; /* not given back by a device that died, and no leak */
  WsCuPointer src, dst;

  g_assert_true (kernels.module != NULL ||
                 ws_cuda_kernels_init (&kernels, device->api, device->stream, NULL));
  device->api->cuMemAlloc_v2 (&src, n_allocated * 2);
  device->api->cuMemAlloc_v2 (&dst, n_allocated * sizeof (double));
  ws_cuda_kernels_widen (&kernels, WS_DTYPE_BF16, dst, src + offset, n, device->stream);
  return device->api->cuStreamSynchronize (device->stream);
}

static WsCuResult
widen_too_much (Device *device)
{
  g_assert_cmpuint (widen (device, 1000, 0, 1000), ==, WS_CUDA_SUCCESS);
  return widen (device, 1000, 0, 1001);
}

static WsCuResult
widen_between_elements (Device *device)
{
  return widen (device, 1000, 1, 10);
}

static void
test_standin_dies_of_freed_memory (void)
{
  assert_device_dies (fill_freed_memory);
}

static void
test_standin_dies_past_end (void)
{
  assert_device_dies (fill_too_much);
}

static void
test_standin_dies_of_memory_of_host (void)
{
  assert_device_dies (fill_memory_of_host);
}

static void
test_standin_dies_of_default_stream (void)
{
  assert_device_dies (fill_in_default_stream);
}

static void
test_standin_dies_without_context (void)
{
  assert_device_dies (forget_context);
}

static void
test_standin_dies_of_kernel_past_end (void)
{
  assert_device_dies (widen_too_much);
}

static void
test_standin_dies_of_kernel_between_elements (void)
{
  assert_device_dies (widen_between_elements);
}

/* What the real one says, and not that it compiles everything. */
static void
test_standin_refuses_text (void)
{
  static const struct
  {
    const char *text;
    WsCuResult code;
  } cases[] = {
    { ".version 8.0\n.target sm_80\n.address_size 64\n", WS_CUDA_SUCCESS },
    { ".version 8.1\n.target sm_80\n.address_size 64\n", WS_CUDA_ERROR_UNSUPPORTED_PTX_VERSION },
    { ".version 8.0\n.target sm_86\n.address_size 64\n", WS_CUDA_ERROR_NO_BINARY_FOR_GPU },
    { ".version 8.0\n.target sm_80\n.visible .entry f(\n)\n{\nadd.s65 %r1, %r1, 1;\n}\n",
      WS_CUDA_ERROR_INVALID_PTX },
    { ".version 8.0\n.target sm_80\n.visible .entry f(\n)\n{\nadd.s64 %r1, %r1, 1;\n}\n",
      WS_CUDA_ERROR_INVALID_PTX },
    { ".version 8.0\n.target sm_80\n.visible .entry f(\n)\n{\nbra $L1;\n}\n",
      WS_CUDA_ERROR_INVALID_PTX },
  };
  g_auto (Device) device = { .gpu = NULL };

  IN_SUBPROCESS ();
  /* of CUDA 13, since its libraries stand in, but as if it were of 12 for PTX */
  device_init (&device, "capability=80");
  device.set_faults ("capability=80,version=12000");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WsCuModule module = NULL;

      g_assert_cmpuint (device.api->cuModuleLoadData (&module, cases[i].text), ==, cases[i].code);
      if (module != NULL)
        device.api->cuModuleUnload (module);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cuda-kernels/elements-are-widened-as-by-processor",
                   test_elements_are_widened_as_by_processor);
  g_test_add_func ("/cuda-kernels/those-that-are-not-compiled-are-told",
                   test_kernels_that_are_not_compiled_are_told);
  g_test_add_func ("/cuda-kernels/those-that-are-not-launched-are-told",
                   test_kernels_that_are_not_launched_are_told);
  g_test_add_func ("/cuda-standin/shows-buffer-used-too-early",
                   test_standin_shows_buffer_used_too_early);
  g_test_add_func ("/cuda-standin/dies-of-freed-memory", test_standin_dies_of_freed_memory);
  g_test_add_func ("/cuda-standin/dies-past-end", test_standin_dies_past_end);
  g_test_add_func ("/cuda-standin/dies-of-memory-of-host", test_standin_dies_of_memory_of_host);
  g_test_add_func ("/cuda-standin/dies-of-default-stream", test_standin_dies_of_default_stream);
  g_test_add_func ("/cuda-standin/dies-of-kernel-past-end", test_standin_dies_of_kernel_past_end);
  g_test_add_func ("/cuda-standin/dies-of-kernel-between-elements",
                   test_standin_dies_of_kernel_between_elements);
  g_test_add_func ("/cuda-standin/refuses-text-it-does-not-know", test_standin_refuses_text);
  g_test_add_func ("/cuda-standin/dies-without-context", test_standin_dies_without_context);
  return g_test_run ();
}
