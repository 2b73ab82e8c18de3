/* SPDX-License-Identifier: MIT */
/* A file is fetched in pieces by the threads of the pool. A reader takes the bytes of a piece while
 * it still comes. What was read stays until its memory is wanted; what will be read again then goes
 * to the disk. */
#include "hub/remote-pool-private.h"

#include <errno.h>
#include <string.h>

/* How often a waiting reader looks whether it was cancelled. */
#define POLL_USEC (50 * 1000)
#define MIN_PIECE ((guint64) 256 << 10)
/* What was fetched ahead and not asked for so long will not be, if memory is wanted. */
#define STALE_USEC (2 * 60 * G_USEC_PER_SEC)

static void
piece_free (gpointer data)
{
  WsPiece *piece = data;

  g_free (piece->bytes);
  g_object_unref (piece->cancellable);
  g_clear_error (&piece->error);
  g_free (piece);
}

/* With the mutex held, all that follows up to the threads. */

void
_ws_piece_drop (WsPiece *piece)
{
  WsRemotePool *pool = piece->of->pool;

  if (!piece->is_dropped)
    {
      piece->is_dropped = TRUE;
      g_ptr_array_remove_fast (pool->pieces, piece);
      /* a connection whose answer is all there can be used again */
      if ((!piece->is_over && piece->n_there < piece->n_bytes) || piece->is_storing)
        g_cancellable_cancel (piece->cancellable);
    }
  if (!piece->is_over || piece->n_readers > 0 || piece->is_storing)
    return;
  if (piece->is_stored)
    _ws_piece_unstore (piece);
  if (!piece->is_unloaded)
    pool->n_bytes -= piece->n_bytes;
  piece_free (piece);
}

static gboolean
is_read (const WsPiece *piece)
{
  return piece->n_read >= piece->n_bytes;
}

/* Whether the memory of @piece may be taken, for what a reader waits for or for what is fetched
 * ahead. */
static gboolean
may_go (const WsPiece *piece, gboolean is_waited_for, gint64 now_usec)
{
  const WsRemotePool *pool = piece->of->pool;

  if (!piece->is_over || piece->n_readers > 0 || piece->is_storing || piece->is_unloaded)
    return FALSE;
  if (piece->is_stored)
    return TRUE;
  /* what will be read again waits to be stored; where that cannot be, what is fetched ahead does
   * not drive it out, unless memory is too small for it anyway */
  if (_ws_piece_is_kept (piece) &&
      (!pool->is_disk_full || (!is_waited_for && pool->n_kept_bytes <= pool->n_max_bytes)))
    return FALSE;
  return is_read (piece) || now_usec - piece->used_usec > STALE_USEC;
}

/* What will not be fetched again goes before what will, what was read before what was not, and that
 * of longest ago first. */
static gboolean
goes_before (const WsPiece *piece, const WsPiece *other)
{
  const gboolean is_lost = !piece->is_stored && _ws_piece_is_kept (piece);

  if (is_lost != (!other->is_stored && _ws_piece_is_kept (other)))
    return !is_lost;
  if (is_read (piece) != is_read (other))
    return is_read (piece);
  return piece->used_usec < other->used_usec;
}

/* Takes the memory of others for @n_bytes more. Returns: whether they fit. */
static gboolean
make_room (WsRemotePool *pool, guint64 n_bytes, gboolean is_waited_for)
{
  const gint64 now_usec = g_get_monotonic_time ();

  /* before all of it is wanted: writing takes time */
  if (pool->n_bytes + n_bytes > pool->n_max_bytes / 2)
    _ws_remote_pool_store (pool);
  while (pool->n_bytes + n_bytes > pool->n_max_bytes)
    {
      WsPiece *first = NULL;

      for (guint i = 0; i < pool->pieces->len; i++)
        {
          WsPiece *piece = g_ptr_array_index (pool->pieces, i);

          if (may_go (piece, is_waited_for, now_usec) && (!first || goes_before (piece, first)))
            first = piece;
        }
      if (first == NULL)
        return FALSE;
      if (first->is_stored)
        _ws_piece_unload (first);
      else
        _ws_piece_drop (first);
    }
  return TRUE;
}

/* The piece that holds @offset; else NULL, and @gap is where the next one begins, or what it was.
 */
static WsPiece *
find (WsPieces *self, guint64 offset, guint64 *gap)
{
  for (guint i = 0; i < self->pool->pieces->len; i++)
    {
      WsPiece *piece = g_ptr_array_index (self->pool->pieces, i);

      if (piece->of != self)
        continue;
      if (offset >= piece->begin && offset < piece->begin + piece->n_bytes)
        return piece;
      if (piece->begin > offset)
        *gap = MIN (*gap, piece->begin);
    }
  return NULL;
}

static WsPiece *
add (WsPieces *self, guint64 begin, guint64 n_bytes)
{
  WsRemotePool *pool = self->pool;
  WsPiece *piece = g_new0 (WsPiece, 1);

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
      WsPiece *piece = find (self, offset, &gap);

      if (piece == NULL)
        {
          const guint64 n_bytes = MIN (gap - offset, pool->n_piece_bytes);

          if (!make_room (pool, n_bytes, is_needed) && !is_needed)
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
      WsPiece *piece = g_ptr_array_index (self->pool->pieces, i);

      if (piece->of == self && piece->n_readers == 0)
        _ws_piece_drop (piece);
    }
}

/* Threads */

static gboolean
take_bytes (const void *bytes, gsize n_bytes, gpointer user_data, GError **error)
{
  WsPiece *piece = user_data;
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
allocate (WsPiece *piece, GError **error)
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
  WsPiece *piece = data;
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
    _ws_piece_drop (piece);
  of->n_busy--;
  g_cond_broadcast (&pool->changed);
  g_mutex_unlock (&pool->mutex);
}

/* Readers */

/* Waits until @piece has more than @n_bytes, or never will. With the mutex held. */
static gboolean
wait_for (WsPiece *piece, guint64 n_bytes, GCancellable *cancellable, GError **error)
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
    _ws_piece_drop (piece);
  return ok;
}

/* While what is on its way to the disk will make room for the piece at @offset. With the mutex
 * held.
 */
static void
wait_for_room (WsPieces *self, guint64 offset, guint64 end, GCancellable *cancellable)
{
  WsRemotePool *pool = self->pool;
  guint64 gap = end;

  while (find (self, offset, &gap) == NULL &&
         !make_room (pool, MIN (gap - offset, pool->n_piece_bytes), TRUE) && pool->n_storing > 0 &&
         !g_cancellable_is_cancelled (cancellable))
    {
      g_cond_wait_until (&pool->changed, &pool->mutex, g_get_monotonic_time () + POLL_USEC);
      gap = end;
    }
}

/* Copies what a reader of @piece wants, from memory or from the disk. With the mutex held, but for
 * copying. Returns: FALSE: it is not there any more. */
static gboolean
copy (WsPiece *piece, guint64 start, guint8 *dst, gsize n_bytes)
{
  WsRemotePool *pool = piece->of->pool;
  const WsSpillFile *spill = piece->is_unloaded ? piece->of->spill : NULL;
  gboolean ok = TRUE;

  piece->n_readers++; /* nobody frees it meanwhile */
  g_mutex_unlock (&pool->mutex);
  if (spill != NULL)
    ok = ws_spill_file_read (spill, piece->begin + start, dst, n_bytes);
  else
    memcpy (dst, piece->bytes + start, n_bytes);
  g_mutex_lock (&pool->mutex);
  piece->n_readers--;
  piece->used_usec = g_get_monotonic_time ();
  piece->n_read += n_bytes;
  if (!ok || piece->is_dropped)
    _ws_piece_drop (piece);
  return ok;
}

/* Takes from the piece at @offset, which is made if there is none. With the mutex held, but for
 * copying and waiting.
 * Returns: how many bytes; 0 with @error set. */
static gsize
take (WsPieces *self, guint64 offset, guint8 *dst, gsize n_bytes, GCancellable *cancellable,
      GError **error)
{
  gsize n;

  for (;;)
    {
      guint64 gap = G_MAXUINT64;
      WsPiece *piece;
      guint64 start;

      wait_for_room (self, offset, offset + n_bytes, cancellable);
      cover (self, offset, offset + n_bytes, TRUE);
      piece = find (self, offset, &gap);
      start = offset - piece->begin;
      if (!wait_for (piece, start, cancellable, error))
        return 0;
      n = MIN (n_bytes, piece->n_there - start);
      /* what the disk has lost is fetched once more */
      if (copy (piece, start, dst, n))
        return n;
    }
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
  self->kept = g_array_new (FALSE, FALSE, sizeof (WsKept));
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
  ws_spill_file_free (self->spill);
  g_array_unref (self->kept);
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
  self->spiller = g_thread_pool_new (_ws_remote_pool_spill, self, 1, FALSE, NULL);
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
  g_thread_pool_free (self->spiller, FALSE, TRUE);
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
