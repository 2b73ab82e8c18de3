/* SPDX-License-Identifier: MIT */
/* The error domain of the library. Failures of the operating system use G_IO_ERROR instead. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_ERROR_FORMAT,      /* the bytes break a rule of their format */
  WS_ERROR_UNSUPPORTED, /* well formed, but of a kind that is not read */
  WS_ERROR_NOT_FOUND,   /* a file, shard or tensor that was named is not there */
  WS_ERROR_NUMERIC,     /* an algorithm did not converge */
  WS_ERROR_STORE,       /* the result store cannot be used */
  WS_ERROR_ARGUMENT,    /* text from the user (a filter, an option) that cannot be understood */
} WsError;

#define WS_ERROR (ws_error_quark ())
GQuark ws_error_quark (void);

/* Sets @error with a message that files want in English and people in their language.
 *
 * @format: marked with N_(), not translated */
void ws_error_set (GError **error, WsError code, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* That message in English, but for what the system said in it; the message there is if it was set
 * in another way. */
const char *ws_error_get_english (const GError *error);

/* Sets @error from errno value @saved_errno: "<what> '<subject>': <reason>", in G_IO_ERROR.
 *
 * @what: translated, "cannot open". */
void ws_error_set_errno (GError **error, int saved_errno, const char *what, const char *subject);

G_END_DECLS
