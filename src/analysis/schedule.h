/* SPDX-License-Identifier: MIT */
/* The work queue of a run: longest matrix first, within the memory limit. Not thread-safe: the run
 * guards it. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef struct
{
  WsResult *result; /* (owned reference) */
  guint index;      /* in the list of results */
  WsMatrix matrix;
  gboolean values; /* FALSE: statistics only */
  double work;     /* 0 for one that can never fit */
  guint64 n_bytes; /* that computing it takes */
  double share;    /* of its work that is done; set by the run */
  gboolean begun;
  guint backfill_of; /* begun while that job was waiting for memory; G_MAXUINT: not so */
} WsJob;

typedef struct
{
  GArray *jobs;      /* (element-type WsJob) longest first; never moved */
  GPtrArray *active; /* (element-type WsJob) borrowed */
  guint head;        /* the first that is not begun */
  guint n_done;
  guint64 memory_limit; /* bytes */
  guint64 n_bytes_used; /* by the active ones */
  double work_total, work_done;
} WsSchedule;

/* Of those among @results (element-type WsResult) that need a run. */
void ws_schedule_init (WsSchedule *self, GPtrArray *results, const WsSpectrumOptions *options,
                       guint64 memory_limit);
void ws_schedule_clear (WsSchedule *self);

/* The next job that fits beside the active ones, now active; NULL if there is none, or none fits.
 * Shorter ones may overtake one that waits for memory only where they leave its memory free, so
 * that it does not wait for ever. */
WsJob *ws_schedule_begin (WsSchedule *self);
/* @done: FALSE if it was broken off; it will be begun again by the next run. */
void ws_schedule_end (WsSchedule *self, WsJob *job, gboolean done);

/* Whether none is left to begin. */
gboolean ws_schedule_is_exhausted (const WsSchedule *self);
/* Whether @job can never fit. */
gboolean ws_schedule_is_too_large (const WsSchedule *self, const WsJob *job);
/* Work done, with the shares of the active ones. */
double ws_schedule_get_work_done (const WsSchedule *self);

G_END_DECLS
