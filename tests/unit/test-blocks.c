/* SPDX-License-Identifier: MIT */
/* What blocks tell a source of bytes that they will read: what comes next, and what comes again. */
#include "spectra/spectrum.h"

#include <string.h>

/* A source of zeros that remembers what it was told. */
typedef struct
{
  guint64 n_told;    /* bytes from the start on */
  guint64 most_told; /* ahead of a read */
  guint n_late;      /* reads of what it was not told of */
  guint n_kept;      /* now */
  guint n_keeps;     /* in all */
  guint64 kept_begin, kept_bytes;
} Told;

static gboolean
read_zeros (gpointer data, guint64 offset, void *dst, gsize n_bytes, GCancellable *cancellable,
            GError **error)
{
  Told *told = data;

  if (offset + n_bytes > told->n_told)
    told->n_late++;
  else
    told->most_told = MAX (told->most_told, told->n_told - offset);
  memset (dst, 0, n_bytes);
  return TRUE;
}

static void
note_prefetch (gpointer data, guint64 offset, guint64 n_bytes)
{
  Told *told = data;

  if (offset <= told->n_told)
    told->n_told = MAX (told->n_told, offset + n_bytes);
}

static void
note_keep (gpointer data, guint64 offset, guint64 n_bytes)
{
  Told *told = data;

  told->n_kept++;
  told->n_keeps++;
  told->kept_begin = offset;
  told->kept_bytes = n_bytes;
}

static void
note_forget (gpointer data, guint64 offset, guint64 n_bytes)
{
  Told *told = data;

  g_assert_cmpuint (offset, ==, told->kept_begin);
  g_assert_cmpuint (n_bytes, ==, told->kept_bytes);
  told->n_kept--;
}

static void
leave (gpointer data)
{
}

static const WsSourceKind kind = {
  .read = read_zeros,
  .prefetch = note_prefetch,
  .free = leave,
  .keep = note_keep,
  .forget = note_forget,
};

/* At byte 0 of its source. */
static void
init_matrix (WsMatrix *matrix, WsTensor *tensor, Told *told, WsDtype dtype, guint64 n_rows,
             guint64 n_cols)
{
  *told = (Told){ 0 };
  *tensor = (WsTensor){ .dtype = dtype,
                        .n_dims = 2,
                        .dims = { n_rows, n_cols },
                        .n_elements = n_rows * n_cols,
                        .n_bytes = n_rows * n_cols * ws_dtype_get_n_bits (dtype) / 8 };
  tensor->source = ws_source_new (&kind, told, "zeros", tensor->n_bytes, NULL);
  ws_matrix_init (matrix, tensor, -1);
}

/* The fifth block is told of when the first is read, and so on: 5 of a million numbers. */
static void
test_single_row_is_told_of_step_by_step (void)
{
  WsTensor tensor;
  WsMatrix matrix;
  g_auto (WsBlocks) blocks = { 0 };
  Told told;

  init_matrix (&matrix, &tensor, &told, WS_DTYPE_F32, 1, 20 << 20);
  g_assert_true (ws_blocks_init (&blocks, &matrix, FALSE, FALSE, NULL));
  for (guint64 i = 0; i < blocks.n_blocks; i++)
    {
      WsBlock block;

      g_assert_true (ws_blocks_read (&blocks, i, &block, NULL, NULL));
    }
  g_assert_cmpuint (told.n_late, ==, 0);
  g_assert_cmpuint (told.n_told, ==, tensor.n_bytes);
  g_assert_cmpuint (told.most_told, <=, 5 * sizeof (float) << 20);
  ws_source_unref (tensor.source);
}

/* While it is computed, and once: or a source elsewhere would fetch it again, or keep it for ever.
 */
static void
test_what_is_read_again_is_kept (void)
{
  const struct
  {
    WsDtype dtype;
    guint64 n_rows, n_cols;
    guint64 memory_limit; /* 0: none, so that wide matrices are held */
    gboolean values, is_kept;
  } cases[] = {
    { WS_DTYPE_BF16, 400, 200, 0, TRUE, FALSE },
    { WS_DTYPE_F32, 400, 200, 0, TRUE, TRUE },
    { WS_DTYPE_F64, 400, 200, 0, TRUE, TRUE },
    { WS_DTYPE_BF16, 400, 20, 0, TRUE, TRUE }, /* perhaps directly then */
    { WS_DTYPE_F32, 200, 4000, 0, TRUE, FALSE },
    { WS_DTYPE_BF16, 200, 40000, 1, TRUE, TRUE }, /* by columns */
    { WS_DTYPE_BF16, 1, 40000, 1, TRUE, TRUE },   /* this one too */
    { WS_DTYPE_BF16, 400, 200, 0, FALSE, FALSE },
    { WS_DTYPE_F32, 400, 200, 0, FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsSpectrum) spectrum = { 0 };
      g_autoptr (GError) error = NULL;
      WsSpectrumOptions options;
      WsTensor tensor;
      WsMatrix matrix;
      Told told;

      init_matrix (&matrix, &tensor, &told, cases[i].dtype, cases[i].n_rows, cases[i].n_cols);
      g_test_message ("case %u", i);
      ws_spectrum_options_init (&options);
      options.memory_limit = cases[i].memory_limit;
      ws_spectrum_compute (&spectrum, &matrix, cases[i].values, &options, NULL, NULL, NULL, NULL,
                           &error);
      g_assert_no_error (error);
      g_assert_cmpuint (told.n_keeps, ==, cases[i].is_kept ? 1 : 0);
      g_assert_cmpuint (told.n_kept, ==, 0);
      if (cases[i].is_kept)
        g_assert_cmpuint (told.kept_bytes, ==, tensor.n_bytes);
      ws_source_unref (tensor.source);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/blocks/single-row/is-told-of-step-by-step",
                   test_single_row_is_told_of_step_by_step);
  g_test_add_func ("/blocks/what-is-read-again/is-kept", test_what_is_read_again_is_kept);
  return g_test_run ();
}
