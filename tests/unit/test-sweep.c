/* SPDX-License-Identifier: MIT */
/* A sweep goes through its list, tells the truth, and gives the same numbers in any order. */
#include "base/error.h"
#include "cluster/crew.h"
#include "cluster/pace.h"

#include <math.h>
#include <string.h>

#define N 1500
#define D 6

typedef struct
{
  WsPoints points;
  WsSweepOptions options;
  GPtrArray *told;  /* (element-type WsSweepEntry) */
  GArray *progress; /* (element-type WsSweepProgress) */
  GCancellable *cancellable;
  guint cancel_at; /* k whose entry ends the sweep; 0: none */
} Fixture;

/* Five groups and some noise. */
static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autofree float *values = g_new (float, N *D);

  for (gsize i = 0; i < N; i++)
    for (gsize j = 0; j < D; j++)
      values[i * D + j] = i % 5 * (j + 1.0) + g_rand_double_range (random, -2, 2);
  ws_points_init (&self->points, N, D, values);
  ws_sweep_options_init (&self->options);
  self->options.k_max = 24;
  self->options.n_silhouette = 300;
  self->told = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  self->progress = g_array_new (FALSE, FALSE, sizeof (WsSweepProgress));
  self->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_points_clear (&self->points);
  g_ptr_array_unref (self->told);
  g_array_unref (self->progress);
  g_object_unref (self->cancellable);
}

static void
take_entry (WsSweepEntry *entry, gpointer user_data)
{
  Fixture *self = user_data;

  g_ptr_array_add (self->told, ws_sweep_entry_ref (entry));
  if (entry->clustering->k == self->cancel_at)
    g_cancellable_cancel (self->cancellable);
}

static void
take_progress (const WsSweepProgress *progress, gpointer user_data)
{
  g_array_append_val (((Fixture *) user_data)->progress, *progress);
}

/* (transfer full) */
static GPtrArray *
run (Fixture *self, const GPtrArray *known, WsTeam *team)
{
  WsSweepCallbacks callbacks = { take_entry, take_progress, self };
  GPtrArray *curve = NULL;
  GError *error = NULL;

  ws_sweep_run (&self->points, &self->options, known, &callbacks, team, &curve, NULL, &error);
  g_assert_no_error (error);
  return curve;
}

static void
assert_same_entries (const WsSweepEntry *a, const WsSweepEntry *b)
{
  const WsClustering *x = a->clustering, *y = b->clustering;

  g_assert_cmpuint (x->k, ==, y->k);
  g_assert_cmpmem (x->labels, N * sizeof (guint32), y->labels, N * sizeof (guint32));
  g_assert_cmpmem (x->centroids, x->k * D * sizeof (float), y->centroids,
                   y->k * D * sizeof (float));
  g_assert_cmpmem (x->distances, N * sizeof (float), y->distances, N * sizeof (float));
  g_assert_cmpfloat (x->inertia, ==, y->inertia);
  g_assert_cmpmem (&a->criteria, sizeof a->criteria, &b->criteria, sizeof b->criteria);
  g_assert_cmpmem (&a->silhouette.mean, sizeof (double), &b->silhouette.mean, sizeof (double));
}

static void
assert_same_curves (const GPtrArray *a, const GPtrArray *b)
{
  g_assert_cmpuint (a->len, ==, b->len);
  for (guint i = 0; i < a->len; i++)
    assert_same_entries (a->pdata[i], b->pdata[i]);
}

static void
assert_list (gsize n, guint k, guint k_max, const guint *expected, guint n_expected)
{
  WsSweepOptions options;
  g_autoptr (GArray) list = NULL;

  ws_sweep_options_init (&options);
  options.k = k;
  options.k_max = k_max;
  list = ws_sweep_list_k (n, &options);
  g_assert_cmpmem (list->data, list->len * sizeof (guint), expected, n_expected * sizeof (guint));
}

/* Beyond 20 by the fourth root of 2: 23.8, 28.3, 33.6, 40, 47.6, 56.6, 67.3, 80, 95.1. */
static void
test_list_is_dense_then_geometric (void)
{
  const guint all[] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14,
                        15, 16, 17, 18, 19, 20, 24, 28, 34, 40, 48, 57, 67, 80 };
  guint to_100[G_N_ELEMENTS (all) + 1];

  memcpy (to_100, all, sizeof all);
  to_100[G_N_ELEMENTS (all)] = 100;
  assert_list (1000, 0, 100, to_100, G_N_ELEMENTS (to_100));
  assert_list (1000, 0, 80, all, G_N_ELEMENTS (all));
  assert_list (1000, 0, 3, all, 3);
  assert_list (1000, 0, 20, all, 20);
  assert_list (4, 0, 100, all, 4);
  assert_list (1000, 7, 100, (const guint[]){ 7 }, 1);
  assert_list (1, 0, 100, all, 1);
  /* no k_max is no reason to do nothing */
  assert_list (1000, 0, 0, all, 1);
}

static void
test_entries_come_as_listed (Fixture *self, gconstpointer data)
{
  g_autoptr (GArray) list = ws_sweep_list_k (N, &self->options);
  g_autoptr (GPtrArray) curve = run (self, NULL, NULL);

  g_assert_cmpuint (curve->len, >=, list->len);
  for (guint i = 0; i < list->len; i++)
    {
      const WsSweepEntry *entry = self->told->pdata[i];

      g_assert_cmpuint (entry->clustering->k, ==, g_array_index (list, guint, i));
      g_assert_true (entry->clustering->k == 1 || isfinite (entry->silhouette.mean));
    }
  for (guint i = 1; i < curve->len; i++)
    {
      const WsSweepEntry *entry = curve->pdata[i], *before = curve->pdata[i - 1];

      g_assert_cmpuint (entry->clustering->k, >, before->clustering->k);
      g_assert_cmpfloat (entry->clustering->inertia, <, before->clustering->inertia);
    }
  g_assert_cmpuint (ws_sweep_get_next_k (N, &self->options, curve), ==, 0);
}

static void
test_known_entries_are_taken_over (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) expected = run (self, NULL, NULL);
  g_autoptr (GPtrArray) known = g_ptr_array_new ();
  g_autoptr (GPtrArray) curve = NULL;
  guint n_taken = 0;

  /* every other one, in the wrong order */
  for (guint i = 0; i < expected->len; i += 2)
    g_ptr_array_insert (known, 0, expected->pdata[i]);
  g_ptr_array_set_size (self->told, 0);
  curve = run (self, known, NULL);
  assert_same_curves (curve, expected);
  g_assert_cmpuint (self->told->len, ==, expected->len);
  for (guint i = 0; i < curve->len; i++)
    n_taken += curve->pdata[i] == expected->pdata[i];
  g_assert_cmpuint (n_taken, ==, known->len);
}

static void
test_one_k_alone_is_that_of_the_sweep (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) sweep = run (self, NULL, NULL);

  for (guint i = 0; i < sweep->len; i += 5)
    {
      g_autoptr (GPtrArray) curve = NULL;

      self->options.k = ((WsSweepEntry *) sweep->pdata[i])->clustering->k;
      curve = run (self, NULL, NULL);
      g_assert_cmpuint (curve->len, ==, 1);
      assert_same_entries (curve->pdata[0], sweep->pdata[i]);
    }
}

static void
test_bits_do_not_depend_on_threads (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) expected = run (self, NULL, NULL);

  for (guint n_threads = 2; n_threads < 4; n_threads++)
    {
      g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
      g_autoptr (GPtrArray) curve = run (self, NULL, ws_crew_get_team (crew));

      assert_same_curves (curve, expected);
    }
}

/* Without it distances of pairs are computed anew for each k. */
static void
test_bits_do_not_depend_on_memory (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) expected = run (self, NULL, NULL);
  g_autoptr (GPtrArray) curve = NULL;

  self->options.spare_bytes = 0;
  curve = run (self, NULL, NULL);
  assert_same_curves (curve, expected);
}

static void
test_progress_never_goes_back (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) curve = run (self, NULL, NULL);
  const WsSweepProgress *last;

  g_assert_cmpuint (self->progress->len, >, curve->len);
  for (guint i = 0; i < self->progress->len; i++)
    {
      const WsSweepProgress *progress = &g_array_index (self->progress, WsSweepProgress, i);

      g_assert_cmpfloat (progress->share, >=, 0);
      g_assert_cmpfloat (progress->share, <=, 1);
      g_assert_cmpuint (progress->n_done, <=, progress->n_total);
      g_assert_true (i == 0 || progress->share >= progress[-1].share);
      g_assert_true (i == 0 || progress->n_done >= progress[-1].n_done);
    }
  last = &g_array_index (self->progress, WsSweepProgress, self->progress->len - 1);
  g_assert_cmpfloat (last->share, ==, 1);
  g_assert_cmpfloat (last->seconds_left, ==, 0);
  g_assert_cmpuint (last->n_done, ==, curve->len);
}

/* (transfer full): an entry of which nothing but the curve is known. */
static WsSweepEntry *
make_entry (guint k, double inertia)
{
  WsSweepEntry *entry = g_new0 (WsSweepEntry, 1);
  WsClustering *clustering = g_new0 (WsClustering, 1);

  *clustering = (WsClustering){ .k = k, .inertia = inertia, .ref_count = 1 };
  *entry = (WsSweepEntry){ .clustering = clustering,
                           .criteria = { NAN, NAN, NAN },
                           .silhouette = { .mean = NAN },
                           .ref_count = 1 };
  return entry;
}

/* Falls by 1 for each k up to the elbow, then hardly: all rules say the elbow, once it is there. */
static double
get_bent (guint k, guint elbow)
{
  return 1000 - (k < elbow ? k : elbow + 0.001 * (k - elbow));
}

static void
test_elbow_beyond_the_dense_part_is_surrounded (void)
{
  g_autoptr (GPtrArray) curve =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  const guint elbow = 44;
  gboolean seen[102] = { FALSE };
  WsSweepOptions options;
  const guint n_listed = 29;
  guint k;

  ws_sweep_options_init (&options);
  /* what nobody asked for does not count */
  g_ptr_array_add (curve, make_entry (97, 0));
  while ((k = ws_sweep_get_next_k (1000, &options, curve)) > 0)
    {
      g_autoptr (GArray) expected = _ws_sweep_list_expected (1000, &options, curve);

      g_assert_cmpuint (g_array_index (expected, guint, 0), ==, k);
      g_assert_cmpuint (k, <=, 100);
      g_assert_false (seen[k]);
      seen[k] = TRUE;
      g_ptr_array_add (curve, make_entry (k, get_bent (k, elbow)));
      g_assert_cmpuint (curve->len, <, n_listed + 20);
    }
  g_assert_cmpuint (curve->len, >, n_listed);
  for (k = elbow - 1; k <= elbow + 1; k++)
    g_assert_true (seen[k]);
}

/* What is done stays good. */
static void
test_cancel_ends_it_after_an_entry (Fixture *self, gconstpointer data)
{
  WsSweepCallbacks callbacks = { take_entry, NULL, self };
  GPtrArray *curve = NULL;
  g_autoptr (GError) error = NULL;

  self->cancel_at = 4;
  g_assert_false (ws_sweep_run (&self->points, &self->options, NULL, &callbacks, NULL, &curve,
                                self->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (curve);
  g_assert_cmpuint (self->told->len, ==, 4);
}

static void
test_sweep_ends_at_the_number_of_different_points (Fixture *self, gconstpointer data)
{
  const float values[] = { 1, 2, 2, 1, 8, 8, 8, 9 };
  g_autoptr (GPtrArray) curve = NULL;

  ws_points_clear (&self->points);
  ws_points_init (&self->points, 8, 1, values);
  curve = run (self, NULL, NULL);
  g_assert_cmpuint (curve->len, ==, 4);
  g_assert_cmpfloat (((WsSweepEntry *) curve->pdata[3])->clustering->inertia, ==, 0);
}

static void
test_single_point_makes_a_curve_of_one (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) curve = NULL;

  ws_points_clear (&self->points);
  ws_points_init (&self->points, 1, 3, (const float[]){ 1, 2, 3 });
  curve = run (self, NULL, NULL);
  g_assert_cmpuint (curve->len, ==, 1);
}

static void
assert_refused (Fixture *self, WsError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (
      ws_sweep_run (&self->points, &self->options, NULL, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, WS_ERROR, code);
}

static void
test_what_cannot_be_is_said (Fixture *self, gconstpointer data)
{
  self->options.k = N + 1;
  assert_refused (self, WS_ERROR_ARGUMENT);
  self->options.k = 0;
  self->options.memory_limit = 1000;
  assert_refused (self, WS_ERROR_UNSUPPORTED);
}

int
main (int argc, char *argv[])
{
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/sweep/list-is-dense-then-geometric", test_list_is_dense_then_geometric);
  g_test_add_func ("/sweep/elbow-beyond-the-dense-part-is-surrounded",
                   test_elbow_beyond_the_dense_part_is_surrounded);
  ADD ("/sweep/entries-come-as-listed", test_entries_come_as_listed);
  ADD ("/sweep/known-entries-are-taken-over", test_known_entries_are_taken_over);
  ADD ("/sweep/one-k-alone-is-that-of-the-sweep", test_one_k_alone_is_that_of_the_sweep);
  ADD ("/sweep/bits-do-not-depend-on-threads", test_bits_do_not_depend_on_threads);
  ADD ("/sweep/bits-do-not-depend-on-memory", test_bits_do_not_depend_on_memory);
  ADD ("/sweep/progress-never-goes-back", test_progress_never_goes_back);
  ADD ("/sweep/cancel-ends-it-after-an-entry", test_cancel_ends_it_after_an_entry);
  ADD ("/sweep/sweep-ends-at-the-number-of-different-points",
       test_sweep_ends_at_the_number_of_different_points);
  ADD ("/sweep/single-point-makes-a-curve-of-one", test_single_point_makes_a_curve_of_one);
  ADD ("/sweep/what-cannot-be-is-said", test_what_cannot_be_is_said);
  return g_test_run ();
}
