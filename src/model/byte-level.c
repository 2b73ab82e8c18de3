/* SPDX-License-Identifier: MIT */
/* The alphabet as two tables, made from its rule. */
#include "model/byte-level.h"

/* 256 + the 68 that are not printable: 0..32, 127..160, 173. */
#define N_CHARACTERS (256 + 68)

typedef struct
{
  guint16 characters[256];
  gint16 bytes[N_CHARACTERS]; /* -1: none */
} Alphabet;

static gboolean
is_printable (guint byte)
{
  return (byte >= '!' && byte <= '~') || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
}

static const Alphabet *
get_alphabet (void)
{
  static Alphabet alphabet;
  static gsize is_made;

  if (g_once_init_enter (&is_made))
    {
      guint16 next = 256;

      for (guint c = 0; c < N_CHARACTERS; c++)
        alphabet.bytes[c] = -1;
      for (guint byte = 0; byte < 256; byte++)
        {
          alphabet.characters[byte] = is_printable (byte) ? (guint16) byte : next++;
          alphabet.bytes[alphabet.characters[byte]] = (gint16) byte;
        }
      g_once_init_leave (&is_made, 1);
    }
  return &alphabet;
}

gunichar
ws_byte_level_get_character (guint8 byte)
{
  return get_alphabet ()->characters[byte];
}

int
ws_byte_level_get_byte (gunichar c)
{
  return c < N_CHARACTERS ? get_alphabet ()->bytes[c] : -1;
}

gboolean
ws_byte_level_decode (GString *bytes, const char *piece, gsize length)
{
  const Alphabet *alphabet = get_alphabet ();
  const char *end = piece + length;
  const gsize n_before = bytes->len;

  for (const char *p = piece; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (c >= N_CHARACTERS || alphabet->bytes[c] < 0)
        {
          g_string_truncate (bytes, n_before);
          return FALSE;
        }
      g_string_append_c (bytes, (char) alphabet->bytes[c]);
    }
  return TRUE;
}

void
ws_byte_level_encode (GString *piece, const char *bytes, gsize n_bytes)
{
  const Alphabet *alphabet = get_alphabet ();

  for (gsize i = 0; i < n_bytes; i++)
    g_string_append_unichar (piece, alphabet->characters[(guint8) bytes[i]]);
}
