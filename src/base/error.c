/* SPDX-License-Identifier: MIT */
/* The error domain, and errno turned into a sentence. */
#include "base/error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (ws - error - quark, ws_error)

void
ws_error_set_errno (GError **error, int saved_errno, const char *what, const char *subject)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               /* Translators: "cannot open", the name of a file, the reason */
               _ ("%s '%s': %s"), what, subject, g_strerror (saved_errno));
}
