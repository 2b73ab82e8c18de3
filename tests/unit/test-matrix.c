/* SPDX-License-Identifier: MIT */
/* Blocks of tensors, of slices and of what is no matrix. */
#include "matrix/blocks.h"

#include <string.h>

/* 24 numbers 0, 1, ... as F32. */
typedef struct
{
  WsTensor tensor;
  float values[24];
} Fixture;

static void
fixture_init (Fixture *self, guint n_dims, const guint64 *dims)
{
  g_autoptr (GBytes) bytes = NULL;

  *self = (Fixture){ .tensor = { .name = (char *) "test", .dtype = WS_DTYPE_F32 } };
  self->tensor.n_dims = n_dims;
  self->tensor.n_elements = 1;
  for (guint i = 0; i < n_dims; i++)
    self->tensor.n_elements *= self->tensor.dims[i] = dims[i];
  for (int i = 0; i < 24; i++)
    self->values[i] = i;
  bytes = g_bytes_new (self->values, sizeof self->values);
  self->tensor.source = ws_source_new_bytes ("test", bytes);
}

static void
fixture_clear (Fixture *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
test_views_of_shapes (void)
{
  const guint64 dims[] = { 2, 3, 4 };
  const guint64 expected[][2] = { { 1, 1 }, { 1, 2 }, { 2, 3 }, { 2, 12 } };

  for (guint n_dims = 0; n_dims <= 3; n_dims++)
    {
      g_auto (Fixture) fixture = { 0 };
      WsMatrix matrix;

      fixture_init (&fixture, n_dims, dims);
      ws_matrix_init (&matrix, &fixture.tensor, -1);
      g_assert_cmpuint (matrix.n_rows, ==, expected[n_dims][0]);
      g_assert_cmpuint (matrix.n_cols, ==, expected[n_dims][1]);
      g_assert_cmpuint (ws_matrix_count_slices (&fixture.tensor), ==, 1);
    }
}

static void
test_packed_experts_are_slices (void)
{
  const guint64 dims[] = { 2, 3, 4 };
  g_auto (Fixture) fixture = { 0 };
  WsMatrix matrix;
  double block[4];
  float scratch[4];
  GError *error = NULL;

  fixture_init (&fixture, 3, dims);
  fixture.tensor.block.type = WS_BLOCK_MOE_EXPERT_DOWN;
  g_assert_cmpuint (ws_matrix_count_slices (&fixture.tensor), ==, 2);
  ws_matrix_init (&matrix, &fixture.tensor, 1);
  g_assert_cmpuint (matrix.n_rows, ==, 3);
  g_assert_cmpuint (matrix.n_cols, ==, 4);
  ws_matrix_read (&matrix, 0, 1, 0, 4, block, scratch, NULL, &error);
  g_assert_no_error (error);
  /* the second expert begins after 3 x 4 */
  g_assert_cmpfloat (block[0], ==, 12.0);
  g_assert_cmpfloat (block[3], ==, 15.0);
}

static void
test_block_of_columns (void)
{
  const guint64 dims[] = { 4, 6 };
  const double expected[] = { 8, 9, 14, 15 };
  g_auto (Fixture) fixture = { 0 };
  WsMatrix matrix;
  double block[4];
  float scratch[4];
  GError *error = NULL;

  fixture_init (&fixture, 2, dims);
  ws_matrix_init (&matrix, &fixture.tensor, -1);
  g_assert_cmpuint (ws_matrix_get_scratch (&matrix, 2, 2), ==, sizeof scratch);
  ws_matrix_read (&matrix, 1, 2, 2, 2, block, scratch, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (block, sizeof block, expected, sizeof expected);
}

/* A matrix of which element i is i * 7 mod 65536. */
typedef struct
{
  WsTensor tensor;
  WsMatrix matrix;
} Counted;

static void
counted_clear (Counted *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Counted, counted_clear)

static void
counted_init (Counted *self, guint64 n_rows, guint64 n_cols)
{
  const guint64 n = n_rows * n_cols;
  guint16 *w = g_new (guint16, n);
  g_autoptr (GBytes) bytes = NULL;

  for (guint64 i = 0; i < n; i++)
    w[i] = GUINT16_TO_LE (i * 7 & 0xffff);
  bytes = g_bytes_new_take (w, n * sizeof *w);
  *self = (Counted){ .tensor = { .name = (char *) "test",
                                 .dtype = WS_DTYPE_U16,
                                 .n_dims = 2,
                                 .dims = { n_rows, n_cols },
                                 .n_elements = n,
                                 .source = ws_source_new_bytes ("test", bytes) } };
  ws_matrix_init (&self->matrix, &self->tensor, -1);
}

static void
assert_values (const WsBlock *block, const double *values, guint64 n_cols)
{
  for (guint64 j = 0; j < block->n_rows * block->n_cols; j++)
    {
      guint64 index = (block->row + j / block->n_cols) * n_cols + block->col + j % block->n_cols;

      g_assert_cmpfloat (values[j], ==, index * 7 & 0xffff);
    }
}

/* Every element once, in the order of the matrix within each block. */
static void
assert_blocks_cover (guint64 n_rows, guint64 n_cols, gboolean keep_whole)
{
  g_autofree guint8 *seen = g_new0 (guint8, n_rows * n_cols);
  g_auto (Counted) counted = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  GError *error = NULL;

  counted_init (&counted, n_rows, n_cols);
  ws_blocks_init (&blocks, &counted.matrix, TRUE, keep_whole, &error);
  g_assert_no_error (error);
  for (guint64 i = 0; i < blocks.n_blocks; i++)
    {
      WsBlock block;

      ws_blocks_read (&blocks, i, &block, NULL, &error);
      g_assert_no_error (error);
      assert_values (&block, block.values, n_cols);
      for (guint64 j = 0; j < block.n_rows * block.n_cols; j++)
        seen[(block.row + j / block.n_cols) * n_cols + block.col + j % block.n_cols]++;
    }
  for (guint64 i = 0; i < n_rows * n_cols; i++)
    g_assert_cmpuint (seen[i], ==, 1);
}

static void
test_blocks_cover_every_shape (void)
{
  const guint64 shapes[][2] = { { 1, 1 },    { 1, 5000 },  { 5000, 1 },    { 2000, 3 },
                                { 3, 2000 }, { 900, 900 }, { 2100, 1100 }, { 1100, 2100 } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    for (int keep_whole = 0; keep_whole < 2; keep_whole++)
      assert_blocks_cover (shapes[i][0], shapes[i][1], keep_whole);
}

static void
assert_last_survives_next (guint64 n_rows, guint64 n_cols)
{
  g_auto (Counted) counted = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  WsBlock last, next;
  GError *error = NULL;

  counted_init (&counted, n_rows, n_cols);
  ws_blocks_init (&blocks, &counted.matrix, TRUE, TRUE, &error);
  g_assert_cmpuint (blocks.n_blocks, >=, 3);
  ws_blocks_read_into (&blocks, 0, NULL, &last, NULL, &error);
  for (guint64 i = 1; i <= blocks.n_blocks; i++, last = next)
    {
      if (i < blocks.n_blocks)
        ws_blocks_read_into (&blocks, i, NULL, &next, NULL, &error);
      g_assert_no_error (error);
      g_assert_null (last.values);
      for (gsize part = 0; part < ws_blocks_count_parts (&last); part++)
        ws_blocks_widen_part (&blocks, &last, part);
      assert_values (&last, blocks.values, n_cols);
    }
}

static void
test_block_survives_reading_the_next (void)
{
  assert_last_survives_next (4000, 1000);
  assert_last_survives_next (1000, 4000);
}

static void
test_blocks_are_read_into_given_room (void)
{
  g_auto (Counted) counted = { 0 };
  g_auto (WsBlocks) blocks = { 0 };
  WsBlock block;
  GError *error = NULL;

  counted_init (&counted, 2000, 1100);
  ws_blocks_init (&blocks, &counted.matrix, FALSE, FALSE, &error);
  for (guint64 i = 0; i < blocks.n_blocks; i++)
    {
      g_autofree guint16 *room = g_new (guint16, blocks.n_step * 1100);

      ws_blocks_read_into (&blocks, i, room, &block, NULL, &error);
      g_assert_no_error (error);
      g_assert_true (block.stored == room);
      for (guint64 j = 0; j < block.n_rows * block.n_cols; j++)
        g_assert_cmpuint (GUINT16_FROM_LE (room[j]), ==, (block.row * 1100 + j) * 7 & 0xffff);
    }
}

/* Three columns of half a byte: the second row begins inside a byte. */
static void
test_half_bytes (void)
{
  const guint8 w[] = { 0x21, 0x43, 0x65 };
  g_autoptr (GBytes) bytes = g_bytes_new (w, sizeof w);
  g_autoptr (WsSource) source = ws_source_new_bytes ("test", bytes);
  g_autoptr (GError) error = NULL;
  WsTensor tensor = { .name = (char *) "test",
                      .dtype = WS_DTYPE_F4,
                      .n_dims = 2,
                      .dims = { 2, 3 },
                      .n_elements = 6,
                      .source = source };
  WsMatrix matrix;
  double block[6];
  guint8 scratch[3];

  ws_matrix_init (&matrix, &tensor, -1);
  g_assert_true (ws_matrix_read (&matrix, 0, 2, 0, 3, block, scratch, NULL, &error));
  /* patterns 1 to 6: 0.5 1 1.5 2 3 4 */
  g_assert_cmpfloat (block[3], ==, 2.0);
  g_assert_cmpfloat (block[5], ==, 4.0);
  g_assert_false (ws_matrix_read (&matrix, 1, 1, 0, 3, block, scratch, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/matrix/views-of-shapes", test_views_of_shapes);
  g_test_add_func ("/matrix/packed-experts-are-slices", test_packed_experts_are_slices);
  g_test_add_func ("/matrix/block-of-columns", test_block_of_columns);
  g_test_add_func ("/matrix/blocks-cover-every-shape", test_blocks_cover_every_shape);
  g_test_add_func ("/matrix/block-survives-reading-the-next", test_block_survives_reading_the_next);
  g_test_add_func ("/matrix/blocks-are-read-into-given-room", test_blocks_are_read_into_given_room);
  g_test_add_func ("/matrix/half-bytes", test_half_bytes);
  return g_test_run ();
}
