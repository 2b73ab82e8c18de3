/* SPDX-License-Identifier: MIT */
/* A sum for each piece of a file, over those of its bytes that are there. It tells what a disk or a
 * power failure has changed since then, so that only these pieces are fetched again; against intent
 * it is worth nothing. Bytes may be added in any order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 n_bytes;       /* of the file */
  guint64 n_piece_bytes; /* of all pieces but the last */
  guint n;
  guint64 *values; /* of each piece; 0: of no bytes */
} WsSums;

/* What bytes in a row add to one piece or two. */
typedef struct
{
  guint first;
  guint64 values[2];
} WsSumsShare;

/* Pieces of 4 MiB or more, at most 1,024 of them. */
void ws_sums_init (WsSums *self, guint64 n_bytes);
void ws_sums_clear (WsSums *self);
/* @from: of the same file */
void ws_sums_copy (WsSums *self, const WsSums *from);
/* As if no bytes were there. */
void ws_sums_forget (WsSums *self);

/* Of @n_bytes at @offset, not more than a piece has. Any thread.
 *
 * The sum over all lines of 64 bytes, modulo 2^64, of eight words w (little-endian), as
 * (w0 + 3 w1 + 5 w2 + 9 w3 + 11 (w4 + 3 w5 + 5 w6 + 9 w7)) f, where the factor f is odd and goes
 * with the place of the line in the file; bytes that are not there count as 0. */
WsSumsShare ws_sums_compute (const WsSums *self, guint64 offset, const void *bytes, gsize n_bytes);
void ws_sums_add (WsSums *self, const WsSumsShare *share);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSums, ws_sums_clear)

G_END_DECLS
