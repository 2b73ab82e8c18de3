/* SPDX-License-Identifier: MIT */
/* The Hub as this program asks it: environment, preferences, and the user's token. */
#include "hub-access.h"

#include "settings.h"
#include "token-store.h"

/* What goes into a WsHub besides the environment. */
typedef struct
{
  guint n_connections;      /* 0: as the library has it */
  guint64 bytes_per_second; /* 0: no limit */
  char *token;              /* (nullable): entered since the start */
  WsTokenOrigin origin;     /* where it is kept; NONE: nowhere */
  guint age;                /* grows with each change */
} Wishes;

static GMutex mutex; /* held for moments only: the main thread takes it too */
static Wishes wishes;
static WsHub *hub; /* made of them; NULL: to be made */

static void
forget_hub (void)
{
  wishes.age++;
  g_clear_pointer (&hub, ws_hub_unref);
}

static void
follow_preferences (void)
{
  GSettings *settings = ws_settings_get_default ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  wishes.n_connections = g_settings_get_uint (settings, "download-connections");
  wishes.bytes_per_second = g_settings_get_uint64 (settings, "download-rate");
  forget_hub ();
}

void
ws_hub_access_init (void)
{
  g_signal_connect (ws_settings_get_default (), "changed::download-connections",
                    G_CALLBACK (follow_preferences), NULL);
  g_signal_connect (ws_settings_get_default (), "changed::download-rate",
                    G_CALLBACK (follow_preferences), NULL);
  follow_preferences ();
}

static void
set_token (WsHubSettings *settings, char *token, WsTokenOrigin origin)
{
  g_free (settings->token);
  settings->token = token;
  settings->token_origin = origin;
}

/* Entered, then HF_TOKEN, then the keyring, then the file. @entered: (nullable): taken */
static void
find_token (WsHubSettings *settings, char *entered, WsTokenOrigin origin, GCancellable *cancellable)
{
  char *kept;

  if (entered != NULL)
    {
      set_token (settings, entered, origin);
      return;
    }
  if (settings->token_origin == WS_TOKEN_ENVIRONMENT)
    return;
  kept = ws_token_store_read (settings->endpoint, cancellable);
  if (kept != NULL)
    set_token (settings, kept, WS_TOKEN_KEYRING);
}

/* Blocks: not with the mutex held. */
static WsHub *
make_hub (const Wishes *wanted, GCancellable *cancellable)
{
  g_auto (WsHubSettings) settings = { 0 };

  ws_hub_settings_init (&settings);
  find_token (&settings, wanted->token, wanted->origin, cancellable);
  if (wanted->n_connections > 0)
    settings.n_connections = wanted->n_connections;
  settings.max_bytes_per_second = wanted->bytes_per_second;
  return ws_hub_new (&settings);
}

WsHub *
ws_hub_access_dup_hub (GCancellable *cancellable)
{
  g_autoptr (WsHub) made = NULL;
  Wishes wanted;

  g_mutex_lock (&mutex);
  if (hub != NULL)
    made = ws_hub_ref (hub);
  wanted = wishes;
  wanted.token = g_strdup (wishes.token);
  g_mutex_unlock (&mutex);

  if (made != NULL)
    {
      g_free (wanted.token);
      return g_steal_pointer (&made);
    }
  made = make_hub (&wanted, cancellable);

  g_mutex_lock (&mutex);
  if (hub == NULL && wishes.age == wanted.age)
    hub = ws_hub_ref (made);
  g_mutex_unlock (&mutex);
  return g_steal_pointer (&made);
}

gboolean
ws_hub_access_take_token (const char *token, GCancellable *cancellable, GError **error)
{
  g_auto (WsHubSettings) settings = { 0 };
  WsTokenOrigin origin = WS_TOKEN_NONE;
  gboolean is_kept;

  ws_hub_settings_init (&settings);
  is_kept = ws_token_store_save (&settings, token, &origin, cancellable, error);

  g_mutex_lock (&mutex);
  g_free (wishes.token);
  wishes.token = g_strdup (token);
  wishes.origin = origin;
  forget_hub ();
  g_mutex_unlock (&mutex);
  return is_kept;
}
