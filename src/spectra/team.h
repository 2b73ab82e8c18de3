/* SPDX-License-Identifier: MIT */
/* Threads that share the tiles of one step: those of a run that have no matrix of their own left.
 *
 * A step is cut into tiles that write to disjoint places, always in the same way, so the numbers do
 * not depend on who computes which, nor on whether anybody helps. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _WsTeam WsTeam;

typedef void (*WsTileFunc) (gsize index, gpointer user_data);

WsTeam *ws_team_new (void);
void ws_team_free (WsTeam *self);

/* Calls @func once for each index below @n, on this thread and on those that help; returns when all
 * calls have returned. Several threads may call it at the same time, for steps of their own.
 * @self: NULL: all of them on this thread, in ascending order */
void ws_team_run (WsTeam *self, gsize n, WsTileFunc func, gpointer user_data);

/* What a thread takes while it is sure that there is reason to help, mostly under the lock that
 * ws_team_release is called under: one that comes late is let go as the others are. */
guint ws_team_get_ticket (WsTeam *self);
/* Helps with every step until ws_team_release has been called after @ticket was taken; blocks. */
void ws_team_help (WsTeam *self, guint ticket);
/* Lets all return that help, or are about to. */
void ws_team_release (WsTeam *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTeam, ws_team_free)

G_END_DECLS
