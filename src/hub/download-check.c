/* SPDX-License-Identifier: MIT */
/* Hashing behind the first gap while the rest arrives, so that a file is known to be right soon
 * after its last byte. What was just written is handed over in memory; the rest is read back. */
#include "hub/download-private.h"

#include "base/error.h"
#include "base/format.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

/* Fits the caches of a core, and is worth waking up for. */
#define CHUNK_BYTES ((guint64) 512 << 10)

/* Whether to go on hashing. With the mutex, as the next two. */
static gboolean
is_wanted (const WsContent *self)
{
  return self->stage == WS_STAGE_OPEN && !self->download->is_ended;
}

/* The bytes to be hashed next; waits for all of them.
 * @piece: (out): that holds them; without a buffer: to be read back
 * Returns: FALSE if it is over. */
static gboolean
wait_for_bytes (WsContent *self, WsDigest *digest, WsRelayPiece *piece)
{
  while (is_wanted (self) && self->n_hashed < self->n_bytes)
    {
      guint64 n_bytes, next;

      if (self->hash_anew)
        {
          ws_digest_begin_anew (digest);
          self->hash_anew = FALSE;
        }
      if (ws_relay_take (self->download->relay, self, self->n_hashed, piece, &next))
        return TRUE;
      n_bytes = MIN (MIN (self->n_bytes, next) - self->n_hashed, CHUNK_BYTES);
      if (ws_segments_get_frontier (&self->segments) >= self->n_hashed + n_bytes)
        {
          *piece = (WsRelayPiece){ .offset = self->n_hashed, .n_bytes = n_bytes };
          return TRUE;
        }
      self->is_hash_waiting = TRUE;
      g_cond_wait (&self->grown, &self->download->mutex);
      self->is_hash_waiting = FALSE;
    }
  return FALSE;
}

gboolean
_ws_content_read (const WsContent *self, char *bytes, gsize n_bytes, guint64 offset)
{
  const int fd = ws_part_get_fd (self->part);

  while (n_bytes > 0)
    {
      const gssize n = pread (fd, bytes, n_bytes, offset);

      if (n == 0)
        errno = EIO;
      if (n <= 0 && errno != EINTR)
        return FALSE;
      bytes += MAX (n, 0);
      offset += MAX (n, 0);
      n_bytes -= MAX (n, 0);
    }
  return TRUE;
}

static void
count (const WsContent *self, const WsRelayPiece *piece)
{
  WsDownloadCounts *counts = &self->download->counts;

  if (_ws_content_is_small (self))
    return;
  if (piece->buffer)
    counts->n_pieces++;
  else
    counts->n_bytes_read_back += piece->n_bytes;
}

/* Returns: whether all bytes were hashed. With the mutex, which is let go of meanwhile. */
static gboolean
hash_along (WsContent *self, WsDigest *digest)
{
  GMutex *mutex = &self->download->mutex;
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  WsRelayPiece piece;

  while (wait_for_bytes (self, digest, &piece))
    {
      gint64 usec;
      gboolean ok;
      int saved_errno;

      g_mutex_unlock (mutex);
      usec = g_get_monotonic_time ();
      ok = piece.buffer || _ws_content_read (self, chunk, piece.n_bytes, piece.offset);
      saved_errno = errno;
      if (ok)
        ws_digest_update (digest, piece.buffer ? piece.buffer : chunk, piece.n_bytes);
      usec = g_get_monotonic_time () - usec;
      g_mutex_lock (mutex);
      count (self, &piece);
      if (piece.buffer)
        ws_relay_give_buffer (self->download->relay, piece.buffer);
      if (!ok)
        {
          GError *failure = NULL;

          ws_error_set_errno (&failure, saved_errno, _ ("cannot read"), self->path);
          _ws_content_fail (self, failure);
        }
      else if (!self->hash_anew)
        _ws_content_advance_hash (self, piece.n_bytes, usec);
    }
  return is_wanted (self) && self->n_hashed == self->n_bytes;
}

/* The bytes are the right ones. Without the mutex. */
static void
end_well (WsContent *self)
{
  WsDownload *download = self->download;
  GError *failure = NULL;
  const gboolean ok = ws_target_place (download->target, self->files, self->part, &failure);

  g_mutex_lock (&download->mutex);
  if (ok)
    self->stage = WS_STAGE_DONE;
  else
    _ws_content_fail (self, failure);
  g_mutex_unlock (&download->mutex);
}

/* They are not: once more, then never. With the mutex. */
static void
end_badly (WsContent *self, const char *found)
{
  g_autofree char *name = ws_format_name (self->path);

  ws_part_discard (self->part);
  self->n_kept = 0;
  if (!self->is_second)
    {
      self->is_second = TRUE;
      self->stage = WS_STAGE_MISSING;
      _ws_download_warn (self->download,
                         g_strdup_printf (_ ("'%s' arrived damaged and is fetched again"), name));
    }
  else
    _ws_content_fail (
        self, g_error_new (WS_HUB_ERROR, WS_HUB_ERROR_CORRUPT,
                           _ ("'%s' arrived damaged twice: its hash is %s and should be %s; a "
                              "proxy or a failing disk may change it"),
                           name, found, self->hash));
}

/* All bytes were hashed. With the mutex, which is let go of meanwhile.
 * Returns: FALSE if some are to be fetched again. */
static gboolean
judge (WsContent *self, WsDigest *digest)
{
  GMutex *mutex = &self->download->mutex;
  g_autofree char *found = ws_digest_finish (digest);

  self->stage = WS_STAGE_BUSY;
  if (strcmp (found, self->hash) != 0)
    {
      if (_ws_content_mend (self))
        return FALSE;
      end_badly (self, found);
      return TRUE;
    }
  g_mutex_unlock (mutex);
  end_well (self);
  g_mutex_lock (mutex);
  return TRUE;
}

void
_ws_content_check (WsContent *self)
{
  WsDownload *download = self->download;
  g_autoptr (WsDigest) digest = ws_digest_new (g_ptr_array_index (self->files, 0));
  gboolean is_whole, is_over;

  g_mutex_lock (&download->mutex);
  do
    {
      is_whole = hash_along (self, digest);
      /* a connection may still be wrapping up */
      while (self->n_workers > 0)
        g_cond_wait (&self->grown, &download->mutex);
      is_over = !is_whole || self->stage != WS_STAGE_OPEN || judge (self, digest);
    }
  while (!is_over);
  _ws_content_close (self);
  g_cond_broadcast (&download->changed);
  g_mutex_unlock (&download->mutex);
}
