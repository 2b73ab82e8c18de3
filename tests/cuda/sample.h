/* SPDX-License-Identifier: MIT */
/* Matrices whose singular values are known from LAPACK, and how a caller has a device compute
 * them: shared by the tests with and without a GPU. */
#pragma once

#include "cuda/cuda-private.h"

typedef struct
{
  WsDtype dtype;
  gsize n_rows, n_cols;
  gsize p, q;       /* short and long side */
  gsize n_bytes;    /* of an element */
  guint8 *stored;   /* (owned) row-major */
  double *values;   /* (owned) the same widened */
  double *sigma;    /* (owned) p, descending: dgesdd */
  double gram_norm; /* of the Gram matrix: sqrt (sum sigma^4) */
} Sample;

/* Random bits that are finite numbers of a few binades. */
void sample_init (Sample *self, WsDtype dtype, gsize n_rows, gsize n_cols, guint32 seed);
void sample_clear (Sample *self);

/* Of @n samples of one shape in one task, in blocks of @n_step. */
void sample_get_shape (const Sample *samples, guint n, guint64 n_step, gboolean is_direct,
                       WsTaskShape *shape);

/* As the program does it: begin, blocks into the buffers of the task, values, end.
 * @sigma: (out): n x p; @gram_norm: (out): n */
gboolean sample_compute (const Sample *samples, guint n, WsBackend *backend, guint64 n_step,
                         gboolean is_direct, double *sigma, double *gram_norm,
                         GCancellable *cancellable, GError **error);

/* Asserts that they are those of LAPACK: to 1e-9 where they are above 1e-3 sigma_1, which is what
 * is promised; below, rounding of the Gram matrix shows, and 1e-7 sigma_1 is its square root.
 * @gram_norm: (nullable): to 1e-12: a sum of squares, in any order */
void sample_check (const Sample *self, const double *sigma, const double *gram_norm);

/* sample_compute of one sample, and sample_check. Asserts that there is no error. */
void sample_compute_and_check (const Sample *self, WsBackend *backend, guint64 n_step,
                               gboolean is_direct);
