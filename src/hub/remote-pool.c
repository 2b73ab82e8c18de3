/* SPDX-License-Identifier: MIT */
/* A file is fetched in pieces by the threads of the pool. A reader takes the bytes of a piece while
 * it still comes. What was read stays until its memory is wanted: statistics of some types look at
 * a matrix twice. */
#include "hub/remote-pool.h"

#include <errno.h>
#include <string.h>

/* How often a waiting reader looks whether it was cancelled. */
#define POLL_USEC (50 * 1000)
#define MIN_PIECE ((guint64) 256 << 10)
/* What was fetched ahead and not asked for so long will not be, if memory is wanted. */
#define STALE_USEC (2 * 60 * G_USEC_PER_SEC)

struct _WsRemotePool
{
  WsHub *hub;
  int ref_count;
  guint64 n_max_bytes, n_piece_bytes;
  GThreadPool *threads;
  GMutex mutex; /* guards all that follows, and the pieces */
  GCond changed;
  guint64 n_bytes;   /* of all pieces */
  GPtrArray *pieces; /* (element-type Piece) (owned), of all files */
};

struct _WsPieces
{
  WsRemotePool *pool;
  WsRemoteFile *file;
  guint n_busy; /* pieces that a thread has, or will */
};

typedef struct
{
  WsPieces *of;
  guint64 begin, n_bytes;
  guint8 *bytes;
  guint64 n_there, n_read;
  gboolean is_begun;   /* a thread has it */
  gboolean is_over;    /* no thread will touch it any more */
  gboolean is_dropped; /* nobody will read it any more: it is not in the list */
  guint n_readers;     /* waiting for it */
  gint64 used_usec;
  GCancellable *cancellable;
  GError *error;
} Piece;

static void
piece_free (gpointer data)
{
  Piece *piece = data;

  g_free (piece->bytes);
  g_object_unref (piece->cancellable);
  g_clear_error (&piece->error);
  g_free (piece);
}

/* With the mutex held, as all that follows up to the threads. Takes @piece from the list; it lives
 * on while a thread or a reader has it. */
static void
drop (Piece *piece)
{
  WsRemotePool *pool = piece->of->pool;

  if (!piece->is_dropped)
    {
      piece->is_dropped = TRUE;
      g_ptr_array_remove_fast (pool->pieces, piece);
      /* a connection whose answer is all there can be used again */
      if (!piece->is_over && piece->n_there < piece->n_bytes)
        g_cancellable_cancel (piece->cancellable);
    }
  if (piece->is_over && piece->n_readers == 0)
    {
      pool->n_bytes -= piece->n_bytes;
      piece_free (piece);
    }
}

static gboolean
may_go (const Piece *piece, gint64 now_usec)
{
  return piece->is_over && piece->n_readers == 0 &&
         (piece->n_read >= piece->n_bytes || now_usec - piece->used_usec > STALE_USEC);
}

/* Drops what was read, that of longest ago first, for @n_bytes more. Returns: whether they fit. */
static gboolean
make_room (WsRemotePool *pool, guint64 n_bytes)
{
  const gint64 now_usec = g_get_monotonic_time ();

  while (pool->n_bytes + n_bytes > pool->n_max_bytes)
    {
      Piece *oldest = NULL;

      for (guint i = 0; i < pool->pieces->len; i++)
        {
          Piece *piece = g_ptr_array_index (pool->pieces, i);

          if (may_go (piece, now_usec) && (!oldest || piece->used_usec < oldest->used_usec))
            oldest = piece;
        }
      if (oldest == NULL)
        return FALSE;
      drop (oldest);
    }
  return TRUE;
}

/* The piece that holds @offset; else NULL, and @gap is where the next one begins, or what it was.
 */
static Piece *
find (WsPieces *self, guint64 offset, guint64 *gap)
{
  for (guint i = 0; i < self->pool->pieces->len; i++)
    {
      Piece *piece = g_ptr_array_index (self->pool->pieces, i);

      if (piece->of != self)
        continue;
      if (offset >= piece->begin && offset < piece->begin + piece->n_bytes)
        return piece;
      if (piece->begin > offset)
        *gap = MIN (*gap, piece->begin);
    }
  return NULL;
}

static Piece *
add (WsPieces *self, guint64 begin, guint64 n_bytes)
{
  WsRemotePool *pool = self->pool;
  Piece *piece = g_new0 (Piece, 1);

  piece->of = self;
  piece->begin = begin;
  piece->n_bytes = n_bytes;
  piece->used_usec = g_get_monotonic_time ();
  piece->cancellable = g_cancellable_new ();
  g_ptr_array_add (pool->pieces, piece);
  pool->n_bytes += n_bytes;
  self->n_busy++;
  g_thread_pool_push (pool->threads, piece, NULL);
  return piece;
}

/* Pieces for what has none yet from @offset on.
 * @is_needed: the first one is made whatever memory there is */
static void
cover (WsPieces *self, guint64 offset, guint64 end, gboolean is_needed)
{
  WsRemotePool *pool = self->pool;

  while (offset < end)
    {
      guint64 gap = end;
      Piece *piece = find (self, offset, &gap);

      if (piece == NULL)
        {
          const guint64 n_bytes = MIN (gap - offset, pool->n_piece_bytes);

          if (!make_room (pool, n_bytes) && !is_needed)
            return;
          piece = add (self, offset, n_bytes);
          if (is_needed)
            g_thread_pool_move_to_front (pool->threads, piece);
        }
      else if (is_needed && !piece->is_begun)
        g_thread_pool_move_to_front (pool->threads, piece);
      is_needed = FALSE;
      offset = piece->begin + piece->n_bytes;
    }
}

/* After a reader was cancelled: what was fetched for it is most likely of no use to others. */
static void
drop_unread (WsPieces *self)
{
  for (guint i = self->pool->pieces->len; i-- > 0;)
    {
      Piece *piece = g_ptr_array_index (self->pool->pieces, i);

      if (piece->of == self && piece->n_readers == 0)
        drop (piece);
    }
}

/* Threads */

static gboolean
take_bytes (const void *bytes, gsize n_bytes, gpointer user_data, GError **error)
{
  Piece *piece = user_data;
  WsRemotePool *pool = piece->of->pool;

  /* readers look at what is there, which this is not yet */
  memcpy (piece->bytes + piece->n_there, bytes, n_bytes);
  g_mutex_lock (&pool->mutex);
  piece->n_there += n_bytes;
  g_cond_broadcast (&pool->changed);
  g_mutex_unlock (&pool->mutex);
  return TRUE;
}

static gboolean
allocate (Piece *piece, GError **error)
{
  piece->bytes = g_try_malloc (piece->n_bytes);
  if (piece->bytes != NULL)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, g_strerror (ENOMEM));
  return FALSE;
}

static void
fetch (gpointer data, gpointer user_data)
{
  Piece *piece = data;
  WsPieces *of = piece->of;
  WsRemotePool *pool = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  g_mutex_lock (&pool->mutex);
  piece->is_begun = TRUE;
  g_mutex_unlock (&pool->mutex);
  ok = !g_cancellable_set_error_if_cancelled (piece->cancellable, &error) &&
       allocate (piece, &error) &&
       ws_remote_file_fetch (of->file, piece->begin, piece->n_bytes, take_bytes, piece,
                             piece->cancellable, &error);
  g_mutex_lock (&pool->mutex);
  piece->is_over = TRUE;
  piece->error = g_steal_pointer (&error);
  /* the next reader of these bytes tries again */
  if (!ok || piece->is_dropped)
    drop (piece);
  of->n_busy--;
  g_cond_broadcast (&pool->changed);
  g_mutex_unlock (&pool->mutex);
}

/* Readers */

/* Waits until @piece has more than @n_bytes, or never will. With the mutex held. */
static gboolean
wait_for (Piece *piece, guint64 n_bytes, GCancellable *cancellable, GError **error)
{
  WsRemotePool *pool = piece->of->pool;
  gboolean ok = FALSE;

  piece->n_readers++;
  while (piece->n_there <= n_bytes && !piece->is_over && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&pool->changed, &pool->mutex, g_get_monotonic_time () + POLL_USEC);
  piece->n_readers--;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      ok = piece->n_there > n_bytes;
      if (!ok)
        g_propagate_error (error, g_error_copy (piece->error));
    }
  if (!ok && piece->is_dropped)
    drop (piece);
  return ok;
}

/* Copies from the piece at @offset. With the mutex held, but for copying.
 * Returns: how many bytes; 0 with @error set. */
static gsize
take (WsPieces *self, guint64 offset, guint8 *dst, gsize n_bytes, GCancellable *cancellable,
      GError **error)
{
  guint64 gap = G_MAXUINT64;
  Piece *piece = find (self, offset, &gap);
  const guint64 start = offset - piece->begin;
  gsize n;

  if (!wait_for (piece, start, cancellable, error))
    return 0;
  n = MIN (n_bytes, piece->n_there - start);
  piece->n_readers++; /* nobody frees it meanwhile */
  g_mutex_unlock (&self->pool->mutex);
  memcpy (dst, piece->bytes + start, n);
  g_mutex_lock (&self->pool->mutex);
  piece->n_readers--;
  piece->used_usec = g_get_monotonic_time ();
  piece->n_read += n;
  if (piece->is_dropped)
    drop (piece);
  return n;
}

gboolean
ws_pieces_read (WsPieces *self, guint64 offset, void *dst, gsize n_bytes, GCancellable *cancellable,
                GError **error)
{
  const guint64 end = offset + n_bytes;
  guint8 *next = dst;
  gsize n = 1;

  g_mutex_lock (&self->pool->mutex);
  while (n > 0 && offset < end)
    {
      cover (self, offset, end, TRUE);
      n = take (self, offset, next, end - offset, cancellable, error);
      next += n;
      offset += n;
    }
  if (g_cancellable_is_cancelled (cancellable))
    drop_unread (self);
  g_mutex_unlock (&self->pool->mutex);
  return offset == end;
}

void
ws_pieces_prefetch (WsPieces *self, guint64 offset, guint64 n_bytes)
{
  g_mutex_lock (&self->pool->mutex);
  cover (self, offset, offset + n_bytes, FALSE);
  g_mutex_unlock (&self->pool->mutex);
}

WsPieces *
ws_pieces_new (WsRemotePool *pool, WsRemoteFile *file)
{
  WsPieces *self = g_new0 (WsPieces, 1);

  self->pool = ws_remote_pool_ref (pool);
  self->file = file;
  return self;
}

void
ws_pieces_free (WsPieces *self)
{
  g_mutex_lock (&self->pool->mutex);
  drop_unread (self);
  while (self->n_busy > 0)
    g_cond_wait (&self->pool->changed, &self->pool->mutex);
  g_mutex_unlock (&self->pool->mutex);
  ws_remote_file_free (self->file);
  ws_remote_pool_unref (self->pool);
  g_free (self);
}

/* Pools */

WsRemotePool *
ws_remote_pool_new (WsHub *hub, guint64 n_max_bytes)
{
  const guint n_connections = MAX (ws_hub_get_settings (hub)->n_connections, 1);
  WsRemotePool *self = g_new0 (WsRemotePool, 1);

  self->hub = ws_hub_ref (hub);
  self->ref_count = 1;
  self->n_max_bytes = n_max_bytes > 0 ? n_max_bytes : n_connections * WS_REMOTE_PIECE;
  self->n_piece_bytes = CLAMP (self->n_max_bytes / 4, MIN_PIECE, WS_REMOTE_PIECE);
  self->threads = g_thread_pool_new (fetch, self, (int) n_connections, FALSE, NULL);
  self->pieces = g_ptr_array_new ();
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  return self;
}

WsRemotePool *
ws_remote_pool_ref (WsRemotePool *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_remote_pool_unref (WsRemotePool *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_thread_pool_free (self->threads, FALSE, TRUE);
  g_ptr_array_unref (self->pieces);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  ws_hub_unref (self->hub);
  g_free (self);
}

WsHub *
ws_remote_pool_get_hub (const WsRemotePool *self)
{
  return self->hub;
}

guint64
ws_remote_pool_get_n_bytes (WsRemotePool *self)
{
  guint64 n_bytes;

  g_mutex_lock (&self->mutex);
  n_bytes = self->n_bytes;
  g_mutex_unlock (&self->mutex);
  return n_bytes;
}

guint64
ws_remote_pool_get_n_max_bytes (const WsRemotePool *self)
{
  return self->n_max_bytes;
}
