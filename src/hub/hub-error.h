/* SPDX-License-Identifier: MIT */
/* The ways in which the Hub says no. Every message is a sentence that names the model or the host
 * and what to do; the code is for decisions. Cancelling is G_IO_ERROR_CANCELLED, disk trouble is
 * G_IO_ERROR too (G_IO_ERROR_NO_SPACE: full). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_HUB_ERROR_OFFLINE,   /* we may not open connections: offline mode */
  WS_HUB_ERROR_NETWORK,   /* no answer, cut off, stalled: worth another try */
  WS_HUB_ERROR_TLS,       /* the certificate cannot be trusted */
  WS_HUB_ERROR_PROXY,     /* the proxy refuses: 407 and the like */
  WS_HUB_ERROR_NOT_A_HUB, /* something else answers: a captive portal, a proxy's page */
  WS_HUB_ERROR_NO_MODEL,  /* missing, private, or a typo: the Hub does not tell which */
  WS_HUB_ERROR_NO_REVISION,
  WS_HUB_ERROR_NO_FILE,
  WS_HUB_ERROR_GATED,      /* its terms must be accepted first */
  WS_HUB_ERROR_BAD_TOKEN,  /* wrong, expired or revoked; also refused for public models */
  WS_HUB_ERROR_FORBIDDEN,  /* the token may not do this */
  WS_HUB_ERROR_DISABLED,   /* by the Hub */
  WS_HUB_ERROR_LEGAL,      /* 451, 410 */
  WS_HUB_ERROR_RATE_LIMIT, /* try again later; the message says when */
  WS_HUB_ERROR_SERVER,     /* 5xx: worth another try */
  WS_HUB_ERROR_PROTOCOL,   /* an answer that breaks the rules: bad JSON, wrong range, loop */
  WS_HUB_ERROR_CHANGED,    /* the file is another one than when it was listed */
  WS_HUB_ERROR_CORRUPT,    /* arrived, but its hash is not the listed one; also the second time */
  WS_HUB_ERROR_NAME,       /* not an id, revision, URL or path that we take */
} WsHubError;

#define WS_HUB_ERROR (ws_hub_error_quark ())
GQuark ws_hub_error_quark (void);

G_END_DECLS
