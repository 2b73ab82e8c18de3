/* SPDX-License-Identifier: MIT */
/* weightscope-cli inspect: what a model is made of, from its headers alone. */
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "analysis/filter.h"
#include "base/error.h"
#include "base/format.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "cli/terminal.h"
#include "cli/text-table.h"
#include "export/row-writer.h"

typedef struct
{
  const CliOptions *options;
  CliForm form;
  WsModel *model;
  WsHub *hub;
  GPtrArray *tensors; /* (element-type WsTensor) of the model, that pass the filter */
} Inspection;

/* Why no spectrum would be had, in English, for files. */
static char *
dup_note (WsModel *model, const WsTensor *tensor)
{
  g_autoptr (WsResult) result = ws_result_new_pending (model, tensor, -1);

  return ws_result_dup_note (result, FALSE);
}

static void
add_index (WsRowWriter *writer, int index)
{
  ws_row_writer_add_number (writer, index >= 0 ? index : NAN);
}

static void
add_row (WsRowWriter *writer, WsModel *model, const WsTensor *tensor)
{
  const WsBlockClass *block = &tensor->block;
  g_autofree char *shape = ws_table_dup_shape (tensor->dims, tensor->n_dims);
  g_autofree char *note = dup_note (model, tensor);

  ws_row_writer_add_text (writer, tensor->name);
  add_index (writer, block->layer_index);
  ws_row_writer_add_text (writer, block->stack && *block->stack ? block->stack : NULL);
  add_index (writer, block->expert_index);
  ws_row_writer_add_text (writer, ws_block_type_get_key (block->type));
  ws_row_writer_add_text (writer, ws_block_type_get_coarse (block->type));
  ws_row_writer_add_text (writer, shape);
  ws_row_writer_add_number (writer, tensor->n_elements);
  ws_row_writer_add_number (writer, tensor->n_bytes);
  ws_row_writer_add_text (writer, ws_dtype_get_name (tensor->dtype));
  ws_row_writer_add_text (writer, ws_source_get_name (tensor->source));
  ws_row_writer_add_number (writer, tensor->offset);
  ws_row_writer_add_text (writer, note);
}

static gboolean
write_for_machines (const Inspection *self, FILE *stream, GError **error)
{
  static const char *const columns[] = { "param_name", "layer_index", "stack", "expert_index",
                                         "block_type", "coarse_type", "shape", "n_elements",
                                         "n_bytes",    "dtype",       "file",  "offset",
                                         "note" };
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autofree char *started = ws_record_get_time ();
  const WsRecordInput input = {
    .model_id = self->options->model_id ?: self->model->model_id,
    .revision = cli_get_revision (self->options, self->model, self->hub),
    .started = started,
    .options = &self->options->analysis,
  };
  g_autoptr (JsonNode) record =
      self->form.format == WS_TABLE_JSON ? ws_record_new (self->model, &input) : NULL;
  g_autoptr (WsRowWriter) writer = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    g_ptr_array_add (keys, (gpointer) columns[i]);
  writer = ws_row_writer_new (stream, self->form.format, keys, record);
  for (guint i = 0; i < self->tensors->len; i++)
    add_row (writer, self->model, g_ptr_array_index (self->tensors, i));
  return ws_row_writer_finish (writer, error);
}

static void
add_text_row (CliTextTable *table, const WsTensor *tensor)
{
  char **cells = g_new0 (char *, 7);

  cells[0] = ws_format_name (tensor->name);
  cells[1] = g_strdup (ws_block_type_get_key (tensor->block.type));
  cells[2] = ws_format_shape (tensor->dims, tensor->n_dims);
  cells[3] = g_strdup (ws_dtype_get_name (tensor->dtype));
  cells[4] = ws_format_count (tensor->n_elements);
  cells[5] = ws_format_bytes (tensor->n_bytes);
  cli_text_table_add_row (table, cells);
}

/* How many of the tensors have each dtype: "BF16 398, F32 1", most frequent type of the list
 * first. */
static char *
describe_dtypes (GPtrArray *tensors)
{
  guint counts[WS_N_DTYPES] = { 0 };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < tensors->len; i++)
    counts[((const WsTensor *) g_ptr_array_index (tensors, i))->dtype]++;
  for (guint i = 0; i < WS_N_DTYPES; i++)
    if (counts[i] > 0)
      g_string_append_printf (text, "%s%s %u", text->len > 0 ? _ (", ") : "",
                              ws_dtype_get_name ((WsDtype) i), counts[i]);
  return g_string_free (text, FALSE);
}

/* The tensors are sorted by layer, so a new layer is a change. */
static guint
count_layers (GPtrArray *tensors)
{
  guint n = 0;
  int last = -1;

  for (guint i = 0; i < tensors->len; i++)
    {
      int layer = ((const WsTensor *) g_ptr_array_index (tensors, i))->block.layer_index;

      n += layer >= 0 && layer != last;
      last = layer;
    }
  return n;
}

static void
print_summary (const Inspection *self, FILE *stream)
{
  guint n_layers = count_layers (self->tensors);
  g_autofree char *title = ws_format_name (self->model->title);
  g_autofree char *parameters = ws_format_count (self->model->n_parameters);
  g_autofree char *bytes = ws_format_bytes (self->model->n_bytes);
  g_autofree char *dtypes = describe_dtypes (self->tensors);

  fprintf (stream, "\n%s\n", title);
  fprintf (stream, ngettext ("%u tensor", "%u tensors", self->tensors->len), self->tensors->len);
  fputs (_ (", "), stream);
  fprintf (stream, ngettext ("%u layer", "%u layers", n_layers), n_layers);
  fputs (_ (", "), stream);
  fprintf (stream, _ ("%s parameters, %s"), parameters, bytes);
  fprintf (stream, "\n%s\n", dtypes);
  cli_print_notes (stream, self->model);
}

static gboolean
write_for_people (const Inspection *self, FILE *stream, guint width)
{
  static const CliTextColumn columns[] = {
    { N_ ("name"), FALSE, TRUE },   { N_ ("type"), FALSE, FALSE },    { N_ ("shape"), TRUE, FALSE },
    { N_ ("dtype"), FALSE, FALSE }, { N_ ("elements"), TRUE, FALSE }, { N_ ("size"), TRUE, FALSE },
  };
  g_autoptr (CliTextTable) table = cli_text_table_new (columns, G_N_ELEMENTS (columns));
  int layer = -2;

  for (guint i = 0; i < self->tensors->len; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (self->tensors, i);

      if (tensor->block.layer_index != layer)
        {
          g_autofree char *heading = cli_get_layer_heading (tensor->block.layer_index);

          cli_text_table_add_heading (table, heading);
          layer = tensor->block.layer_index;
        }
      add_text_row (table, tensor);
    }
  cli_text_table_print (table, stream, width);
  print_summary (self, stream);
  return TRUE;
}

static gboolean
write_inspection (FILE *stream, guint width, gpointer user_data, GError **error)
{
  const Inspection *self = user_data;

  return self->form.for_people ? write_for_people (self, stream, width)
                               : write_for_machines (self, stream, error);
}

/* Returns: (element-type WsTensor): NULL with @error set if the filter cannot be understood, or
 * leaves nothing. */
static GPtrArray *
select_tensors (WsModel *model, const CliOptions *options, GError **error)
{
  g_autoptr (WsFilter) filter =
      ws_filter_new (options->filter ? options->filter : "", &options->analysis.metrics, error);
  g_autoptr (GPtrArray) tensors = g_ptr_array_new ();

  if (filter == NULL)
    return NULL;
  for (guint i = 0; i < model->tensors->len; i++)
    {
      WsTensor *tensor = g_ptr_array_index (model->tensors, i);
      g_autoptr (WsResult) result = ws_result_new_pending (model, tensor, -1);

      if (ws_filter_needs_run (filter, result))
        {
          g_autofree char *shown = ws_format_name (options->filter);

          g_set_error (
              error, WS_ERROR, WS_ERROR_ARGUMENT,
              _ ("the filter '%s' needs results, and inspect reads no weights: use analyze"),
              shown);
          return NULL;
        }
      if (ws_filter_matches (filter, result))
        g_ptr_array_add (tensors, tensor);
    }
  if (tensors->len == 0 && options->filter && *options->filter != '\0')
    {
      cli_set_no_match_error (options->filter, error);
      return NULL;
    }
  return g_steal_pointer (&tensors);
}

CliStatus
cli_inspect (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHub) hub = NULL;
  g_autoptr (WsModel) model = NULL;
  g_autoptr (GPtrArray) tensors = NULL;
  Inspection inspection = { options };

  if (!cli_choose_form (&inspection.form, options, FALSE, &error) ||
      !(inspection.model = model = cli_open_model (options, &hub, NULL, &error)) ||
      !(inspection.tensors = tensors = select_tensors (model, options, &error)) ||
      (options->out && !cli_check_not_of_model ("out", options->out, model, &error)))
    return cli_report_error (error);
  inspection.hub = hub;
  if (!options->quiet)
    cli_print_warnings (model);
  if (!cli_write_output (options->out, write_inspection, &inspection, &error))
    return cli_report_error (error);
  cli_print_traffic (options, hub);
  return cli_get_model_status (model);
}
