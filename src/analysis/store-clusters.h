/* SPDX-License-Identifier: MIT */
/* What is known of an embedding and its clusters, in tables of the result store. */
#pragma once

#include "analysis/store.h"
#include "cluster/embedding-facts.h"
#include "cluster/projection.h"
#include "cluster/sweep.h"

G_BEGIN_DECLS

/* All that changes the numbers of a clustering, but k. */
typedef struct
{
  const WsTensor *tensor;
  WsNormalization normalization;
  guint64 seed;
  guint n_init, n_iterations_max;
  guint64 n_silhouette;
} WsClusterKey;

/* What there is, as far as it is there: facts, then a projection, then clusterings. */
typedef struct
{
  guint32 *rows;            /* (owned) (nullable) as in WsPoints; as many as facts->n */
  WsEmbeddingFacts *facts;  /* (owned) (nullable) */
  WsProjection *projection; /* (owned) (nullable) of the normalization */
  GPtrArray *curve;         /* (owned) (element-type WsSweepEntry), k ascending */
} WsStoredClusters;

void ws_stored_clusters_clear (WsStoredClusters *self);

/* @self: (out): what is stored under @key, WS_CLUSTER_METHOD_VERSION and the identity of the file;
 * its curve is never NULL.
 * Returns: FALSE with @error on a database error; @self is then left with an empty curve. */
gboolean ws_store_load_clusters (WsStore *store, const WsClusterKey *key, WsStoredClusters *self,
                                 GError **error);

/* Of an embedding, so many settings are kept: those that were saved last. Each may take tens of
 * megabytes. */
#define WS_STORE_MOST_CLUSTER_SETTINGS 8

/* Commits the facts and the projection of @parts, unless they are there, and @entry; the curve of
 * @parts is not looked at. What the store holds of an older file at the same path goes, and so do
 * clusterings of settings beyond WS_STORE_MOST_CLUSTER_SETTINGS. As durable as ws_store_save.
 * Thread-safe.
 * @entry: (nullable)
 * Returns: FALSE with @error; TRUE without a word if the tensor is not of a file */
gboolean ws_store_save_clusters (WsStore *store, const WsClusterKey *key,
                                 const WsStoredClusters *parts, const WsSweepEntry *entry,
                                 GError **error);

/* Forgets all that is known of the clusters of @tensor, whatever the options. */
gboolean ws_store_forget_clusters (WsStore *store, const WsTensor *tensor, GError **error);

/* The key of what was stored last for key->tensor.
 * @key: (inout): the other members are filled in; left alone if there is nothing */
gboolean ws_store_find_clusters (WsStore *store, WsClusterKey *key);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsStoredClusters, ws_stored_clusters_clear)

G_END_DECLS
