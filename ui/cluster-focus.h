/* SPDX-License-Identifier: MIT */
/* What a person looks at of a study: a k, one of its clusters, a token, a list of tokens. Lives on
 * the main thread; every widget of the page shows it, and each may change it. */
#pragma once

#include "analysis/cluster-run.h"
#include "cluster-rows.h"
#include <gio/gio.h>

G_BEGIN_DECLS

/* Which tokens are listed. */
typedef enum
{
  WS_LISTED_NOTHING,
  WS_LISTED_CLUSTER,   /* members of the chosen cluster, from its centre outwards */
  WS_LISTED_LASSO,     /* those drawn round on the map */
  WS_LISTED_UNTRAINED, /* possibly never trained */
  WS_LISTED_FOUND,     /* of a search */
} WsListed;

#define WS_TYPE_CLUSTER_FOCUS (ws_cluster_focus_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterFocus, ws_cluster_focus, WS, CLUSTER_FOCUS, GObject)

/* Signals:
 *   k-changed ()        another k is looked at, or its clusters are there
 *   rows-changed ()     the clusters of the chosen k are there, or no longer
 *   focus-changed ()    the chosen cluster, token or list of tokens */
WsClusterFocus *ws_cluster_focus_new (void);

/* What there is to look at. A study of other points forgets cluster, token and list.
 * @study, @tokenizer: (nullable)
 * @curve: (element-type WsSweepEntry) k ascending; kept, and may change before the next call
 * @proposed_k: shown unless a person chose another; 0: none */
void ws_cluster_focus_set_study (WsClusterFocus *self, WsClusterStudy *study,
                                 WsTokenizer *tokenizer, GPtrArray *curve, guint proposed_k);
/* A new run proposes k anew. */
void ws_cluster_focus_forget_k (WsClusterFocus *self);
/* While a run is in work, who looks closely is not moved to another k. */
void ws_cluster_focus_set_growing (WsClusterFocus *self, gboolean growing);

/* 0: none */
guint ws_cluster_focus_get_k (WsClusterFocus *self);
void ws_cluster_focus_choose_k (WsClusterFocus *self, guint k);
/* The clusters of that k; while they are made, of the k before, or NULL. */
WsClusterRows *ws_cluster_focus_get_rows (WsClusterFocus *self);

/* -1: none */
int ws_cluster_focus_get_cluster (WsClusterFocus *self);
/* Lists its members. -1: none */
void ws_cluster_focus_choose_cluster (WsClusterFocus *self, int cluster);
/* The cluster of a point in the chosen clustering; -1: unknown. */
int ws_cluster_focus_find_cluster (WsClusterFocus *self, guint32 point);

/* -1: none */
int ws_cluster_focus_get_point (WsClusterFocus *self);
/* Its cluster becomes the chosen one, unless other tokens are listed. -1: none */
void ws_cluster_focus_choose_point (WsClusterFocus *self, int point);

WsListed ws_cluster_focus_get_listed (WsClusterFocus *self);
/* (element-type guint32) points; never NULL */
GArray *ws_cluster_focus_get_list (WsClusterFocus *self);
/* @points: (element-type guint32) (nullable): none */
void ws_cluster_focus_list (WsClusterFocus *self, WsListed listed, GArray *points);

G_END_DECLS
