/* SPDX-License-Identifier: MIT */
/* Asking the Hub: tries, and what an answer must be to be believed. */
#include "hub/hub.h"

#include "base/json-reader.h"
#include "hub/http-url.h"
#include "hub/hub-private.h"
#include "hub/wait.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Pauses before further tries: somebody may be waiting at a window. */
static const double retry_seconds[] = { 0.3, 1.0, 3.0 };
/* Of the pauses after those, for those who have patience. */
#define MAX_PAUSE_SECONDS 30.0
/* The Hub may ask for minutes: then, without patience, the user is told instead. */
#define MAX_POLITE_SECONDS 10.0
/* What is shorter is not worth a word. */
#define MIN_TOLD_SECONDS 2.0

WsHub *
ws_hub_new (const WsHubSettings *settings)
{
  WsHub *self = g_new0 (WsHub, 1);

  ws_hub_settings_copy (&self->settings, settings);
  self->http = ws_http_new (settings);
  g_mutex_init (&self->mutex);
  self->ref_count = 1;
  return self;
}

WsHub *
ws_hub_ref (WsHub *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_hub_unref (WsHub *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  ws_http_free (self->http);
  g_mutex_clear (&self->mutex);
  ws_hub_settings_clear (&self->settings);
  g_free (self);
}

const WsHubSettings *
ws_hub_get_settings (const WsHub *self)
{
  return &self->settings;
}

WsHttp *
ws_hub_get_http (WsHub *self)
{
  return self->http;
}

void
ws_hub_set_wait_func (WsHub *self, WsHubWaitFunc func, gpointer user_data)
{
  self->wait_func = func;
  self->wait_data = user_data;
}

char *
ws_hub_get_page_url (const WsHub *self, const char *id)
{
  return g_strdup_printf ("%s/%s", self->settings.endpoint, id);
}

char *
_ws_hub_make_url (const WsHub *self, const char *begin, const char *id, const char *middle,
                  const char *last)
{
  g_autofree char *escaped = last ? g_uri_escape_string (last, NULL, FALSE) : g_strdup ("");

  return g_strconcat (self->settings.endpoint, begin, id, middle, escaped, NULL);
}

/* Whether another try may do better. */
static gboolean
is_passing (const GError *error)
{
  return g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NETWORK) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_SERVER) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT);
}

void
_ws_hub_set_answered (WsHub *self)
{
  g_mutex_lock (&self->mutex);
  self->has_answered = TRUE;
  g_mutex_unlock (&self->mutex);
}

/* Whom nobody has ever reached may have another name: that is told soon. */
static gboolean
is_patient (WsHub *self, const GError *failure)
{
  gboolean has_answered;

  g_mutex_lock (&self->mutex);
  has_answered = self->has_answered;
  g_mutex_unlock (&self->mutex);
  return self->settings.patience_seconds > 0 &&
         (has_answered || g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT));
}

/* Seconds until the next try; < 0: there is none. @asked: by the server */
static double
get_pause (WsHub *self, const WsHubTries *tries, const GError *failure, double asked)
{
  const gboolean is_first = tries->n < G_N_ELEMENTS (retry_seconds);
  const gboolean has_patience = is_patient (self, failure);
  const double elapsed = (g_get_monotonic_time () - tries->since_usec) / 1e6;
  const double own = is_first ? retry_seconds[tries->n] : fmin (exp2 (tries->n), MAX_PAUSE_SECONDS);
  const double pause = fmax (own, asked);

  if (!is_passing (failure) || (!has_patience && (!is_first || asked > MAX_POLITE_SECONDS)))
    return -1;
  if (has_patience && (!is_first || asked > MAX_POLITE_SECONDS) &&
      elapsed + pause > self->settings.patience_seconds)
    return -1;
  return pause;
}

static void
tell_wait (WsHub *self, double seconds, const GError *failure)
{
  const gint64 now_usec = g_get_monotonic_time ();
  gboolean is_new;

  if (self->wait_func == NULL || seconds < MIN_TOLD_SECONDS)
    return;
  g_mutex_lock (&self->mutex);
  is_new = now_usec >= self->waits_until_usec;
  if (is_new)
    self->waits_until_usec = now_usec + (gint64) (seconds * G_USEC_PER_SEC);
  g_mutex_unlock (&self->mutex);
  if (is_new)
    self->wait_func (seconds, failure, self->wait_data);
}

gboolean
_ws_hub_wait_to_retry (WsHub *self, WsHubTries *tries, const GError *failure, double seconds,
                       GCancellable *cancellable, GError **error)
{
  double pause;

  if (tries->n == 0)
    tries->since_usec = g_get_monotonic_time ();
  pause = get_pause (self, tries, failure, seconds);
  tries->n++;
  if (pause >= 0)
    {
      tell_wait (self, pause, failure);
      return ws_wait (pause, cancellable, error);
    }
  g_propagate_error (error, g_error_copy (failure));
  return FALSE;
}

static gboolean
try_once (WsHub *self, const char *url, const char *subject, WsHttpReply *reply,
          GCancellable *cancellable, GError **error)
{
  const WsHttpRequest request = { .url = url, .follow = TRUE, .accept = "application/json" };

  return ws_http_perform (self->http, &request, reply, NULL, NULL, cancellable, error) &&
         ws_http_check (reply, subject, error);
}

gboolean
_ws_hub_get (WsHub *self, const char *url, const char *subject, WsHttpReply *reply,
             GCancellable *cancellable, GError **error)
{
  WsHubTries tries = { 0 };

  for (;;)
    {
      g_autoptr (GError) failure = NULL;
      double seconds;

      if (try_once (self, url, subject, reply, cancellable, &failure))
        {
          _ws_hub_set_answered (self);
          return TRUE;
        }
      seconds = ws_http_reply_get_retry_seconds (reply);
      ws_http_reply_clear (reply);
      if (!_ws_hub_wait_to_retry (self, &tries, failure, seconds, cancellable, error))
        return FALSE;
    }
}

gboolean
_ws_hub_check_type (const WsHttpReply *reply, GError **error)
{
  const char *type = ws_http_reply_get (reply, "content-type");
  g_autofree char *host = ws_http_url_dup_host (reply->url);

  if (type == NULL || !strstr (type, "html"))
    return TRUE;
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NOT_A_HUB,
               _ ("'%s' answered with a web page: a network that wants you to log in, or a proxy, "
                  "stands between; open that address in a browser"),
               host);
  return FALSE;
}

void
_ws_hub_set_unsound (const WsHttpReply *reply, const char *reason, GError **error)
{
  g_autofree char *host = ws_http_url_dup_host (reply->url);

  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("'%s' answered with what is not sound JSON: %s"), host, reason);
}

/* json-glib recurses, and cuts strings at NUL. */
JsonNode *
_ws_hub_parse_json (const char *bytes, gsize n_bytes, GError **reason)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  if (!ws_json_check (bytes, n_bytes, reason))
    return NULL;
  if (g_strstr_len (bytes, n_bytes, "\\u0000"))
    {
      g_set_error_literal (reason, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL, "\\u0000");
      return NULL;
    }
  return json_parser_load_from_data (parser, bytes, n_bytes, reason)
             ? json_parser_steal_root (parser)
             : NULL;
}

JsonNode *
_ws_hub_get_json (WsHub *self, const char *url, const char *subject, GCancellable *cancellable,
                  GError **error)
{
  g_auto (WsHttpReply) reply = { 0 };
  g_autoptr (GError) reason = NULL;
  gsize n_bytes;
  const char *bytes;
  JsonNode *root;

  if (!_ws_hub_get (self, url, subject, &reply, cancellable, error) ||
      !_ws_hub_check_type (&reply, error))
    return NULL;
  bytes = g_bytes_get_data (reply.body, &n_bytes);
  root = _ws_hub_parse_json (bytes, n_bytes, &reason);
  if (root == NULL)
    _ws_hub_set_unsound (&reply, reason ? reason->message : "-", error);
  return root;
}

const char *
_ws_json_get_string (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

JsonObject *
_ws_json_get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

JsonArray *
_ws_json_get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

guint64
_ws_json_get_count (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  if (!node || json_node_get_value_type (node) != G_TYPE_INT64)
    return 0;
  return MAX (json_node_get_int (node), 0);
}

gboolean
_ws_json_get_boolean (JsonObject *object, const char *name)
{
  JsonNode *node = object ? json_object_get_member (object, name) : NULL;

  return node && json_node_get_value_type (node) == G_TYPE_BOOLEAN && json_node_get_boolean (node);
}

char *
ws_hub_read_user (WsHub *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = g_strconcat (self->settings.endpoint, "/api/whoami-v2", NULL);
  g_autoptr (GError) local_error = NULL;
  g_autoptr (JsonNode) root =
      _ws_hub_get_json (self, url, _ ("your account"), cancellable, &local_error);
  const char *name = root && JSON_NODE_HOLDS_OBJECT (root)
                         ? _ws_json_get_string (json_node_get_object (root), "name")
                         : NULL;

  if (name)
    return g_strdup (name);
  /* a 401 means a model that is missing or private everywhere but here */
  if (!local_error || g_error_matches (local_error, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL))
    g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_BAD_TOKEN,
                         _ ("the Hub does not know the token: it is wrong, expired or revoked"));
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
