/* SPDX-License-Identifier: MIT */
/* vocab.txt of BERT: a piece on each line, whose number is the id. */
#include "base/error.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

gboolean
tokenizer_read_vocab_text (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  const char *end = text + n_bytes;
  guint64 id = 0;

  for (const char *line = text; line < end; id++)
    {
      const char *line_end = memchr (line, '\n', (gsize) (end - line));
      gsize length = (gsize) ((line_end ? line_end : end) - line);

      if (id % 1024 == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (length > 0 && line[length - 1] == '\r')
        length--;
      if (!g_utf8_validate_len (line, length, NULL))
        return tokenizer_fail (self, error, _ ("line %" PRIu64 " is not UTF-8"), id + 1);
      if (!tokenizer_add (self, id, line, length, 0, error))
        return FALSE;
      line = line_end ? line_end + 1 : end;
    }
  tokenizer_guess_kind (self);
  return TRUE;
}
