/* SPDX-License-Identifier: MIT */
/* Which rows a filter keeps. */
#include "analysis/filter-private.h"

#include <math.h>
#include <string.h>

void
_ws_filter_test_free (gpointer data)
{
  WsFilterTest *test = data;

  g_clear_pointer (&test->glob, g_pattern_spec_free);
  g_free (test->text);
  g_free (test);
}

char *
_ws_filter_fold (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_utf8_casefold (valid, -1);
}

void
ws_filter_free (WsFilter *self)
{
  if (self == NULL)
    return;
  for (guint kind = 0; kind < WS_FILTER_N_KINDS; kind++)
    g_ptr_array_unref (self->alternatives[kind]);
  g_ptr_array_unref (self->required);
  g_ptr_array_unref (self->forbidden);
  g_free (self);
}

/* @word: folded. Almost all names are ASCII: those are not folded first. */
static gboolean
contains (const char *text, const char *word)
{
  gsize n = strlen (word);

  if (!g_str_is_ascii (text))
    {
      g_autofree char *folded = _ws_filter_fold (text);

      return strstr (folded, word) != NULL;
    }
  for (; *text != '\0'; text++)
    if (g_ascii_tolower (*text) == *word && g_ascii_strncasecmp (text, word, n) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
name_matches (const WsFilterTest *test, const char *name)
{
  if (test->glob == NULL)
    return contains (name, test->text);
  if (g_utf8_validate (name, -1, NULL))
    return g_pattern_spec_match_string (test->glob, name);
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  return g_pattern_spec_match_string (test->glob, valid);
}

static double
get_value (const WsFilterTest *test, const WsResult *result)
{
  switch (test->value)
    {
    case WS_FILTER_VALUE_METRIC:
      return ws_metric_get (&result->metrics, &test->metric);
    case WS_FILTER_VALUE_ROWS:
      return (double) result->n_rows;
    case WS_FILTER_VALUE_COLS:
      return (double) result->n_cols;
    }
  g_return_val_if_reached (NAN);
}

static gboolean
comparison_holds (const WsFilterTest *test, const WsResult *result)
{
  double value = get_value (test, result);
  double number = test->number;

  if (test->of_short_side)
    number *= ws_result_is_vector (result) ? NAN : (double) ws_result_get_max_rank (result);
  if (isnan (value) || isnan (number))
    return FALSE;
  switch (test->operator)
    {
    case WS_FILTER_OPERATOR_LESS:
      return value < number;
    case WS_FILTER_OPERATOR_LESS_EQUAL:
      return value <= number;
    case WS_FILTER_OPERATOR_GREATER:
      return value > number;
    case WS_FILTER_OPERATOR_GREATER_EQUAL:
      return value >= number;
    case WS_FILTER_OPERATOR_EQUAL:
      return value == number;
    case WS_FILTER_OPERATOR_NOT_EQUAL:
      return value != number;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
is_between (const WsFilterTest *test, int index)
{
  return index >= test->first && index <= test->last;
}

static gboolean
holds (const WsFilterTest *test, const WsResult *result)
{
  const WsTensor *tensor = result->tensor;

  switch (test->kind)
    {
    case WS_FILTER_KIND_NAME:
      return name_matches (test, tensor->name);
    case WS_FILTER_KIND_TYPE:
      return (int) tensor->block.type == test->code;
    case WS_FILTER_KIND_COARSE:
      return strcmp (ws_block_type_get_coarse (tensor->block.type), test->text) == 0;
    case WS_FILTER_KIND_LAYER:
      return is_between (test, tensor->block.layer_index);
    case WS_FILTER_KIND_EXPERT:
      return is_between (test, ws_result_get_expert (result));
    case WS_FILTER_KIND_DTYPE:
      return (int) tensor->dtype == test->code;
    case WS_FILTER_KIND_STATE:
      return (int) result->state == test->code;
    case WS_FILTER_KIND_STACK:
      return contains (tensor->block.stack != NULL ? tensor->block.stack : "", test->text);
    case WS_FILTER_KIND_COMPARISON:
      return comparison_holds (test, result);
    }
  g_return_val_if_reached (FALSE);
}

/* Whether a run of @result may change the answer. */
static gboolean
is_open (const WsFilterTest *test, const WsResult *result)
{
  if (!ws_result_needs_run (result))
    return FALSE;
  /* Headers alone decide these: no run ends in one of them. */
  if (test->kind == WS_FILTER_KIND_STATE)
    return test->code != WS_STATE_EMPTY && test->code != WS_STATE_BUFFER &&
           test->code != WS_STATE_UNSUPPORTED;
  return test->kind == WS_FILTER_KIND_COMPARISON && isnan (get_value (test, result)) &&
         !(test->of_short_side && ws_result_is_vector (result));
}

/* @eventually: now, or after a run */
static gboolean
may_hold (const WsFilterTest *test, const WsResult *result, gboolean eventually)
{
  return (eventually && is_open (test, result)) || holds (test, result);
}

static gboolean
may_fail (const WsFilterTest *test, const WsResult *result, gboolean eventually)
{
  return (eventually && is_open (test, result)) || !holds (test, result);
}

static gboolean
any_may_hold (GPtrArray *tests, const WsResult *result, gboolean eventually)
{
  for (guint i = 0; i < tests->len; i++)
    if (may_hold (g_ptr_array_index (tests, i), result, eventually))
      return TRUE;
  return FALSE;
}

static gboolean
may_match (const WsFilter *self, const WsResult *result, gboolean eventually)
{
  for (guint i = 0; i < self->required->len; i++)
    if (!may_hold (g_ptr_array_index (self->required, i), result, eventually))
      return FALSE;
  for (guint i = 0; i < self->forbidden->len; i++)
    if (!may_fail (g_ptr_array_index (self->forbidden, i), result, eventually))
      return FALSE;
  /* Names, the first kind, take longest: last. */
  for (int kind = WS_FILTER_N_KINDS - 1; kind >= 0; kind--)
    if (self->alternatives[kind]->len > 0 &&
        !any_may_hold (self->alternatives[kind], result, eventually))
      return FALSE;
  return TRUE;
}

gboolean
ws_filter_matches (const WsFilter *self, const WsResult *result)
{
  return may_match (self, result, FALSE);
}

gboolean
ws_filter_may_match (const WsFilter *self, const WsResult *result)
{
  return may_match (self, result, TRUE);
}

static gboolean
any_is_open (GPtrArray *tests, const WsResult *result)
{
  for (guint i = 0; i < tests->len; i++)
    if (is_open (g_ptr_array_index (tests, i), result))
      return TRUE;
  return FALSE;
}

gboolean
ws_filter_needs_run (const WsFilter *self, const WsResult *result)
{
  GPtrArray *states = self->alternatives[WS_FILTER_KIND_STATE];

  return may_match (self, result, TRUE) &&
         (any_is_open (self->required, result) || any_is_open (self->forbidden, result) ||
          (any_is_open (states, result) && !any_may_hold (states, result, FALSE)));
}
