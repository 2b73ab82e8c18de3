/* SPDX-License-Identifier: MIT */
/* The bytes of a file shared out to connections. The lists are short: as many gaps as there were
 * connections, so that walking them costs nothing beside a request. */
#include "hub/segments.h"

/* Half of it must be more than a connection hands over at once, so that no byte is written by two.
 */
#define MIN_STEAL_BYTES ((guint64) 2 << 20)
/* What comes sooner is not worth a new request, and a connection that is broken off: what is under
 * way on it is lost. */
#define MIN_STEAL_SECONDS 1.0
/* Before that its pace is not known. */
#define MIN_PACE_SECONDS 0.25
#define MIN_SEGMENT_BYTES ((guint64) 4 << 20)
#define MAX_SEGMENT_BYTES ((guint64) 64 << 20)
/* The wait for the first byte is at most this part of a segment's time. */
#define LATENCY_DIVISOR 20
/* How much shorter the last segments of a file may be. */
#define LAST_DIVISOR 4
/* So that a server is not asked without end for a very large file. */
#define MAX_SEGMENTS 512

void
ws_segments_init (WsSegments *self, guint64 n_bytes, guint64 n_segment_bytes)
{
  *self = (WsSegments){ .n_bytes = n_bytes,
                        .n_segment_bytes = n_segment_bytes,
                        .done = g_array_new (FALSE, FALSE, sizeof (WsSpan)),
                        .active = g_ptr_array_new_with_free_func (g_free) };
}

void
ws_segments_clear (WsSegments *self)
{
  g_clear_pointer (&self->done, g_array_unref);
  g_clear_pointer (&self->active, g_ptr_array_unref);
}

static WsSpan *
get_done (const WsSegments *self, guint i)
{
  return &g_array_index (self->done, WsSpan, i);
}

static WsSegment *
get_active (const WsSegments *self, guint i)
{
  return g_ptr_array_index (self->active, i);
}

gboolean
ws_segments_add_done (WsSegments *self, WsSpan span)
{
  guint first = 0, last;

  if (span.begin >= span.end || span.end > self->n_bytes)
    return FALSE;
  while (first < self->done->len && get_done (self, first)->end < span.begin)
    first++;
  /* from first to before last: those that it touches and swallows */
  for (last = first; last < self->done->len && get_done (self, last)->begin <= span.end; last++)
    {
      span.begin = MIN (span.begin, get_done (self, last)->begin);
      span.end = MAX (span.end, get_done (self, last)->end);
    }
  if (last > first)
    g_array_remove_range (self->done, first, last - first);
  g_array_insert_val (self->done, first, span);
  return TRUE;
}

void
ws_segments_take_back (WsSegments *self, WsSpan span)
{
  g_autoptr (GArray) before = g_array_copy (self->done);

  ws_segments_forget (self);
  for (guint i = 0; i < before->len; i++)
    {
      const WsSpan *it = &g_array_index (before, WsSpan, i);

      ws_segments_add_done (self, (WsSpan){ it->begin, MIN (it->end, span.begin) });
      ws_segments_add_done (self, (WsSpan){ MAX (it->begin, span.end), it->end });
    }
}

void
ws_segments_forget (WsSegments *self)
{
  g_assert (self->active->len == 0);
  g_array_set_size (self->done, 0);
}

/* Where the done or active bytes that hold @at end; @at if none do. */
static guint64
pass (const WsSegments *self, guint64 at)
{
  for (guint i = 0; i < self->done->len; i++)
    if (get_done (self, i)->begin <= at && at < get_done (self, i)->end)
      return get_done (self, i)->end;
  for (guint i = 0; i < self->active->len; i++)
    if (get_active (self, i)->position <= at && at < get_active (self, i)->end)
      return get_active (self, i)->end;
  return at;
}

/* Where the gap that begins at @at ends. */
static guint64
find_gap_end (const WsSegments *self, guint64 at)
{
  guint64 end = self->n_bytes;

  for (guint i = 0; i < self->done->len; i++)
    if (get_done (self, i)->begin > at)
      end = MIN (end, get_done (self, i)->begin);
  for (guint i = 0; i < self->active->len; i++)
    if (get_active (self, i)->position > at)
      end = MIN (end, get_active (self, i)->position);
  return end;
}

static WsSegment *
add_active (WsSegments *self, guint64 position, guint64 end)
{
  WsSegment *segment = g_new (WsSegment, 1);

  *segment = (WsSegment){ .position = position, .end = end, .begin = position };
  g_ptr_array_add (self->active, segment);
  return segment;
}

WsSegment *
ws_segments_take (WsSegments *self)
{
  guint64 at = 0, next;

  while ((next = pass (self, at)) != at)
    at = next;
  if (at >= self->n_bytes)
    return NULL;
  return add_active (self, at, MIN (find_gap_end (self, at), at + self->n_segment_bytes));
}

/* Until all of it is there, at its pace so far; 0 if that is not known. */
static double
guess_seconds_left (const WsSegment *segment, gint64 now_usec)
{
  const double elapsed = (now_usec - segment->begin_usec) / 1e6;
  const guint64 n_come = segment->position - segment->begin;

  if (segment->begin_usec == 0 || elapsed < MIN_PACE_SECONDS)
    return 0;
  return (segment->end - segment->position) * elapsed / MAX (n_come, 1);
}

WsSegment *
ws_segments_steal (WsSegments *self, gint64 now_usec)
{
  WsSegment *slowest = NULL;
  double most = MIN_STEAL_SECONDS;
  guint64 middle, end;

  for (guint i = 0; i < self->active->len; i++)
    {
      WsSegment *segment = get_active (self, i);
      const double seconds = guess_seconds_left (segment, now_usec);

      if (segment->end - segment->position >= MIN_STEAL_BYTES && seconds > most)
        {
          slowest = segment;
          most = seconds;
        }
    }
  if (slowest == NULL)
    return NULL;
  end = slowest->end;
  middle = slowest->position + (end - slowest->position) / 2;
  slowest->end = middle;
  return add_active (self, middle, end);
}

void
ws_segments_advance (WsSegments *self, WsSegment *segment, guint64 n_bytes)
{
  const guint64 begin = segment->position;

  g_assert (n_bytes <= segment->end - begin);
  if (n_bytes == 0)
    return;
  segment->position += n_bytes;
  ws_segments_add_done (self, (WsSpan){ begin, segment->position });
}

void
ws_segments_give_back (WsSegments *self, WsSegment *segment)
{
  g_ptr_array_remove_fast (self->active, segment);
}

guint64
ws_segments_get_n_done (const WsSegments *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->done->len; i++)
    n_bytes += get_done (self, i)->end - get_done (self, i)->begin;
  return n_bytes;
}

guint64
ws_spans_count (const GArray *spans, guint64 begin, guint64 end)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < spans->len; i++)
    {
      const WsSpan *span = &g_array_index (spans, WsSpan, i);
      const guint64 first = MAX (span->begin, begin), last = MIN (span->end, end);

      n_bytes += last > first ? last - first : 0;
    }
  return n_bytes;
}

guint64
ws_segments_choose_n_bytes (guint64 n_bytes, guint64 n_fair, double latency_usec,
                            double bytes_per_usec)
{
  const guint64 least = CLAMP (n_bytes / MAX_SEGMENTS, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES);
  const double wanted = latency_usec * LATENCY_DIVISOR * bytes_per_usec;
  const guint64 n = CLAMP (wanted, least, MAX_SEGMENT_BYTES);

  return MIN (n, MAX (n_fair / 2, MAX (n / LAST_DIVISOR, least)));
}

guint64
ws_segments_get_n_free (const WsSegments *self)
{
  guint64 n_bytes = self->n_bytes - ws_segments_get_n_done (self);

  for (guint i = 0; i < self->active->len; i++)
    n_bytes -= get_active (self, i)->end - get_active (self, i)->position;
  return n_bytes;
}

guint64
ws_segments_get_frontier (const WsSegments *self)
{
  return self->done->len > 0 && get_done (self, 0)->begin == 0 ? get_done (self, 0)->end : 0;
}
