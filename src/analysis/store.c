/* SPDX-License-Identifier: MIT */
/* The file of the store: where it lies, its tables, and what happens when it is damaged.
 *
 * Tables: `file` (one row for each file that results are of) and `result` (one row for each matrix,
 * its singular values as a blob of little-endian float64); `meta` (what is remembered of this
 * machine, by key); those of clusters, see store-clusters.c. The view `results` joins the first two
 * for pandas. PRAGMA user_version numbers this layout: version 1 had no `meta`, and no word of
 * devices, version 2 no clusters. */
#include "analysis/store-private.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/error.h"
#include "base/folder.h"

#define SCHEMA_VERSION 3
#define APPLICATION_ID 0x57536370 /* "WScp" */

/* Another instance commits within milliseconds; a longer wait would be felt. In a hurry some of
 * these waits in a row must be short enough. */
#define BUSY_MSEC 3000
#define HURRIED_BUSY_MSEC 50
#define BUSY_STEP_MSEC 10

/* A check reads the whole file: 32 MiB take some 50 ms. Larger ones are checked when SQLite
 * stumbles. */
#define MAX_CHECKED_BYTES (32 * 1024 * 1024)

#define COUNT(name, field)                                                                         \
  {                                                                                                \
    name, FALSE, G_STRUCT_OFFSET (WsSpectrum, field)                                               \
  }
#define REAL(name, field)                                                                          \
  {                                                                                                \
    name, TRUE, G_STRUCT_OFFSET (WsSpectrum, field)                                                \
  }

static const WsStoreColumn result_columns[] = {
  COUNT ("n_elements", moments.n_elements),
  COUNT ("n_finite", moments.n_finite),
  COUNT ("n_nan", moments.n_nan),
  COUNT ("n_inf", moments.n_inf),
  COUNT ("first_nonfinite", moments.first_nonfinite),
  COUNT ("n_zero", moments.n_zero),
  COUNT ("n_near_zero", moments.n_near_zero),
  REAL ("mean", moments.mean),
  REAL ("variance", moments.variance),
  REAL ("skewness", moments.skewness),
  REAL ("kurtosis", moments.kurtosis),
  REAL ("min", moments.min),
  REAL ("max", moments.max),
  REAL ("abs_max", moments.abs_max),
  REAL ("frobenius", moments.frobenius),
  REAL ("rms_ulp", moments.rms_ulp),
  REAL ("q001", moments.quantile[0]),
  REAL ("q01", moments.quantile[1]),
  REAL ("q50", moments.quantile[2]),
  REAL ("q99", moments.quantile[3]),
  REAL ("q999", moments.quantile[4]),
  REAL ("sigma_error", sigma_error),
  REAL ("seconds", seconds),
};
const WsStoreColumns _ws_store_result_columns = { "result", result_columns,
                                                  G_N_ELEMENTS (result_columns) };

/* All moments, sigma_error and seconds: whoever adds a number adds a column. */
G_STATIC_ASSERT (sizeof (WsMoments) + 2 * sizeof (double) ==
                 G_N_ELEMENTS (result_columns) * sizeof (double));

#define FAULT_COLUMN "fault TEXT NOT NULL DEFAULT ''"
/* All that changes a clustering, but k. */
#define SETTINGS "normalization, seed, n_init, n_iterations_max, n_silhouette"
#define META_TABLE "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);"

static const char schema[] =
    "CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE,"
    " n_bytes INTEGER NOT NULL, mtime_nsec INTEGER NOT NULL, inode INTEGER NOT NULL);"
    "CREATE TABLE result (file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,"
    " tensor TEXT NOT NULL, slice INTEGER NOT NULL, byte_offset INTEGER NOT NULL,"
    " shape TEXT NOT NULL, dtype TEXT NOT NULL, rank_tol REAL NOT NULL, zero_eps REAL NOT NULL,"
    " method_version INTEGER NOT NULL, state TEXT NOT NULL, method TEXT NOT NULL,"
    " backend TEXT NOT NULL,"
    " created_at TEXT NOT NULL DEFAULT (strftime ('%Y-%m-%dT%H:%M:%SZ', 'now')),"
    " checksum INTEGER NOT NULL, {result}, sigma BLOB, " FAULT_COLUMN ","
    " PRIMARY KEY (file_id, tensor, slice, rank_tol, zero_eps));" META_TABLE
    "CREATE VIEW results AS SELECT path, result.* FROM result JOIN file ON file_id = file.id;"
    "PRAGMA application_id = " G_STRINGIFY (APPLICATION_ID) ";";

/* What a store of a version lacks of the next one; the first is of version 1. */
static const char upgrade_1[] = "ALTER TABLE result ADD COLUMN " FAULT_COLUMN ";" META_TABLE;

static const char set_version[] = "PRAGMA user_version = " G_STRINGIFY (SCHEMA_VERSION);

static const char *const statement_texts[WS_N_STATEMENTS] = {
  [WS_STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
  [WS_STATEMENT_COMMIT] = "COMMIT",
  [WS_STATEMENT_ROLLBACK] = "ROLLBACK",
  [WS_STATEMENT_FIND_FILE] = "SELECT id, n_bytes, mtime_nsec, inode FROM file WHERE path = ?",
  [WS_STATEMENT_ADD_FILE] = "INSERT INTO file (path, n_bytes, mtime_nsec, inode)"
                            " VALUES (?, ?, ?, ?)",
  [WS_STATEMENT_DROP_FILE] = "DELETE FROM file WHERE id = ?",
  /* The blob is last: reading what stands before does not touch its pages. */
  [WS_STATEMENT_LOAD] = "SELECT tensor, slice, byte_offset, shape, dtype, method, backend,"
                        " fault, checksum, {result}, sigma FROM result WHERE file_id = ?"
                        " AND rank_tol = ? AND zero_eps = ? AND method_version = ?",
  [WS_STATEMENT_SAVE] = "INSERT OR REPLACE INTO result (file_id, tensor, slice, byte_offset, shape,"
                        " dtype, rank_tol, zero_eps, method_version, state, method, backend,"
                        " fault, checksum, {result}, sigma)"
                        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {result?}, ?)",
  [WS_STATEMENT_FORGET] = "DELETE FROM result WHERE tensor = ? AND slice = ?"
                          " AND file_id = (SELECT id FROM file WHERE path = ?)",
  [WS_STATEMENT_GET_META] = "SELECT value FROM meta WHERE key = ?",
  [WS_STATEMENT_SET_META] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
  [WS_STATEMENT_FIND_EMBEDDING] = "SELECT id, checksum FROM embedding WHERE file_id = ?"
                                  " AND tensor = ? AND byte_offset = ? AND shape = ? AND dtype = ?"
                                  " AND method_version = ?",
  [WS_STATEMENT_ADD_EMBEDDING] = "INSERT INTO embedding (file_id, tensor, byte_offset, shape,"
                                 " dtype, method_version, checksum, {embedding}, norms, untrained,"
                                 " rows) VALUES (?, ?, ?, ?, ?, ?, ?, {embedding?}, ?, ?, ?)",
  [WS_STATEMENT_DROP_EMBEDDING] = "DELETE FROM embedding WHERE id = ?",
  [WS_STATEMENT_LOAD_EMBEDDING] = "SELECT checksum, {embedding}, norms, untrained, rows"
                                  " FROM embedding WHERE id = ?",
  [WS_STATEMENT_FORGET_EMBEDDING] = "DELETE FROM embedding WHERE tensor = ?"
                                    " AND file_id = (SELECT id FROM file WHERE path = ?)",
  [WS_STATEMENT_FIND_PROJECTION] = "SELECT checksum FROM projection WHERE embedding_id = ?"
                                   " AND normalization = ?",
  [WS_STATEMENT_LOAD_PROJECTION] = "SELECT checksum, {projection}, xy, variance FROM projection"
                                   " WHERE embedding_id = ? AND normalization = ?",
  [WS_STATEMENT_DROP_PROJECTION] = "DELETE FROM projection WHERE embedding_id = ?"
                                   " AND normalization = ?",
  [WS_STATEMENT_SAVE_PROJECTION] = "INSERT OR REPLACE INTO projection (embedding_id,"
                                   " normalization, checksum, {projection}, xy, variance)"
                                   " VALUES (?, ?, ?, {projection?}, ?, ?)",
  [WS_STATEMENT_LOAD_CLUSTERINGS] = "SELECT k, checksum, {clustering}, labels, centroids,"
                                    " distances, sizes, silhouettes FROM clustering"
                                    " WHERE embedding_id = ? AND normalization = ? AND seed = ?"
                                    " AND n_init = ? AND n_iterations_max = ? AND n_silhouette = ?"
                                    " ORDER BY k",
  [WS_STATEMENT_PRUNE_CLUSTERINGS] =
      "DELETE FROM clustering WHERE embedding_id = ?1 AND"
      " (" SETTINGS ") NOT IN (SELECT " SETTINGS " FROM clustering"
      " WHERE embedding_id = ?1 GROUP BY " SETTINGS " ORDER BY max (id) DESC LIMIT ?2)",
  [WS_STATEMENT_SAVE_CLUSTERING] = "INSERT OR REPLACE INTO clustering (embedding_id,"
                                   " normalization, seed, n_init, n_iterations_max, n_silhouette,"
                                   " k, checksum, {clustering}, labels, centroids, distances,"
                                   " sizes, silhouettes)"
                                   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, {clustering?}, ?, ?, ?, ?, ?)",
  /* Numbers of rows ascend: one that replaces another has a new one. */
  [WS_STATEMENT_NEWEST_CLUSTERING] = "SELECT normalization, seed, n_init, n_iterations_max,"
                                     " n_silhouette FROM clustering WHERE embedding_id = ?"
                                     " ORDER BY id DESC LIMIT 1",
};

static void
expand_columns (GString *text, const WsStoreColumns *columns)
{
  g_autofree char *names_mark = g_strdup_printf ("{%s}", columns->table);
  g_autofree char *values_mark = g_strdup_printf ("{%s?}", columns->table);
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GString) values = g_string_new (NULL);

  for (guint i = 0; i < columns->n; i++)
    {
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", columns->columns[i].name);
      g_string_append (values, i > 0 ? ", ?" : "?");
    }
  g_string_replace (text, names_mark, names->str, 0);
  g_string_replace (text, values_mark, values->str, 0);
}

static char *
expand (const char *text)
{
  GString *expanded = g_string_new (text);

  expand_columns (expanded, &_ws_store_result_columns);
  expand_columns (expanded, &_ws_store_embedding_columns);
  expand_columns (expanded, &_ws_store_projection_columns);
  expand_columns (expanded, &_ws_store_clustering_columns);
  return g_string_free (expanded, FALSE);
}

sqlite3_stmt *
_ws_store_get_statement (WsStore *self, WsStatement statement)
{
  sqlite3_stmt *prepared = self->statements[statement];

  sqlite3_reset (prepared);
  sqlite3_clear_bindings (prepared);
  return prepared;
}

void
_ws_store_disconnect (WsStore *self)
{
  for (guint i = 0; i < WS_N_STATEMENTS; i++)
    g_clear_pointer (&self->statements[i], sqlite3_finalize);
  g_clear_pointer (&self->db, sqlite3_close);
}

/* @number: left alone on failure. */
static gboolean
query_number (WsStore *self, const char *text, gint64 *number)
{
  sqlite3_stmt *query = NULL;
  gboolean found = sqlite3_prepare_v2 (self->db, text, -1, &query, NULL) == SQLITE_OK &&
                   sqlite3_step (query) == SQLITE_ROW;

  if (found)
    *number = sqlite3_column_int64 (query, 0);
  sqlite3_finalize (query);
  return found;
}

static gboolean
execute (WsStore *self, const char *text)
{
  return sqlite3_exec (self->db, text, NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean
is_damage (int code)
{
  return (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB;
}

/* Small files are read through; TRUE also when there is no time for it. */
static gboolean
check_quickly (WsStore *self)
{
  sqlite3_stmt *query = NULL;
  GStatBuf status;
  gboolean whole;

  if (g_stat (self->path, &status) != 0 || status.st_size > MAX_CHECKED_BYTES)
    return TRUE;
  if (sqlite3_prepare_v2 (self->db, "PRAGMA quick_check (1)", -1, &query, NULL) != SQLITE_OK)
    return !is_damage (sqlite3_errcode (self->db));
  /* Busy is no damage. */
  whole = sqlite3_step (query) == SQLITE_ROW
              ? g_strcmp0 ((const char *) sqlite3_column_text (query, 0), "ok") == 0
              : !is_damage (sqlite3_errcode (self->db));
  sqlite3_finalize (query);
  return whole;
}

static gboolean
execute_expanded (WsStore *self, const char *text)
{
  g_autofree char *expanded = expand (text);

  return execute (self, expanded);
}

/* A new store, or one of an earlier version: what that holds stays good. Two instances may find the
 * same file: the second waits, looks again, and finds tables. */
static gboolean
complete_tables (WsStore *self)
{
  gint64 version = 0;

  if (!execute (self, "BEGIN IMMEDIATE") || !query_number (self, "PRAGMA user_version", &version) ||
      (version == 0 && !execute_expanded (self, schema)) ||
      (version == 1 && !execute (self, upgrade_1)) ||
      (version < 3 && !execute_expanded (self, _ws_store_cluster_tables)))
    return FALSE;
  return (version == SCHEMA_VERSION || execute (self, set_version)) && execute (self, "COMMIT");
}

/* Whether the open file is a store that we understand; an empty one becomes that. */
static gboolean
adopt (WsStore *self, gboolean *understood)
{
  gint64 application = 0, version = 0, n_objects = 0;

  *understood = TRUE;
  if (!query_number (self, "PRAGMA application_id", &application) ||
      !query_number (self, "PRAGMA user_version", &version) ||
      !query_number (self, "SELECT count (*) FROM sqlite_schema", &n_objects))
    return FALSE;
  if (application == 0 && version == 0 && n_objects == 0)
    return complete_tables (self);
  *understood = application == APPLICATION_ID && version >= 1 && version <= SCHEMA_VERSION;
  return version == SCHEMA_VERSION || !*understood || complete_tables (self);
}

static gboolean
prepare_statements (WsStore *self)
{
  for (guint i = 0; i < WS_N_STATEMENTS; i++)
    {
      g_autofree char *text = expand (statement_texts[i]);

      if (sqlite3_prepare_v3 (self->db, text, -1, SQLITE_PREPARE_PERSISTENT, &self->statements[i],
                              NULL) != SQLITE_OK)
        return FALSE;
    }
  return TRUE;
}

void
ws_store_set_hurry (WsStore *self, gboolean in_hurry)
{
  g_atomic_int_set (&self->in_hurry, in_hurry);
}

/* Of SQLite, while another instance has the lock: whether to wait on. */
static int
on_busy (void *store, int n_calls)
{
  WsStore *self = store;

  if (n_calls * BUSY_STEP_MSEC >=
      (g_atomic_int_get (&self->in_hurry) ? HURRIED_BUSY_MSEC : BUSY_MSEC))
    return FALSE;
  g_usleep (BUSY_STEP_MSEC * 1000);
  return TRUE;
}

/* With a write-ahead log (not to be had on every file system) a commit outlives the program without
 * waiting for the disk. */
static gboolean
open_database (WsStore *self)
{
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

  if (sqlite3_open_v2 (self->path, &self->db, flags, NULL) != SQLITE_OK)
    return FALSE;
  sqlite3_busy_handler (self->db, on_busy, self);
  return execute (self, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL") &&
         (execute (self, "PRAGMA journal_mode = WAL") || !is_damage (sqlite3_errcode (self->db)));
}

typedef enum
{
  OUTCOME_READY,
  OUTCOME_FAILED, /* SQLite knows why */
  OUTCOME_DAMAGED,
  OUTCOME_FOREIGN,
  OUTCOME_READ_ONLY,
} Outcome;

static Outcome
get_failure (WsStore *self)
{
  return is_damage (sqlite3_errcode (self->db)) ? OUTCOME_DAMAGED : OUTCOME_FAILED;
}

static Outcome
connect_store (WsStore *self)
{
  gboolean understood;

  if (!open_database (self))
    return get_failure (self);
  if (!check_quickly (self))
    return OUTCOME_DAMAGED;
  if (sqlite3_db_readonly (self->db, "main") == 1)
    return OUTCOME_READ_ONLY;
  if (!adopt (self, &understood))
    return get_failure (self);
  if (!understood)
    return OUTCOME_FOREIGN;
  return prepare_statements (self) ? OUTCOME_READY : get_failure (self);
}

/* "results.sqlite.damaged-1", the first that is free, with what belongs to it. */
static char *
move_aside (WsStore *self, GError **error)
{
  static const char *const endings[] = { "-wal", "-shm" };
  g_autofree char *aside = NULL;
  guint number = 0;

  do
    {
      g_free (aside);
      aside = g_strdup_printf ("%s.damaged-%u", self->path, ++number);
    }
  while (g_file_test (aside, G_FILE_TEST_EXISTS));
  if (g_rename (self->path, aside) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot move aside the damaged result store"),
                          self->path);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *from = g_strconcat (self->path, endings[i], NULL);
      g_autofree char *to = g_strconcat (aside, endings[i], NULL);

      g_rename (from, to); /* mostly there is none */
    }
  return g_steal_pointer (&aside);
}

static gboolean
begin_anew (WsStore *self, char **sentence, GError **error)
{
  g_autofree char *aside = NULL;

  _ws_store_disconnect (self);
  aside = move_aside (self, error);
  if (aside == NULL || !_ws_store_connect (self, NULL, error))
    return FALSE;
  *sentence = g_strdup_printf (
      _ ("the result store was damaged; it was set aside as '%s' and a new one begun"), aside);
  return TRUE;
}

gboolean
_ws_store_connect (WsStore *self, char **warning, GError **error)
{
  Outcome outcome = connect_store (self);

  if (outcome == OUTCOME_READY)
    return TRUE;
  if (outcome == OUTCOME_DAMAGED && warning != NULL)
    return begin_anew (self, warning, error);
  if (outcome == OUTCOME_FOREIGN)
    g_set_error (error, WS_ERROR, WS_ERROR_STORE,
                 _ ("'%s' was not made by this version of the program; it is left alone"),
                 self->path);
  else if (outcome == OUTCOME_READ_ONLY)
    g_set_error (error, WS_ERROR, WS_ERROR_STORE, _ ("cannot write to the result store '%s'"),
                 self->path);
  else
    g_set_error (error, WS_ERROR, WS_ERROR_STORE, _ ("cannot open the result store '%s': %s"),
                 self->path, sqlite3_errmsg (self->db));
  _ws_store_disconnect (self);
  return FALSE;
}

void
_ws_store_set_error (WsStore *self, const char *what, GError **error)
{
  g_autofree char *reason = g_strdup (sqlite3_errmsg (self->db));
  gboolean damaged = is_damage (sqlite3_errcode (self->db));

  if (!sqlite3_get_autocommit (self->db))
    sqlite3_step (_ws_store_get_statement (self, WS_STATEMENT_ROLLBACK));
  if (damaged)
    {
      g_autofree char *sentence = NULL;

      if (begin_anew (self, &sentence, error))
        g_set_error_literal (error, WS_ERROR, WS_ERROR_STORE, sentence);
      return;
    }
  g_set_error (error, WS_ERROR, WS_ERROR_STORE, "%s '%s': %s", what, self->path, reason);
}

static char *
dup_default_path (void)
{
  g_autofree char *folder = ws_folder_dup_data ();

  return g_build_filename (folder, "results.sqlite", NULL);
}

WsStore *
ws_store_open (const char *path, char **warning, GError **error)
{
  g_autoptr (WsStore) self = g_new0 (WsStore, 1);
  g_autofree char *folder = NULL;
  g_autofree char *sentence = NULL;

  g_mutex_init (&self->mutex);
  self->path = path != NULL ? g_strdup (path) : dup_default_path ();
  folder = g_path_get_dirname (self->path);
  if (warning != NULL)
    *warning = NULL;
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot create the folder"), folder);
      return NULL;
    }
  if (!_ws_store_connect (self, &sentence, error))
    return NULL;
  if (warning != NULL)
    *warning = g_steal_pointer (&sentence);
  return g_steal_pointer (&self);
}

void
ws_store_free (WsStore *self)
{
  if (self == NULL)
    return;
  _ws_store_disconnect (self);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

const char *
ws_store_get_path (const WsStore *self)
{
  return self->path;
}
