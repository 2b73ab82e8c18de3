/* SPDX-License-Identifier: MIT */
/* How long a run of what is pending would take: known before it is begun. */
#pragma once

#include "model-session.h"

G_BEGIN_DECLS

#define WS_TYPE_RUN_ESTIMATE (ws_run_estimate_get_type ())
G_DECLARE_FINAL_TYPE (WsRunEstimate, ws_run_estimate, WS, RUN_ESTIMATE, GObject)

/* Signal: changed (). Worked out on a thread, anew when the session's results or the preferences
 * change while no run is in work. */
WsRunEstimate *ws_run_estimate_new (void);
/* @session: (nullable) */
void ws_run_estimate_set_session (WsRunEstimate *self, WsModelSession *session);

/* "about 3 min"; NULL: not known (yet), or there is nothing to run. (transfer full) */
char *ws_run_estimate_dup_text (WsRunEstimate *self);

G_END_DECLS
