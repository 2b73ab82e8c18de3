/* SPDX-License-Identifier: MIT */
/* The Gram matrix is the sum of products, exactly where it can be, and the same for any threads. */
#include "spectra/gram.h"

/* A matrix of integers, whose products are exact in any order, or of fractions, which round. */
typedef struct
{
  float *w; /* (owned by @bytes) row-major */
  WsTensor tensor;
  WsMatrix matrix;
  guint64 n_looked; /* elements that were shown */
} Fixture;

static void
fixture_init (Fixture *self, guint64 n_rows, guint64 n_cols, double unit)
{
  const guint64 n = n_rows * n_cols;
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GBytes) bytes = NULL;
  float *w = g_new (float, n);

  for (guint64 i = 0; i < n; i++)
    w[i] = unit * g_rand_int_range (random, -100, 100);
  bytes = g_bytes_new_take (w, n * sizeof *w);
  *self = (Fixture){ .w = w,
                     .tensor = { .name = (char *) "test",
                                 .dtype = WS_DTYPE_F32,
                                 .n_dims = 2,
                                 .dims = { n_rows, n_cols },
                                 .n_elements = n,
                                 .source = ws_source_new_bytes ("test", bytes) } };
  ws_matrix_init (&self->matrix, &self->tensor, -1);
}

static void
fixture_clear (Fixture *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
look (const WsBlock *block, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_nonnull (block->values);
  self->n_looked += block->n_rows * block->n_cols;
}

/* (transfer full) */
static double *
compute (Fixture *self, WsTeam *team)
{
  const gsize p = MIN (self->matrix.n_rows, self->matrix.n_cols);
  g_auto (WsBlocks) blocks = { 0 };
  WsWork work = { .total = 1.0, .team = team };
  double *gram = g_new0 (double, p *p);
  GError *error = NULL;

  self->n_looked = 0;
  ws_blocks_init (&blocks, &self->matrix, TRUE, FALSE, &error);
  g_assert_no_error (error);
  ws_gram_add_blocks (gram, &blocks, look, self, &work, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->n_looked, ==, self->matrix.n_rows * self->matrix.n_cols);
  return gram;
}

static double
multiply (const Fixture *self, gsize i, gsize j)
{
  const gsize n_rows = self->matrix.n_rows, n_cols = self->matrix.n_cols;
  double sum = 0;

  if (n_rows < n_cols)
    for (gsize k = 0; k < n_cols; k++)
      sum += self->w[i * n_cols + k] * self->w[j * n_cols + k];
  else
    for (gsize k = 0; k < n_rows; k++)
      sum += self->w[k * n_cols + i] * self->w[k * n_cols + j];
  return sum;
}

/* Rows and columns at a distance that has no factor in common with any tile. */
static void
assert_is_gram_matrix (guint64 n_rows, guint64 n_cols)
{
  const gsize p = MIN (n_rows, n_cols), step = p > 600 ? 13 : 1;
  g_auto (Fixture) fixture = { 0 };
  g_autofree double *gram = NULL;

  fixture_init (&fixture, n_rows, n_cols, 1.0);
  gram = compute (&fixture, NULL);
  for (gsize j = 0; j < p; j += step)
    for (gsize i = j; i < p; i += step)
      g_assert_cmpfloat (gram[j * p + i], ==, multiply (&fixture, i, j));
}

static void
test_entries_are_products (void)
{
  assert_is_gram_matrix (1, 1);
  assert_is_gram_matrix (300, 200);
  assert_is_gram_matrix (200, 2500);
  assert_is_gram_matrix (2500, 200);
  assert_is_gram_matrix (1601, 1650); /* two tiles along the diagonal */
  assert_is_gram_matrix (1650, 1601);
}

typedef struct
{
  WsTeam *team;
  guint ticket;
} Helping;

static gpointer
help (gpointer data)
{
  Helping *helping = data;

  ws_team_help (helping->team, helping->ticket);
  return NULL;
}

static void
assert_same_bits (guint64 n_rows, guint64 n_cols)
{
  const gsize p = MIN (n_rows, n_cols);
  g_autoptr (WsTeam) team = ws_team_new ();
  Helping helping = { team, ws_team_get_ticket (team) };
  g_auto (Fixture) fixture = { 0 };
  g_autofree double *alone = NULL;
  GThread *threads[3];

  fixture_init (&fixture, n_rows, n_cols, 1.0 / 3.0);
  alone = compute (&fixture, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autofree double *helped = NULL;

      threads[i] = g_thread_new ("helper", help, &helping);
      helped = compute (&fixture, team);
      g_assert_cmpmem (helped, p * p * sizeof *helped, alone, p * p * sizeof *alone);
    }
  ws_team_release (team);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_helpers_change_no_bit (void)
{
  assert_same_bits (1601, 1650);
  assert_same_bits (9000, 130);
  assert_same_bits (130, 9000);
}

static void
test_cancelled_says_so (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  WsWork work = { .total = 1.0, .cancellable = cancellable };
  g_autofree double *gram = g_new0 (double, 200 * 200);

  fixture_init (&fixture, 300, 200, 1.0);
  ws_blocks_init (&blocks, &fixture.matrix, TRUE, FALSE, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_false (ws_gram_add_blocks (gram, &blocks, look, &fixture, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
look_and_cancel (const WsBlock *block, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* With a large short side the products of one block take longer than a user waits. */
static void
test_cancelled_begins_no_product (void)
{
  const gsize p = 200;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  WsWork work = { .total = 1.0, .cancellable = cancellable };
  g_autofree double *gram = g_new0 (double, p *p);

  fixture_init (&fixture, 300, p, 1.0);
  ws_blocks_init (&blocks, &fixture.matrix, TRUE, FALSE, NULL);
  g_assert_false (ws_gram_add_blocks (gram, &blocks, look_and_cancel, cancellable, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (gsize i = 0; i < p * p; i++)
    g_assert_cmpfloat (gram[i], ==, 0.0);
}

/* The third of four blocks: the two before it are looked at, nothing else is. */
static void
test_unreadable_block_ends_it (void)
{
  const gsize p = 200, step = ws_blocks_get_step (p, G_MAXUINT32);
  g_autoptr (GError) error = NULL;
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  WsWork work = { .total = 1.0 };
  g_autofree double *gram = g_new0 (double, p *p);

  fixture_init (&fixture, 3 * step - 1, p, 1.0);
  fixture.matrix.n_rows = 4 * step;
  ws_blocks_init (&blocks, &fixture.matrix, TRUE, FALSE, NULL);
  g_assert_false (ws_gram_add_blocks (gram, &blocks, look, &fixture, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_cmpuint (fixture.n_looked, ==, 2 * step * p);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gram/entries-are-products", test_entries_are_products);
  g_test_add_func ("/gram/helpers-change-no-bit", test_helpers_change_no_bit);
  g_test_add_func ("/gram/cancelled-says-so", test_cancelled_says_so);
  g_test_add_func ("/gram/cancelled-begins-no-product", test_cancelled_begins_no_product);
  g_test_add_func ("/gram/unreadable-block-ends-it", test_unreadable_block_ends_it);
  return g_test_run ();
}
