/* SPDX-License-Identifier: MIT */
/* How fast connections and hashes are, and so how many connections are worth having: where one
 * brings all that can be hashed, as on the same machine or in a fast local network, more of them
 * would only bring it out of order. */
#include "hub/download-private.h"

#include <math.h>

/* Long enough to be told from chance. */
#define PACE_USEC (G_USEC_PER_SEC / 50)
/* Connections that bring nothing for so long do not keep others away. */
#define STILL_USEC (G_USEC_PER_SEC / 4)
/* What comes at this part of the speed of the hash is all that one can wish for: the rest of the
 * time of the cores goes into fetching it. */
#define ENOUGH 0.6
/* A hash that has no more before it has to wait. */
#define STARVED_BYTES ((guint64) 1 << 20)
/* Fewer say little of how fast a connection is. */
#define MIN_BYTES ((guint64) 1 << 20)

/* 7 ms of hashing: longer than it takes to have the next bytes. They fit the caches of most
 * processors. */
#define BACKLOG_BYTES ((guint64) 8 << 20)
/* Where connections that waited go on. */
#define LOW_BACKLOG_BYTES ((guint64) 4 << 20)
/* How often they look whether they were cancelled. */
#define LOOK_USEC (G_USEC_PER_SEC / 20)
/* How much of what is new counts: what was held up once says little. */
#define NEW_PART 0.25
/* The same of a longer wait for the first byte: mostly it was the one for a new connection, or for
 * a core. */
#define NEW_WAIT_PART 0.03

static void
smooth (double *value, double found, double part)
{
  *value = *value > 0 ? (1 - part) * *value + part * found : found;
}

/* Bytes that came in this run and could be hashed; what an earlier one has left is in no hurry. */
static guint64
get_backlog (const WsContent *self)
{
  const guint64 frontier = ws_segments_get_frontier (&self->segments);

  if (_ws_content_is_small (self) || self->hash_anew || frontier <= self->n_hashed)
    return 0;
  return frontier - self->n_hashed -
         ws_spans_count (ws_part_get_done (self->part), self->n_hashed, frontier);
}

/* Whether the hash has enough to do for a while. */
static gboolean
is_full (WsContent *self)
{
  self->is_full = get_backlog (self) > (self->is_full ? LOW_BACKLOG_BYTES : BACKLOG_BYTES);
  return self->is_full;
}

gboolean
_ws_content_wants_more (WsContent *self)
{
  if (_ws_content_is_small (self))
    return TRUE;
  return !is_full (self) && (self->n_workers < self->n_wanted ||
                             g_get_monotonic_time () - self->pace_usec > STILL_USEC);
}

void
_ws_content_wait_for_hash (WsContent *self, GCancellable *stop)
{
  WsDownload *download = self->download;

  while (self->stage == WS_STAGE_OPEN && !download->is_ended &&
         !g_cancellable_is_cancelled (stop) && is_full (self))
    g_cond_wait_until (&self->hashed, &download->mutex, g_get_monotonic_time () + LOOK_USEC);
}

void
_ws_content_advance_hash (WsContent *self, guint64 n_bytes, gint64 usec)
{
  const gboolean was_full = self->is_full;

  self->n_hashed += n_bytes;
  smooth (&self->hash_bytes_per_usec, n_bytes / (double) MAX (usec, 1), NEW_PART);
  if (!was_full || is_full (self))
    return;
  g_cond_broadcast (&self->hashed);
  g_cond_broadcast (&self->download->changed);
}

static gboolean
is_enough (const WsContent *self, double pace)
{
  return self->hash_bytes_per_usec > 0 &&
         (pace >= ENOUGH * self->hash_bytes_per_usec || get_backlog (self) > STARVED_BYTES);
}

void
_ws_content_keep_pace (WsContent *self, guint64 n_bytes)
{
  const guint n_most = ws_hub_get_settings (self->download->hub)->n_connections;
  const gint64 usec = g_get_monotonic_time () - self->pace_usec;
  double pace, n_wanted;

  self->n_paced_bytes += n_bytes;
  if (usec < PACE_USEC)
    return;
  pace = self->n_paced_bytes / (double) usec;
  self->pace_usec += usec;
  self->n_paced_bytes = 0;
  if (is_enough (self, pace))
    return;
  n_wanted = self->n_workers * self->hash_bytes_per_usec / pace;
  if (self->hash_bytes_per_usec <= 0 || n_wanted > n_most)
    n_wanted = n_most;
  if (n_wanted <= self->n_wanted)
    return;
  self->n_wanted = ceil (n_wanted);
  g_cond_broadcast (&self->download->changed);
}

void
_ws_download_keep_pace (WsDownload *self, guint64 n_bytes, gint64 usec, gint64 latency_usec)
{
  if (n_bytes < MIN_BYTES || usec <= 0)
    return;
  smooth (&self->bytes_per_usec, n_bytes / (double) usec, NEW_PART);
  smooth (&self->latency_usec, latency_usec, NEW_WAIT_PART);
  self->latency_usec = MIN (self->latency_usec, latency_usec);
}
