/* SPDX-License-Identifier: MIT */
/* How long a sweep still takes: a line through the times that each k took; before there are two,
 * what is done of the work that is expected. */
#include "cluster/pace.h"

/* What a time counts when the next one comes: the line follows the latest. */
#define FADE 0.8
/* Times that are needed for a line. */
#define LEAST_TIMES 2
/* Seconds before anything is said of those that are left: of less the first steps are no measure.
 */
#define LEAST_SPENT 0.5
/* A row costs as much as so many products, whatever k. */
#define BASE 16

void
ws_pace_init (WsPace *self, gsize n, const WsSweepOptions *options, WsKnownFunc is_known,
              WsWorkFunc estimate_work, gpointer user_data)
{
  g_autoptr (GPtrArray) nothing = g_ptr_array_new ();

  *self = (WsPace){ .n = n,
                    .options = *options,
                    .is_known = is_known,
                    .estimate_work = estimate_work,
                    .user_data = user_data };
  self->left = g_array_new (FALSE, FALSE, sizeof (guint));
  self->start_of_all = g_get_monotonic_time ();
  ws_pace_plan (self, nothing);
}

void
ws_pace_clear (WsPace *self)
{
  g_clear_pointer (&self->left, g_array_unref);
}

void
ws_pace_plan (WsPace *self, const GPtrArray *curve)
{
  g_autoptr (GArray) list = _ws_sweep_list_expected (self->n, &self->options, curve);

  g_array_set_size (self->left, 0);
  for (guint i = 0; i < list->len; i++)
    {
      const guint k = g_array_index (list, guint, i);

      if (!self->is_known (k, self->user_data))
        g_array_append_val (self->left, k);
    }
}

void
ws_pace_begin (WsPace *self, guint k, gboolean is_known, double work)
{
  self->work = is_known ? 0 : work;
  self->k = k;
  self->is_free = is_known;
  self->start = g_get_monotonic_time ();
}

void
ws_pace_end (WsPace *self, double aside)
{
  const double k = self->k, t = (g_get_monotonic_time () - self->start) * 1e-6 - aside;

  self->work_done += self->work;
  /* one cluster is the mean: no measure of any other k */
  if (self->is_free || self->k == 1)
    return;
  self->n_timed++;
  self->s = FADE * self->s + 1;
  self->sk = FADE * self->sk + k;
  self->skk = FADE * self->skk + k * k;
  self->st = FADE * self->st + t;
  self->skt = FADE * self->skt + k * t;
}

/* Seconds that @k will take; @self has seen one at least. */
static double
expect (const WsPace *self, double k)
{
  const double spread = self->s * self->skk - self->sk * self->sk;
  const double mean = self->sk / self->s;
  double slope = spread > 1e-9 * self->s * self->skk
                     ? (self->s * self->skt - self->sk * self->st) / spread
                     : 0;
  double base;

  /* a few times near each other say little of those far away */
  slope = CLAMP (slope, 0, self->st / self->s / (mean + BASE));
  base = self->st / self->s - slope * mean;
  return base + slope * k;
}

guint
ws_pace_count_left (const WsPace *self)
{
  return self->left->len;
}

static double
get_seconds_spent (const WsPace *self)
{
  return (g_get_monotonic_time () - self->start_of_all) * 1e-6;
}

/* As much for each unit of work as so far. */
static double
extrapolate (const WsPace *self, double share_of_k)
{
  const double done = self->work_done + self->work * share_of_k;
  double left = self->work * (1 - share_of_k);

  for (guint i = self->is_free ? 0 : 1; i < self->left->len; i++)
    left += self->estimate_work (g_array_index (self->left, guint, i), self->user_data);
  return done > 0 ? get_seconds_spent (self) * left / done : -1;
}

/* < 0: not known */
static double
estimate_seconds (const WsPace *self, double share_of_k)
{
  double seconds = 0;

  if (self->left->len == 0)
    return 0;
  if (self->n_timed < LEAST_TIMES)
    return extrapolate (self, share_of_k);
  for (guint i = 0; i < self->left->len; i++)
    {
      const guint k = g_array_index (self->left, guint, i);

      seconds += expect (self, k) * (i == 0 && !self->is_free ? 1 - share_of_k : 1);
    }
  return seconds;
}

double
ws_pace_get_seconds_left (const WsPace *self, double share_of_k)
{
  const double seconds = estimate_seconds (self, share_of_k);

  return self->n_timed < LEAST_TIMES && get_seconds_spent (self) < LEAST_SPENT && seconds > 0
             ? -1
             : seconds;
}

double
ws_pace_get_share (WsPace *self, double share_of_k)
{
  const double spent = get_seconds_spent (self), left = estimate_seconds (self, share_of_k);

  if (left == 0 && self->left->len == 0)
    self->share = 1;
  else if (left > 0)
    self->share = MAX (self->share, spent / (spent + left));
  return self->share;
}
