/* SPDX-License-Identifier: MIT */
/* Blocking HTTP over libcurl: bounded, cancellable, redirects followed by hand, the token sent to
 * the Hub's host only. */
#pragma once

#include "hub/settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Connections that are kept open for the next request; used by several threads. */
typedef struct _WsHttp WsHttp;

/* @settings: copied */
WsHttp *ws_http_new (const WsHubSettings *settings);
void ws_http_free (WsHttp *self);

typedef struct
{
  const char *url;
  gboolean is_head;
  gboolean follow;       /* redirects, at most 10, never from https to http, never to file: ... */
  guint64 range_begin;   /* first byte; with range_n_bytes */
  guint64 range_n_bytes; /* 0: no range is asked for */
  const char *if_range;  /* (nullable): strong ETag, without quotes */
  const char *accept;    /* (nullable) */
  guint max_seconds;     /* from the first to the last byte, or _NETWORK; 0: as long as any come */
  guint64 max_bytes;     /* of the body; more is WS_HUB_ERROR_PROTOCOL. 0: 64 MiB */
} WsHttpRequest;

/* The tables of headers are lower-case name -> value, the last of equals. */
typedef struct
{
  guint status;        /* of the last answer */
  char *url;           /* (owned): where it came from */
  GHashTable *headers; /* (owned): of the last answer */
  /* (owned) (nullable): of the redirects that the Hub itself gave, all together, of equals the
   * first: one of them names commit, size and hash of what it leads to */
  GHashTable *redirect_headers;
  GBytes *body;       /* (owned) (nullable): NULL if it went to a WsHttpBodyFunc */
  gint64 waited_usec; /* so far, for the other side */
} WsHttpReply;

void ws_http_reply_clear (WsHttpReply *self);
/* (nullable): of the last answer */
const char *ws_http_reply_get (const WsHttpReply *self, const char *lower_case_name);
/* What Content-Range says: the first and last byte of this answer, and the length of all. Returns:
 * FALSE if it says nothing of the kind; "*" for the length is not taken. */
gboolean ws_http_reply_get_range (const WsHttpReply *self, guint64 *first, guint64 *last,
                                  guint64 *total);
/* Seconds to wait that RateLimit or Retry-After ask for; < 0: neither does. */
double ws_http_reply_get_retry_seconds (const WsHttpReply *self);

/* Told once when the headers of a 200 or 206 are there (@bytes NULL), then for each piece of its
 * body. Returns: FALSE with @error set to break off. */
typedef gboolean (*WsHttpBodyFunc) (const WsHttpReply *reply, const void *bytes, gsize n_bytes,
                                    gpointer user_data, GError **error);

/* One request, and its redirects. A status that is no success is still TRUE: the caller decides
 * (ws_http_check). Too long without a byte is WS_HUB_ERROR_NETWORK. Cancels within 0.1 s.
 * @body_func: (nullable): for bodies of 200 and 206; else they are collected
 * Errors: WS_HUB_ERROR_OFFLINE, _NETWORK, _TLS, _PROXY, _PROTOCOL; G_IO_ERROR_CANCELLED; what
 *   @body_func sets */
gboolean ws_http_perform (WsHttp *self, const WsHttpRequest *request, WsHttpReply *reply,
                          WsHttpBodyFunc body_func, gpointer user_data, GCancellable *cancellable,
                          GError **error);

/* The sentence for an answer that is no success. @subject: the model, as the user wrote it.
 * Returns: TRUE for 200 and 206, else FALSE with WS_HUB_ERROR set. */
gboolean ws_http_check (const WsHttpReply *reply, const char *subject, GError **error);

/* Bytes of bodies received since the start, over all requests: the traffic meter. */
guint64 ws_http_get_n_bytes_received (WsHttp *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsHttp, ws_http_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsHttpReply, ws_http_reply_clear)

G_END_DECLS
