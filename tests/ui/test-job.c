/* SPDX-License-Identifier: MIT */
/* Jobs: one pending report, late results dropped, the probe that measures stalls. */
#include "job.h"
#include "ui-harness.h"

typedef struct
{
  int n_asked;   /* reports the worker asks for */
  gboolean wait; /* until cancelled */
  int n_reports; /* main thread */
  int *n_freed;  /* atomic */
} Work;

static int has_asked; /* atomic */
static int n_done;
static gboolean was_cancelled;
static int n_reports;

static gboolean
run_work (WsJob *job, gpointer data, GError **error)
{
  Work *work = data;

  for (int i = 0; i < work->n_asked; i++)
    ws_job_report (job);
  g_atomic_int_set (&has_asked, TRUE);
  while (work->wait && !g_cancellable_is_cancelled (ws_job_get_cancellable (job)))
    g_thread_yield ();
  return !g_cancellable_set_error_if_cancelled (ws_job_get_cancellable (job), error);
}

static gboolean
take_report (gpointer owner, gpointer data)
{
  Work *work = data;

  work->n_reports++;
  return FALSE;
}

static void
take_end (gpointer owner, gpointer data, const GError *error)
{
  Work *work = data;

  n_done++;
  n_reports = work->n_reports;
  was_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
free_work (gpointer data)
{
  Work *work = data;

  g_atomic_int_inc (work->n_freed);
  g_free (work);
}

static const WsJobKind kind = { run_work, take_report, take_end, free_work };

static WsJob *
start (GObject *owner, int n_asked, gboolean wait, int *n_freed)
{
  Work *work = g_new0 (Work, 1);

  n_done = n_reports = 0;
  g_atomic_int_set (&has_asked, FALSE);
  was_cancelled = FALSE;
  work->n_asked = n_asked;
  work->wait = wait;
  work->n_freed = n_freed;
  return ws_job_start (&kind, owner, work);
}

static gboolean
is_set (gpointer data)
{
  return g_atomic_int_get ((int *) data) > 0;
}

static void
test_many_reports_are_one_idle (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int n_freed = 0;

  ws_job_unref (start (owner, 100000, FALSE, &n_freed));
  /* The main loop does not run meanwhile. */
  while (!g_atomic_int_get (&has_asked))
    g_thread_yield ();
  ui_wait (is_set, &n_done, "the job is done");
  ui_wait (is_set, &n_freed, "the job is freed");
  /* One idle for all of them, and the look before the end. */
  g_assert_cmpint (n_reports, ==, 2);
}

static void
test_cancelled_job_tells (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int n_freed = 0;
  WsJob *job = start (owner, 0, TRUE, &n_freed);

  ws_job_cancel (job);
  ui_wait (is_set, &n_done, "the job is done");
  g_assert_true (was_cancelled);
  ws_job_unref (job);
  ui_wait (is_set, &n_freed, "the job is freed");
}

static void
test_abandoned_job_is_silent (void)
{
  g_autoptr (GObject) owner = g_object_new (G_TYPE_OBJECT, NULL);
  int n_freed = 0;
  WsJob *job = start (owner, 10, TRUE, &n_freed);

  ws_job_abandon (job);
  ws_job_unref (job);
  ui_wait (is_set, &n_freed, "the job is freed");
  g_assert_cmpint (n_done, ==, 0);
}

static void
test_owner_may_go (void)
{
  GObject *owner = g_object_new (G_TYPE_OBJECT, NULL);
  int n_freed = 0;
  WsJob *job = start (owner, 10, TRUE, &n_freed);

  g_object_unref (owner);
  ws_job_cancel (job);
  ws_job_unref (job);
  ui_wait (is_set, &n_freed, "the job is freed");
  g_assert_cmpint (n_done, ==, 0);
}

/* Half of it at work, half asleep. */
static gboolean
block_for_300_ms (gpointer done)
{
  gint64 until = g_get_monotonic_time () + 150000;

  g_usleep (150000);
  while (g_get_monotonic_time () < until + 150000)
    ;
  *(int *) done = 1;
  return G_SOURCE_REMOVE;
}

/* The probe must be able to fail: a main loop that blocks for 300 ms shows. */
static void
test_probe_sees_a_stall (void)
{
  UiGapProbe probe;
  double work_ms;
  int done = 0;

  ui_gap_start (&probe);
  g_idle_add (block_for_300_ms, &done);
  ui_wait (is_set, &done, "it has blocked");
  g_assert_cmpfloat (ui_gap_stop (&probe, &work_ms), >=, 300);
  g_assert_cmpfloat (work_ms, >, 20);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  g_test_add_func ("/job/many-reports-are-one-idle", test_many_reports_are_one_idle);
  g_test_add_func ("/job/cancelled-job-tells", test_cancelled_job_tells);
  g_test_add_func ("/job/abandoned-job-is-silent", test_abandoned_job_is_silent);
  g_test_add_func ("/job/owner-may-go", test_owner_may_go);
  g_test_add_func ("/probe/sees-a-stall", test_probe_sees_a_stall);
  return ui_test_run ();
}
