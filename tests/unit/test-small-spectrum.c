/* SPDX-License-Identifier: MIT */
/* Which way small matrices go, and that neither loses anything. */
#include "spectra/spectrum.h"

#include <math.h>

#define N 64

static void
compute (WsSpectrum *spectrum, const float *values)
{
  g_autoptr (GBytes) bytes = g_bytes_new (values, N * N * sizeof *values);
  g_autoptr (WsSource) source = ws_source_new_bytes ("test", bytes);
  const WsTensor tensor = {
    .name = (char *) "test",
    .dtype = WS_DTYPE_F32,
    .n_dims = 2,
    .dims = { N, N },
    .n_elements = N * N,
    .n_bytes = N * N * sizeof *values,
    .source = source,
  };
  WsSpectrumOptions options;
  WsMatrix matrix;
  GError *error = NULL;

  ws_spectrum_options_init (&options);
  ws_matrix_init (&matrix, &tensor, -1);
  ws_spectrum_compute (spectrum, &matrix, TRUE, &options, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* The columns of a Hadamard matrix times 2^0, 2^-1 ... 2^-most and again, an eighth of each: those
 * are the singular values. */
static void
assert_small (int most, WsMethod method, double error)
{
  g_auto (WsSpectrum) spectrum = { 0 };
  float values[N * N];
  gsize k = 0;

  for (int i = 0; i < N * N; i++)
    {
      const int row = i / N, column = i % N;
      const double element = __builtin_parity (row & column) ? -0.125 : 0.125;

      values[i] = ldexp (element, -(column % (most + 1)));
    }
  compute (&spectrum, values);
  g_assert_cmpint (spectrum.method, ==, method);
  g_assert_cmpfloat (spectrum.sigma_error, <=, error);
  for (int exponent = 0; exponent <= most; exponent++)
    for (int column = exponent; column < N; column += most + 1)
      g_assert_cmpfloat_with_epsilon (spectrum.sigma[k++], ldexp (1.0, -exponent), error);
}

static void
test_squared_where_nothing_is_lost (void)
{
  assert_small (9, WS_METHOD_GRAM64, 1e-12);
}

static void
test_direct_where_digits_would_be_lost (void)
{
  assert_small (15, WS_METHOD_SVD64, 1e-14);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/small-spectrum/squared-where-nothing-is-lost",
                   test_squared_where_nothing_is_lost);
  g_test_add_func ("/small-spectrum/direct-where-digits-would-be-lost",
                   test_direct_where_digits_would_be_lost);
  return g_test_run ();
}
