/* SPDX-License-Identifier: MIT */
/* The error domain, messages in two languages, and errno turned into a sentence. */
#include "base/error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

typedef struct
{
  char *english; /* (owned) (nullable) */
} WsErrorPrivate;

static void
ws_error_private_init (WsErrorPrivate *self)
{
}

static void
ws_error_private_copy (const WsErrorPrivate *self, WsErrorPrivate *copy)
{
  copy->english = g_strdup (self->english);
}

static void
ws_error_private_clear (WsErrorPrivate *self)
{
  g_free (self->english);
}

G_DEFINE_EXTENDED_ERROR (WsError, ws_error)

void
ws_error_set (GError **error, WsError code, const char *format, ...)
{
  GError *made;
  va_list arguments;

  va_start (arguments, format);
  made = g_error_new_valist (WS_ERROR, code, _ (format), arguments);
  va_end (arguments);
  va_start (arguments, format);
  ws_error_get_private (made)->english = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_propagate_error (error, made);
}

const char *
ws_error_get_english (const GError *error)
{
  const WsErrorPrivate *private = error->domain == WS_ERROR ? ws_error_get_private (error) : NULL;

  return private != NULL && private->english != NULL ? private->english : error->message;
}

void
ws_error_set_errno (GError **error, int saved_errno, const char *what, const char *subject)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               /* Translators: "cannot open", the name of a file, the reason */
               _ ("%s '%s': %s"), what, subject, g_strerror (saved_errno));
}
