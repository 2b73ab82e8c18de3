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
/* Connections that wait for the server for a smaller part of their time are not what is slow. */
#define MUCH_WAITED 0.5
/* A hash that has no more before it has to wait, */
#define STARVED_BYTES ((guint64) 1 << 20)
/* and it waits for so much, since to fall asleep and wake up takes time. */
#define WORTHWHILE_BYTES ((guint64) 1 << 20)
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

/* Whether the hash has what an earlier run has left before it. */
static gboolean
is_among_kept (const WsContent *self)
{
  const guint64 frontier = ws_segments_get_frontier (&self->segments);

  return frontier > self->n_hashed &&
         ws_spans_count (ws_part_get_done (self->part), self->n_hashed, frontier) > 0;
}

/* Bytes that could be hashed. Where those of an earlier run come first there is no hurry: 0. */
static guint64
get_backlog (const WsContent *self)
{
  const guint64 frontier = ws_segments_get_frontier (&self->segments);

  return _ws_content_is_small (self) || frontier <= self->n_hashed || is_among_kept (self)
             ? 0
             : frontier - self->n_hashed;
}

void
_ws_content_count_bytes (WsContent *self, guint64 n_bytes)
{
  WsDownload *download = self->download;

  download->n_fetched += n_bytes;
  if (is_among_kept (self))
    download->counts.n_bytes_beside += n_bytes;
}

void
_ws_content_update_full (WsContent *self)
{
  const gboolean was_full = self->is_full;

  /* for what is to be read back from the disk, nobody waits */
  self->is_full = ws_relay_get_n_held (self->download->relay, self, self->n_hashed,
                                       ws_segments_get_frontier (&self->segments)) >
                  (was_full ? LOW_BACKLOG_BYTES : BACKLOG_BYTES);
  if (!was_full || self->is_full)
    return;
  g_cond_broadcast (&self->hashed);
  g_cond_broadcast (&self->download->changed);
}

gboolean
_ws_content_wants_more (const WsContent *self)
{
  const gint64 usec = g_get_monotonic_time () - self->pace_usec;
  const gboolean is_still = usec > STILL_USEC && g_atomic_int_get (&self->n_writing) == 0;

  return _ws_content_is_small (self) ||
         (!self->is_full && (self->n_workers < self->n_wanted || is_still));
}

gboolean
_ws_content_is_worth_hashing (const WsContent *self)
{
  return ws_segments_get_frontier (&self->segments) >= self->n_hashed + WORTHWHILE_BYTES;
}

gint64
_ws_content_wait_for_hash (WsContent *self, GCancellable *stop)
{
  WsDownload *download = self->download;
  const gint64 begin_usec = self->is_full ? g_get_monotonic_time () : 0;

  while (self->stage == WS_STAGE_OPEN && !download->is_ended &&
         !g_cancellable_is_cancelled (stop) && self->is_full)
    {
      download->counts.n_waits++;
      g_cond_wait_until (&self->hashed, &download->mutex, g_get_monotonic_time () + LOOK_USEC);
    }
  return begin_usec > 0 ? g_get_monotonic_time () - begin_usec : 0;
}

void
_ws_content_hash_anew (WsContent *self)
{
  ws_relay_forget (self->download->relay, self);
  self->n_hashed = 0;
  self->hash_anew = TRUE;
  _ws_content_update_full (self);
}

void
_ws_content_advance_hash (WsContent *self, guint64 n_bytes, gint64 usec)
{
  self->n_hashed += n_bytes;
  smooth (&self->hash_bytes_per_usec, n_bytes / (double) MAX (usec, 1), NEW_PART);
  _ws_content_update_full (self);
}

void
_ws_content_begin_pace (WsContent *self, gint64 latency_usec)
{
  WsDownload *download = self->download;

  /* better than nothing, for those who ask next */
  if (download->latency_usec <= 0)
    download->latency_usec = latency_usec;
  if (self->is_paced)
    return;
  self->is_paced = TRUE;
  self->pace_usec = g_get_monotonic_time ();
  self->n_paced_bytes = 0;
  self->paced_wait_usec = 0;
}

/* Whether other connections would bring no more: the hash, the disk or the cores are busy as it is.
 */
static gboolean
is_enough (const WsContent *self, double pace, double waited)
{
  return waited < MUCH_WAITED || get_backlog (self) > STARVED_BYTES ||
         (self->hash_bytes_per_usec > 0 && pace >= ENOUGH * self->hash_bytes_per_usec);
}

void
_ws_content_keep_pace (WsContent *self, guint64 n_bytes, gint64 waited_usec)
{
  WsDownload *download = self->download;
  const guint n_most = ws_hub_get_settings (download->hub)->n_connections;
  const gint64 usec = g_get_monotonic_time () - self->pace_usec;
  double pace, waited, n_wanted;

  self->n_paced_bytes += n_bytes;
  self->paced_wait_usec += waited_usec;
  if (usec < PACE_USEC)
    return;
  pace = self->n_paced_bytes / (double) usec;
  waited = self->paced_wait_usec / ((double) usec * self->n_workers);
  self->pace_usec += usec;
  self->n_paced_bytes = 0;
  self->paced_wait_usec = 0;
  if (download->bytes_per_usec <= 0)
    download->bytes_per_usec = pace / self->n_workers;
  if (is_enough (self, pace, waited))
    return;
  n_wanted = self->hash_bytes_per_usec > 0
                 ? ceil (self->n_workers * self->hash_bytes_per_usec / pace)
                 : n_most;
  self->n_wanted = CLAMP (n_wanted, self->n_wanted, n_most);
  g_cond_broadcast (&download->changed);
}

void
_ws_download_keep_pace (WsDownload *self, guint64 n_bytes, gint64 usec, gint64 held_usec,
                        gint64 latency_usec)
{
  usec -= held_usec;
  if (n_bytes < MIN_BYTES || usec <= 0)
    return;
  smooth (&self->bytes_per_usec, n_bytes / (double) usec, NEW_PART);
  smooth (&self->latency_usec, latency_usec, NEW_WAIT_PART);
  self->latency_usec = MIN (self->latency_usec, latency_usec);
}
