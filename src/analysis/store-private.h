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
  WS_N_STATEMENTS
} WsStatement;

struct _WsStore
{
  char *path;
  GMutex mutex; /* guards all below: one connection, one user at a time */
  sqlite3 *db;
  sqlite3_stmt *statements[WS_N_STATEMENTS];
  gint64 sync_usec; /* when the last commit was forced to the disk */
};

/* A number of a spectrum that has a column of its own. */
typedef struct
{
  const char *name;
  gboolean is_real; /* double, else a 64-bit integer */
  gsize offset;     /* in WsSpectrum */
} WsStoreColumn;

extern const WsStoreColumn _ws_store_columns[];
extern const guint _ws_store_n_columns;

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

/* Over the numbers that have columns, and sigma. */
gint64 _ws_store_compute_checksum (const WsSpectrum *spectrum);
/* "4096,2560" (transfer full) */
char *_ws_store_dup_shape (const WsTensor *tensor);
/* To or from little-endian, in place. */
void _ws_store_swap_sigma (double *sigma, gsize n);

G_END_DECLS
