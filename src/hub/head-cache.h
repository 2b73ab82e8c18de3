/* SPDX-License-Identifier: MIT */
/* What was read of models on the Hub and is small - lists of files, configurations, headers - kept
 * on the disk, so that a second look costs no traffic and works without a network.
 *
 * A file for each entry, in the folder "hub" of the program's data: named by the hash of its key,
 * begun with the hash of its contents, written beside and renamed: several processes may use it at
 * the same time, and what is damaged is as if it were not there. Bounded: the entries that were not
 * used for longest go first. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Larger ones are not kept. */
#define WS_HEAD_CACHE_MAX_ENTRY ((gsize) 32 << 20)
/* Of all entries together. */
#define WS_HEAD_CACHE_MAX_BYTES ((guint64) 256 << 20)

/* (transfer full): NULL if there is none. */
GBytes *ws_head_cache_load (const char *key);
/* Never fails: what cannot be kept is read again. */
void ws_head_cache_save (const char *key, GBytes *bytes);

G_END_DECLS
