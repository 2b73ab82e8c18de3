/* SPDX-License-Identifier: MIT */
/* Two arrays: the threads fill one under a lock, the main thread empties the other without. They
 * are swapped when the second is empty, so that a flood of results costs one lock for each batch.
 */
#include "result-queue.h"

typedef struct
{
  guint index;
  WsResult *result; /* (owned) */
} Entry;

struct _WsResultQueue
{
  GMutex mutex;
  GArray *added; /* guarded */
  GArray *batch; /* main thread only, as is how many of it were handed over */
  guint n_taken;
};

static void
clear_entry (gpointer data)
{
  ws_result_unref (((Entry *) data)->result);
}

static GArray *
new_batch (void)
{
  GArray *batch = g_array_new (FALSE, FALSE, sizeof (Entry));

  g_array_set_clear_func (batch, clear_entry);
  return batch;
}

WsResultQueue *
ws_result_queue_new (void)
{
  WsResultQueue *self = g_new0 (WsResultQueue, 1);

  g_mutex_init (&self->mutex);
  self->added = new_batch ();
  self->batch = new_batch ();
  return self;
}

void
ws_result_queue_free (WsResultQueue *self)
{
  g_array_unref (self->added);
  g_array_unref (self->batch);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

void
ws_result_queue_add (WsResultQueue *self, guint index, WsResult *result)
{
  Entry entry = { index, ws_result_ref (result) };

  g_mutex_lock (&self->mutex);
  g_array_append_val (self->added, entry);
  g_mutex_unlock (&self->mutex);
}

/* The next result; NULL: none has come. */
static const Entry *
look (WsResultQueue *self)
{
  GArray *emptied = self->batch;

  if (self->n_taken < self->batch->len)
    return &g_array_index (self->batch, Entry, self->n_taken);
  g_array_set_size (emptied, 0);
  self->n_taken = 0;
  g_mutex_lock (&self->mutex);
  self->batch = self->added;
  self->added = emptied;
  g_mutex_unlock (&self->mutex);
  return self->batch->len > 0 ? &g_array_index (self->batch, Entry, 0) : NULL;
}

gboolean
ws_result_queue_take (WsResultQueue *self, gint64 deadline_usec, WsTakeFunc take,
                      gpointer user_data)
{
  const Entry *entry;

  while ((entry = look (self)) != NULL)
    {
      self->n_taken++;
      take (entry->index, entry->result, user_data);
      if (g_get_monotonic_time () >= deadline_usec)
        return look (self) != NULL;
    }
  return FALSE;
}
