/* SPDX-License-Identifier: MIT */
/* What the two halves of the work queue share: that of the processor and of the device. */
#pragma once

#include "analysis/schedule.h"

G_BEGIN_DECLS

WsJob *_ws_schedule_get_job (const WsSchedule *self, guint position);
guint _ws_schedule_get_position (const WsSchedule *self, const WsJob *job);

double _ws_schedule_get_processor_seconds (const WsSchedule *self, const WsJob *job);
/* What @job counts against the limit for the processor: one that can never fit is only reported. */
guint64 _ws_schedule_get_cost (const WsSchedule *self, const WsJob *job);
guint64 _ws_schedule_get_free_bytes (const WsSchedule *self);

/* Around every change of what a waiting job is counted by: whose it is, and how long it takes.
 * @sign: 1 when @job begins to wait, -1 when it does no more */
void _ws_schedule_add_waiting (WsSchedule *self, const WsJob *job, int sign);
/* Moves head and the ends of the tasks to jobs that wait. */
void _ws_schedule_skip_begun (WsSchedule *self);

/* @n_bytes: that it holds while it is active */
void _ws_schedule_begin_job (WsSchedule *self, WsJob *job, guint64 n_bytes);
/* @job is not active any more. */
void _ws_schedule_take_back (WsSchedule *self, WsJob *job);
/* And waits again, on the side that is_task says. */
void _ws_schedule_put_back (WsSchedule *self, WsJob *job);

/* The shortest task, where the processor helps the device with it; else NULL. */
WsJob *_ws_schedule_find_helpful (WsSchedule *self);

G_END_DECLS
