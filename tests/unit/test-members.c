/* SPDX-License-Identifier: MIT */
/* Members and neighbours, in order. */
#include "cluster/members.h"

#include "base/error.h"
#include "cluster-fixture.h"
#include "cluster/neighbours.h"

#include <math.h>

static void
test_members (void)
{
  const float values[] = { 0, 10, 4, 12, 2, 9, 1, 9 };
  const guint32 labels[] = { 0, 1, 0, 1, 0, 1, 0, 1 };
  /* centres 1.75 and 10: distances 1.75 2.25 .25 .75 and 0 2 1 1 */
  const guint32 expected[2][4] = { { 4, 6, 0, 2 }, { 1, 5, 7, 3 } };
  g_auto (ClusterFixture) fixture = { 0 };

  cluster_fixture_init (&fixture, 8, 1, values, 2, labels);
  for (guint c = 0; c < 2; c++)
    {
      gsize n = 0;
      g_autofree guint32 *points = ws_members_sort (&fixture.clustering, c, &n);

      g_assert_cmpuint (n, ==, 4);
      for (guint i = 0; i < 4; i++)
        g_assert_cmpuint (points[i], ==, expected[c][i]);
    }
}

typedef struct
{
  WsTensor tensor;
  WsMatrix matrix;
} Fixture;

static void
fixture_init (Fixture *self, guint64 n_rows, guint64 n_cols, const float *values)
{
  const gsize n_bytes = n_rows * n_cols * sizeof (float);
  g_autoptr (GBytes) bytes = g_bytes_new (values, n_bytes);

  self->tensor = (WsTensor){ .name = (char *) "test",
                             .dtype = WS_DTYPE_F32,
                             .n_dims = 2,
                             .dims = { n_rows, n_cols },
                             .n_elements = n_rows * n_cols,
                             .n_bytes = n_bytes,
                             .source = ws_source_new_bytes ("test", bytes) };
  ws_matrix_init (&self->matrix, &self->tensor, -1);
}

static void
fixture_clear (Fixture *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_neighbours (void)
{
  const float values[] = { 1,      0,     /* asked for */
                           0,      2,     /* 0 */
                           -3,     0,     /* -1 */
                           5,      5,     /* 1 / sqrt (2) */
                           0,      0,     /* no direction */
                           NAN,    1,     /* none */
                           7,      -7,    /* 1 / sqrt (2) */
                           1e-30f, 0,     /* 1 */
                           3e38f,  3e38f, /* 1 / sqrt (2) */
                           1,      INFINITY };
  const guint64 rows[] = { 7, 3, 6, 8, 1, 2 };
  const double cosines[] = { 1.0, G_SQRT2 / 2, G_SQRT2 / 2, G_SQRT2 / 2, 0.0, -1.0 };
  g_auto (Fixture) fixture = { 0 };
  WsNeighbour neighbours[20];
  guint n_found;

  fixture_init (&fixture, 10, 2, values);
  for (guint n = 0; n <= 20; n++)
    {
      GError *error = NULL;

      g_assert_true (
          ws_neighbours_find (&fixture.matrix, 0, n, neighbours, &n_found, NULL, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (n_found, ==, MIN (n, G_N_ELEMENTS (rows)));
      for (guint i = 0; i < n_found; i++)
        {
          g_assert_cmpfloat_with_epsilon (neighbours[i].cosine, cosines[i], 1e-15);
          g_assert_cmpuint (neighbours[i].row, ==, rows[i]);
        }
    }
}

/* More than one block, and rows longer than one. */
static void
assert_all_are_compared (guint64 n_rows, guint64 n_cols)
{
  g_autofree float *values = g_new (float, n_rows *n_cols);
  g_auto (Fixture) fixture = { 0 };
  WsNeighbour neighbours[3];
  guint n_found;
  GError *error = NULL;

  /* row i is at an angle of i to the first axis: the nearest to the last are those before */
  for (guint64 i = 0; i < n_rows; i++)
    for (guint64 j = 0; j < n_cols; j++)
      values[i * n_cols + j] = j == 0            ? cos (1.5 * i / n_rows)
                               : j + 1 == n_cols ? sin (1.5 * i / n_rows)
                                                 : 0.0;
  fixture_init (&fixture, n_rows, n_cols, values);
  g_assert_true (
      ws_neighbours_find (&fixture.matrix, n_rows - 1, 3, neighbours, &n_found, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_found, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (neighbours[i].row, ==, n_rows - 2 - i);
}

static void
test_blocks (void)
{
  assert_all_are_compared (600, 5000);
  assert_all_are_compared (4, 1100000);
}

/* As many as there are, however many are wanted: room for them is not taken. */
static void
test_more_than_there_are (void)
{
  const float values[] = { 1, 0, 1, 1, 0, 1 };
  g_auto (Fixture) fixture = { 0 };
  WsNeighbour neighbours[3];
  guint n_found = 0;
  GError *error = NULL;

  fixture_init (&fixture, 3, 2, values);
  g_assert_true (
      ws_neighbours_find (&fixture.matrix, 0, G_MAXUINT, neighbours, &n_found, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_found, ==, 2);
  g_assert_cmpuint (neighbours[0].row, ==, 1);
}

/* A name comes from a file. */
static void
test_name_is_shown_safely (void)
{
  const float values[] = { 0, 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autoptr (GError) error = NULL;
  WsNeighbour neighbour;
  guint n_found;

  fixture_init (&fixture, 1, 2, values);
  fixture.tensor.name = (char *) "a\nb";
  g_assert_false (ws_neighbours_find (&fixture.matrix, 0, 1, &neighbour, &n_found, NULL, &error));
  g_assert_cmpstr (error->message, ==,
                   "row 0 of 'a\\x0Ab' points nowhere: it is zero or not finite");
}

static void
test_no_direction (void)
{
  const float values[] = { 1, 0, 0, 0, NAN, 1 };
  const char *const messages[] = { "row 1 of 'test' points nowhere: it is zero or not finite",
                                   "row 2 of 'test' points nowhere: it is zero or not finite",
                                   "there is no row 3 in 'test', which has 3" };
  g_auto (Fixture) fixture = { 0 };

  fixture_init (&fixture, 3, 2, values);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (GError) error = NULL;
      WsNeighbour neighbour = { 42, 42 };
      guint n_found = 42;

      g_assert_false (
          ws_neighbours_find (&fixture.matrix, i + 1, 1, &neighbour, &n_found, NULL, &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_ARGUMENT);
      g_assert_cmpstr (error->message, ==, messages[i]);
      g_assert_cmpuint (n_found, ==, 42);
      g_assert_cmpuint (neighbour.row, ==, 42);
    }
}

static void
test_cancelled (void)
{
  const float values[] = { 1, 0, 0, 1 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Fixture) fixture = { 0 };
  WsNeighbour neighbour;
  guint n_found;

  fixture_init (&fixture, 2, 2, values);
  g_cancellable_cancel (cancellable);
  g_assert_false (
      ws_neighbours_find (&fixture.matrix, 0, 1, &neighbour, &n_found, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/members/nearest-to-the-centre-first", test_members);
  g_test_add_func ("/neighbours/greatest-cosine-first", test_neighbours);
  g_test_add_func ("/neighbours/all-blocks", test_blocks);
  g_test_add_func ("/neighbours/more-than-there-are", test_more_than_there_are);
  g_test_add_func ("/neighbours/a-name-is-shown-safely", test_name_is_shown_safely);
  g_test_add_func ("/neighbours/a-row-without-direction-has-none", test_no_direction);
  g_test_add_func ("/neighbours/cancel", test_cancelled);
  return g_test_run ();
}
