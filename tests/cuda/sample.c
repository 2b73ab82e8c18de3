/* SPDX-License-Identifier: MIT */
/* Matrices whose singular values are known from LAPACK, and a caller that computes them. */
#include "sample.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

/* A number with the exponent in a range of 10 that is the same for all types. */
static guint32
make_bits (WsDtype dtype, GRand *rand)
{
  const guint32 bits = g_rand_int (rand), exponent = g_rand_int_range (rand, 0, 10);

  switch (dtype)
    {
    case WS_DTYPE_BF16:
      return (bits & 0x807f) | (115 + exponent) << 7;
    case WS_DTYPE_F16:
      return (bits & 0x83ff) | (5 + exponent) << 10;
    case WS_DTYPE_F32:
      return (bits & 0x807fffff) | (115 + exponent) << 23;
    case WS_DTYPE_F8_E4M3:
      return (bits & 0x87) | (1 + exponent) << 3;
    default:
      return bits;
    }
}

static void
compute_expected (Sample *self)
{
  g_autofree double *copy = g_memdup2 (self->values, self->n_rows * self->n_cols * sizeof (double));
  double unused = 0.0, sum = 0.0;

  g_assert_cmpint (LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', self->n_cols, self->n_rows, copy,
                                   self->n_cols, self->sigma, &unused, 1, &unused, 1),
                   ==, 0);
  for (gsize i = self->p; i > 0; i--)
    sum += pow (self->sigma[i - 1], 4);
  self->gram_norm = sqrt (sum);
}

void
sample_init (Sample *self, WsDtype dtype, gsize n_rows, gsize n_cols, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  const gsize n = n_rows * n_cols;

  *self = (Sample){ .dtype = dtype,
                    .n_rows = n_rows,
                    .n_cols = n_cols,
                    .p = MIN (n_rows, n_cols),
                    .q = MAX (n_rows, n_cols),
                    .n_bytes = ws_dtype_get_n_bits (dtype) / 8 };
  self->stored = g_malloc (n * self->n_bytes);
  self->values = g_new (double, n);
  self->sigma = g_new (double, self->p);
  for (gsize i = 0; i < n; i++)
    {
      guint32 bits = GUINT32_TO_LE (make_bits (dtype, rand));

      memcpy (self->stored + i * self->n_bytes, &bits, self->n_bytes);
    }
  ws_dtype_widen (dtype, self->stored, self->values, n);
  compute_expected (self);
}

void
sample_clear (Sample *self)
{
  g_clear_pointer (&self->stored, g_free);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->sigma, g_free);
}

void
sample_get_shape (const Sample *samples, guint n, guint64 n_step, gboolean is_direct,
                  WsTaskShape *shape)
{
  *shape = (WsTaskShape){ .dtype = samples->dtype,
                          .p = samples->p,
                          .q = samples->q,
                          .n_step = n_step,
                          .by_columns = samples->n_rows < samples->n_cols,
                          .n_matrices = n,
                          .is_direct = is_direct };
}

/* Copies a block, without gaps. */
static void
copy_block (const Sample *self, const WsBlock *block, gsize n_bytes, const void *src, void *dst)
{
  for (gsize i = 0; i < block->n_rows; i++)
    memcpy ((guint8 *) dst + i * block->n_cols * n_bytes,
            (const guint8 *) src + ((block->row + i) * self->n_cols + block->col) * n_bytes,
            block->n_cols * n_bytes);
}

static gboolean
add_blocks (const Sample *self, WsTask *task, guint index, GCancellable *cancellable,
            GError **error)
{
  const WsTaskShape *shape = &task->shape;
  g_autofree double *values = g_new (double, shape->p * shape->n_step);

  for (guint64 start = 0; start < self->q; start += shape->n_step)
    {
      const guint64 n = MIN (shape->n_step, self->q - start);
      WsBlock block = { .n_rows = n, .n_cols = self->n_cols, .row = start };
      void *buffer = task->backend->funcs->get_buffer (task, cancellable, error);

      if (!buffer)
        return FALSE;
      if (shape->by_columns)
        block = (WsBlock){ .n_rows = self->n_rows, .n_cols = n, .col = start };
      copy_block (self, &block, self->n_bytes, self->stored, buffer);
      block.stored = buffer;
      if (task->needs_values)
        {
          copy_block (self, &block, sizeof (double), self->values, values);
          block.values = values;
        }
      if (!task->backend->funcs->add_block (task, index, &block, cancellable, error))
        return FALSE;
      /* the caller's again, as soon as the call returns */
      memset (values, 0xff, shape->p * shape->n_step * sizeof (double));
    }
  return TRUE;
}

gboolean
sample_compute (const Sample *samples, guint n, WsBackend *backend, guint64 n_step,
                gboolean is_direct, double *sigma, double *gram_norm, GCancellable *cancellable,
                GError **error)
{
  const WsBackendFuncs *funcs = backend->funcs;
  gboolean ok = TRUE;
  WsTaskShape shape;
  WsTask *task;

  sample_get_shape (samples, n, n_step, is_direct, &shape);
  task = funcs->begin (backend, &shape, cancellable, error);
  if (!task)
    return FALSE;
  for (guint i = 0; ok && i < n; i++)
    ok = add_blocks (&samples[i], task, i, cancellable, error);
  ok = ok && funcs->compute_values (task, sigma, gram_norm, cancellable, error);
  funcs->end (task);
  return ok;
}

void
sample_check (const Sample *self, const double *sigma, const double *gram_norm)
{
  for (gsize i = 0; i < self->p; i++)
    {
      const double tolerance =
          self->sigma[i] > 1e-3 * self->sigma[0] ? 1e-9 * self->sigma[i] : 1e-7 * self->sigma[0];

      g_assert_cmpfloat_with_epsilon (sigma[i], self->sigma[i], tolerance);
    }
  if (gram_norm)
    g_assert_cmpfloat_with_epsilon (*gram_norm, self->gram_norm, 1e-12 * self->gram_norm);
}

void
sample_compute_and_check (const Sample *self, WsBackend *backend, guint64 n_step,
                          gboolean is_direct)
{
  g_autofree double *sigma = g_new (double, self->p);
  g_autoptr (GError) error = NULL;
  double gram_norm = 0.0;

  sample_compute (self, 1, backend, n_step, is_direct, sigma, &gram_norm, NULL, &error);
  g_assert_no_error (error);
  sample_check (self, sigma, is_direct ? NULL : &gram_norm);
  if (is_direct)
    g_assert_true (isnan (gram_norm));
}
