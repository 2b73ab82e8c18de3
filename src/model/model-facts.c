/* SPDX-License-Identifier: MIT */
/* Block types, what can be analysed, order, totals and the tied output. */
#include "model/model-facts.h"

#include "base/natural-order.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static void
classify (WsModel *self)
{
  guint n = self->tensors->len;
  g_autofree WsBlockInput *inputs = g_new (WsBlockInput, n);
  g_autofree WsBlockClass *classes = g_new0 (WsBlockClass, n);

  for (guint i = 0; i < n; i++)
    {
      const WsTensor *tensor = self->tensors->pdata[i];

      inputs[i] = (WsBlockInput){ tensor->name, tensor->dims, tensor->n_dims };
    }
  ws_block_types_classify (inputs, n, self->config.n_vocab, classes);
  for (guint i = 0; i < n; i++)
    {
      WsTensor *tensor = self->tensors->pdata[i];

      ws_block_class_clear (&tensor->block);
      tensor->block = classes[i]; /* with its stack */
    }
}

/* Not learned, or part of how other tensors are stored. */
static gboolean
is_auxiliary (const WsTensor *tensor)
{
  return tensor->block.type == WS_BLOCK_BUFFER || tensor->block.type == WS_BLOCK_QUANT_AUX;
}

/* A spectrum of packed or scaled numbers would be one of nothing: better none. 8-bit and 4-bit
 * floats are weights without their scales, unless no role is known for them at all. */
static const char *
get_reason_not_analysed (const WsTensor *tensor)
{
  WsDtypeKind kind = ws_dtype_get_kind (tensor->dtype);

  if (kind == WS_DTYPE_KIND_LISTED)
    return ws_dtype_get_reason (tensor->dtype);
  if (kind == WS_DTYPE_KIND_FLOAT || tensor->n_dims < 2 || is_auxiliary (tensor))
    return NULL;
  if (tensor->block.type != WS_BLOCK_OTHER || tensor->block.packed)
    return N_ ("quantised: not analysed");
  return kind == WS_DTYPE_KIND_INTEGER ? N_ ("integers: not analysed") : NULL;
}

static int
compare_tensors (gconstpointer a, gconstpointer b)
{
  const WsTensor *first = *(WsTensor *const *) a;
  const WsTensor *second = *(WsTensor *const *) b;
  /* As unsigned, -1 (none) is the greatest. */
  guint first_layer = (guint) first->block.layer_index;
  guint second_layer = (guint) second->block.layer_index;

  if (first_layer != second_layer)
    return first_layer < second_layer ? -1 : 1;
  return ws_compare_natural (first->name, second->name); /* expert 2 before expert 10 */
}

static gboolean
has_type (const WsModel *self, WsBlockType type)
{
  for (guint i = 0; i < self->tensors->len; i++)
    if (((WsTensor *) self->tensors->pdata[i])->block.type == type)
      return TRUE;
  return FALSE;
}

/* Whether the architecture, as far as it is known, has an output to the vocabulary at all. */
static gboolean
may_have_output (const WsConfig *config)
{
  static const char *const heads[] = { "ForCausalLM", "LMHead", "ForConditionalGeneration",
                                       "ForMaskedLM", "ForPreTraining" };

  if (!config->architecture)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    if (strstr (config->architecture, heads[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_output_tied (const WsModel *self)
{
  return has_type (self, WS_BLOCK_EMBEDDING) && !has_type (self, WS_BLOCK_OUTPUT) &&
         may_have_output (&self->config) &&
         (!self->config.tie_known || self->config.tie_word_embeddings);
}

static void
add_totals (WsModel *self)
{
  for (guint i = 0; i < self->tensors->len; i++)
    {
      const WsTensor *tensor = self->tensors->pdata[i];

      self->n_bytes += tensor->n_bytes;
      if (!is_auxiliary (tensor))
        self->n_parameters += tensor->n_elements;
    }
}

static void
add_warnings (WsModel *self)
{
  guint n = 0;

  for (guint i = 0; i < self->tensors->len; i++)
    if (((WsTensor *) self->tensors->pdata[i])->not_analysed)
      n++;
  if (n > 0)
    g_ptr_array_add (
        self->warnings,
        g_strdup_printf (ngettext ("%u tensor is quantised or of a type that is not analysed.",
                                   "%u tensors are quantised or of types that are not analysed.",
                                   n),
                         n));
  if (self->tensors->len == 0)
    g_ptr_array_add (self->warnings, g_strdup (_ ("No tensor is stored.")));
}

static void
add_notes (WsModel *self)
{
  if (self->output_tied)
    g_ptr_array_add (self->notes,
                     g_strdup (_ ("No output matrix is stored: it is tied to the embedding.")));
}

void
ws_model_derive_facts (WsModel *self, gboolean is_complete)
{
  classify (self);
  for (guint i = 0; i < self->tensors->len; i++)
    {
      WsTensor *tensor = self->tensors->pdata[i];

      tensor->not_analysed = get_reason_not_analysed (tensor);
    }
  g_ptr_array_sort (self->tensors, compare_tensors);
  self->output_tied = is_complete && is_output_tied (self);
  add_totals (self);
  add_warnings (self);
  add_notes (self);
}
