/* SPDX-License-Identifier: MIT */
/* How fast this machine is: measured before the first run, learnt from every matrix. */
#pragma once

#include "spectra/spectrum.h"

G_BEGIN_DECLS

/* Seconds for a unit of the work of each stage; see WsStages. */
typedef struct
{
  double reading, gram, reduction;
} WsSpeed;

/* One core of the processor: what was learnt, else what a product of some 20 ms tells, else (where
 * that is refused) a middling one. Any thread, but not the main one: it may take 20 ms. */
void ws_speed_init_processor (WsSpeed *self);

/* The same speed for every stage. */
void ws_speed_init_uniform (WsSpeed *self, double seconds_per_unit);

double ws_speed_get_seconds (const WsSpeed *self, const WsStages *stages);

/* Moves towards a speed at which these stages would have taken @seconds: those the most that had
 * the most part in it. */
void ws_speed_learn (WsSpeed *self, const WsStages *stages, double seconds);

/* What the next run begins with. */
void ws_speed_remember_processor (const WsSpeed *self);

/* "1.2e-11 ...": for a file; and back. Returns: FALSE: @text is nothing of the kind. */
char *ws_speed_to_text (const WsSpeed *self);
gboolean ws_speed_from_text (WsSpeed *self, const char *text);

G_END_DECLS
