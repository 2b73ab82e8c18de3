/* SPDX-License-Identifier: MIT */
/* The bytes of a file shared out: each is taken once, none is forgotten. */
#include "hub/segments.h"

#define MIB ((guint64) 1 << 20)

static void
assert_spans (const WsSegments *self, const WsSpan *expected, guint n)
{
  g_assert_cmpuint (self->done->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (g_array_index (self->done, WsSpan, i).begin, ==, expected[i].begin);
      g_assert_cmpuint (g_array_index (self->done, WsSpan, i).end, ==, expected[i].end);
    }
}

static void
test_spans_that_touch_become_one (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 100);
  g_assert_true (ws_segments_add_done (&self, (WsSpan){ 50, 60 }));
  g_assert_true (ws_segments_add_done (&self, (WsSpan){ 10, 20 }));
  g_assert_true (ws_segments_add_done (&self, (WsSpan){ 30, 40 }));
  assert_spans (&self, (WsSpan[]){ { 10, 20 }, { 30, 40 }, { 50, 60 } }, 3);
  g_assert_true (ws_segments_add_done (&self, (WsSpan){ 20, 35 }));
  assert_spans (&self, (WsSpan[]){ { 10, 40 }, { 50, 60 } }, 2);
  g_assert_true (ws_segments_add_done (&self, (WsSpan){ 0, 100 }));
  assert_spans (&self, (WsSpan[]){ { 0, 100 } }, 1);
}

static void
test_bytes_beyond_the_file_are_refused (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 100);
  g_assert_false (ws_segments_add_done (&self, (WsSpan){ 90, 101 }));
  g_assert_false (ws_segments_add_done (&self, (WsSpan){ 5, 5 }));
  g_assert_false (ws_segments_add_done (&self, (WsSpan){ 6, 5 }));
  g_assert_cmpuint (self.done->len, ==, 0);
}

static void
test_frontier_is_the_first_gap (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 100);
  ws_segments_add_done (&self, (WsSpan){ 50, 60 });
  g_assert_cmpuint (ws_segments_get_frontier (&self), ==, 0);
  ws_segments_add_done (&self, (WsSpan){ 0, 20 });
  g_assert_cmpuint (ws_segments_get_frontier (&self), ==, 20);
  g_assert_cmpuint (ws_segments_get_n_done (&self), ==, 30);
}

static void
test_gaps_are_taken_in_order (void)
{
  g_auto (WsSegments) self = { 0 };
  const WsSpan expected[] = { { 0, 30 }, { 40, 80 }, { 80, 100 } };

  ws_segments_init (&self, 100, 40);
  ws_segments_add_done (&self, (WsSpan){ 30, 40 });
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const WsSegment *segment = ws_segments_take (&self);

      g_assert_cmpuint (segment->position, ==, expected[i].begin);
      g_assert_cmpuint (segment->end, ==, expected[i].end);
    }
  g_assert_null (ws_segments_take (&self));
}

static void
test_what_is_given_back_is_taken_again_without_what_came (void)
{
  g_auto (WsSegments) self = { 0 };
  WsSegment *segment;

  ws_segments_init (&self, 100, 100);
  segment = ws_segments_take (&self);
  ws_segments_advance (&self, segment, 25);
  ws_segments_give_back (&self, segment);
  segment = ws_segments_take (&self);
  g_assert_cmpuint (segment->position, ==, 25);
  g_assert_cmpuint (segment->end, ==, 100);
}

static void
test_second_half_of_the_slowest_is_stolen (void)
{
  g_auto (WsSegments) self = { 0 };
  WsSegment *first, *second, *stolen;

  ws_segments_init (&self, 32 * MIB, 16 * MIB);
  first = ws_segments_take (&self);
  second = ws_segments_take (&self);
  first->begin_usec = second->begin_usec = 1;
  ws_segments_advance (&self, first, 12 * MIB);
  ws_segments_advance (&self, second, 4 * MIB);
  /* after 3 s, the first has 1 s to go and the second, from 20 to 32, 9 s */
  stolen = ws_segments_steal (&self, 3 * G_USEC_PER_SEC + 1);
  g_assert_cmpuint (stolen->position, ==, 26 * MIB);
  g_assert_cmpuint (stolen->end, ==, 32 * MIB);
  g_assert_cmpuint (second->end, ==, 26 * MIB);
}

static void
test_what_comes_soon_is_not_stolen (void)
{
  g_auto (WsSegments) self = { 0 };
  WsSegment *segment;

  ws_segments_init (&self, 16 * MIB, 16 * MIB);
  g_assert_null (ws_segments_steal (&self, G_USEC_PER_SEC));
  segment = ws_segments_take (&self);
  /* not begun, then nothing known of its pace */
  g_assert_null (ws_segments_steal (&self, G_USEC_PER_SEC));
  segment->begin_usec = 1;
  g_assert_null (ws_segments_steal (&self, 2));
  /* half of it in 0.5 s: 0.5 s to go */
  ws_segments_advance (&self, segment, 8 * MIB);
  g_assert_null (ws_segments_steal (&self, G_USEC_PER_SEC / 2 + 1));
}

static void
test_little_is_not_stolen (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 2 * MIB - 1, 16 * MIB);
  ws_segments_take (&self)->begin_usec = 1;
  g_assert_null (ws_segments_steal (&self, 100 * G_USEC_PER_SEC));
}

/* A file of random connections, held against an array of its bytes. */
static void
test_every_byte_comes_once (void)
{
  enum
  {
    N_BYTES = 50000
  };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree guint8 *times = g_new0 (guint8, N_BYTES);
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, N_BYTES, 700);
  while (ws_segments_get_n_done (&self) < N_BYTES)
    {
      const guint n_active = self.active->len;
      WsSegment *segment;
      guint64 n_bytes;

      if (n_active < 8 && ws_segments_take (&self))
        continue;
      segment = g_ptr_array_index (self.active, g_rand_int_range (random, 0, n_active));
      n_bytes = g_rand_int_range (random, 0, segment->end - segment->position + 1);
      for (guint64 i = 0; i < n_bytes; i++)
        times[segment->position + i]++;
      ws_segments_advance (&self, segment, n_bytes);
      if (segment->position == segment->end || g_rand_int_range (random, 0, 4) == 0)
        ws_segments_give_back (&self, segment);
    }
  for (guint i = 0; i < N_BYTES; i++)
    g_assert_cmpuint (times[i], ==, 1);
}

static void
test_what_is_free_is_neither_there_nor_taken (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 20);
  g_assert_cmpuint (ws_segments_get_n_free (&self), ==, 100);
  ws_segments_add_done (&self, (WsSpan){ 10, 25 });
  g_assert_cmpuint (ws_segments_take (&self)->end, ==, 10);
  ws_segments_advance (&self, ws_segments_take (&self), 5);
  /* neither 0 to 10, nor 10 to 25, nor 25 to 45 */
  g_assert_cmpuint (ws_segments_get_n_free (&self), ==, 55);
}

static void
test_spans_are_counted_within_bounds (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 100);
  ws_segments_add_done (&self, (WsSpan){ 10, 20 });
  ws_segments_add_done (&self, (WsSpan){ 50, 60 });
  g_assert_cmpuint (ws_spans_count (self.done, 0, 100), ==, 20);
  g_assert_cmpuint (ws_spans_count (self.done, 15, 55), ==, 10);
  g_assert_cmpuint (ws_spans_count (self.done, 20, 50), ==, 0);
  g_assert_cmpuint (ws_spans_count (self.done, 52, 53), ==, 1);
}

static void
test_what_is_taken_back_is_not_there (void)
{
  g_auto (WsSegments) self = { 0 };

  ws_segments_init (&self, 100, 100);
  ws_segments_add_done (&self, (WsSpan){ 0, 50 });
  ws_segments_add_done (&self, (WsSpan){ 60, 100 });
  ws_segments_take_back (&self, (WsSpan){ 20, 30 });
  assert_spans (&self, (WsSpan[]){ { 0, 20 }, { 30, 50 }, { 60, 100 } }, 3);
  ws_segments_take_back (&self, (WsSpan){ 40, 70 });
  assert_spans (&self, (WsSpan[]){ { 0, 20 }, { 30, 40 }, { 70, 100 } }, 3);
  ws_segments_take_back (&self, (WsSpan){ 0, 100 });
  g_assert_cmpuint (self.done->len, ==, 0);
}

/* The wait for the first byte is a twentieth of a segment's time; bytes per microsecond are MB/s.
 */
static void
test_segments_are_as_long_as_the_wait_before_them_asks (void)
{
  const guint64 n_bytes = (guint64) 1 << 30;

  /* 20 * 10 ms * 40 MB/s */
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, n_bytes, 10000, 40), ==, 8000000);
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, n_bytes, 20000, 80), ==, 32000000);
  /* near and slow, far and fast, and nothing known */
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, n_bytes, 300, 40), ==, 4 * MIB);
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, n_bytes, 200000, 40), ==, 64 * MIB);
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, n_bytes, 0, 0), ==, 4 * MIB);
  /* at the end half of the fair share, if that is no less than a quarter */
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, 60 * MIB, 200000, 40), ==, 30 * MIB);
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, MIB, 200000, 40), ==, 16 * MIB);
  g_assert_cmpuint (ws_segments_choose_n_bytes (n_bytes, MIB, 300, 40), ==, 4 * MIB);
  /* no more than 512 requests, and no segment that is larger than 64 MiB */
  g_assert_cmpuint (ws_segments_choose_n_bytes (8 * n_bytes, n_bytes, 300, 40), ==, 16 * MIB);
  g_assert_cmpuint (ws_segments_choose_n_bytes (100 * n_bytes, n_bytes, 300, 40), ==, 64 * MIB);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/segments/spans/that-touch-become-one", test_spans_that_touch_become_one);
  g_test_add_func ("/segments/bytes-beyond-the-file/are-refused",
                   test_bytes_beyond_the_file_are_refused);
  g_test_add_func ("/segments/frontier/is-the-first-gap", test_frontier_is_the_first_gap);
  g_test_add_func ("/segments/gaps/are-taken-in-order", test_gaps_are_taken_in_order);
  g_test_add_func ("/segments/what-is-given-back/is-taken-again-without-what-came",
                   test_what_is_given_back_is_taken_again_without_what_came);
  g_test_add_func ("/segments/second-half-of-the-slowest/is-stolen",
                   test_second_half_of_the_slowest_is_stolen);
  g_test_add_func ("/segments/what-comes-soon/is-not-stolen", test_what_comes_soon_is_not_stolen);
  g_test_add_func ("/segments/little/is-not-stolen", test_little_is_not_stolen);
  g_test_add_func ("/segments/every-byte/comes-once", test_every_byte_comes_once);
  g_test_add_func ("/segments/free/is-neither-there-nor-taken",
                   test_what_is_free_is_neither_there_nor_taken);
  g_test_add_func ("/segments/what-is-taken-back/is-not-there",
                   test_what_is_taken_back_is_not_there);
  g_test_add_func ("/segments/spans/are-counted-within-bounds",
                   test_spans_are_counted_within_bounds);
  g_test_add_func ("/segments/segments/are-as-long-as-the-wait-before-them-asks",
                   test_segments_are_as_long_as_the_wait_before_them_asks);
  return g_test_run ();
}
