/* SPDX-License-Identifier: MIT */
/* Messages of the library as sentences. */
#include "sentence.h"

#include <glib/gi18n-lib.h>
#include <string.h>

char *
ws_sentence_make (const char *message)
{
  g_autofree char *first = g_utf8_substring (message, 0, message[0] != '\0' ? 1 : 0);
  g_autofree char *upper = g_utf8_strup (first, -1);
  g_autofree char *begun = g_strconcat (upper, message + strlen (first), NULL);
  gboolean ended = message[0] == '\0' || g_str_has_suffix (message, ".") ||
                   g_str_has_suffix (message, "…") || g_str_has_suffix (message, "。");

  /* Translators: a message made a sentence by its stop */
  return ended ? g_steal_pointer (&begun) : g_strdup_printf (_ ("%s."), begun);
}
