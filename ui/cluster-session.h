/* SPDX-License-Identifier: MIT */
/* The clusters of the embedding of one opened model: what is known of them, what is being computed,
 * and what of them a person looks at. Lives on the main thread; its widgets only show it. */
#pragma once

#include "cluster-focus.h"
#include "cluster-work.h"
#include "model-session.h"

G_BEGIN_DECLS

typedef enum
{
  WS_CLUSTERS_LOADING, /* what is there already is looked up */
  WS_CLUSTERS_READY,
  WS_CLUSTERS_RUNNING,
  WS_CLUSTERS_STOPPING, /* cancelled, not ended yet */
} WsClustersState;

#define WS_TYPE_CLUSTER_SESSION (ws_cluster_session_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterSession, ws_cluster_session, WS, CLUSTER_SESSION, GObject)

/* Property that notifies: state. Signals:
 *   setup-changed ()    embeddings, tokens, the embedding chosen or the options
 *   study-changed ()    facts, map or curve; at most once a main loop turn
 *   progress ()         ws_cluster_session_get_progress has news
 *   error-changed ()    ws_cluster_session_get_error has news */

/* Begins to look for embeddings, tokens and stored results at once. */
WsClusterSession *ws_cluster_session_new (WsModel *model);
/* That of @session, which is opened; made on the first call, for life. (transfer none) */
WsClusterSession *ws_cluster_session_get (WsModelSession *session);
/* The same without making one. (nullable) (transfer none) */
WsClusterSession *ws_cluster_session_peek (WsModelSession *session);

WsClustersState ws_cluster_session_get_state (WsClusterSession *self);
WsModel *ws_cluster_session_get_model (WsClusterSession *self);
/* (element-type WsEmbedding) the best first; empty: nothing can be clustered, or still loading. */
GArray *ws_cluster_session_get_embeddings (WsClusterSession *self);
/* What of it is looked at; the same for life. (transfer none) */
WsClusterFocus *ws_cluster_session_get_focus (WsClusterSession *self);
/* (nullable) */
WsTokenizer *ws_cluster_session_get_tokenizer (WsClusterSession *self);
/* As ws_cluster_study_describe_rows. (nullable) (transfer full) */
char *ws_cluster_session_describe_rows (WsClusterSession *self);
/* A sentence on why tokens are ids, or on what does not fit; NULL: nothing to say. */
const char *ws_cluster_session_get_token_note (WsClusterSession *self);
/* Of the last run, or of the store; NULL: all is well. A sentence. */
const char *ws_cluster_session_get_error (WsClusterSession *self);

/* What a run is to do; its tensor is NULL where there is no embedding. */
const WsClusterOptions *ws_cluster_session_get_options (WsClusterSession *self);
/* Another tensor or normalisation is another study: that is looked up in the store. Ignored while
 * a run is in work, except for the criterion. */
void ws_cluster_session_set_options (WsClusterSession *self, const WsClusterOptions *options);

/* Whether the curve has all that the options ask for. */
gboolean ws_cluster_session_is_complete (WsClusterSession *self);
/* Begins a run, or goes on with what is missing; asks nothing. */
void ws_cluster_session_run (WsClusterSession *self);
void ws_cluster_session_cancel (WsClusterSession *self);
const WsClusterProgress *ws_cluster_session_get_progress (WsClusterSession *self);

/* The study as far as it is known, also while it grows; each may be NULL (not known yet). */
const WsClusterStudy *ws_cluster_session_get_study (WsClusterSession *self);
const WsEmbeddingFacts *ws_cluster_session_get_facts (WsClusterSession *self);
const WsProjection *ws_cluster_session_get_projection (WsClusterSession *self);
/* The k that a run goes through, as far as is known before it; NULL: not known.
 * (element-type guint) (transfer full) */
GArray *ws_cluster_session_dup_grid (WsClusterSession *self);
/* (element-type WsSweepEntry) k ascending; never NULL */
GPtrArray *ws_cluster_session_get_curve (WsClusterSession *self);
const WsElbow *ws_cluster_session_get_elbow (WsClusterSession *self);
/* Why this k is best; k = 0: too little is known. */
const WsChoice *ws_cluster_session_get_choice (WsClusterSession *self);
/* All of it as it is looked at: the k that is shown is the one chosen. (transfer full) (nullable)
 */
WsClusterStudy *ws_cluster_session_dup_study (WsClusterSession *self);
/* Shows a study as if it had been stored. */
void ws_cluster_session_take_study (WsClusterSession *self, WsClusterStudy *study);
/* Points, and the id of the token of each. */
gsize ws_cluster_session_get_n_points (WsClusterSession *self);
guint32 ws_cluster_session_get_token (WsClusterSession *self, guint32 point);
/* FALSE: the token has no point (its vector is not finite, or it is beyond the matrix). */
gboolean ws_cluster_session_find_point (WsClusterSession *self, guint32 token, guint32 *point);
/* As ws_token_dup_label and _tooltip. (transfer full) */
char *ws_cluster_session_dup_label (WsClusterSession *self, guint32 point);
char *ws_cluster_session_dup_tooltip (WsClusterSession *self, guint32 point);

G_END_DECLS
