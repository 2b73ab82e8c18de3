/* SPDX-License-Identifier: MIT */
/* What is handed over comes once, to whom it belongs, and in the order that is asked for. */
#include "hub/relay.h"

#include <string.h>

static const char file, other;

/* A piece whose bytes are all @mark. */
static gboolean
pass (WsRelay *self, gconstpointer owner, guint64 offset, gsize n_bytes, char mark)
{
  WsRelayPiece piece = { ws_relay_take_buffer (self), offset, n_bytes };
  gboolean is_held;

  memset (piece.buffer, mark, n_bytes);
  is_held = ws_relay_pass (self, owner, &piece);
  ws_relay_give_buffer (self, piece.buffer);
  return is_held;
}

static void
assert_takes (WsRelay *self, gconstpointer owner, guint64 at, gsize n_bytes, char mark)
{
  WsRelayPiece piece = { 0 };
  guint64 next;

  g_assert_true (ws_relay_take (self, owner, at, &piece, &next));
  g_assert_cmpuint (piece.offset, ==, at);
  g_assert_cmpuint (piece.n_bytes, ==, n_bytes);
  g_assert_cmpint (piece.buffer[0], ==, mark);
  g_assert_cmpint (piece.buffer[n_bytes - 1], ==, mark);
  ws_relay_give_buffer (self, piece.buffer);
}

static void
assert_next (WsRelay *self, gconstpointer owner, guint64 at, guint64 expected)
{
  WsRelayPiece piece;
  guint64 next;

  g_assert_false (ws_relay_take (self, owner, at, &piece, &next));
  g_assert_cmpuint (next, ==, expected);
}

static void
test_pieces_come_in_the_order_asked_for (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  g_assert_true (pass (self, &file, 300, 50, 'c'));
  g_assert_true (pass (self, &file, 0, 100, 'a'));
  g_assert_true (pass (self, &file, 100, 200, 'b'));
  assert_takes (self, &file, 0, 100, 'a');
  assert_takes (self, &file, 100, 200, 'b');
  assert_takes (self, &file, 300, 50, 'c');
  assert_next (self, &file, 350, G_MAXUINT64);
}

static void
test_gap_ends_at_the_next_piece (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  pass (self, &file, 500, 10, 'b');
  pass (self, &file, 400, 10, 'a');
  assert_next (self, &file, 0, 400);
  assert_next (self, &file, 399, 400);
  assert_takes (self, &file, 400, 10, 'a');
}

/* It was read back in part, so the rest of it is too. */
static void
test_piece_that_was_passed_by_is_forgotten (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (1);

  pass (self, &file, 100, 50, 'a');
  assert_next (self, &file, 120, G_MAXUINT64);
  assert_next (self, &file, 100, G_MAXUINT64);
  g_assert_true (pass (self, &file, 150, 50, 'b'));
}

static void
test_full_relay_holds_no_more (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (2);

  g_assert_true (pass (self, &file, 0, 10, 'a'));
  g_assert_true (pass (self, &file, 10, 10, 'b'));
  g_assert_false (pass (self, &file, 20, 10, 'c'));
  assert_takes (self, &file, 0, 10, 'a');
  g_assert_true (pass (self, &file, 20, 10, 'd'));
  assert_takes (self, &file, 20, 10, 'd');
}

static void
test_owners_have_their_own (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  pass (self, &file, 0, 10, 'a');
  pass (self, &other, 0, 20, 'b');
  pass (self, &other, 20, 20, 'c');
  ws_relay_forget (self, &file);
  assert_next (self, &file, 0, G_MAXUINT64);
  assert_takes (self, &other, 0, 20, 'b');
  assert_takes (self, &other, 20, 20, 'c');
}

static void
test_held_bytes_are_counted_by_place_and_owner (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  pass (self, &file, 0, 100, 'a');
  pass (self, &file, 300, 50, 'b');
  pass (self, &other, 100, 100, 'c');
  g_assert_cmpuint (ws_relay_get_n_held (self, &file, 0, 1000), ==, 150);
  g_assert_cmpuint (ws_relay_get_n_held (self, &file, 40, 310), ==, 70);
  g_assert_cmpuint (ws_relay_get_n_held (self, &file, 100, 300), ==, 0);
  g_assert_cmpuint (ws_relay_get_n_held (self, &other, 0, 1000), ==, 100);
}

static void
test_buffers_are_used_again (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);
  char *buffer = ws_relay_take_buffer (self);

  ws_relay_give_buffer (self, buffer);
  g_assert_true (ws_relay_take_buffer (self) == buffer);
  g_free (buffer);
}

/* 32 MiB would stay otherwise. */
static void
test_buffers_are_freed_with_the_last_piece (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  pass (self, &file, 0, 10, 'a');
  pass (self, &file, 10, 10, 'b');
  pass (self, &other, 0, 10, 'c');
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 1);
  ws_relay_forget (self, &file);
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 3);
  ws_relay_forget (self, &other);
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 0);
}

static void
test_idle_relay_keeps_no_empty_buffer (void)
{
  g_autoptr (WsRelay) self = ws_relay_new (4);

  pass (self, &file, 0, 10, 'a');
  ws_relay_set_idle (self, TRUE);
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 0);
  /* what is held is still to be had */
  assert_takes (self, &file, 0, 10, 'a');
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 0);
  ws_relay_set_idle (self, FALSE);
  ws_relay_give_buffer (self, ws_relay_take_buffer (self));
  g_assert_cmpuint (ws_relay_get_n_empty (self), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/pieces/come-in-the-order-asked-for",
                   test_pieces_come_in_the_order_asked_for);
  g_test_add_func ("/relay/gap/ends-at-the-next-piece", test_gap_ends_at_the_next_piece);
  g_test_add_func ("/relay/piece-that-was-passed-by/is-forgotten",
                   test_piece_that_was_passed_by_is_forgotten);
  g_test_add_func ("/relay/full-relay/holds-no-more", test_full_relay_holds_no_more);
  g_test_add_func ("/relay/owners/have-their-own", test_owners_have_their_own);
  g_test_add_func ("/relay/held-bytes/are-counted-by-place-and-owner",
                   test_held_bytes_are_counted_by_place_and_owner);
  g_test_add_func ("/relay/buffers/are-freed-with-the-last-piece",
                   test_buffers_are_freed_with_the_last_piece);
  g_test_add_func ("/relay/idle-relay/keeps-no-empty-buffer",
                   test_idle_relay_keeps_no_empty_buffer);
  g_test_add_func ("/relay/buffers/are-used-again", test_buffers_are_used_again);
  return g_test_run ();
}
