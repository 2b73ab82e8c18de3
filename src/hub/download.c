/* SPDX-License-Identifier: MIT */
/* A model fetched from the Hub: a run from looking at what is there to the record of the commit. */
#include "hub/download.h"

#include "base/error.h"
#include "base/format.h"
#include "hub/download-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#define TICK_USEC (G_USEC_PER_SEC / 20)
#define RETRY_SECONDS 1.0
/* 32 MiB of what has just come, for the hashes. */
#define MAX_PIECES 128
/* Of the bytes that are missing: for what the file system needs beside them. */
#define SPARE_DIVISOR 20

WsDownload *
ws_download_new (WsHub *hub, const WsDownloadRequest *request, const WsDownloadCallbacks *callbacks)
{
  WsDownload *self = g_new0 (WsDownload, 1);

  self->hub = ws_hub_ref (hub);
  self->listing = ws_hub_listing_ref (request->listing);
  self->files = g_ptr_array_ref (request->files);
  self->id = g_strdup (request->id);
  self->revision = g_strdup (request->revision);
  self->folder = g_strdup (request->folder);
  self->ignore_free_space = request->ignore_free_space;
  self->retry_seconds = request->retry_seconds > 0 ? request->retry_seconds : RETRY_SECONDS;
  self->callbacks = *callbacks;
  self->contents = _ws_contents_new (self, self->files);
  self->rate = _ws_rate_new ();
  self->relay = ws_relay_new (MAX_PIECES);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->stop = g_cancellable_new ();
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
ws_download_free (WsDownload *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->contents);
  g_clear_pointer (&self->target, ws_target_free);
  g_ptr_array_unref (self->warnings);
  g_hash_table_unref (self->said);
  g_clear_error (&self->failure);
  g_object_unref (self->stop);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  _ws_rate_free (self->rate);
  ws_relay_free (self->relay);
  g_free (self->id);
  g_free (self->revision);
  g_free (self->folder);
  g_ptr_array_unref (self->files);
  ws_hub_listing_unref (self->listing);
  ws_hub_unref (self->hub);
  g_free (self);
}

/* Requests that were broken off before must not break off those that follow. With the mutex. */
static void
renew_stop (WsDownload *self)
{
  g_object_unref (self->stop);
  self->stop = g_cancellable_new ();
}

void
ws_download_set_paused (WsDownload *self, gboolean paused)
{
  g_mutex_lock (&self->mutex);
  if (paused)
    g_cancellable_cancel (self->stop);
  else if (self->is_paused && !self->is_cancelled && !self->is_ended)
    renew_stop (self);
  self->is_paused = paused;
  ws_relay_set_idle (self->relay, paused);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

void
ws_download_delete_parts (WsDownload *self)
{
  for (guint i = 0; self->target && i < self->contents->len; i++)
    {
      WsContent *content = g_ptr_array_index (self->contents, i);

      if (content->stage != WS_STAGE_DONE)
        ws_target_delete_part (self->target, content->files);
    }
}

/* A run. The functions below have the mutex unless they say otherwise. */

static gboolean
is_in_stage (const WsDownload *self, WsStage stage)
{
  for (guint i = self->first_open; i < self->contents->len; i++)
    if (((WsContent *) g_ptr_array_index (self->contents, i))->stage == stage)
      return TRUE;
  return FALSE;
}

static gboolean
is_over (const WsDownload *self)
{
  for (guint i = self->first_open; i < self->contents->len; i++)
    if (!_ws_content_is_over (g_ptr_array_index (self->contents, i)))
      return FALSE;
  return TRUE;
}

static guint64
get_n_missing (WsDownload *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->contents->len; i++)
    {
      WsContent *content = g_ptr_array_index (self->contents, i);

      if (!_ws_content_is_over (content))
        n_bytes += ws_target_get_n_missing (self->target, content->files);
    }
  return n_bytes;
}

/* Fails, before the first byte, what the disk cannot take. */
static void
check_space (WsDownload *self)
{
  const guint64 n_missing = get_n_missing (self);
  const guint64 n_needed = n_missing + n_missing / SPARE_DIVISOR;
  const guint64 n_free = ws_target_get_n_free (self->target);
  g_autofree char *needed = ws_format_bytes (n_needed);
  g_autofree char *available = ws_format_bytes (n_free);
  g_autofree char *lacking = ws_format_bytes (n_needed - MIN (n_needed, n_free));

  if (n_needed > n_free && !self->ignore_free_space)
    g_set_error (&self->failure, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 _ ("'%s' needs %s, and the disk of '%s' has %s free: %s are missing"), self->id,
                 needed, ws_target_get_folder (self->target), available, lacking);
}

/* Lets go of the mutex. */
static void
tell_warnings (WsDownload *self)
{
  g_autoptr (GPtrArray) warnings = g_steal_pointer (&self->warnings);

  self->warnings = g_ptr_array_new_with_free_func (g_free);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; self->callbacks.warning && i < warnings->len; i++)
    self->callbacks.warning (g_ptr_array_index (warnings, i), self->callbacks.user_data);
  g_mutex_lock (&self->mutex);
}

/* Lets go of the mutex. */
static void
tell_progress (WsDownload *self)
{
  g_auto (WsDownloadProgress) progress = { 0 };

  tell_warnings (self);
  _ws_download_get_progress (self, &progress);
  g_mutex_unlock (&self->mutex);
  if (self->callbacks.progress)
    self->callbacks.progress (&progress, self->callbacks.user_data);
  g_mutex_lock (&self->mutex);
}

/* Waits until all is over, and tells how it goes. */
static void
watch (WsDownload *self)
{
  gint64 told_usec = 0;

  while (!is_over (self) && !self->is_cancelled)
    {
      if (!self->may_fetch && !is_in_stage (self, WS_STAGE_NEW) &&
          !is_in_stage (self, WS_STAGE_BUSY))
        {
          check_space (self);
          self->may_fetch = TRUE;
          g_cond_broadcast (&self->changed);
        }
      if (g_get_monotonic_time () - told_usec >= TICK_USEC)
        {
          told_usec = g_get_monotonic_time ();
          tell_progress (self);
        }
      else
        g_cond_wait_until (&self->changed, &self->mutex, told_usec + TICK_USEC);
    }
}

/* Wakes all, so that they see that it is over. */
static void
end (WsDownload *self)
{
  self->is_ended = TRUE;
  g_cancellable_cancel (self->stop);
  g_cond_broadcast (&self->changed);
  for (guint i = 0; i < self->contents->len; i++)
    {
      WsContent *content = g_ptr_array_index (self->contents, i);

      g_cond_broadcast (&content->grown);
      g_cond_broadcast (&content->hashed);
    }
}

/* As many as the system gives, at most @n: fewer are slower, and no failure.
 * Returns: (element-type GThread) (transfer full): NULL with @error set: none. */
static GPtrArray *
start_threads (WsDownload *self, guint n, GError **error)
{
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  for (GThread *thread; threads->len < n; g_ptr_array_add (threads, thread))
    {
      thread = g_thread_try_new ("download", _ws_download_work, self, NULL);
      if (thread == NULL)
        break;
    }
  if (threads->len > 0)
    return g_steal_pointer (&threads);
  ws_error_set_errno (error, EAGAIN, _ ("cannot start a thread to fetch"), self->id);
  return NULL;
}

/* Without the mutex: from the first thread to the last. */
static gboolean
run_threads (WsDownload *self, GError **error)
{
  const guint n_wanted = MAX (ws_hub_get_settings (self->hub)->n_connections, 1);
  g_autoptr (GPtrArray) threads = NULL;

  self->n_allowed = n_wanted;
  threads = start_threads (self, n_wanted, error);
  if (threads == NULL)
    return FALSE;
  g_mutex_lock (&self->mutex);
  watch (self);
  end (self);
  g_mutex_unlock (&self->mutex);
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (g_ptr_array_index (threads, i));
  g_mutex_lock (&self->mutex);
  while (self->n_hashers > 0)
    g_cond_wait (&self->changed, &self->mutex);
  for (guint i = 0; i < self->contents->len; i++)
    _ws_content_close (g_ptr_array_index (self->contents, i));
  tell_progress (self);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  WsDownload *self = user_data;

  g_mutex_lock (&self->mutex);
  self->is_cancelled = TRUE;
  g_cancellable_cancel (self->stop);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* As at the beginning; what an earlier run has put in place is found there. */
static gboolean
begin (WsDownload *self, GError **error)
{
  if (self->target == NULL)
    self->target =
        ws_target_open (ws_hub_get_settings (self->hub), self->listing, self->folder, error);
  if (self->target == NULL)
    return FALSE;
  g_ptr_array_unref (self->contents);
  self->contents = _ws_contents_new (self, self->files);
  self->first_open = 0;
  self->n_fetched = 0;
  self->may_fetch = self->is_ended = self->is_cancelled = FALSE;
  g_clear_error (&self->failure);
  if (!self->is_paused)
    renew_stop (self);
  return TRUE;
}

/* Returns: FALSE with @error set if not all is there. */
static gboolean
check_outcome (WsDownload *self, GError **error)
{
  if (self->failure)
    {
      g_propagate_error (error, g_error_copy (self->failure));
      return FALSE;
    }
  for (guint i = 0; i < self->contents->len; i++)
    {
      const WsContent *content = g_ptr_array_index (self->contents, i);

      if (content->stage == WS_STAGE_FAILED)
        {
          g_propagate_error (error, g_error_copy (content->error));
          return FALSE;
        }
    }
  return TRUE;
}

char *
ws_download_run (WsDownload *self, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;
  gboolean has_run;

  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !begin (self, error))
    return NULL;
  if (cancellable)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL);
  has_run = run_threads (self, error);
  g_cancellable_disconnect (cancellable, handler);
  if (!has_run)
    return NULL;
  if (!is_over (self) && g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  if (!check_outcome (self, error) ||
      !ws_target_finish (self->target, self->listing, self->revision, error))
    return NULL;
  return g_strdup (ws_target_get_folder (self->target));
}
