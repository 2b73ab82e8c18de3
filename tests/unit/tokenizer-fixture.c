/* SPDX-License-Identifier: MIT */
/* Vocabularies written into a folder, and what is read of them. */
#include "tokenizer-fixture.h"

#include "base/error.h"

#include <string.h>

void
write_bytes (Fixture *self, const char *name, const void *bytes, gsize n_bytes)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, bytes, (gssize) n_bytes, NULL));
}

void
write_json (Fixture *self, const char *name, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  write_text (self, name, json);
}

WsTokenizer *
try_read (Fixture *self, GError **error)
{
  g_autoptr (WsFolder) folder = ws_folder_new_local (self->folder);

  return ws_tokenizer_read (folder, NULL, error);
}

WsTokenizer *
read_tokenizer (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  WsTokenizer *tokenizer = try_read (self, &error);

  g_assert_no_error (error);
  return tokenizer;
}

WsTokenizer *
read_json (Fixture *self, const char *text)
{
  write_json (self, "tokenizer.json", text);
  return read_tokenizer (self);
}

void
assert_token (const WsTokenizer *tokenizer, guint id, WsTokenKind kind, const char *piece,
              const char *text, const char *label)
{
  gsize n_bytes = 0;
  g_autofree char *own_text = ws_tokenizer_dup_text (tokenizer, id, &n_bytes);
  g_autofree char *own_label = ws_tokenizer_dup_label (tokenizer, id);

  g_assert_cmpint (ws_tokenizer_get_token_kind (tokenizer, id), ==, kind);
  g_assert_cmpstr (ws_tokenizer_get_piece (tokenizer, id), ==, piece);
  g_assert_cmpstr (own_text, ==, text);
  g_assert_cmpuint (n_bytes, ==, strlen (text));
  g_assert_cmpstr (own_label, ==, label);
}

void
assert_found (const WsTokenizer *tokenizer, const char *words, guint expected)
{
  guint id = G_MAXUINT;

  g_assert_true (ws_tokenizer_find (tokenizer, words, &id));
  g_assert_cmpuint (id, ==, expected);
}

void
assert_search (const WsTokenizer *tokenizer, const char *words, const char *expected)
{
  g_autoptr (GString) found = g_string_new (NULL);
  guint ids[16];
  guint n = ws_tokenizer_search (tokenizer, words, ids, G_N_ELEMENTS (ids));

  for (guint i = 0; i < n; i++)
    g_string_append_printf (found, "%s%u", i > 0 ? " " : "", ids[i]);
  g_assert_cmpstr (found->str, ==, expected);
}

void
assert_not_read (Fixture *self, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsTokenizer) tokenizer = try_read (self, &error);

  g_assert_null (tokenizer);
  g_assert_error (error, WS_ERROR, code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_null (strchr (error->message, '\n'));
  if (!strstr (error->message, part))
    g_error ("'%s' should say '%s'", error->message, part);
}
