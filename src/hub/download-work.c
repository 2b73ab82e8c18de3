/* SPDX-License-Identifier: MIT */
/* What each thread of a download does next: small files first, then the large ones in order, and
 * when there is nothing else, half of what another connection has still to fetch. */
#include "hub/download-private.h"

/* A signed address lives for an hour. */
#define MAX_URL_USEC ((gint64) 50 * 60 * G_USEC_PER_SEC)

/* How often connections that have nothing to do look for one that is slow. */
#define PACE_USEC (G_USEC_PER_SEC / 4)

typedef enum
{
  TASK_LOOK,
  TASK_OPEN,
  TASK_FETCH,
} TaskKind;

typedef struct
{
  TaskKind kind;
  WsContent *content;
  WsSegment *segment; /* of TASK_FETCH */
} Task;

/* All with the mutex, but for do_task. */

static void
move_first_open (WsDownload *self)
{
  while (self->first_open < self->contents->len &&
         _ws_content_is_over (g_ptr_array_index (self->contents, self->first_open)))
    self->first_open++;
}

/* After what concerns all, nothing more is tried. */
static void
fail_rest (WsDownload *self)
{
  for (guint i = self->first_open; i < self->contents->len; i++)
    {
      WsContent *content = g_ptr_array_index (self->contents, i);

      if (!_ws_content_is_over (content) && content->stage != WS_STAGE_BUSY)
        _ws_content_fail (content, g_error_copy (self->failure));
    }
}

static gboolean
is_all_there (const WsContent *self)
{
  return ws_segments_get_n_done (&self->segments) == self->n_bytes;
}

/* From the beginning, since the server gives it in no other way. */
static WsSegment *
take_whole (WsContent *self)
{
  const guint64 n_segment_bytes = self->segments.n_segment_bytes;
  WsSegment *segment;

  ws_segments_forget (&self->segments);
  ws_sums_forget (&self->sums);
  self->has_sums = TRUE;
  _ws_content_hash_anew (self);
  self->segments.n_segment_bytes = self->n_bytes;
  segment = ws_segments_take (&self->segments);
  self->segments.n_segment_bytes = n_segment_bytes;
  return segment;
}

static guint64
choose_n_bytes (const WsContent *self)
{
  const WsDownload *download = self->download;

  return ws_segments_choose_n_bytes (self->n_bytes,
                                     ws_segments_get_n_free (&self->segments) / download->n_allowed,
                                     download->latency_usec, download->bytes_per_usec);
}

/* @steal: whether to take over from another connection. Returns: NULL if there is nothing to do for
 * another connection now. */
static WsSegment *
take_segment (WsContent *self, gboolean steal)
{
  const gboolean is_alone = self->is_whole || self->is_second;

  if (is_all_there (self) || self->is_asking || (is_alone && self->n_workers > 0) ||
      !_ws_content_wants_more (self))
    return NULL;
  if (self->url && g_get_monotonic_time () - self->url_usec > MAX_URL_USEC)
    g_clear_pointer (&self->url, g_free);
  if (self->is_whole)
    return take_whole (self);
  self->segments.n_segment_bytes = choose_n_bytes (self);
  return steal ? ws_segments_steal (&self->segments, g_get_monotonic_time ())
               : ws_segments_take (&self->segments);
}

static gboolean
take_task (WsDownload *self, WsContent *content, gboolean steal, Task *task)
{
  const gboolean may_fetch = self->may_fetch && self->n_busy < self->n_allowed &&
                             self->ready_usec <= g_get_monotonic_time ();

  *task = (Task){ .content = content };
  if (content->stage == WS_STAGE_NEW)
    task->kind = TASK_LOOK;
  else if (content->stage == WS_STAGE_MISSING && may_fetch)
    task->kind = TASK_OPEN;
  else if (content->stage == WS_STAGE_OPEN && may_fetch)
    {
      task->kind = TASK_FETCH;
      task->segment = take_segment (content, steal);
      if (task->segment == NULL)
        return FALSE;
      content->n_workers++;
      self->n_busy++;
      /* from now on there may be nothing to ask another thread for but the address */
      content->is_asking |= content->url == NULL;
      return TRUE;
    }
  else
    return FALSE;
  content->stage = WS_STAGE_BUSY;
  return TRUE;
}

/* @wake_usec: (inout): not after the first of those that wait for a time */
static gboolean
find_task (WsDownload *self, Task *task, gint64 *wake_usec)
{
  const gint64 now_usec = g_get_monotonic_time ();

  if (self->ready_usec > now_usec)
    *wake_usec = MIN (*wake_usec, self->ready_usec);
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = self->first_open; i < self->contents->len; i++)
      {
        WsContent *content = g_ptr_array_index (self->contents, i);

        if (!_ws_content_is_over (content) && content->ready_usec > now_usec)
          *wake_usec = MIN (*wake_usec, content->ready_usec);
        else if (take_task (self, content, pass == 1, task))
          return TRUE;
      }
  /* another connection may turn out to be slow */
  if (self->n_busy > 0 && self->n_busy < self->n_allowed)
    *wake_usec = MIN (*wake_usec, now_usec + PACE_USEC);
  return FALSE;
}

static void
do_task (WsDownload *self, const Task *task)
{
  WsContent *content = task->content;
  gboolean check_now = FALSE;
  GCancellable *stop;

  switch (task->kind)
    {
    case TASK_LOOK:
      _ws_content_look (content);
      break;
    case TASK_OPEN:
      _ws_content_open (content);
      break;
    case TASK_FETCH:
      g_mutex_lock (&self->mutex);
      stop = g_object_ref (self->stop);
      g_mutex_unlock (&self->mutex);
      _ws_content_fetch (content, task->segment, stop);
      g_object_unref (stop);
      g_mutex_lock (&self->mutex);
      self->n_busy--;
      check_now = _ws_content_is_small (content) && content->stage == WS_STAGE_OPEN &&
                  content->n_workers == 0 && is_all_there (content);
      g_mutex_unlock (&self->mutex);
      if (check_now)
        _ws_content_check (content);
      break;
    }
}

gpointer
_ws_download_work (gpointer data)
{
  WsDownload *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->is_ended)
    {
      gint64 wake_usec = G_MAXINT64;
      Task task;

      move_first_open (self);
      if (self->failure)
        fail_rest (self);
      if (!self->is_paused && !self->is_cancelled && find_task (self, &task, &wake_usec))
        {
          g_mutex_unlock (&self->mutex);
          do_task (self, &task);
          g_mutex_lock (&self->mutex);
        }
      else if (wake_usec == G_MAXINT64)
        g_cond_wait (&self->changed, &self->mutex);
      else
        g_cond_wait_until (&self->changed, &self->mutex, wake_usec);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}
