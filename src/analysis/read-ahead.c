/* SPDX-License-Identifier: MIT */
/* The matrices that come next are on their way from the disk while others are computed. */
#include "analysis/read-ahead.h"

/* Enough for a disk that is asked for several matrices at once, and little of the page cache. */
#define MOST_BYTES ((guint64) 256 << 20)

static guint64
get_n_bytes (const WsJob *job)
{
  return ws_matrix_get_scratch (&job->matrix, job->matrix.n_rows, job->matrix.n_cols);
}

WsReadAheadRange
ws_read_ahead_advance (WsReadAhead *self, const WsSchedule *schedule)
{
  const WsJob *jobs = (const WsJob *) (gconstpointer) schedule->jobs->data;
  WsReadAheadRange range;

  for (; self->begin < schedule->jobs->len && jobs[self->begin].begun; self->begin++)
    if (self->begin < self->end)
      self->n_bytes -= get_n_bytes (&jobs[self->begin]);
  self->end = MAX (self->end, self->begin);
  range.begin = self->end;
  for (; self->end < schedule->jobs->len && self->n_bytes < MOST_BYTES; self->end++)
    self->n_bytes += get_n_bytes (&jobs[self->end]);
  range.end = self->end;
  return range;
}

void
ws_read_ahead_announce (const WsSchedule *schedule, WsReadAheadRange range)
{
  for (guint i = range.begin; i < range.end; i++)
    {
      const WsJob *job = &g_array_index (schedule->jobs, WsJob, i);

      ws_source_prefetch (job->matrix.tensor->source, job->matrix.offset,
                          MIN (get_n_bytes (job), MOST_BYTES));
    }
}
