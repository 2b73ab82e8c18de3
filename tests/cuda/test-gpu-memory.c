/* SPDX-License-Identifier: MIT */
/* test-gpu-memory [--tiny]: a run whose GPU has little memory left: the large matrix is computed by
 * the processor, and says so; the numbers are the same. Exit status 77, with a reason, where there
 * is no GPU. */
#include "analysis/analysis.h"
#include "cuda/cuda-private.h"
#include "cuda/cuda.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define EXIT_SKIP 77

/* The Gram matrix of the large one alone takes more than is left when the backend has kept 256 MB
 * and a tenth away from it; that of a small one does not. --tiny is for stand-ins, which hold
 * nothing themselves. */
typedef struct
{
  gsize large;
  gsize small;
  guint n_small; /* more than the processor can take before the device has answered for the large */
  guint64 n_bytes_left;
} Sizes;

static const Sizes real = { 8192, 1024, 4, 500000000 }, tiny = { 2048, 300, 60, 330000000 };

/* BF16 of a few binades. */
static void
append_matrix (GByteArray *bytes, gsize side, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);

  for (gsize i = 0; i < side * side; i++)
    {
      guint32 bits = g_rand_int (rand);
      guint16 code = GUINT16_TO_LE ((bits & 0x807f) | (115 + (bits >> 16 & 7)) << 7);

      g_byte_array_append (bytes, (const guint8 *) &code, 2);
    }
}

/* One large matrix, then small ones. */
static WsModel *
make_model (const char *path, const Sizes *sizes)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();
  g_autoptr (GString) header = g_string_new ("{");
  g_autoptr (GByteArray) file = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  guint64 n_header;
  WsModel *model;

  for (guint i = 0; i <= sizes->n_small; i++)
    {
      const gsize side = i == 0 ? sizes->large : sizes->small, start = data->len;

      append_matrix (data, side, i);
      g_string_append_printf (header,
                              "%s\"model.layers.%u.mlp.up_proj.weight\":{\"dtype\":\"BF16\","
                              "\"shape\":[%zu,%zu],\"data_offsets\":[%zu,%u]}",
                              i > 0 ? "," : "", i, side, side, start, data->len);
    }
  g_string_append_c (header, '}');
  n_header = GUINT64_TO_LE ((guint64) header->len);
  g_byte_array_append (file, (const guint8 *) &n_header, 8);
  g_byte_array_append (file, (const guint8 *) header->str, header->len);
  g_byte_array_append (file, data->data, data->len);
  g_file_set_contents (path, (const char *) file->data, file->len, &error);
  g_assert_no_error (error);
  model = ws_model_open (path, FALSE, NULL, &error);
  g_assert_no_error (error);
  return model;
}

static void
keep_result (WsResult *result, guint index, gpointer user_data)
{
  GPtrArray *results = user_data;

  g_ptr_array_index (results, index) = ws_result_ref (result);
}

/* (element-type WsResult) */
static GPtrArray *
run (WsModel *model, WsDeviceKind kind)
{
  WsMetricOptions metrics = { 0 };
  WsAnalysisOptions options;
  g_autoptr (GPtrArray) pending = NULL;
  g_autoptr (WsAnalysis) analysis = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);
  const WsAnalysisCallbacks callbacks = { .result = keep_result, .user_data = results };

  ws_analysis_options_init (&options);
  metrics = options.metrics;
  options.device_kind = kind;
  pending = ws_analysis_plan (model, &metrics);
  g_ptr_array_set_size (results, pending->len);
  analysis = ws_analysis_new (pending, &options, NULL, &callbacks);
  ws_analysis_run (analysis, NULL, &error);
  g_assert_no_error (error);
  return results;
}

/* Takes the memory of the GPU but for so much. */
static WsCuPointer
hold (const WsCudaGpu *gpu, guint64 n_bytes_left)
{
  gsize n_free, n_total;
  WsCuPointer pointer;

  g_assert_cmpuint (gpu->api->cuMemGetInfo_v2 (&n_free, &n_total), ==, WS_CUDA_SUCCESS);
  g_assert_cmpuint (n_free, >, n_bytes_left);
  g_assert_cmpuint (gpu->api->cuMemAlloc_v2 (&pointer, n_free - n_bytes_left), ==, WS_CUDA_SUCCESS);
  return pointer;
}

static void
compare (const WsSpectrum *found, const WsSpectrum *expected)
{
  g_assert_cmpuint (found->n_sigma, ==, expected->n_sigma);
  for (gsize i = 0; i < found->n_sigma; i++)
    if (expected->sigma[i] > 1e-3 * expected->sigma[0])
      g_assert_cmpfloat_with_epsilon (found->sigma[i], expected->sigma[i],
                                      1e-9 * expected->sigma[i]);
}

static void
check (WsModel *model, const WsCudaGpu *gpu, const Sizes *sizes)
{
  g_autoptr (GPtrArray) expected = run (model, WS_DEVICE_CPU), found = NULL;
  WsCuPointer held = hold (gpu, sizes->n_bytes_left);
  guint n_on_device = 0;

  found = run (model, WS_DEVICE_CUDA);
  gpu->api->cuMemFree_v2 (held);
  for (guint i = 0; i < found->len; i++)
    {
      const WsSpectrum *spectrum = &((WsResult *) found->pdata[i])->spectrum;

      g_print ("%u: %s, fault '%s', %.2f s\n", i, spectrum->backend,
               ws_fault_get_key (spectrum->fault), spectrum->seconds);
      compare (spectrum, &((WsResult *) expected->pdata[i])->spectrum);
      g_assert_true (i == 0 || spectrum->fault == WS_FAULT_NONE);
      n_on_device += g_str_equal (spectrum->backend, "cuda");
    }
  /* A fast processor may have taken it before the device was asked. */
  g_assert_cmpstr (((WsResult *) found->pdata[0])->spectrum.backend, ==, "cpu");
  g_assert_true (((WsResult *) found->pdata[0])->spectrum.fault == WS_FAULT_MEMORY ||
                 ((WsResult *) found->pdata[0])->spectrum.fault == WS_FAULT_NONE);
  g_assert_cmpuint (n_on_device, >, 0);
}

int
main (int argc, char **argv)
{
  const Sizes *sizes = argc > 1 && strcmp (argv[1], "--tiny") == 0 ? &tiny : &real;
  g_autoptr (GError) error = NULL;
  /* so that what its context takes is not counted as free */
  g_autoptr (WsBackend) backend = ws_cuda_open (0, &error);
  g_autoptr (WsCudaGpu) gpu = backend ? ws_cuda_gpu_open (0, &error) : NULL;
  g_autofree char *folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "model.safetensors", NULL);
  WsModel *model;

  if (!gpu)
    {
      g_print ("skipped: %s\n", error->message);
      return EXIT_SKIP;
    }
  ws_spectrum_init_blas ();
  model = make_model (path, sizes);
  check (model, gpu, sizes);
  ws_model_unref (model);
  g_remove (path);
  g_rmdir (folder);
  return 0;
}
