/* SPDX-License-Identifier: MIT */
/* The matrices that come next are on their way from the disk while others are computed. */
#pragma once

#include "analysis/schedule.h"

G_BEGIN_DECLS

/* The jobs of a schedule that have been announced but not begun, mostly: [begin, end). All zero at
 * first. */
typedef struct
{
  guint begin, end;
  guint64 n_bytes;
} WsReadAhead;

/* Jobs that are to be announced. */
typedef struct
{
  guint begin, end;
} WsReadAheadRange;

/* What is to be announced now that a job has been begun. Not thread-safe: the run guards it. */
WsReadAheadRange ws_read_ahead_advance (WsReadAhead *self, const WsSchedule *schedule);

/* Tells the system that these will be read soon. Takes some 0.3 ms for each MB that is not there:
 * without the lock of the run. */
void ws_read_ahead_announce (const WsSchedule *schedule, WsReadAheadRange range);

G_END_DECLS
