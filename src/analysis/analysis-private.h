/* SPDX-License-Identifier: MIT */
/* The seam between a run and the numerics: a test gives matrices that are slow, fail or hang. */
#pragma once

#include "analysis/analysis.h"

G_BEGIN_DECLS

/* As ws_spectrum_compute. */
typedef gboolean (*WsComputeFunc) (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                                   const WsSpectrumOptions *options, const WsPlace *place,
                                   WsShareFunc share_func, gpointer user_data,
                                   GCancellable *cancellable, GError **error);

/* Before the run: instead of the device that the options ask for. @backend: borrowed. */
void _ws_analysis_set_backend (WsAnalysis *self, WsBackend *backend);

/* Before the run. */
void _ws_analysis_set_compute (WsAnalysis *self, WsComputeFunc compute);

G_END_DECLS
