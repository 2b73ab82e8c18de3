/* SPDX-License-Identifier: MIT */
/* A model that is being fetched, or waits to be. */
#include "download-item.h"

/* Between tries when the network is away: the library has tried several times in between. */
#define FIRST_RETRY_SECONDS 15
#define MAX_RETRY_SECONDS 60

struct _WsDownloadItem
{
  GObject parent_instance;

  WsDownloadOrder *order;
  WsDownloadState state;
  WsFetchNews *news;     /* (nullable) */
  guint64 n_bytes_done;  /* while there is no news */
  GError *error;         /* (nullable) */
  char *folder;          /* (nullable) */
  WsJob *job;            /* (nullable): the run, also a paused one; or the deletion of the parts */
  gboolean delete_parts; /* of ENDING */
  gint64 run_usec;       /* when it began */
  guint retry_seconds;   /* of the last wait; 0: there was none since something came */
  gint64 retry_usec;     /* of WAITING: when */
  guint timer;           /* of WAITING */
};

enum
{
  STATE_CHANGED,
  PROGRESS,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsDownloadItem, ws_download_item, G_TYPE_OBJECT)

static void
set_state (WsDownloadItem *self, WsDownloadState state)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
  g_signal_emit (self, signals[PROGRESS], 0);
}

/* Waiting */

static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NETWORK) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_SERVER) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT);
}

static gboolean
on_second (gpointer user_data)
{
  WsDownloadItem *self = user_data;

  if (g_get_monotonic_time () < self->retry_usec)
    {
      g_signal_emit (self, signals[PROGRESS], 0);
      return G_SOURCE_CONTINUE;
    }
  self->timer = 0;
  set_state (self, WS_DOWNLOAD_QUEUED);
  return G_SOURCE_REMOVE;
}

static void
wait_to_retry (WsDownloadItem *self)
{
  self->retry_seconds = self->retry_seconds == 0 ? FIRST_RETRY_SECONDS
                                                 : MIN (2 * self->retry_seconds, MAX_RETRY_SECONDS);
  self->retry_usec = g_get_monotonic_time () + self->retry_seconds * G_USEC_PER_SEC;
  set_state (self, WS_DOWNLOAD_WAITING);
  self->timer = g_timeout_add_seconds (1, on_second, self);
}

/* The run */

static void
take_news (WsDownloadItem *self, WsFetchRun *run)
{
  WsFetchNews *news = ws_fetch_run_take_news (run);

  if (self->folder == NULL)
    self->folder = ws_fetch_run_dup_folder (run);
  if (news == NULL)
    return;
  if (self->news != NULL && news->n_bytes_done > self->news->n_bytes_done)
    self->retry_seconds = 0;
  g_clear_pointer (&self->news, ws_fetch_news_free);
  self->news = news;
  self->n_bytes_done = news->n_bytes_done;
}

static gboolean
on_report (gpointer owner, gpointer data)
{
  WsDownloadItem *self = owner;

  take_news (self, data);
  g_signal_emit (self, signals[PROGRESS], 0);
  return FALSE;
}

static void delete_parts (WsDownloadItem *self);

static void
on_ended (gpointer owner, gpointer data, const GError *error)
{
  WsDownloadItem *self = owner;

  take_news (self, data);
  if (self->order->listing == NULL)
    self->order->listing = ws_fetch_run_dup_listing (data);
  g_clear_pointer (&self->job, ws_job_unref);
  if (self->state == WS_DOWNLOAD_ENDING && self->delete_parts)
    {
      delete_parts (self);
    }
  else if (self->state == WS_DOWNLOAD_ENDING)
    {
      set_state (self, WS_DOWNLOAD_GONE);
    }
  else if (error == NULL)
    {
      self->n_bytes_done = self->order->n_bytes;
      set_state (self, WS_DOWNLOAD_DONE);
    }
  else
    {
      self->error = g_error_copy (error);
      if (is_passing (error) && self->state == WS_DOWNLOAD_RUNNING)
        wait_to_retry (self);
      else
        set_state (self, WS_DOWNLOAD_FAILED);
    }
}

static void
free_run (gpointer data)
{
  ws_fetch_run_free (data);
}

static const WsJobKind run_kind = { ws_fetch_run_execute, on_report, on_ended, free_run };

void
ws_download_item_start (WsDownloadItem *self)
{
  g_return_if_fail (self->state == WS_DOWNLOAD_QUEUED);

  self->run_usec = g_get_monotonic_time ();
  g_clear_error (&self->error);
  if (self->job != NULL)
    ws_fetch_run_set_paused (ws_job_get_data (self->job), FALSE);
  else
    self->job = ws_job_start (&run_kind, self, ws_fetch_run_new (self->order, FALSE));
  set_state (self, WS_DOWNLOAD_RUNNING);
}

void
ws_download_item_pause (WsDownloadItem *self)
{
  if (self->state == WS_DOWNLOAD_RUNNING)
    ws_fetch_run_set_paused (ws_job_get_data (self->job), TRUE);
  else if (self->state != WS_DOWNLOAD_QUEUED && self->state != WS_DOWNLOAD_WAITING)
    return;
  set_state (self, WS_DOWNLOAD_PAUSED);
}

void
ws_download_item_resume (WsDownloadItem *self)
{
  if (self->state == WS_DOWNLOAD_PAUSED || self->state == WS_DOWNLOAD_WAITING ||
      self->state == WS_DOWNLOAD_FAILED)
    set_state (self, WS_DOWNLOAD_QUEUED);
}

/* The end */

static void
on_parts_deleted (gpointer owner, gpointer data, const GError *error)
{
  WsDownloadItem *self = owner;

  g_clear_pointer (&self->job, ws_job_unref);
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  set_state (self, error == NULL ? WS_DOWNLOAD_GONE : WS_DOWNLOAD_FAILED);
}

static const WsJobKind delete_kind = { ws_fetch_run_delete_parts, NULL, on_parts_deleted,
                                       free_run };

static void
delete_parts (WsDownloadItem *self)
{
  self->job = ws_job_start (&delete_kind, self, ws_fetch_run_new (self->order, FALSE));
}

void
ws_download_item_cancel (WsDownloadItem *self, gboolean delete_them)
{
  if (self->state == WS_DOWNLOAD_ENDING || self->state == WS_DOWNLOAD_GONE)
    return;
  self->delete_parts = delete_them && self->state != WS_DOWNLOAD_DONE;
  set_state (self, WS_DOWNLOAD_ENDING);
  if (self->job != NULL)
    ws_job_cancel (self->job);
  else if (self->delete_parts)
    delete_parts (self);
  else
    set_state (self, WS_DOWNLOAD_GONE);
}

static void
ws_download_item_dispose (GObject *object)
{
  WsDownloadItem *self = WS_DOWNLOAD_ITEM (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  G_OBJECT_CLASS (ws_download_item_parent_class)->dispose (object);
}

static void
ws_download_item_finalize (GObject *object)
{
  WsDownloadItem *self = WS_DOWNLOAD_ITEM (object);

  ws_download_order_free (self->order);
  g_clear_pointer (&self->news, ws_fetch_news_free);
  g_clear_error (&self->error);
  g_free (self->folder);
  G_OBJECT_CLASS (ws_download_item_parent_class)->finalize (object);
}

static void
ws_download_item_class_init (WsDownloadItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = ws_download_item_dispose;
  object_class->finalize = ws_download_item_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", WS_TYPE_DOWNLOAD_ITEM, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", WS_TYPE_DOWNLOAD_ITEM, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
ws_download_item_init (WsDownloadItem *self)
{
}

WsDownloadItem *
ws_download_item_new (const WsDownloadOrder *order, guint64 n_bytes_done, gboolean paused)
{
  WsDownloadItem *self = g_object_new (WS_TYPE_DOWNLOAD_ITEM, NULL);

  self->order = ws_download_order_copy (order);
  self->n_bytes_done = n_bytes_done;
  self->state = paused ? WS_DOWNLOAD_PAUSED : WS_DOWNLOAD_QUEUED;
  return self;
}

const WsDownloadOrder *
ws_download_item_get_order (WsDownloadItem *self)
{
  return self->order;
}

WsDownloadState
ws_download_item_get_state (WsDownloadItem *self)
{
  return self->state;
}

const WsFetchNews *
ws_download_item_get_news (WsDownloadItem *self)
{
  return self->news;
}

guint64
ws_download_item_get_n_bytes_done (WsDownloadItem *self)
{
  return self->n_bytes_done;
}

const GError *
ws_download_item_get_error (WsDownloadItem *self)
{
  return self->error;
}

double
ws_download_item_get_retry_seconds (WsDownloadItem *self)
{
  return MAX (self->retry_usec - g_get_monotonic_time (), 0) / (double) G_USEC_PER_SEC;
}

double
ws_download_item_get_run_seconds (WsDownloadItem *self)
{
  return (g_get_monotonic_time () - self->run_usec) / (double) G_USEC_PER_SEC;
}

const char *
ws_download_item_get_folder (WsDownloadItem *self)
{
  return self->folder;
}
