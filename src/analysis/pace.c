/* SPDX-License-Identifier: MIT */
/* How far a run is and how long it will take. */
#include "analysis/pace.h"

#include <math.h>

/* Before that the speed is that of reading headers and warming caches. */
#define FIRST_LOOK_SECONDS 1.0

/* The speed of the last ten seconds counts for most: sizes and other programs change it. */
#define SMOOTHING_SECONDS 10.0

void
ws_pace_update (WsPace *self, double seconds, double work, double work_total)
{
  double share = work_total > 0 ? CLAMP (work / work_total, 0, 1) : 0;
  double elapsed = seconds - self->seconds;

  self->share = MAX (self->share, share);
  if (seconds < FIRST_LOOK_SECONDS || elapsed <= 0)
    return;
  if (self->work_per_second <= 0)
    self->work_per_second = work / seconds;
  else
    self->work_per_second += ((work - self->work) / elapsed - self->work_per_second) *
                             -expm1 (-elapsed / SMOOTHING_SECONDS);
  self->seconds = seconds;
  self->work = work;
}

double
ws_pace_get_seconds_left (const WsPace *self, double work_total)
{
  if (self->work_per_second <= 0)
    return -1;
  return MAX (work_total - self->work, 0) / self->work_per_second;
}
