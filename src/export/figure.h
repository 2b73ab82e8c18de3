/* SPDX-License-Identifier: MIT */
/* From results to a figure of their spectra: names of curves, name of the file, the data beside
 * it. */
#pragma once

#include "analysis/result.h"
#include "chart/spectrum-chart.h"

G_BEGIN_DECLS

/* More curves than this are not told apart by anyone. */
#define WS_FIGURE_MAX_CURVES 256

/* All of @results (element-type WsResult) that have a spectrum. (transfer container) */
GPtrArray *ws_figure_filter_results (GPtrArray *results);

/* Adds a curve for each of @results, which have spectra, at most WS_FIGURE_MAX_CURVES, under the
 * shortest names that tell them apart: "layer 3", "layer 3 · q_proj", or the tensors' own. */
void ws_figure_add_curves (WsSpectrumChart *chart, GPtrArray *results);

/* What they have in common, for a title: "q_proj", "layer 3 · q_proj" of a single one, else
 * "4 matrices". (transfer full) */
char *ws_figure_dup_title (GPtrArray *results);

/* Proposed name of a file, without extension: "Qwen3-4B-q_proj". Letters and digits of any script,
 * "-", "_" and "." only. (transfer full) */
char *ws_figure_dup_file_name (GPtrArray *results);

/* The numbers behind the curves as CSV, atomically: param_name, slice, layer_index, index, sigma,
 * normalised, energy. */
gboolean ws_figure_save_data (const char *path, GPtrArray *results, GError **error);

G_END_DECLS
