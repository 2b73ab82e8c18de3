/* SPDX-License-Identifier: MIT */
/* The queue between a run and the window: nothing is lost, however slow the window takes. */
#include "fake-results.h"
#include "result-queue.h"

#define IN_TIME G_MAXINT64
#define TOO_LATE 0

typedef struct
{
  FakeResults *fake;
  WsResultQueue *queue;
  GArray *taken; /* of guint: indices, in the order they were handed over */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->fake = fake_results_new ();
  fixture->queue = ws_result_queue_new ();
  fixture->taken = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ws_result_queue_free (fixture->queue);
  g_array_unref (fixture->taken);
  /* Says if the queue has kept a result. */
  fake_results_free (fixture->fake);
}

static void
add (Fixture *fixture, guint index)
{
  ws_result_queue_add (fixture->queue, index,
                       fake_results_add (fixture->fake, 0, WS_BLOCK_Q_PROJ, "q", 2, 2, 1, 1));
}

static void
on_take (guint index, WsResult *result, gpointer user_data)
{
  g_array_append_val (((Fixture *) user_data)->taken, index);
}

static gboolean
take (Fixture *fixture, gint64 deadline)
{
  return ws_result_queue_take (fixture->queue, deadline, on_take, fixture);
}

/* 0, 1, 2, ... */
static void
assert_taken (Fixture *fixture, guint n)
{
  g_assert_cmpuint (fixture->taken->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_array_index (fixture->taken, guint, i), ==, i);
}

static void
test_all_are_taken_in_order (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    add (fixture, i);
  g_assert_false (take (fixture, IN_TIME));
  assert_taken (fixture, 5);
}

static void
test_empty_queue_has_none (Fixture *fixture, gconstpointer data)
{
  g_assert_false (take (fixture, IN_TIME));
  g_assert_false (take (fixture, TOO_LATE));
  assert_taken (fixture, 0);
}

static void
test_slow_taker_comes_forward (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    add (fixture, i);
  g_assert_true (take (fixture, TOO_LATE));
  assert_taken (fixture, 1);
  g_assert_true (take (fixture, TOO_LATE));
  g_assert_false (take (fixture, TOO_LATE));
  assert_taken (fixture, 3);
}

/* A job ends when its report says that there is no more: then that must be so. The last result
 * comes while the taker is busy with the batch before it. */
static void
test_result_that_came_meanwhile_is_not_lost (Fixture *fixture, gconstpointer data)
{
  add (fixture, 0);
  add (fixture, 1);
  g_assert_true (take (fixture, TOO_LATE));
  add (fixture, 2);
  g_assert_true (take (fixture, TOO_LATE));
  g_assert_false (take (fixture, TOO_LATE));
  assert_taken (fixture, 3);
}

static void
add_while_taking (guint index, WsResult *result, gpointer user_data)
{
  on_take (index, result, user_data);
  if (index < 3)
    add (user_data, index + 1);
}

static void
test_result_that_comes_while_taking_is_taken (Fixture *fixture, gconstpointer data)
{
  add (fixture, 0);
  g_assert_false (ws_result_queue_take (fixture->queue, IN_TIME, add_while_taking, fixture));
  assert_taken (fixture, 4);
}

static void
test_what_is_left_is_freed (Fixture *fixture, gconstpointer data)
{
  add (fixture, 0);
  add (fixture, 1);
  g_assert_true (take (fixture, TOO_LATE));
  add (fixture, 2);
}

static void
add_test (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/queue/all-are-taken-in-order", test_all_are_taken_in_order);
  add_test ("/queue/empty-queue-has-none", test_empty_queue_has_none);
  add_test ("/queue/slow-taker-comes-forward", test_slow_taker_comes_forward);
  add_test ("/queue/result-that-came-meanwhile-is-not-lost",
            test_result_that_came_meanwhile_is_not_lost);
  add_test ("/queue/result-that-comes-while-taking-is-taken",
            test_result_that_comes_while_taking_is_taken);
  add_test ("/queue/what-is-left-is-freed", test_what_is_left_is_freed);
  return g_test_run ();
}
