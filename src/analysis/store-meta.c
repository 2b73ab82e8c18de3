/* SPDX-License-Identifier: MIT */
/* What is remembered of this machine, by key. */
#include "analysis/store-private.h"

char *
ws_store_dup_meta (WsStore *self, const char *key)
{
  sqlite3_stmt *get;
  char *value = NULL;

  if (!_ws_store_lock (self, NULL))
    return NULL;
  get = _ws_store_get_statement (self, WS_STATEMENT_GET_META);
  sqlite3_bind_text (get, 1, key, -1, SQLITE_STATIC);
  if (sqlite3_step (get) == SQLITE_ROW)
    value = g_strdup ((const char *) sqlite3_column_text (get, 0));
  sqlite3_reset (get);
  g_mutex_unlock (&self->mutex);
  return value;
}

void
ws_store_set_meta (WsStore *self, const char *key, const char *value)
{
  sqlite3_stmt *set;

  if (!_ws_store_lock (self, NULL))
    return;
  set = _ws_store_get_statement (self, WS_STATEMENT_SET_META);
  sqlite3_bind_text (set, 1, key, -1, SQLITE_STATIC);
  sqlite3_bind_text (set, 2, value, -1, SQLITE_STATIC);
  sqlite3_step (set);
  sqlite3_reset (set);
  g_mutex_unlock (&self->mutex);
}
