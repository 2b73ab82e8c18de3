/* SPDX-License-Identifier: MIT */
/* Waits for the Hub, begun on any thread and told on the main one. Each has a number in place of a
 * pointer, for a Hub may be at work when those who told it where to report are gone. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

/* For ws_hub_wait_begin; never 0. */
guint ws_hub_wait_register (void);
void ws_hub_wait_forget (guint number);

/* A WsHubWaitFunc. @number: by GUINT_TO_POINTER; what is forgotten is not told. */
void ws_hub_wait_begin (double seconds, const GError *failure, gpointer number);

/* "Waiting for the server, retry in 8 s", as it is now.
 * @n_bytes: received from the Hub so far: where more comes meanwhile, nobody waits
 * @reason: (out) (transfer full): a sentence
 * Returns: (transfer full): NULL: no wait, or it is over */
char *ws_hub_wait_describe (guint number, guint64 n_bytes, char **reason);

G_END_DECLS
