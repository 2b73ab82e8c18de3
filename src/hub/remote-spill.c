/* SPDX-License-Identifier: MIT */
/* What will be read again waits on the disk when its memory is wanted. One thread writes and takes
 * off: so nothing is taken off that was written later. */
#include "hub/remote-pool-private.h"

typedef struct
{
  WsPieces *of;
  WsPiece *piece;         /* (nullable): to be written; NULL: to be taken off */
  guint64 begin, n_bytes; /* what is taken off */
} Task;

static gboolean
overlap (guint64 begin, guint64 n_bytes, guint64 other, guint64 n_other)
{
  return begin < other + n_other && other < begin + n_bytes;
}

gboolean
_ws_piece_is_kept (const WsPiece *piece)
{
  const GArray *kept = piece->of->kept;

  for (guint i = 0; i < kept->len; i++)
    {
      const WsKept *range = &g_array_index (kept, WsKept, i);

      if (overlap (piece->begin, piece->n_bytes, range->begin, range->n_bytes))
        return TRUE;
    }
  return FALSE;
}

static void
push (WsPieces *of, WsPiece *piece, guint64 begin, guint64 n_bytes)
{
  Task *task = g_new (Task, 1);

  *task = (Task){ of, piece, begin, n_bytes };
  of->n_busy++;
  g_thread_pool_push (of->pool->spiller, task, NULL);
}

void
_ws_remote_pool_store (WsRemotePool *self)
{
  for (guint i = 0; i < self->pieces->len && !self->is_disk_full; i++)
    {
      WsPiece *piece = g_ptr_array_index (self->pieces, i);

      if (!piece->is_over || piece->is_storing || piece->is_stored || !_ws_piece_is_kept (piece))
        continue;
      piece->is_storing = TRUE;
      self->n_storing++;
      push (piece->of, piece, 0, 0);
    }
}

void
_ws_piece_unload (WsPiece *piece)
{
  g_clear_pointer (&piece->bytes, g_free);
  piece->is_unloaded = TRUE;
  piece->of->pool->n_bytes -= piece->n_bytes;
}

void
_ws_piece_unstore (WsPiece *piece)
{
  piece->is_stored = FALSE;
  piece->of->n_stored--;
  push (piece->of, NULL, piece->begin, piece->n_bytes);
}

/* The thread */

static gboolean
write_piece (const WsPiece *piece)
{
  WsPieces *of = piece->of;
  const char *folder = ws_hub_get_settings (of->pool->hub)->cache_folder;

  if (of->spill == NULL)
    {
      WsSpillFile *spill = ws_spill_file_new (folder);

      g_mutex_lock (&of->pool->mutex);
      of->spill = spill;
      g_mutex_unlock (&of->pool->mutex);
    }
  return of->spill != NULL && ws_spill_file_write (of->spill, piece->begin, piece->bytes,
                                                   piece->n_bytes, piece->cancellable);
}

static void
store (WsRemotePool *self, WsPiece *piece)
{
  gboolean is_wanted, ok;

  g_mutex_lock (&self->mutex);
  is_wanted = !piece->is_dropped && _ws_piece_is_kept (piece);
  g_mutex_unlock (&self->mutex);
  ok = is_wanted && write_piece (piece);
  g_mutex_lock (&self->mutex);
  piece->is_storing = FALSE;
  self->n_storing--;
  is_wanted &= !piece->is_dropped && _ws_piece_is_kept (piece);
  if (ok)
    {
      piece->is_stored = TRUE;
      piece->of->n_stored++;
      if (!is_wanted && !piece->is_dropped)
        _ws_piece_unstore (piece);
    }
  else if (is_wanted)
    self->is_disk_full = TRUE;
  if (piece->is_dropped)
    _ws_piece_drop (piece);
  g_mutex_unlock (&self->mutex);
}

/* Whether something that is there, or will be, is in the way of taking off. */
static gboolean
is_needed (const Task *task)
{
  const GPtrArray *pieces = task->of->pool->pieces;

  for (guint i = 0; i < pieces->len; i++)
    {
      const WsPiece *piece = g_ptr_array_index (pieces, i);

      if (piece->of == task->of && piece->is_stored &&
          overlap (piece->begin, piece->n_bytes, task->begin, task->n_bytes))
        return TRUE;
    }
  return FALSE;
}

static void
take_off (WsRemotePool *self, const Task *task)
{
  WsPieces *of = task->of;
  WsSpillFile *spill = of->spill;
  gboolean is_all, is_in_the_way;

  g_mutex_lock (&self->mutex);
  is_all = of->n_stored == 0 && of->kept->len == 0;
  is_in_the_way = is_needed (task);
  if (is_all)
    of->spill = NULL;
  g_mutex_unlock (&self->mutex);
  if (is_all)
    ws_spill_file_free (spill);
  else if (spill != NULL && !is_in_the_way)
    ws_spill_file_discard (spill, task->begin, task->n_bytes);
  g_mutex_lock (&self->mutex);
  self->is_disk_full = FALSE;
  g_mutex_unlock (&self->mutex);
}

void
_ws_remote_pool_spill (gpointer data, gpointer pool)
{
  g_autofree Task *task = data;
  WsRemotePool *self = pool;

  if (task->piece != NULL)
    store (self, task->piece);
  else
    take_off (self, task);
  g_mutex_lock (&self->mutex);
  task->of->n_busy--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* Hints */

void
ws_pieces_keep (WsPieces *self, guint64 offset, guint64 n_bytes)
{
  const WsKept range = { offset, n_bytes };

  g_mutex_lock (&self->pool->mutex);
  g_array_append_val (self->kept, range);
  self->pool->n_kept_bytes += n_bytes;
  g_mutex_unlock (&self->pool->mutex);
}

static void
remove_range (WsPieces *self, guint64 offset, guint64 n_bytes)
{
  for (guint i = 0; i < self->kept->len; i++)
    {
      const WsKept *range = &g_array_index (self->kept, WsKept, i);

      if (range->begin == offset && range->n_bytes == n_bytes)
        {
          g_array_remove_index_fast (self->kept, i);
          self->pool->n_kept_bytes -= n_bytes;
          return;
        }
    }
}

void
ws_pieces_forget (WsPieces *self, guint64 offset, guint64 n_bytes)
{
  WsRemotePool *pool = self->pool;

  g_mutex_lock (&pool->mutex);
  remove_range (self, offset, n_bytes);
  for (guint i = pool->pieces->len; i-- > 0;)
    {
      WsPiece *piece = g_ptr_array_index (pool->pieces, i);

      if (piece->of != self || !piece->is_stored || _ws_piece_is_kept (piece))
        continue;
      if (piece->is_unloaded)
        _ws_piece_drop (piece);
      else
        _ws_piece_unstore (piece);
    }
  g_mutex_unlock (&pool->mutex);
}

guint64
ws_pieces_get_room (const WsPieces *self)
{
  return ws_spill_file_get_room (ws_hub_get_settings (self->pool->hub)->cache_folder);
}
