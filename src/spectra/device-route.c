/* SPDX-License-Identifier: MIT */
/* Matrices by way of a device: the processor reads the blocks and takes their statistics while the
 * device multiplies; then it decides what can be solved, and what of the answer is believed. */
#include "spectra/certificate.h"
#include "spectra/device-checks.h"
#include "spectra/spectrum-private.h"
#include "spectra/work.h"

/* Blocks of a task that may be under way: one is filled while another one travels. */
#define N_BUFFERS 2
/* What the solver takes beside the blocks: a share of the whole, for progress only. */
#define SOLVER_SHARE 0.5

/* What one call holds while it lasts. */
typedef struct
{
  const WsSpectrumOptions *options;
  WsBackend *backend;
  WsWork work;
} Batch;

gboolean
ws_spectrum_get_task_shape (const WsMatrix *matrix, gboolean values, WsTaskShape *shape)
{
  if (!values || _ws_spectrum_is_direct (matrix))
    return FALSE;
  *shape = (WsTaskShape){
    .dtype = matrix->tensor->dtype,
    .p = MIN (matrix->n_rows, matrix->n_cols),
    .q = MAX (matrix->n_rows, matrix->n_cols),
    .by_columns = matrix->n_rows < matrix->n_cols,
    .n_matrices = 1,
  };
  shape->n_step = ws_blocks_get_step (shape->p, shape->q);
  return TRUE;
}

static guint64
get_bytes (const WsMatrix *matrix, guint n, gboolean keep_whole)
{
  const guint64 p = MIN (matrix->n_rows, matrix->n_cols);
  const guint64 q = MAX (matrix->n_rows, matrix->n_cols);
  const guint64 step = ws_blocks_get_step (p, q);

  /* widened whatever the type: the device may not know it */
  return ws_blocks_get_required_bytes (matrix, TRUE, keep_whole) +
         N_BUFFERS * ws_matrix_get_scratch (matrix, 1, p * step) +
         ws_moments_pass_get_required_bytes (matrix->tensor->dtype, p * q) +
         2 * sizeof (double) * n * p;
}

static gboolean
keeps_whole (const WsMatrix *matrix, const WsSpectrumOptions *options)
{
  return options->memory_limit == 0 || get_bytes (matrix, 1, TRUE) <= options->memory_limit / 2;
}

guint64
ws_spectrum_get_task_bytes (const WsMatrix *matrix, guint n, const WsSpectrumOptions *options)
{
  return get_bytes (matrix, n, keeps_whole (matrix, options));
}

static void
widen (WsBlocks *blocks, WsBlock *block)
{
  const gsize n_parts = ws_blocks_count_parts (block);

  for (gsize part = 0; part < n_parts; part++)
    ws_blocks_widen_part (blocks, block, part);
  block->values = blocks->values;
}

/* Gives a block to the device, and to the statistics while it travels. */
static gboolean
pass_block (Batch *self, WsTask *task, guint index, WsBlocks *blocks, guint64 i,
            WsMomentsPass *moments, GError **error)
{
  const WsBackendFuncs *funcs = self->backend->funcs;
  GCancellable *cancellable = self->work.cancellable;
  void *buffer = NULL;
  WsBlock block;

  if (task && !(buffer = funcs->get_buffer (task, cancellable, error)))
    return FALSE;
  if (!ws_blocks_read_into (blocks, i, buffer, &block, cancellable, error))
    return FALSE;
  if (blocks->values)
    widen (blocks, &block);
  if (task && !funcs->add_block (task, index, &block, cancellable, error))
    return FALSE;
  if (moments)
    ws_moments_pass_add_block (moments, block.stored, block.row, block.n_rows, block.col,
                               block.n_cols);
  return ws_work_advance (&self->work, task ? (double) block.n_rows * block.n_cols : 0.0, error);
}

static gboolean
pass_blocks (Batch *self, WsTask *task, guint index, WsBlocks *blocks, WsMomentsPass *moments,
             GError **error)
{
  for (guint64 i = 0; i < blocks->n_blocks; i++)
    if (!pass_block (self, task, index, blocks, i, moments, error))
      return FALSE;
  return TRUE;
}

/* Reads @item for matrix @index of @task. @takes_moments: else they are there already. */
static gboolean
read_item (Batch *self, WsTask *task, guint index, WsBatchItem *item, gboolean takes_moments,
           GError **error)
{
  const WsMatrix *matrix = item->matrix;
  const WsDtype dtype = matrix->tensor->dtype;
  g_autoptr (WsMomentsPass) moments = NULL;
  g_auto (WsBlocks) blocks = { 0 };

  if (!ws_blocks_init (&blocks, matrix, task->needs_values, keeps_whole (matrix, self->options),
                       error))
    return FALSE;
  if (takes_moments && ws_moments_pass_count (dtype, matrix->n_rows * matrix->n_cols) > 1)
    ws_blocks_keep (&blocks);
  if (!takes_moments)
    return pass_blocks (self, task, index, &blocks, NULL, error);
  moments = ws_moments_pass_new (dtype, matrix->n_rows, matrix->n_cols, self->options->zero_eps);
  if (!pass_blocks (self, task, index, &blocks, moments, error))
    return FALSE;
  while (!ws_moments_pass_finish (moments, &item->spectrum.moments))
    if (!pass_blocks (self, NULL, index, &blocks, moments, error))
      return FALSE;
  return TRUE;
}

/* Where there is nothing to solve the solver is not asked: some return anything then. */
static gboolean
has_values_to_solve (WsBatchItem *item)
{
  WsSpectrum *spectrum = &item->spectrum;
  const gsize p = MIN (item->matrix->n_rows, item->matrix->n_cols);

  if (!_ws_spectrum_is_finite (spectrum))
    return FALSE;
  if (spectrum->moments.frobenius > 0.0)
    return TRUE;
  _ws_spectrum_take_values (spectrum, g_new0 (double, p), p, WS_METHOD_GRAM64, 0.0);
  return FALSE;
}

static WsTask *
begin_task (Batch *self, const WsBatchItem *item, guint n, gboolean is_direct, GError **error)
{
  WsTaskShape shape;

  ws_spectrum_get_task_shape (item->matrix, TRUE, &shape);
  shape.n_matrices = n;
  shape.is_direct = is_direct;
  return self->backend->funcs->begin (self->backend, &shape, self->work.cancellable, error);
}

static gboolean
accepts_direct (Batch *self, const WsBatchItem *item)
{
  WsTaskShape shape;

  ws_spectrum_get_task_shape (item->matrix, TRUE, &shape);
  shape.is_direct = TRUE;
  return self->backend->funcs->accepts (self->backend, &shape);
}

/* Solves what has been read into @task.
 * @sigma, @gram_norm: (out): n x p and n; NULL on failure */
static gboolean
solve (Batch *self, WsTask *task, guint n, gsize p, double **sigma, double **gram_norm,
       GError **error)
{
  g_autofree double *values = ws_work_allocate (n, p, error);
  g_autofree double *norms = g_new0 (double, n);

  if (!values ||
      !self->backend->funcs->compute_values (task, values, norms, self->work.cancellable, error))
    return FALSE;
  *sigma = g_steal_pointer (&values);
  *gram_norm = g_steal_pointer (&norms);
  return TRUE;
}

static void
take_values (Batch *self, WsBatchItem *item, const double *sigma, gsize p, WsMethod method)
{
  double sigma_error =
      method == WS_METHOD_GRAM64 ? ws_gram_estimate_error (sigma, p) : ws_direct_estimate_error (p);

  _ws_spectrum_take_values (&item->spectrum, g_memdup2 (sigma, p * sizeof (double)), p, method,
                            sigma_error);
  item->spectrum.backend = self->backend->key;
}

/* What the Gram matrix cannot vouch for, without squaring. */
static gboolean
compute_direct (Batch *self, WsBatchItem *item, GError **error)
{
  const gsize p = MIN (item->matrix->n_rows, item->matrix->n_cols);
  g_autofree double *sigma = NULL, *gram_norm = NULL;
  gboolean ok;
  WsTask *task;

  if (!accepts_direct (self, item))
    {
      g_set_error_literal (error, WS_FAULT_ERROR, WS_FAULT_NONE,
                           "the matrix needs a direct decomposition");
      return FALSE;
    }
  task = begin_task (self, item, 1, TRUE, error);
  if (!task)
    return FALSE;
  ok = read_item (self, task, 0, item, FALSE, error) &&
       solve (self, task, 1, p, &sigma, &gram_norm, error) &&
       ws_device_check_values (sigma, p, item->spectrum.moments.frobenius, NULL, error);
  self->backend->funcs->end (task);
  if (ok)
    take_values (self, item, sigma, p, WS_METHOD_SVD64);
  return ok;
}

/* @sigma: what the device says of @item. Returns: FALSE: not certified, or with @error set. */
static gboolean
judge (Batch *self, WsBatchItem *item, double *sigma, double gram_norm, GError **error)
{
  const gsize p = MIN (item->matrix->n_rows, item->matrix->n_cols);

  if (!ws_device_check_values (sigma, p, item->spectrum.moments.frobenius, &gram_norm, error) ||
      !_ws_spectrum_is_certified (&item->spectrum, item->matrix, self->options, sigma))
    return FALSE;
  take_values (self, item, sigma, p, WS_METHOD_GRAM64);
  return TRUE;
}

/* But those that have failed before. */
static void
fail_all (GPtrArray *items, const GError *error)
{
  for (guint i = 0; i < items->len; i++)
    {
      WsBatchItem *item = g_ptr_array_index (items, i);

      if (!item->error)
        item->error = g_error_copy (error);
    }
}

/* Whether @error, of reading, tells of one matrix only. */
static gboolean
is_of_matrix (const GError *error)
{
  return error->domain != WS_FAULT_ERROR &&
         !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Reads @items into @task. Returns: those that are to be solved (transfer container); NULL with
 * @error set where all is lost. */
static GPtrArray *
read_items (Batch *self, WsTask *task, GPtrArray *items, GError **error)
{
  g_autoptr (GPtrArray) solvable = g_ptr_array_new ();

  for (guint i = 0; i < items->len; i++)
    {
      WsBatchItem *item = g_ptr_array_index (items, i);
      g_autoptr (GError) reason = NULL;

      if (!read_item (self, task, i, item, TRUE, &reason))
        {
          if (!is_of_matrix (reason))
            {
              g_propagate_error (error, g_steal_pointer (&reason));
              return NULL;
            }
          item->error = g_steal_pointer (&reason);
        }
      else if (has_values_to_solve (item))
        g_ptr_array_add (solvable, item);
    }
  return g_steal_pointer (&solvable);
}

/* Reads and solves @items in one task. Uncertified ones are added to @uncertified.
 * Returns: those that must be done again, because another one that cannot be solved lies in the
 * task with them (transfer container); NULL with @error set where all is lost. */
static GPtrArray *
run_task (Batch *self, WsTask *task, GPtrArray *items, GPtrArray *uncertified, GError **error)
{
  g_autoptr (GPtrArray) solvable = read_items (self, task, items, error);
  g_autofree double *sigma = NULL, *gram_norm = NULL;

  if (!solvable || solvable->len < items->len)
    return g_steal_pointer (&solvable);
  if (!solve (self, task, items->len, task->shape.p, &sigma, &gram_norm, error))
    return NULL;
  for (guint i = 0; i < items->len; i++)
    {
      WsBatchItem *item = g_ptr_array_index (items, i);

      if (!judge (self, item, sigma + i * task->shape.p, gram_norm[i], &item->error) &&
          !item->error)
        g_ptr_array_add (uncertified, item);
    }
  g_ptr_array_set_size (solvable, 0);
  return g_steal_pointer (&solvable);
}

static void
compute_items (Batch *self, GPtrArray *items)
{
  g_autoptr (GPtrArray) left = g_ptr_array_ref (items);
  g_autoptr (GPtrArray) uncertified = g_ptr_array_new ();

  while (left->len > 0)
    {
      g_autoptr (GPtrArray) again = NULL;
      g_autoptr (GError) error = NULL;
      WsTask *task = begin_task (self, g_ptr_array_index (left, 0), left->len, FALSE, &error);

      if (task)
        {
          again = run_task (self, task, left, uncertified, &error);
          self->backend->funcs->end (task);
        }
      if (!again)
        {
          fail_all (left, error);
          break;
        }
      g_ptr_array_unref (left);
      left = g_steal_pointer (&again);
    }
  for (guint i = 0; i < uncertified->len; i++)
    {
      WsBatchItem *item = g_ptr_array_index (uncertified, i);

      compute_direct (self, item, &item->error);
    }
}

void
ws_spectrum_compute_batch (WsBatchItem *items, guint n, const WsSpectrumOptions *options,
                           WsBackend *backend, WsShareFunc share_func, gpointer user_data,
                           GCancellable *cancellable)
{
  const gint64 start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  Batch batch = {
    .options = options,
    .backend = backend,
    .work = { .share_func = share_func, .user_data = user_data, .cancellable = cancellable }
  };

  for (guint i = 0; i < n; i++)
    {
      const WsMatrix *matrix = items[i].matrix;

      items[i].spectrum = (WsSpectrum){ .backend = "cpu" };
      items[i].error = NULL;
      ws_moments_init (&items[i].spectrum.moments);
      batch.work.total += (double) matrix->n_rows * matrix->n_cols / (1.0 - SOLVER_SHARE);
      g_ptr_array_add (list, &items[i]);
    }
  compute_items (&batch, list);
  for (guint i = 0; i < n; i++)
    {
      items[i].spectrum.seconds = (g_get_monotonic_time () - start) * 1e-6 / n;
      if (items[i].error)
        ws_spectrum_clear (&items[i].spectrum);
    }
}

gboolean
_ws_spectrum_compute_on_device (WsSpectrum *self, const WsMatrix *matrix,
                                const WsSpectrumOptions *options, WsBackend *backend,
                                WsShareFunc share_func, gpointer user_data,
                                GCancellable *cancellable, GError **error)
{
  WsBatchItem item = { .matrix = matrix };

  ws_spectrum_compute_batch (&item, 1, options, backend, share_func, user_data, cancellable);
  *self = item.spectrum;
  if (item.error)
    g_propagate_error (error, item.error);
  return !item.error;
}
