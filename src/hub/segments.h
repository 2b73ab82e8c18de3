/* SPDX-License-Identifier: MIT */
/* Which bytes of a file are there, and which of the others is being fetched by whom. Not
 * thread-safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* From begin to before end. */
typedef struct
{
  guint64 begin, end;
} WsSpan;

/* What one connection fetches; owned by its WsSegments. The end comes nearer when another
 * connection takes over a part of it. */
typedef struct
{
  guint64 position, end;
  guint64 begin;     /* where it began, */
  gint64 begin_usec; /* and when: 0: not yet */
} WsSegment;

typedef struct
{
  guint64 n_bytes;         /* of the file */
  guint64 n_segment_bytes; /* the most that is taken at once */
  GArray *done;            /* (element-type WsSpan): ascending, with gaps between them */
  GPtrArray *active;       /* (element-type WsSegment) (owned) */
} WsSegments;

void ws_segments_init (WsSegments *self, guint64 n_bytes, guint64 n_segment_bytes);
void ws_segments_clear (WsSegments *self);

/* These bytes are there. Returns: FALSE if the file has no such bytes. */
gboolean ws_segments_add_done (WsSegments *self, WsSpan span);
/* These bytes are not there after all. No segment may be active. */
void ws_segments_take_back (WsSegments *self, WsSpan span);
/* Nothing is there. No segment may be active. */
void ws_segments_forget (WsSegments *self);

/* The first bytes that are neither there nor being fetched; NULL if there are none. */
WsSegment *ws_segments_take (WsSegments *self);
/* The second half of what will be last to come, at the pace so far; NULL if nothing is worth
 * another connection. @now_usec: monotonic time */
WsSegment *ws_segments_steal (WsSegments *self, gint64 now_usec);
/* The next @n_bytes of @segment are there; at most what it has left. */
void ws_segments_advance (WsSegments *self, WsSegment *segment, guint64 n_bytes);
/* Ends @segment, fetched or not. */
void ws_segments_give_back (WsSegments *self, WsSegment *segment);

guint64 ws_segments_get_n_done (const WsSegments *self);
/* Bytes that are neither there nor being fetched. */
guint64 ws_segments_get_n_free (const WsSegments *self);
/* Of the bytes from @begin to before @end, how many are in @spans. (element-type WsSpan) */
guint64 ws_spans_count (const GArray *spans, guint64 begin, guint64 end);
/* All bytes before this one are there. */
guint64 ws_segments_get_frontier (const WsSegments *self);

/* What a connection best takes at once of a file of @n_bytes: so much that asking costs little, and
 * no more, so that what comes first can be hashed first; half of a fair share towards the end, so
 * that all come to it together.
 *
 * @n_fair: what is left for each connection
 * @latency_usec: from asking to the first byte; 0: not known yet
 * @bytes_per_usec: of a connection after that; 0: not known yet
 */
guint64 ws_segments_choose_n_bytes (guint64 n_bytes, guint64 n_fair, double latency_usec,
                                    double bytes_per_usec);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSegments, ws_segments_clear)

G_END_DECLS
