/* SPDX-License-Identifier: MIT */
/* Whether the eigenvalues of a Gram matrix tell enough about the singular values. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the values from the Gram route must be good for. */
typedef struct
{
  double thresholds[3]; /* of ranks, in units of sigma_1 */
  guint n_thresholds;
} WsCertificate;

/* @sigma: n values, descending, as the Gram route gave them
 * Returns: FALSE when a count above a threshold, or the promised accuracy, is in doubt. */
gboolean ws_certificate_vouches (const WsCertificate *self, const double *sigma, gsize n);

/* Estimated largest absolute error of a singular value, in units of sigma_1. */
double ws_gram_estimate_error (const double *sigma, gsize n);
double ws_direct_estimate_error (gsize n);

G_END_DECLS
