/* SPDX-License-Identifier: MIT */
/* OpenBLAS uses the kernels that this processor has the instructions for, and does not wait for
 * addresses that there are not. */
#include "analysis-fixture.h"
#include "base/memory.h"
#include "spectra/blas.h"
#include "spectra/spectrum.h"

#include <cblas.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#define CORETYPE "OPENBLAS_CORETYPE"

/* This test again, where OpenBLAS takes the processor for one of 2004. */
static void
run_on_unknown_processor (const char *path)
{
  g_setenv (CORETYPE, "Prescott", TRUE);
  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv (CORETYPE);
  g_test_trap_assert_passed ();
}

static gboolean
is_prescott (void)
{
  return g_str_equal (openblas_get_corename (), "Prescott");
}

static gboolean
has_fast_instructions (void)
{
#if defined(__x86_64__)
  return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#else
  return FALSE;
#endif
}

/* 0 1 2 ... times its transpose: sums of squares up to n^2, exact in any order. */
static void
assert_products_are_right (void)
{
  enum
  {
    N = 70
  };
  double a[N * N], c[N * N];

  for (int i = 0; i < N * N; i++)
    a[i] = i % 11;
  cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, N, N, N, 1.0, a, N, a, N, 0.0, c, N);
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      {
        double sum = 0.0;

        for (int k = 0; k < N; k++)
          sum += a[k * N + i] * a[k * N + j];
        g_assert_cmpfloat (c[j * N + i], ==, sum);
      }
}

static void
test_unknown_processor_gets_its_kernels (void)
{
  if (!g_test_subprocess ())
    {
      if (has_fast_instructions ())
        run_on_unknown_processor ("/blas/unknown-processor-gets-its-kernels");
      else
        g_test_skip ("this processor has no other kernels");
      return;
    }
  g_assert_true (is_prescott ());
  g_unsetenv (CORETYPE);
  ws_blas_choose_kernels ();
  g_assert_false (is_prescott ());
  assert_products_are_right ();
  g_assert_null (g_getenv (CORETYPE));
}

static void
test_what_the_user_says_stays (void)
{
  if (!g_test_subprocess ())
    {
      run_on_unknown_processor ("/blas/what-the-user-says-stays");
      return;
    }
  ws_blas_choose_kernels ();
  g_assert_true (is_prescott ());
  assert_products_are_right ();
}

static void
test_known_processor_keeps_its_kernels (void)
{
  const char *before, *after;

  ws_blas_choose_kernels ();
  before = openblas_get_corename ();
  ws_blas_choose_kernels ();
  after = openblas_get_corename ();
  g_assert_cmpstr (before, ==, after);
  g_assert_nonnull (strstr (ws_spectrum_get_blas_name (), after));
}

#define MIB ((gsize) 1 << 20)

/* Leaves so much of addresses to this process. */
static void
limit_addresses (gsize n_bytes)
{
  FILE *file = fopen ("/proc/self/statm", "r");
  unsigned long n_pages;
  struct rlimit limit;

  g_assert_nonnull (file);
  g_assert_cmpint (fscanf (file, "%lu", &n_pages), ==, 1);
  fclose (file);
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = n_pages * sysconf (_SC_PAGESIZE) + n_bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Whether this is where the claims are to be tested: a process of its own, for a limit does not go
 * away. One that waits for ever is ended. */
static gboolean
is_limited_process (const char *path)
{
  if (g_test_subprocess ())
    {
      ws_spectrum_init_blas ();
      return TRUE;
    }
  if (access ("/proc/self/statm", R_OK) != 0)
    g_test_skip ("the system does not say how many addresses are in use");
#ifdef __SANITIZE_ADDRESS__
  else if (TRUE)
    g_test_skip ("the sanitizer takes all addresses");
#endif
  else
    {
      /* threads of OpenBLAS would take a buffer each, sooner or later than the limit */
      g_setenv ("OPENBLAS_NUM_THREADS", "1", TRUE);
      g_test_trap_subprocess (path, 60 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_unsetenv ("OPENBLAS_NUM_THREADS");
      g_test_trap_assert_passed ();
    }
  return FALSE;
}

static gpointer
multiply (gpointer data)
{
  for (int i = 0; i < 200; i++)
    assert_products_are_right ();
  return NULL;
}

static void
test_no_limit_takes_no_buffers (void)
{
  if (ws_memory_has_address_limit ())
    g_test_skip ("there is a limit here");
  else
    g_assert_cmpuint (ws_blas_reserve (100000), ==, 100000);
}

/* Room for two buffers, not for three. */
static void
test_buffers_are_taken_before_others_take_the_room (void)
{
  GThread *threads[2];
  gpointer rest;

  if (!is_limited_process ("/blas/buffers-are-taken-before-others-take-the-room"))
    return;
  limit_addresses ((2 * 128 + 100) * MIB);
  g_assert_cmpuint (ws_blas_reserve (1), ==, 1);
  g_assert_cmpuint (ws_blas_reserve (5), ==, 2);
  g_assert_cmpuint (ws_blas_reserve (5), ==, 2);
  rest = g_malloc (50 * MIB);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("multiply", multiply, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_free (rest);
}

typedef struct
{
  guint n_results, n_warnings;
} Told;

static void
count_result (WsResult *result, guint index, gpointer user_data)
{
  g_assert_cmpint (result->state, ==, WS_STATE_OK);
  ((Told *) user_data)->n_results++;
}

static void
count_warning (const char *sentence, gpointer user_data)
{
  g_assert_nonnull (strstr (sentence, "ulimit -v"));
  ((Told *) user_data)->n_warnings++;
}

/* With three threads, where there is room for @n_bytes more. */
static gboolean
run (gsize n_bytes, Told *told, GError **error)
{
  static const TensorSpec specs[] = { { "a", WS_BLOCK_Q_PROJ, 0, 2, { 300, 200 } },
                                      { "b", WS_BLOCK_Q_PROJ, 1, 2, { 200, 300 } } };
  const WsAnalysisCallbacks callbacks = { .result = count_result,
                                          .warning = count_warning,
                                          .user_data = told };
  g_autofree char *folder = fixture_make_folder ();
  g_autofree char *path = g_build_filename (folder, "model.bin", NULL);
  WsModel *model = fixture_model_new (path, specs, G_N_ELEMENTS (specs));
  g_autoptr (GPtrArray) results = fixture_plan (model);
  WsAnalysisOptions options;
  WsAnalysis *analysis;
  gboolean done;

  ws_analysis_options_init (&options);
  options.n_threads = 3;
  options.device_kind = WS_DEVICE_CPU;
  analysis = ws_analysis_new (results, &options, NULL, &callbacks);
  limit_addresses (n_bytes);
  g_assert_cmpfloat (ws_analysis_estimate_seconds (results, &options), >, 0.0);
  done = ws_analysis_run (analysis, NULL, error);
  ws_analysis_free (analysis);
  ws_model_unref (model);
  fixture_remove_folder (folder);
  return done;
}

static void
test_run_without_room_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  Told told = { 0 };

  if (!is_limited_process ("/blas/run-without-room-is-refused"))
    return;
  g_assert_false (run (100 * MIB, &told, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "ulimit -v"));
  g_assert_cmpuint (told.n_results, ==, 0);
}

/* The stacks of its threads are of these addresses too. */
static void
test_run_with_little_room_takes_fewer_threads (void)
{
  Told told = { 0 };
  GError *error = NULL;

  if (!is_limited_process ("/blas/run-with-little-room-takes-fewer-threads"))
    return;
  g_assert_true (run ((128 + 120) * MIB, &told, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (told.n_results, ==, 2);
  g_assert_cmpuint (told.n_warnings, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blas/unknown-processor-gets-its-kernels",
                   test_unknown_processor_gets_its_kernels);
  g_test_add_func ("/blas/what-the-user-says-stays", test_what_the_user_says_stays);
  g_test_add_func ("/blas/known-processor-keeps-its-kernels",
                   test_known_processor_keeps_its_kernels);
  g_test_add_func ("/blas/no-limit-takes-no-buffers", test_no_limit_takes_no_buffers);
  g_test_add_func ("/blas/buffers-are-taken-before-others-take-the-room",
                   test_buffers_are_taken_before_others_take_the_room);
  g_test_add_func ("/blas/run-without-room-is-refused", test_run_without_room_is_refused);
  g_test_add_func ("/blas/run-with-little-room-takes-fewer-threads",
                   test_run_with_little_room_takes_fewer_threads);
  return g_test_run ();
}
