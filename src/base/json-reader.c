/* SPDX-License-Identifier: MIT */
/* The JSON grammar as a state machine over bytes. */
#include "base/json-reader.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

gboolean
ws_json_reader_init (WsJsonReader *self, const char *bytes, gsize n_bytes, GError **error)
{
  const char *end = bytes;

  if (!g_utf8_validate_len (bytes, n_bytes, &end))
    {
      g_set_error (error, WS_ERROR, WS_ERROR_FORMAT,
                   *end == '\0' ? _ ("not valid JSON at byte %zu: a NUL byte")
                                : _ ("not valid JSON at byte %zu: not UTF-8"),
                   (gsize) (end - bytes));
      return FALSE;
    }
  *self = (WsJsonReader){
    .bytes = bytes,
    .n_bytes = n_bytes,
    .expect = WS_JSON_EXPECT_VALUE,
    .text = g_string_new (NULL),
  };
  return TRUE;
}

void
ws_json_reader_clear (WsJsonReader *self)
{
  if (self->text)
    g_string_free (self->text, TRUE);
  self->text = NULL;
}

/* Returns: WS_JSON_ERROR, which is 0 and so FALSE too: callers of either kind can return it. */
static WsJsonEvent
fail (WsJsonReader *self, const char *reason, GError **error)
{
  g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("not valid JSON at byte %zu: %s"),
               self->position, reason);
  self->expect = WS_JSON_EXPECT_FAILED;
  return WS_JSON_ERROR;
}

static gboolean
at_end (const WsJsonReader *self)
{
  return self->position == self->n_bytes;
}

/* The byte at the position; 0, which is never a valid one, at the end. */
static char
peek (const WsJsonReader *self)
{
  return at_end (self) ? '\0' : self->bytes[self->position];
}

static gboolean
accept (WsJsonReader *self, char byte)
{
  if (peek (self) != byte)
    return FALSE;
  self->position++;
  return TRUE;
}

static void
skip_white_space (WsJsonReader *self)
{
  while (!at_end (self) && strchr (" \t\r\n", self->bytes[self->position]))
    self->position++;
}

/* The four hexadecimal digits of \uXXXX. */
static gboolean
read_code_unit (WsJsonReader *self, gunichar *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (peek (self));

      if (digit < 0)
        return FALSE;
      *unit = *unit << 4 | (gunichar) digit;
      self->position++;
    }
  return TRUE;
}

/* After \u. A character beyond U+FFFF is written as a high and a low surrogate, and a surrogate
 * that is not half of such a pair stands for nothing. */
static gboolean
read_unicode_escape (WsJsonReader *self, GError **error)
{
  gunichar unit, low;

  if (!read_code_unit (self, &unit))
    return fail (self, _ ("\\u without four hexadecimal digits"), error);
  if (unit >= 0xd800 && unit <= 0xdbff)
    {
      if (!accept (self, '\\') || !accept (self, 'u') || !read_code_unit (self, &low) ||
          low < 0xdc00 || low > 0xdfff)
        return fail (self, _ ("half of a surrogate pair"), error);
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
  else if (unit >= 0xdc00 && unit <= 0xdfff)
    return fail (self, _ ("half of a surrogate pair"), error);

  char utf8[6];
  g_string_append_len (self->text, utf8, g_unichar_to_utf8 (unit, utf8));
  return TRUE;
}

/* After the backslash. */
static gboolean
read_escape (WsJsonReader *self, GError **error)
{
  static const char letters[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  char letter = peek (self);
  const char *found = letter == '\0' ? NULL : strchr (letters, letter);

  if (found)
    {
      g_string_append_c (self->text, meanings[found - letters]);
      self->position++;
      return TRUE;
    }
  if (accept (self, 'u'))
    return read_unicode_escape (self, error);
  return fail (self, _ ("an unknown escape in a string"), error);
}

/* After the opening quotation mark; leaves the unescaped string in the text. */
static gboolean
read_string (WsJsonReader *self, GError **error)
{
  g_string_truncate (self->text, 0);
  for (;;)
    {
      gsize start = self->position;

      while (!at_end (self) && (guchar) self->bytes[self->position] >= 0x20 &&
             self->bytes[self->position] != '"' && self->bytes[self->position] != '\\')
        self->position++;
      g_string_append_len (self->text, self->bytes + start, self->position - start);

      if (accept (self, '"'))
        return TRUE;
      if (at_end (self))
        return fail (self, _ ("a string without end"), error);
      if (!accept (self, '\\'))
        return fail (self, _ ("a control character in a string"), error);
      if (!read_escape (self, error))
        return FALSE;
    }
}

/* Returns: FALSE if there is none. */
static gboolean
skip_digits (WsJsonReader *self)
{
  gsize start = self->position;

  while (g_ascii_isdigit (peek (self)))
    self->position++;
  return self->position > start;
}

static gboolean
scan_number (WsJsonReader *self)
{
  accept (self, '-');
  if (!accept (self, '0') && !skip_digits (self)) /* no leading zero */
    return FALSE;
  if (accept (self, '.') && !skip_digits (self))
    return FALSE;
  if (accept (self, 'e') || accept (self, 'E'))
    {
      if (!accept (self, '+'))
        accept (self, '-');
      return skip_digits (self);
    }
  return TRUE;
}

static WsJsonEvent
read_number (WsJsonReader *self, GError **error)
{
  gsize start = self->position;

  if (!scan_number (self))
    return fail (self, _ ("a number that is not well formed"), error);
  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, self->bytes + start, self->position - start);
  return WS_JSON_NUMBER;
}

static WsJsonEvent
read_word (WsJsonReader *self, const char *word, WsJsonEvent event, GError **error)
{
  gsize length = strlen (word);

  if (self->n_bytes - self->position < length ||
      memcmp (self->bytes + self->position, word, length) != 0)
    return fail (self, _ ("an unknown word"), error);
  self->position += length;
  return event;
}

static void
expect_after_value (WsJsonReader *self)
{
  self->expect = self->depth > 0 ? WS_JSON_EXPECT_COMMA_OR_END : WS_JSON_EXPECT_NOTHING;
}

static WsJsonEvent
begin_container (WsJsonReader *self, GError **error)
{
  gboolean is_object = peek (self) == '{';

  if (self->depth == WS_JSON_MAX_DEPTH)
    return fail (self, _ ("nested too deeply"), error);
  self->position++;
  self->in_object[self->depth++] = is_object;
  self->expect = is_object ? WS_JSON_EXPECT_KEY_OR_END : WS_JSON_EXPECT_VALUE_OR_END;
  return is_object ? WS_JSON_OBJECT_BEGIN : WS_JSON_ARRAY_BEGIN;
}

/* At } or ], which must be the one that is open. */
static WsJsonEvent
end_container (WsJsonReader *self, GError **error)
{
  gboolean is_object = self->in_object[self->depth - 1];

  if (!accept (self, is_object ? '}' : ']'))
    return fail (self, is_object ? _ ("',' or '}' is missing") : _ ("',' or ']' is missing"),
                 error);
  self->depth--;
  expect_after_value (self);
  return is_object ? WS_JSON_OBJECT_END : WS_JSON_ARRAY_END;
}

static WsJsonEvent
read_scalar (WsJsonReader *self, GError **error)
{
  switch (peek (self))
    {
    case '"':
      self->position++;
      return read_string (self, error) ? WS_JSON_STRING : WS_JSON_ERROR;
    case 't':
      return read_word (self, "true", WS_JSON_TRUE, error);
    case 'f':
      return read_word (self, "false", WS_JSON_FALSE, error);
    case 'n':
      return read_word (self, "null", WS_JSON_NULL, error);
    case '\0':
      return fail (self, _ ("it ends too early"), error);
    default:
      if (peek (self) == '-' || g_ascii_isdigit (peek (self)))
        return read_number (self, error);
      return fail (self, _ ("a value is missing"), error);
    }
}

static WsJsonEvent
read_value (WsJsonReader *self, GError **error)
{
  if (peek (self) == '{' || peek (self) == '[')
    return begin_container (self, error);

  WsJsonEvent event = read_scalar (self, error);
  if (event != WS_JSON_ERROR)
    expect_after_value (self);
  return event;
}

/* The key and its colon. */
static WsJsonEvent
read_key (WsJsonReader *self, GError **error)
{
  if (!accept (self, '"'))
    return fail (self, at_end (self) ? _ ("it ends too early") : _ ("a key is missing"), error);
  if (!read_string (self, error))
    return WS_JSON_ERROR;
  skip_white_space (self);
  if (!accept (self, ':'))
    return fail (self, _ ("':' is missing"), error);
  self->expect = WS_JSON_EXPECT_VALUE;
  return WS_JSON_KEY;
}

static WsJsonEvent
read_event (WsJsonReader *self, GError **error)
{
  skip_white_space (self);
  if (self->expect == WS_JSON_EXPECT_COMMA_OR_END)
    {
      if (!accept (self, ','))
        return end_container (self, error);
      skip_white_space (self);
      self->expect = self->in_object[self->depth - 1] ? WS_JSON_EXPECT_KEY : WS_JSON_EXPECT_VALUE;
    }

  switch (self->expect)
    {
    case WS_JSON_EXPECT_KEY_OR_END:
      return peek (self) == '}' ? end_container (self, error) : read_key (self, error);
    case WS_JSON_EXPECT_KEY:
      return read_key (self, error);
    case WS_JSON_EXPECT_VALUE_OR_END:
      return peek (self) == ']' ? end_container (self, error) : read_value (self, error);
    case WS_JSON_EXPECT_VALUE:
      return read_value (self, error);
    case WS_JSON_EXPECT_NOTHING:
      return at_end (self) ? WS_JSON_END : fail (self, _ ("more follows the value"), error);
    default:
      return fail (self, _ ("reading had failed before"), error);
    }
}

WsJsonEvent
ws_json_reader_next (WsJsonReader *self, GError **error)
{
  self->event = read_event (self, error);
  return self->event;
}

const char *
ws_json_reader_get_text (const WsJsonReader *self, gsize *length)
{
  if (length)
    *length = self->text->len;
  return self->text->str;
}

gboolean
ws_json_reader_get_u64 (const WsJsonReader *self, guint64 *value)
{
  guint64 result = 0;

  if (self->event != WS_JSON_NUMBER)
    return FALSE;
  for (const char *digit = self->text->str; *digit; digit++)
    if (!g_ascii_isdigit (*digit) || !g_uint64_checked_mul (&result, result, 10) ||
        !g_uint64_checked_add (&result, result, *digit - '0'))
      return FALSE;
  *value = result;
  return TRUE;
}

gboolean
ws_json_reader_skip (WsJsonReader *self, GError **error)
{
  if (self->event != WS_JSON_OBJECT_BEGIN && self->event != WS_JSON_ARRAY_BEGIN)
    return self->event != WS_JSON_ERROR;

  guint outside = self->depth - 1;
  while (self->depth > outside)
    if (ws_json_reader_next (self, error) == WS_JSON_ERROR)
      return FALSE;
  return TRUE;
}

gboolean
ws_json_check (const char *bytes, gsize n_bytes, GError **error)
{
  g_auto (WsJsonReader) reader = { 0 };
  WsJsonEvent event;

  if (!ws_json_reader_init (&reader, bytes, n_bytes, error))
    return FALSE;
  do
    event = ws_json_reader_next (&reader, error);
  while (event != WS_JSON_END && event != WS_JSON_ERROR);
  return event == WS_JSON_END;
}
