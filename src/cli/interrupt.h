/* SPDX-License-Identifier: MIT */
/* Ctrl-C as a cancellation: what is finished can still be written. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _CliInterrupt CliInterrupt;

/* From now until free, SIGINT and SIGTERM cancel @cancellable; the second one ends the process at
 * once, with status 130. One at a time. Returns: NULL with @error set if no pipe can be had. */
CliInterrupt *cli_interrupt_new (GCancellable *cancellable, GError **error);
void cli_interrupt_free (CliInterrupt *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliInterrupt, cli_interrupt_free)

G_END_DECLS
