/* SPDX-License-Identifier: MIT */
/* How fast this machine multiplies matrices with the kernels that the program uses: the floor that
 * bench.py holds the times against.
 *
 *   bench-peak THREADS MILLISECONDS
 *
 * Every thread multiplies its own matrices, as the workers of a run do. Prints GF/s of all threads
 * together, the best of three: {"dgemm": .., "sgemm": .., "blas": ".."}. */
#include "spectra/spectrum.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>

/* 1024: the three matrices are well above a core's cache, and one product takes 20 ms */
#define N 1024
#define N_ROUNDS 3

typedef struct
{
  gboolean is_double;
  gint64 usec;
  double flops_per_second;
} Runner;

static double *
make_values (gsize n)
{
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = 1.0 / (1 + i % 7);
  return values;
}

static float *
make_floats (gsize n)
{
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = 1.0f / (1 + i % 7);
  return values;
}

static void
multiply (gboolean is_double, gconstpointer a, gpointer c)
{
  if (is_double)
    cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, N, N, N, 1, a, N, a, N, 0, c, N);
  else
    cblas_sgemm (CblasColMajor, CblasNoTrans, CblasTrans, N, N, N, 1, a, N, a, N, 0, c, N);
}

static gpointer
run (gpointer data)
{
  Runner *runner = data;
  g_autofree gpointer a =
      runner->is_double ? (gpointer) make_values (N * N) : (gpointer) make_floats (N * N);
  g_autofree gpointer c = g_malloc (N * N * sizeof (double));
  guint n_products = 0;
  gint64 start, now;

  multiply (runner->is_double, a, c); /* touches all pages */
  start = now = g_get_monotonic_time ();
  while (now - start < runner->usec)
    {
      multiply (runner->is_double, a, c);
      n_products++;
      now = g_get_monotonic_time ();
    }
  runner->flops_per_second = n_products * 2.0 * N * N * N / ((now - start) * 1e-6);
  return NULL;
}

static double
measure (guint n_threads, gint64 usec, gboolean is_double)
{
  g_autofree Runner *runners = g_new0 (Runner, n_threads);
  g_autofree GThread **threads = g_new (GThread *, n_threads);
  double sum = 0;

  for (guint i = 0; i < n_threads; i++)
    {
      runners[i].is_double = is_double;
      runners[i].usec = usec;
      threads[i] = g_thread_new ("runner", run, &runners[i]);
    }
  for (guint i = 0; i < n_threads; i++)
    {
      g_thread_join (threads[i]);
      sum += runners[i].flops_per_second;
    }
  return sum * 1e-9;
}

int
main (int argc, char *argv[])
{
  int n_threads = argc == 3 ? atoi (argv[1]) : 0;
  gint64 usec = argc == 3 ? atoi (argv[2]) * (gint64) 1000 : 0;
  double dgemm = 0, sgemm = 0;

  if (n_threads < 1)
    {
      fprintf (stderr, "usage: bench-peak THREADS MILLISECONDS\n");
      return 2;
    }
  ws_spectrum_init_blas ();
  for (int i = 0; i < N_ROUNDS; i++)
    {
      dgemm = MAX (dgemm, measure (n_threads, usec, TRUE));
      sgemm = MAX (sgemm, measure (n_threads, usec, FALSE));
    }
  printf ("{\"dgemm\": %.1f, \"sgemm\": %.1f, \"blas\": \"%s\"}\n", dgemm, sgemm,
          ws_spectrum_get_blas_name ());
  return 0;
}
