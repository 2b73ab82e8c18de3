/* SPDX-License-Identifier: MIT */
/* What a report says of the model itself: facts, files, what was left out, and how it was computed.
 */
#include "export/report-text.h"

#include "base/format.h"
#include "config.h"

/* Names of one state that are listed; the rest is counted. */
#define MAX_NAMES 10

static void
add_fact (WsDocument *document, const char *fact, const char *value)
{
  if (value == NULL)
    return;
  ws_document_add_cell (document, fact);
  ws_document_begin_cell (document);
  ws_document_add_text (document, "%s", value);
}

/* A fact out of a file. */
static void
add_name_fact (WsDocument *document, const char *fact, const char *name)
{
  if (name == NULL)
    return;
  ws_document_add_cell (document, fact);
  ws_document_begin_cell (document);
  ws_document_add_code (document, name);
}

static void
add_count_fact (WsDocument *document, const char *fact, guint64 count)
{
  g_autofree char *text = ws_format_count (count);

  if (count > 0)
    add_fact (document, fact, text);
}

/* "BF16 2 560 000, F32 1 024": elements by stored type. */
static char *
dup_types (const WsModel *model)
{
  guint64 n_elements[WS_N_DTYPES] = { 0 };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < model->tensors->len; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (model->tensors, i);

      n_elements[tensor->dtype] += tensor->n_elements;
    }
  for (guint dtype = 0; dtype < WS_N_DTYPES; dtype++)
    if (n_elements[dtype] > 0)
      {
        g_autofree char *count = ws_format_count (n_elements[dtype]);

        g_string_append_printf (text, "%s%s (%s)", text->len > 0 ? ", " : "",
                                ws_dtype_get_name (dtype), count);
      }
  return g_string_free (text, FALSE);
}

static guint64
count_layers (const WsModel *model)
{
  int last = -1;

  for (guint i = 0; i < model->tensors->len; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (model->tensors, i);

      last = MAX (last, tensor->block.layer_index);
    }
  return (guint64) (last + 1);
}

static void
add_config_facts (WsDocument *document, const WsConfig *config)
{
  add_count_fact (document, "Hidden size", config->hidden_size);
  add_count_fact (document, "Vocabulary", config->n_vocab);
  add_count_fact (document, "Attention heads", config->n_heads);
  add_count_fact (document, "Key and value heads", config->n_kv_heads);
  add_count_fact (document, "Size of a head", config->head_dim);
  add_count_fact (document, "Experts", config->n_experts);
  add_name_fact (document, "Quantisation", config->quant_method);
}

static void
add_files (WsDocument *document, const WsModel *model)
{
  static const WsDocumentColumn columns[] = { { "File" }, { "Size", TRUE } };

  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < model->sources->len; i++)
    {
      const WsSource *source = g_ptr_array_index (model->sources, i);
      g_autofree char *size = ws_format_bytes (ws_source_get_n_bytes (source));

      ws_document_begin_cell (document);
      ws_document_add_code (document, ws_source_get_name (source));
      ws_document_add_cell (document, size);
    }
}

void
ws_report_add_model (WsDocument *document, const WsModel *model, const WsRecordInput *record)
{
  static const WsDocumentColumn columns[] = { { "Fact" }, { "Value" } };
  g_autofree char *types = dup_types (model);
  g_autofree char *n_bytes = ws_format_bytes (model->n_bytes);
  guint64 n_layers = model->config.n_layers > 0 ? model->config.n_layers : count_layers (model);

  ws_document_add_heading (document, 2, "The model");
  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  add_name_fact (document, "ID", record->model_id);
  add_name_fact (document, "Revision", record->revision);
  add_name_fact (document, "Architecture", model->config.architecture);
  add_name_fact (document, "Type", model->config.model_type);
  add_count_fact (document, "Parameters", model->n_parameters);
  add_count_fact (document, "Tensors", model->tensors->len);
  add_fact (document, "Size", n_bytes);
  add_fact (document, "Stored types (elements)", types);
  add_count_fact (document, "Layers", n_layers);
  add_config_facts (document, &model->config);
  if (model->output_tied)
    add_fact (document, "Output", "the token embedding (tied)");
  add_files (document, model);
  for (guint i = 0; i < model->warnings->len; i++)
    {
      ws_document_begin_item (document);
      ws_document_add_text (document, "%s", (const char *) g_ptr_array_index (model->warnings, i));
    }
}

void
ws_report_add_no_embedding (WsDocument *document, const char *reason)
{
  ws_document_add_heading (document, 2, "Embedding");
  ws_document_begin_paragraph (document);
  if (reason != NULL)
    ws_document_add_text (document, "Nothing was clustered: %s.", reason);
  else
    ws_document_add_text (document, "Nothing was clustered yet when this was written.");
}

/* Whether a reader may wonder where its spectrum is. */
static gboolean
is_missing (WsState state)
{
  return state != WS_STATE_OK && state != WS_STATE_VECTOR && state != WS_STATE_BUFFER;
}

static void
add_names_of_state (WsDocument *document, GPtrArray *results, WsState state)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      g_autofree char *note = NULL;

      if (result->state != state || n++ >= MAX_NAMES)
        continue;
      note = ws_result_dup_note (result, FALSE);
      ws_document_begin_item (document);
      ws_document_add_code (document, result->tensor->name);
      ws_document_add_text (document, "%s%s", note != NULL ? ": " : "", note != NULL ? note : "");
    }
  if (n > MAX_NAMES)
    {
      ws_document_begin_item (document);
      ws_document_add_text (document, "and %u more of state ", n - MAX_NAMES);
      ws_document_add_code (document, ws_state_get_key (state));
    }
}

void
ws_report_add_missing (WsDocument *document, const WsModel *model, GPtrArray *results)
{
  guint n_vectors = 0, n_buffers = 0, n_missing = 0;

  for (guint i = 0; i < results->len; i++)
    {
      WsState state = ((const WsResult *) g_ptr_array_index (results, i))->state;

      n_vectors += state == WS_STATE_VECTOR;
      n_buffers += state == WS_STATE_BUFFER;
      n_missing += is_missing (state);
    }
  ws_document_add_heading (document, 2, "Not analysed");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        n_vectors == 1
                            ? "%u tensor is a vector, which has statistics and no spectrum."
                            : "%u tensors are vectors, which have statistics and no "
                              "spectrum.",
                        n_vectors);
  if (n_buffers > 0)
    ws_document_add_text (document,
                          n_buffers == 1
                              ? " %u is a buffer or data of a quantisation, which is not "
                                "read."
                              : " %u are buffers or data of a quantisation, which are "
                                "not read.",
                          n_buffers);
  if (model->n_shards_missing > 0)
    ws_document_add_text (document,
                          " %u files of the model are missing: what is in them is not "
                          "listed anywhere in this report.",
                          model->n_shards_missing);
  if (n_missing == 0)
    ws_document_add_text (document, " Every matrix was analysed.");
  for (guint state = 0; state <= WS_STATE_CANCELLED && n_missing > 0; state++)
    if (is_missing (state))
      add_names_of_state (document, results, state);
}

void
ws_report_add_method (WsDocument *document, const WsModel *model, const WsRecordInput *record)
{
  ws_document_add_heading (document, 2, "How it was computed");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "Every number is of the whole matrix, in float64, from the stored values "
                        "widened exactly; nothing is sampled. Singular values are the roots of the "
                        "eigenvalues of the Gram matrix where its error cannot change a rank, else "
                        "those of a direct decomposition; the column ");
  ws_document_add_code (document, "method");
  ws_document_add_text (document, " of the results says which. Energy is Σσ².");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "Weightscope %s, %s, on ", WS_VERSION,
                        ws_spectrum_get_blas_name ());
  ws_document_add_text (document, "%s, %s. All values of all tensors: ",
                        record->device != NULL ? record->device : "cpu", record->started);
  ws_document_add_code (document, "results.csv");
  ws_document_add_text (document, ", and with the record of files, options and machine ");
  ws_document_add_code (document, "results.json");
  ws_document_add_text (document, "; singular values: ");
  ws_document_add_code (document, "spectra.npz");
  ws_document_add_text (document, ".");
}
