/* SPDX-License-Identifier: MIT */
/* The k that is taken: of curves written down, and of sweeps over clouds whose clusters are known.
 */
#include "cluster/choice.h"

#include "cluster-fixture.h"
#include "cluster/crew.h"

#include <math.h>
#include <string.h>

/* What a choice looks at, of k = 1, 2, … */
typedef struct
{
  guint n;
  double inertia[8];
  double silhouette[8];
  double ratio[8];
  double standard_error;
  gsize d;
} Values;

/* (transfer full) */
static GPtrArray *
make_curve (const Values *values)
{
  GPtrArray *curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);

  for (guint i = 0; i < values->n; i++)
    {
      WsSweepEntry *entry = g_new0 (WsSweepEntry, 1);

      entry->ref_count = 1;
      entry->clustering = g_new0 (WsClustering, 1);
      entry->clustering->ref_count = 1;
      entry->clustering->k = i + 1;
      entry->clustering->d = values->d > 0 ? values->d : 1000;
      entry->clustering->inertia = values->inertia[i];
      entry->silhouette.mean = i > 0 ? values->silhouette[i] : NAN;
      entry->silhouette.standard_error = i > 0 ? values->standard_error : NAN;
      entry->criteria.calinski_harabasz = i > 0 ? values->ratio[i] : NAN;
      g_ptr_array_add (curve, entry);
    }
  return curve;
}

static void
choose (WsChoice *choice, const Values *values, WsCriterion criterion)
{
  g_autoptr (GPtrArray) curve = make_curve (values);

  ws_choice_make (choice, curve, criterion);
}

static void
assert_says (const WsChoice *choice, const char *sentence)
{
  g_autofree char *text = ws_choice_describe (choice, FALSE);

  g_assert_cmpstr (text, ==, sentence);
}

static void
test_keys (void)
{
  for (guint i = 0; i < WS_N_CRITERIA; i++)
    {
      WsCriterion criterion = WS_N_CRITERIA;

      g_assert_true (ws_criterion_from_key (ws_criterion_get_key (i), &criterion));
      g_assert_cmpuint (criterion, ==, i);
      g_assert_false (ws_criterion_from_key ("Elbow", &criterion));
      g_assert_false (ws_criterion_from_key (NULL, &criterion));
      g_assert_cmpuint (criterion, ==, i);
    }
  g_assert_cmpstr (ws_criterion_get_key (WS_CRITERION_F_RATIO), ==, "f-ratio");
}

static void
test_agreed (void)
{
  const Values values = { .n = 6,
                          .inertia = { 100, 90, 10, 8, 6, 4 },
                          .silhouette = { 0, .4, .5, .9, .1, .1 },
                          .standard_error = .002 };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 3);
  g_assert_cmpuint (choice.reason, ==, WS_CHOICE_AGREED);
  g_assert_true (choice.agree);
  g_assert_false (choice.no_structure);
  assert_says (&choice, "k = 3 is the elbow: all three rules for it agree. "
                        "The mean silhouette is 0.500 ± 0.002, usually read as weak structure. "
                        "k = 4 has a greater silhouette, 0.900.");
}

/* k-means of 1 2 3 10 11 12 20 21 22: the rules say 2, 3 and 3. */
static void
test_disagreed (void)
{
  Values values = { .n = 7,
                    .inertia = { 548, 127.5, 6, 4.5, 3, 1.5, 1 },
                    .silhouette = { 0, .6, .85, .9, .9, .9, .9 } };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 3);
  g_assert_cmpuint (choice.reason, ==, WS_CHOICE_DISAGREED);
  g_assert_false (choice.agree);
  assert_says (&choice,
               "The three rules for the elbow disagree (second difference 2, Kneedle 3, chord 3); "
               "k = 3 has the greatest silhouette of these. The mean silhouette is 0.850, usually "
               "read as strong structure.");
  values.silhouette[1] = .86;
  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 2);
  values.silhouette[1] = values.silhouette[2];
  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 2);
  values.silhouette[1] = values.silhouette[2] = NAN;
  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 3);
  assert_says (&choice,
               "The three rules for the elbow disagree (second difference 2, Kneedle 3, chord 3), "
               "and no silhouette of these is known; k = 3 is taken.");
}

static void
test_no_elbow (void)
{
  const Values values = { .n = 4, .inertia = { 40, 30, 20, 10 }, .silhouette = { 0, .2, .3, .3 } };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 3);
  g_assert_cmpuint (choice.reason, ==, WS_CHOICE_NO_ELBOW);
  assert_says (&choice, "The curve has no elbow; k = 3 has the greatest silhouette. "
                        "The mean silhouette is 0.300, usually read as weak structure.");
}

static void
test_greatest (void)
{
  const Values values = {
    .n = 4, .inertia = { 40, 11, 10 }, .silhouette = { 0, .2, .3, .4 }, .ratio = { 0, 5, 7 }
  };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_SILHOUETTE);
  g_assert_cmpuint (choice.k, ==, 4);
  g_assert_cmpuint (choice.elbow.chord, ==, 2);
  assert_says (&choice, "k = 4 has the greatest silhouette. "
                        "The mean silhouette is 0.400, usually read as weak structure.");
  choose (&choice, &values, WS_CRITERION_F_RATIO);
  g_assert_cmpuint (choice.k, ==, 3);
  assert_says (&choice, "k = 3 has the greatest F ratio (Calinski-Harabasz). "
                        "The mean silhouette is 0.300, usually read as weak structure.");
}

/* The rules agree on k = 3; the others of the curve have what is said here. */
static guint
find_greater (double silhouette, double greater, double standard_error)
{
  const Values values = { .n = 6,
                          .inertia = { 100, 90, 10, 8, 6, 4 },
                          .silhouette = { 0, .1, silhouette, silhouette, greater, greater },
                          .standard_error = standard_error };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_cmpuint (choice.k, ==, 3);
  g_assert_true (isnan (choice.greater_silhouette) == (choice.greater_k == 0));
  return choice.greater_k;
}

static void
test_greater (void)
{
  /* by more than a tenth … */
  g_assert_cmpuint (find_greater (.5, .59, 0.0), ==, 0);
  g_assert_cmpuint (find_greater (.5, .61, 0.0), ==, 5);
  /* … and by more than two standard errors of each: 0.2 here */
  g_assert_cmpuint (find_greater (.5, .69, .05), ==, 0);
  g_assert_cmpuint (find_greater (.5, .71, .05), ==, 5);
  g_assert_cmpuint (find_greater (.5, NAN, 0.0), ==, 0);
  g_assert_cmpuint (find_greater (NAN, .9, 0.0), ==, 0);
}

static void
test_reading (void)
{
  const struct
  {
    double value;
    const char *says;
  } cases[] = {
    { .068, "0.068, usually read as no substantial structure." },
    { .25, "0.250, usually read as no substantial structure." },
    { .251, "0.251, usually read as weak structure." },
    { .5, "0.500, usually read as weak structure." },
    { .501, "0.501, usually read as reasonable structure." },
    { .7, "0.700, usually read as reasonable structure." },
    { .701, "0.701, usually read as strong structure." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const Values values = { .n = 2, .inertia = { 9, 1 }, .silhouette = { 0, cases[i].value } };
      g_autofree char *sentence = g_strconcat (
          "k = 2 has the greatest silhouette. The mean silhouette is ", cases[i].says, NULL);
      WsChoice choice;

      choose (&choice, &values, WS_CRITERION_SILHOUETTE);
      assert_says (&choice, sentence);
    }
}

static void
test_no_structure (void)
{
  Values values = {
    .n = 4, .inertia = { 40, 11, 10 }, .silhouette = { 0, .022, -.1, -.1 }, .standard_error = .001
  };
  WsChoice choice;

  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_true (choice.no_structure);
  assert_says (&choice, "k = 2 is the elbow: all three rules for it agree. There is no cluster "
                        "structure: the mean silhouette, 0.022 ± 0.001, is no greater than that of "
                        "a single round cloud.");
  values.silhouette[1] = .0221;
  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_false (choice.no_structure);
  /* a round cloud of 48 dimensions in halves */
  values.d = 48;
  choose (&choice, &values, WS_CRITERION_ELBOW);
  g_assert_true (choice.no_structure);
}

static void
test_hardly_any (void)
{
  const Values none = { 0 }, one = { .n = 1, .inertia = { 5 } };
  const Values unknown = {
    .n = 2, .inertia = { 5, 5 }, .silhouette = { NAN, NAN }, .ratio = { NAN, NAN }
  };
  const char *const says[WS_N_CRITERIA] = {
    [WS_CRITERION_ELBOW] =
        "The curve has no elbow, and no silhouette is known; k = 1 is the least.",
    [WS_CRITERION_F_RATIO] = "No F ratio (Calinski-Harabasz) is known; k = 1 is the least.",
    [WS_CRITERION_SILHOUETTE] = "No silhouette is known; k = 1 is the least.",
  };
  WsChoice choice;

  for (guint i = 0; i < WS_N_CRITERIA; i++)
    {
      choose (&choice, &none, i);
      g_assert_cmpuint (choice.k, ==, 0);
      g_assert_false (choice.no_structure);
      assert_says (&choice, "There is no k to choose from.");
      choose (&choice, &one, i);
      g_assert_cmpuint (choice.k, ==, 1);
      assert_says (&choice, "k = 1 is the only one that was computed.");
      choose (&choice, &unknown, i);
      g_assert_cmpuint (choice.k, ==, 1);
      g_assert_true (isnan (choice.silhouette));
      assert_says (&choice, says[i]);
    }
}

static void
test_overrule (void)
{
  const Values values = { .n = 4, .inertia = { 40, 11, 10 }, .silhouette = { 0, .2, .3, .005 } };
  g_autoptr (GPtrArray) curve = make_curve (&values);
  WsChoice choice;

  ws_choice_make (&choice, curve, WS_CRITERION_ELBOW);
  ws_choice_overrule (&choice, curve, 4);
  g_assert_cmpuint (choice.k, ==, 4);
  g_assert_cmpuint (choice.elbow.chord, ==, 2);
  g_assert_true (choice.no_structure);
  assert_says (&choice,
               "k = 4 was chosen by hand. "
               "There is no cluster structure: the mean silhouette, 0.005, is no greater "
               "than that of a single round cloud. k = 3 has a greater silhouette, 0.300.");
  ws_choice_overrule (&choice, curve, 77);
  g_assert_cmpuint (choice.k, ==, 77);
  g_assert_true (isnan (choice.silhouette));
  assert_says (&choice, "k = 77 was chosen by hand.");
}

static void
choose_of_sweep (WsChoice *choice, const ClusterFixture *fixture, guint k_max)
{
  g_autoptr (WsCrew) crew = ws_crew_new (2);
  g_autoptr (GPtrArray) curve = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  WsSweepOptions options;

  ws_sweep_options_init (&options);
  options.k_max = k_max;
  options.n_silhouette = 1000;
  g_assert_true (ws_sweep_run (&fixture->points, &options, NULL, NULL, ws_crew_get_team (crew),
                               &curve, NULL, &error));
  g_assert_no_error (error);
  ws_choice_make (choice, curve, WS_CRITERION_ELBOW);
  text = ws_choice_describe (choice, FALSE);
  g_test_message ("%s", text);
}

static void
test_planted (void)
{
  const struct
  {
    gsize n;
    guint k, k_max;
  } cases[] = {
    { 6000, 7, 40 }, { 2000, 3, 40 }, { 2000, 2, 30 }, { 2000, 15, 30 }, { 3000, 40, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ClusterFixture) fixture = { 0 };
      WsChoice choice;

      cluster_fixture_init_planted (&fixture, cases[i].n, 64, cases[i].k, 8.0, i);
      choose_of_sweep (&choice, &fixture, cases[i].k_max);
      g_assert_cmpuint (choice.k, ==, cases[i].k);
      g_assert_false (choice.no_structure);
    }
}

static void
test_cloud (void)
{
  const gsize dims[] = { 8, 64 };

  for (guint i = 0; i < G_N_ELEMENTS (dims); i++)
    {
      g_auto (ClusterFixture) fixture = { 0 };
      WsChoice choice;

      cluster_fixture_init_planted (&fixture, 2000, dims[i], 1, 0.0, 1);
      choose_of_sweep (&choice, &fixture, 30);
      g_assert_true (choice.no_structure);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/choice/keys", test_keys);
  g_test_add_func ("/choice/rules-that-agree", test_agreed);
  g_test_add_func ("/choice/silhouette-judges-rules-that-disagree", test_disagreed);
  g_test_add_func ("/choice/no-elbow", test_no_elbow);
  g_test_add_func ("/choice/greatest", test_greatest);
  g_test_add_func ("/choice/a-much-greater-silhouette-is-told-of", test_greater);
  g_test_add_func ("/choice/silhouette-is-put-in-words", test_reading);
  g_test_add_func ("/choice/no-structure", test_no_structure);
  g_test_add_func ("/choice/hardly-any-curve", test_hardly_any);
  g_test_add_func ("/choice/the-user-may-overrule", test_overrule);
  g_test_add_func ("/choice/what-was-planted", test_planted);
  g_test_add_func ("/choice/a-round-cloud-has-no-structure", test_cloud);
  return g_test_run ();
}
