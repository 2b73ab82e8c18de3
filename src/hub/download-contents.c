/* SPDX-License-Identifier: MIT */
/* The contents of a download from being looked for to being done or given up. */
#include "hub/download-private.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>

static void
content_free (gpointer data)
{
  WsContent *self = data;

  g_ptr_array_unref (self->files);
  g_clear_pointer (&self->part, ws_part_free);
  ws_segments_clear (&self->segments);
  ws_sums_clear (&self->sums);
  g_free (self->url);
  g_free (self->validator);
  g_free (self->message);
  g_clear_error (&self->error);
  g_cond_clear (&self->grown);
  g_cond_clear (&self->hashed);
  g_free (self);
}

static WsContent *
content_new (WsDownload *download, const WsHubFile *file)
{
  WsContent *self = g_new0 (WsContent, 1);

  self->download = download;
  self->files = g_ptr_array_new ();
  self->hash = ws_digest_get_listed (file);
  self->path = file->path;
  self->n_bytes = file->n_bytes;
  g_cond_init (&self->grown);
  g_cond_init (&self->hashed);
  return self;
}

gboolean
_ws_content_is_small (const WsContent *self)
{
  return self->n_bytes <= WS_SMALL_BYTES;
}

static void
add_if_small (GPtrArray *from, gboolean is_small, GPtrArray *to)
{
  for (guint i = 0; i < from->len; i++)
    if (_ws_content_is_small (g_ptr_array_index (from, i)) == is_small)
      g_ptr_array_add (to, g_ptr_array_index (from, i));
}

GPtrArray *
_ws_contents_new (WsDownload *download, GPtrArray *files)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) in_order = g_ptr_array_new ();
  GPtrArray *contents = g_ptr_array_new_with_free_func (content_free);

  for (guint i = 0; i < files->len; i++)
    {
      WsHubFile *file = g_ptr_array_index (files, i);
      g_autofree char *key =
          g_strdup_printf ("%s %" PRIu64, ws_digest_get_listed (file), file->n_bytes);
      WsContent *content = g_hash_table_lookup (known, key);

      if (content == NULL)
        {
          content = content_new (download, file);
          g_hash_table_insert (known, g_steal_pointer (&key), content);
          g_ptr_array_add (in_order, content);
        }
      g_ptr_array_add (content->files, file);
    }
  add_if_small (in_order, TRUE, contents);
  add_if_small (in_order, FALSE, contents);
  return contents;
}

gboolean
_ws_content_is_over (const WsContent *self)
{
  return self->stage == WS_STAGE_DONE || self->stage == WS_STAGE_FAILED;
}

guint64
_ws_content_get_n_done (const WsContent *self)
{
  if (self->stage == WS_STAGE_DONE)
    return self->n_bytes;
  return self->part ? ws_segments_get_n_done (&self->segments) : self->n_kept;
}

void
_ws_download_warn (WsDownload *self, char *sentence)
{
  if (g_hash_table_add (self->said, g_strdup (sentence)))
    g_ptr_array_add (self->warnings, sentence);
  else
    g_free (sentence);
  g_cond_broadcast (&self->changed);
}

/* What would go wrong with every other file too. */
static gboolean
concerns_all (const WsContent *self, const GError *failure)
{
  const gboolean is_still = self->download->moved_usec < self->first_failed_usec;

  if (failure->domain == G_IO_ERROR)
    return failure->code == G_IO_ERROR_NO_SPACE || failure->code == G_IO_ERROR_READ_ONLY ||
           failure->code == G_IO_ERROR_PERMISSION_DENIED;
  if (failure->domain != WS_HUB_ERROR)
    return FALSE;
  switch ((WsHubError) failure->code)
    {
    case WS_HUB_ERROR_NO_FILE:
    case WS_HUB_ERROR_PROTOCOL:
    case WS_HUB_ERROR_CHANGED:
    case WS_HUB_ERROR_CORRUPT:
    case WS_HUB_ERROR_NAME:
      return FALSE;
    case WS_HUB_ERROR_NETWORK:
    case WS_HUB_ERROR_SERVER:
    case WS_HUB_ERROR_RATE_LIMIT:
      /* others come all the same, or nothing does */
      return is_still;
    default:
      return TRUE;
    }
}

void
_ws_content_fail (WsContent *self, GError *failure)
{
  WsDownload *download = self->download;

  self->stage = WS_STAGE_FAILED;
  g_clear_error (&self->error);
  if (concerns_all (self, failure) && download->failure == NULL)
    {
      download->failure = g_error_copy (failure);
      g_cancellable_cancel (download->stop);
    }
  self->error = failure;
  g_cond_broadcast (&self->grown);
  g_cond_broadcast (&self->hashed);
  g_cond_broadcast (&download->changed);
}

void
_ws_content_look (WsContent *self)
{
  WsDownload *download = self->download;
  g_autoptr (GError) failure = NULL;
  g_autoptr (GCancellable) stop = NULL;
  gboolean found = FALSE, ok;
  guint64 n_kept;

  g_mutex_lock (&download->mutex);
  stop = g_object_ref (download->stop);
  g_mutex_unlock (&download->mutex);
  ok = ws_target_adopt (download->target, self->files, &found, stop, &failure);
  n_kept = ok && !found ? ws_target_get_n_kept (download->target, self->files) : 0;
  g_mutex_lock (&download->mutex);
  self->n_kept = n_kept;
  if (ok)
    self->stage = found ? WS_STAGE_DONE : WS_STAGE_MISSING;
  else if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->stage = WS_STAGE_NEW;
  else
    _ws_content_fail (self, g_steal_pointer (&failure));
  g_cond_broadcast (&download->changed);
  g_mutex_unlock (&download->mutex);
}

static gpointer
check_along (gpointer data)
{
  WsContent *self = data;
  WsDownload *download = self->download;

  _ws_content_check (self);
  g_mutex_lock (&download->mutex);
  download->n_hashers--;
  g_cond_broadcast (&download->changed);
  g_mutex_unlock (&download->mutex);
  return NULL;
}

/* Segments for a part that was opened. With the mutex. */
static void
begin_segments (WsContent *self)
{
  const GArray *done = ws_part_get_done (self->part);
  const WsSums *sums = ws_part_get_sums (self->part);

  ws_segments_clear (&self->segments);
  ws_segments_init (&self->segments, self->n_bytes, self->n_bytes);
  for (guint i = 0; i < done->len; i++)
    ws_segments_add_done (&self->segments, g_array_index (done, WsSpan, i));
  ws_sums_clear (&self->sums);
  ws_sums_init (&self->sums, self->n_bytes);
  self->has_sums = sums != NULL;
  if (sums)
    ws_sums_copy (&self->sums, sums);
  self->n_recorded = ws_segments_get_n_done (&self->segments);
  self->recorded_usec = self->last_byte_usec = g_get_monotonic_time ();
  self->busy_since_usec = 0;
  self->pace_usec = self->recorded_usec;
  self->is_paced = FALSE;
  self->n_wanted = 1;
  g_free (self->validator);
  self->validator = g_strdup (self->hash);
  self->is_whole = self->is_asking = FALSE;
  self->n_hashed = 0;
  self->hash_anew = self->is_full = FALSE;
  self->stage = WS_STAGE_OPEN;
}

/* Nothing else would see that it is whole and right. With the mutex. */
static void
start_to_check (WsContent *self)
{
  GThread *thread = g_thread_try_new ("check", check_along, self, NULL);
  GError *failure = NULL;

  if (thread != NULL)
    {
      self->download->n_hashers++;
      g_thread_unref (thread);
      return;
    }
  ws_error_set_errno (&failure, EAGAIN, _ ("cannot start a thread to fetch"), self->path);
  _ws_content_fail (self, failure);
  _ws_content_close (self);
}

void
_ws_content_open (WsContent *self)
{
  WsDownload *download = self->download;
  g_autoptr (GError) failure = NULL;
  gboolean alone, check_now = FALSE;
  WsPart *part;

  g_mutex_lock (&download->mutex);
  alone = _ws_content_has_waited (self);
  g_mutex_unlock (&download->mutex);
  part = ws_target_open_part (download->target, self->files, alone, &failure);
  g_mutex_lock (&download->mutex);
  if (part != NULL)
    {
      self->part = part;
      begin_segments (self);
      check_now = self->n_bytes == 0;
      if (!_ws_content_is_small (self))
        start_to_check (self);
    }
  else if (g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_BUSY))
    _ws_content_wait_for_other (self);
  else
    _ws_content_give_up (self, g_steal_pointer (&failure));
  g_cond_broadcast (&download->changed);
  g_mutex_unlock (&download->mutex);
  if (check_now)
    _ws_content_check (self);
}

void
_ws_content_close (WsContent *self)
{
  if (self->part == NULL)
    return;
  /* what holds nothing would only take up space */
  if (self->segments.done->len == 0)
    ws_part_discard (self->part);
  ws_part_record (self->part, self->segments.done, self->has_sums ? &self->sums : NULL);
  self->n_kept = _ws_content_is_small (self) ? 0 : ws_segments_get_n_done (&self->segments);
  g_clear_pointer (&self->part, ws_part_free);
  g_clear_pointer (&self->url, g_free);
  ws_relay_forget (self->download->relay, self);
}
