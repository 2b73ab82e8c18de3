/* SPDX-License-Identifier: MIT */
/* The backend on a real GPU: the numbers of LAPACK, the same bits on every lane and at every time.
 * Exit status 77, with a reason, where there is none. */
#include "cuda/cuda-private.h"
#include "cuda/step-thread.h"
#include "sample.h"
#include "spectra/spectrum.h"

#include <string.h>

#define STEP 512
#define N_BATCH 16
#define N_WORKERS 8
#define EXIT_SKIP 77

static WsBackend *backend;

typedef struct
{
  WsDtype dtype;
  gsize n_rows, n_cols;
} Form;

/* Tall, wide, square, of every type that a kernel widens and one that none does. */
static const Form forms[] = {
  { WS_DTYPE_BF16, 1500, 1024 }, { WS_DTYPE_BF16, 1024, 1500 },  { WS_DTYPE_BF16, 768, 768 },
  { WS_DTYPE_F16, 1500, 700 },   { WS_DTYPE_F16, 700, 1500 },    { WS_DTYPE_F32, 1500, 700 },
  { WS_DTYPE_F32, 700, 1500 },   { WS_DTYPE_F8_E4M3, 900, 400 }, { WS_DTYPE_I8, 900, 400 },
  { WS_DTYPE_BF16, 30000, 256 },
};

static void
test_numbers (gconstpointer data)
{
  const Form *form = data;
  Sample sample;

  sample_init (&sample, form->dtype, form->n_rows, form->n_cols, 1);
  sample_compute_and_check (&sample, backend, STEP, FALSE);
  sample_compute_and_check (&sample, backend, STEP, TRUE);
  sample_clear (&sample);
}

static void
test_zeros (void)
{
  g_autofree double *sigma = g_new (double, 512);
  g_autoptr (GError) error = NULL;
  double gram_norm;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 512, 600, 1);
  memset (sample.stored, 0, 512 * 600 * 2);
  sample_compute (&sample, 1, backend, STEP, FALSE, sigma, &gram_norm, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (sigma[0], ==, 0.0);
  sample_clear (&sample);
}

/* The program does not ask for these; a solver that never returns would still be found here. */
static void
test_nan (void)
{
  g_autofree double *sigma = g_new (double, 512);
  g_autoptr (GError) error = NULL;
  double gram_norm;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 512, 600, 1);
  memset (sample.stored, 0xff, 2);
  g_assert_false (
      sample_compute (&sample, 1, backend, STEP, FALSE, sigma, &gram_norm, NULL, &error));
  g_assert_error (error, WS_FAULT_ERROR, WS_FAULT_NUMERIC);
  sample_clear (&sample);
}

static void
test_batch (void)
{
  g_autofree double *sigma = g_new (double, N_BATCH * 300);
  g_autoptr (GError) error = NULL;
  double gram_norm[N_BATCH];
  Sample samples[N_BATCH];
  WsTaskShape shape;

  for (guint i = 0; i < N_BATCH; i++)
    sample_init (&samples[i], WS_DTYPE_BF16, 300, 800, i);
  sample_get_shape (samples, N_BATCH, STEP, FALSE, &shape);
  if (backend->funcs->get_batch (backend, &shape) < N_BATCH)
    g_test_skip ("these libraries have no batches");
  else
    {
      sample_compute (samples, N_BATCH, backend, STEP, FALSE, sigma, gram_norm, NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < N_BATCH; i++)
        sample_check (&samples[i], sigma + i * 300, &gram_norm[i]);
    }
  for (guint i = 0; i < N_BATCH; i++)
    sample_clear (&samples[i]);
}

static void
compute (const Sample *sample, double *sigma)
{
  g_autoptr (GError) error = NULL;
  double gram_norm;

  sample_compute (sample, 1, backend, STEP, FALSE, sigma, &gram_norm, NULL, &error);
  g_assert_no_error (error);
}

typedef struct
{
  const Sample *sample;
  const double *expected;
} Worker;

static gpointer
work (gpointer data)
{
  const Worker *self = data;
  const gsize n_bytes = self->sample->p * sizeof (double);
  g_autofree double *sigma = g_malloc (n_bytes);

  for (guint i = 0; i < 4; i++)
    {
      compute (self->sample, sigma);
      g_assert_cmpmem (sigma, n_bytes, self->expected, n_bytes);
    }
  return NULL;
}

static void
test_same_bits (void)
{
  GThread *threads[N_WORKERS];
  Worker workers[N_WORKERS];
  Sample samples[2];
  double *expected[2];

  for (guint i = 0; i < 2; i++)
    {
      sample_init (&samples[i], WS_DTYPE_BF16, 1500 - 800 * i, 900, i);
      expected[i] = g_new (double, samples[i].p);
      compute (&samples[i], expected[i]);
    }
  for (guint i = 0; i < N_WORKERS; i++)
    {
      workers[i] = (Worker){ &samples[i % 2], expected[i % 2] };
      threads[i] = g_thread_new ("worker", work, &workers[i]);
    }
  for (guint i = 0; i < N_WORKERS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < 2; i++)
    {
      sample_clear (&samples[i]);
      g_free (expected[i]);
    }
}

static WsBackend *
open_backend (GError **error)
{
  WsCudaGpu *gpu = ws_cuda_gpu_open (0, error);

  return gpu ? ws_cuda_backend_new (gpu, error) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  backend = open_backend (&error);
  if (!backend)
    {
      g_print ("skipped: %s\n", error->message);
      return EXIT_SKIP;
    }
  g_print ("%s\n", backend->name);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/gpu/numbers/%s-%zux%zu", ws_dtype_get_name (forms[i].dtype),
                           forms[i].n_rows, forms[i].n_cols);

      g_test_add_data_func (path, &forms[i], test_numbers);
    }
  g_test_add_func ("/gpu/zeros/are-zeros", test_zeros);
  g_test_add_func ("/gpu/nan/is-refused", test_nan);
  g_test_add_func ("/gpu/batch/has-the-numbers-of-lapack", test_batch);
  g_test_add_func ("/gpu/lanes/have-the-same-bits", test_same_bits);
  status = g_test_run ();
  ws_backend_unref (backend);
  g_assert_true (ws_step_threads_settle (30.0));
  return status;
}
