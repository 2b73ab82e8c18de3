/* SPDX-License-Identifier: MIT */
/* Finished results on disk (SQLite): survives crashes, shared by all instances, readable by pandas.
 */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef struct _WsStore WsStore;

/* Opens or creates the store: @path, or NULL for $WEIGHTSCOPE_DATA/results.sqlite, by default
 * below $XDG_DATA_HOME/weightscope. A damaged store is moved aside (name.damaged-N) and a new one
 * begun; one that cannot be used at all (read-only disk, no permission) gives NULL with @error:
 * the caller goes on without, and says so once.
 * @warning: (out) (optional) (transfer full): a sentence when something was moved aside, else NULL.
 */
WsStore *ws_store_open (const char *path, char **warning, GError **error);
void ws_store_free (WsStore *self);
const char *ws_store_get_path (const WsStore *self);

/* Looks up every result of @results (element-type WsResult) that is pending; an element that is
 * found is replaced by a new, finished result (from_store TRUE, metrics computed for
 * @metric_options). Key: file identity, tensor (name, offset, shape, dtype, slice), the options
 * that change numbers, WS_METHOD_VERSION. Returns: how many were found; on a database error 0 or
 * fewer than there are, with @error set. */
guint ws_store_load (WsStore *self, GPtrArray *results, const WsSpectrumOptions *options,
                     const WsMetricOptions *metric_options, GError **error);

/* Commits finished results (OK, VECTOR, ZERO, NONFINITE of a file; others are not kept: TRUE), all
 * or none: a transaction takes as long as some twenty rows. What the store holds of an older file
 * at the same path goes. Survives a crash of the program at once, one of the machine within a
 * second. Thread-safe. Waits at most some seconds for another instance's lock.
 * Returns: FALSE with @error (disk full, locked): the results are still good in memory. */
gboolean ws_store_save_all (WsStore *self, WsResult *const *results, guint n,
                            const WsSpectrumOptions *options, GError **error);
gboolean ws_store_save (WsStore *self, WsResult *result, const WsSpectrumOptions *options,
                        GError **error);

/* In a hurry a lock of another instance is waited for only a moment, also by what waits for it
 * already: a run that is cancelled must end. Any thread; does not wait. */
void ws_store_set_hurry (WsStore *self, gboolean in_hurry);

/* Forgets the results of these tensors (element-type WsResult), whatever the options (for
 * "Recompute"). All of them or, with @error, none. */
gboolean ws_store_forget (WsStore *self, GPtrArray *results, GError **error);

/* What is remembered of this machine. NULL if nothing is, or the store fails: neither is worth a
 * word. (transfer full) */
char *ws_store_dup_meta (WsStore *self, const char *key);
void ws_store_set_meta (WsStore *self, const char *key, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsStore, ws_store_free)

G_END_DECLS
