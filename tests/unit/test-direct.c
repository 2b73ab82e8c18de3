/* SPDX-License-Identifier: MIT */
/* Triangle -> bidiagonal -> singular values: LAPACK's values, threads, how much is done between two
 * looks at the cancellable. */
#include "spectra/band.h"
#include "spectra/bidiagonal.h"
#include "spectra/direct.h"
#include "spectra/gram.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>
#include <time.h>

static double *
new_random (gsize n)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (n);
  double *values = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    values[i] = g_rand_double_range (random, -1.0, 1.0);
  return values;
}

/* @a: destroyed; @sigma: room for p */
static void
reduce (double *a, gsize p, double *sigma, double *e, WsTeam *team)
{
  g_autofree double *xy = g_new0 (double, 2 * p * WS_BIDIAGONAL_PANEL);
  WsWork work = { .total = WS_BIDIAGONAL_WORK * p * p * p, .team = team };
  GError *error = NULL;

  ws_bidiagonal_reduce (a, p, sigma, e, xy, &work, &error);
  g_assert_no_error (error);
  /* what was to be done is what was done */
  g_assert_cmpfloat_with_epsilon (work.done, work.total, 1e-9 * work.total);
}

/* A backward stable reduction moves each value by a few roots of p eps of the largest. */
static void
assert_as_lapack (double *a, gsize p)
{
  g_autofree double *copy = g_memdup2 (a, p * p * sizeof (double));
  g_autofree double *sigma = g_new (double, p), *e = g_new (double, p);
  g_autofree double *expected = g_new (double, p);
  double unused;
  GError *error = NULL;

  g_assert_cmpint (
      LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', p, p, copy, p, expected, &unused, 1, &unused, 1), ==,
      0);
  reduce (a, p, sigma, e, NULL);
  ws_bidiagonal_compute_values (sigma, e, p, NULL, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < p; i++)
    g_assert_cmpfloat_with_epsilon (sigma[i], expected[i],
                                    100.0 * sqrt (p) * DBL_EPSILON * expected[0]);
}

/* Around a panel and a tile, and none of them. */
static void
test_values_of_lapack (void)
{
  const gsize sides[] = { 2, 128, 129, 160, 161, 289, 300, 700 };

  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autofree double *a = new_random (sides[i] * sides[i]);

      assert_as_lapack (a, sides[i]);
    }
}

static void
test_graded_columns (void)
{
  const gsize p = 300;
  g_autofree double *a = new_random (p * p);

  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i < p; i++)
      a[j * p + i] *= pow (10.0, -0.05 * (i + j));
  assert_as_lapack (a, p);
}

/* As the values of a matrix without columns are. */
static void
test_zeros_stay (void)
{
  const gsize p = 200;
  g_autofree double *a = g_new0 (double, p *p), *d = g_new (double, p), *e = g_new (double, p);

  reduce (a, p, d, e, NULL);
  for (gsize i = 0; i < p; i++)
    g_assert_true (d[i] == 0.0 && (i + 1 == p || e[i] == 0.0));
}

typedef struct
{
  WsTeam *team;
  guint ticket;
} Helpers;

static gpointer
help (gpointer data)
{
  Helpers *helpers = data;

  ws_team_help (helpers->team, helpers->ticket);
  return NULL;
}

static void
test_same_bits_with_a_team (void)
{
  const gsize p = 1100, n_bytes = (2 * p - 1) * sizeof (double);
  g_autoptr (WsTeam) team = ws_team_new ();
  g_autofree double *a = new_random (p * p), *copy = g_memdup2 (a, p * p * sizeof (double));
  g_autofree double *alone = g_new (double, 2 * p), *helped = g_new (double, 2 * p);
  Helpers helpers = { team, ws_team_get_ticket (team) };
  GThread *threads[3];

  reduce (a, p, alone, alone + p, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("helper", help, &helpers);
  reduce (copy, p, helped, helped + p, team);
  ws_team_release (team);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpmem (helped, n_bytes, alone, n_bytes);
}

/* What every stage takes of the processor before it looks whether it was cancelled, of a matrix of
 * which each takes seconds: looks are so far apart that for a side of 16384 it would be four times
 * as much. */
#define LARGE_SIDE 4096
#define MOST_SECONDS 0.1

typedef struct
{
  double *a, *d, *e, *xy;
  WsBlocks *blocks;
} Large;

typedef gboolean (*Stage) (const Large *large, WsWork *work, GError **error);

static gboolean
run_band (const Large *large, WsWork *work, GError **error)
{
  return ws_band_reduce (large->a, LARGE_SIDE, work, error);
}

static gboolean
run_chase (const Large *large, WsWork *work, GError **error)
{
  return ws_band_chase (large->a, LARGE_SIDE, large->d, large->e, work, error);
}

static gboolean
run_bidiagonal (const Large *large, WsWork *work, GError **error)
{
  return ws_bidiagonal_reduce (large->a, LARGE_SIDE, large->d, large->e, large->xy, work, error);
}

/* Its thread is left behind, and may take of the processor what it gets. */
static gboolean
run_values (const Large *large, WsWork *work, GError **error)
{
  return ws_bidiagonal_compute_values (large->d, large->e, LARGE_SIDE, work->cancellable, error);
}

static gboolean
run_triangle (const Large *large, WsWork *work, GError **error)
{
  g_auto (WsTriangle) triangle = { 0 };
  WsBlock block;

  return ws_triangle_init (&triangle, large->a, LARGE_SIDE, large->blocks->n_step, error) &&
         ws_blocks_read (large->blocks, 0, &block, NULL, error) &&
         ws_triangle_add_block (&triangle, &block, FALSE, 1.0, work, error);
}

static void
look (const WsBlock *block, gpointer user_data)
{
}

static gboolean
run_gram (const Large *large, WsWork *work, GError **error)
{
  return ws_gram_add_blocks (large->a, large->blocks, look, NULL, work, error);
}

static double
get_thread_seconds (void)
{
  struct timespec time;

  g_assert_cmpint (clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time), ==, 0);
  return (double) time.tv_sec + 1e-9 * (double) time.tv_nsec;
}

static void
test_looks_are_frequent (void)
{
  static const Stage stages[] = { run_band,   run_chase,    run_bidiagonal,
                                  run_values, run_triangle, run_gram };
  const gsize p = LARGE_SIDE;
  g_autofree double *a = g_new0 (double, p *p), *d = g_new0 (double, 2 * p);
  g_autofree double *xy = g_new0 (double, 2 * p * WS_BIDIAGONAL_PANEL);
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (p * p * 2), p * p * 2);
  g_autoptr (WsSource) source = ws_source_new_bytes ("test", bytes);
  WsTensor tensor = { .name = (char *) "test",
                      .dtype = WS_DTYPE_BF16,
                      .n_dims = 2,
                      .dims = { p, p },
                      .n_elements = p * p,
                      .source = source };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (WsBlocks) blocks = { 0 };
  Large large = { a, d, d + p, xy, &blocks };
  WsMatrix matrix;

  ws_matrix_init (&matrix, &tensor, -1);
  g_assert_true (ws_blocks_init (&blocks, &matrix, TRUE, FALSE, NULL));
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++)
    {
      WsWork work = { .total = 1.0, .cancellable = cancellable };
      g_autoptr (GError) error = NULL;
      const double start = get_thread_seconds ();

      g_assert_false (stages[i](&large, &work, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_test_message ("stage %u: %.3f s", i, get_thread_seconds () - start);
      g_assert_cmpfloat (get_thread_seconds () - start, <, MOST_SECONDS);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/direct/values-of-lapack", test_values_of_lapack);
  g_test_add_func ("/direct/graded-columns", test_graded_columns);
  g_test_add_func ("/direct/zeros-stay", test_zeros_stay);
  g_test_add_func ("/direct/same-bits-with-a-team", test_same_bits_with_a_team);
  g_test_add_func ("/direct/looks-are-frequent", test_looks_are_frequent);
  return g_test_run ();
}
