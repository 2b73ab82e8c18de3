/* SPDX-License-Identifier: MIT */
/* Whoever helps, every tile is computed once, to the same bits, and nobody waits for ever. */
#include "spectra/spectrum.h"

#include "team-fixture.h"

#define N_TILES 1000

static void
set_up (Helpers *self, gconstpointer n_helpers)
{
  helpers_init (self);
  for (guint i = 0; i < GPOINTER_TO_UINT (n_helpers); i++)
    helpers_add (self);
}

static void
tear_down (Helpers *self, gconstpointer n_helpers)
{
  helpers_clear (self);
}

static void
count_tile (gsize index, gpointer user_data)
{
  g_atomic_int_inc (&((int *) user_data)[index]);
}

static void
assert_each_once (WsTeam *team, gsize n)
{
  g_autofree int *counts = g_new0 (int, n + 1);

  ws_team_run (team, n, count_tile, counts);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpint (counts[i], ==, 1);
  g_assert_cmpint (counts[n], ==, 0);
}

static void
test_every_tile_is_computed_once (Helpers *self, gconstpointer n_helpers)
{
  for (int i = 0; i < 100; i++)
    assert_each_once (self->team, N_TILES);
  assert_each_once (self->team, 0);
  assert_each_once (self->team, 1);
}

static gpointer
run_steps (gpointer data)
{
  for (int i = 0; i < 50; i++)
    assert_each_once (data, N_TILES);
  return NULL;
}

static void
test_threads_run_steps_of_their_own (Helpers *self, gconstpointer n_helpers)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("runner", run_steps, self->team);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
run_step (gsize index, gpointer team)
{
  assert_each_once (team, 10);
}

static void
test_tiles_run_steps_of_their_own (Helpers *self, gconstpointer n_helpers)
{
  ws_team_run (self->team, 50, run_step, self->team);
}

typedef struct
{
  GThread *caller;
  GMutex mutex;
  GCond changed;
  gboolean helped;
} Meeting;

/* The calling thread waits in its tile until another has computed one. */
static void
meet (gsize index, gpointer user_data)
{
  Meeting *meeting = user_data;

  g_mutex_lock (&meeting->mutex);
  if (g_thread_self () != meeting->caller)
    {
      meeting->helped = TRUE;
      g_cond_broadcast (&meeting->changed);
    }
  while (!meeting->helped)
    g_cond_wait (&meeting->changed, &meeting->mutex);
  g_mutex_unlock (&meeting->mutex);
}

static void
test_those_that_wait_do_help (Helpers *self, gconstpointer n_helpers)
{
  Meeting meeting = { .caller = g_thread_self () };

  g_mutex_init (&meeting.mutex);
  g_cond_init (&meeting.changed);
  ws_team_run (self->team, 2, meet, &meeting);
  g_assert_true (meeting.helped);
  g_cond_clear (&meeting.changed);
  g_mutex_clear (&meeting.mutex);
}

static void
compute (WsSpectrum *spectrum, const WsMatrix *matrix, WsTeam *team)
{
  const WsPlace place = { .team = team };
  WsSpectrumOptions options;
  GError *error = NULL;

  ws_spectrum_options_init (&options);
  ws_spectrum_compute (spectrum, matrix, TRUE, &options, &place, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Large enough to be cut into tiles in every stage. */
static void
test_help_changes_no_bit_of_a_spectrum (Helpers *self, gconstpointer n_helpers)
{
  const gsize n_rows = 1700, n_cols = 1601, n = n_rows * n_cols;
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  float *w = g_new (float, n);
  g_autoptr (GBytes) bytes = g_bytes_new_take (w, n * sizeof *w);
  g_autoptr (WsSource) source = ws_source_new_bytes ("test", bytes);
  WsTensor tensor = { .name = (char *) "test",
                      .dtype = WS_DTYPE_F32,
                      .n_dims = 2,
                      .dims = { n_rows, n_cols },
                      .n_elements = n,
                      .source = source };
  g_auto (WsSpectrum) alone = { 0 }, helped = { 0 };
  WsMatrix matrix;

  for (gsize i = 0; i < n; i++)
    w[i] = g_rand_double_range (random, -1.0, 1.0);
  ws_matrix_init (&matrix, &tensor, -1);
  compute (&alone, &matrix, NULL);
  compute (&helped, &matrix, self->team);
  g_assert_cmpuint (alone.n_sigma, ==, n_cols);
  g_assert_cmpmem (helped.sigma, helped.n_sigma * sizeof (double), alone.sigma,
                   alone.n_sigma * sizeof (double));
  g_assert_cmpmem (&helped.moments, sizeof helped.moments, &alone.moments, sizeof alone.moments);
}

static void
test_late_helper_is_let_go (void)
{
  g_autoptr (WsTeam) team = ws_team_new ();
  guint ticket = ws_team_get_ticket (team);

  ws_team_release (team);
  ws_team_help (team, ticket);
}

static void
note_order (gsize index, gpointer user_data)
{
  gsize *next = user_data;

  g_assert_cmpuint (index, ==, (*next)++);
}

static void
test_without_a_team_tiles_come_in_order (void)
{
  gsize next = 0;

  ws_team_run (NULL, N_TILES, note_order, &next);
  g_assert_cmpuint (next, ==, N_TILES);
}

#define ADD(path, n, func) g_test_add (path, Helpers, GUINT_TO_POINTER (n), set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  ADD ("/team/every-tile-is-computed-once/alone", 0, test_every_tile_is_computed_once);
  ADD ("/team/every-tile-is-computed-once/helped", 3, test_every_tile_is_computed_once);
  ADD ("/team/threads-run-steps-of-their-own", 2, test_threads_run_steps_of_their_own);
  ADD ("/team/tiles-run-steps-of-their-own", 3, test_tiles_run_steps_of_their_own);
  ADD ("/team/those-that-wait-do-help", 1, test_those_that_wait_do_help);
  ADD ("/team/help-changes-no-bit-of-a-spectrum/one", 1, test_help_changes_no_bit_of_a_spectrum);
  ADD ("/team/help-changes-no-bit-of-a-spectrum/three", 3, test_help_changes_no_bit_of_a_spectrum);
  g_test_add_func ("/team/late-helper-is-let-go", test_late_helper_is_let_go);
  g_test_add_func ("/team/without-a-team-tiles-come-in-order",
                   test_without_a_team_tiles_come_in_order);
  return g_test_run ();
}
