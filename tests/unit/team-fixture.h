/* SPDX-License-Identifier: MIT */
/* A team and threads that help it, and which lanes this machine has. */
#pragma once

#include "spectra/team.h"

typedef struct
{
  WsTeam *team;
  guint ticket;
  GPtrArray *threads; /* (element-type GThread) */
} Helpers;

void helpers_init (Helpers *self);
/* One more thread helps from now on. */
void helpers_add (Helpers *self);
/* They end, and so does the team. */
void helpers_clear (Helpers *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Helpers, helpers_clear)

/* Whether this processor runs the kernels of so many lanes: 2, 4 or 8. */
gboolean has_lanes (guint lanes);
