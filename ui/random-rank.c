/* SPDX-License-Identifier: MIT */
/* Energy ranks of noise, by integrating the Marchenko-Pastur density. */
#include "random-rank.h"

#include <math.h>

/* The integrand is smooth after the substitution, so that the midpoint rule on a whole period
 * converges geometrically; 2048 points are good to far below a pixel even for a square matrix. */
#define N_POINTS 2048

typedef struct
{
  double beta;
  double fraction;
} Key;

static guint
hash_key (gconstpointer data)
{
  const Key *key = data;

  return g_double_hash (&key->beta) ^ (31 * g_double_hash (&key->fraction));
}

static gboolean
equal_keys (gconstpointer a, gconstpointer b)
{
  const Key *x = a;
  const Key *y = b;

  return x->beta == y->beta && x->fraction == y->fraction;
}

/* Eigenvalues x of W W^T / (s^2 p) have density sqrt((b - x)(x - a)) / (2 pi beta x) on [a, b],
 * a, b = (1 -+ sqrt(beta))^2. With x = 1 + beta + 2 sqrt(beta) cos t, t in [0, pi], the square root
 * and dx combine to (2 sqrt(beta) sin t)^2 dt: no singular end is left but at beta = 1, t = pi, and
 * there the quotient by x stays finite. From t = 0 upward the eigenvalues descend, as in the rank.
 */
static double
integrate_share (double beta, double fraction)
{
  double root = sqrt (beta);
  double step = G_PI / N_POINTS;
  double count = 0;
  double energy = 0; /* the mean of x is 1, so that the whole energy is 1 */

  for (guint i = 0; i < N_POINTS; i++)
    {
      double t = (i + 0.5) * step;
      double x = 1 + beta + 2 * root * cos (t);
      double s = 2 * root * sin (t);
      double energy_step = s * s * step / (2 * G_PI * beta);

      if (energy + energy_step >= fraction)
        return count + (fraction - energy) / energy_step * (energy_step / x);
      energy += energy_step;
      count += energy_step / x;
    }
  return count;
}

double
ws_random_rank_share (guint64 n_rows, guint64 n_cols, double fraction)
{
  static GHashTable *shares;
  Key key = { 0, fraction };
  double *share;

  if (n_rows == 0 || n_cols == 0)
    return NAN;
  key.beta = (double) MIN (n_rows, n_cols) / MAX (n_rows, n_cols);
  if (shares == NULL)
    shares = g_hash_table_new_full (hash_key, equal_keys, g_free, g_free);
  share = g_hash_table_lookup (shares, &key);
  if (share == NULL)
    {
      share = g_new (double, 1);
      *share = integrate_share (key.beta, fraction);
      g_hash_table_insert (shares, g_memdup2 (&key, sizeof key), share);
    }
  return *share;
}
