/* SPDX-License-Identifier: MIT */
/* What is true of every vocabulary that was read, whatever it was read from. */
#pragma once

#include "model/tokenizer-private.h"

#include <string.h>

/* Of ids; there may be millions, missing but for a few. */
#define CHECK_MAX_IDS 2000

static inline void
check_token (const WsTokenizer *self, guint id)
{
  const char *piece = ws_tokenizer_get_piece (self, id);
  g_autofree char *label = ws_tokenizer_dup_label (self, id);
  gsize n_bytes;
  g_autofree char *text = ws_tokenizer_dup_text (self, id, &n_bytes);
  guint ids[4], found;

  g_assert ((piece == NULL) == (ws_tokenizer_get_token_kind (self, id) == WS_TOKEN_MISSING));
  g_assert (*label != '\0' && g_utf8_validate (label, -1, NULL) && !strpbrk (label, "\n\r\t"));
  g_assert (text[n_bytes] == '\0');
  if (!piece)
    return;
  g_assert (g_utf8_validate (piece, -1, NULL));
  if (strlen (piece) == tokenizer_get (self, id)->length)
    {
      g_assert (ws_tokenizer_find (self, piece, &found) && found <= id);
      g_assert (strcmp (ws_tokenizer_get_piece (self, found), piece) == 0);
    }
  g_assert (ws_tokenizer_search (self, label, ids, G_N_ELEMENTS (ids)) <= G_N_ELEMENTS (ids));
}

/* @is_read: what the reader said */
static inline void
check_tokenizer (WsTokenizer *self, gboolean is_read, GError *error)
{
  g_autoptr (GError) finish_error = NULL;

  g_assert (is_read == (error == NULL));
  if (!is_read)
    {
      g_assert (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  if (!tokenizer_finish (self, &finish_error))
    {
      g_assert (finish_error != NULL);
      return;
    }
  const guint n = ws_tokenizer_get_n_tokens (self);
  g_assert (n > 0 && ws_tokenizer_get_piece (self, n - 1) != NULL);
  for (guint id = 0; id < MIN (n, CHECK_MAX_IDS); id++)
    check_token (self, id);
  check_token (self, n - 1);
  check_token (self, n);
}
