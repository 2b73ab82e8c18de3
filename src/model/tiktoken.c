/* SPDX-License-Identifier: MIT */
/* The text files of tiktoken: on each line the bytes of a token in base64, a space, its id. */
#include "base/error.h"
#include "model/byte-level.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

static gboolean
is_base64 (char c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '/' || c == '=';
}

gboolean
tokenizer_is_tiktoken (const char *text, gsize n_bytes)
{
  gsize n = 0;

  while (n < n_bytes && is_base64 (text[n]))
    n++;
  return n >= 4 && n % 4 == 0 && n + 1 < n_bytes && text[n] == ' ' && g_ascii_isdigit (text[n + 1]);
}

/* A line without its end. @piece: what it is written into */
static gboolean
parse_line (const char *line, gsize length, GString *piece, guint64 *id)
{
  g_autofree char *owned = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize n_bytes;
  char *space;

  if (!tokenizer_is_tiktoken (line, length))
    return FALSE;
  owned = g_strndup (line, length);
  space = strchr (owned, ' ');
  *space = '\0';
  if (!g_ascii_string_to_unsigned (space + 1, 10, 0, G_MAXUINT64, id, NULL))
    return FALSE;
  bytes = g_base64_decode (owned, &n_bytes);
  g_string_truncate (piece, 0);
  ws_byte_level_encode (piece, (const char *) bytes, n_bytes);
  return TRUE;
}

gboolean
tokenizer_read_tiktoken (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  g_autoptr (GString) piece = g_string_new (NULL);
  const char *end = text + n_bytes;
  guint64 number = 1;

  self->is_byte_level = TRUE;
  for (const char *line = text; line < end; number++)
    {
      const char *line_end = memchr (line, '\n', (gsize) (end - line));
      gsize length = (gsize) ((line_end ? line_end : end) - line);
      guint64 id;

      if (number % 1024 == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (length > 0 && line[length - 1] == '\r')
        length--;
      if (length > 0 && !parse_line (line, length, piece, &id))
        return tokenizer_fail (self, error,
                               _ ("line %" PRIu64 " is not a token in base64 and its id"), number);
      if (length > 0 && !tokenizer_add (self, id, piece->str, piece->len, 0, error))
        return FALSE;
      line = line_end ? line_end + 1 : end;
    }
  return TRUE;
}
