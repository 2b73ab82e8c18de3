/* SPDX-License-Identifier: MIT */
/* The shape of the rows of clusters: what saving and loading share. */
#pragma once

#include "analysis/store-clusters.h"
#include "analysis/store-private.h"

G_BEGIN_DECLS

/* A blob: @n numbers of @size bytes (4 or 8), little-endian on disk. */
typedef struct
{
  gpointer data;
  gsize n, size;
} WsStoreArray;

/* The numbers of a row of `embedding`. */
typedef struct
{
  gint64 n_points, n_untrained;
  gint64 has_rows; /* some rows of the matrix are not points */
  double anisotropy, anisotropy_centred;
  double norm_quantiles[WS_N_QUANTILES];
} WsEmbeddingRow;

/* Of `projection`. */
typedef struct
{
  gint64 n_points, n_columns;
  double total, participation_ratio;
} WsProjectionRow;

/* Of `clustering`. */
typedef struct
{
  gint64 n_points, n_columns, n_iterations, converged, n_sampled;
  gint64 has_silhouettes; /* of the clusters */
  double inertia, calinski_harabasz, f_ratio_seed, davies_bouldin;
  double silhouette, silhouette_error, kmeans_seconds, seconds;
} WsClusteringRow;

enum
{
  WS_N_EMBEDDING_ARRAYS = 3,  /* norms, untrained, rows */
  WS_N_PROJECTION_ARRAYS = 2, /* xy, variance */
  WS_N_CLUSTERING_ARRAYS = 5, /* labels, centroids, distances, sizes, silhouettes */
};

/* The arrays of a row, as long as its numbers say, and nowhere yet.
 * @k: of the clustering */
void _ws_embedding_row_list_arrays (const WsEmbeddingRow *self,
                                    WsStoreArray arrays[WS_N_EMBEDDING_ARRAYS]);
void _ws_projection_row_list_arrays (const WsProjectionRow *self,
                                     WsStoreArray arrays[WS_N_PROJECTION_ARRAYS]);
void _ws_clustering_row_list_arrays (const WsClusteringRow *self, guint k,
                                     WsStoreArray arrays[WS_N_CLUSTERING_ARRAYS]);

/* @id: (out) of the row of `embedding` that fits @tensor and the method; 0: there is none.
 * Returns: FALSE when SQLite failed. */
gboolean _ws_store_find_embedding (WsStore *self, gint64 file_id, const WsTensor *tensor,
                                   gint64 *id, gint64 *checksum);
/* The first parameters of loading and saving clusterings. Returns: number of the next one. */
int _ws_store_bind_cluster_key (sqlite3_stmt *statement, gint64 embedding_id,
                                const WsClusterKey *key);

/* Over the numbers and the arrays of a row. */
gint64 _ws_store_compute_row_checksum (const WsStoreColumns *columns, gconstpointer numbers,
                                       const WsStoreArray *arrays, guint n_arrays);

G_END_DECLS
