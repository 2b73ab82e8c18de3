/* SPDX-License-Identifier: MIT */
/* The work queue of a run: longest matrix first, within the memory limit; with a device, its tasks
 * from that end and the processor's jobs from a list of their own. Not thread-safe: the run guards
 * it. */
#pragma once

#include "analysis/result.h"
#include "analysis/speed.h"

G_BEGIN_DECLS

typedef struct
{
  WsResult *result; /* (owned reference) */
  guint index;      /* in the list of results */
  WsMatrix matrix;
  gboolean values; /* FALSE: statistics only */
  WsStages stages;
  double work;     /* of all stages; 0 for one that can never fit */
  guint64 n_bytes; /* that computing it takes */
  double share;    /* of its work that is done; set by the run */
  gint64 begun_usec;
  gboolean begun;
  guint backfill_of;    /* begun while that job was waiting for memory; G_MAXUINT: not so */
  guint64 n_bytes_held; /* while active */

  gboolean is_task;       /* for the device */
  double device_seconds;  /* that it is said to take there */
  gboolean on_device;     /* active there */
  gboolean must_be_alone; /* it did not fit beside others, or failed together with others */
  WsFault fault;          /* why it came back */
} WsJob;

typedef struct
{
  GArray *jobs;      /* (element-type WsJob) longest first; never moved */
  GPtrArray *active; /* (element-type WsJob) borrowed */
  guint head;        /* the first for the processor that is not begun */
  guint n_waiting;   /* not begun */
  guint n_done;
  guint64 memory_limit; /* bytes */
  guint64 n_bytes_used; /* by the active ones */
  double work_total, work_done;
  WsStages stages_waiting; /* of those for the processor that are not begun */
  WsSpeed speed;           /* of the processor */

  WsBackend *backend; /* (nullable) borrowed; NULL: no device, or not known yet */
  gboolean is_expecting, is_device_known;
  WsSpeed expected_speed;        /* of the one that is expected */
  guint task_head, task_end;     /* tasks that are not begun lie in [task_head, task_end) */
  double device_seconds_waiting; /* of tasks that are not begun */
  double device_factor;          /* what they take, by what they are said to take */
  guint n_tasks_active;          /* a task may be several jobs */
  const WsSpectrumOptions *options;
} WsSchedule;

/* Of those among @results (element-type WsResult) that need a run. @options: borrowed. */
void ws_schedule_init (WsSchedule *self, GPtrArray *results, const WsSpectrumOptions *options,
                       guint64 memory_limit);
void ws_schedule_clear (WsSchedule *self);

/* A device may come: what it might take is kept for it, but for what is done in no time.
 * @speed: (nullable): that of the last one, all lanes together
 * Returns: FALSE: there is nothing for a device. */
gboolean ws_schedule_expect_device (WsSchedule *self, const WsSpeed *speed);
/* It has come. @backend: borrowed; NULL: there is none, or it has gone: the processor has all. */
void ws_schedule_set_device (WsSchedule *self, WsBackend *backend);

/* The next job for the processor that fits beside the active ones, now active; NULL if there is
 * none, or none fits. Shorter ones may overtake one that waits for memory only where they leave its
 * memory free, so that it does not wait for ever. When no other is left, the shortest task, if it
 * will be done before the device would come to it. */
WsJob *ws_schedule_begin (WsSchedule *self);
/* The next task: its jobs are appended to @jobs (element-type WsJob) and now active. FALSE if there
 * is none, or none fits. */
gboolean ws_schedule_begin_task (WsSchedule *self, GPtrArray *jobs);
/* @done: FALSE if it was broken off; it will be begun again by the next run. */
void ws_schedule_end (WsSchedule *self, WsJob *job, gboolean done);
/* After the last of its jobs. */
void ws_schedule_end_task (WsSchedule *self);
/* In place of ws_schedule_end: the device does not do it. @fault: why; NONE: nobody's */
void ws_schedule_refuse (WsSchedule *self, WsJob *job, WsFault fault);
/* In place of ws_schedule_end: once more there, and nothing beside it. */
void ws_schedule_retry_alone (WsSchedule *self, WsJob *job);

/* Whether none is left to begin. */
gboolean ws_schedule_is_exhausted (const WsSchedule *self);
/* Whether there is, or will be, nothing to begin for a device. */
gboolean ws_schedule_has_no_tasks (const WsSchedule *self);
/* Whether @job can never fit. */
gboolean ws_schedule_is_too_large (const WsSchedule *self, const WsJob *job);
/* Work done, with the shares of the active ones. */
double ws_schedule_get_work_done (const WsSchedule *self);

/* What all that is not done will take.
 * @n_workers: of the processor, > 0
 * @now_usec: monotonic, for what the active ones have taken yet */
double ws_schedule_get_seconds_left (const WsSchedule *self, guint n_workers, gint64 now_usec);

G_END_DECLS
