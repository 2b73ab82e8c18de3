/* SPDX-License-Identifier: MIT */
/* Writing to a file descriptor to the end. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All @n_bytes to @fd, in as many calls as the system wants. Returns: FALSE with errno set. */
gboolean ws_write_all (int fd, const char *bytes, gsize n_bytes);

G_END_DECLS
