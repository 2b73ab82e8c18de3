/* SPDX-License-Identifier: MIT */
/* The seam between a run and the numerics: a test gives matrices that are slow, fail or hang. */
#pragma once

#include "analysis/analysis.h"

G_BEGIN_DECLS

/* As ws_spectrum_compute. */
typedef gboolean (*WsComputeFunc) (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                                   const WsSpectrumOptions *options, WsShareFunc share_func,
                                   gpointer user_data, GCancellable *cancellable, GError **error);

/* Before the run. */
void _ws_analysis_set_compute (WsAnalysis *self, WsComputeFunc compute);

G_END_DECLS
