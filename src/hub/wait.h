/* SPDX-License-Identifier: MIT */
/* Waiting that ends when it is cancelled. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Returns: FALSE with G_IO_ERROR_CANCELLED, at once when it is. */
gboolean ws_wait (double seconds, GCancellable *cancellable, GError **error);

G_END_DECLS
