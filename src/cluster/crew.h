/* SPDX-License-Identifier: MIT */
/* A team whose helpers wait for steps for as long as it exists. */
#pragma once

#include "spectra/team.h"

G_BEGIN_DECLS

typedef struct _WsCrew WsCrew;

/* @n_threads: that compute, the one that calls ws_team_run among them; 0: one for each processor.
 * Threads that cannot be started are missing, which is no failure. */
WsCrew *ws_crew_new (guint n_threads);
/* Waits for the helpers, which must have no step left. */
void ws_crew_free (WsCrew *self);

/* Borrowed. */
WsTeam *ws_crew_get_team (WsCrew *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsCrew, ws_crew_free)

G_END_DECLS
