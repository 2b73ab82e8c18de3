/* SPDX-License-Identifier: MIT */
/* An opened model with its results and its run. Lives on the main thread. */
#pragma once

#include "analysis/analysis.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  WS_SESSION_OPENING,
  WS_SESSION_READY, /* opened; nothing is being computed */
  WS_SESSION_RUNNING,
  WS_SESSION_PAUSED,   /* matrices in work are finished, no other is begun */
  WS_SESSION_STOPPING, /* cancelled, not ended yet */
  WS_SESSION_FAILED,   /* could not be opened */
} WsSessionState;

#define WS_TYPE_MODEL_SESSION (ws_model_session_get_type ())
G_DECLARE_FINAL_TYPE (WsModelSession, ws_model_session, WS, MODEL_SESSION, GObject)

/* Begins to open @path at once. Properties that notify: title, subtitle, state. Signals:
 *   opened ()                once, when the model and its stored results are there
 *   failed (const char *)    once, instead: a sentence; the session is of no further use
 *   results-changed ()       after some items got a new result; at most once a main loop turn
 *   progress ()              ws_model_session_get_progress has news
 *   warning (const char *)   a sentence, also kept in ws_model_session_get_warnings
 *   finished ()              a run came to its end by itself */
WsModelSession *ws_model_session_new (const char *path);
/* What the session of @text has as its path: absolute, or the name of a model on the Hub.
 * (transfer full) */
char *ws_model_session_make_path (const char *text);

const char *ws_model_session_get_path (WsModelSession *self);
const char *ws_model_session_get_title (WsModelSession *self);
WsSessionState ws_model_session_get_state (WsModelSession *self);
/* NULL until opened. */
WsModel *ws_model_session_get_model (WsModelSession *self);
/* A WsResultItem for each result, in the order of ws_result_compare. The same list for life. */
GListModel *ws_model_session_get_items (WsModelSession *self);
/* The current results in the same order. (element-type WsResult) (transfer full) */
GPtrArray *ws_model_session_dup_results (WsModelSession *self);
/* (element-type utf8) sentences */
GPtrArray *ws_model_session_get_warnings (WsModelSession *self);
/* Of the run in work, or of the last one: counts and share are of all tensors, those that were done
 * before the run included; of a recomputation, of the chosen ones. */
const WsProgress *ws_model_session_get_progress (WsModelSession *self);
/* Of that run: CPU threads asked for; 0: one for each core. */
guint ws_model_session_get_n_threads (WsModelSession *self);
/* Whether its weights are read from the Hub. */
gboolean ws_model_session_is_remote (WsModelSession *self);
/* Bytes that were read from the Hub for it, since it was opened. */
guint64 ws_model_session_get_traffic (WsModelSession *self);
/* As ws_hub_wait_describe. (transfer full) (nullable) */
char *ws_model_session_describe_wait (WsModelSession *self, char **reason);
/* How many results a run would compute now, how many were computed, by it or an earlier one, and
 * how many need a person's eye. */
guint ws_model_session_count_pending (WsModelSession *self);
guint ws_model_session_count_computed (WsModelSession *self);
guint ws_model_session_count_notes (WsModelSession *self);

/* Begins a run of all that is pending (also what failed or was cancelled before), or resumes the
 * paused one. Nothing happens in other states. */
void ws_model_session_run (WsModelSession *self);
/* Whether a run can compute it, for the first time or again; else its header alone decides. */
gboolean ws_model_session_can_recompute (const WsResult *result);
/* Begins a run of these again, and of nothing else. @items: (element-type WsResultItem) of this
 * session. */
void ws_model_session_recompute (WsModelSession *self, GPtrArray *items);
void ws_model_session_pause (WsModelSession *self);
/* Ends the run; finished results stay. */
void ws_model_session_cancel (WsModelSession *self);

G_END_DECLS
