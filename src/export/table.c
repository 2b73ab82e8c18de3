/* SPDX-License-Identifier: MIT */
/* Results as tables: which columns there are, and what stands in them. */
#include "export/table.h"

#include <math.h>
#include <string.h>

#include "base/atomic-file.h"
#include "export/row-writer.h"
#include "hub/hub-name.h"

/* What the cells are made from, beside the result. */
typedef struct
{
  WsRowWriter *writer;
  const WsRecordInput *record;
  const char *model_path;
  gboolean reproducible; /* same bytes from the same weights: no measured times */
} Table;

typedef struct
{
  const char *key;
  void (*add) (const Table *table, const WsResult *result); /* NULL: the metric of that key */
  const WsMetricInfo *metric;                               /* then that, once it is looked up */
} Column;

gboolean
ws_table_format_from_key (const char *key, WsTableFormat *format)
{
  static const struct
  {
    const char *key;
    WsTableFormat format;
  } formats[] = {
    { "csv", WS_TABLE_CSV },           { "json", WS_TABLE_JSON }, { "jsonl", WS_TABLE_JSONL },
    { "seed-csv", WS_TABLE_SEED_CSV }, { "tsv", WS_TABLE_TSV },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (strcmp (formats[i].key, key) == 0)
      {
        *format = formats[i].format;
        return TRUE;
      }
  return FALSE;
}

WsTableFormat
ws_table_format_from_path (const char *path)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *key = dot ? g_ascii_strdown (dot + 1, -1) : NULL;
  WsTableFormat format;

  return key && ws_table_format_from_key (key, &format) ? format : WS_TABLE_CSV;
}

char *
ws_table_dup_public_path (const char *path)
{
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *base = g_path_get_basename (path);
  gsize n = strlen (folder);
  gboolean below = strncmp (path, folder, n) == 0 && path[n] == '/' && path[n + 1] != '\0';

  if (ws_hub_name_is_remote (path))
    return g_strdup (path);
  return g_utf8_make_valid (below ? path + n + 1 : base, -1);
}

static void
add_count_if (const Table *table, double value, gboolean known)
{
  ws_row_writer_add_number (table->writer, known ? value : NAN);
}

static void
add_model_path (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, table->model_path);
}

static void
add_model_id (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, table->record->model_id);
}

static void
add_revision (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, table->record->revision);
}

/* A slice bears the name that it has in a file of spectra, so that no two rows are named alike. */
static void
add_param_name (const Table *table, const WsResult *result)
{
  g_autofree char *name = NULL;

  if (result->slice >= 0)
    name = g_strdup_printf ("%s[%d]", result->tensor->name, result->slice);
  ws_row_writer_add_text (table->writer, name ? name : result->tensor->name);
}

static void
add_layer_index (const Table *table, const WsResult *result)
{
  int layer = result->tensor->block.layer_index;

  add_count_if (table, layer, layer >= 0);
}

static void
add_block_type (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, ws_block_type_get_key (result->tensor->block.type));
}

/* As Python writes a tuple: (4096, 2560), (2560,), (). */
static void
add_shape (const Table *table, const WsResult *result)
{
  const guint64 view[] = { result->n_rows, result->n_cols };
  g_autofree char *shape = result->slice >= 0
                               ? ws_table_dup_shape (view, G_N_ELEMENTS (view))
                               : ws_table_dup_shape (result->tensor->dims, result->tensor->n_dims);

  ws_row_writer_add_text (table->writer, shape);
}

static void
add_rows (const Table *table, const WsResult *result)
{
  ws_row_writer_add_number (table->writer, result->n_rows);
}

static void
add_cols (const Table *table, const WsResult *result)
{
  ws_row_writer_add_number (table->writer, result->n_cols);
}

static void
add_design_rank (const Table *table, const WsResult *result)
{
  guint64 rank = ws_result_get_max_rank (result);

  add_count_if (table, rank, rank > 0);
}

static void
add_rank_ratio (const Table *table, const WsResult *result)
{
  guint64 rank = ws_result_get_max_rank (result);

  add_count_if (table, result->metrics.actual_rank / rank, rank > 0);
}

/* From the spectrum, not from the metrics: 90 % need not be among the energies asked for. */
static double
get_90_percent_rank (const WsResult *result)
{
  const WsSpectrum *spectrum = &result->spectrum;

  return spectrum->n_sigma > 0 ? ws_energy_rank (spectrum->sigma, spectrum->n_sigma, 0.9) : NAN;
}

static void
add_90_percent_rank (const Table *table, const WsResult *result)
{
  ws_row_writer_add_number (table->writer, get_90_percent_rank (result));
}

static void
add_90_percent_ratio (const Table *table, const WsResult *result)
{
  guint64 rank = ws_result_get_max_rank (result);

  add_count_if (table, get_90_percent_rank (result) / rank, rank > 0);
}

static void
add_dtype (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, ws_dtype_get_name (result->tensor->dtype));
}

static void
add_created_at (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, table->record->started);
}

static void
add_stack (const Table *table, const WsResult *result)
{
  const char *stack = result->tensor->block.stack;

  ws_row_writer_add_text (table->writer, stack && *stack ? stack : NULL);
}

static void
add_expert_index (const Table *table, const WsResult *result)
{
  int expert = ws_result_get_expert (result);

  add_count_if (table, expert, expert >= 0);
}

static void
add_state (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, ws_state_get_key (result->state));
}

static void
add_note (const Table *table, const WsResult *result)
{
  g_autofree char *note = ws_result_dup_note (result, FALSE);

  ws_row_writer_add_text (table->writer, note);
}

static void
add_method (const Table *table, const WsResult *result)
{
  WsMethod method = result->spectrum.method;

  ws_row_writer_add_text (table->writer,
                          method == WS_METHOD_NONE ? NULL : ws_method_get_key (method));
}

static void
add_backend (const Table *table, const WsResult *result)
{
  gboolean computed = result->spectrum.method != WS_METHOD_NONE;

  ws_row_writer_add_text (table->writer, computed ? result->spectrum.backend : NULL);
}

static void
add_coarse_type (const Table *table, const WsResult *result)
{
  ws_row_writer_add_text (table->writer, ws_block_type_get_coarse (result->tensor->block.type));
}

static void
add_seconds (const Table *table, const WsResult *result)
{
  gboolean computed = result->spectrum.moments.n_elements > 0;

  add_count_if (table, result->spectrum.seconds, computed && !table->reproducible);
}

/* The seed's, in the seed's order: a contract. */
static const Column seed_columns[] = {
  { "model_path", add_model_path, NULL },
  { "model_id", add_model_id, NULL },
  { "revision", add_revision, NULL },
  { "param_name", add_param_name, NULL },
  { "layer_index", add_layer_index, NULL },
  { "block_type", add_block_type, NULL },
  { "shape", add_shape, NULL },
  { "rows", add_rows, NULL },
  { "cols", add_cols, NULL },
  { "design_rank", add_design_rank, NULL },
  { "actual_rank", NULL, NULL },
  { "rank_ratio", add_rank_ratio, NULL },
  { "svd_90_percent_rank", add_90_percent_rank, NULL },
  { "svd_90_percent_ratio", add_90_percent_ratio, NULL },
  { "mean", NULL, NULL },
  { "std", NULL, NULL },
  { "var", NULL, NULL },
  { "min", NULL, NULL },
  { "max", NULL, NULL },
  { "sparsity", NULL, NULL },
  { "dtype", add_dtype, NULL },
  { "created_at", add_created_at, NULL },
};

static const Column own_columns[] = {
  { "stack", add_stack, NULL },   { "expert_index", add_expert_index, NULL },
  { "state", add_state, NULL },   { "note", add_note, NULL },
  { "method", add_method, NULL }, { "backend", add_backend, NULL },
};

static const Column coarse_column = { "coarse_type", add_coarse_type, NULL };
static const Column seconds_column = { "seconds", add_seconds, NULL };

static gboolean
is_seed_column (const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (seed_columns); i++)
    if (strcmp (seed_columns[i].key, key) == 0)
      return TRUE;
  return FALSE;
}

static const WsMetricInfo *
find_metric (GArray *infos, const char *key)
{
  for (guint i = 0; i < infos->len; i++)
    if (strcmp (g_array_index (infos, WsMetricInfo, i).key, key) == 0)
      return &g_array_index (infos, WsMetricInfo, i);
  g_assert_not_reached ();
}

/* All columns of @format, in order. @infos must outlive them. (element-type Column) */
static GArray *
list_columns (WsTableFormat format, GArray *infos)
{
  GArray *columns = g_array_new (FALSE, FALSE, sizeof (Column));

  g_array_append_vals (columns, seed_columns, G_N_ELEMENTS (seed_columns));
  for (guint i = 0; i < columns->len; i++)
    {
      Column *column = &g_array_index (columns, Column, i);

      if (column->add == NULL)
        column->metric = find_metric (infos, column->key);
    }
  if (format == WS_TABLE_SEED_CSV)
    return columns;
  g_array_append_vals (columns, own_columns, G_N_ELEMENTS (own_columns));
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);
      const Column column = { info->key, NULL, info };

      if (!is_seed_column (info->key))
        g_array_append_val (columns, column);
    }
  g_array_append_val (columns, coarse_column);
  if (format == WS_TABLE_JSON || format == WS_TABLE_JSONL)
    g_array_append_val (columns, seconds_column);
  return columns;
}

static GPtrArray *
list_keys (GArray *columns)
{
  GPtrArray *keys = g_ptr_array_new ();

  for (guint i = 0; i < columns->len; i++)
    g_ptr_array_add (keys, (gpointer) g_array_index (columns, Column, i).key);
  return keys;
}

static void
add_row (const Table *table, GArray *columns, const WsResult *result)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);

      if (column->add != NULL)
        column->add (table, result);
      else
        ws_row_writer_add_number (table->writer, ws_metric_get (&result->metrics, column->metric));
    }
}

char *
ws_table_dup_shape (const guint64 *dims, guint n_dims)
{
  GString *text = g_string_new ("(");

  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? ", " : "", dims[i]);
  g_string_append (text, n_dims == 1 ? ",)" : ")");
  return g_string_free (text, FALSE);
}

gboolean
ws_table_write (FILE *stream, WsTableFormat format, GPtrArray *results, const WsModel *model,
                const WsRecordInput *record, GError **error)
{
  g_autoptr (GArray) infos = ws_metric_infos (&record->options->metrics);
  g_autoptr (GArray) columns = list_columns (format, infos);
  g_autoptr (GPtrArray) keys = list_keys (columns);
  g_autofree char *model_path = ws_table_dup_public_path (model->path);
  g_autoptr (JsonNode) node = format == WS_TABLE_JSON ? ws_record_new (model, record) : NULL;
  g_autoptr (WsRowWriter) writer = ws_row_writer_new (stream, format, keys, node);
  const Table table = { writer, record, model_path,
                        .reproducible = g_getenv ("SOURCE_DATE_EPOCH") != NULL };

  for (guint i = 0; i < results->len; i++)
    add_row (&table, columns, g_ptr_array_index (results, i));
  return ws_row_writer_finish (writer, error);
}

gboolean
ws_table_save (const char *path, WsTableFormat format, GPtrArray *results, const WsModel *model,
               const WsRecordInput *record, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  return file != NULL &&
         ws_table_write (ws_atomic_file_get_stream (file), format, results, model, record, error) &&
         ws_atomic_file_commit (file, error);
}
