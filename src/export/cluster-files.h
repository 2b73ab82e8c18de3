/* SPDX-License-Identifier: MIT */
/* A folder with all that is known of the clusters of an embedding. */
#pragma once

#include "analysis/record.h"

G_BEGIN_DECLS

/* How many members of a cluster are shown, unless told otherwise. */
#define WS_CLUSTER_N_MEMBERS 10

/* The names of the files below, NULL at the end: for checks before the run. */
extern const char *const ws_cluster_file_names[];
/* The one of them that says which model they are of. */
#define WS_CLUSTER_RECORD "clustering_results.json"

/* Writes into @folder, which is there; other files in it are left alone:
 *   clustering_results.json embedding_clusters_summary.csv tokens.csv k_curve.csv centroids.npy
 *   elbow.{csv,pdf,png,svg} and the other figures, see cluster-figures.h
 *   report.md
 * A figure of an earlier run that this study has not goes: it would be taken for one of this.
 * Every file is whole or as it was. The same study, record and SOURCE_DATE_EPOCH give the same
 * bytes, in any locale. The report comes last, so that it never names a file that is not there.
 * Centroids are float32, k x d, of the space that was clustered in.
 * @study: with a clustering that was chosen
 * @n_members: of each cluster, that are shown
 * Returns: FALSE with @error set: G_IO_ERROR (a file cannot be written, or cancelled). */
gboolean ws_cluster_files_save (const char *folder, const WsClusterStudy *study,
                                const WsRecordInput *record, guint n_members,
                                GCancellable *cancellable, GError **error);

/* The files of numbers alone: all but the figures and the report. */
gboolean ws_cluster_files_save_numbers (const char *folder, const WsClusterStudy *study,
                                        const WsRecordInput *record, guint n_members,
                                        GCancellable *cancellable, GError **error);

G_END_DECLS
