/* SPDX-License-Identifier: MIT */
/* The figures of a report: each as PDF, PNG and SVG in its folder, and told in its text. */
#pragma once

#include "export/document.h"
#include "export/report-facts.h"

G_BEGIN_DECLS

/* Below the folder of the report. */
#define WS_REPORT_FIGURES "figures"
/* Files of each figure. */
#define WS_REPORT_N_FORMATS 3

/* figures/spectra-BLOCK: the singular values of all matrices of @type among @results.
 * @folder: of the report; its folder of figures is there
 * Returns: FALSE with @error set: a file cannot be written, or cancelled. */
gboolean ws_report_add_spectra_figure (WsDocument *document, const char *folder, GPtrArray *results,
                                       WsBlockType type, GCancellable *cancellable, GError **error);

/* Whether there is a stack of at least two layers to draw lines over. */
gboolean ws_report_has_layers_figure (const WsReportFacts *facts);
/* figures/layers: the 90 % rank over the layers of the stack that has most of them. */
gboolean ws_report_add_layers_figure (WsDocument *document, const char *folder, GPtrArray *results,
                                      const WsReportFacts *facts, GCancellable *cancellable,
                                      GError **error);

G_END_DECLS
