/* SPDX-License-Identifier: MIT */
/* Results to rows and back. A row is believed only when its sizes fit the tensor and its checksum
 * its numbers; any other is as if it were not there. */
#include "analysis/store-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A commit is forced to the disk when the last one is this old: that costs milliseconds, and the
 * results of a model of 60,000 vectors come in faster. */
#define SYNC_INTERVAL_USEC G_USEC_PER_SEC

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
  LOAD_CHECKSUM,
  LOAD_NUMBERS
};

static gboolean
lock (WsStore *self, GError **error)
{
  g_mutex_lock (&self->mutex);
  /* Closed where a damaged file could not be replaced: perhaps now it can. */
  if (self->db != NULL || _ws_store_connect (self, NULL, error))
    return TRUE;
  g_mutex_unlock (&self->mutex);
  return FALSE;
}

/* Also ends a statement that has been read to its end, so that it keeps no lock. */
static gboolean
run_statement (sqlite3_stmt *statement)
{
  int code = sqlite3_step (statement);

  return sqlite3_reset (statement) == SQLITE_OK && code == SQLITE_DONE;
}

static guint64
hash_word (guint64 hash, guint64 word)
{
  /* FNV-1a over words in place of bytes: to notice damage, not malice. */
  return (hash ^ word) * G_GUINT64_CONSTANT (0x100000001b3);
}

static guint64
hash_real (guint64 hash, double value)
{
  guint64 word = 0;

  if (!isnan (value)) /* unknown is NULL in the database and has no bits */
    memcpy (&word, &value, sizeof word);
  return hash_word (hash, word);
}

static gint64
compute_checksum (const WsSpectrum *spectrum)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (guint i = 0; i < _ws_store_n_columns; i++)
    {
      const WsStoreColumn *column = &_ws_store_columns[i];

      hash = column->is_real
                 ? hash_real (hash, G_STRUCT_MEMBER (double, spectrum, column->offset))
                 : hash_word (hash, G_STRUCT_MEMBER (guint64, spectrum, column->offset));
    }
  for (gsize i = 0; i < spectrum->n_sigma; i++)
    hash = hash_real (hash, spectrum->sigma[i]);
  return (gint64) hash;
}

/* "4096,2560" */
static char *
dup_shape (const WsTensor *tensor)
{
  GString *shape = g_string_new (NULL);

  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (shape, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "", tensor->dims[i]);
  return g_string_free (shape, FALSE);
}

/* To or from little-endian, in place. */
static void
swap_sigma (double *sigma, gsize n)
{
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    return;
  for (gsize i = 0; i < n; i++)
    {
      guint64 word;

      memcpy (&word, &sigma[i], sizeof word);
      word = GUINT64_SWAP_LE_BE (word);
      memcpy (&sigma[i], &word, sizeof word);
    }
}

/* Loading */

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
  g_autofree char *shape = dup_shape (result->tensor);
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

static void
read_numbers (sqlite3_stmt *row, WsSpectrum *spectrum)
{
  for (guint i = 0; i < _ws_store_n_columns; i++)
    {
      const WsStoreColumn *column = &_ws_store_columns[i];
      int number = LOAD_NUMBERS + (int) i;

      if (!column->is_real)
        G_STRUCT_MEMBER (gint64, spectrum, column->offset) = sqlite3_column_int64 (row, number);
      else if (sqlite3_column_type (row, number) == SQLITE_NULL)
        G_STRUCT_MEMBER (double, spectrum, column->offset) = NAN;
      else
        G_STRUCT_MEMBER (double, spectrum, column->offset) = sqlite3_column_double (row, number);
    }
}

static gboolean
read_sigma (sqlite3_stmt *row, WsSpectrum *spectrum, guint64 n_expected)
{
  int column = LOAD_NUMBERS + (int) _ws_store_n_columns;
  const void *blob = sqlite3_column_blob (row, column);
  gsize n_bytes = (gsize) sqlite3_column_bytes (row, column);

  if (n_bytes % sizeof (double) != 0 || n_bytes / sizeof (double) != n_expected)
    return FALSE;
  if (n_bytes == 0)
    return TRUE;
  spectrum->sigma = g_memdup2 (blob, n_bytes);
  spectrum->n_sigma = n_expected;
  swap_sigma (spectrum->sigma, spectrum->n_sigma);
  return TRUE;
}

/* FALSE: the row is of another tensor, or damaged. */
static gboolean
read_row (sqlite3_stmt *row, const WsResult *result, WsSpectrum *spectrum)
{
  const WsMoments *moments = &spectrum->moments;
  const char *backend = (const char *) sqlite3_column_text (row, LOAD_BACKEND);

  if (!row_is_of (row, result) || backend == NULL || !read_method (row, &spectrum->method))
    return FALSE;
  spectrum->backend = g_intern_string (backend);
  read_numbers (row, spectrum);
  if (moments->n_elements != result->n_rows * result->n_cols ||
      moments->n_finite + moments->n_nan + moments->n_inf != moments->n_elements)
    return FALSE;
  return read_sigma (row, spectrum,
                     moments->n_finite < moments->n_elements ? 0
                                                             : ws_result_get_max_rank (result)) &&
         sqlite3_column_int64 (row, LOAD_CHECKSUM) == compute_checksum (spectrum);
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

/* @id: 0 if the store has nothing of @file as it is; @stale: nor, then, of it as it was.
 * Returns: FALSE when SQLite failed. */
static gboolean
find_file (WsStore *self, const WsFileIdentity *file, gint64 *id, gint64 *stale_id)
{
  sqlite3_stmt *find = _ws_store_get_statement (self, WS_STATEMENT_FIND_FILE);
  int code;

  *id = *stale_id = 0;
  sqlite3_bind_text (find, 1, file->path, -1, SQLITE_STATIC);
  code = sqlite3_step (find);
  if (code == SQLITE_ROW)
    {
      gboolean same = (guint64) sqlite3_column_int64 (find, 1) == file->n_bytes &&
                      sqlite3_column_int64 (find, 2) == file->mtime_nsec &&
                      (guint64) sqlite3_column_int64 (find, 3) == file->inode;

      *(same ? id : stale_id) = sqlite3_column_int64 (find, 0);
    }
  return sqlite3_reset (find) == SQLITE_OK && (code == SQLITE_ROW || code == SQLITE_DONE);
}

static gboolean
load_file (WsStore *self, const WsFileIdentity *file, GHashTable *set, GPtrArray *results,
           const WsSpectrumOptions *options, const WsMetricOptions *metric_options, guint *n_found)
{
  sqlite3_stmt *load = _ws_store_get_statement (self, WS_STATEMENT_LOAD);
  gint64 id, stale_id;
  int code;

  if (!find_file (self, file, &id, &stale_id))
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

  if (!lock (self, error))
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

/* Saving */

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

/* The row of @file, in place of the row and the results of what it was before it changed. */
static gboolean
ensure_file (WsStore *self, const WsFileIdentity *file, gint64 *id)
{
  sqlite3_stmt *drop = _ws_store_get_statement (self, WS_STATEMENT_DROP_FILE);
  sqlite3_stmt *add = _ws_store_get_statement (self, WS_STATEMENT_ADD_FILE);
  gint64 stale_id;

  if (!find_file (self, file, id, &stale_id))
    return FALSE;
  if (*id != 0)
    return TRUE;
  if (stale_id != 0)
    {
      sqlite3_bind_int64 (drop, 1, stale_id);
      if (!run_statement (drop))
        return FALSE;
    }
  sqlite3_bind_text (add, 1, file->path, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (add, 2, (gint64) file->n_bytes);
  sqlite3_bind_int64 (add, 3, file->mtime_nsec);
  sqlite3_bind_int64 (add, 4, (gint64) file->inode);
  if (!run_statement (add))
    return FALSE;
  *id = sqlite3_last_insert_rowid (self->db);
  return TRUE;
}

/* @next: number of the first parameter. Returns: the one behind the last. */
static int
bind_numbers (sqlite3_stmt *save, int next, const WsSpectrum *spectrum)
{
  for (guint i = 0; i < _ws_store_n_columns; i++, next++)
    {
      const WsStoreColumn *column = &_ws_store_columns[i];

      /* SQLite makes NULL of NaN. */
      if (column->is_real)
        sqlite3_bind_double (save, next, G_STRUCT_MEMBER (double, spectrum, column->offset));
      else
        sqlite3_bind_int64 (save, next, G_STRUCT_MEMBER (gint64, spectrum, column->offset));
    }
  return next;
}

static gboolean
write_row (WsStore *self, gint64 file_id, const WsResult *result, const WsSpectrumOptions *options)
{
  sqlite3_stmt *save = _ws_store_get_statement (self, WS_STATEMENT_SAVE);
  const WsSpectrum *spectrum = &result->spectrum;
  gsize n_bytes = spectrum->n_sigma * sizeof (double);
  g_autofree double *sigma = g_memdup2 (spectrum->sigma, n_bytes);
  g_autofree char *shape = dup_shape (result->tensor);
  WsMatrix matrix;
  int next = 1;

  ws_matrix_init (&matrix, result->tensor, result->slice);
  swap_sigma (sigma, spectrum->n_sigma);
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
  sqlite3_bind_int64 (save, next++, compute_checksum (spectrum));
  next = bind_numbers (save, next, spectrum);
  sqlite3_bind_blob64 (save, next, sigma, n_bytes, SQLITE_STATIC);
  return run_statement (save);
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
ws_store_save (WsStore *self, const WsResult *result, const WsSpectrumOptions *options,
               GError **error)
{
  const WsFileIdentity *file = ws_source_get_identity (result->tensor->source);
  gboolean saved;
  gint64 id;

  if (!is_kept (result))
    return TRUE;
  if (!lock (self, error))
    return FALSE;
  choose_sync (self);
  saved = run_statement (_ws_store_get_statement (self, WS_STATEMENT_BEGIN)) &&
          ensure_file (self, file, &id) && write_row (self, id, result, options) &&
          run_statement (_ws_store_get_statement (self, WS_STATEMENT_COMMIT));
  if (!saved)
    _ws_store_set_error (self, _ ("cannot save to the result store"), error);
  g_mutex_unlock (&self->mutex);
  return saved;
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
  return run_statement (forget);
}

gboolean
ws_store_forget (WsStore *self, GPtrArray *results, GError **error)
{
  gboolean forgotten;

  if (!lock (self, error))
    return FALSE;
  forgotten = run_statement (_ws_store_get_statement (self, WS_STATEMENT_BEGIN));
  for (guint i = 0; i < results->len && forgotten; i++)
    forgotten = forget_result (self, g_ptr_array_index (results, i));
  forgotten = forgotten && run_statement (_ws_store_get_statement (self, WS_STATEMENT_COMMIT));
  if (!forgotten)
    _ws_store_set_error (self, _ ("cannot change the result store"), error);
  g_mutex_unlock (&self->mutex);
  return forgotten;
}
