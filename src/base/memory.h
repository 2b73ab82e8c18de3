/* SPDX-License-Identifier: MIT */
/* How much memory the machine has, and how that which is freed is kept. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of physical memory; 4 GiB where the system does not say. */
guint64 ws_memory_get_total (void);

/* Call once at start. What is freed is kept for the next matrix, up to 16 MiB for each thread,
 * instead of going back to the system, which clears every page that it gives. */
void ws_memory_init (void);

/* Whether a limit is set on the addresses of this process (ulimit -v), which can be used up long
 * before the memory is. */
gboolean ws_memory_has_address_limit (void);
/* Whether a block of that size could be mapped now. */
gboolean ws_memory_can_map (gsize n_bytes);

/* Asks the system for large pages, of which fewer have to be cleared and found. Nothing happens
 * where there are none, and to a block that is too small for one.
 * @memory: fresh, of @n_bytes */
void ws_memory_advise_large (gpointer memory, gsize n_bytes);

G_END_DECLS
