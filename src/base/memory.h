/* SPDX-License-Identifier: MIT */
/* How much memory the machine has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of physical memory; 4 GiB where the system does not say. */
guint64 ws_memory_get_total (void);

G_END_DECLS
