/* SPDX-License-Identifier: MIT */
/* That the stand-in cuBLAS and cuSOLVER see what the real ones refuse or get wrong: what runs on
 * them without a violation is proof of no more than this. Each in a process of its own. */
#include <dlfcn.h>
#include <unistd.h>

#include "../cuda/standin.h"
#include "cuda-fixture.h"
#include "cuda/cuda-lane.h"

#define P 300
#define N_WORK_BYTES (1 << 20)

typedef struct
{
  WsCudaLane lane;
  const WsCudaApi *api;
  WsCuPointer memory; /* a matrix, its values, and what else is needed */
  void *matrix, *values, *info, *work;
  size_t n_bytes_device, n_bytes_host;
  char host_work[N_WORK_BYTES];
} Rig;

static WsCusolverStatus
ask (Rig *self)
{
  return self->api->cusolverDnXsyevd_bufferSize (
      self->lane.solver, self->lane.params, WS_CUSOLVER_EIG_MODE_NOVECTOR,
      WS_CUBLAS_FILL_MODE_LOWER, P, WS_CUDA_R_64F, self->matrix, P, WS_CUDA_R_64F, self->values,
      WS_CUDA_R_64F, &self->n_bytes_device, &self->n_bytes_host);
}

static void
solve (Rig *self, gint64 n, gint64 lda)
{
  self->api->cusolverDnXsyevd (self->lane.solver, self->lane.params, WS_CUSOLVER_EIG_MODE_NOVECTOR,
                               WS_CUBLAS_FILL_MODE_LOWER, n, WS_CUDA_R_64F, self->matrix, lda,
                               WS_CUDA_R_64F, self->values, WS_CUDA_R_64F, self->work,
                               self->n_bytes_device, self->host_work, self->n_bytes_host,
                               self->info);
}

static void
multiply (Rig *self, int lda)
{
  const double one = 1.0;

  self->api->cublasDsyrk_v2 (self->lane.blas, WS_CUBLAS_FILL_MODE_LOWER, WS_CUBLAS_OP_N, P, 1, &one,
                             self->values, lda, &one, self->matrix, P);
}

static void
make_no_mistake (Rig *self)
{
  multiply (self, P);
  solve (self, P, P);
}

static void
pass_short_rows (Rig *self)
{
  multiply (self, P - 1);
}

static void
set_stream_after_work_space (Rig *self)
{
  self->api->cublasSetStream_v2 (self->lane.blas, self->lane.stream);
  multiply (self, P);
}

static void
free_work_space_of_products (Rig *self)
{
  self->api->cuMemFree_v2 (self->lane.blas_work);
  multiply (self, P);
}

static void
set_stream_that_is_destroyed (Rig *self)
{
  WsCuStream stream;

  self->api->cuStreamCreate (&stream, WS_CU_STREAM_NON_BLOCKING);
  self->api->cuStreamDestroy_v2 (stream);
  self->api->cusolverDnSetStream (self->lane.solver, stream);
}

static void
use_destroyed_handle (Rig *self)
{
  self->api->cublasDestroy_v2 (self->lane.blas);
  multiply (self, P);
}

static void
solve_another_size (Rig *self)
{
  solve (self, P - 1, P);
}

static void
solve_with_other_rows (Rig *self)
{
  solve (self, P, P + 1);
}

static void
solve_on_new_handle_unasked (Rig *self)
{
  self->api->cusolverDnDestroy (self->lane.solver);
  self->api->cusolverDnCreate (&self->lane.solver);
  self->api->cusolverDnSetStream (self->lane.solver, self->lane.stream);
  solve (self, P, P);
}

static void
solve_in_too_little (Rig *self)
{
  self->n_bytes_device--;
  solve (self, P, P);
}

static void
solve_in_too_little_of_host (Rig *self)
{
  self->n_bytes_host--;
  solve (self, P, P);
}

static void
solve_between_alignments (Rig *self)
{
  self->work = (char *) self->work + 8;
  solve (self, P, P);
}

static void
use_handle_in_another_context (Rig *self)
{
  g_autoptr (WsCudaGpu) other = ws_cuda_gpu_open (1, NULL);

  g_assert_nonnull (other);
  multiply (self, P);
}

static void
end_context_with_memory (Rig *self)
{
  self->api->cuDevicePrimaryCtxRelease_v2 (self->lane.gpu->device);
}

static void
set_context_that_ended (Rig *self)
{
  WsCudaGpu *other = ws_cuda_gpu_open (1, NULL);
  WsCuContext context = other->context;

  ws_cuda_gpu_free (other);
  self->api->cuCtxSetCurrent (context);
}

static const struct
{
  const char *name;
  void (*misuse) (Rig *rig);
} cases[] = {
  { "nothing-to-complain-of", make_no_mistake },
  { "short-rows", pass_short_rows },
  { "stream-set-after-work-space", set_stream_after_work_space },
  { "work-space-that-is-freed", free_work_space_of_products },
  { "stream-that-is-destroyed", set_stream_that_is_destroyed },
  { "handle-that-is-destroyed", use_destroyed_handle },
  { "solver-of-another-size", solve_another_size },
  { "solver-of-other-rows", solve_with_other_rows },
  { "solver-that-was-not-asked", solve_on_new_handle_unasked },
  { "solver-with-too-little", solve_in_too_little },
  { "solver-with-too-little-of-the-host", solve_in_too_little_of_host },
  { "solver-with-work-space-between-alignments", solve_between_alignments },
  { "handle-of-another-context", use_handle_in_another_context },
  { "context-that-ends-with-memory", end_context_with_memory },
  { "context-that-ended", set_context_that_ended },
};

static void
rig_init (Rig *self)
{
  g_autoptr (GError) error = NULL;
  WsCudaGpu *gpu = ws_cuda_gpu_open (0, &error);

  g_assert_no_error (error);
  self->api = gpu->api;
  self->lane = (WsCudaLane){ .gpu = gpu, .api = gpu->api };
  g_assert_true (ws_cuda_lane_open (&self->lane, &error));
  g_assert_cmpuint (
      self->api->cuMemAlloc_v2 (&self->memory, (P + 2) * (P + 2) * 8 + 2 * N_WORK_BYTES), ==, 0);
  self->work = (void *) (gsize) self->memory;
  self->info = (void *) (gsize) (self->memory + N_WORK_BYTES);
  self->values = (void *) (gsize) (self->memory + N_WORK_BYTES + 256);
  self->matrix = (void *) (gsize) (self->memory + 2 * N_WORK_BYTES);
  self->api->cuMemsetD8Async (self->memory, 0, (P + 2) * (P + 2) * 8 + 2 * N_WORK_BYTES,
                              self->lane.stream);
  g_assert_cmpuint (ask (self), ==, 0);
  g_assert_cmpuint (MAX (self->n_bytes_device, self->n_bytes_host), <, N_WORK_BYTES);
}

static void
run_case (guint i)
{
  g_auto (CudaFixture) fixture = { NULL };
  g_autofree char *path = NULL;
  StandinGetCount get_count;
  Rig rig = { 0 };

  cuda_fixture_init (&fixture, 13);
  cuda_fixture_use (&fixture, "devices=2");
  rig_init (&rig);
  path = g_build_filename (fixture.folder, "libcuda.so.1", NULL);
  *(void **) &get_count = dlsym (dlopen (path, RTLD_NOW | RTLD_NOLOAD), STANDIN_GET_COUNT);
  g_assert_cmpuint (get_count ("violations"), ==, 0);
  cases[i].misuse (&rig);
  rig.api->cuStreamSynchronize (rig.lane.stream);
  if (cases[i].misuse == make_no_mistake)
    g_assert_cmpuint (get_count ("violations"), ==, 0);
  else
    g_assert_cmpuint (get_count ("violations"), >, 0);
}

static void
test_case (gconstpointer data)
{
  if (g_test_subprocess ())
    {
      run_case (GPOINTER_TO_UINT (data));
      _exit (0); /* a device that died gives nothing back, which counts as leaks */
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cuda-standin/sees/%s", cases[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
    }
  return g_test_run ();
}
