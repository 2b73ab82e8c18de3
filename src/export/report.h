/* SPDX-License-Identifier: MIT */
/* One folder with everything about a model: a report as Markdown and HTML, its figures, and all
 * numbers as CSV, JSON and NPZ. */
#pragma once

#include "analysis/record.h"

G_BEGIN_DECLS

typedef struct
{
  WsModel *model;
  GPtrArray *results; /* (element-type WsResult) in the order of ws_result_compare */
  const WsRecordInput *record;

  const WsClusterStudy *study;          /* (nullable) of the embedding, with a chosen clustering */
  const WsRecordInput *clusters_record; /* of @study */
  guint n_members;                      /* of each cluster, that are shown */
  const char *no_study;                 /* (nullable) why there is none, in English */
} WsReportInput;

/* What ws_report_save writes into a folder, files and folders, NULL at the end: for checks before
 * the run. */
extern const char *const ws_report_file_names[];
/* The one of them that says which model they are of. */
#define WS_REPORT_RECORD "results.json"

/* Writes into @folder, which is made if it is not there; other files in it are left alone:
 *   report.md report.html results.csv results.json spectra.npz
 *   figures/spectra-BLOCK.{pdf,png,svg}   a figure for each block type that has spectra
 *   figures/layers.{pdf,png,svg}          the 90 % ranks over the layers
 *   embedding/                            what ws_cluster_files_save_numbers and
 *                                         ws_cluster_figures_save write
 * Every file is whole or as it was. The same results, record and SOURCE_DATE_EPOCH give the same
 * bytes, in any locale. The reports come last, so that they never name a file that is not there.
 * @share_func: (nullable): called on this thread
 * Returns: FALSE with @error set: G_IO_ERROR (a file cannot be written, or cancelled). */
gboolean ws_report_save (const char *folder, const WsReportInput *input, WsShareFunc share_func,
                         gpointer user_data, GCancellable *cancellable, GError **error);

G_END_DECLS
