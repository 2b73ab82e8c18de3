/* SPDX-License-Identifier: MIT */
/* What loading and saving share: the lock, the row of a file, the checksum of a row. */
#include "analysis/store-private.h"

#include <math.h>
#include <string.h>

gboolean
_ws_store_lock (WsStore *self, GError **error)
{
  g_mutex_lock (&self->mutex);
  /* Closed where a damaged file could not be replaced: perhaps now it can. */
  if (self->db != NULL || _ws_store_connect (self, NULL, error))
    return TRUE;
  g_mutex_unlock (&self->mutex);
  return FALSE;
}

gboolean
_ws_store_find_file (WsStore *self, const WsFileIdentity *file, gint64 *id, gint64 *stale_id)
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

gboolean
_ws_store_run_statement (sqlite3_stmt *statement)
{
  int code = sqlite3_step (statement);

  return sqlite3_reset (statement) == SQLITE_OK && code == SQLITE_DONE;
}

int
_ws_store_bind_numbers (sqlite3_stmt *statement, int next, const WsStoreColumns *columns,
                        gconstpointer numbers)
{
  for (guint i = 0; i < columns->n; i++, next++)
    {
      const WsStoreColumn *column = &columns->columns[i];

      /* SQLite makes NULL of NaN. */
      if (column->is_real)
        sqlite3_bind_double (statement, next, G_STRUCT_MEMBER (double, numbers, column->offset));
      else
        sqlite3_bind_int64 (statement, next, G_STRUCT_MEMBER (gint64, numbers, column->offset));
    }
  return next;
}

int
_ws_store_read_numbers (sqlite3_stmt *row, int next, const WsStoreColumns *columns,
                        gpointer numbers)
{
  for (guint i = 0; i < columns->n; i++, next++)
    {
      const WsStoreColumn *column = &columns->columns[i];

      if (!column->is_real)
        G_STRUCT_MEMBER (gint64, numbers, column->offset) = sqlite3_column_int64 (row, next);
      else if (sqlite3_column_type (row, next) == SQLITE_NULL)
        G_STRUCT_MEMBER (double, numbers, column->offset) = NAN;
      else
        G_STRUCT_MEMBER (double, numbers, column->offset) = sqlite3_column_double (row, next);
    }
  return next;
}

static guint64
hash_word (guint64 hash, guint64 word)
{
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

guint64
_ws_store_hash_numbers (guint64 hash, const WsStoreColumns *columns, gconstpointer numbers)
{
  for (guint i = 0; i < columns->n; i++)
    {
      const WsStoreColumn *column = &columns->columns[i];

      hash = column->is_real ? hash_real (hash, G_STRUCT_MEMBER (double, numbers, column->offset))
                             : hash_word (hash, G_STRUCT_MEMBER (guint64, numbers, column->offset));
    }
  return hash;
}

guint64
_ws_store_hash_array (guint64 hash, gconstpointer values, gsize n, gsize size)
{
  hash = hash_word (hash, n);
  for (gsize i = 0; i < n; i++)
    hash = hash_word (hash, size == sizeof (guint32) ? ((const guint32 *) values)[i]
                                                     : ((const guint64 *) values)[i]);
  return hash;
}

gint64
_ws_store_compute_checksum (const WsSpectrum *spectrum)
{
  guint64 hash = _ws_store_hash_numbers (WS_STORE_HASH_BEGIN, &_ws_store_result_columns, spectrum);

  for (gsize i = 0; i < spectrum->n_sigma; i++)
    hash = hash_real (hash, spectrum->sigma[i]);
  return (gint64) hash;
}

char *
_ws_store_dup_shape (const WsTensor *tensor)
{
  GString *shape = g_string_new (NULL);

  for (guint i = 0; i < tensor->n_dims; i++)
    g_string_append_printf (shape, "%s%" G_GUINT64_FORMAT, i > 0 ? "," : "", tensor->dims[i]);
  return g_string_free (shape, FALSE);
}

void
_ws_store_swap (gpointer values, gsize n, gsize size)
{
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    return;
  for (gsize i = 0; i < n; i++)
    if (size == sizeof (guint32))
      ((guint32 *) values)[i] = GUINT32_SWAP_LE_BE (((guint32 *) values)[i]);
    else
      ((guint64 *) values)[i] = GUINT64_SWAP_LE_BE (((guint64 *) values)[i]);
}
