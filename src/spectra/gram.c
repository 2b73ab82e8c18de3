/* SPDX-License-Identifier: MIT */
/* The Gram matrix of the short side, summed over blocks. */
#include "spectra/gram.h"

#include <cblas.h>

/* Columns of the triangle that one call updates: with the largest block under 0.3 s. */
#define STRIP 2048

gboolean
ws_gram_add_block (double *gram, gsize p, const WsBlock *block, gboolean by_columns, WsWork *work,
                   GError **error)
{
  /* Our row-major block is its transpose to BLAS: p x k if it is of rows, k x p if of columns. */
  const gsize k = by_columns ? block->n_cols : block->n_rows;
  const gsize stride = by_columns ? k : 1;
  const gsize leading = by_columns ? k : p;
  const enum CBLAS_TRANSPOSE transpose = by_columns ? CblasTrans : CblasNoTrans;
  const enum CBLAS_TRANSPOSE other = by_columns ? CblasNoTrans : CblasTrans;

  for (gsize start = 0; start < p; start += STRIP)
    {
      const gsize n = MIN (STRIP, p - start), below = start + n;
      const double *strip = block->values + start * stride;

      cblas_dsyrk (CblasColMajor, CblasLower, transpose, n, k, 1.0, strip, leading, 1.0,
                   gram + start * p + start, p);
      if (below < p)
        cblas_dgemm (CblasColMajor, transpose, other, p - below, n, k, 1.0,
                     block->values + below * stride, leading, strip, leading, 1.0,
                     gram + start * p + below, p);
      if (!ws_work_advance (work, (double) k * n * (n + 2.0 * (p - below)), error))
        return FALSE;
    }
  return TRUE;
}
