/* SPDX-License-Identifier: MIT */
/* A device that does as it is told. */
#include "scripted-backend.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

typedef struct
{
  WsBackend base;
  Script script;
  ScriptedCounts *counts;
  int stopped;
} Scripted;

typedef struct
{
  WsTask base;
  void *buffer;
  double *gram;  /* n_matrices x p x p, row-major, full */
  double *dense; /* p x q, for the direct way */
} ScriptedTask;

static Scripted *
get_backend (WsTask *task)
{
  return (Scripted *) task->backend;
}

static gboolean
fail (GError **error, WsFault fault)
{
  g_set_error (error, WS_FAULT_ERROR, (int) fault, "scripted: %s", ws_fault_get_key (fault));
  return FALSE;
}

static gboolean
accepts (WsBackend *backend, const WsTaskShape *shape)
{
  const Script *script = &((Scripted *) backend)->script;

  return shape->p >= script->least_side && (!shape->is_direct || script->has_direct);
}

static guint
get_batch (WsBackend *backend, const WsTaskShape *shape)
{
  return MAX (((Scripted *) backend)->script.batch, 1);
}

static double
estimate_seconds (WsBackend *backend, const WsTaskShape *shape)
{
  return ((Scripted *) backend)->script.seconds;
}

static WsTask *
begin (WsBackend *backend, const WsTaskShape *shape, GCancellable *cancellable, GError **error)
{
  Scripted *self = (Scripted *) backend;
  const gsize n_numbers = shape->n_matrices * shape->p * shape->p;
  const int number = g_atomic_int_add (&self->counts->n_begun, 1) + 1;
  ScriptedTask *task;
  int n_under_way;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (g_atomic_int_get (&self->stopped))
    {
      fail (error, WS_FAULT_STOPPED);
      return NULL;
    }
  n_under_way = g_atomic_int_add (&self->counts->n_under_way, 1) + 1;
  if (number == (int) self->script.memory_at ||
      (self->script.memory_above > 0 && n_numbers > self->script.memory_above) ||
      (self->script.memory_of_two && n_under_way > 1))
    {
      g_atomic_int_add (&self->counts->n_under_way, -1);
      fail (error, WS_FAULT_MEMORY);
      return NULL;
    }
  self->counts->most_under_way = MAX (self->counts->most_under_way, n_under_way);
  g_atomic_int_add (&self->counts->n_matrices, (int) shape->n_matrices);
  task = g_new0 (ScriptedTask, 1);
  task->base = (WsTask){ .backend = backend, .shape = *shape, .needs_values = TRUE };
  task->buffer = g_malloc (shape->p * shape->n_step * 8);
  task->gram = g_new0 (double, n_numbers);
  if (shape->is_direct)
    task->dense = g_new0 (double, shape->p * shape->q);
  return &task->base;
}

static void *
get_buffer (WsTask *task, GCancellable *cancellable, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return ((ScriptedTask *) task)->buffer;
}

/* As p rows of the long side. */
static void
keep_block (ScriptedTask *self, const WsBlock *block)
{
  const WsTaskShape *shape = &self->base.shape;

  for (guint64 row = 0; row < block->n_rows; row++)
    for (guint64 col = 0; col < block->n_cols; col++)
      {
        gsize i = block->row + row, k = block->col + col;

        self->dense[shape->by_columns ? i * shape->q + k : k * shape->q + i] =
            block->values[row * block->n_cols + col];
      }
}

static gboolean
add_block (WsTask *task, guint index, const WsBlock *block, GCancellable *cancellable,
           GError **error)
{
  ScriptedTask *self = (ScriptedTask *) task;
  const gsize p = task->shape.p;
  const enum CBLAS_TRANSPOSE first = task->shape.by_columns ? CblasNoTrans : CblasTrans;
  const enum CBLAS_TRANSPOSE second = task->shape.by_columns ? CblasTrans : CblasNoTrans;
  const gsize k = task->shape.by_columns ? block->n_cols : block->n_rows;

  g_assert_true (block->stored == self->buffer);
  g_assert_cmpuint (index, <, task->shape.n_matrices);
  if (self->dense)
    keep_block (self, block);
  else
    cblas_dgemm (CblasRowMajor, first, second, p, p, k, 1.0, block->values, block->n_cols,
                 block->values, block->n_cols, 1.0, self->gram + index * p * p, p);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
wait_until (GCancellable *cancellable, int msec)
{
  GPollFD fd;

  if (g_cancellable_make_pollfd (cancellable, &fd))
    {
      g_poll (&fd, 1, msec);
      g_cancellable_release_fd (cancellable);
    }
  else
    g_poll (NULL, 0, msec);
}

static gboolean
hang (const Script *script, GCancellable *cancellable, GError **error)
{
  if (script->on_hang)
    script->on_hang ();
  wait_until (cancellable, script->hang_msec > 0 ? (int) script->hang_msec : -1);
  return !g_cancellable_set_error_if_cancelled (cancellable, error) &&
         fail (error, WS_FAULT_TIMEOUT);
}

static int
compare_descending (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x < y) - (x > y);
}

static void
solve_direct (ScriptedTask *self, double *sigma)
{
  const gsize p = self->base.shape.p, q = self->base.shape.q;
  double none;

  /* to LAPACK the rows are columns: the transpose, of the same values */
  g_assert_cmpint (
      LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', q, p, self->dense, q, sigma, &none, 1, &none, 1), ==,
      0);
}

static void
solve_gram (ScriptedTask *self, guint index, gboolean only_diagonal, double *sigma)
{
  const gsize p = self->base.shape.p;
  double *gram = self->gram + index * p * p;

  for (gsize i = 0; i < p * p; i++)
    if (!isfinite (gram[i]))
      {
        g_atomic_int_inc (&get_backend (&self->base)->counts->n_nonfinite);
        return;
      }
  if (only_diagonal)
    for (gsize i = 0; i < p; i++)
      sigma[i] = gram[i * p + i];
  else
    g_assert_cmpint (LAPACKE_dsyevd (LAPACK_ROW_MAJOR, 'N', 'U', p, gram, p, sigma), ==, 0);
  for (gsize i = 0; i < p; i++)
    sigma[i] = sqrt (fmax (sigma[i], 0.0));
  qsort (sigma, p, sizeof (double), compare_descending);
}

static gboolean
compute_values (WsTask *task, double *sigma, double *gram_norm, GCancellable *cancellable,
                GError **error)
{
  ScriptedTask *self = (ScriptedTask *) task;
  Scripted *backend = get_backend (task);
  const Script *script = &backend->script;
  const guint number = g_atomic_int_add (&backend->counts->n_solved, 1) + 1;
  const gsize p = task->shape.p;

  if (number == script->hang_at)
    return hang (script, cancellable, error);
  if (script->slow_msec > 0)
    wait_until (cancellable, (int) script->slow_msec);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (number == script->stop_at)
    g_atomic_int_set (&backend->stopped, 1);
  if (g_atomic_int_get (&backend->stopped))
    return fail (error, WS_FAULT_STOPPED);
  if (number == script->numeric_at || (script->numeric_from > 0 && number >= script->numeric_from))
    return fail (error, WS_FAULT_NUMERIC);
  for (guint i = 0; i < task->shape.n_matrices; i++)
    {
      gram_norm[i] = self->dense ? NAN : cblas_dnrm2 (p * p, self->gram + i * p * p, 1);
      if (self->dense)
        solve_direct (self, sigma);
      else
        solve_gram (self, i, number == script->diagonal_at, sigma + i * p);
    }
  if (number == script->scaled_at)
    cblas_dscal (p, 1.0 + 1e-9, sigma, 1);
  if (number == script->nan_at)
    sigma[p / 2] = NAN;
  return TRUE;
}

static void
end (WsTask *task)
{
  ScriptedTask *self = (ScriptedTask *) task;

  g_atomic_int_add (&get_backend (task)->counts->n_under_way, -1);
  g_free (self->buffer);
  g_free (self->gram);
  g_free (self->dense);
  g_free (self);
}

static void
close_backend (WsBackend *backend)
{
  ((Scripted *) backend)->counts->n_closed++;
  g_free (backend->name);
  g_free (backend);
}

static const WsBackendFuncs funcs = {
  .accepts = accepts,
  .get_batch = get_batch,
  .estimate_seconds = estimate_seconds,
  .begin = begin,
  .get_buffer = get_buffer,
  .add_block = add_block,
  .compute_values = compute_values,
  .end = end,
  .close = close_backend,
};

WsBackend *
scripted_backend_new (const Script *script, ScriptedCounts *counts)
{
  Scripted *self = g_new0 (Scripted, 1);

  *counts = (ScriptedCounts){ 0 };
  self->base = (WsBackend){ .funcs = &funcs,
                            .key = "cuda",
                            .name = g_strdup ("Scripted GPU"),
                            .n_lanes = MAX (script->n_lanes, 1),
                            .ref_count = 1 };
  self->script = *script;
  self->counts = counts;
  return &self->base;
}
