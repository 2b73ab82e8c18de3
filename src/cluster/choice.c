/* SPDX-License-Identifier: MIT */
/* Which k of a curve is taken, and why. */
#include "cluster/choice.h"

#include <math.h>

/* A judgement: in hundreds of dimensions, a few dozen of which count, a round cloud has that. */
#define ABOUT_ZERO 0.02
/* A judgement: less of a difference between two silhouettes is not worth a sentence. */
#define WORTH_TELLING 0.1

static const char *const keys[WS_N_CRITERIA] = { "elbow", "f-ratio", "silhouette" };

const char *
ws_criterion_get_key (WsCriterion criterion)
{
  g_return_val_if_fail (criterion < WS_N_CRITERIA, NULL);
  return keys[criterion];
}

gboolean
ws_criterion_from_key (const char *key, WsCriterion *criterion)
{
  for (guint i = 0; i < WS_N_CRITERIA; i++)
    if (g_strcmp0 (key, keys[i]) == 0)
      {
        *criterion = i;
        return TRUE;
      }
  return FALSE;
}

static const WsSweepEntry *
get_entry (const GPtrArray *curve, guint k)
{
  for (guint i = 0; i < curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (curve, i);

      if (entry->clustering->k == k)
        return entry;
    }
  return NULL;
}

typedef double (*ValueFunc) (const WsSweepEntry *entry);

static double
get_silhouette (const WsSweepEntry *entry)
{
  return entry->silhouette.mean;
}

static double
get_ratio (const WsSweepEntry *entry)
{
  return entry->criteria.calinski_harabasz;
}

/* The k with the greatest value; 0: none is known.
 * @proposals: (nullable): the only ones that count */
static guint
find_greatest (const GPtrArray *curve, ValueFunc get_value, const WsElbow *proposals)
{
  double greatest = NAN;
  guint found = 0;

  for (guint i = 0; i < curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (curve, i);
      const guint k = entry->clustering->k;
      const double value = get_value (entry);

      if (proposals && k != proposals->second_difference && k != proposals->kneedle &&
          k != proposals->chord)
        continue;
      if (value > greatest || (isnan (greatest) && !isnan (value)))
        {
          greatest = value;
          found = k;
        }
    }
  return found;
}

static void
find_elbow (WsElbow *self, const GPtrArray *curve)
{
  g_autofree guint *k = g_new (guint, curve->len);
  g_autofree double *inertia = g_new (double, curve->len);

  for (guint i = 0; i < curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (curve, i);

      k[i] = entry->clustering->k;
      inertia[i] = entry->clustering->inertia;
    }
  ws_elbow_find (self, k, inertia, curve->len);
}

/* Finds the k to tell of beside the chosen one; greater_k 0: there is none. */
static void
find_greater (WsChoice *self, const GPtrArray *curve)
{
  self->greater_k = 0;
  self->greater_silhouette = NAN;
  for (guint i = 0; i < curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (curve, i);
      const double value = entry->silhouette.mean;
      const double errors = self->standard_error + entry->silhouette.standard_error;

      /* false of what is not known */
      if (!(value > self->silhouette + fmax (2.0 * errors, WORTH_TELLING)))
        continue;
      if (self->greater_k == 0 || value > self->greater_silhouette)
        {
          self->greater_k = entry->clustering->k;
          self->greater_silhouette = value;
        }
    }
}

/* Sets k and what is known of it. */
static void
take (WsChoice *self, const GPtrArray *curve, guint k, WsChoiceReason reason)
{
  const WsSweepEntry *entry = get_entry (curve, k);

  self->k = k;
  self->reason = reason;
  self->silhouette = entry ? entry->silhouette.mean : NAN;
  self->standard_error = entry ? entry->silhouette.standard_error : NAN;
  self->no_structure = entry && self->silhouette - 2.0 * self->standard_error <=
                                    fmax (ABOUT_ZERO, 1.0 / entry->clustering->d);
  find_greater (self, curve);
}

/* @k: 0: there is no such k */
static void
take_or_least (WsChoice *self, const GPtrArray *curve, guint k, WsChoiceReason reason)
{
  const WsSweepEntry *least = g_ptr_array_index (curve, 0);

  take (self, curve, k > 0 ? k : least->clustering->k, reason);
}

static void
take_elbow (WsChoice *self, const GPtrArray *curve)
{
  const WsElbow *elbow = &self->elbow;

  if (self->agree)
    take (self, curve, elbow->kneedle, WS_CHOICE_AGREED);
  else if (elbow->second_difference > 0 || elbow->kneedle > 0 || elbow->chord > 0)
    {
      guint k = find_greatest (curve, get_silhouette, elbow);

      if (k == 0)
        k = elbow->kneedle > 0 ? elbow->kneedle : MAX (elbow->second_difference, elbow->chord);
      take (self, curve, k, WS_CHOICE_DISAGREED);
    }
  else
    take_or_least (self, curve, find_greatest (curve, get_silhouette, NULL), WS_CHOICE_NO_ELBOW);
}

void
ws_choice_make (WsChoice *self, const GPtrArray *curve, WsCriterion criterion)
{
  *self = (WsChoice){
    .criterion = criterion, .silhouette = NAN, .standard_error = NAN, .greater_silhouette = NAN
  };
  if (curve->len == 0)
    return;
  find_elbow (&self->elbow, curve);
  self->agree = ws_elbow_is_agreed (&self->elbow);
  if (curve->len == 1)
    take_or_least (self, curve, 0, WS_CHOICE_ONLY);
  else if (criterion == WS_CRITERION_ELBOW)
    take_elbow (self, curve);
  else
    {
      const guint k = find_greatest (
          curve, criterion == WS_CRITERION_F_RATIO ? get_ratio : get_silhouette, NULL);

      take_or_least (self, curve, k, k > 0 ? WS_CHOICE_GREATEST : WS_CHOICE_UNKNOWN);
    }
}

void
ws_choice_overrule (WsChoice *self, const GPtrArray *curve, guint k)
{
  take (self, curve, k, WS_CHOICE_USER);
}
