/* SPDX-License-Identifier: MIT */
/* The alphabet in which byte-level vocabularies write bytes: a printable character for each. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes of Latin-1 that are printable and no space are the character of that number; the others, in
 * their order, are U+0100 and following: the space is "Ġ", the line feed "Ċ". */
gunichar ws_byte_level_get_character (guint8 byte);
/* Returns: -1 if @c stands for no byte. */
int ws_byte_level_get_byte (gunichar c);

/* Appends the bytes that @piece, valid UTF-8, stands for.
 * Returns: FALSE, @bytes left alone, if one of its characters stands for none. */
gboolean ws_byte_level_decode (GString *bytes, const char *piece, gsize length);
void ws_byte_level_encode (GString *piece, const char *bytes, gsize n_bytes);

G_END_DECLS
