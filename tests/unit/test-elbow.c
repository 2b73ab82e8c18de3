/* SPDX-License-Identifier: MIT */
/* Elbows of curves that were worked out by hand or with published programs. */
#include "cluster/elbow.h"

#include <math.h>

#define LONGEST 16

typedef struct
{
  const char *name;
  guint n;
  guint k[LONGEST]; /* all 0: 1, 2, 3, … */
  double inertia[LONGEST];
  WsElbow elbow;
} Case;

static const Case cases[] = {
  /* k-means of 1 2 3 10 11 12 20 21 22, each k at its best: the first fall is the greatest by far,
   * the truth is 3 */
  { "three-runs", 7, { 0 }, { 548, 127.5, 6, 4.5, 3, 1.5, 1 }, { 2, 3, 3 } },
  { "ten", 10, { 0 }, { 1000, 400, 180, 120, 100, 90, 84, 80, 77, 75 }, { 2, 3, 3 } },
  /* over log2 k the second differences at 2 and at 8 are both 80: the first counts */
  { "powers-of-two",
    7,
    { 1, 2, 4, 8, 16, 32, 64 },
    { 1000, 700, 480, 330, 260, 230, 215 },
    { 2, 8, 8 } },
  /* straight over k; bent upwards over log2 k, which counts */
  { "geometric-line", 4, { 10, 20, 40, 80 }, { 80, 70, 50, 10 }, { 0, 0, 0 } },
  /* slopes -10 -10 -2 -2 over steps of 1, 1, 5, 5: differences of the inertia are all the same */
  { "unequal-steps", 5, { 1, 2, 3, 8, 13 }, { 100, 90, 80, 70, 60 }, { 3, 3, 3 } },
  /* slopes -8 -6 -4.6 -0.2 over steps of 1, 1, 10, 10: divided differences 2 at 2, 0.25 at 3, 0.44
   * at 13, where that of the inertia is 44 */
  { "long-steps", 5, { 1, 2, 3, 13, 23 }, { 100, 92, 86, 40, 38 }, { 2, 13, 13 } },
  { "straight", 5, { 0 }, { 50, 40, 30, 20, 10 }, { 0, 0, 0 } },
  { "constant", 4, { 0 }, { 5, 5, 5, 5 }, { 0, 0, 0 } },
  { "zero", 4, { 0 }, { 0, 0, 0, 0 }, { 0, 0, 0 } },
  { "rising", 4, { 0 }, { 1, 2, 3, 5 }, { 0, 0, 0 } },
  { "nan", 5, { 0 }, { 50, 40, NAN, 20, 10 }, { 0, 0, 0 } },
  { "infinity", 5, { 0 }, { INFINITY, 40, 30, 20, 10 }, { 0, 0, 0 } },
  { "two", 2, { 0 }, { 5, 1 }, { 0, 0, 0 } },
  { "one", 1, { 0 }, { 5 }, { 0, 0, 0 } },
  { "none", 0, { 0 }, { 0 }, { 0, 0, 0 } },
  /* to 0 at once: nothing is left to fall */
  { "step", 5, { 0 }, { 9, 0, 0, 0, 0 }, { 2, 2, 2 } },
  /* 0.07, 0.05 and 0.03 below the chord: never a mean step of 0.25, from which to come back */
  { "shallow", 5, { 0 }, { 100, 68, 45, 22, 0 }, { 2, 0, 2 } },
  /* concave: the curve lies above its chord, which has no elbow; it bends down all the way */
  { "concave", 5, { 0 }, { 100, 99, 96, 90, 0 }, { 0, 0, 0 } },
};

static void
test_case (gconstpointer user_data)
{
  const Case *c = user_data;
  guint k[LONGEST];
  WsElbow elbow = { 9, 9, 9 };

  for (guint i = 0; i < c->n; i++)
    k[i] = c->k[0] > 0 ? c->k[i] : i + 1;
  ws_elbow_find (&elbow, k, c->inertia, c->n);
  g_assert_cmpuint (elbow.second_difference, ==, c->elbow.second_difference);
  g_assert_cmpuint (elbow.kneedle, ==, c->elbow.kneedle);
  g_assert_cmpuint (elbow.chord, ==, c->elbow.chord);
}

/* The example of the Python package kneed, -1 / (x + 0.1) + 5 at 10 points from 0 to 1, of which it
 * says 0.222, the third; upside down, which makes it fall. */
static void
test_published_example (void)
{
  guint k[10];
  double inertia[10];
  WsElbow elbow;

  for (guint i = 0; i < 10; i++)
    {
      k[i] = i + 1;
      inertia[i] = 1.0 / (i / 9.0 + 0.1) - 5.0;
    }
  ws_elbow_find (&elbow, k, inertia, 10);
  g_assert_cmpuint (elbow.kneedle, ==, 3);
}

/* An early bump is no elbow for Kneedle, since the curve does not come back from it by a mean step;
 * it is the deepest point for nobody. */
static void
test_bump (void)
{
  const guint k[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
  const double inertia[] = { 1000, 800, 750, 300, 100, 80, 60, 40, 20, 0 };
  WsElbow elbow;

  ws_elbow_find (&elbow, k, inertia, 10);
  g_assert_cmpuint (elbow.kneedle, ==, 5);
  g_assert_cmpuint (elbow.chord, ==, 5);
}

/* The unit is the user's. */
static void
test_scale (void)
{
  const guint k[] = { 1, 2, 3, 4, 5, 6, 7 };
  const double inertia[] = { 548, 127.5, 6, 4.5, 3, 1.5, 1 };

  for (int e = -290; e <= 290; e += 29)
    {
      double scaled[7];
      WsElbow elbow;

      for (guint i = 0; i < 7; i++)
        scaled[i] = inertia[i] * pow (10.0, e);
      ws_elbow_find (&elbow, k, scaled, 7);
      g_assert_cmpuint (elbow.second_difference, ==, 2);
      g_assert_cmpuint (elbow.kneedle, ==, 3);
      g_assert_cmpuint (elbow.chord, ==, 3);
    }
}

static void
test_agreed (void)
{
  const WsElbow agreed = { 3, 3, 3 }, none = { 0 }, not = { 2, 3, 3 };

  g_assert_true (ws_elbow_is_agreed (&agreed));
  g_assert_false (ws_elbow_is_agreed (&none));
  g_assert_false (ws_elbow_is_agreed (&not ));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/elbow/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/elbow/published-example", test_published_example);
  g_test_add_func ("/elbow/a-bump-is-no-elbow", test_bump);
  g_test_add_func ("/elbow/any-unit", test_scale);
  g_test_add_func ("/elbow/agreed", test_agreed);
  return g_test_run ();
}
