/* SPDX-License-Identifier: MIT */
/* A download on its thread, and what the main thread may know of it. */
#include "fetch-run.h"

#include "hub-access.h"

#include "hub/target.h"

#include <glib/gi18n-lib.h>

/* Between two looks whether some weights are there already. */
#define LOOK_USEC G_USEC_PER_SEC

struct _WsFetchRun
{
  WsDownloadOrder *order;
  gboolean ignore_free_space;

  /* worker only */
  WsJob *job;       /* borrowed */
  char *folder;     /* (nullable): where the model comes to be */
  gint64 look_usec; /* of the last look there */

  GMutex mutex;         /* guards what follows */
  WsDownload *download; /* (nullable): while it runs */
  WsHubListing *listing;
  WsFetchNews *news;
  char *ready_folder;
  gboolean is_paused;
};

static void
file_news_free (gpointer data)
{
  WsFileNews *news = data;

  g_free (news->path);
  g_free (news->message);
  g_free (news);
}

void
ws_fetch_news_free (WsFetchNews *self)
{
  g_ptr_array_unref (self->files);
  g_free (self);
}

static WsFileNews *
copy_file (const WsFileProgress *file)
{
  WsFileNews *news = g_new0 (WsFileNews, 1);

  *news = (WsFileNews){
    .path = g_strdup (file->path),
    .state = file->state,
    .n_bytes = file->n_bytes,
    .n_bytes_done = file->n_bytes_done,
    .retry_usec =
        g_get_monotonic_time () + (gint64) (MAX (file->retry_seconds, 0) * G_USEC_PER_SEC),
    .message = g_strdup (file->message),
    .code = file->code,
  };
  return news;
}

static WsFetchNews *
copy_progress (const WsDownloadProgress *progress)
{
  WsFetchNews *news = g_new0 (WsFetchNews, 1);

  *news = (WsFetchNews){
    .n_files = progress->n_files,
    .n_files_done = progress->n_files_done,
    .n_bytes = progress->n_bytes,
    .n_bytes_done = progress->n_bytes_done,
    .bytes_per_second = progress->bytes_per_second,
    .seconds_left = progress->seconds_left,
    .files = g_ptr_array_new_with_free_func (file_news_free),
  };
  for (guint i = 0; progress->files != NULL && i < progress->files->len; i++)
    g_ptr_array_add (news->files, copy_file (&g_array_index (progress->files, WsFileProgress, i)));
  return news;
}

WsFetchRun *
ws_fetch_run_new (const WsDownloadOrder *order, gboolean ignore_free_space)
{
  WsFetchRun *self = g_new0 (WsFetchRun, 1);

  self->order = ws_download_order_copy (order);
  self->ignore_free_space = ignore_free_space;
  self->listing = order->listing != NULL ? ws_hub_listing_ref (order->listing) : NULL;
  g_mutex_init (&self->mutex);
  return self;
}

void
ws_fetch_run_free (WsFetchRun *self)
{
  ws_download_order_free (self->order);
  g_free (self->folder);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_clear_pointer (&self->news, ws_fetch_news_free);
  g_free (self->ready_folder);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* Weights are there whole or not at all: under their final names only when they were checked. */
static gboolean
has_weights (WsFetchRun *self)
{
  for (char **path = self->order->paths; *path != NULL; path++)
    {
      g_autofree char *place = NULL;

      if (!g_str_has_suffix (*path, ".safetensors"))
        continue;
      place = g_build_filename (self->folder, *path, NULL);
      if (g_file_test (place, G_FILE_TEST_EXISTS))
        return TRUE;
    }
  return FALSE;
}

/* The worker is the only one to write what it reads here without the mutex. */
static void
look_for_weights (WsFetchRun *self)
{
  gint64 now = g_get_monotonic_time ();

  if (self->ready_folder != NULL || self->folder == NULL || now - self->look_usec < LOOK_USEC)
    return;
  self->look_usec = now;
  if (!has_weights (self))
    return;
  g_mutex_lock (&self->mutex);
  self->ready_folder = g_strdup (self->folder);
  g_mutex_unlock (&self->mutex);
}

static void
on_progress (const WsDownloadProgress *progress, gpointer user_data)
{
  WsFetchRun *self = user_data;
  WsFetchNews *news = copy_progress (progress), *before;

  look_for_weights (self);
  /* the main thread never waits for more than two pointers */
  g_mutex_lock (&self->mutex);
  before = g_steal_pointer (&self->news);
  self->news = news;
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&before, ws_fetch_news_free);
  ws_job_report (self->job);
}

/* The commit never changes, so neither do its files. */
static gboolean
read_listing (WsFetchRun *self, WsHub *hub, GCancellable *cancellable, GError **error)
{
  WsHubListing *listing;

  if (self->listing != NULL)
    return TRUE;
  listing = ws_hub_read_listing (hub, self->order->id, self->order->commit, cancellable, error);
  g_mutex_lock (&self->mutex);
  self->listing = listing;
  g_mutex_unlock (&self->mutex);
  return listing != NULL;
}

/* (element-type WsHubFile) (transfer container) */
static GPtrArray *
find_files (WsFetchRun *self, GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new ();

  for (char **path = self->order->paths; *path != NULL; path++)
    {
      const WsHubFile *file = ws_hub_listing_find (self->listing, *path);

      if (file == NULL)
        {
          g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE, _ ("'%s' has no file '%s'"),
                       self->order->id, *path);
          return NULL;
        }
      g_ptr_array_add (files, (gpointer) file);
    }
  return g_steal_pointer (&files);
}

static WsTarget *
open_target (WsFetchRun *self, WsHub *hub, GError **error)
{
  return ws_target_open (ws_hub_get_settings (hub), self->listing, self->order->folder, error);
}

static gboolean
prepare (WsFetchRun *self, WsHub *hub, GPtrArray **files, GCancellable *cancellable, GError **error)
{
  g_autoptr (WsTarget) target = NULL;

  if (!read_listing (self, hub, cancellable, error) || (*files = find_files (self, error)) == NULL)
    return FALSE;
  target = open_target (self, hub, error);
  if (target == NULL)
    return FALSE;
  self->folder = g_strdup (ws_target_get_folder (target));
  return TRUE;
}

/* What is set between the two functions by the main thread is heard by either. */
static void
publish (WsFetchRun *self, WsDownload *download)
{
  g_mutex_lock (&self->mutex);
  self->download = download;
  if (download != NULL)
    ws_download_set_paused (download, self->is_paused);
  g_mutex_unlock (&self->mutex);
}

gboolean
ws_fetch_run_execute (WsJob *job, gpointer data, GError **error)
{
  WsFetchRun *self = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);
  g_autoptr (WsHub) hub = ws_hub_access_dup_hub (cancellable);
  g_autoptr (GPtrArray) files = NULL;
  WsDownloadCallbacks callbacks = { .progress = on_progress, .user_data = self };
  WsDownloadRequest request = { .id = self->order->id,
                                .revision = self->order->revision,
                                .folder = self->order->folder,
                                .ignore_free_space = self->ignore_free_space };
  g_autoptr (WsDownload) download = NULL;
  g_autofree char *folder = NULL;

  self->job = job;
  if (!prepare (self, hub, &files, cancellable, error))
    return FALSE;
  request.listing = self->listing;
  request.files = files;
  download = ws_download_new (hub, &request, &callbacks);
  publish (self, download);
  folder = ws_download_run (download, cancellable, error);
  publish (self, NULL);
  if (folder == NULL)
    return FALSE;

  g_mutex_lock (&self->mutex);
  g_free (self->ready_folder);
  self->ready_folder = g_steal_pointer (&folder);
  g_mutex_unlock (&self->mutex);
  return TRUE;
}

gboolean
ws_fetch_run_delete_parts (WsJob *job, gpointer data, GError **error)
{
  WsFetchRun *self = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);
  g_autoptr (WsHub) hub = ws_hub_access_dup_hub (cancellable);
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (WsTarget) target = NULL;

  if (!read_listing (self, hub, cancellable, error) || (files = find_files (self, error)) == NULL)
    return FALSE;
  target = open_target (self, hub, error);
  for (guint i = 0; target != NULL && i < files->len; i++)
    {
      g_autoptr (GPtrArray) one = g_ptr_array_new ();

      g_ptr_array_add (one, g_ptr_array_index (files, i));
      ws_target_delete_part (target, one);
    }
  return target != NULL;
}

void
ws_fetch_run_set_paused (WsFetchRun *self, gboolean paused)
{
  g_mutex_lock (&self->mutex);
  self->is_paused = paused;
  if (self->download != NULL)
    ws_download_set_paused (self->download, paused);
  g_mutex_unlock (&self->mutex);
}

WsFetchNews *
ws_fetch_run_take_news (WsFetchRun *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_steal_pointer (&self->news);
}

char *
ws_fetch_run_dup_folder (WsFetchRun *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return g_strdup (self->ready_folder);
}

WsHubListing *
ws_fetch_run_dup_listing (WsFetchRun *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->listing != NULL ? ws_hub_listing_ref (self->listing) : NULL;
}
