/* SPDX-License-Identifier: MIT */
/* Results made by hand. */
#include "fake-results.h"

#include "result-item.h"
#include <math.h>

/* Borrows all from the fake: no model is behind it. */
static void
free_result (gpointer data)
{
  WsResult *result = data;

  g_assert_cmpint (result->ref_count, ==, 1);
  g_free (result->error_message);
  g_free (result);
}

FakeResults *
fake_results_new (void)
{
  FakeResults *self = g_new0 (FakeResults, 1);

  self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_tensor_free);
  self->results = g_ptr_array_new_with_free_func (free_result);
  return self;
}

void
fake_results_free (FakeResults *self)
{
  g_ptr_array_unref (self->results);
  g_ptr_array_unref (self->tensors);
  g_free (self);
}

static WsTensor *
add_tensor (FakeResults *self, int layer, WsBlockType type, const char *name, guint64 n_rows,
            guint64 n_cols)
{
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  WsTensor *tensor = g_new0 (WsTensor, 1);

  tensor->name = layer < 0 ? g_strdup (name) : g_strdup_printf ("model.layers.%d.%s", layer, name);
  tensor->dtype = WS_DTYPE_BF16;
  tensor->n_dims = 2;
  tensor->dims[0] = n_rows;
  tensor->dims[1] = n_cols;
  tensor->n_elements = n_rows * n_cols;
  tensor->n_bytes = 2 * tensor->n_elements;
  tensor->source = ws_source_new_bytes ("model.safetensors", nothing);
  tensor->block.type = type;
  tensor->block.layer_index = layer;
  tensor->block.expert_index = -1;
  tensor->block.stack = g_strdup ("model");
  tensor->block.rule = -1;
  g_ptr_array_add (self->tensors, tensor);
  return tensor;
}

static WsResult *
add_result (FakeResults *self, const WsTensor *tensor, double rank90, double std)
{
  WsResult *result = g_new0 (WsResult, 1);
  double *metrics = (double *) &result->metrics;

  for (gsize i = 0; i < G_STRUCT_OFFSET (WsMetrics, n_energies) / sizeof (double); i++)
    metrics[i] = NAN;
  for (guint i = 0; i < WS_MAX_ENERGIES; i++)
    result->metrics.rank_energy[i] = result->metrics.ratio[i] = result->metrics.bytes_saved[i] =
        NAN;
  result->tensor = tensor;
  result->slice = -1;
  result->n_rows = tensor->dims[0];
  result->n_cols = tensor->dims[1];
  result->state = WS_STATE_OK;
  result->metrics.n_energies = 4;
  result->metrics.energy[1] = 0.9;
  result->metrics.rank_energy[1] = rank90;
  result->metrics.actual_rank = rank90;
  result->metrics.std = std;
  result->ref_count = 1;
  g_ptr_array_add (self->results, result);
  return result;
}

WsResult *
fake_results_add (FakeResults *self, int layer, WsBlockType type, const char *name, guint64 n_rows,
                  guint64 n_cols, double rank90, double std)
{
  return add_result (self, add_tensor (self, layer, type, name, n_rows, n_cols), rank90, std);
}

WsResult *
fake_results_redo (FakeResults *self, const WsResult *result, double rank90)
{
  return add_result (self, result->tensor, rank90, result->metrics.std);
}

void
fake_results_add_model (FakeResults *self, guint n_layers)
{
  static const struct
  {
    WsBlockType type;
    const char *name;
    guint64 n_rows, n_cols;
  } parts[] = {
    { WS_BLOCK_DOWN_PROJ, "mlp.down_proj.weight", 2560, 9728 },
    { WS_BLOCK_GATE_PROJ, "mlp.gate_proj.weight", 9728, 2560 },
    { WS_BLOCK_UP_PROJ, "mlp.up_proj.weight", 9728, 2560 },
    { WS_BLOCK_K_PROJ, "self_attn.k_proj.weight", 1024, 2560 },
    { WS_BLOCK_O_PROJ, "self_attn.o_proj.weight", 2560, 4096 },
    { WS_BLOCK_Q_PROJ, "self_attn.q_proj.weight", 4096, 2560 },
    { WS_BLOCK_V_PROJ, "self_attn.v_proj.weight", 1024, 2560 },
  };
  guint seed = 12345;

  for (guint layer = 0; layer < n_layers; layer++)
    for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
      {
        guint64 side = MIN (parts[i].n_rows, parts[i].n_cols);

        seed = 1103515245 * seed + 12345;
        fake_results_add (self, layer, parts[i].type, parts[i].name, parts[i].n_rows,
                          parts[i].n_cols, (seed >> 8) % side, (seed >> 8) % 1000 * 1e-5);
      }
}

GListStore *
fake_results_dup_items (FakeResults *self)
{
  GListStore *items = g_list_store_new (WS_TYPE_RESULT_ITEM);

  for (guint i = 0; i < self->results->len; i++)
    {
      g_autoptr (WsResultItem) item = ws_result_item_new (g_ptr_array_index (self->results, i));

      g_list_store_append (items, item);
    }
  return items;
}
