/* SPDX-License-Identifier: MIT */
/* The tables of clusters, and the shape of their rows.
 *
 * `embedding` has a row for each matrix that was looked at: what is known of its rows as they are;
 * `projection` one for each normalization of it; `clustering` one for each k and all that changes
 * its numbers. Arrays are blobs of little-endian numbers: numpy.frombuffer (labels, '<u4'). */
#include "analysis/store-clusters-private.h"

#define COUNT(type, field)                                                                         \
  {                                                                                                \
#field, FALSE, G_STRUCT_OFFSET(type, field)                                                    \
  }
#define REAL(type, field)                                                                          \
  {                                                                                                \
#field, TRUE, G_STRUCT_OFFSET(type, field)                                                     \
  }

static const WsStoreColumn embedding_columns[] = {
  COUNT (WsEmbeddingRow, n_points),
  COUNT (WsEmbeddingRow, n_untrained),
  COUNT (WsEmbeddingRow, has_rows),
  REAL (WsEmbeddingRow, anisotropy),
  REAL (WsEmbeddingRow, anisotropy_centred),
  { "norm_q001", TRUE, G_STRUCT_OFFSET (WsEmbeddingRow, norm_quantiles[0]) },
  { "norm_q01", TRUE, G_STRUCT_OFFSET (WsEmbeddingRow, norm_quantiles[1]) },
  { "norm_q50", TRUE, G_STRUCT_OFFSET (WsEmbeddingRow, norm_quantiles[2]) },
  { "norm_q99", TRUE, G_STRUCT_OFFSET (WsEmbeddingRow, norm_quantiles[3]) },
  { "norm_q999", TRUE, G_STRUCT_OFFSET (WsEmbeddingRow, norm_quantiles[4]) },
};

static const WsStoreColumn projection_columns[] = {
  COUNT (WsProjectionRow, n_points),
  COUNT (WsProjectionRow, n_columns),
  REAL (WsProjectionRow, total),
  REAL (WsProjectionRow, participation_ratio),
};

static const WsStoreColumn clustering_columns[] = {
  COUNT (WsClusteringRow, n_points),      COUNT (WsClusteringRow, n_columns),
  COUNT (WsClusteringRow, n_iterations),  COUNT (WsClusteringRow, converged),
  COUNT (WsClusteringRow, n_sampled),     COUNT (WsClusteringRow, has_silhouettes),
  REAL (WsClusteringRow, inertia),        REAL (WsClusteringRow, calinski_harabasz),
  REAL (WsClusteringRow, f_ratio_seed),   REAL (WsClusteringRow, davies_bouldin),
  REAL (WsClusteringRow, silhouette),     REAL (WsClusteringRow, silhouette_error),
  REAL (WsClusteringRow, kmeans_seconds), REAL (WsClusteringRow, seconds),
};

const WsStoreColumns _ws_store_embedding_columns = { "embedding", embedding_columns,
                                                     G_N_ELEMENTS (embedding_columns) };
const WsStoreColumns _ws_store_projection_columns = { "projection", projection_columns,
                                                      G_N_ELEMENTS (projection_columns) };
const WsStoreColumns _ws_store_clustering_columns = { "clustering", clustering_columns,
                                                      G_N_ELEMENTS (clustering_columns) };

/* Whoever adds a number adds a column. */
G_STATIC_ASSERT (sizeof (WsEmbeddingRow) == G_N_ELEMENTS (embedding_columns) * 8);
G_STATIC_ASSERT (sizeof (WsProjectionRow) == G_N_ELEMENTS (projection_columns) * 8);
G_STATIC_ASSERT (sizeof (WsClusteringRow) == G_N_ELEMENTS (clustering_columns) * 8);

#define CREATED_AT "created_at TEXT NOT NULL DEFAULT (strftime ('%Y-%m-%dT%H:%M:%SZ', 'now'))"

const char _ws_store_cluster_tables[] =
    "CREATE TABLE embedding (id INTEGER PRIMARY KEY,"
    " file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE, tensor TEXT NOT NULL,"
    " byte_offset INTEGER NOT NULL, shape TEXT NOT NULL, dtype TEXT NOT NULL,"
    " method_version INTEGER NOT NULL, " CREATED_AT ", checksum INTEGER NOT NULL, {embedding},"
    " norms BLOB, untrained BLOB, rows BLOB, UNIQUE (file_id, tensor));"
    "CREATE TABLE projection ("
    "embedding_id INTEGER NOT NULL REFERENCES embedding (id) ON DELETE CASCADE,"
    " normalization TEXT NOT NULL, checksum INTEGER NOT NULL, {projection}, xy BLOB,"
    " variance BLOB, PRIMARY KEY (embedding_id, normalization));"
    "CREATE TABLE clustering (id INTEGER PRIMARY KEY,"
    " embedding_id INTEGER NOT NULL REFERENCES embedding (id) ON DELETE CASCADE,"
    " normalization TEXT NOT NULL, seed INTEGER NOT NULL, n_init INTEGER NOT NULL,"
    " n_iterations_max INTEGER NOT NULL, n_silhouette INTEGER NOT NULL, k INTEGER NOT NULL,"
    " " CREATED_AT ", checksum INTEGER NOT NULL, {clustering}, labels BLOB, centroids BLOB,"
    " distances BLOB, sizes BLOB, silhouettes BLOB,"
    " UNIQUE (embedding_id, normalization, seed, n_init, n_iterations_max, n_silhouette, k));";

void
_ws_embedding_row_list_arrays (const WsEmbeddingRow *self,
                               WsStoreArray arrays[WS_N_EMBEDDING_ARRAYS])
{
  arrays[0] = (WsStoreArray){ NULL, self->n_points, sizeof (float) };
  arrays[1] = (WsStoreArray){ NULL, self->n_untrained, sizeof (guint32) };
  arrays[2] = (WsStoreArray){ NULL, self->has_rows ? self->n_points : 0, sizeof (guint32) };
}

void
_ws_projection_row_list_arrays (const WsProjectionRow *self,
                                WsStoreArray arrays[WS_N_PROJECTION_ARRAYS])
{
  arrays[0] = (WsStoreArray){ NULL, 2 * self->n_points, sizeof (float) };
  arrays[1] = (WsStoreArray){ NULL, self->n_columns, sizeof (double) };
}

void
_ws_clustering_row_list_arrays (const WsClusteringRow *self, guint k,
                                WsStoreArray arrays[WS_N_CLUSTERING_ARRAYS])
{
  arrays[0] = (WsStoreArray){ NULL, self->n_points, sizeof (guint32) };
  arrays[1] = (WsStoreArray){ NULL, k * (gsize) self->n_columns, sizeof (float) };
  arrays[2] = (WsStoreArray){ NULL, self->n_points, sizeof (float) };
  arrays[3] = (WsStoreArray){ NULL, k, sizeof (guint64) };
  arrays[4] = (WsStoreArray){ NULL, self->has_silhouettes ? k : 0, sizeof (double) };
}

int
_ws_store_bind_cluster_key (sqlite3_stmt *statement, gint64 embedding_id, const WsClusterKey *key)
{
  int next = 1;

  sqlite3_bind_int64 (statement, next++, embedding_id);
  sqlite3_bind_text (statement, next++, ws_normalization_get_key (key->normalization), -1,
                     SQLITE_STATIC);
  sqlite3_bind_int64 (statement, next++, (gint64) key->seed);
  sqlite3_bind_int64 (statement, next++, key->n_init);
  sqlite3_bind_int64 (statement, next++, key->n_iterations_max);
  sqlite3_bind_int64 (statement, next++, (gint64) key->n_silhouette);
  return next;
}

gint64
_ws_store_compute_row_checksum (const WsStoreColumns *columns, gconstpointer numbers,
                                const WsStoreArray *arrays, guint n_arrays)
{
  guint64 hash = _ws_store_hash_numbers (WS_STORE_HASH_BEGIN, columns, numbers);

  for (guint i = 0; i < n_arrays; i++)
    hash = _ws_store_hash_array (hash, arrays[i].data, arrays[i].n, arrays[i].size);
  return (gint64) hash;
}

void
ws_stored_clusters_clear (WsStoredClusters *self)
{
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->facts, ws_embedding_facts_unref);
  g_clear_pointer (&self->projection, ws_projection_unref);
  g_clear_pointer (&self->curve, g_ptr_array_unref);
}
