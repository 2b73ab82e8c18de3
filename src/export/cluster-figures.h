/* SPDX-License-Identifier: MIT */
/* The figures of the clusters of an embedding, and the numbers behind each. */
#pragma once

#include "analysis/cluster-run.h"

G_BEGIN_DECLS

typedef enum
{
  WS_CLUSTER_FIGURE_ELBOW,          /* inertia over k, the three elbows, the chosen k */
  WS_CLUSTER_FIGURE_MAP,            /* the first two principal components, by cluster */
  WS_CLUSTER_FIGURE_SIZES,          /* members of each cluster */
  WS_CLUSTER_FIGURE_NORMS,          /* over the ids of tokens */
  WS_CLUSTER_FIGURE_NORM_HISTOGRAM, /* how often each norm is */
  WS_CLUSTER_FIGURE_VARIANCE,       /* that the first principal components explain */
  WS_N_CLUSTER_FIGURES
} WsClusterFigure;

/* "elbow", "map", "sizes", "norms", "norm-histogram", "variance": the name of its files. */
const char *ws_cluster_figure_get_key (WsClusterFigure figure);
/* One English sentence for documents. */
const char *ws_cluster_figure_get_caption (WsClusterFigure figure);
/* Whether the study knows enough: an elbow needs more than one k. */
gboolean ws_cluster_figure_exists (WsClusterFigure figure, const WsClusterStudy *study);

/* Writes KEY.pdf, KEY.png (300 dpi) and KEY.svg, 8.9 cm wide, and the numbers as KEY.csv into
 * @folder, which is there; each file is whole or as it was. The same study gives the same bytes, in
 * any locale. On the map and among the sizes clusters are named by their numbers, as in the tables.
 * Returns: FALSE with @error set: G_IO_ERROR (a file cannot be written, or cancelled). */
gboolean ws_cluster_figure_save (WsClusterFigure figure, const WsClusterStudy *study,
                                 const char *folder, GCancellable *cancellable, GError **error);
/* All that exist. */
gboolean ws_cluster_figures_save (const WsClusterStudy *study, const char *folder,
                                  GCancellable *cancellable, GError **error);

G_END_DECLS
