/* SPDX-License-Identifier: MIT */
/* Ranges of a file on the Hub. */
#include "hub/remote-file.h"

#include "hub/http-url.h"
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Signatures last an hour. */
#define LOCATION_USEC (G_GINT64_CONSTANT (50) * 60 * G_USEC_PER_SEC)
/* Of what asking for the address again may mend, without a byte between. */
#define MAX_MOVES 3
/* A server that sends the whole file is listened to up to here: what is asked for more often than
 * anything else is its beginning. */
#define MAX_SKIP (1u << 20)

struct _WsRemoteFile
{
  WsHub *hub;
  char *id, *commit, *path;
  char *subject; /* for messages */
  char *hash;
  guint64 n_bytes;
  GMutex mutex;           /* guards what follows; held while the address is asked for */
  WsHubLocation location; /* url is NULL: to be asked for */
  guint n_locations;      /* so far: which one a failure is about */
};

/* A range on its way. */
typedef struct
{
  WsRemoteFile *file;
  guint64 begin, n_bytes; /* of what is still missing */
  guint64 n_skip;         /* of a whole file: that come before */
  gboolean without_if_range;
  WsRemoteBytesFunc func;
  gpointer user_data;
} Range;

WsRemoteFile *
ws_remote_file_new (WsHub *hub, const char *id, const char *commit, const WsHubFile *file)
{
  WsRemoteFile *self = g_new0 (WsRemoteFile, 1);

  self->hub = ws_hub_ref (hub);
  self->id = g_strdup (id);
  self->commit = g_strdup (commit);
  self->path = g_strdup (file->path);
  self->subject = g_strconcat (id, "/", file->path, NULL);
  self->hash = g_strdup (file->sha256 ? file->sha256 : file->git_oid);
  self->n_bytes = file->n_bytes;
  g_mutex_init (&self->mutex);
  return self;
}

void
ws_remote_file_free (WsRemoteFile *self)
{
  if (self == NULL)
    return;
  ws_hub_location_clear (&self->location);
  g_mutex_clear (&self->mutex);
  g_free (self->id);
  g_free (self->commit);
  g_free (self->path);
  g_free (self->subject);
  g_free (self->hash);
  ws_hub_unref (self->hub);
  g_free (self);
}

const char *
ws_remote_file_get_hash (const WsRemoteFile *self)
{
  return self->hash;
}

/* Where it is */

static gboolean
refuse_changed (const WsRemoteFile *self, GError **error)
{
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_CHANGED,
               _ ("'%s' is not the file any more that was listed: open the model again"),
               self->subject);
  return FALSE;
}

/* With the mutex held. */
static gboolean
locate (WsRemoteFile *self, GCancellable *cancellable, GError **error)
{
  g_auto (WsHubLocation) found = { 0 };

  if (!ws_hub_resolve (self->hub, self->id, self->commit, self->path, &found, cancellable, error))
    return FALSE;
  if ((found.etag && strcmp (found.etag, self->hash) != 0) ||
      (found.n_bytes != G_MAXUINT64 && found.n_bytes != self->n_bytes))
    return refuse_changed (self, error);
  ws_hub_location_clear (&self->location);
  self->location = found;
  self->n_locations++;
  found = (WsHubLocation){ 0 };
  return TRUE;
}

/* (transfer full). @which: (out): for forget_url */
static char *
dup_url (WsRemoteFile *self, guint *which, GCancellable *cancellable, GError **error)
{
  char *url = NULL;

  g_mutex_lock (&self->mutex);
  if ((self->location.url && g_get_monotonic_time () - self->location.made_usec < LOCATION_USEC) ||
      locate (self, cancellable, error))
    url = g_strdup (self->location.url);
  *which = self->n_locations;
  g_mutex_unlock (&self->mutex);
  return url;
}

static void
forget_url (WsRemoteFile *self, guint which)
{
  g_mutex_lock (&self->mutex);
  if (which == self->n_locations)
    ws_hub_location_clear (&self->location);
  g_mutex_unlock (&self->mutex);
}

/* What comes */

static gboolean
refuse (const WsHttpReply *reply, const char *reason, GError **error)
{
  g_autofree char *host = ws_http_url_dup_host (reply->url);

  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("'%s' does not answer a request for a part of a file as it should: %s; the model "
                  "may be downloaded instead"),
               host, reason);
  return FALSE;
}

/* Whether @reply bears a hash that is not that of the file. What is no hash says nothing: other
 * stores of bytes have ETags of their own. */
static gboolean
has_other_hash (const Range *self, const WsHttpReply *reply)
{
  const char *text = ws_http_reply_get (reply, "etag");
  g_autofree char *etag = NULL;

  if (text == NULL)
    return FALSE;
  text += g_str_has_prefix (text, "W/") ? 2 : 0;
  etag = g_strdup (text + (text[0] == '"'));
  g_strdelimit (etag, "\"", '\0');
  return ws_hub_is_etag (etag) && strcmp (etag, self->file->hash) != 0;
}

static gboolean
check_part (const Range *self, const WsHttpReply *reply, GError **error)
{
  const char *range = ws_http_reply_get (reply, "content-range");
  const char *length = ws_http_reply_get (reply, "content-length");
  g_autofree char *expected = g_strdup_printf ("bytes %" PRIu64 "-%" PRIu64 "/", self->begin,
                                               self->begin + self->n_bytes - 1);
  g_autofree char *total = g_strdup_printf ("%" PRIu64, self->file->n_bytes);
  g_autofree char *n_bytes = g_strdup_printf ("%" PRIu64, self->n_bytes);

  if (range == NULL || !g_str_has_prefix (range, expected))
    return refuse (reply, _ ("other bytes than were asked for"), error);
  if (strcmp (range + strlen (expected), total) != 0 &&
      strcmp (range + strlen (expected), "*") != 0)
    return refuse_changed (self->file, error);
  if (length != NULL && strcmp (length, n_bytes) != 0)
    return refuse (reply, _ ("another length than it announces"), error);
  return TRUE;
}

/* The whole file in place of a part. */
static gboolean
check_whole (Range *self, const WsHttpReply *reply, GError **error)
{
  const char *length = ws_http_reply_get (reply, "content-length");
  g_autofree char *total = g_strdup_printf ("%" PRIu64, self->file->n_bytes);

  if (!_ws_hub_check_type (reply, error))
    return FALSE;
  if (length != NULL && strcmp (length, total) != 0)
    return refuse_changed (self->file, error);
  if (self->begin > MAX_SKIP)
    return refuse (reply, _ ("the whole file"), error);
  self->n_skip = self->begin;
  return TRUE;
}

static gboolean
check_headers (Range *self, const WsHttpReply *reply, GError **error)
{
  const char *encoding = ws_http_reply_get (reply, "content-encoding");

  self->n_skip = 0;
  if (encoding != NULL && strcmp (encoding, "identity") != 0)
    return refuse (reply, _ ("compressed bytes"), error);
  if (has_other_hash (self, reply))
    return refuse_changed (self->file, error);
  return reply->status == 206 ? check_part (self, reply, error) : check_whole (self, reply, error);
}

static gboolean
take_body (const WsHttpReply *reply, const void *bytes, gsize n_bytes, gpointer user_data,
           GError **error)
{
  Range *self = user_data;
  const gsize n_skipped = MIN (n_bytes, self->n_skip);
  const gsize n_taken = MIN (n_bytes - n_skipped, self->n_bytes);

  if (bytes == NULL)
    return check_headers (self, reply, error);
  self->n_skip -= n_skipped;
  if (n_taken > 0 &&
      !self->func ((const guint8 *) bytes + n_skipped, n_taken, self->user_data, error))
    return FALSE;
  self->begin += n_taken;
  self->n_bytes -= n_taken;
  if (n_skipped + n_taken == n_bytes && (self->n_bytes > 0 || reply->status == 206))
    return TRUE;
  /* all is there, and the rest of a whole file is not waited for */
  return refuse (reply, _ ("more bytes than were asked for"), error);
}

/* A status that is no success. */
static gboolean
check_status (const Range *self, const WsHttpReply *reply, GError **error)
{
  const WsHubSettings *settings = ws_hub_get_settings (self->file->hub);
  g_autofree char *host = NULL;
  g_autoptr (GError) failure = NULL;

  if (ws_http_check (reply, self->file->subject, &failure))
    return TRUE;
  if (ws_http_url_is_hub (reply->url, settings->endpoint) ||
      g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_SERVER) ||
      g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT) ||
      g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_PROXY))
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  /* where the bytes are nobody knows of models: it is the address that is refused */
  host = ws_http_url_dup_host (reply->url);
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("'%s' did not accept the address that the Hub gave for '%s' (%u)"), host,
               self->file->subject, reply->status);
  return FALSE;
}

/* @seconds: (out): how long the server wants us to wait; < 0: it says nothing
 * @which: (out): the address that was asked */
static gboolean
try_once (Range *self, guint *which, double *seconds, gboolean *is_located,
          GCancellable *cancellable, GError **error)
{
  g_autofree char *url = dup_url (self->file, which, cancellable, error);
  const WsHttpRequest request = { .url = url,
                                  .follow = TRUE,
                                  .range_begin = self->begin,
                                  .range_n_bytes = self->n_bytes,
                                  .if_range = self->without_if_range ? NULL : self->file->hash };
  g_auto (WsHttpReply) reply = { 0 };

  *seconds = -1;
  *is_located = url != NULL;
  if (url == NULL || !ws_http_perform (ws_hub_get_http (self->file->hub), &request, &reply,
                                       take_body, self, cancellable, error))
    return FALSE;
  *seconds = ws_http_reply_get_retry_seconds (&reply);
  if (!check_status (self, &reply, error))
    return FALSE;
  return self->n_bytes == 0 || refuse (&reply, _ ("fewer bytes than were asked for"), error);
}

/* Whether the address may be to blame, so that a new one is worth a try at once. */
static gboolean
is_of_address (const GError *error)
{
  return g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_CHANGED) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NOT_A_HUB);
}

gboolean
ws_remote_file_fetch (WsRemoteFile *self, guint64 begin, guint64 n_bytes, WsRemoteBytesFunc func,
                      gpointer user_data, GCancellable *cancellable, GError **error)
{
  Range range = { self, begin, n_bytes, .func = func, .user_data = user_data };
  WsHubTries tries = { 0 };
  guint n_moves = 0;

  for (;;)
    {
      const guint64 n_before = range.n_bytes;
      g_autoptr (GError) failure = NULL;
      gboolean is_located;
      double seconds;
      guint which;

      if (try_once (&range, &which, &seconds, &is_located, cancellable, &failure) ||
          range.n_bytes == 0)
        return TRUE;
      if (range.n_bytes < n_before)
        {
          tries = (WsHubTries){ 0 };
          n_moves = 0;
        }
      if (is_located && is_of_address (failure) && n_moves++ < MAX_MOVES)
        /* a server whose ETags are not those of the Hub sends the whole file for an If-Range */
        range.without_if_range = TRUE;
      else if (!is_located)
        {
          /* asking for it has tries of its own */
          g_propagate_error (error, g_steal_pointer (&failure));
          return FALSE;
        }
      else if (!_ws_hub_wait_to_retry (self->hub, &tries, failure, seconds, cancellable, error))
        return FALSE;
      forget_url (self, which);
    }
}
