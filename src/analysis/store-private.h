/* SPDX-License-Identifier: MIT */
/* What the files of the store share: the connection, its statements, the shape of a row. */
#pragma once

#include "analysis/store.h"
#include <sqlite3.h>

G_BEGIN_DECLS

typedef enum
{
  WS_STATEMENT_BEGIN,
  WS_STATEMENT_COMMIT,
  WS_STATEMENT_ROLLBACK,
  WS_STATEMENT_FIND_FILE,
  WS_STATEMENT_ADD_FILE,
  WS_STATEMENT_DROP_FILE,
  WS_STATEMENT_LOAD,
  WS_STATEMENT_SAVE,
  WS_STATEMENT_FORGET,
  WS_STATEMENT_GET_META,
  WS_STATEMENT_SET_META,
  WS_STATEMENT_FIND_EMBEDDING,
  WS_STATEMENT_ADD_EMBEDDING,
  WS_STATEMENT_DROP_EMBEDDING,
  WS_STATEMENT_LOAD_EMBEDDING,
  WS_STATEMENT_FORGET_EMBEDDING,
  WS_STATEMENT_FIND_PROJECTION,
  WS_STATEMENT_LOAD_PROJECTION,
  WS_STATEMENT_DROP_PROJECTION,
  WS_STATEMENT_SAVE_PROJECTION,
  WS_STATEMENT_LOAD_CLUSTERINGS,
  WS_STATEMENT_SAVE_CLUSTERING,
  WS_STATEMENT_NEWEST_CLUSTERING,
  WS_STATEMENT_PRUNE_CLUSTERINGS,
  WS_N_STATEMENTS
} WsStatement;

struct _WsStore
{
  char *path;
  gint in_hurry; /* atomic */
  GMutex mutex;  /* guards all below: one connection, one user at a time */
  sqlite3 *db;
  sqlite3_stmt *statements[WS_N_STATEMENTS];
  gint64 sync_usec; /* when the last commit was forced to the disk */
};

/* A number that has a column of its own. */
typedef struct
{
  const char *name;
  gboolean is_real; /* double, else a 64-bit integer */
  gsize offset;     /* in the struct of the table */
} WsStoreColumn;

/* The numbers of a table; in the texts of statements "{TABLE}" stands for their names and
 * "{TABLE?}" for as many parameters. */
typedef struct
{
  const char *table;
  const WsStoreColumn *columns;
  guint n;
} WsStoreColumns;

extern const WsStoreColumns _ws_store_result_columns; /* of WsSpectrum */
/* See store-clusters-private.h. */
extern const WsStoreColumns _ws_store_embedding_columns, _ws_store_projection_columns,
    _ws_store_clustering_columns;
extern const char _ws_store_cluster_tables[];

/* The prepared statement, reset and without values. */
sqlite3_stmt *_ws_store_get_statement (WsStore *self, WsStatement statement);

/* Opens the file, makes the tables of a new one, prepares the statements. A damaged file is moved
 * aside and a new one begun where @warning is given: then *@warning says so. On failure nothing
 * stays open. */
gboolean _ws_store_connect (WsStore *self, char **warning, GError **error);
void _ws_store_disconnect (WsStore *self);

/* Sets @error from SQLite's last failure: "@what '<path>': <reason>", and ends the transaction. A
 * damaged store is replaced on the way, and the message says that instead. */
void _ws_store_set_error (WsStore *self, const char *what, GError **error);

/* Locks the mutex, with a connection. On failure it is not locked. */
gboolean _ws_store_lock (WsStore *self, GError **error);

/* @id: (out) 0 if the store has nothing of @file as it is; @stale_id: (out) the row of it as it
 * was, else 0. Returns: FALSE when SQLite failed. */
gboolean _ws_store_find_file (WsStore *self, const WsFileIdentity *file, gint64 *id,
                              gint64 *stale_id);

/* Binds the numbers of the struct @numbers; unknown is NULL. @next: number of the first parameter.
 * Returns: the one behind the last. */
int _ws_store_bind_numbers (sqlite3_stmt *statement, int next, const WsStoreColumns *columns,
                            gconstpointer numbers);
/* Reads them from the columns of a row, of which @next is the first. Returns: the one behind the
 * last. */
int _ws_store_read_numbers (sqlite3_stmt *row, int next, const WsStoreColumns *columns,
                            gpointer numbers);
/* Runs a statement that gives no rows; also ends one that has been read to its end, so that it
 * keeps no lock. */
gboolean _ws_store_run_statement (sqlite3_stmt *statement);
/* Begins a transaction that is forced to the disk if the last one is old enough. */
gboolean _ws_store_begin (WsStore *self);

/* The row of @file, in place of the row and the results of what it was before it changed. Within a
 * transaction. */
gboolean _ws_store_ensure_file (WsStore *self, const WsFileIdentity *file, gint64 *id);

/* FNV-1a over words in place of bytes: to notice damage, not malice. */
#define WS_STORE_HASH_BEGIN G_GUINT64_CONSTANT (0xcbf29ce484222325)
guint64 _ws_store_hash_numbers (guint64 hash, const WsStoreColumns *columns, gconstpointer numbers);
/* @size: 4 or 8 bytes each */
guint64 _ws_store_hash_array (guint64 hash, gconstpointer values, gsize n, gsize size);
/* Over the numbers that have columns, and sigma. */
gint64 _ws_store_compute_checksum (const WsSpectrum *spectrum);
/* "4096,2560" (transfer full) */
char *_ws_store_dup_shape (const WsTensor *tensor);
/* To or from little-endian, in place. @size: 4 or 8 bytes each */
void _ws_store_swap (gpointer values, gsize n, gsize size);

G_END_DECLS
