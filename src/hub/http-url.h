/* SPDX-License-Identifier: MIT */
/* Where a request may go, and whether the token may go with it. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where @location, absolute or relative, leads from @url. (transfer full)
 * Errors: WS_HUB_ERROR_PROTOCOL: no URL, another scheme than http and https, or from https to http
 * (what was sent in confidence would go on in the clear). */
char *ws_http_url_follow (const char *url, const char *location, GError **error);

/* Whether the token may be sent to @url: the scheme, host and port of @endpoint, or the Hub's own
 * hosts over https. */
gboolean ws_http_url_is_hub (const char *url, const char *endpoint);

/* For messages. (transfer full): @url itself if it has none. */
char *ws_http_url_dup_host (const char *url);

G_END_DECLS
