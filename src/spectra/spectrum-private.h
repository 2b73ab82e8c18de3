/* SPDX-License-Identifier: MIT */
/* What the ways to a spectrum share: that of the processor and that of a device. */
#pragma once

#include "spectra/spectrum.h"

G_BEGIN_DECLS

/* Whether squaring must be avoided, or is not worth a device. */
gboolean _ws_spectrum_is_direct (const WsMatrix *matrix);
gboolean _ws_spectrum_is_finite (const WsSpectrum *self);

/* Whether the roots of the eigenvalues of the Gram matrix tell all that is asked for.
 * @self: with its moments */
gboolean _ws_spectrum_is_certified (const WsSpectrum *self, const WsMatrix *matrix,
                                    const WsSpectrumOptions *options, const double *sigma);

/* @sigma: (transfer full): as many as the short side has */
void _ws_spectrum_take_values (WsSpectrum *self, double *sigma, gsize n, WsMethod method,
                               double sigma_error);

/* ws_spectrum_compute_batch for one. */
gboolean _ws_spectrum_compute_on_device (WsSpectrum *self, const WsMatrix *matrix,
                                         const WsSpectrumOptions *options, WsBackend *backend,
                                         WsShareFunc share_func, gpointer user_data,
                                         GCancellable *cancellable, GError **error);

G_END_DECLS
