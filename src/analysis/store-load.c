/* SPDX-License-Identifier: MIT */
/* Rows to results: one query for each file. A row is believed only when its sizes fit the tensor
 * and its checksum its numbers; any other is as if it were not there. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "analysis/store-private.h"

/* Columns of WS_STATEMENT_LOAD. */
enum
{
  LOAD_TENSOR,
  LOAD_SLICE,
  LOAD_OFFSET,
  LOAD_SHAPE,
  LOAD_DTYPE,
  LOAD_METHOD,
  LOAD_BACKEND,
  LOAD_FAULT,
  LOAD_CHECKSUM,
  LOAD_NUMBERS
};

typedef struct
{
  const char *name;
  int slice;
  guint index; /* in the results */
} Wanted;

static guint
hash_wanted (gconstpointer key)
{
  const Wanted *wanted = key;

  return g_str_hash (wanted->name) * 31 + (guint) wanted->slice;
}

static gboolean
wanted_equal (gconstpointer a, gconstpointer b)
{
  const Wanted *x = a, *y = b;

  return x->slice == y->slice && strcmp (x->name, y->name) == 0;
}

/* The results that a look-up could finish: for each file a set of Wanted. */
static GHashTable *
group_by_file (GPtrArray *results)
{
  GHashTable *files = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      WsSource *source = result->tensor->source;
      GHashTable *set;
      Wanted *wanted;

      if (!ws_result_needs_run (result) || ws_source_get_identity (source) == NULL)
        continue;
      set = g_hash_table_lookup (files, source);
      if (set == NULL)
        {
          set = g_hash_table_new_full (hash_wanted, wanted_equal, g_free, NULL);
          g_hash_table_insert (files, source, set);
        }
      wanted = g_new (Wanted, 1);
      *wanted = (Wanted){ result->tensor->name, result->slice, i };
      g_hash_table_add (set, wanted);
    }
  return files;
}

static gboolean
column_equals (sqlite3_stmt *row, int column, const char *text)
{
  return g_strcmp0 ((const char *) sqlite3_column_text (row, column), text) == 0;
}

static gboolean
row_is_of (sqlite3_stmt *row, const WsResult *result)
{
  g_autofree char *shape = _ws_store_dup_shape (result->tensor);
  WsMatrix matrix;

  ws_matrix_init (&matrix, result->tensor, result->slice);
  return (guint64) sqlite3_column_int64 (row, LOAD_OFFSET) == matrix.offset &&
         column_equals (row, LOAD_SHAPE, shape) &&
         column_equals (row, LOAD_DTYPE, ws_dtype_get_name (result->tensor->dtype));
}

static gboolean
read_method (sqlite3_stmt *row, WsMethod *method)
{
  for (WsMethod candidate = WS_METHOD_NONE; candidate <= WS_METHOD_SVD64; candidate++)
    if (column_equals (row, LOAD_METHOD, ws_method_get_key (candidate)))
      {
        *method = candidate;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_sigma (sqlite3_stmt *row, WsSpectrum *spectrum, guint64 n_expected)
{
  int column = LOAD_NUMBERS + (int) _ws_store_result_columns.n;
  const void *blob = sqlite3_column_blob (row, column);
  gsize n_bytes = (gsize) sqlite3_column_bytes (row, column);

  if (n_bytes % sizeof (double) != 0 || n_bytes / sizeof (double) != n_expected)
    return FALSE;
  if (n_bytes == 0)
    return TRUE;
  spectrum->sigma = g_memdup2 (blob, n_bytes);
  spectrum->n_sigma = n_expected;
  _ws_store_swap (spectrum->sigma, spectrum->n_sigma, sizeof (double));
  return TRUE;
}

/* FALSE: the row is of another tensor, or damaged. */
static gboolean
read_row (sqlite3_stmt *row, const WsResult *result, WsSpectrum *spectrum)
{
  const WsMoments *moments = &spectrum->moments;
  const char *backend = (const char *) sqlite3_column_text (row, LOAD_BACKEND);
  const char *fault = (const char *) sqlite3_column_text (row, LOAD_FAULT);

  if (!row_is_of (row, result) || backend == NULL || !read_method (row, &spectrum->method) ||
      fault == NULL || !ws_fault_from_key (fault, &spectrum->fault))
    return FALSE;
  spectrum->backend = g_intern_string (backend);
  _ws_store_read_numbers (row, LOAD_NUMBERS, &_ws_store_result_columns, spectrum);
  if (moments->n_elements != result->n_rows * result->n_cols ||
      moments->n_finite + moments->n_nan + moments->n_inf != moments->n_elements)
    return FALSE;
  return read_sigma (row, spectrum,
                     moments->n_finite < moments->n_elements ? 0
                                                             : ws_result_get_max_rank (result)) &&
         sqlite3_column_int64 (row, LOAD_CHECKSUM) == _ws_store_compute_checksum (spectrum);
}

static gboolean
take_row (sqlite3_stmt *row, GHashTable *set, GPtrArray *results, const WsMetricOptions *options)
{
  const char *name = (const char *) sqlite3_column_text (row, LOAD_TENSOR);
  g_auto (WsSpectrum) spectrum = { 0 };
  const Wanted *wanted;
  WsResult *pending, *finished;

  if (name == NULL)
    return FALSE;
  wanted = g_hash_table_lookup (set, &(Wanted){ name, sqlite3_column_int (row, LOAD_SLICE), 0 });
  if (wanted == NULL)
    return FALSE;
  pending = g_ptr_array_index (results, wanted->index);
  if (!read_row (row, pending, &spectrum))
    return FALSE;
  finished = ws_result_new_finished (pending, &spectrum, options);
  finished->from_store = TRUE;
  g_ptr_array_index (results, wanted->index) = finished;
  ws_result_unref (pending);
  return TRUE;
}

static gboolean
load_file (WsStore *self, const WsFileIdentity *file, GHashTable *set, GPtrArray *results,
           const WsSpectrumOptions *options, const WsMetricOptions *metric_options, guint *n_found)
{
  sqlite3_stmt *load = _ws_store_get_statement (self, WS_STATEMENT_LOAD);
  gint64 id, stale_id;
  int code;

  if (!_ws_store_find_file (self, file, &id, &stale_id))
    return FALSE;
  if (id == 0)
    return TRUE;
  sqlite3_bind_int64 (load, 1, id);
  sqlite3_bind_double (load, 2, options->rank_tol);
  sqlite3_bind_double (load, 3, options->zero_eps);
  sqlite3_bind_int (load, 4, WS_METHOD_VERSION);
  while ((code = sqlite3_step (load)) == SQLITE_ROW)
    if (take_row (load, set, results, metric_options))
      *n_found += 1;
  return sqlite3_reset (load) == SQLITE_OK && code == SQLITE_DONE;
}

guint
ws_store_load (WsStore *self, GPtrArray *results, const WsSpectrumOptions *options,
               const WsMetricOptions *metric_options, GError **error)
{
  g_autoptr (GHashTable) files = group_by_file (results);
  gpointer source, set;
  GHashTableIter iter;
  guint n_found = 0;

  if (!_ws_store_lock (self, error))
    return 0;
  g_hash_table_iter_init (&iter, files);
  while (g_hash_table_iter_next (&iter, &source, &set))
    if (!load_file (self, ws_source_get_identity (source), set, results, options, metric_options,
                    &n_found))
      {
        _ws_store_set_error (self, _ ("cannot read the result store"), error);
        break;
      }
  g_mutex_unlock (&self->mutex);
  return n_found;
}
