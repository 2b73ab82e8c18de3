/* SPDX-License-Identifier: MIT */
/* Models for the tests of src/analysis: a real file (results are stored by file identity), tensors
 * described by hand, and a scripted stand-in for the numerics. */
#pragma once

#include "analysis/analysis-private.h"
#include "base/error.h"
#include "base/format.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

typedef struct
{
  const char *name;
  WsBlockType type;
  int layer;
  guint n_dims;
  guint64 dims[3];
} TensorSpec;

static inline char *
fixture_make_folder (void)
{
  char *folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

/* Folders of the tests are flat. */
static inline void
fixture_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (folder);
}

static inline WsTensor *
fixture_tensor_new (const TensorSpec *spec, WsSource *source, guint64 offset)
{
  WsTensor *tensor = g_new0 (WsTensor, 1);

  tensor->name = g_strdup (spec->name);
  tensor->dtype = WS_DTYPE_F32;
  tensor->n_dims = spec->n_dims;
  tensor->n_elements = 1;
  for (guint i = 0; i < spec->n_dims; i++)
    {
      tensor->dims[i] = spec->dims[i];
      tensor->n_elements *= spec->dims[i];
    }
  tensor->source = ws_source_ref (source);
  tensor->offset = offset;
  tensor->n_bytes = tensor->n_elements * 4;
  tensor->block.type = spec->type;
  tensor->block.layer_index = spec->layer;
  tensor->block.expert_index = -1;
  tensor->block.stack = g_strdup ("model");
  tensor->block.rule = -1;
  return tensor;
}

/* Takes @source. */
static inline WsModel *
fixture_model_from_source (WsSource *source, const TensorSpec *specs, guint n)
{
  WsModel *model = g_new0 (WsModel, 1);
  guint64 offset = 0;

  model->path = g_strdup ("/models/made-up");
  model->title = g_strdup ("made-up");
  model->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_tensor_free);
  model->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_source_unref);
  model->warnings = g_ptr_array_new_with_free_func (g_free);
  model->notes = g_ptr_array_new_with_free_func (g_free);
  model->ref_count = 1;
  for (guint i = 0; i < n; i++)
    {
      WsTensor *tensor = fixture_tensor_new (&specs[i], source, offset);

      offset += tensor->n_bytes;
      g_ptr_array_add (model->tensors, tensor);
    }
  g_ptr_array_add (model->sources, source);
  return model;
}

/* x <- (1103515245 x + 12345) mod 2^31, w = x / 2^31 - 1/2: the generator of the design's
 * end-to-end matrix. */
static inline void
fixture_write_weights (const char *path, gsize n)
{
  g_autofree float *weights = g_new (float, n);
  guint64 x = 12345;

  for (gsize i = 0; i < n; i++)
    {
      x = (1103515245 * x + 12345) % (G_GUINT64_CONSTANT (1) << 31);
      weights[i] = (float) ((double) x / 2147483648.0 - 0.5);
    }
  g_assert_true (g_file_set_contents (path, (const char *) weights, (gssize) (n * 4), NULL));
}

/* A file of exactly the weights of @specs, and the model that it is. */
static inline WsModel *
fixture_model_new (const char *path, const TensorSpec *specs, guint n)
{
  gsize n_elements = 0;
  WsSource *source;

  for (guint i = 0; i < n; i++)
    {
      gsize product = 1;

      for (guint k = 0; k < specs[i].n_dims; k++)
        product *= specs[i].dims[k];
      n_elements += product;
    }
  fixture_write_weights (path, n_elements);
  source = ws_source_open_file (path, NULL);
  g_assert_nonnull (source);
  return fixture_model_from_source (source, specs, n);
}

/* A model of no file, for what does not look at bytes. */
static inline WsModel *
fixture_model_in_memory (const TensorSpec *specs, guint n)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("", 0);

  return fixture_model_from_source (ws_source_new_bytes ("made-up", bytes), specs, n);
}

static inline GPtrArray *
fixture_plan (WsModel *model)
{
  WsMetricOptions options;

  ws_metric_options_init (&options);
  return ws_analysis_plan (model, &options);
}

/* Values that differ from matrix to matrix and have all 53 bits: sigma_i = sqrt (offset + 2) / (i +
 * 1), and moments to match its size. */
static inline void
fixture_fill_spectrum (WsSpectrum *self, const WsMatrix *matrix, gboolean values)
{
  guint64 n_elements = matrix->n_rows * matrix->n_cols;

  *self = (WsSpectrum){ 0 };
  self->moments = (WsMoments){ .n_elements = n_elements,
                               .n_finite = n_elements,
                               .first_nonfinite = -1,
                               .mean = 1.0 / 3.0,
                               .variance = 2.0,
                               .skewness = NAN,
                               .kurtosis = NAN,
                               .min = -1.5,
                               .max = 1.7,
                               .abs_max = 1.7,
                               .frobenius = 3.0 };
  self->backend = "cpu";
  self->seconds = 0.1;
  if (!values)
    return;
  self->n_sigma = MIN (matrix->n_rows, matrix->n_cols);
  self->sigma = g_new (double, self->n_sigma);
  for (gsize i = 0; i < self->n_sigma; i++)
    self->sigma[i] = sqrt ((double) matrix->offset + 2.0) / (double) (i + 1);
  self->method = WS_METHOD_GRAM64;
  self->sigma_error = 1e-15;
}

static inline void
fixture_wait_for_cancel (GCancellable *cancellable)
{
  GPollFD fd;

  g_assert_true (g_cancellable_make_pollfd (cancellable, &fd));
  g_poll (&fd, 1, -1);
  g_cancellable_release_fd (cancellable);
}

/* As ws_spectrum_compute; a name that begins with "fail" fails, with "hang" waits to be cancelled.
 */
static inline gboolean
fixture_compute (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                 const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                 gpointer user_data, GCancellable *cancellable, GError **error)
{
  if (g_str_has_prefix (matrix->tensor->name, "fail"))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "'%s' ends too early",
                   matrix->tensor->name);
      return FALSE;
    }
  if (g_str_has_prefix (matrix->tensor->name, "hang"))
    fixture_wait_for_cancel (cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  share_func (0.25, user_data);
  share_func (0.75, user_data);
  fixture_fill_spectrum (self, matrix, values);
  return TRUE;
}

/* What fixture_compute would make of @pending. */
static inline WsResult *
fixture_finish (const WsResult *pending)
{
  g_auto (WsSpectrum) spectrum = { 0 };
  WsMetricOptions options;
  WsMatrix matrix;

  ws_metric_options_init (&options);
  ws_matrix_init (&matrix, pending->tensor, pending->slice);
  fixture_fill_spectrum (&spectrum, &matrix, !ws_result_is_vector (pending));
  return ws_result_new_finished (pending, &spectrum, &options);
}
