/* SPDX-License-Identifier: MIT */
/* Clusters to rows: one transaction for each clustering, with what it is of. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "analysis/store-clusters-private.h"

/* Returns: number of the next parameter. */
static int
bind_arrays (sqlite3_stmt *statement, int next, const WsStoreArray *arrays, guint n_arrays)
{
  for (guint i = 0; i < n_arrays; i++, next++)
    {
      const gsize n_bytes = arrays[i].n * arrays[i].size;
      g_autofree gpointer swapped = NULL;

      if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
        {
          sqlite3_bind_blob64 (statement, next, arrays[i].data, n_bytes, SQLITE_STATIC);
          continue;
        }
      swapped = g_memdup2 (arrays[i].data, n_bytes);
      _ws_store_swap (swapped, arrays[i].n, arrays[i].size);
      sqlite3_bind_blob64 (statement, next, swapped, n_bytes, SQLITE_TRANSIENT);
    }
  return next;
}

static void
fill_embedding (WsEmbeddingRow *row, WsStoreArray *arrays, const WsStoredClusters *parts)
{
  const WsEmbeddingFacts *facts = parts->facts;

  *row = (WsEmbeddingRow){
    .n_points = facts->n,
    .n_untrained = facts->untrained->len,
    .has_rows = parts->rows != NULL,
    .anisotropy = facts->anisotropy,
    .anisotropy_centred = facts->anisotropy_centred,
  };
  memcpy (row->norm_quantiles, facts->norm_quantiles, sizeof row->norm_quantiles);
  _ws_embedding_row_list_arrays (row, arrays);
  arrays[0].data = facts->norms;
  arrays[1].data = facts->untrained->data;
  arrays[2].data = parts->rows;
}

static int
bind_tensor (sqlite3_stmt *statement, int next, const WsTensor *tensor, const char *shape)
{
  sqlite3_bind_text (statement, next++, tensor->name, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, next++, (gint64) tensor->offset);
  sqlite3_bind_text (statement, next++, shape, -1, SQLITE_STATIC);
  sqlite3_bind_text (statement, next++, ws_dtype_get_name (tensor->dtype), -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, next++, WS_CLUSTER_METHOD_VERSION);
  return next;
}

gboolean
_ws_store_find_embedding (WsStore *self, gint64 file_id, const WsTensor *tensor, gint64 *id,
                          gint64 *checksum)
{
  sqlite3_stmt *find = _ws_store_get_statement (self, WS_STATEMENT_FIND_EMBEDDING);
  g_autofree char *shape = _ws_store_dup_shape (tensor);
  int code;

  *id = *checksum = 0;
  sqlite3_bind_int64 (find, 1, file_id);
  bind_tensor (find, 2, tensor, shape);
  code = sqlite3_step (find);
  if (code == SQLITE_ROW)
    {
      *id = sqlite3_column_int64 (find, 0);
      *checksum = sqlite3_column_int64 (find, 1);
    }
  return sqlite3_reset (find) == SQLITE_OK && (code == SQLITE_ROW || code == SQLITE_DONE);
}

static gboolean
add_embedding (WsStore *self, gint64 file_id, const WsTensor *tensor, const WsEmbeddingRow *row,
               const WsStoreArray *arrays, gint64 checksum)
{
  sqlite3_stmt *add = _ws_store_get_statement (self, WS_STATEMENT_ADD_EMBEDDING);
  g_autofree char *shape = _ws_store_dup_shape (tensor);
  int next;

  sqlite3_bind_int64 (add, 1, file_id);
  next = bind_tensor (add, 2, tensor, shape);
  sqlite3_bind_int64 (add, next++, checksum);
  next = _ws_store_bind_numbers (add, next, &_ws_store_embedding_columns, row);
  bind_arrays (add, next, arrays, WS_N_EMBEDDING_ARRAYS);
  return _ws_store_run_statement (add);
}

static gboolean
forget_embedding (WsStore *self, const WsTensor *tensor)
{
  sqlite3_stmt *forget = _ws_store_get_statement (self, WS_STATEMENT_FORGET_EMBEDDING);

  sqlite3_bind_text (forget, 1, tensor->name, -1, SQLITE_STATIC);
  sqlite3_bind_text (forget, 2, ws_source_get_identity (tensor->source)->path, -1, SQLITE_STATIC);
  return _ws_store_run_statement (forget);
}

/* The row of what @parts tell, in place of one that tells something else, and its clusterings. */
static gboolean
ensure_embedding (WsStore *self, gint64 file_id, const WsTensor *tensor,
                  const WsStoredClusters *parts, gint64 *id)
{
  WsStoreArray arrays[WS_N_EMBEDDING_ARRAYS];
  WsEmbeddingRow row;
  gint64 checksum, stored;

  fill_embedding (&row, arrays, parts);
  checksum = _ws_store_compute_row_checksum (&_ws_store_embedding_columns, &row, arrays,
                                             G_N_ELEMENTS (arrays));
  if (!_ws_store_find_embedding (self, file_id, tensor, id, &stored))
    return FALSE;
  if (*id != 0 && stored == checksum)
    return TRUE;
  if (!forget_embedding (self, tensor) ||
      !add_embedding (self, file_id, tensor, &row, arrays, checksum))
    return FALSE;
  *id = sqlite3_last_insert_rowid (self->db);
  return TRUE;
}

/* @checksum: 0: there is none. */
static gboolean
find_projection (WsStore *self, gint64 embedding_id, const char *normalization, gint64 *checksum)
{
  sqlite3_stmt *find = _ws_store_get_statement (self, WS_STATEMENT_FIND_PROJECTION);
  int code;

  *checksum = 0;
  sqlite3_bind_int64 (find, 1, embedding_id);
  sqlite3_bind_text (find, 2, normalization, -1, SQLITE_STATIC);
  code = sqlite3_step (find);
  if (code == SQLITE_ROW)
    *checksum = sqlite3_column_int64 (find, 0);
  return sqlite3_reset (find) == SQLITE_OK && (code == SQLITE_ROW || code == SQLITE_DONE);
}

static gboolean
ensure_projection (WsStore *self, gint64 embedding_id, const char *normalization,
                   const WsProjection *projection)
{
  sqlite3_stmt *save = _ws_store_get_statement (self, WS_STATEMENT_SAVE_PROJECTION);
  const WsProjectionRow row = { projection->n, projection->d, projection->total,
                                projection->participation_ratio };
  WsStoreArray arrays[WS_N_PROJECTION_ARRAYS];
  gint64 checksum, stored;
  int next;

  _ws_projection_row_list_arrays (&row, arrays);
  arrays[0].data = projection->xy;
  arrays[1].data = projection->variance;
  checksum = _ws_store_compute_row_checksum (&_ws_store_projection_columns, &row, arrays,
                                             G_N_ELEMENTS (arrays));
  if (!find_projection (self, embedding_id, normalization, &stored))
    return FALSE;
  if (stored == checksum)
    return TRUE;
  sqlite3_bind_int64 (save, 1, embedding_id);
  sqlite3_bind_text (save, 2, normalization, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (save, 3, checksum);
  next = _ws_store_bind_numbers (save, 4, &_ws_store_projection_columns, &row);
  bind_arrays (save, next, arrays, G_N_ELEMENTS (arrays));
  return _ws_store_run_statement (save);
}

static void
fill_clustering (WsClusteringRow *row, WsStoreArray *arrays, const WsSweepEntry *entry)
{
  const WsClustering *clustering = entry->clustering;

  *row = (WsClusteringRow){
    .n_points = clustering->n,
    .n_columns = clustering->d,
    .n_iterations = clustering->n_iterations,
    .converged = clustering->converged,
    .n_sampled = entry->silhouette.n_sampled,
    .has_silhouettes = entry->silhouette.of_cluster != NULL,
    .inertia = clustering->inertia,
    .calinski_harabasz = entry->criteria.calinski_harabasz,
    .f_ratio_seed = entry->criteria.f_ratio_seed,
    .davies_bouldin = entry->criteria.davies_bouldin,
    .silhouette = entry->silhouette.mean,
    .silhouette_error = entry->silhouette.standard_error,
    .kmeans_seconds = clustering->seconds,
    .seconds = entry->seconds,
  };
  _ws_clustering_row_list_arrays (row, clustering->k, arrays);
  arrays[0].data = clustering->labels;
  arrays[1].data = clustering->centroids;
  arrays[2].data = clustering->distances;
  arrays[3].data = clustering->sizes;
  arrays[4].data = entry->silhouette.of_cluster;
}

static gboolean
write_clustering (WsStore *self, gint64 embedding_id, const WsClusterKey *key,
                  const WsSweepEntry *entry)
{
  sqlite3_stmt *save = _ws_store_get_statement (self, WS_STATEMENT_SAVE_CLUSTERING);
  WsStoreArray arrays[WS_N_CLUSTERING_ARRAYS];
  WsClusteringRow row;
  int next;

  fill_clustering (&row, arrays, entry);
  next = _ws_store_bind_cluster_key (save, embedding_id, key);
  sqlite3_bind_int64 (save, next++, entry->clustering->k);
  sqlite3_bind_int64 (save, next++,
                      _ws_store_compute_row_checksum (&_ws_store_clustering_columns, &row, arrays,
                                                      G_N_ELEMENTS (arrays)));
  next = _ws_store_bind_numbers (save, next, &_ws_store_clustering_columns, &row);
  bind_arrays (save, next, arrays, G_N_ELEMENTS (arrays));
  return _ws_store_run_statement (save);
}

/* The settings that @key tells of are the newest. */
static gboolean
prune_clusterings (WsStore *self, gint64 embedding_id)
{
  sqlite3_stmt *prune = _ws_store_get_statement (self, WS_STATEMENT_PRUNE_CLUSTERINGS);

  sqlite3_bind_int64 (prune, 1, embedding_id);
  sqlite3_bind_int (prune, 2, WS_STORE_MOST_CLUSTER_SETTINGS);
  return _ws_store_run_statement (prune);
}

static gboolean
write_parts (WsStore *self, const WsClusterKey *key, const WsStoredClusters *parts,
             const WsSweepEntry *entry)
{
  const WsFileIdentity *file = ws_source_get_identity (key->tensor->source);
  gint64 file_id, id;

  return _ws_store_ensure_file (self, file, &file_id) &&
         ensure_embedding (self, file_id, key->tensor, parts, &id) &&
         (parts->projection == NULL ||
          ensure_projection (self, id, ws_normalization_get_key (key->normalization),
                             parts->projection)) &&
         (entry == NULL ||
          (write_clustering (self, id, key, entry) && prune_clusterings (self, id)));
}

gboolean
ws_store_save_clusters (WsStore *store, const WsClusterKey *key, const WsStoredClusters *parts,
                        const WsSweepEntry *entry, GError **error)
{
  gboolean saved;

  if (ws_source_get_identity (key->tensor->source) == NULL)
    return TRUE;
  if (!_ws_store_lock (store, error))
    return FALSE;
  saved = _ws_store_begin (store) && write_parts (store, key, parts, entry) &&
          _ws_store_run_statement (_ws_store_get_statement (store, WS_STATEMENT_COMMIT));
  if (!saved)
    _ws_store_set_error (store, _ ("cannot save to the result store"), error);
  g_mutex_unlock (&store->mutex);
  return saved;
}

gboolean
ws_store_forget_clusters (WsStore *store, const WsTensor *tensor, GError **error)
{
  gboolean forgotten;

  if (ws_source_get_identity (tensor->source) == NULL)
    return TRUE;
  if (!_ws_store_lock (store, error))
    return FALSE;
  forgotten = forget_embedding (store, tensor);
  if (!forgotten)
    _ws_store_set_error (store, _ ("cannot change the result store"), error);
  g_mutex_unlock (&store->mutex);
  return forgotten;
}
