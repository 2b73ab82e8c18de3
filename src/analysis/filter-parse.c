/* SPDX-License-Identifier: MIT */
/* The filter grammar: from text to tests. */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/filter-private.h"
#include "base/error.h"

/* What stands before the colon; a name has no key. */
static const char *const keys[WS_FILTER_N_KINDS] = { "",       "type",  "coarse", "layer",
                                                     "expert", "dtype", "state",  "stack" };

/* The longer ones first, so that "<=" is not read as "<". */
static const char *const operators[] = { "<=", ">=", "!=", "<", ">", "=" };

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, WS_ERROR, WS_ERROR_ARGUMENT, message);
  return FALSE;
}

/* A count of layers or experts; @end behind it. */
static gboolean
parse_index (const char *text, int *index, const char **end)
{
  char *behind;
  guint64 value;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  value = g_ascii_strtoull (text, &behind, 10);
  *index = (int) MIN (value, G_MAXINT);
  *end = behind;
  return TRUE;
}

/* "3", "0-3" or "-" */
static gboolean
parse_range (WsFilterTest *test, const char *word)
{
  const char *end = word;

  if (strcmp (word, "-") == 0)
    {
      test->first = test->last = -1;
      return TRUE;
    }
  if (!parse_index (word, &test->first, &end))
    return FALSE;
  test->last = test->first;
  if (*end == '-' && !parse_index (end + 1, &test->last, &end))
    return FALSE;
  return *end == '\0' && test->first <= test->last;
}

static gboolean
parse_dtype (WsFilterTest *test, const char *word)
{
  g_autofree char *name = g_ascii_strup (word, -1);
  WsDtype dtype;

  if (!ws_dtype_from_name (name, &dtype))
    return FALSE;
  test->code = (int) dtype;
  return TRUE;
}

static gboolean
parse_state (WsFilterTest *test, const char *word)
{
  WsState state;

  if (!ws_state_from_key (word, &state))
    return FALSE;
  test->code = (int) state;
  return TRUE;
}

static gboolean
parse_type (WsFilterTest *test, const char *word)
{
  WsBlockType type;

  if (!ws_block_type_from_key (word, &type))
    return FALSE;
  test->code = (int) type;
  return TRUE;
}

static gboolean
parse_coarse (WsFilterTest *test, const char *word)
{
  for (int type = 0; type < WS_N_BLOCK_TYPES; type++)
    if (strcmp (ws_block_type_get_coarse ((WsBlockType) type), word) == 0)
      {
        test->text = g_strdup (word);
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_name (WsFilterTest *test, const char *word)
{
  g_autofree char *valid = g_utf8_make_valid (word, -1);

  if (strpbrk (word, "*?") != NULL)
    test->glob = g_pattern_spec_new (valid);
  else
    test->text = g_utf8_casefold (valid, -1);
  return TRUE;
}

static gboolean
parse_word (WsFilterTest *test, const char *word)
{
  switch (test->kind)
    {
    case WS_FILTER_KIND_NAME:
      return parse_name (test, word);
    case WS_FILTER_KIND_TYPE:
      return parse_type (test, word);
    case WS_FILTER_KIND_COARSE:
      return parse_coarse (test, word);
    case WS_FILTER_KIND_LAYER:
    case WS_FILTER_KIND_EXPERT:
      return parse_range (test, word);
    case WS_FILTER_KIND_DTYPE:
      return parse_dtype (test, word);
    case WS_FILTER_KIND_STATE:
      return parse_state (test, word);
    case WS_FILTER_KIND_STACK:
      test->text = _ws_filter_fold (word);
      return TRUE;
    case WS_FILTER_KIND_COMPARISON:
      break;
    }
  g_return_val_if_reached (FALSE);
}

static gboolean
set_word_error (GError **error, WsFilterKind kind, const char *word, const char *term)
{
  if (*word == '\0')
    return fail (error, _ ("a word is missing in '%s'"), term);
  switch (kind)
    {
    case WS_FILTER_KIND_TYPE:
    case WS_FILTER_KIND_COARSE:
      return fail (error, _ ("unknown block type '%s' in '%s'"), word, term);
    case WS_FILTER_KIND_DTYPE:
      return fail (error, _ ("unknown element type '%s' in '%s'"), word, term);
    case WS_FILTER_KIND_STATE:
      return fail (error, _ ("unknown state '%s' in '%s'"), word, term);
    default:
      return fail (error, _ ("'%s' in '%s' is no number, no range like 0-3, and not - for none"),
                   word, term);
    }
}

/* @words: separated by '|'. */
static gboolean
parse_words (GPtrArray *tests, WsFilterKind kind, const char *words, const char *term,
             GError **error)
{
  g_auto (GStrv) list = g_strsplit (words, "|", -1);

  if (list[0] == NULL)
    return set_word_error (error, kind, "", term);
  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autoptr (WsFilterTest) test = g_new0 (WsFilterTest, 1);

      test->kind = kind;
      if (*list[i] == '\0' || !parse_word (test, list[i]))
        return set_word_error (error, kind, list[i], term);
      g_ptr_array_add (tests, g_steal_pointer (&test));
    }
  return TRUE;
}

static gboolean
find_metric (GArray *infos, const char *key, WsMetricInfo *metric)
{
  g_autofree char *energy_key = NULL;

  if (g_str_has_prefix (key, "rank") && g_ascii_isdigit (key[4]))
    energy_key = g_strconcat ("rank_energy_", key + 4, NULL);
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);

      if (strcmp (info->key, energy_key != NULL ? energy_key : key) == 0)
        {
          *metric = *info;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
parse_number (WsFilterTest *test, const char *text)
{
  char *end;

  test->number = g_ascii_strtod (text, &end);
  if (end == text || !isfinite (test->number))
    return FALSE;
  if (*end == '%')
    test->number /= 100;
  else if (*end == 'q')
    test->of_short_side = TRUE;
  else
    return *end == '\0';
  return end[1] == '\0';
}

/* @n: length of the key. */
static gboolean
parse_comparison (GPtrArray *tests, const char *term, gsize n, const WsMetricOptions *options,
                  GError **error)
{
  g_autoptr (WsFilterTest) test = g_new0 (WsFilterTest, 1);
  g_autoptr (GArray) infos = ws_metric_infos (options);
  g_autofree char *key = g_strndup (term, n);
  guint i = 0;

  test->kind = WS_FILTER_KIND_COMPARISON;
  if (strcmp (key, "rows") == 0)
    test->value = WS_FILTER_VALUE_ROWS;
  else if (strcmp (key, "cols") == 0)
    test->value = WS_FILTER_VALUE_COLS;
  else if (!find_metric (infos, key, &test->metric))
    return fail (error,
                 _ ("unknown key '%s' in '%s': compare the key of a column, such as rank90, "
                    "stable_rank, std or rows"),
                 key, term);
  while (!g_str_has_prefix (term + n, operators[i]))
    if (++i == G_N_ELEMENTS (operators))
      return fail (error, _ ("'%s' has no comparison like < or >="), term);
  test->operator= (WsFilterOperator) i;
  if (!parse_number (test, term + n + strlen (operators[i])))
    return fail (error, _ ("'%s' does not end in a number, as in rank<0.5q or ratio_90<50%%"),
                 term);
  g_ptr_array_add (tests, g_steal_pointer (&test));
  return TRUE;
}

/* @term: without its '!'. @kind: (out) */
static gboolean
parse_term (GPtrArray *tests, WsFilterKind *kind, const char *term, const WsMetricOptions *options,
            GError **error)
{
  gsize n = strspn (term, "abcdefghijklmnopqrstuvwxyz0123456789_");
  gsize n_with_dots = strspn (term, "abcdefghijklmnopqrstuvwxyz0123456789_.");

  *kind = WS_FILTER_KIND_NAME;
  if (n_with_dots > 0 && term[n_with_dots] != '\0' && strchr ("<>=!", term[n_with_dots]) != NULL)
    {
      *kind = WS_FILTER_KIND_COMPARISON;
      return parse_comparison (tests, term, n_with_dots, options, error);
    }
  if (n == 0 || term[n] != ':')
    return parse_words (tests, WS_FILTER_KIND_NAME, term, term, error);
  for (*kind = WS_FILTER_KIND_TYPE; *kind < WS_FILTER_N_KINDS; *kind += 1)
    if (strlen (keys[*kind]) == n && strncmp (keys[*kind], term, n) == 0)
      return parse_words (tests, *kind, term + n + 1, term, error);
  return fail (error,
               _ ("unknown key '%.*s' in '%s': known are type, coarse, layer, expert, dtype, "
                  "state, stack"),
               (int) n, term, term);
}

static gboolean
add_term (WsFilter *self, const char *term, const WsMetricOptions *options, GError **error)
{
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (_ws_filter_test_free);
  gboolean negated = *term == '!';
  GPtrArray *list;
  WsFilterKind kind;

  if (!parse_term (tests, &kind, term + negated, options, error))
    return FALSE;
  if (negated)
    list = self->forbidden;
  else
    list = kind == WS_FILTER_KIND_COMPARISON ? self->required : self->alternatives[kind];
  g_ptr_array_extend_and_steal (list, g_steal_pointer (&tests));
  return TRUE;
}

WsFilter *
ws_filter_new (const char *text, const WsMetricOptions *options, GError **error)
{
  g_autoptr (WsFilter) self = g_new0 (WsFilter, 1);
  g_auto (GStrv) terms = g_strsplit_set (text, " ,\t\n", -1);

  for (guint kind = 0; kind < WS_FILTER_N_KINDS; kind++)
    self->alternatives[kind] = g_ptr_array_new_with_free_func (_ws_filter_test_free);
  self->required = g_ptr_array_new_with_free_func (_ws_filter_test_free);
  self->forbidden = g_ptr_array_new_with_free_func (_ws_filter_test_free);
  for (guint i = 0; terms[i] != NULL; i++)
    if (*terms[i] != '\0' && !add_term (self, terms[i], options, error))
      return NULL;
  return g_steal_pointer (&self);
}
