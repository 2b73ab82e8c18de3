/* SPDX-License-Identifier: MIT */
/* The peer that is plain LAPACK: singular values of BF16 matrices in a file by dgesdd or sgesdd,
 * values only, on all threads of BLAS, which has the same kernels as ours.
 *
 *   bench-lapack                         what BLAS this is
 *   bench-lapack dgesdd|sgesdd THREADS FILE UNIT LIMIT FOLDER (OFFSET ROWS COLUMNS) ...
 *
 * Takes the matrices one after another; stops before a unit of UNIT matrices that would begin after
 * LIMIT seconds (0: none). FOLDER (empty: none) gets the values of the last one as raw doubles, in
 * a file named as the routine. Prints {"seconds": .., "n_items": .., "peak_kb": ..}. */
#include "peak-memory.h"
#include "spectra/blas.h"

#include <cblas.h>
#include <lapacke.h>
#include <stdio.h>

/* Our row-major matrix is its column-major transpose, which has the same singular values. */
typedef struct
{
  FILE *file;
  gboolean is_double;
  double *sigma;
  gsize n_sigma;
} Job;

static void
fail (const char *what)
{
  fprintf (stderr, "bench-lapack: %s\n", what);
  exit (1);
}

static void *
allocate (gsize n, gsize size)
{
  void *memory = g_try_malloc_n (n, size);

  if (memory == NULL)
    fail ("out of memory");
  return memory;
}

static guint16 *
read_stored (FILE *file, gint64 offset, gsize n)
{
  guint16 *stored = allocate (n, sizeof *stored);

  if (fseek (file, offset, SEEK_SET) != 0 || fread (stored, sizeof *stored, n, file) != n)
    fail ("cannot read the matrix");
  return stored;
}

static float
widen (guint16 stored)
{
  guint32 bits = (guint32) stored << 16;
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static void
compute_double (Job *job, const guint16 *stored, int n_rows, int n_cols)
{
  gsize n = (gsize) n_rows * n_cols;
  g_autofree double *a = allocate (n, sizeof *a);
  double unused;

  for (gsize i = 0; i < n; i++)
    a[i] = widen (stored[i]);
  if (LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', n_cols, n_rows, a, n_cols, job->sigma, &unused, 1,
                      &unused, 1) != 0)
    fail ("dgesdd failed");
}

static void
compute_float (Job *job, const guint16 *stored, int n_rows, int n_cols)
{
  gsize n = (gsize) n_rows * n_cols;
  g_autofree float *a = allocate (n, sizeof *a);
  g_autofree float *sigma = allocate (job->n_sigma, sizeof *sigma);
  float unused;

  for (gsize i = 0; i < n; i++)
    a[i] = widen (stored[i]);
  if (LAPACKE_sgesdd (LAPACK_COL_MAJOR, 'N', n_cols, n_rows, a, n_cols, sigma, &unused, 1, &unused,
                      1) != 0)
    fail ("sgesdd failed");
  for (gsize i = 0; i < job->n_sigma; i++)
    job->sigma[i] = sigma[i];
}

static void
compute (Job *job, gint64 offset, int n_rows, int n_cols)
{
  g_autofree guint16 *stored = read_stored (job->file, offset, (gsize) n_rows * n_cols);

  job->n_sigma = MIN (n_rows, n_cols);
  job->sigma = g_realloc_n (job->sigma, job->n_sigma, sizeof *job->sigma);
  if (job->is_double)
    compute_double (job, stored, n_rows, n_cols);
  else
    compute_float (job, stored, n_rows, n_cols);
}

int
main (int argc, char *argv[])
{
  Job job = { 0 };
  int unit, n_items = 0;
  double limit, seconds = 0;
  gint64 start;

  ws_blas_choose_kernels ();
  if (argc == 1)
    {
      printf ("%s (%s)\n", openblas_get_config (), openblas_get_corename ());
      return 0;
    }
  if (argc < 10 || argc % 3 != 1)
    fail ("wrong arguments");
  job.is_double = strcmp (argv[1], "dgesdd") == 0;
  openblas_set_num_threads (atoi (argv[2]));
  job.file = fopen (argv[3], "rb");
  if (job.file == NULL)
    fail ("cannot open the file");
  unit = MAX (atoi (argv[4]), 1);
  limit = g_ascii_strtod (argv[5], NULL);

  start = g_get_monotonic_time ();
  for (int i = 7; i < argc; i += 3)
    {
      if (limit > 0 && seconds > limit && n_items % unit == 0)
        break;
      compute (&job, g_ascii_strtoll (argv[i], NULL, 10), atoi (argv[i + 1]), atoi (argv[i + 2]));
      n_items++;
      seconds = (g_get_monotonic_time () - start) * 1e-6;
    }
  fclose (job.file);

  if (*argv[6])
    {
      g_autofree char *path = g_build_filename (argv[6], argv[1], NULL);

      if (!g_file_set_contents (path, (const char *) job.sigma, job.n_sigma * sizeof (double),
                                NULL))
        fail ("cannot write the values");
    }
  g_free (job.sigma);
  printf ("{\"seconds\": %.6f, \"n_items\": %d, \"peak_kb\": %ld}\n", seconds, n_items,
          get_peak_kb ());
  return 0;
}
