/* SPDX-License-Identifier: MIT */
/* time-gpu [--tiny]: how long each stage takes on the first GPU, so that the constants of src/cuda
 * can be chosen: dsyrk or dgemm, batches or lanes and how many of them, from which side on. */
#include "cuda/cuda-kernels.h"
#include "cuda/cuda-lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a block is of the long side where the short one is large: see matrix/blocks.c. */
#define STEP 512
#define N_ROUNDS 5
#define N_BATCH 64
#define EXIT_SKIP 77

static const WsCudaApi *api;
static const WsCudaGpu *gpu;

/* A lane with a matrix of q x p, and what its values take. */
typedef struct
{
  WsCudaLane lane;
  WsCudaKernels kernels;
  gsize p, q;
  guint n; /* Gram matrices */
  WsCuPointer stored, values, gram, roots, info, work;
  gsize n_work_bytes, n_host_work_bytes;
} Bench;

static void
must (gboolean ok, const char *what)
{
  if (ok)
    return;
  fprintf (stderr, "time-gpu: failed: %s\n", what);
  exit (1);
}

#define CALL(code) must ((code) == 0, #code)

static double *
at (WsCuPointer pointer)
{
  return (double *) (gsize) pointer;
}

static WsCuPointer
take (gsize *offset, gsize n_bytes)
{
  const gsize start = *offset;

  *offset += (n_bytes + 255) / 256 * 256;
  return start;
}

/* Lays out the pool; the pointers are offsets until it is there. */
static void
place (Bench *self)
{
  const gsize n_elements = self->p * self->q, n_roots = self->n * self->p;
  WsCuPointer *const parts[] = { &self->stored, &self->values, &self->gram,
                                 &self->roots,  &self->info,   &self->work };
  gsize n_bytes = 0;

  self->stored = take (&n_bytes, n_elements * 2);
  self->values = take (&n_bytes, n_elements * sizeof (double));
  self->gram = take (&n_bytes, n_roots * self->p * sizeof (double));
  self->roots = take (&n_bytes, n_roots * sizeof (double));
  self->info = take (&n_bytes, self->n * sizeof (int));
  self->work = take (&n_bytes, self->n_work_bytes);
  must (ws_cuda_lane_reserve_pool (&self->lane, n_bytes, NULL), "memory of the GPU");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    *parts[i] += self->lane.pool;
}

/* BF16 of a few binades, in the first buffer and on the device. */
static void
fill (Bench *self)
{
  const gsize n = self->p * self->q;
  guint16 *codes = self->lane.buffers[0].stored;
  guint32 state = 1;

  for (gsize i = 0; i < n; i++)
    {
      state = state * 1664525 + 1013904223;
      codes[i] = (state >> 16 & 0x807f) | (118 + (state >> 8 & 3)) << 7;
    }
  CALL (api->cuMemcpyHtoDAsync_v2 (self->stored, codes, n * 2, self->lane.stream));
}

static void
widen (Bench *self)
{
  CALL (ws_cuda_kernels_widen (&self->kernels, WS_DTYPE_BF16, self->values, self->stored,
                               self->p * self->q, self->lane.stream));
}

static void
bench_open (Bench *self, gsize p, gsize q, guint n)
{
  WsCudaLane *lane = &self->lane;

  *self = (Bench){ .lane = { .gpu = gpu, .api = api }, .p = p, .q = q, .n = n };
  must (ws_cuda_lane_open (lane, NULL), "opening a lane");
  must (ws_cuda_kernels_init (&self->kernels, api, lane->stream, NULL), "compiling the kernels");
  must (ws_cuda_lane_reserve_buffers (lane, p * q * 2, 0, NULL), "pinned memory");
  if (n == 1)
    CALL (api->cusolverDnXsyevd_bufferSize (
        lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR, WS_CUBLAS_FILL_MODE_LOWER, p,
        WS_CUDA_R_64F, at (lane->blas_work), p, WS_CUDA_R_64F, at (lane->blas_work), WS_CUDA_R_64F,
        &self->n_work_bytes, &self->n_host_work_bytes));
  else
    CALL (api->cusolverDnXsyevBatched_bufferSize (
        lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR, WS_CUBLAS_FILL_MODE_LOWER, p,
        WS_CUDA_R_64F, at (lane->blas_work), p, WS_CUDA_R_64F, at (lane->blas_work), WS_CUDA_R_64F,
        &self->n_work_bytes, &self->n_host_work_bytes, n));
  must (ws_cuda_lane_reserve_host_work (lane, self->n_host_work_bytes, NULL), "memory");
  place (self);
  fill (self);
  widen (self);
  CALL (api->cuStreamSynchronize (lane->stream));
}

static void
bench_close (Bench *self)
{
  ws_cuda_kernels_clear (&self->kernels);
  ws_cuda_lane_close (&self->lane);
}

/* Stages */

static void
upload (Bench *self)
{
  CALL (api->cuMemcpyHtoDAsync_v2 (self->stored, self->lane.buffers[0].stored,
                                   self->p * self->q * 2, self->lane.stream));
}

static void
multiply (Bench *self, gsize step, gboolean is_full)
{
  const double one = 1.0;
  const int p = self->p;

  CALL (
      api->cuMemsetD8Async (self->gram, 0, self->p * self->p * sizeof (double), self->lane.stream));
  for (gsize row = 0; row < self->q; row += step)
    {
      const int k = MIN (step, self->q - row);
      const double *block = at (self->values) + row * self->p;

      if (is_full)
        CALL (api->cublasDgemm_v2 (self->lane.blas, WS_CUBLAS_OP_N, WS_CUBLAS_OP_T, p, p, k, &one,
                                   block, p, block, p, &one, at (self->gram), p));
      else
        CALL (api->cublasDsyrk_v2 (self->lane.blas, WS_CUBLAS_FILL_MODE_LOWER, WS_CUBLAS_OP_N, p, k,
                                   &one, block, p, &one, at (self->gram), p));
    }
}

static void
syrk_blocks (Bench *self)
{
  multiply (self, STEP, FALSE);
}

static void
gemm_blocks (Bench *self)
{
  multiply (self, STEP, TRUE);
}

static void
syrk_whole (Bench *self)
{
  multiply (self, self->q, FALSE);
}

static void
gemm_whole (Bench *self)
{
  multiply (self, self->q, TRUE);
}

/* The Gram matrix anew, in all places of a batch; not of what is timed. */
static void
restore (Bench *self)
{
  const gsize n_bytes = self->p * self->p * sizeof (double);

  syrk_whole (self);
  for (guint i = 1; i < self->n; i++)
    CALL (api->cuMemcpyDtoDAsync_v2 (self->gram + i * n_bytes, self->gram, n_bytes,
                                     self->lane.stream));
}

static void
solve (Bench *self)
{
  WsCudaLane *lane = &self->lane;

  if (self->n == 1)
    CALL (api->cusolverDnXsyevd (lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR,
                                 WS_CUBLAS_FILL_MODE_LOWER, self->p, WS_CUDA_R_64F, at (self->gram),
                                 self->p, WS_CUDA_R_64F, at (self->roots), WS_CUDA_R_64F,
                                 at (self->work), self->n_work_bytes, lane->host_work,
                                 self->n_host_work_bytes, (int *) at (self->info)));
  else
    CALL (api->cusolverDnXsyevBatched (
        lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR, WS_CUBLAS_FILL_MODE_LOWER,
        self->p, WS_CUDA_R_64F, at (self->gram), self->p, WS_CUDA_R_64F, at (self->roots),
        WS_CUDA_R_64F, at (self->work), self->n_work_bytes, lane->host_work,
        self->n_host_work_bytes, (int *) at (self->info), self->n));
}

/* Least milliseconds of some rounds, after one that is not counted. */
static double
measure (Bench *self, void (*stage) (Bench *))
{
  gint64 least = G_MAXINT64;

  for (guint i = 0; i <= N_ROUNDS; i++)
    {
      gint64 start;

      restore (self);
      CALL (api->cuStreamSynchronize (self->lane.stream));
      start = g_get_monotonic_time ();
      stage (self);
      CALL (api->cuStreamSynchronize (self->lane.stream));
      if (i > 0)
        least = MIN (least, g_get_monotonic_time () - start);
    }
  return least * 1e-3;
}

static void
time_stages (gsize p, gsize q)
{
  Bench bench;

  bench_open (&bench, p, q, 1);
  printf ("| %zu×%zu | %.2f | %.2f ", q, p, measure (&bench, upload), measure (&bench, widen));
  printf ("| %.2f | %.2f ", measure (&bench, syrk_blocks), measure (&bench, gemm_blocks));
  printf ("| %.2f | %.2f ", measure (&bench, syrk_whole), measure (&bench, gemm_whole));
  printf ("| %.2f | %.0f |\n", measure (&bench, solve), bench.n_work_bytes * 1e-6);
  bench_close (&bench);
}

static void
time_batch (gsize p)
{
  Bench one, batch;
  double alone;

  if (!api->cusolverDnXsyevBatched)
    return;
  bench_open (&one, p, p, 1);
  alone = measure (&one, solve);
  bench_close (&one);
  bench_open (&batch, p, p, N_BATCH);
  printf ("| %zu | %.3f | %.3f | %.0f |\n", p, alone, measure (&batch, solve) / N_BATCH,
          batch.n_work_bytes * 1e-6);
  bench_close (&batch);
}

/* Several lanes: all are ready before any begins. */

typedef struct
{
  gsize p;
  GMutex *start;
  int *n_ready;
  gint64 end;
} Runner;

static gpointer
run (gpointer data)
{
  Runner *self = data;
  Bench bench;

  bench_open (&bench, self->p, self->p, 1);
  measure (&bench, solve);
  g_atomic_int_inc (self->n_ready);
  g_mutex_lock (self->start);
  g_mutex_unlock (self->start);
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      upload (&bench);
      widen (&bench);
      syrk_blocks (&bench);
      solve (&bench);
      CALL (api->cuStreamSynchronize (bench.lane.stream));
    }
  self->end = g_get_monotonic_time ();
  bench_close (&bench);
  return NULL;
}

/* Returns: milliseconds for a matrix. */
static double
time_lanes (gsize p, guint n)
{
  GThread *threads[8];
  GMutex start;
  int n_ready = 0;
  Runner runners[8];
  gint64 begin, end = 0;

  g_mutex_init (&start);
  g_mutex_lock (&start);
  for (guint i = 0; i < n; i++)
    {
      runners[i] = (Runner){ p, &start, &n_ready, 0 };
      threads[i] = g_thread_new ("lane", run, &runners[i]);
    }
  while (g_atomic_int_get (&n_ready) < (int) n)
    g_usleep (1000);
  begin = g_get_monotonic_time ();
  g_mutex_unlock (&start);
  for (guint i = 0; i < n; i++)
    {
      g_thread_join (threads[i]);
      end = MAX (end, runners[i].end);
    }
  g_mutex_clear (&start);
  return (end - begin) * 1e-3 / (n * N_ROUNDS);
}

int
main (int argc, char **argv)
{
  static const gsize shapes[][2] = { { 256, 1024 },   { 512, 2048 },    { 768, 2048 },
                                     { 1024, 2560 },  { 2560, 4096 },   { 2560, 9728 },
                                     { 4096, 14336 }, { 2560, 151936 }, { 8192, 8192 } };
  static const gsize sides[] = { 256, 512, 768, 1024, 2560, 4096 };
  const gsize divisor = argc > 1 && strcmp (argv[1], "--tiny") == 0 ? 16 : 1;
  g_autoptr (GError) error = NULL;
  g_autoptr (WsCudaGpu) opened = ws_cuda_gpu_open (0, &error);

  if (!opened)
    {
      printf ("skipped: %s\n", error->message);
      return EXIT_SKIP;
    }
  gpu = opened;
  api = opened->api;
  setvbuf (stdout, NULL, _IOLBF, 0);
  printf ("%s, compute capability %u, %u multiprocessors, float/double %u, CUDA %u; milliseconds\n",
          gpu->name, gpu->capability, gpu->n_multiprocessors, gpu->float_to_double,
          gpu->cuda_version);
  printf ("\n| matrix | upload | widen | dsyrk, by %d | dgemm, by %d | dsyrk, whole | dgemm, whole "
          "| Xsyevd | work MB |\n|---|---|---|---|---|---|---|---|---|\n",
          STEP, STEP);
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    time_stages (shapes[i][0] / divisor, shapes[i][1] / divisor);
  printf ("\n| side | Xsyevd alone | XsyevBatched of %d, each | work MB |\n|---|---|---|---|\n",
          N_BATCH);
  for (guint i = 0; sides[i] <= 1024; i++)
    time_batch (sides[i] / divisor);
  printf ("\n| side | 1 lane, a matrix | 2 | 4 | 8 |\n|---|---|---|---|---|\n");
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      printf ("| %zu ", sides[i] / divisor);
      for (guint n = 1; n <= 8; n *= 2)
        printf ("| %.2f ", time_lanes (sides[i] / divisor, n));
      printf ("|\n");
    }
  return 0;
}
