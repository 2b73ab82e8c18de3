/* SPDX-License-Identifier: MIT */
/* Streams that are as late as they may be, and events. */
#include <string.h>

#include "standin-core.h"

typedef struct
{
  StandinWork work;
  guint8 arguments[];
} Item;

struct CUstream_st
{
  int n_refs;         /* its thread, the program, and events */
  GQueue items;       /* of Item */
  guint64 n_pushed;   /* ever */
  guint64 n_done;     /* ever */
  guint64 n_wanted;   /* somebody waits for that many */
  gboolean is_closed; /* no more will come: ends when empty */
};

struct CUevent_st
{
  WsCuStream stream; /* NULL: not recorded, which counts as done */
  guint64 n;         /* done when the stream has done that many */
};

/* One lock for all: this is not about speed. */
static GMutex mutex;
static GCond changed;
static GPtrArray *streams; /* those that are not closed */

static void
unref_locked (WsCuStream stream)
{
  if (--stream->n_refs == 0)
    g_free (stream);
}

static void
run_item (Item *item)
{
  if (standin_strikes ("hang"))
    standin_block ();
  if (standin_strikes ("sticky"))
    standin_die (WS_CUDA_ERROR_ILLEGAL_ADDRESS);
  if (standin_get_sticky () == WS_CUDA_SUCCESS)
    item->work (item->arguments);
  g_free (item);
}

static gpointer
run_stream (gpointer data)
{
  WsCuStream stream = data;

  g_mutex_lock (&mutex);
  for (;;)
    {
      Item *item;

      if (g_queue_is_empty (&stream->items) && stream->is_closed)
        break;
      if (g_queue_is_empty (&stream->items) || stream->n_done >= stream->n_wanted)
        {
          g_cond_wait (&changed, &mutex);
          continue;
        }
      item = g_queue_pop_head (&stream->items);
      g_mutex_unlock (&mutex);
      run_item (item);
      standin_count (STANDIN_UNDONE, -1);
      g_mutex_lock (&mutex);
      stream->n_done++;
      g_cond_broadcast (&changed);
    }
  unref_locked (stream);
  g_mutex_unlock (&mutex);
  return NULL;
}

WsCuResult
cuStreamCreate (WsCuStream *stream, guint flags)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  *stream = g_new0 (struct CUstream_st, 1);
  (*stream)->n_refs = 2;
  g_mutex_lock (&mutex);
  if (streams == NULL)
    streams = g_ptr_array_new ();
  g_ptr_array_add (streams, *stream);
  g_mutex_unlock (&mutex);
  g_thread_unref (g_thread_new ("stand-in stream", run_stream, *stream));
  standin_count (STANDIN_STREAMS, 1);
  return WS_CUDA_SUCCESS;
}

/* Whether it is one that is open; the lock is held. */
static gboolean
is_stream (WsCuStream stream)
{
  return streams != NULL && g_ptr_array_find (streams, stream, NULL);
}

/* Returns at once; what is in the stream is still done. */
WsCuResult
cuStreamDestroy_v2 (WsCuStream stream)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  gboolean found;

  if (code != WS_CUDA_SUCCESS)
    return code;
  g_mutex_lock (&mutex);
  found = is_stream (stream);
  if (found)
    {
      g_ptr_array_remove (streams, stream);
      stream->is_closed = TRUE;
      stream->n_wanted = G_MAXUINT64;
      unref_locked (stream);
      g_cond_broadcast (&changed);
    }
  g_mutex_unlock (&mutex);
  if (!found)
    {
      standin_violate ("cuStreamDestroy of %p, which is no stream", (void *) stream);
      return WS_CUDA_ERROR_INVALID_VALUE;
    }
  standin_count (STANDIN_STREAMS, -1);
  return code;
}

gboolean
standin_stream_check (const char *function, WsCuStream stream)
{
  gboolean found;

  g_mutex_lock (&mutex);
  found = is_stream (stream);
  g_mutex_unlock (&mutex);
  if (!found)
    standin_violate ("%s with %p, which is no stream", function, (void *) stream);
  return found;
}

void
standin_push (WsCuStream stream, StandinWork work, const void *arguments, gsize n_bytes)
{
  Item *item = g_malloc (sizeof (Item) + n_bytes);
  gboolean found;

  item->work = work;
  memcpy (item->arguments, arguments, n_bytes);
  g_mutex_lock (&mutex);
  found = is_stream (stream);
  if (found)
    {
      g_queue_push_tail (&stream->items, item);
      stream->n_pushed++;
      standin_count (STANDIN_UNDONE, 1);
    }
  g_mutex_unlock (&mutex);
  if (!found)
    {
      g_free (item);
      standin_violate ("work for %p, which is no stream", (void *) stream);
    }
}

/* Lets the stream do that many; the lock is held. */
static void
want (WsCuStream stream, guint64 n)
{
  stream->n_wanted = MAX (stream->n_wanted, n);
  g_cond_broadcast (&changed);
}

/* The lock is held. */
static void
wait_locked (WsCuStream stream, guint64 n)
{
  stream->n_refs++;
  want (stream, n);
  while (stream->n_done < n)
    g_cond_wait (&changed, &mutex);
  unref_locked (stream);
}

void
standin_wait (WsCuStream stream)
{
  g_mutex_lock (&mutex);
  if (is_stream (stream))
    wait_locked (stream, stream->n_pushed);
  g_mutex_unlock (&mutex);
}

void
standin_wait_all (void)
{
  g_mutex_lock (&mutex);
  for (guint i = 0; streams != NULL && i < streams->len; i++)
    {
      WsCuStream stream = streams->pdata[i];

      wait_locked (stream, stream->n_pushed);
    }
  g_mutex_unlock (&mutex);
}

WsCuResult
cuStreamSynchronize (WsCuStream stream)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  standin_wait (stream);
  return standin_get_sticky ();
}

/* Asks for @n and tells whether they are done. */
static WsCuResult
query (WsCuStream stream, guint64 n)
{
  gboolean is_done;

  g_mutex_lock (&mutex);
  want (stream, n);
  is_done = stream->n_done >= n;
  g_mutex_unlock (&mutex);
  if (standin_get_sticky () != WS_CUDA_SUCCESS)
    return standin_get_sticky ();
  return is_done ? WS_CUDA_SUCCESS : WS_CUDA_ERROR_NOT_READY;
}

WsCuResult
cuStreamQuery (WsCuStream stream)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  return code != WS_CUDA_SUCCESS ? code : query (stream, stream->n_pushed);
}

WsCuResult
cuEventCreate (WsCuEvent *event, guint flags)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  *event = g_new0 (struct CUevent_st, 1);
  standin_count (STANDIN_EVENTS, 1);
  return WS_CUDA_SUCCESS;
}

static void
forget_stream (WsCuEvent event)
{
  g_mutex_lock (&mutex);
  if (event->stream != NULL)
    unref_locked (event->stream);
  event->stream = NULL;
  g_mutex_unlock (&mutex);
}

WsCuResult
cuEventDestroy_v2 (WsCuEvent event)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  forget_stream (event);
  g_free (event);
  standin_count (STANDIN_EVENTS, -1);
  return code;
}

WsCuResult
cuEventRecord (WsCuEvent event, WsCuStream stream)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  gboolean found;

  if (code != WS_CUDA_SUCCESS)
    return code;
  forget_stream (event);
  g_mutex_lock (&mutex);
  found = is_stream (stream);
  if (found)
    {
      stream->n_refs++;
      event->stream = stream;
      event->n = stream->n_pushed;
    }
  g_mutex_unlock (&mutex);
  if (!found)
    standin_violate ("cuEventRecord in %p, which is no stream", (void *) stream);
  return standin_get_sticky ();
}

WsCuResult
cuEventQuery (WsCuEvent event)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS || event->stream == NULL)
    return code;
  return query (event->stream, event->n);
}

static void
wait_for_event (void *arguments)
{
  const struct CUevent_st *event = arguments;

  g_mutex_lock (&mutex);
  wait_locked (event->stream, event->n);
  unref_locked (event->stream);
  g_mutex_unlock (&mutex);
}

WsCuResult
cuEventSynchronize (WsCuEvent event)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS || event->stream == NULL)
    return code;
  g_mutex_lock (&mutex);
  wait_locked (event->stream, event->n);
  g_mutex_unlock (&mutex);
  return standin_get_sticky ();
}

WsCuResult
cuStreamWaitEvent (WsCuStream stream, WsCuEvent event, guint flags)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS || event->stream == NULL)
    return code;
  g_mutex_lock (&mutex);
  event->stream->n_refs++;
  g_mutex_unlock (&mutex);
  standin_push (stream, wait_for_event, event, sizeof *event);
  return standin_get_sticky ();
}
