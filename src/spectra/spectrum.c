/* SPDX-License-Identifier: MIT */
/* One matrix from its bytes to its singular values: which route, which passes, which doubts. */
#include "spectra/spectrum.h"

#include "base/error.h"
#include "spectra/certificate.h"
#include "spectra/direct.h"
#include "spectra/gram.h"
#include "spectra/metrics.h"
#include "spectra/spectrum-private.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Up to this short side the direct route takes little, and a Gram matrix still less: that is tried
 * where it can be trusted with as many digits as anybody looks at, the error of each singular value
 * being this, in units of the largest. */
#define SMALL_SIDE 128
#define MOST_SMALL_ERROR 1e-12
/* The singular values must carry the Frobenius norm of the elements. */
#define MAX_NORM_DIFFERENCE 1e-6
/* Of the 32 MiB that OpenBLAS keeps for each thread a product touches what it packs: up to 512 rows
 * of each column of the short side (384 were seen). The rest is code and what it begins with: 1.7
 * MB were seen for a matrix of 4 x 4. */
#define BLAS_MOST_BYTES (32u << 20)
#define BLAS_LEAST_BYTES (2u << 20)
#define BLAS_COLUMN_BYTES (512 * sizeof (double))
/* Code and stack of statistics alone; 0.15 MB were seen. */
#define STATISTICS_BYTES (512u << 10)

const char *
ws_method_get_key (WsMethod method)
{
  switch (method)
    {
    case WS_METHOD_GRAM64:
      return "gram64";
    case WS_METHOD_SVD64:
      return "svd64";
    default:
      return "";
    }
}

void
ws_spectrum_options_init (WsSpectrumOptions *self)
{
  *self = (WsSpectrumOptions){ .zero_eps = 1e-8, .rank_tol = 1e-6 };
}

void
ws_spectrum_clear (WsSpectrum *self)
{
  g_clear_pointer (&self->sigma, g_free);
  self->n_sigma = 0;
}

static gboolean
is_small (const WsMatrix *matrix)
{
  return MIN (matrix->n_rows, matrix->n_cols) <= SMALL_SIDE;
}

/* Whether squares of the elements are no exact doubles, and may leave their range. */
static gboolean
is_wide (const WsMatrix *matrix)
{
  return ws_dtype_get_n_bits (matrix->tensor->dtype) > 32;
}

gboolean
_ws_spectrum_is_direct (const WsMatrix *matrix)
{
  return is_small (matrix) || is_wide (matrix);
}

static guint64
get_blas_bytes (guint64 p)
{
  return MIN (BLAS_LEAST_BYTES + p * BLAS_COLUMN_BYTES, BLAS_MOST_BYTES);
}

/* Beside the bytes of a wide matrix, which are held only if there is room. */
static guint64
get_base_bytes (const WsMatrix *matrix)
{
  const guint64 p = MIN (matrix->n_rows, matrix->n_cols);
  const guint64 q = MAX (matrix->n_rows, matrix->n_cols);
  const guint64 n_bytes = ws_moments_pass_get_required_bytes (matrix->tensor->dtype, p * q) +
                          get_blas_bytes (p) + sizeof (double) * p * p;
  const guint64 n_direct_bytes = ws_blocks_get_required_bytes (matrix, TRUE, FALSE) +
                                 ws_triangle_get_required_bytes (p, ws_blocks_get_step (p, q));

  if (is_wide (matrix))
    return n_bytes + n_direct_bytes;
  /* a Gram matrix that cannot be certified is taken again by the direct route, in its place */
  return n_bytes + MAX (ws_blocks_get_required_bytes (matrix, FALSE, FALSE) +
                            ws_gram_get_block_bytes (p, q) + ws_gram_get_required_bytes (p),
                        n_direct_bytes);
}

static gboolean
keeps_whole (const WsMatrix *matrix, const WsSpectrumOptions *options)
{
  return options->memory_limit == 0 ||
         get_base_bytes (matrix) + ws_matrix_get_scratch (matrix, matrix->n_rows, matrix->n_cols) <=
             options->memory_limit;
}

static guint64
get_statistics_bytes (const WsMatrix *matrix)
{
  const WsDtype dtype = matrix->tensor->dtype;
  WsMatrix flat;

  ws_matrix_init_flat (&flat, matrix);
  return STATISTICS_BYTES + ws_moments_pass_get_required_bytes (dtype, flat.n_cols) +
         ws_blocks_get_required_bytes (&flat, FALSE, FALSE);
}

guint64
ws_spectrum_get_required_bytes (const WsMatrix *matrix, gboolean values,
                                const WsSpectrumOptions *options)
{
  guint64 n_bytes;

  if (!values)
    return get_statistics_bytes (matrix);
  n_bytes = get_base_bytes (matrix);
  if (matrix->n_rows > 1 && matrix->n_rows < matrix->n_cols && keeps_whole (matrix, options))
    n_bytes += ws_matrix_get_scratch (matrix, matrix->n_rows, matrix->n_cols);
  return n_bytes;
}

guint
ws_spectrum_count_reads (const WsMatrix *matrix, gboolean values, const WsSpectrumOptions *options)
{
  const guint n_passes =
      ws_moments_pass_count (matrix->tensor->dtype, matrix->n_rows * matrix->n_cols);

  if (!values)
    return n_passes;
  if (!ws_blocks_read_each_time (matrix, keeps_whole (matrix, options)))
    return 1;
  return n_passes + (_ws_spectrum_is_direct (matrix) ? 1 : 0);
}

void
ws_spectrum_estimate_stages (const WsMatrix *matrix, gboolean values, WsStages *stages)
{
  const double p = MIN (matrix->n_rows, matrix->n_cols);
  const double n_elements = (double) matrix->n_rows * matrix->n_cols;
  const gboolean is_direct = is_wide (matrix);

  *stages = (WsStages){ .reading = WS_READ_WORK * n_elements };
  if (!values)
    return;
  stages->gram = (is_direct ? WS_QR_WORK : 1.0) * n_elements * p;
  stages->reduction = is_direct ? WS_BIDIAGONAL_WORK * p * p * p : ws_gram_estimate_work (p);
}

double
ws_spectrum_estimate_work (const WsMatrix *matrix, gboolean values)
{
  WsStages stages;

  ws_spectrum_estimate_stages (matrix, values, &stages);
  return stages.reading + stages.gram + stages.reduction;
}

/* What one computation holds while it lasts. */
typedef struct
{
  const WsMatrix *matrix;
  const WsSpectrumOptions *options;
  WsSpectrum *spectrum;
  WsWork work;
  WsBlocks blocks;
  WsMomentsPass *moments; /* NULL once complete */
  gsize p;
  double *square; /* p x p: the Gram matrix, or the triangle; NULL without values */
} Run;

static void
run_clear (Run *self)
{
  ws_blocks_clear (&self->blocks);
  g_clear_pointer (&self->moments, ws_moments_pass_free);
  g_clear_pointer (&self->square, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static gboolean
run_init (Run *self, gboolean values, GError **error)
{
  const WsMatrix *matrix = self->matrix;
  const WsDtype dtype = matrix->tensor->dtype;

  self->moments =
      ws_moments_pass_new (dtype, matrix->n_rows, matrix->n_cols, self->options->zero_eps);
  if (values)
    {
      self->p = MIN (matrix->n_rows, matrix->n_cols);
      self->square = ws_work_allocate (self->p, self->p, error);
      if (!self->square)
        return FALSE;
    }
  if (!ws_blocks_init (&self->blocks, matrix, FALSE, values && keeps_whole (matrix, self->options),
                       error))
    return FALSE;
  if (ws_spectrum_count_reads (matrix, values, self->options) > 1)
    ws_blocks_keep (&self->blocks);
  return TRUE;
}

static void
add_to_moments (const WsBlock *block, gpointer user_data)
{
  Run *self = user_data;

  if (self->moments)
    ws_moments_pass_add_block (self->moments, block->stored, block->row, block->n_rows, block->col,
                               block->n_cols);
}

static void
end_pass_of_moments (Run *self)
{
  if (self->moments && ws_moments_pass_finish (self->moments, &self->spectrum->moments))
    g_clear_pointer (&self->moments, ws_moments_pass_free);
}

/* One pass over the matrix: the moments if they are not complete, and the triangle unless it is
 * NULL. */
static gboolean
run_pass (Run *self, WsTriangle *triangle, double scale, GError **error)
{
  WsBlocks *blocks = &self->blocks;
  const gboolean is_first = self->moments != NULL;

  for (guint64 i = 0; i < blocks->n_blocks; i++)
    {
      WsBlock block;

      if (!ws_blocks_read (blocks, i, &block, self->work.cancellable, error))
        return FALSE;
      add_to_moments (&block, self);
      if (!ws_work_advance (&self->work,
                            is_first ? WS_READ_WORK * block.n_rows * block.n_cols : 0.0, error))
        return FALSE;
      if (triangle &&
          !ws_triangle_add_block (triangle, &block, blocks->by_columns, scale, &self->work, error))
        return FALSE;
    }
  end_pass_of_moments (self);
  return TRUE;
}

/* The further passes that exact quantiles of wide types take. */
static gboolean
complete_moments (Run *self, GError **error)
{
  while (self->moments)
    if (!run_pass (self, NULL, 1.0, error))
      return FALSE;
  return TRUE;
}

gboolean
_ws_spectrum_is_finite (const WsSpectrum *self)
{
  return self->moments.n_nan == 0 && self->moments.n_inf == 0;
}

void
_ws_spectrum_take_values (WsSpectrum *self, double *sigma, gsize n, WsMethod method,
                          double sigma_error)
{
  g_free (self->sigma);
  self->sigma = sigma;
  self->n_sigma = n;
  self->method = method;
  self->sigma_error = sigma_error;
}

static double
get_scale (const WsMoments *moments)
{
  /* as large as any number that 2^-1074 can be multiplied by without overflow is enough */
  return moments->abs_max > 0.0 ? ldexp (1.0, CLAMP (-ilogb (moments->abs_max), -1000, 1000)) : 1.0;
}

/* The Gram matrix gives its place to the triangle. */
static gboolean
clear_square (Run *self, GError **error)
{
  for (gsize i = 0; i < self->p; i++)
    {
      memset (self->square + i * self->p, 0, self->p * sizeof (double));
      if (!ws_work_advance (&self->work, 0.0, error))
        return FALSE;
    }
  return TRUE;
}

/* QR by blocks. The moments are complete before, because wide types are scaled by their largest
 * element: squares of float64 weights may leave the range of doubles. */
static gboolean
compute_direct (Run *self, GError **error)
{
  g_auto (WsTriangle) triangle = { 0 };
  g_autofree double *sigma = NULL;
  const gsize p = self->p;
  double scale;

  if (!complete_moments (self, error))
    return FALSE;
  if (!_ws_spectrum_is_finite (self->spectrum))
    return TRUE;
  scale = get_scale (&self->spectrum->moments);
  sigma = ws_work_allocate (p, 1, error);
  if (!sigma || !clear_square (self, error) || !ws_blocks_ensure_values (&self->blocks, error) ||
      !ws_triangle_init (&triangle, self->square, p, self->blocks.n_step, error) ||
      !run_pass (self, &triangle, scale, error) ||
      !ws_triangle_compute_values (&triangle, sigma, &self->work, error))
    return FALSE;
  for (gsize i = 0; i < p; i++)
    sigma[i] /= scale;
  _ws_spectrum_take_values (self->spectrum, g_steal_pointer (&sigma), p, WS_METHOD_SVD64,
                            ws_direct_estimate_error (p));
  return TRUE;
}

gboolean
_ws_spectrum_is_certified (const WsSpectrum *self, const WsMatrix *matrix,
                           const WsSpectrumOptions *options, const double *sigma)
{
  const double rms_ulp = self->moments.rms_ulp;
  const gsize q = MAX (matrix->n_rows, matrix->n_cols);
  WsCertificate certificate = {
    .thresholds = { q * (double) FLT_EPSILON, options->rank_tol },
    .n_thresholds = 2,
  };

  if (!isnan (rms_ulp) && sigma[0] > 0.0)
    certificate.thresholds[certificate.n_thresholds++] =
        ws_storage_noise_edge (rms_ulp, matrix->n_rows, matrix->n_cols) / sigma[0];
  return ws_certificate_vouches (&certificate, sigma, MIN (matrix->n_rows, matrix->n_cols));
}

static gboolean
can_be_trusted (const Run *self, const double *sigma, double sigma_error)
{
  return (!is_small (self->matrix) || sigma_error <= MOST_SMALL_ERROR) &&
         _ws_spectrum_is_certified (self->spectrum, self->matrix, self->options, sigma);
}

static gboolean
compute_gram (Run *self, GError **error)
{
  g_autofree double *sigma = ws_work_allocate (self->p, 1, error);
  double sigma_error;

  if (!sigma ||
      !ws_gram_add_blocks (self->square, &self->blocks, add_to_moments, self, &self->work, error))
    return FALSE;
  end_pass_of_moments (self);
  if (!complete_moments (self, error))
    return FALSE;
  if (!_ws_spectrum_is_finite (self->spectrum))
    return TRUE;
  if (!ws_gram_compute_values (self->square, self->p, sigma, &self->work, error))
    return FALSE;
  sigma_error = ws_gram_estimate_error (sigma, self->p);
  if (!can_be_trusted (self, sigma, sigma_error))
    {
      const double p = self->p;

      self->work.total += p * p * (WS_QR_WORK * self->blocks.long_side + WS_BIDIAGONAL_WORK * p);
      return compute_direct (self, error);
    }
  _ws_spectrum_take_values (self->spectrum, g_steal_pointer (&sigma), self->p, WS_METHOD_GRAM64,
                            sigma_error);
  return TRUE;
}

/* The norm of the elements and that of the singular values come from different sums: where they
 * differ, something in between is broken, and no number is better than a wrong one. */
static gboolean
check_norm (const WsSpectrum *spectrum, GError **error)
{
  const double expected = spectrum->moments.frobenius;
  double norm = 0.0;

  if (spectrum->n_sigma == 0)
    return TRUE;
  if (isinf (expected))
    {
      g_set_error_literal (error, WS_ERROR, WS_ERROR_NUMERIC,
                           _ ("the norm of the matrix is beyond the range of float64"));
      return FALSE;
    }
  if (spectrum->sigma[0] > 0.0)
    norm = spectrum->sigma[0] * sqrt (ws_stable_rank (spectrum->sigma, spectrum->n_sigma));
  if (fabs (norm - expected) <= MAX_NORM_DIFFERENCE * expected)
    return TRUE;
  g_set_error (error, WS_ERROR, WS_ERROR_NUMERIC,
               _ ("the singular values do not carry the norm of the matrix: %g instead of %g"),
               norm, expected);
  return FALSE;
}

static gboolean
compute (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
         const WsSpectrumOptions *options, WsWork work, GError **error)
{
  g_auto (Run) run = { .matrix = matrix, .options = options, .spectrum = self, .work = work };

  if (!run_init (&run, values, error))
    return FALSE;
  if (!values)
    return complete_moments (&run, error);
  if (!(is_wide (matrix) ? compute_direct (&run, error) : compute_gram (&run, error)))
    return FALSE;
  return check_norm (self, error);
}

gboolean
ws_spectrum_compute (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                     const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                     gpointer user_data, GCancellable *cancellable, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  WsTaskShape shape;
  WsMatrix flat;
  WsWork work = {
    .total = ws_spectrum_estimate_work (matrix, values),
    .team = place ? place->team : NULL,
    .share_func = share_func,
    .user_data = user_data,
    .cancellable = cancellable,
  };

  if (place && place->backend && ws_spectrum_get_task_shape (matrix, values, &shape) &&
      place->backend->funcs->accepts (place->backend, &shape))
    return _ws_spectrum_compute_on_device (self, matrix, options, place->backend, share_func,
                                           user_data, cancellable, error);
  *self = (WsSpectrum){ .backend = "cpu" };
  ws_moments_init (&self->moments);
  if (matrix->n_rows == 0 || matrix->n_cols == 0)
    return TRUE;
  /* without values rows mean nothing, and one run of elements is read fastest */
  ws_matrix_init_flat (&flat, matrix);
  if (!compute (self, values ? matrix : &flat, values, options, work, error))
    {
      ws_spectrum_clear (self);
      return FALSE;
    }
  self->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return TRUE;
}
