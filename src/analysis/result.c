/* SPDX-License-Identifier: MIT */
/* A row of every table: its state, from the header and from the numbers, and the note on it. */
#include "analysis/result.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/format.h"
#include "base/natural-order.h"

static const struct
{
  const char *key;
  const char *title;
} states[] = {
  [WS_STATE_PENDING] = { "pending", N_ ("pending") },
  [WS_STATE_OK] = { "ok", N_ ("done") },
  [WS_STATE_VECTOR] = { "vector", N_ ("vector") },
  [WS_STATE_BUFFER] = { "buffer", N_ ("buffer") },
  [WS_STATE_EMPTY] = { "empty", N_ ("empty") },
  [WS_STATE_ZERO] = { "zero", N_ ("all zero") },
  [WS_STATE_NONFINITE] = { "nonfinite", N_ ("not finite") },
  [WS_STATE_UNSUPPORTED] = { "unsupported", N_ ("not analysed") },
  [WS_STATE_TOO_LARGE] = { "too_large", N_ ("too large") },
  [WS_STATE_ERROR] = { "error", N_ ("error") },
  [WS_STATE_CANCELLED] = { "cancelled", N_ ("interrupted") },
};

const char *
ws_state_get_key (WsState state)
{
  g_return_val_if_fail (state >= 0 && state < G_N_ELEMENTS (states), "");
  return states[state].key;
}

gboolean
ws_state_from_key (const char *key, WsState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (strcmp (states[i].key, key) == 0)
      {
        *state = (WsState) i;
        return TRUE;
      }
  return FALSE;
}

const char *
ws_state_get_title (WsState state)
{
  g_return_val_if_fail (state >= 0 && state < G_N_ELEMENTS (states), "");
  return _ (states[state].title);
}

/* Why no weights of @tensor are read although they are weights; NULL if they are. */
static const char *
get_reason_unsupported (const WsTensor *tensor)
{
  if (tensor->not_analysed != NULL)
    return tensor->not_analysed;
  return ws_dtype_get_reason (tensor->dtype);
}

static WsState
decide_by_header (const WsTensor *tensor)
{
  if (tensor->n_elements == 0)
    return WS_STATE_EMPTY;
  /* Before the type: a buffer of integers is a buffer, not a weight that we failed to read. */
  if (tensor->block.type == WS_BLOCK_BUFFER || tensor->block.type == WS_BLOCK_QUANT_AUX)
    return WS_STATE_BUFFER;
  if (get_reason_unsupported (tensor) != NULL)
    return WS_STATE_UNSUPPORTED;
  return WS_STATE_PENDING;
}

static WsResult *
new_unfinished (WsModel *model, const WsTensor *tensor, int slice)
{
  WsResult *self = g_new0 (WsResult, 1);
  WsMatrix matrix;

  ws_matrix_init (&matrix, tensor, slice);
  self->model = ws_model_ref (model);
  self->tensor = tensor;
  self->slice = slice;
  self->n_rows = matrix.n_rows;
  self->n_cols = matrix.n_cols;
  self->ref_count = 1;
  ws_metrics_init (&self->metrics);
  return self;
}

WsResult *
ws_result_new_pending (WsModel *model, const WsTensor *tensor, int slice)
{
  WsResult *self = new_unfinished (model, tensor, slice);

  self->state = decide_by_header (tensor);
  self->metrics.count = (double) self->n_rows * (double) self->n_cols;
  if (!ws_result_is_vector (self))
    self->metrics.break_even_rank = ws_break_even_rank (self->n_rows, self->n_cols);
  return self;
}

static WsState
decide_by_numbers (const WsResult *self)
{
  const WsMoments *moments = &self->spectrum.moments;

  if (moments->n_nan + moments->n_inf > 0)
    return WS_STATE_NONFINITE;
  if (ws_result_is_vector (self))
    return WS_STATE_VECTOR;
  return moments->n_zero == moments->n_elements ? WS_STATE_ZERO : WS_STATE_OK;
}

WsResult *
ws_result_new_finished (const WsResult *pending, WsSpectrum *spectrum,
                        const WsMetricOptions *options)
{
  WsResult *self = new_unfinished (pending->model, pending->tensor, pending->slice);

  self->spectrum = *spectrum;
  *spectrum = (WsSpectrum){ 0 };
  self->state = decide_by_numbers (self);
  ws_metrics_compute (&self->metrics, &self->spectrum, self->n_rows, self->n_cols,
                      self->tensor->dtype, options);
  /* To the numerics a vector is a matrix of one row, which has such a rank. */
  if (ws_result_is_vector (self))
    self->metrics.break_even_rank = NAN;
  return self;
}

WsResult *
ws_result_new_failed (const WsResult *pending, WsState state, const char *message)
{
  WsResult *self = new_unfinished (pending->model, pending->tensor, pending->slice);

  self->metrics = pending->metrics;
  self->state = state;
  self->error_message = g_strdup (message);
  return self;
}

WsResult *
ws_result_new_too_large (const WsResult *pending, guint64 n_bytes_needed, guint64 n_bytes_limit)
{
  WsResult *self = ws_result_new_failed (pending, WS_STATE_TOO_LARGE, NULL);

  self->n_bytes_needed = n_bytes_needed;
  self->n_bytes_limit = n_bytes_limit;
  return self;
}

WsResult *
ws_result_ref (WsResult *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_result_unref (WsResult *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  ws_spectrum_clear (&self->spectrum);
  g_free (self->error_message);
  ws_model_unref (self->model);
  g_free (self);
}

int
ws_result_get_expert (const WsResult *self)
{
  return self->tensor->block.expert_index >= 0 ? self->tensor->block.expert_index : self->slice;
}

guint64
ws_result_get_max_rank (const WsResult *self)
{
  return ws_result_is_vector (self) ? 0 : MIN (self->n_rows, self->n_cols);
}

gboolean
ws_result_is_vector (const WsResult *self)
{
  return self->tensor->n_dims <= 1 || self->tensor->block.type == WS_BLOCK_BIAS;
}

gboolean
ws_result_needs_run (const WsResult *self)
{
  return self->state == WS_STATE_PENDING || self->state == WS_STATE_CANCELLED;
}

int
ws_result_compare (const WsResult *a, const WsResult *b)
{
  /* As unsigned, no layer (-1) is the largest. */
  guint layer_a = (guint) a->tensor->block.layer_index;
  guint layer_b = (guint) b->tensor->block.layer_index;
  int order;

  if (layer_a != layer_b)
    return layer_a < layer_b ? -1 : 1;
  order = ws_compare_natural (a->tensor->name, b->tensor->name);
  return order != 0 ? order : (a->slice > b->slice) - (a->slice < b->slice);
}

/* The sentence @msgid itself for files, its translation for people. */
static const char *say (const char *msgid, gboolean translated) G_GNUC_FORMAT (1);

static const char *
say (const char *msgid, gboolean translated)
{
  return translated ? _ (msgid) : msgid;
}

static char *
dup_vector_note (const WsResult *self, gboolean translated)
{
  if (self->tensor->n_dims > 1)
    return g_strdup (say (N_ ("a stack of biases: statistics only"), translated));
  return g_strdup (say (N_ ("a vector: statistics only"), translated));
}

static char *
dup_buffer_note (const WsResult *self, gboolean translated)
{
  if (self->tensor->block.type == WS_BLOCK_QUANT_AUX)
    return g_strdup (say (N_ ("data of the quantisation: not analysed"), translated));
  return g_strdup (say (N_ ("a buffer, not learned: not analysed"), translated));
}

static char *
dup_nonfinite_note (const WsResult *self, gboolean translated)
{
  const WsMoments *moments = &self->spectrum.moments;
  guint64 first = MAX (moments->first_nonfinite, 0);
  g_autofree char *count = g_strdup_printf ("%" G_GUINT64_FORMAT, moments->n_nan + moments->n_inf);
  g_autofree char *row = g_strdup_printf ("%" G_GUINT64_FORMAT, first / self->n_cols);
  g_autofree char *column = g_strdup_printf ("%" G_GUINT64_FORMAT, first % self->n_cols);

  if (self->tensor->n_dims <= 1)
    return g_strdup_printf (say (N_ ("%s not finite, first at index %s"), translated), count,
                            column);
  return g_strdup_printf (say (N_ ("%s not finite, first at row %s, column %s"), translated), count,
                          row, column);
}

static char *
dup_too_large_note (const WsResult *self, gboolean translated)
{
  g_autofree char *needed = ws_format_bytes (self->n_bytes_needed);
  g_autofree char *limit = ws_format_bytes (self->n_bytes_limit);

  return g_strdup_printf (say (N_ ("needs %s of memory, the limit is %s"), translated), needed,
                          limit);
}

static char *
dup_shape_note (const WsResult *self, gboolean translated)
{
  g_autofree char *shape = NULL;

  if (self->slice >= 0 || self->tensor->n_dims <= 2)
    return NULL;
  shape = ws_format_shape ((const guint64[]){ self->n_rows, self->n_cols }, 2);
  return g_strdup_printf (say (N_ ("%u-D tensor seen as %s"), translated), self->tensor->n_dims,
                          shape);
}

static char *
dup_fault_note (const WsResult *self, gboolean translated)
{
  const char *sentence = ws_fault_get_sentence (self->spectrum.fault, translated);

  if (sentence == NULL)
    return NULL;
  return g_strdup_printf (say (N_ ("%s: computed by the processor"), translated), sentence);
}

static char *
dup_ok_note (const WsResult *self, gboolean translated)
{
  g_autofree char *shape = dup_shape_note (self, translated);
  g_autofree char *fault = dup_fault_note (self, translated);

  if (shape != NULL && fault != NULL)
    return g_strdup_printf ("%s; %s", shape, fault);
  return shape != NULL ? g_steal_pointer (&shape) : g_steal_pointer (&fault);
}

char *
ws_result_dup_note (const WsResult *self, gboolean translated)
{
  switch (self->state)
    {
    case WS_STATE_PENDING:
      return NULL;
    case WS_STATE_OK:
      return dup_ok_note (self, translated);
    case WS_STATE_VECTOR:
      return dup_vector_note (self, translated);
    case WS_STATE_BUFFER:
      return dup_buffer_note (self, translated);
    case WS_STATE_EMPTY:
      return g_strdup (say (N_ ("no elements"), translated));
    case WS_STATE_ZERO:
      return g_strdup (say (N_ ("every element is zero"), translated));
    case WS_STATE_NONFINITE:
      return dup_nonfinite_note (self, translated);
    case WS_STATE_UNSUPPORTED:
      return g_strdup (say (get_reason_unsupported (self->tensor), translated));
    case WS_STATE_TOO_LARGE:
      return dup_too_large_note (self, translated);
    case WS_STATE_ERROR:
      return g_strdup (self->error_message);
    case WS_STATE_CANCELLED:
      return g_strdup (say (N_ ("interrupted before it was done"), translated));
    }
  g_return_val_if_reached (NULL);
}
