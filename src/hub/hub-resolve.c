/* SPDX-License-Identifier: MIT */
/* Where the bytes of a file are: the Hub answers with a redirect that tells what it leads to. */
#include "hub/http-url.h"
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* To a new name of the model, and to where small files are kept. */
#define MAX_HOPS 5

void
ws_hub_location_clear (WsHubLocation *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->etag, g_free);
}

/* "abc" of '"abc"' and 'W/"abc"'. (transfer full): NULL unless it is a hash. */
static char *
parse_etag (const char *text)
{
  g_autofree char *etag = NULL;

  if (text == NULL)
    return NULL;
  if (g_str_has_prefix (text, "W/"))
    text += 2;
  etag = g_strdup (text + (text[0] == '"'));
  g_strdelimit (etag, "\"", '\0');
  return ws_hub_is_etag (etag) ? g_steal_pointer (&etag) : NULL;
}

static guint64
parse_size (const char *text)
{
  guint64 n_bytes;

  return text && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &n_bytes, NULL) ? n_bytes
                                                                                      : G_MAXUINT64;
}

static gboolean
is_redirect (const WsHttpReply *reply)
{
  return reply->status >= 301 && reply->status <= 308 && reply->status != 304 &&
         ws_http_reply_get (reply, "location") != NULL;
}

/* What @reply tells of the file, where nothing was told before. */
static void
take_facts (WsHubLocation *location, const WsHttpReply *reply)
{
  const char *etag = ws_http_reply_get (reply, "x-linked-etag");
  const char *size = ws_http_reply_get (reply, "x-linked-size");

  /* the length of a redirect is that of its own text */
  if (!size && !is_redirect (reply))
    size = ws_http_reply_get (reply, "content-length");
  if (!location->etag)
    location->etag = parse_etag (etag ? etag : ws_http_reply_get (reply, "etag"));
  if (location->n_bytes == G_MAXUINT64)
    location->n_bytes = parse_size (size);
}

static gboolean
check_commit (const WsHttpReply *reply, const char *commit, GError **error)
{
  const char *answered = ws_http_reply_get (reply, "x-repo-commit");
  g_autofree char *host = ws_http_url_dup_host (reply->url);

  if (answered == NULL)
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NOT_A_HUB,
                 _ ("'%s' does not answer as the Hub does: a network that wants you to log in, or "
                    "a proxy, may stand between"),
                 host);
  else if (strcmp (answered, commit) != 0)
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                 _ ("'%s' answered with another commit than was asked for"), host);
  else
    return TRUE;
  return FALSE;
}

/* One question and its hops within the Hub.
 * @seconds: (out): that the server asks to wait after a failure; < 0: none */
static gboolean
resolve_once (WsHub *self, const char *url, const char *subject, const char *commit,
              WsHubLocation *location, double *seconds, GCancellable *cancellable, GError **error)
{
  g_autofree char *next = g_strdup (url);
  gboolean is_known = FALSE; /* the commit was told */

  *seconds = -1;
  for (guint i = 0; i < MAX_HOPS; i++)
    {
      g_auto (WsHttpReply) reply = { 0 };
      const WsHttpRequest request = { .url = next, .is_head = TRUE };
      g_autofree char *target = NULL;

      if (!ws_http_perform (self->http, &request, &reply, NULL, NULL, cancellable, error))
        return FALSE;
      *seconds = ws_http_reply_get_retry_seconds (&reply);
      if (!is_redirect (&reply))
        {
          if (!ws_http_check (&reply, subject, error) ||
              (!is_known && !check_commit (&reply, commit, error)))
            return FALSE;
          take_facts (location, &reply);
          location->url = g_steal_pointer (&next);
          return TRUE;
        }
      target = ws_http_url_follow (next, ws_http_reply_get (&reply, "location"), error);
      if (target == NULL)
        return FALSE;
      if (ws_http_reply_get (&reply, "x-repo-commit"))
        {
          if (!check_commit (&reply, commit, error))
            return FALSE;
          is_known = TRUE;
          take_facts (location, &reply);
        }
      if (!ws_http_url_is_hub (target, self->settings.endpoint))
        {
          location->url = g_steal_pointer (&target);
          return is_known || check_commit (&reply, commit, error);
        }
      g_free (next);
      next = g_steal_pointer (&target);
    }
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("the redirects for '%s' lead nowhere"), subject);
  return FALSE;
}

gboolean
ws_hub_resolve (WsHub *self, const char *id, const char *commit, const char *path,
                WsHubLocation *location, GCancellable *cancellable, GError **error)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *middle = g_strconcat ("/resolve/", commit, "/", escaped, NULL);
  g_autofree char *url = _ws_hub_make_url (self, "/", id, middle, NULL);
  g_autofree char *subject = g_strconcat (id, "/", path, NULL);

  WsHubTries tries = { 0 };

  for (;;)
    {
      g_auto (WsHubLocation) found = { .n_bytes = G_MAXUINT64 };
      g_autoptr (GError) failure = NULL;
      double seconds;

      if (resolve_once (self, url, subject, commit, &found, &seconds, cancellable, &failure))
        {
          _ws_hub_set_answered (self);
          *location = found;
          location->made_usec = g_get_monotonic_time ();
          found = (WsHubLocation){ 0 };
          return TRUE;
        }
      if (!_ws_hub_wait_to_retry (self, &tries, failure, seconds, cancellable, error))
        return FALSE;
    }
}
