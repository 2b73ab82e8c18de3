/* SPDX-License-Identifier: MIT */
/* From results to a figure of their spectra. */
#include "export/figure.h"

#include "base/atomic-file.h"
#include "base/format.h"
#include "export/row-writer.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Leaves room for an extension and a counter within 255 bytes on any file system. */
#define MAX_FILE_NAME_BYTES 120

GPtrArray *
ws_figure_filter_results (GPtrArray *results)
{
  GPtrArray *filtered = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (result->spectrum.n_sigma > 0)
        g_ptr_array_add (filtered, ws_result_ref (result));
    }
  return filtered;
}

/* From short to long. */
typedef enum
{
  NAME_LAYER,  /* "layer 3" */
  NAME_BLOCK,  /* "layer 3 · q_proj", "layer 3 · moe_expert_up · expert 7" */
  NAME_TENSOR, /* as in the file, with its slice */
} NameForm;

static char *
dup_tensor_name (const WsResult *result)
{
  if (result->slice < 0)
    return g_strdup (result->tensor->name);
  return g_strdup_printf ("%s[%d]", result->tensor->name, result->slice);
}

static char *
dup_name (const WsResult *result, NameForm form)
{
  const WsBlockClass *block = &result->tensor->block;
  int expert = ws_result_get_expert (result);
  const char *key = ws_block_type_get_key (block->type);

  /* A tensor of no layer has no shorter name than its own. */
  if (form == NAME_TENSOR || block->layer_index < 0)
    return dup_tensor_name (result);
  if (form == NAME_LAYER)
    return g_strdup_printf (_ ("layer %d"), block->layer_index);
  if (expert < 0)
    /* Translators: "layer 3 · q_proj" */
    return g_strdup_printf (_ ("layer %d · %s"), block->layer_index, key);
  return g_strdup_printf (_ ("layer %d · %s · expert %d"), block->layer_index, key, expert);
}

static gboolean
names_are_distinct (GPtrArray *results, NameForm form)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < results->len; i++)
    if (!g_hash_table_add (names, dup_name (g_ptr_array_index (results, i), form)))
      return FALSE;
  return TRUE;
}

static gboolean
are_of_one_block (GPtrArray *results)
{
  for (guint i = 1; i < results->len; i++)
    {
      const WsResult *a = g_ptr_array_index (results, 0), *b = g_ptr_array_index (results, i);

      if (a->tensor->block.type != b->tensor->block.type)
        return FALSE;
    }
  return TRUE;
}

static NameForm
choose_form (GPtrArray *results)
{
  if (results->len > 1 && are_of_one_block (results) && names_are_distinct (results, NAME_LAYER))
    return NAME_LAYER;
  return names_are_distinct (results, NAME_BLOCK) ? NAME_BLOCK : NAME_TENSOR;
}

void
ws_figure_add_curves (WsSpectrumChart *chart, GPtrArray *results)
{
  NameForm form = choose_form (results);

  for (guint i = 0; i < MIN (results->len, WS_FIGURE_MAX_CURVES); i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      g_autofree char *name = dup_name (result, form);

      ws_spectrum_chart_add (chart, name, result->tensor->block.layer_index, result->spectrum.sigma,
                             result->spectrum.n_sigma);
      ws_spectrum_chart_set_resolution (chart, i, result->spectrum.sigma_error);
    }
}

char *
ws_figure_dup_title (GPtrArray *results)
{
  const WsResult *first = results->len > 0 ? g_ptr_array_index (results, 0) : NULL;

  if (results->len == 1)
    {
      g_autofree char *name = dup_name (first, NAME_BLOCK);

      return ws_format_name (name);
    }
  if (first && are_of_one_block (results) && first->tensor->block.type != WS_BLOCK_OTHER)
    return g_strdup (ws_block_type_get_key (first->tensor->block.type));
  return g_strdup_printf (ngettext ("%u matrix", "%u matrices", results->len), results->len);
}

/* Everything but letters, digits, "_" and "." becomes one "-"; none at either end, and no "." after
 * it: what was a path is none. */
static void
append_safe (GString *name, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *p = valid; *p != '\0' && name->len < MAX_FILE_NAME_BYTES;
       p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean keep = (g_unichar_isalnum (c) || c == '_' || c == '.') && c != 0xFFFD;

      char last = name->len > 0 ? name->str[name->len - 1] : '-';

      if (keep && !(c == '.' && strchr ("-.", last)))
        g_string_append_unichar (name, c);
      else if (last != '-')
        g_string_append_c (name, '-');
    }
  while (name->len > 0 && strchr ("-.", name->str[name->len - 1]))
    g_string_truncate (name, name->len - 1);
}

char *
ws_figure_dup_file_name (GPtrArray *results)
{
  GString *name = g_string_new (NULL);
  const WsResult *first = results->len > 0 ? g_ptr_array_index (results, 0) : NULL;
  const char *what = "spectra";

  if (first)
    append_safe (name, first->model->title);
  if (results->len == 1)
    what = first->tensor->name;
  else if (first && are_of_one_block (results))
    what = ws_block_type_get_key (first->tensor->block.type);
  if (name->len > 0)
    g_string_append_c (name, '-');
  append_safe (name, what);
  if (name->len == 0)
    g_string_append (name, "spectra");
  return g_string_free (name, FALSE);
}

static void
add_rows (WsRowWriter *writer, const WsResult *result)
{
  const double *sigma = result->spectrum.sigma;
  gsize n = result->spectrum.n_sigma;
  int layer = result->tensor->block.layer_index;
  double total = 0, sum = 0;

  /* Shares of the greatest, so that no square overflows. */
  for (gsize i = 0; i < n && sigma[0] > 0; i++)
    total += (sigma[i] / sigma[0]) * (sigma[i] / sigma[0]);
  for (gsize i = 0; i < n; i++)
    {
      double normalised = sigma[0] > 0 ? sigma[i] / sigma[0] : NAN;

      sum += normalised * normalised;
      ws_row_writer_add_text (writer, result->tensor->name);
      ws_row_writer_add_number (writer, result->slice >= 0 ? result->slice : NAN);
      ws_row_writer_add_number (writer, layer >= 0 ? layer : NAN);
      ws_row_writer_add_number (writer, i + 1.0);
      ws_row_writer_add_number (writer, sigma[i]);
      ws_row_writer_add_number (writer, normalised);
      ws_row_writer_add_number (writer, total > 0 ? sum / total : NAN);
    }
}

gboolean
ws_figure_save_data (const char *path, GPtrArray *results, GError **error)
{
  static const char *const columns[] = { "param_name", "slice",      "layer_index", "index",
                                         "sigma",      "normalised", "energy" };
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);
  g_autoptr (WsRowWriter) writer = NULL;

  if (!file)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    g_ptr_array_add (keys, (gpointer) columns[i]);
  writer = ws_row_writer_new (ws_atomic_file_get_stream (file), WS_TABLE_CSV, keys, NULL);
  for (guint i = 0; i < results->len; i++)
    add_rows (writer, g_ptr_array_index (results, i));
  return ws_row_writer_finish (writer, error) && ws_atomic_file_commit (file, error);
}
