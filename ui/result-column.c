/* SPDX-License-Identifier: MIT */
/* What a column of the table shows, sorts by and copies. */
#include "result-column.h"

#include "random-rank.h"

#include "base/format.h"
#include <glib/gi18n-lib.h>
#include <math.h>

typedef struct
{
  WsColumnKind kind;
  const char *key;
  const char *title;
  const char *tooltip;
} Fact;

static const Fact facts[] = {
  { WS_COLUMN_LAYER, "layer_index", N_ ("Layer"), N_ ("Index of the layer; the first one is 0") },
  { WS_COLUMN_BLOCK, "block_type", N_ ("Block"), N_ ("What the tensor does in its layer") },
  { WS_COLUMN_NAME, "param_name", N_ ("Name"), N_ ("Name of the tensor in its file") },
  { WS_COLUMN_SHAPE, "shape", N_ ("Shape"), N_ ("Rows × columns, as stored") },
  { WS_COLUMN_DTYPE, "dtype", N_ ("dtype"), N_ ("Type of the stored elements") },
};

static const Fact state_fact = { WS_COLUMN_STATE, "state", N_ ("State"),
                                 N_ ("How far the analysis of the tensor has come") };

static void
column_free (gpointer data)
{
  WsResultColumn *self = data;

  g_free (self->title);
  g_free (self->tooltip);
  g_free (self);
}

static WsResultColumn *
column_new_fact (const Fact *fact)
{
  WsResultColumn *self = g_new0 (WsResultColumn, 1);

  self->kind = fact->kind;
  self->key = fact->key;
  self->title = g_strdup (_ (fact->title));
  self->tooltip = g_strdup (_ (fact->tooltip));
  return self;
}

/* A line "@label: @value", without the label if that is NULL; nothing for an empty value. */
static void
append_line (GString *text, const char *label, const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;
  g_string_append_c (text, '\n');
  if (label != NULL)
    g_string_append_printf (text, "%s: ", label);
  g_string_append (text, value);
}

static WsResultColumn *
column_new_metric (const WsMetricInfo *info)
{
  WsResultColumn *self = g_new0 (WsResultColumn, 1);
  GString *tooltip = g_string_new (_ (info->title));

  append_line (tooltip, NULL, info->formula);
  append_line (tooltip, _ ("Unit"), info->unit[0] != '\0' ? _ (info->unit) : NULL);
  append_line (tooltip, _ ("Source"), info->source);
  self->kind = WS_COLUMN_METRIC;
  self->key = info->key;
  self->title = g_strdup (_ (info->title));
  self->tooltip = g_string_free (tooltip, FALSE);
  self->metric = *info;
  return self;
}

GPtrArray *
ws_result_columns_new (const WsMetricOptions *options)
{
  GPtrArray *columns = g_ptr_array_new_with_free_func (column_free);
  g_autoptr (GArray) infos = ws_metric_infos (options);

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    g_ptr_array_add (columns, column_new_fact (&facts[i]));
  for (guint i = 0; i < infos->len; i++)
    g_ptr_array_add (columns, column_new_metric (&g_array_index (infos, WsMetricInfo, i)));
  g_ptr_array_add (columns, column_new_fact (&state_fact));
  return columns;
}

const WsResultColumn *
ws_result_columns_find (GPtrArray *columns, const char *key)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const WsResultColumn *column = g_ptr_array_index (columns, i);

      if (g_str_equal (column->key, key))
        return column;
    }
  return NULL;
}

gboolean
ws_result_column_is_text (const WsResultColumn *self)
{
  return self->kind == WS_COLUMN_BLOCK || self->kind == WS_COLUMN_NAME ||
         self->kind == WS_COLUMN_DTYPE;
}

gboolean
ws_result_column_is_numeric (const WsResultColumn *self)
{
  return self->kind == WS_COLUMN_LAYER || self->kind == WS_COLUMN_SHAPE ||
         self->kind == WS_COLUMN_METRIC;
}

gboolean
ws_result_column_has_bar (const WsResultColumn *self)
{
  return g_str_equal (self->key, "rank_energy_90");
}

const char *
ws_result_column_get_text (const WsResultColumn *self, const WsResult *result)
{
  const WsTensor *tensor = result->tensor;

  g_return_val_if_fail (ws_result_column_is_text (self), "");
  if (self->kind == WS_COLUMN_BLOCK)
    return ws_block_type_get_key (tensor->block.type);
  if (self->kind == WS_COLUMN_DTYPE)
    return ws_dtype_get_name (tensor->dtype);
  return tensor->name;
}

double
ws_result_column_get_number (const WsResultColumn *self, const WsResult *result)
{
  switch (self->kind)
    {
    case WS_COLUMN_LAYER:
      return result->tensor->block.layer_index >= 0 ? result->tensor->block.layer_index : NAN;
    case WS_COLUMN_SHAPE:
      return (double) result->n_rows * (double) result->n_cols;
    case WS_COLUMN_STATE:
      return result->state;
    case WS_COLUMN_METRIC:
      return ws_metric_get (&result->metrics, &self->metric);
    case WS_COLUMN_BLOCK:
    case WS_COLUMN_NAME:
    case WS_COLUMN_DTYPE:
      break;
    }
  g_return_val_if_reached (NAN);
}

/* The dimensions of a slice are those of its matrix, not of the packed tensor. */
static char *
dup_shape (const WsResult *result)
{
  const guint64 matrix[2] = { result->n_rows, result->n_cols };

  if (result->slice >= 0)
    return ws_format_shape (matrix, 2);
  return ws_format_shape (result->tensor->dims, result->tensor->n_dims);
}

static char *
dup_state (const WsResult *result)
{
  const char *title = ws_state_get_title (result->state);

  if (result->state == WS_STATE_NONFINITE && result->metrics.n_nonfinite > 0)
    {
      g_autofree char *count = ws_format_count (result->metrics.n_nonfinite);

      return g_strdup_printf ("%s (%s)", title, count);
    }
  return g_strdup (title);
}

/* One expert of a packed tensor shares its name with the others: say which it is. */
static char *
dup_name (const WsResult *result)
{
  g_autofree char *name = ws_format_name (result->tensor->name);

  if (result->slice < 0)
    return g_steal_pointer (&name);
  return g_strdup_printf ("%s[%d]", name, result->slice);
}

/* Of an expert, which one: its layer has hundreds of that block. */
static char *
dup_block (const WsResult *result)
{
  const char *key = ws_block_type_get_key (result->tensor->block.type);
  int expert = ws_result_get_expert (result);

  return expert >= 0 ? g_strdup_printf ("%s %d", key, expert) : g_strdup (key);
}

char *
ws_result_column_dup_number (const WsResultColumn *self, double value, guint digits)
{
  if (isnan (value))
    return g_strdup ("—");
  if (self->kind == WS_COLUMN_LAYER)
    return g_strdup_printf ("%d", (int) value);
  if (self->metric.kind == WS_METRIC_COUNT && value >= 0 && value == floor (value))
    return ws_format_count (value);
  return ws_format_significant (value, digits);
}

char *
ws_result_column_dup_cell (const WsResultColumn *self, const WsResult *result)
{
  switch (self->kind)
    {
    case WS_COLUMN_SHAPE:
      return dup_shape (result);
    case WS_COLUMN_STATE:
      return dup_state (result);
    case WS_COLUMN_NAME:
      return dup_name (result);
    case WS_COLUMN_BLOCK:
      return dup_block (result);
    case WS_COLUMN_DTYPE:
      return g_strdup (ws_result_column_get_text (self, result));
    case WS_COLUMN_LAYER:
    case WS_COLUMN_METRIC:
      break;
    }
  return ws_result_column_dup_number (self, ws_result_column_get_number (self, result), 4);
}

static char *
dup_reason (const WsResultColumn *self, const WsResult *result)
{
  g_autofree char *note = NULL;

  if (self->kind == WS_COLUMN_LAYER)
    return g_strdup (_ ("Belongs to no layer"));
  if (result->state == WS_STATE_PENDING)
    return g_strdup (_ ("Not computed yet"));
  note = ws_result_dup_note (result, TRUE);
  if (note != NULL)
    return g_steal_pointer (&note);
  return g_strdup (_ ("Not defined for this tensor"));
}

/* What the tick in the bar stands for. */
static char *
add_random_rank (const char *counted, const WsResult *result)
{
  double share = ws_random_rank_share (result->n_rows, result->n_cols, 0.9);
  g_autofree char *rank =
      ws_format_count ((guint64) ceil (share * ws_result_get_max_rank (result)));

  /* Translators: the first %s is "33 of 96 (34 %)", the second a count of singular values */
  return g_strdup_printf (_ ("%s; the tick: a random matrix of this shape would need %s"), counted,
                          rank);
}

/* "1 192 of 2 560 (46.56 %)" for what counts singular values; the short side bounds it. */
static char *
dup_metric_tooltip (const WsResultColumn *self, const WsResult *result, double value)
{
  guint64 max_rank = ws_result_get_max_rank (result);
  g_autofree char *text = ws_result_column_dup_number (self, value, 15);

  if (g_str_has_prefix (self->key, "rank_energy_") || g_str_equal (self->key, "actual_rank") ||
      g_str_equal (self->key, "rank"))
    {
      g_autofree char *most = ws_format_count (max_rank);
      g_autofree char *share = ws_format_significant (100 * value / MAX (max_rank, 1), 4);

      /* Translators: a rank, the most that it can be, and their quotient. */
      g_autofree char *counted = g_strdup_printf (_ ("%s of %s (%s %%)"), text, most, share);

      return ws_result_column_has_bar (self) ? add_random_rank (counted, result)
                                             : g_steal_pointer (&counted);
    }
  if (self->metric.unit[0] != '\0')
    return g_strdup_printf ("%s %s", text, _ (self->metric.unit));
  return g_steal_pointer (&text);
}

char *
ws_result_column_dup_tooltip (const WsResultColumn *self, const WsResult *result)
{
  double value;

  switch (self->kind)
    {
    case WS_COLUMN_BLOCK: /* which has its block in it, and may be hidden */
    case WS_COLUMN_NAME:
      return dup_name (result);
    case WS_COLUMN_STATE:
      return ws_result_dup_note (result, TRUE);
    case WS_COLUMN_SHAPE:
    case WS_COLUMN_DTYPE:
      /* said in full, where the column is too narrow for it */
      return ws_result_column_dup_cell (self, result);
    case WS_COLUMN_LAYER:
    case WS_COLUMN_METRIC:
      break;
    }
  value = ws_result_column_get_number (self, result);
  if (isnan (value))
    return dup_reason (self, result);
  return self->kind == WS_COLUMN_LAYER ? NULL : dup_metric_tooltip (self, result, value);
}

/* "(4096, 2560)", "(4096,)" and "()": as Python writes a shape, and the CSV. */
static char *
dup_machine_shape (const WsResult *result)
{
  GString *text = g_string_new ("(");
  const WsTensor *tensor = result->tensor;

  if (result->slice >= 0)
    g_string_append_printf (text, "%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT, result->n_rows,
                            result->n_cols);
  else
    for (guint i = 0; i < tensor->n_dims; i++)
      g_string_append_printf (text, i == 0 ? "%" G_GUINT64_FORMAT : ", %" G_GUINT64_FORMAT,
                              tensor->dims[i]);
  if (result->slice < 0 && tensor->n_dims == 1)
    g_string_append_c (text, ',');
  g_string_append_c (text, ')');
  return g_string_free (text, FALSE);
}

char *
ws_result_column_dup_machine (const WsResultColumn *self, const WsResult *result)
{
  char buffer[WS_FORMAT_SIZE];
  double value;

  if (self->kind == WS_COLUMN_SHAPE)
    return dup_machine_shape (result);
  if (self->kind == WS_COLUMN_STATE)
    return g_strdup (ws_state_get_key (result->state));
  if (ws_result_column_is_text (self))
    return g_strdup (ws_result_column_get_text (self, result));
  value = ws_result_column_get_number (self, result);
  return g_strdup (isfinite (value) ? ws_format_machine (buffer, value) : "");
}
