/* SPDX-License-Identifier: MIT */
/* All downloads: the queue, and its memory over the end of the program. */
#include "download-list.h"

#include "download-memory.h"

/* Each takes all connections that it may; more of them only finish later. */
#define MAX_RUNNING 2
/* While something is fetched: how old what is remembered of its progress may be. */
#define SAVE_SECONDS 10

struct _WsDownloadList
{
  GObject parent_instance;

  GListStore *items; /* of WsDownloadItem */
  guint save_timer;
};

enum
{
  FINISHED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* Of what is written; of the program, as the file is. */
static guint last_age;

G_DEFINE_FINAL_TYPE (WsDownloadList, ws_download_list, G_TYPE_OBJECT)

static guint
count_items (WsDownloadList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->items));
}

/* Borrowed: the list keeps it. */
static WsDownloadItem *
get_item (WsDownloadList *self, guint position)
{
  g_autoptr (WsDownloadItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  return item;
}

/* Memory */

static gboolean
is_unfinished (WsDownloadState state)
{
  return state != WS_DOWNLOAD_DONE && state != WS_DOWNLOAD_ENDING && state != WS_DOWNLOAD_GONE;
}

/* (element-type WsRememberedDownload) (transfer full): what is to be remembered */
static GPtrArray *
dup_unfinished (WsDownloadList *self)
{
  GPtrArray *downloads = g_ptr_array_new_with_free_func (ws_remembered_download_free);

  for (guint i = 0; i < count_items (self); i++)
    {
      WsDownloadItem *item = get_item (self, i);
      WsDownloadState state = ws_download_item_get_state (item);
      WsRememberedDownload *download;

      if (!is_unfinished (state))
        continue;
      download = g_new0 (WsRememberedDownload, 1);
      download->order = ws_download_order_copy (ws_download_item_get_order (item));
      download->n_bytes_done = ws_download_item_get_n_bytes_done (item);
      /* What failed waits for a person, as after the end of the program. */
      download->is_paused = state == WS_DOWNLOAD_PAUSED || state == WS_DOWNLOAD_FAILED;
      g_ptr_array_add (downloads, download);
    }
  return downloads;
}

typedef struct
{
  GPtrArray *downloads; /* (element-type WsRememberedDownload) */
  guint age;
} Save;

static void
save_free (gpointer data)
{
  Save *save = data;

  g_ptr_array_unref (save->downloads);
  g_free (save);
}

static gboolean
save_in_thread (WsJob *job, gpointer data, GError **error)
{
  Save *save = data;

  return ws_download_memory_write (save->downloads, save->age, error);
}

/* A download does not end because it cannot be remembered. */
static void
on_saved (gpointer owner, gpointer data, const GError *error)
{
  if (error != NULL)
    g_info ("%s", error->message);
}

static const WsJobKind save_kind = { save_in_thread, NULL, on_saved, save_free };

static void
save (WsDownloadList *self)
{
  Save *data = g_new0 (Save, 1);
  g_autoptr (WsJob) job = NULL;

  data->downloads = dup_unfinished (self);
  data->age = ++last_age;
  job = ws_job_start (&save_kind, self, data);
}

/* The window is closing: there is no later. */
static void
save_now (WsDownloadList *self)
{
  g_autoptr (GPtrArray) downloads = dup_unfinished (self);
  g_autoptr (GError) error = NULL;

  if (!ws_download_memory_write (downloads, ++last_age, &error))
    g_info ("%s", error->message);
}

/* The queue */

static guint
count_running (WsDownloadList *self)
{
  guint n = 0;

  for (guint i = 0; i < count_items (self); i++)
    n += ws_download_item_get_state (get_item (self, i)) == WS_DOWNLOAD_RUNNING;
  return n;
}

static gboolean
on_save_timer (gpointer user_data)
{
  WsDownloadList *self = user_data;

  save (self);
  if (count_running (self) > 0)
    return G_SOURCE_CONTINUE;
  self->save_timer = 0;
  return G_SOURCE_REMOVE;
}

static void
start_next (WsDownloadList *self)
{
  guint n_running = count_running (self);

  for (guint i = 0; i < count_items (self) && n_running < MAX_RUNNING; i++)
    {
      WsDownloadItem *item = get_item (self, i);

      if (ws_download_item_get_state (item) != WS_DOWNLOAD_QUEUED)
        continue;
      ws_download_item_start (item);
      n_running++;
    }
  if (n_running > 0 && self->save_timer == 0)
    self->save_timer = g_timeout_add_seconds (SAVE_SECONDS, on_save_timer, self);
}

static void
remove_item (WsDownloadList *self, WsDownloadItem *item)
{
  guint position;

  if (!g_list_store_find (self->items, item, &position))
    return;
  g_signal_handlers_disconnect_by_data (item, self);
  g_list_store_remove (self->items, position);
}

static void
on_state_changed (WsDownloadItem *item, WsDownloadList *self)
{
  WsDownloadState state = ws_download_item_get_state (item);
  g_autoptr (WsDownloadItem) kept = g_object_ref (item);

  /* From within start_next: it goes on by itself. */
  if (state == WS_DOWNLOAD_RUNNING)
    return;
  if (state == WS_DOWNLOAD_GONE)
    remove_item (self, item);
  save (self);
  start_next (self);
  if (state == WS_DOWNLOAD_DONE)
    g_signal_emit (self, signals[FINISHED], 0, item);
}

static WsDownloadItem *
take_item (WsDownloadList *self, WsDownloadItem *item)
{
  g_signal_connect (item, "state-changed", G_CALLBACK (on_state_changed), self);
  g_list_store_append (self->items, item);
  g_object_unref (item);
  return item; /* the list keeps it */
}

static WsDownloadItem *
find_order (WsDownloadList *self, const WsDownloadOrder *order)
{
  for (guint i = 0; i < count_items (self); i++)
    {
      WsDownloadItem *item = get_item (self, i);

      if (is_unfinished (ws_download_item_get_state (item)) &&
          ws_download_order_equal (ws_download_item_get_order (item), order))
        return item;
    }
  return NULL;
}

WsDownloadItem *
ws_download_list_add (WsDownloadList *self, const WsDownloadOrder *order)
{
  WsDownloadItem *item = find_order (self, order);

  if (item != NULL)
    {
      ws_download_item_resume (item);
      return item;
    }
  item = take_item (self, ws_download_item_new (order, 0, FALSE));
  save (self);
  start_next (self);
  return item;
}

void
ws_download_list_move_to_top (WsDownloadList *self, WsDownloadItem *item)
{
  g_autoptr (WsDownloadItem) kept = g_object_ref (item);
  guint position;

  if (!g_list_store_find (self->items, item, &position) || position == 0)
    return;
  g_list_store_remove (self->items, position);
  g_list_store_insert (self->items, 0, item);
  save (self);
}

void
ws_download_list_dismiss (WsDownloadList *self, WsDownloadItem *item)
{
  if (ws_download_item_get_state (item) == WS_DOWNLOAD_DONE)
    remove_item (self, item);
}

GListModel *
ws_download_list_get_items (WsDownloadList *self)
{
  return G_LIST_MODEL (self->items);
}

static void
ws_download_list_dispose (GObject *object)
{
  WsDownloadList *self = WS_DOWNLOAD_LIST (object);

  if (self->items != NULL)
    {
      g_clear_handle_id (&self->save_timer, g_source_remove);
      for (guint i = 0; i < count_items (self); i++)
        {
          g_signal_handlers_disconnect_by_data (get_item (self, i), self);
          /* Others may keep the item for a while; its work ends now. */
          g_object_run_dispose (G_OBJECT (get_item (self, i)));
        }
      if (count_items (self) > 0)
        save_now (self);
    }
  g_clear_object (&self->items);
  G_OBJECT_CLASS (ws_download_list_parent_class)->dispose (object);
}

static void
ws_download_list_class_init (WsDownloadListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ws_download_list_dispose;
  signals[FINISHED] = g_signal_new ("finished", WS_TYPE_DOWNLOAD_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, WS_TYPE_DOWNLOAD_ITEM);
}

static void
ws_download_list_init (WsDownloadList *self)
{
  g_autoptr (GPtrArray) remembered = ws_download_memory_read ();

  self->items = g_list_store_new (WS_TYPE_DOWNLOAD_ITEM);
  for (guint i = 0; i < remembered->len; i++)
    {
      const WsRememberedDownload *download = g_ptr_array_index (remembered, i);

      take_item (self, ws_download_item_new (download->order, download->n_bytes_done,
                                             download->is_paused));
    }
  start_next (self);
}

WsDownloadList *
ws_download_list_new (void)
{
  return g_object_new (WS_TYPE_DOWNLOAD_LIST, NULL);
}
