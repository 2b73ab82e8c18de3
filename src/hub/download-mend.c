/* SPDX-License-Identifier: MIT */
/* What a power failure or a failing disk has taken from a part is fetched again, and no more. */
#include "hub/download-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

/* Fits the caches of a core; whether it was cancelled is looked at as often. */
#define CHUNK_BYTES ((gsize) 512 << 10)

/* With the mutex, for a moment. */
static gboolean
is_wanted (const WsContent *self)
{
  WsDownload *download = self->download;
  gboolean is_it;

  g_mutex_lock (&download->mutex);
  is_it = !download->is_ended && !download->is_cancelled;
  g_mutex_unlock (&download->mutex);
  return is_it;
}

/* Adds up what the disk has now. Without the mutex; nobody writes.
 * Returns: FALSE if it was cancelled, or cannot be read. */
static gboolean
sum_up (const WsContent *self, WsSums *sums)
{
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);

  for (guint64 at = 0; at < self->n_bytes; at += CHUNK_BYTES)
    {
      const gsize n = MIN (CHUNK_BYTES, self->n_bytes - at);
      WsSumsShare share;

      if (!is_wanted (self) || !_ws_content_read (self, chunk, n, at))
        return FALSE;
      share = ws_sums_compute (sums, at, chunk, n);
      ws_sums_add (sums, &share);
    }
  return TRUE;
}

/* Takes back the pieces of which @found is not the sum. Returns: how many bytes they have. */
static guint64
take_back (WsContent *self, const WsSums *found)
{
  WsSums *sums = &self->sums;
  guint64 n_bytes = 0;

  for (guint i = 0; i < sums->n; i++)
    if (sums->values[i] != found->values[i])
      {
        const guint64 begin = i * sums->n_piece_bytes;
        const guint64 end = MIN (begin + sums->n_piece_bytes, self->n_bytes);

        ws_segments_take_back (&self->segments, (WsSpan){ begin, end });
        sums->values[i] = 0;
        n_bytes += end - begin;
      }
  return n_bytes;
}

/* The hash begins anew. */
static void
go_on (WsContent *self)
{
  _ws_content_hash_anew (self);
  self->stage = WS_STAGE_OPEN;
  g_cond_broadcast (&self->download->changed);
}

gboolean
_ws_content_mend (WsContent *self)
{
  WsDownload *download = self->download;
  g_auto (WsSums) found = { 0 };
  g_autofree char *name = NULL, *amount = NULL;
  guint64 n_bytes;
  gboolean ok;

  if (_ws_content_is_small (self) || !self->has_sums || self->is_mended)
    return FALSE;
  ws_sums_init (&found, self->n_bytes);
  g_mutex_unlock (&download->mutex);
  ok = sum_up (self, &found);
  g_mutex_lock (&download->mutex);
  if (download->is_ended || download->is_cancelled)
    {
      /* the next run finds it out */
      go_on (self);
      return TRUE;
    }
  n_bytes = ok ? take_back (self, &found) : 0;
  if (n_bytes == 0)
    return FALSE;
  self->is_mended = TRUE;
  name = ws_format_name (self->path);
  amount = ws_format_bytes (n_bytes);
  _ws_download_warn (
      download,
      g_strdup_printf (_ ("the disk has changed '%s': %s of it are fetched again"), name, amount));
  go_on (self);
  return TRUE;
}
