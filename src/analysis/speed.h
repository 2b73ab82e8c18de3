/* SPDX-License-Identifier: MIT */
/* How fast this machine is: measured before the first run, learnt from every matrix. */
#pragma once

#include "analysis/store.h"

G_BEGIN_DECLS

/* Seconds for a unit of the work of each stage; see WsStages. */
typedef struct
{
  double reading, gram, reduction;
} WsSpeed;

/* One core of the processor: what was learnt, else what a product of some 20 ms tells. Any thread,
 * but not the main one. */
void ws_speed_init_processor (WsSpeed *self);
/* The last device that took part in a run, all its lanes together. Returns: FALSE: there was none.
 */
gboolean ws_speed_init_device (WsSpeed *self);

/* The same speed for every stage. */
void ws_speed_init_uniform (WsSpeed *self, double seconds_per_unit);

double ws_speed_get_seconds (const WsSpeed *self, const WsStages *stages);

/* Moves towards a speed at which these stages would have taken @seconds: those the most that had
 * the most part in it. */
void ws_speed_learn (WsSpeed *self, const WsStages *stages, double seconds);

/* What the next run of this program begins with. */
void ws_speed_remember_processor (const WsSpeed *self);
void ws_speed_remember_device (const WsSpeed *self);

/* Between programs: of this machine. Recalling never forgets what was learnt since. */
void ws_speeds_recall (WsStore *store);
void ws_speeds_save (WsStore *store);

G_END_DECLS
