/* SPDX-License-Identifier: MIT */
/* The Gram matrix is the sum of products, exactly where it can be, and the same for any threads. */
#include "spectra/gram.h"

#include "team-fixture.h"

#include <string.h>

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

  g_assert_nonnull (block->stored);
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
  ws_blocks_init (&blocks, &self->matrix, FALSE, FALSE, &error);
  g_assert_no_error (error);
  ws_gram_add_blocks (gram, &blocks, look, self, &work, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (self->n_looked, ==, self->matrix.n_rows * self->matrix.n_cols);
  return gram;
}

/* The same from other bytes. (transfer full) */
static double *
compute_bytes (Fixture *self, WsDtype dtype, const guint8 *stored, gsize n_bytes)
{
  g_autoptr (GBytes) bytes = g_bytes_new (stored, n_bytes);
  WsTensor tensor = self->tensor, floats = self->tensor;
  double *gram;

  tensor.dtype = dtype;
  tensor.source = ws_source_new_bytes ("test", bytes);
  self->tensor = tensor;
  gram = compute (self, NULL);
  ws_source_unref (tensor.source);
  self->tensor = floats;
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
assert_products (const Fixture *fixture, const double *gram)
{
  const gsize p = MIN (fixture->matrix.n_rows, fixture->matrix.n_cols), step = p > 300 ? 13 : 1;

  for (gsize j = 0; j < p; j += step)
    for (gsize i = j; i < p; i += step)
      g_assert_cmpfloat (gram[j * p + i], ==, multiply (fixture, i, j));
}

static void
assert_is_gram_matrix (guint64 n_rows, guint64 n_cols)
{
  g_auto (Fixture) fixture = { 0 };
  g_autofree double *gram = NULL;

  fixture_init (&fixture, n_rows, n_cols, 1.0);
  gram = compute (&fixture, NULL);
  assert_products (&fixture, gram);
}

/* Integers that each type holds, in its own bytes. */
static void
assert_type_is_multiplied (WsDtype dtype, const guint8 *stored, gsize n_bytes, guint64 n_rows,
                           guint64 n_cols)
{
  const gsize n = n_rows * n_cols, n_bits = ws_dtype_get_n_bits (dtype);
  g_autoptr (GRand) random = g_rand_new_with_seed (dtype);
  g_autofree double *values = g_new (double, n + 1), *gram = NULL;
  g_autofree guint8 *bytes = g_malloc0 (n * n_bits / 8 + 1);
  g_auto (Fixture) fixture = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      const gsize choice = g_rand_int_range (random, 0, n_bytes * 8 / MAX (n_bits, 8));

      if (n_bits == 4)
        bytes[i / 2] |= stored[choice] << (i % 2 ? 4 : 0);
      else
        memcpy (bytes + i * n_bits / 8, stored + choice * n_bits / 8, n_bits / 8);
    }
  ws_dtype_widen (dtype, bytes, values, n);
  fixture_init (&fixture, n_rows, n_cols, 1.0);
  for (gsize i = 0; i < n; i++)
    fixture.w[i] = values[i];
  gram = compute_bytes (&fixture, dtype, bytes, (n * n_bits + 7) / 8);
  assert_products (&fixture, gram);
}

static void
test_every_width_is_multiplied (void)
{
  const guint8 bf16[] = { 0x00, 0x00, 0x80, 0x3f, 0x00, 0xc0, 0x40, 0x41 };         /* 0 1 -2 12 */
  const guint8 f16[] = { 0x00, 0x00, 0x00, 0x3c, 0x00, 0xc0, 0x00, 0x4a };          /* 0 1 -2 12 */
  const guint8 f64[] = { 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0 }; /* 1 -2 */
  const guint8 e4m3[] = { 0x00, 0x38, 0xc0, 0x54 };                                 /* 0 1 -2 12 */
  const guint8 f4[] = { 0x0, 0x2, 0xc, 0x7 };                                       /* 0 1 -2 6 */

  assert_type_is_multiplied (WS_DTYPE_BF16, bf16, sizeof bf16, 700, 401);
  assert_type_is_multiplied (WS_DTYPE_BF16, bf16, sizeof bf16, 401, 700);
  assert_type_is_multiplied (WS_DTYPE_F16, f16, sizeof f16, 700, 401);
  assert_type_is_multiplied (WS_DTYPE_F16, f16, sizeof f16, 401, 700);
  assert_type_is_multiplied (WS_DTYPE_F64, f64, sizeof f64, 130, 129);
  assert_type_is_multiplied (WS_DTYPE_F8_E4M3, e4m3, sizeof e4m3, 129, 140);
  /* rows that begin in the middle of a byte */
  assert_type_is_multiplied (WS_DTYPE_F4, f4, sizeof f4, 700, 401);
  assert_type_is_multiplied (WS_DTYPE_F4, f4, sizeof f4, 200, 202);
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

static void
assert_same_bits (guint64 n_rows, guint64 n_cols)
{
  const gsize p = MIN (n_rows, n_cols);
  g_auto (Helpers) helpers = { 0 };
  g_auto (Fixture) fixture = { 0 };
  g_autofree double *alone = NULL;

  helpers_init (&helpers);
  fixture_init (&fixture, n_rows, n_cols, 1.0 / 3.0);
  alone = compute (&fixture, NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree double *helped = NULL;

      helpers_add (&helpers);
      helped = compute (&fixture, helpers.team);
      g_assert_cmpmem (helped, p * p * sizeof *helped, alone, p * p * sizeof *alone);
    }
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
  ws_blocks_init (&blocks, &fixture.matrix, FALSE, FALSE, NULL);
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
  ws_blocks_init (&blocks, &fixture.matrix, FALSE, FALSE, NULL);
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
  ws_blocks_init (&blocks, &fixture.matrix, FALSE, FALSE, NULL);
  g_assert_false (ws_gram_add_blocks (gram, &blocks, look, &fixture, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_cmpuint (fixture.n_looked, ==, 2 * step * p);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/gram/entries-are-products", test_entries_are_products);
  g_test_add_func ("/gram/every-width-is-multiplied", test_every_width_is_multiplied);
  g_test_add_func ("/gram/helpers-change-no-bit", test_helpers_change_no_bit);
  g_test_add_func ("/gram/cancelled-says-so", test_cancelled_says_so);
  g_test_add_func ("/gram/cancelled-begins-no-product", test_cancelled_begins_no_product);
  g_test_add_func ("/gram/unreadable-block-ends-it", test_unreadable_block_ends_it);
  return g_test_run ();
}
