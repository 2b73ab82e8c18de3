/* SPDX-License-Identifier: MIT */
/* A choice in plain words. */
#include "cluster/choice.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The sentence @msgid itself for files, its translation for people. */
static const char *say (const char *msgid, gboolean translated) G_GNUC_FORMAT (1);

static const char *
say (const char *msgid, gboolean translated)
{
  return translated ? _ (msgid) : msgid;
}

/* (transfer full) */
static char *
format_k (guint k, gboolean translated)
{
  if (k == 0)
    /* Translators: a rule that finds no elbow in a curve: "chord none" */
    return g_strdup (say (N_ ("none"), translated));
  return g_strdup_printf ("%u", k);
}

/* Three decimals: (transfer full) */
static char *
format_value (double value, gboolean translated)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (translated)
    return g_strdup_printf ("%.3f", value);
  return g_strdup (g_ascii_formatd (text, sizeof text, "%.3f", value));
}

static char *
describe_disagreement (const WsChoice *self, gboolean translated)
{
  g_autofree char *second = format_k (self->elbow.second_difference, translated);
  g_autofree char *kneedle = format_k (self->elbow.kneedle, translated);
  g_autofree char *chord = format_k (self->elbow.chord, translated);

  if (isnan (self->silhouette))
    return g_strdup_printf (
        say (N_ ("The three rules for the elbow disagree (second difference %s, Kneedle %s, chord "
                 "%s), and no silhouette of these is known; k = %u is taken."),
             translated),
        second, kneedle, chord, self->k);
  return g_strdup_printf (
      say (N_ ("The three rules for the elbow disagree (second difference %s, Kneedle %s, chord "
               "%s); k = %u has the greatest silhouette of these."),
           translated),
      second, kneedle, chord, self->k);
}

static char *
describe_reason (const WsChoice *self, gboolean translated)
{
  switch (self->reason)
    {
    case WS_CHOICE_NONE:
      break;
    case WS_CHOICE_ONLY:
      return g_strdup_printf (say (N_ ("k = %u is the only one that was computed."), translated),
                              self->k);
    case WS_CHOICE_AGREED:
      return g_strdup_printf (
          say (N_ ("k = %u is the elbow: all three rules for it agree."), translated), self->k);
    case WS_CHOICE_DISAGREED:
      return describe_disagreement (self, translated);
    case WS_CHOICE_NO_ELBOW:
      if (isnan (self->silhouette))
        return g_strdup_printf (
            say (N_ ("The curve has no elbow, and no silhouette is known; k = %u is the least."),
                 translated),
            self->k);
      return g_strdup_printf (
          say (N_ ("The curve has no elbow; k = %u has the greatest silhouette."), translated),
          self->k);
    case WS_CHOICE_GREATEST:
      if (self->criterion == WS_CRITERION_F_RATIO)
        return g_strdup_printf (
            say (N_ ("k = %u has the greatest F ratio (Calinski-Harabasz)."), translated), self->k);
      return g_strdup_printf (say (N_ ("k = %u has the greatest silhouette."), translated),
                              self->k);
    case WS_CHOICE_UNKNOWN:
      if (self->criterion == WS_CRITERION_F_RATIO)
        return g_strdup_printf (
            say (N_ ("No F ratio (Calinski-Harabasz) is known; k = %u is the least."), translated),
            self->k);
      return g_strdup_printf (say (N_ ("No silhouette is known; k = %u is the least."), translated),
                              self->k);
    case WS_CHOICE_USER:
      return g_strdup_printf (say (N_ ("k = %u was chosen by hand."), translated), self->k);
    }
  return g_strdup (say (N_ ("There is no k to choose from."), translated));
}

static const char *
read_silhouette (double value, gboolean translated)
{
  if (value <= 0.25)
    /* Translators: this and the next three end "The mean silhouette is 0.4, usually read as …" */
    return say (N_ ("no substantial structure"), translated);
  if (value <= 0.50)
    return say (N_ ("weak structure"), translated);
  if (value <= 0.70)
    return say (N_ ("reasonable structure"), translated);
  return say (N_ ("strong structure"), translated);
}

/* NULL: nothing is known. (transfer full) */
static char *
describe_silhouette (const WsChoice *self, gboolean translated)
{
  g_autofree char *value = NULL;
  g_autofree char *deviation = NULL;

  if (isnan (self->silhouette))
    return NULL;
  value = format_value (self->silhouette, translated);
  deviation = format_value (self->standard_error, translated);
  if (self->no_structure && self->standard_error > 0.0)
    return g_strdup_printf (
        say (N_ ("There is no cluster structure: the mean silhouette, %s ± %s, is no greater than "
                 "that of a single round cloud."),
             translated),
        value, deviation);
  if (self->no_structure)
    return g_strdup_printf (
        say (N_ ("There is no cluster structure: the mean silhouette, %s, is no greater than that "
                 "of a single round cloud."),
             translated),
        value);
  if (self->standard_error > 0.0)
    return g_strdup_printf (
        say (N_ ("The mean silhouette is %s ± %s, usually read as %s."), translated), value,
        deviation, read_silhouette (self->silhouette, translated));
  return g_strdup_printf (say (N_ ("The mean silhouette is %s, usually read as %s."), translated),
                          value, read_silhouette (self->silhouette, translated));
}

/* NULL: there is no such k. (transfer full) */
static char *
describe_greater (const WsChoice *self, gboolean translated)
{
  g_autofree char *value = NULL;

  if (self->greater_k == 0)
    return NULL;
  value = format_value (self->greater_silhouette, translated);
  return g_strdup_printf (say (N_ ("k = %u has a greater silhouette, %s."), translated),
                          self->greater_k, value);
}

char *
ws_choice_describe (const WsChoice *self, gboolean translated)
{
  g_autofree char *reason = describe_reason (self, translated);
  g_autofree char *silhouette = describe_silhouette (self, translated);
  g_autofree char *greater = describe_greater (self, translated);

  /* the first that is NULL ends it: without a silhouette of k none is greater */
  return g_strjoin (" ", reason, silhouette, greater, NULL);
}
