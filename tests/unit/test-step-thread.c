/* SPDX-License-Identifier: MIT */
/* A thread for steps that may take long or never end. */
#include "cuda/step-thread.h"

#include "spectra/backend.h"

/* A step that ends when it is told to. */
typedef struct
{
  GMutex mutex;
  GCond changed;
  gboolean is_open;
  guint n_passed;
} Gate;

static void
pass (gpointer data)
{
  Gate *gate = data;

  g_mutex_lock (&gate->mutex);
  while (!gate->is_open)
    g_cond_wait (&gate->changed, &gate->mutex);
  gate->n_passed++;
  g_mutex_unlock (&gate->mutex);
}

static void
open_gate (Gate *gate)
{
  g_mutex_lock (&gate->mutex);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->mutex);
}

static WsStepThread *
start (void)
{
  g_autoptr (GError) error = NULL;
  WsStepThread *thread = ws_step_thread_new ("test", &error);

  g_assert_no_error (error);
  return thread;
}

static void
finish (WsStepThread *thread, Gate *gate)
{
  ws_step_thread_close (thread, pass, gate);
  g_assert_true (ws_step_threads_settle (10.0));
}

static void
append (gpointer data)
{
  GString *text = data;

  g_string_append_c (text, 'a' + text->len);
}

static void
test_order (void)
{
  WsStepThread *thread = start ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  Gate gate = { .is_open = TRUE };
  guint64 number = 0;

  for (guint i = 0; i < 5; i++)
    number = ws_step_thread_push (thread, append, text, 0.0);
  g_assert_true (ws_step_thread_wait (thread, number, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, "abcde");
  g_assert_true (ws_step_thread_wait (thread, 0, NULL, &error));
  finish (thread, &gate);
}

static void
test_cancel (void)
{
  WsStepThread *thread = start ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Gate gate = { 0 };
  guint64 number = ws_step_thread_push (thread, pass, &gate, 0.0);

  g_cancellable_cancel (cancellable);
  g_assert_false (ws_step_thread_wait (thread, number, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (ws_step_threads_settle (0.0));
  open_gate (&gate);
  finish (thread, &gate);
  g_assert_cmpuint (gate.n_passed, ==, 2);
}

static void
test_lost (void)
{
  static WsStepThread *thread; /* left alone with all that it has, which is then no leak */
  g_autoptr (GError) error = NULL;
  static Gate gate; /* the lost thread may look at it for as long as the program runs */
  Gate last = { .is_open = TRUE };
  static Gate next = { .is_open = TRUE };
  guint64 number;

  thread = start ();
  number = ws_step_thread_push (thread, pass, &gate, 0.0);
  ws_step_thread_push (thread, pass, &next, 0.0);
  ws_step_threads_set_patience (0.01);
  g_assert_false (ws_step_thread_wait (thread, number, NULL, &error));
  g_assert_error (error, WS_FAULT_ERROR, WS_FAULT_TIMEOUT);
  g_assert_true (ws_step_thread_is_lost (thread));
  ws_step_threads_set_patience (30.0);
  g_assert_true (ws_step_thread_is_lost (thread));
  ws_step_thread_close (thread, pass, &last);
  g_assert_false (ws_step_threads_settle (0.0));
  /* one that comes back late takes nothing more */
  open_gate (&gate);
  g_assert_false (ws_step_threads_settle (0.1));
  g_assert_cmpuint (next.n_passed, ==, 0);
  g_assert_cmpuint (last.n_passed, ==, 0);
}

static void
test_estimate (void)
{
  WsStepThread *thread = start ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Gate gate = { 0 };

  /* 20 times 1000 s have not passed, though patience has */
  ws_step_threads_set_patience (0.0);
  ws_step_thread_push (thread, pass, &gate, 1000.0);
  g_assert_false (ws_step_thread_is_lost (thread));
  ws_step_threads_set_patience (30.0);
  open_gate (&gate);
  finish (thread, &gate);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/step-thread/steps/are-taken-in-order", test_order);
  g_test_add_func ("/step-thread/cancel/leaves-the-step-to-end", test_cancel);
  g_test_add_func ("/step-thread/estimate/makes-patience-longer", test_estimate);
  g_test_add_func ("/step-thread/overdue/is-lost-for-good", test_lost);
  return g_test_run ();
}
