/* SPDX-License-Identifier: MIT */
/* The backend over stand-in libraries: the numbers of LAPACK, every fault, nothing left behind. */
#include "base/error.h"
#include "cuda/cuda-backend.h"
#include "cuda/cuda-private.h"
#include "cuda/cuda.h"
#include "cuda/step-thread.h"
#include "sample.h"
#include "spectra/spectrum.h"
#include "standin.h"

#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define STEP 96

static StandinSetFaults set_faults;
static StandinGetCount get_count;

/* A backend that is closed at the end, and what it must not leave behind. */
typedef struct
{
  WsBackend *backend;
} Fixture;

static WsBackend *
open_backend (void)
{
  g_autoptr (GError) error = NULL;
  WsCudaGpu *gpu = ws_cuda_gpu_open (0, &error);
  WsBackend *backend;

  g_assert_no_error (error);
  backend = ws_cuda_backend_new (gpu, &error);
  g_assert_no_error (error);
  return backend;
}

static void
set_up (Fixture *self, gconstpointer faults)
{
  set_faults (faults);
  self->backend = open_backend ();
}

static void
assert_nothing_is_left (void)
{
  static const char *const names[] = { "allocations", "pinned",   "streams", "events",
                                       "modules",     "contexts", "handles", "violations" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (get_count (names[i]) != 0)
        g_test_message ("%s: %" G_GUINT64_FORMAT, names[i], get_count (names[i]));
      g_assert_cmpuint (get_count (names[i]), ==, 0);
    }
}

static void
tear_down (Fixture *self, gconstpointer faults)
{
  ws_backend_unref (self->backend);
  g_assert_true (ws_step_threads_settle (30.0));
  assert_nothing_is_left ();
  set_faults (NULL);
}

/* Numbers */

typedef struct
{
  WsDtype dtype;
  gsize n_rows, n_cols;
} Form;

static const Form forms[] = {
  { WS_DTYPE_BF16, 700, 300 }, { WS_DTYPE_BF16, 300, 700 }, { WS_DTYPE_BF16, 300, 300 },
  { WS_DTYPE_F16, 700, 300 },  { WS_DTYPE_F16, 300, 700 },  { WS_DTYPE_F32, 700, 300 },
  { WS_DTYPE_F32, 300, 700 },  { WS_DTYPE_F32, 257, 257 },  { WS_DTYPE_F8_E4M3, 400, 300 },
  { WS_DTYPE_I8, 400, 300 },
};

static void
test_numbers (Fixture *fixture, gconstpointer faults)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      Sample sample;

      g_test_message ("%s %zu x %zu", ws_dtype_get_name (forms[i].dtype), forms[i].n_rows,
                      forms[i].n_cols);
      sample_init (&sample, forms[i].dtype, forms[i].n_rows, forms[i].n_cols, i);
      /* one block; a short one at the end; more than there are buffers */
      sample_compute_and_check (&sample, fixture->backend, sample.q, FALSE);
      sample_compute_and_check (&sample, fixture->backend, 3 * STEP, FALSE);
      sample_compute_and_check (&sample, fixture->backend, STEP / 2, FALSE);
      sample_clear (&sample);
    }
  g_assert_cmpuint (get_count ("violations"), ==, 0);
}

static void
test_direct (Fixture *fixture, gconstpointer faults)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      Sample sample;

      sample_init (&sample, forms[i].dtype, forms[i].n_rows, forms[i].n_cols, i);
      sample_compute_and_check (&sample, fixture->backend, STEP, TRUE);
      sample_clear (&sample);
    }
}

static void
test_uploads_as_stored (Fixture *fixture, gconstpointer faults)
{
  const guint64 before = get_count ("uploaded");
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  g_assert_cmpuint (get_count ("uploaded") - before, ==, 700 * 300 * 2);
  sample_clear (&sample);
}

static void
test_no_kernels (Fixture *fixture, gconstpointer faults)
{
  const guint64 before = get_count ("uploaded");
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 300, 700, 1);
  sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  sample_compute_and_check (&sample, fixture->backend, STEP, TRUE);
  g_assert_cmpuint (get_count ("uploaded") - before, ==, 2 * 700 * 300 * 8);
  sample_clear (&sample);
}

static void
test_zeros (Fixture *fixture, gconstpointer faults)
{
  g_autofree double *sigma = g_new (double, 300);
  g_autoptr (GError) error = NULL;
  double gram_norm = 1.0;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 300, 400, 1);
  memset (sample.stored, 0, 300 * 400 * 2);
  sample_compute (&sample, 1, fixture->backend, STEP, FALSE, sigma, &gram_norm, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (gram_norm, ==, 0.0);
  for (guint i = 0; i < 300; i++)
    g_assert_cmpfloat (sigma[i], ==, 0.0);
  sample_clear (&sample);
}

static void
test_batch (Fixture *fixture, gconstpointer faults)
{
  g_autofree double *sigma = g_new (double, 5 * 150);
  g_autoptr (GError) error = NULL;
  double gram_norm[5];
  Sample samples[5];
  WsTaskShape shape;

  for (guint i = 0; i < 5; i++)
    sample_init (&samples[i], WS_DTYPE_BF16, 150, 400, i);
  sample_get_shape (samples, 5, STEP, FALSE, &shape);
  if (fixture->backend->funcs->get_batch (fixture->backend, &shape) == 1)
    {
      g_assert_false (fixture->backend->funcs->accepts (fixture->backend, &shape));
      g_test_skip ("these libraries have no batches");
    }
  else
    {
      g_assert_true (fixture->backend->funcs->accepts (fixture->backend, &shape));
      sample_compute (samples, 5, fixture->backend, STEP, FALSE, sigma, gram_norm, NULL, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < 5; i++)
        sample_check (&samples[i], sigma + i * 150, &gram_norm[i]);
    }
  for (guint i = 0; i < 5; i++)
    sample_clear (&samples[i]);
}

static void
test_accepts (Fixture *fixture, gconstpointer faults)
{
  static const struct
  {
    WsTaskShape shape;
    gboolean is_accepted;
  } cases[] = {
    { { .dtype = WS_DTYPE_BF16, .p = 255, .q = 4096, .n_matrices = 1 }, FALSE },
    { { .dtype = WS_DTYPE_BF16, .p = 256, .q = 4096, .n_matrices = 1 }, TRUE },
    { { .dtype = WS_DTYPE_F32, .p = 20000, .q = 20000, .n_matrices = 1 }, TRUE },
    { { .dtype = WS_DTYPE_F32, .p = 20001, .q = 20001, .n_matrices = 1 }, FALSE },
    { { .dtype = WS_DTYPE_F64, .p = 2560, .q = 4096, .n_matrices = 1 }, FALSE },
    { { .dtype = WS_DTYPE_BF16, .p = 2560, .q = 4096, .n_matrices = 2 }, FALSE },
    { { .dtype = WS_DTYPE_BF16, .p = 300, .q = 1ull << 31, .n_matrices = 1, .is_direct = TRUE },
      FALSE },
  };
  const WsBackendFuncs *funcs = fixture->backend->funcs;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (funcs->accepts (fixture->backend, &cases[i].shape), ==,
                       cases[i].is_accepted);
      g_assert_cmpfloat (funcs->estimate_seconds (fixture->backend, &cases[i].shape), >, 0.0);
    }
}

/* Several at once */

typedef struct
{
  const Sample *sample;
  WsBackend *backend;
  gboolean is_direct;
  guint n_times;
} Worker;

static gpointer
work (gpointer data)
{
  Worker *self = data;

  for (guint i = 0; i < self->n_times; i++)
    sample_compute_and_check (self->sample, self->backend, STEP, self->is_direct);
  return NULL;
}

static void
run_workers (Worker *workers, guint n)
{
  GThread *threads[8];

  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("worker", work, &workers[i]);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
}

static void
test_many_at_once (Fixture *fixture, gconstpointer faults)
{
  Sample samples[6];
  Worker workers[6];

  for (guint i = 0; i < 6; i++)
    {
      sample_init (&samples[i], WS_DTYPE_BF16, 300 + 40 * i, 260 + 60 * i, i);
      workers[i] = (Worker){ &samples[i], fixture->backend, i % 3 == 0, 4 };
    }
  run_workers (workers, 6);
  for (guint i = 0; i < 6; i++)
    sample_clear (&samples[i]);
}

static void
test_same_bits (Fixture *fixture, gconstpointer faults)
{
  g_autofree double *alone = g_new (double, 300), *again = g_new (double, 300);
  g_autoptr (GError) error = NULL;
  double gram_norm;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_compute (&sample, 1, fixture->backend, STEP, FALSE, alone, &gram_norm, NULL, &error);
  sample_compute (&sample, 1, fixture->backend, STEP, FALSE, again, &gram_norm, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (alone, 300 * sizeof (double), again, 300 * sizeof (double));
  sample_clear (&sample);
}

/* Of 400 MB a lane keeps 32 for cuBLAS, 256 and a tenth are left alone, so that 60 MB fit once. */
static void
test_waits_for_memory (Fixture *fixture, gconstpointer faults)
{
  Sample sample;
  Worker workers[3];

  /* of a type that no kernel widens, which would take the stand-in long */
  sample_init (&sample, WS_DTYPE_I8, 256, 29000, 1);
  for (guint i = 0; i < 3; i++)
    workers[i] = (Worker){ &sample, fixture->backend, TRUE, 1 };
  run_workers (workers, 3);
  sample_clear (&sample);
}

/* A lane that frees memory waits for the solvers of all others, which is no reason to give up the
 * GPU: this one is like a GeForce, which takes long for float64. */
static void
test_waits_for_longer_tasks (Fixture *fixture, gconstpointer faults)
{
  WsCudaBackend *backend = (WsCudaBackend *) fixture->backend;
  const WsBackendFuncs *funcs = fixture->backend->funcs;
  g_autoptr (GError) error = NULL;
  WsTaskShape shape = {
    .dtype = WS_DTYPE_BF16, .p = 600, .q = 2000, .n_step = 96, .n_matrices = 1
  };
  const double seconds = funcs->estimate_seconds (fixture->backend, &shape);
  WsTask *task;

  g_assert_cmpfloat (ws_cuda_backend_expect (backend, 0.01), ==, 0.01);
  task = funcs->begin (fixture->backend, &shape, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (seconds, >, 0.2);
  g_assert_cmpfloat (ws_cuda_backend_expect (backend, 0.01), ==, seconds);
  g_assert_cmpfloat (ws_cuda_backend_expect (backend, 10.0), ==, 10.0);
  funcs->end (task);
  g_assert_true (ws_step_threads_settle (30.0));
  g_assert_cmpfloat (ws_cuda_backend_expect (backend, 0.01), ==, 0.01);
}

/* Faults that leave the device as it was */

static void
assert_fault (Fixture *fixture, const Sample *sample, gboolean is_direct, WsFault fault)
{
  g_autofree double *sigma = g_new (double, sample->p);
  g_autoptr (GError) error = NULL;
  double gram_norm;

  g_assert_false (sample_compute (sample, 1, fixture->backend, STEP, is_direct, sigma, &gram_norm,
                                  NULL, &error));
  g_assert_error (error, WS_FAULT_ERROR, fault);
  g_test_message ("%s", error->message);
}

static void
test_passing_faults (Fixture *fixture, gconstpointer unused)
{
  static const struct
  {
    const char *faults;
    WsFault fault;
    gboolean is_direct;
  } cases[] = {
    { "gemm=1", WS_FAULT_NUMERIC, FALSE },          { "solve=1", WS_FAULT_NUMERIC, FALSE },
    { "info=1", WS_FAULT_NUMERIC, FALSE },          { "nan=1", WS_FAULT_NUMERIC, FALSE },
    { "negative=1", WS_FAULT_NUMERIC, FALSE },      { "gemm=1", WS_FAULT_NUMERIC, TRUE },
    { "solve=1", WS_FAULT_NUMERIC, TRUE },          { "solve=2", WS_FAULT_NUMERIC, TRUE },
    { "info=1", WS_FAULT_NUMERIC, TRUE },           { "nan=1", WS_FAULT_NUMERIC, TRUE },
    { "negative=1", WS_FAULT_NUMERIC, TRUE },       { "alloc=1-", WS_FAULT_MEMORY, FALSE },
    { "alloc-above=1000", WS_FAULT_MEMORY, FALSE }, { "host-alloc=1-", WS_FAULT_MEMORY, FALSE },
    { "query-above=299", WS_FAULT_MEMORY, FALSE },  { "memory=300000000", WS_FAULT_MEMORY, FALSE },
  };
  Sample sample;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* larger each time, so that what is kept from before does not do */
      sample_init (&sample, WS_DTYPE_BF16, 700, 300 + i, i);
      set_faults (cases[i].faults);
      g_test_message ("%s", cases[i].faults);
      assert_fault (fixture, &sample, cases[i].is_direct, cases[i].fault);
      set_faults (NULL);
      sample_compute_and_check (&sample, fixture->backend, STEP, cases[i].is_direct);
      sample_clear (&sample);
    }
}

/* The second solver of the direct route is refused at once, while the first still has its memory in
 * hand: that must have ended before the memory goes to others. Beside another task, since a device
 * without any gives its memory back, which waits for all. */
static void
test_nothing_is_under_way_after_a_fault (Fixture *fixture, gconstpointer faults)
{
  g_autoptr (GError) error = NULL;
  WsTaskShape shape;
  guint64 n_undone;
  WsTask *other;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_get_shape (&sample, 1, STEP, FALSE, &shape);
  other = fixture->backend->funcs->begin (fixture->backend, &shape, NULL, &error);
  g_assert_no_error (error);
  n_undone = get_count ("undone");
  set_faults ("solve-alloc=2");
  assert_fault (fixture, &sample, TRUE, WS_FAULT_MEMORY);
  g_assert_true (ws_step_threads_settle (30.0));
  g_assert_cmpuint (get_count ("undone"), ==, n_undone);
  fixture->backend->funcs->end (other);
  sample_clear (&sample);
}

static void
test_memory_is_tried_twice (Fixture *fixture, gconstpointer faults)
{
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  set_faults ("alloc=1");
  sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  sample_clear (&sample);
}

static void
test_lane_that_cannot_open (Fixture *fixture, gconstpointer faults)
{
  WsTaskShape shape;
  g_autoptr (GError) error = NULL;
  WsTask *task;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_get_shape (&sample, 1, STEP, FALSE, &shape);
  task = fixture->backend->funcs->begin (fixture->backend, &shape, NULL, &error);
  g_assert_no_error (error);
  /* the next one needs the second lane, whose first handle cannot be had the first time */
  set_faults ("create=1");
  sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  fixture->backend->funcs->end (task);
  sample_clear (&sample);
}

/* A caller who goes */

static gpointer
cancel (gpointer data)
{
  g_cancellable_cancel (data);
  return NULL;
}

static guint64 n_bytes_before;

/* Once all has been uploaded, and the caller has had the time to wait for the solver. */
static gpointer
cancel_late (gpointer data)
{
  while (get_count ("uploaded") < n_bytes_before + 700 * 300 * 2)
    g_thread_yield ();
  g_usleep (G_USEC_PER_SEC / 10);
  return cancel (data);
}

static void
test_cancel_while_solving (Fixture *fixture, gconstpointer faults)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree double *sigma = g_new (double, 300);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTimer) timer = NULL;
  GThread *thread;
  double gram_norm;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  timer = g_timer_new ();
  n_bytes_before = get_count ("uploaded");
  thread = g_thread_new ("cancel", cancel_late, cancellable);
  g_assert_false (sample_compute (&sample, 1, fixture->backend, STEP, FALSE, sigma, &gram_norm,
                                  cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* 2 s are the solver's; 0.3 should pass, on a machine that has time */
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 1.0);
  g_thread_join (thread);
  set_faults (NULL);
  for (guint i = 0; i < 5; i++)
    sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  sample_clear (&sample);
}

static void
test_cancel_while_lanes_are_taken (Fixture *fixture, gconstpointer faults)
{
  const WsBackendFuncs *funcs = fixture->backend->funcs;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WsTaskShape shape = { .dtype = WS_DTYPE_BF16, .p = 300, .q = 700, .n_step = 96, .n_matrices = 1 };
  WsTask *tasks[8];
  GThread *thread;

  for (guint i = 0; i < fixture->backend->n_lanes; i++)
    {
      tasks[i] = funcs->begin (fixture->backend, &shape, NULL, &error);
      g_assert_no_error (error);
    }
  thread = g_thread_new ("cancel", cancel, cancellable);
  g_assert_null (funcs->begin (fixture->backend, &shape, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
  for (guint i = 0; i < fixture->backend->n_lanes; i++)
    funcs->end (tasks[i]);
}

static void
test_end_with_blocks_under_way (Fixture *fixture, gconstpointer faults)
{
  const WsBackendFuncs *funcs = fixture->backend->funcs;
  g_autoptr (GError) error = NULL;
  WsTaskShape shape;
  WsTask *task;
  Sample sample;

  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_get_shape (&sample, 1, STEP, FALSE, &shape);
  task = funcs->begin (fixture->backend, &shape, NULL, &error);
  for (guint i = 0; i < 3; i++)
    {
      WsBlock block = { .row = i * STEP, .n_rows = STEP, .n_cols = 300 };

      block.stored = funcs->get_buffer (task, NULL, &error);
      g_assert_no_error (error);
      memset ((void *) block.stored, 0, STEP * 300 * 2);
      g_assert_true (funcs->add_block (task, 0, &block, NULL, &error));
    }
  funcs->end (task);
  sample_compute_and_check (&sample, fixture->backend, STEP, FALSE);
  sample_clear (&sample);
}

/* Faults that end it: in processes of their own */

static void
assert_gone (WsBackend *backend, WsFault fault)
{
  WsTaskShape shape = { .dtype = WS_DTYPE_BF16, .p = 300, .q = 700, .n_step = 96, .n_matrices = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_null (backend->funcs->begin (backend, &shape, NULL, &error));
  g_assert_error (error, WS_FAULT_ERROR, fault);
}

static void
run_deadly_fault (const char *faults, gboolean is_direct, WsFault fault)
{
  Fixture fixture;
  Sample sample;

  set_up (&fixture, NULL);
  sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
  sample_compute_and_check (&sample, fixture.backend, STEP, FALSE);
  ws_step_threads_set_patience (0.2);
  set_faults (faults);
  assert_fault (&fixture, &sample, is_direct, fault);
  assert_gone (fixture.backend, fault);
  ws_backend_unref (fixture.backend);
  /* who is lost stays in the driver, and a program must know it */
  g_assert_cmpint (ws_step_threads_settle (1.0), ==, fault != WS_FAULT_TIMEOUT);
  g_assert_cmpint (ws_cuda_is_busy (), ==, fault == WS_FAULT_TIMEOUT);
  g_assert_cmpuint (get_count ("violations"), ==, 0);
  sample_clear (&sample);
  _exit (0); /* a device that is dead takes nothing back, which counts as leaks */
}

static const struct
{
  const char *name;
  const char *faults;
  gboolean is_direct;
  WsFault fault;
} deadly[] = {
  { "sticky/at-once", "sticky=1", FALSE, WS_FAULT_STOPPED },
  { "sticky/in-a-product", "sticky=8", FALSE, WS_FAULT_STOPPED },
  { "sticky/in-the-direct-route", "sticky=30", TRUE, WS_FAULT_STOPPED },
  { "hang/at-once", "hang=1", FALSE, WS_FAULT_TIMEOUT },
  { "hang/in-a-product", "hang=9", FALSE, WS_FAULT_TIMEOUT },
  { "block/in-the-solver", "block=1", FALSE, WS_FAULT_TIMEOUT },
};

static void
test_deadly_fault (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  if (g_test_subprocess ())
    run_deadly_fault (deadly[i].faults, deadly[i].is_direct, deadly[i].fault);
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
}

static void
test_others_after_a_hang (void)
{
  if (g_test_subprocess ())
    {
      Fixture fixture;
      WsTaskShape shape;
      g_autoptr (GError) error = NULL;
      WsTask *task;
      Sample sample;

      set_up (&fixture, NULL);
      sample_init (&sample, WS_DTYPE_BF16, 700, 300, 1);
      sample_get_shape (&sample, 1, STEP, FALSE, &shape);
      task = fixture.backend->funcs->begin (fixture.backend, &shape, NULL, &error);
      g_assert_no_error (error);
      g_assert_nonnull (fixture.backend->funcs->get_buffer (task, NULL, &error));
      set_faults ("block=1");
      ws_step_threads_set_patience (0.2);
      assert_fault (&fixture, &sample, FALSE, WS_FAULT_TIMEOUT);
      /* the lane beside the lost one goes on with what it has */
      g_assert_nonnull (fixture.backend->funcs->get_buffer (task, NULL, &error));
      fixture.backend->funcs->end (task);
      assert_gone (fixture.backend, WS_FAULT_TIMEOUT);
      ws_backend_unref (fixture.backend);
      sample_clear (&sample);
      _exit (0);
    }
  g_test_trap_subprocess (NULL, 60 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
}

static void
test_first_lane_fails (gconstpointer faults)
{
  g_autoptr (GError) error = NULL;
  WsCudaGpu *gpu;

  set_faults (faults);
  gpu = ws_cuda_gpu_open (0, &error);
  g_assert_no_error (error);
  g_assert_null (ws_cuda_backend_new (gpu, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_test_message ("%s", error->message);
  g_assert_true (ws_step_threads_settle (30.0));
  assert_nothing_is_left ();
  set_faults (NULL);
}

static void
find_standin (void)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("WEIGHTSCOPE_CUDA_PATH"), "libcuda.so.1", NULL);
  void *handle = dlopen (path, RTLD_NOW | RTLD_LOCAL);

  g_assert_nonnull (handle);
  *(void **) &set_faults = dlsym (handle, STANDIN_SET_FAULTS);
  *(void **) &get_count = dlsym (handle, STANDIN_GET_COUNT);
  g_assert_true (set_faults && get_count);
}

#define ADD(path, faults, function)                                                                \
  g_test_add ("/lanes/" path, Fixture, faults, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  find_standin ();
  ADD ("numbers/are-those-of-lapack", NULL, test_numbers);
  ADD ("numbers/are-those-of-lapack-without-squaring", NULL, test_direct);
  ADD ("numbers/have-the-same-bits-again", NULL, test_same_bits);
  ADD ("numbers/are-zero-for-zeros", NULL, test_zeros);
  ADD ("batch/has-the-numbers-of-lapack", NULL, test_batch);
  ADD ("upload/is-of-stored-bytes", NULL, test_uploads_as_stored);
  ADD ("upload/is-of-doubles-without-kernels", "ptx=218", test_no_kernels);
  ADD ("upload/is-of-doubles-without-kernels-that-load-late", "launch=209", test_no_kernels);
  ADD ("shape/decides-who-computes", NULL, test_accepts);
  ADD ("lanes/compute-beside-each-other", NULL, test_many_at_once);
  ADD ("memory/is-waited-for", "memory=400000000", test_waits_for_memory);
  ADD ("lanes/wait-as-long-as-the-longest-task", "multiprocessors=1,ratio=64",
       test_waits_for_longer_tasks);
  ADD ("memory/is-tried-twice", NULL, test_memory_is_tried_twice);
  ADD ("lanes/open-when-there-is-room", NULL, test_lane_that_cannot_open);
  ADD ("fault/passes", NULL, test_passing_faults);
  ADD ("fault/leaves-nothing-under-way", NULL, test_nothing_is_under_way_after_a_fault);
  ADD ("cancel/does-not-wait-for-the-solver", "slow=2000", test_cancel_while_solving);
  ADD ("cancel/does-not-wait-for-a-lane", NULL, test_cancel_while_lanes_are_taken);
  ADD ("end/drops-blocks-under-way", NULL, test_end_with_blocks_under_way);
  for (guint i = 0; i < G_N_ELEMENTS (deadly); i++)
    {
      g_autofree char *path = g_strdup_printf ("/lanes/%s", deadly[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_deadly_fault);
    }
  g_test_add_func ("/lanes/hang/leaves-the-others", test_others_after_a_hang);
  g_test_add_data_func ("/lanes/open/needs-memory", "alloc=1-", test_first_lane_fails);
  g_test_add_data_func ("/lanes/open/needs-handles", "create=2", test_first_lane_fails);
  return g_test_run ();
}
