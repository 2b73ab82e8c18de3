/* SPDX-License-Identifier: MIT */
/* Sums do not depend on how the bytes came, and tell what has changed. */
#include "hub/sums.h"

#include <string.h>

#define MIB ((guint64) 1 << 20)

enum
{
  N_BYTES = 9 << 20 /* two pieces and a quarter */
};

static guint8 *
make_bytes (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  guint8 *bytes = g_malloc (N_BYTES);

  for (guint i = 0; i < N_BYTES; i++)
    bytes[i] = g_rand_int (random) >> 24;
  return bytes;
}

/* Adds @n_bytes at @offset, as one share or more. */
static void
add (WsSums *self, const guint8 *bytes, guint64 offset, gsize n_bytes)
{
  WsSumsShare share = ws_sums_compute (self, offset, bytes + offset, n_bytes);

  ws_sums_add (self, &share);
}

/* All at once. */
static void
init_whole (WsSums *self, const guint8 *bytes)
{
  ws_sums_init (self, N_BYTES);
  for (guint64 at = 0; at < N_BYTES; at += 4 * MIB)
    add (self, bytes, at, MIN (4 * MIB, N_BYTES - at));
}

/* The definition, byte by byte: one at 64 l + 8 w + k counts as itself times 256^k, times the
 * factors of word w and of line l. */
static void
test_sum_is_as_defined (void)
{
  g_autofree guint8 *bytes = make_bytes ();
  g_auto (WsSums) self = { 0 };
  const guint64 of_words[] = { 1, 3, 5, 9, 11, 33, 55, 99 };
  guint64 expected[3] = { 0 };

  for (guint64 at = 0; at < N_BYTES; at++)
    expected[at / (4 * MIB)] += ((guint64) bytes[at] << at % 8 * 8) * of_words[at / 8 % 8] *
                                ((at / 64 * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)) | 1);
  init_whole (&self, bytes);
  g_assert_cmpuint (self.n, ==, 3);
  for (guint i = 0; i < self.n; i++)
    g_assert_cmpuint (self.values[i], ==, expected[i]);
}

/* Shares of any length, the last of them first, then every other one. */
static void
test_order_and_length_do_not_matter (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  g_autoptr (GArray) cuts = g_array_new (FALSE, FALSE, sizeof (guint64));
  g_autofree guint8 *bytes = make_bytes ();
  g_auto (WsSums) whole = { 0 };
  g_auto (WsSums) self = { 0 };

  for (guint64 at = 0; at < N_BYTES; at += g_rand_int_range (random, 1, 30000))
    g_array_append_val (cuts, at);
  g_array_append_val (cuts, (guint64){ N_BYTES });
  init_whole (&whole, bytes);
  ws_sums_init (&self, N_BYTES);
  for (guint first = 0; first < 2; first++)
    for (guint i = cuts->len - 1 - first; i > 0 && i < cuts->len; i -= MIN (i, 2))
      {
        const guint64 begin = g_array_index (cuts, guint64, i - 1);

        add (&self, bytes, begin, g_array_index (cuts, guint64, i) - begin);
      }
  for (guint i = 0; i < self.n; i++)
    g_assert_cmpuint (self.values[i], ==, whole.values[i]);
}

/* What disks do: a sector of zeros, one of another place, two in each other's place, a bit. */
static void
test_damage_is_seen_in_its_piece (void)
{
  enum
  {
    SECTOR = 512,
    AT = 5 << 20
  };
  g_autofree guint8 *bytes = make_bytes ();
  g_autofree guint8 *right = g_memdup2 (bytes, N_BYTES);
  g_auto (WsSums) whole = { 0 };

  init_whole (&whole, bytes);
  for (guint damage = 0; damage < 4; damage++)
    {
      g_auto (WsSums) self = { 0 };

      memcpy (bytes, right, N_BYTES);
      if (damage == 0)
        memset (bytes + AT, 0, SECTOR);
      else if (damage == 1)
        memcpy (bytes + AT, right, SECTOR);
      else if (damage == 2)
        {
          memcpy (bytes + AT, right + AT + SECTOR, SECTOR);
          memcpy (bytes + AT + SECTOR, right + AT, SECTOR);
        }
      else
        bytes[AT] ^= 0x80;
      init_whole (&self, bytes);
      g_assert_cmpuint (self.values[0], ==, whole.values[0]);
      g_assert_cmpuint (self.values[1], !=, whole.values[1]);
      g_assert_cmpuint (self.values[2], ==, whole.values[2]);
    }
}

static void
test_pieces_are_few (void)
{
  const struct
  {
    guint64 n_bytes, n_piece_bytes;
    guint n;
  } cases[] = {
    { 0, 4 * MIB, 0 },
    { 1, 4 * MIB, 1 },
    { 4 * MIB, 4 * MIB, 1 },
    { 4 * MIB + 1, 4 * MIB, 2 },
    { 4096 * MIB, 4 * MIB, 1024 },
    { 4096 * MIB + 1, 8 * MIB, 513 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsSums) self = { 0 };

      ws_sums_init (&self, cases[i].n_bytes);
      g_assert_cmpuint (self.n_piece_bytes, ==, cases[i].n_piece_bytes);
      g_assert_cmpuint (self.n, ==, cases[i].n);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sums/sum/is-as-defined", test_sum_is_as_defined);
  g_test_add_func ("/sums/order-and-length/do-not-matter", test_order_and_length_do_not_matter);
  g_test_add_func ("/sums/damage/is-seen-in-its-piece", test_damage_is_seen_in_its_piece);
  g_test_add_func ("/sums/pieces/are-few", test_pieces_are_few);
  return g_test_run ();
}
