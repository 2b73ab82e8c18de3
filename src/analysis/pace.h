/* SPDX-License-Identifier: MIT */
/* How far a run is and how long it will take, from work done and time gone by. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* All zero is a run that has not begun. */
typedef struct
{
  double share;           /* largest so far */
  double work;            /* done, at the last look */
  double seconds;         /* of work, without pauses, at the last look */
  double work_per_second; /* smoothed; 0: not known yet */
} WsPace;

/* Looks at the clock: @seconds of working time since the run began, in which @work of @work_total
 * has been done. Neither goes back. */
void ws_pace_update (WsPace *self, double seconds, double work, double work_total);
/* < 0: not known yet, or nothing moves. */
double ws_pace_get_seconds_left (const WsPace *self, double work_total);

G_END_DECLS
