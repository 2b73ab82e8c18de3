/* SPDX-License-Identifier: MIT */
/* Which device a run is to use, and looking for it. */
#include "analysis/device.h"

#include "cuda/cuda.h"

#include <string.h>

/* No machine has as many. */
#define MAX_INDEX 255

gboolean
ws_device_parse (const char *text, WsDeviceKind *kind, guint *index)
{
  guint64 number = 0;

  if (strcmp (text, "auto") == 0)
    *kind = WS_DEVICE_AUTO;
  else if (strcmp (text, "cpu") == 0)
    *kind = WS_DEVICE_CPU;
  else if (strcmp (text, "cuda") == 0 ||
           (g_str_has_prefix (text, "cuda:") &&
            g_ascii_string_to_unsigned (text + strlen ("cuda:"), 10, 0, MAX_INDEX, &number, NULL)))
    *kind = WS_DEVICE_CUDA;
  else
    return FALSE;
  *index = (guint) number;
  return TRUE;
}

char *
ws_device_dup_key (WsDeviceKind kind, guint index)
{
  if (kind == WS_DEVICE_CUDA)
    return g_strdup_printf ("cuda:%u", index);
  return g_strdup (kind == WS_DEVICE_CPU ? "cpu" : "auto");
}

struct _WsDeviceSearch
{
  GMutex mutex;
  int ref_count; /* of the owner and of the thread */
  guint index;
  void (*found) (gpointer user_data); /* NULL once nobody waits */
  gpointer user_data;
  gboolean is_finished;
  WsBackend *backend; /* (owned) */
  GError *error;      /* (owned) */
};

static void
unref (WsDeviceSearch *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  ws_backend_unref (self->backend);
  g_clear_error (&self->error);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gpointer
search (gpointer data)
{
  WsDeviceSearch *self = data;
  g_autoptr (GError) error = NULL;
  WsBackend *backend = ws_cuda_open (self->index, &error);

  g_mutex_lock (&self->mutex);
  self->backend = backend;
  self->error = g_steal_pointer (&error);
  self->is_finished = TRUE;
  if (self->found != NULL)
    self->found (self->user_data);
  g_mutex_unlock (&self->mutex);
  unref (self);
  return NULL;
}

WsDeviceSearch *
ws_device_search_new (guint index, void (*found) (gpointer), gpointer user_data)
{
  WsDeviceSearch *self = g_new0 (WsDeviceSearch, 1);
  GThread *thread;

  g_mutex_init (&self->mutex);
  self->ref_count = 2;
  self->index = index;
  self->found = found;
  self->user_data = user_data;
  thread = g_thread_try_new ("device-search", search, self, &self->error);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    {
      self->is_finished = TRUE;
      unref (self);
    }
  return self;
}

void
ws_device_search_free (WsDeviceSearch *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->mutex);
  self->found = NULL;
  g_mutex_unlock (&self->mutex);
  unref (self);
}

gboolean
ws_device_search_finish (WsDeviceSearch *self, WsBackend **backend, GError **error)
{
  gboolean is_finished;

  g_mutex_lock (&self->mutex);
  is_finished = self->is_finished;
  if (is_finished)
    {
      *backend = g_steal_pointer (&self->backend);
      if (*backend == NULL)
        g_propagate_error (error, g_steal_pointer (&self->error));
    }
  g_mutex_unlock (&self->mutex);
  return is_finished;
}
