/* SPDX-License-Identifier: MIT */
/* Results to rows: one transaction for as many as are given together. */
#include <glib/gi18n-lib.h>

#include "analysis/store-private.h"

/* A commit is forced to the disk when the last one is this old: that costs milliseconds, and the
 * results of a model of 60,000 vectors come in faster. */
#define SYNC_INTERVAL_USEC G_USEC_PER_SEC

static gboolean
is_kept (const WsResult *result)
{
  switch (result->state)
    {
    case WS_STATE_OK:
    case WS_STATE_VECTOR:
    case WS_STATE_ZERO:
    case WS_STATE_NONFINITE:
      return ws_source_get_identity (result->tensor->source) != NULL;
    default:
      return FALSE;
    }
}

gboolean
_ws_store_ensure_file (WsStore *self, const WsFileIdentity *file, gint64 *id)
{
  sqlite3_stmt *drop = _ws_store_get_statement (self, WS_STATEMENT_DROP_FILE);
  sqlite3_stmt *add = _ws_store_get_statement (self, WS_STATEMENT_ADD_FILE);
  gint64 stale_id;

  if (!_ws_store_find_file (self, file, id, &stale_id))
    return FALSE;
  if (*id != 0)
    return TRUE;
  if (stale_id != 0)
    {
      sqlite3_bind_int64 (drop, 1, stale_id);
      if (!_ws_store_run_statement (drop))
        return FALSE;
    }
  sqlite3_bind_text (add, 1, file->path, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (add, 2, (gint64) file->n_bytes);
  sqlite3_bind_int64 (add, 3, file->mtime_nsec);
  sqlite3_bind_int64 (add, 4, (gint64) file->inode);
  if (!_ws_store_run_statement (add))
    return FALSE;
  *id = sqlite3_last_insert_rowid (self->db);
  return TRUE;
}

static gboolean
write_row (WsStore *self, gint64 file_id, const WsResult *result, const WsSpectrumOptions *options)
{
  sqlite3_stmt *save = _ws_store_get_statement (self, WS_STATEMENT_SAVE);
  const WsSpectrum *spectrum = &result->spectrum;
  gsize n_bytes = spectrum->n_sigma * sizeof (double);
  g_autofree double *sigma = g_memdup2 (spectrum->sigma, n_bytes);
  g_autofree char *shape = _ws_store_dup_shape (result->tensor);
  WsMatrix matrix;
  int next = 1;

  ws_matrix_init (&matrix, result->tensor, result->slice);
  _ws_store_swap (sigma, spectrum->n_sigma, sizeof *sigma);
  sqlite3_bind_int64 (save, next++, file_id);
  sqlite3_bind_text (save, next++, result->tensor->name, -1, SQLITE_STATIC);
  sqlite3_bind_int (save, next++, result->slice);
  sqlite3_bind_int64 (save, next++, (gint64) matrix.offset);
  sqlite3_bind_text (save, next++, shape, -1, SQLITE_STATIC);
  sqlite3_bind_text (save, next++, ws_dtype_get_name (result->tensor->dtype), -1, SQLITE_STATIC);
  sqlite3_bind_double (save, next++, options->rank_tol);
  sqlite3_bind_double (save, next++, options->zero_eps);
  sqlite3_bind_int (save, next++, WS_METHOD_VERSION);
  sqlite3_bind_text (save, next++, ws_state_get_key (result->state), -1, SQLITE_STATIC);
  sqlite3_bind_text (save, next++, ws_method_get_key (spectrum->method), -1, SQLITE_STATIC);
  sqlite3_bind_text (save, next++, spectrum->backend != NULL ? spectrum->backend : "", -1,
                     SQLITE_STATIC);
  sqlite3_bind_text (save, next++, ws_fault_get_key (spectrum->fault), -1, SQLITE_STATIC);
  sqlite3_bind_int64 (save, next++, _ws_store_compute_checksum (spectrum));
  next = _ws_store_bind_numbers (save, next, &_ws_store_result_columns, spectrum);
  sqlite3_bind_blob64 (save, next, sigma, n_bytes, SQLITE_STATIC);
  return _ws_store_run_statement (save);
}

static void
choose_sync (WsStore *self)
{
  gint64 now = g_get_monotonic_time ();
  gboolean due = now - self->sync_usec >= SYNC_INTERVAL_USEC;

  if (due)
    self->sync_usec = now;
  sqlite3_exec (self->db, due ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL,
                NULL, NULL);
}

gboolean
_ws_store_begin (WsStore *self)
{
  choose_sync (self);
  return _ws_store_run_statement (_ws_store_get_statement (self, WS_STATEMENT_BEGIN));
}

/* Within a transaction. Results in a row are mostly of the same file. */
static gboolean
write_rows (WsStore *self, WsResult *const *results, guint n, const WsSpectrumOptions *options)
{
  const WsFileIdentity *last = NULL;
  gint64 id = 0;

  for (guint i = 0; i < n; i++)
    {
      const WsFileIdentity *file = ws_source_get_identity (results[i]->tensor->source);

      if (!is_kept (results[i]))
        continue;
      if ((file != last && !_ws_store_ensure_file (self, file, &id)) ||
          !write_row (self, id, results[i], options))
        return FALSE;
      last = file;
    }
  return TRUE;
}

gboolean
ws_store_save_all (WsStore *self, WsResult *const *results, guint n,
                   const WsSpectrumOptions *options, GError **error)
{
  gboolean any = FALSE, saved;

  for (guint i = 0; i < n; i++)
    any |= is_kept (results[i]);
  if (!any)
    return TRUE;
  if (!_ws_store_lock (self, error))
    return FALSE;
  saved = _ws_store_begin (self) && write_rows (self, results, n, options) &&
          _ws_store_run_statement (_ws_store_get_statement (self, WS_STATEMENT_COMMIT));
  if (!saved)
    _ws_store_set_error (self, _ ("cannot save to the result store"), error);
  g_mutex_unlock (&self->mutex);
  return saved;
}

gboolean
ws_store_save (WsStore *self, WsResult *result, const WsSpectrumOptions *options, GError **error)
{
  return ws_store_save_all (self, &result, 1, options, error);
}

static gboolean
forget_result (WsStore *self, const WsResult *result)
{
  const WsFileIdentity *file = ws_source_get_identity (result->tensor->source);
  sqlite3_stmt *forget = _ws_store_get_statement (self, WS_STATEMENT_FORGET);

  if (file == NULL)
    return TRUE;
  sqlite3_bind_text (forget, 1, result->tensor->name, -1, SQLITE_STATIC);
  sqlite3_bind_int (forget, 2, result->slice);
  sqlite3_bind_text (forget, 3, file->path, -1, SQLITE_STATIC);
  return _ws_store_run_statement (forget);
}

gboolean
ws_store_forget (WsStore *self, GPtrArray *results, GError **error)
{
  gboolean forgotten;

  if (!_ws_store_lock (self, error))
    return FALSE;
  forgotten = _ws_store_run_statement (_ws_store_get_statement (self, WS_STATEMENT_BEGIN));
  for (guint i = 0; i < results->len && forgotten; i++)
    forgotten = forget_result (self, g_ptr_array_index (results, i));
  forgotten =
      forgotten && _ws_store_run_statement (_ws_store_get_statement (self, WS_STATEMENT_COMMIT));
  if (!forgotten)
    _ws_store_set_error (self, _ ("cannot change the result store"), error);
  g_mutex_unlock (&self->mutex);
  return forgotten;
}
