/* SPDX-License-Identifier: MIT */
/* OpenBLAS uses the kernels that this processor has the instructions for. */
#include "spectra/blas.h"
#include "spectra/spectrum.h"

#include <cblas.h>

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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blas/unknown-processor-gets-its-kernels",
                   test_unknown_processor_gets_its_kernels);
  g_test_add_func ("/blas/what-the-user-says-stays", test_what_the_user_says_stays);
  g_test_add_func ("/blas/known-processor-keeps-its-kernels",
                   test_known_processor_keeps_its_kernels);
  return g_test_run ();
}
