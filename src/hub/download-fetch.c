/* SPDX-License-Identifier: MIT */
/* A segment of a file over one connection: every answer is held against what was asked for before
 * a byte of it is written. */
#include "hub/download-private.h"
#include "hub/http-url.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How often the record of a part is written: what a killed program loses. */
#define RECORD_BYTES ((guint64) 4 << 20)
#define RECORD_USEC (G_USEC_PER_SEC / 2)
/* But no more often than that: renaming may wait for the disk. */
#define MIN_RECORD_USEC (G_USEC_PER_SEC / 40)
/* What is written at once: less than what may be taken over from a connection meanwhile. */
#define GATHER_BYTES WS_RELAY_BUFFER_BYTES
#define GATHER_USEC (G_USEC_PER_SEC / 20)
/* How far ahead of the hash bytes are kept for it in memory. */
#define RELAY_BYTES ((guint64) 16 << 20)
/* How much the disk is made to begin with at once. */
#define SYNC_BYTES ((guint64) 8 << 20)
/* Other ways of asking that are tried without counting as tries. */
#define MAX_DETOURS 5u

typedef struct
{
  WsContent *content;
  WsSegment *segment;
  GCancellable *stop;
  guint64 position, limit; /* of the bytes to be written; the limit was so when last looked at */
  char *gathered;          /* a buffer of the relay: bytes to be written at the position */
  gsize n_gathered;
  gint64 asked_usec, first_usec; /* when it was asked, and when the answer began */
  gint64 told_usec;              /* when something was written last */
  gint64 waited_usec;            /* so far, for the server */
  gint64 told_waited_usec;
  gint64 held_usec;   /* so far, for the hash */
  guint64 synced;     /* the disk was made to begin with what was written before */
  guint64 begin, end; /* that is asked for; the end of the segment may come nearer meanwhile */
  gboolean is_asking; /* goes to the Hub, which leads to where the bytes are */
  gboolean is_whole;  /* no range is asked for */
  gboolean no_ranges; /* the server answered a range with the whole file */
  gboolean is_other;  /* it has another ETag than we know */
  char *validator;    /* (nullable): sent; or what to send from now on */
} Fetch;

/* What the answer says of itself */

static gboolean
set_strange (const Fetch *self, const WsHttpReply *reply, WsHubError code, const char *reason,
             GError **error)
{
  g_autofree char *host = ws_http_url_dup_host (reply->url);

  g_set_error (error, WS_HUB_ERROR, code, _ ("'%s' answered strangely: %s"), host, reason);
  return FALSE;
}

/* What the Hub says of a file comes with one of its redirects. */
static const char *
get_fact (const WsHttpReply *reply, const char *name)
{
  const char *fact =
      reply->redirect_headers ? g_hash_table_lookup (reply->redirect_headers, name) : NULL;

  return fact ? fact : ws_http_reply_get (reply, name);
}

/* Whether the Hub answered, for the commit that was asked for. */
static gboolean
check_hub (const Fetch *self, const WsHttpReply *reply, GError **error)
{
  const char *commit = get_fact (reply, "x-repo-commit");

  if (commit == NULL)
    return set_strange (self, reply, WS_HUB_ERROR_NOT_A_HUB,
                        _ ("this is not the Hub; a network that wants you to log in, or a proxy, "
                           "may stand between"),
                        error);
  if (strcmp (commit, self->content->download->listing->commit) != 0)
    return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL, _ ("with another commit"), error);
  return TRUE;
}

/* Without quotes and the mark of a weak one. (transfer full): NULL if there is none. */
static char *
parse_etag (const char *text)
{
  char *etag;

  if (text == NULL)
    return NULL;
  if (g_str_has_prefix (text, "W/"))
    text += 2;
  etag = g_strdup (text + (text[0] == '"'));
  return g_strdelimit (etag, "\"", '\0');
}

/* A hash of the form that we know must be ours; other servers mark their files in other ways. */
static gboolean
check_etag (const Fetch *self, const WsHttpReply *reply, const char *text, GError **error)
{
  const char *hash = self->content->hash;
  g_autofree char *etag = parse_etag (text);

  if (etag == NULL || !ws_hub_is_etag (etag) || strlen (etag) != strlen (hash) ||
      strcmp (etag, hash) == 0)
    return TRUE;
  return set_strange (self, reply, WS_HUB_ERROR_CHANGED,
                      _ ("the file is another one than was listed"), error);
}

static gboolean
check_length (const Fetch *self, const WsHttpReply *reply, guint64 expected, GError **error)
{
  const char *text = ws_http_reply_get (reply, "content-length");
  guint64 n_bytes;

  if (text == NULL || (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, &n_bytes, NULL) &&
                       n_bytes >= expected))
    return TRUE;
  return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL, _ ("with too few bytes"), error);
}

/* "bytes 0-99/1000" */
static gboolean
check_range (const Fetch *self, const WsHttpReply *reply, GError **error)
{
  guint64 first, last, total;

  if (self->is_whole || !ws_http_reply_get_range (reply, &first, &last, &total) ||
      first != self->begin || last + 1 != self->end)
    return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL,
                        _ ("with other bytes than were asked for"), error);
  if (total != self->content->n_bytes)
    return set_strange (self, reply, WS_HUB_ERROR_CHANGED,
                        _ ("the file has another size than was listed"), error);
  return TRUE;
}

/* A 200 where a range was asked for: either ranges are not known there, or If-Range did not match.
 */
static gboolean
refuse_whole (Fetch *self, const WsHttpReply *reply, GError **error)
{
  const char *text = ws_http_reply_get (reply, "etag");
  g_autofree char *etag = parse_etag (text);
  const gboolean is_weak = text && g_str_has_prefix (text, "W/");

  if (self->validator && (is_weak || g_strcmp0 (etag, self->validator) != 0))
    {
      g_free (self->validator);
      self->validator = is_weak ? NULL : g_steal_pointer (&etag);
      self->is_other = TRUE;
    }
  else
    self->no_ranges = TRUE;
  return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL, _ ("with the whole file for a range"),
                      error);
}

static gboolean
check_head (Fetch *self, const WsHttpReply *reply, GError **error)
{
  const char *encoding = ws_http_reply_get (reply, "content-encoding");
  const char *type = ws_http_reply_get (reply, "content-type");

  if (self->is_asking && !check_hub (self, reply, error))
    return FALSE;
  if (encoding && g_ascii_strcasecmp (encoding, "identity") != 0)
    return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL, _ ("with compressed bytes"), error);
  if (!check_etag (self, reply, get_fact (reply, "x-linked-etag"), error) ||
      !check_etag (self, reply, ws_http_reply_get (reply, "etag"), error))
    return FALSE;
  if (reply->status == 206)
    return check_range (self, reply, error) &&
           check_length (self, reply, self->end - self->begin, error);
  if (type && strstr (type, "html") && !ws_http_reply_get (reply, "etag"))
    return set_strange (self, reply, WS_HUB_ERROR_NOT_A_HUB,
                        _ ("with a web page; a network that wants you to log in, or a proxy, may "
                           "stand between"),
                        error);
  if (self->begin > 0 || self->end < self->content->n_bytes)
    return refuse_whole (self, reply, error);
  return check_length (self, reply, self->end, error);
}

/* Bytes */

static void
learn_url (Fetch *self, const WsHttpReply *reply)
{
  WsContent *content = self->content;

  if (!self->is_asking)
    return;
  g_free (content->url);
  content->url = g_strdup (reply->url);
  content->url_usec = g_get_monotonic_time ();
  content->is_asking = self->is_asking = FALSE;
  g_cond_broadcast (&content->download->changed);
}

static gboolean
begin_body (Fetch *self, const WsHttpReply *reply, GError **error)
{
  WsDownload *download = self->content->download;

  if (!check_head (self, reply, error))
    return FALSE;
  self->first_usec = g_get_monotonic_time ();
  self->waited_usec = self->told_waited_usec = reply->waited_usec;
  g_mutex_lock (&download->mutex);
  _ws_content_begin_pace (self->content, self->first_usec - self->asked_usec);
  learn_url (self, reply);
  g_mutex_unlock (&download->mutex);
  return TRUE;
}

/* Writes the record if it is time. With the mutex, which is let go of meanwhile. */
static void
record (WsContent *self)
{
  const gint64 now_usec = g_get_monotonic_time ();
  const guint64 n_done = ws_segments_get_n_done (&self->segments);
  g_autoptr (GArray) done = NULL;
  g_auto (WsSums) sums = { 0 };
  gboolean has_sums;

  if (self->is_recording || _ws_content_is_small (self) ||
      now_usec - self->recorded_usec < MIN_RECORD_USEC ||
      (n_done - self->n_recorded < RECORD_BYTES && now_usec - self->recorded_usec < RECORD_USEC))
    return;
  self->is_recording = TRUE;
  self->n_recorded = n_done;
  self->recorded_usec = now_usec;
  done = g_array_copy (self->segments.done);
  ws_sums_init (&sums, self->n_bytes);
  ws_sums_copy (&sums, &self->sums);
  has_sums = self->has_sums;
  g_mutex_unlock (&self->download->mutex);
  ws_part_record (self->part, done, has_sums ? &sums : NULL);
  g_mutex_lock (&self->download->mutex);
  self->is_recording = FALSE;
}

/* Hands over what was just written if its turn comes soon; else the hash reads it back. With the
 * mutex. */
static void
pass (Fetch *self, guint64 offset, guint64 n_bytes)
{
  const WsContent *content = self->content;
  WsRelayPiece piece = { .buffer = self->gathered, .offset = offset, .n_bytes = n_bytes };

  if (_ws_content_is_small (content) || offset < content->n_hashed ||
      offset - content->n_hashed >= RELAY_BYTES)
    return;
  ws_relay_pass (content->download->relay, content, &piece);
  self->gathered = piece.buffer;
}

/* Of the bytes gathered first. */
static WsSumsShare
sum_up (const Fetch *self, guint64 offset, guint64 n_bytes)
{
  return _ws_content_is_small (self->content)
             ? (WsSumsShare){ 0 }
             : ws_sums_compute (&self->content->sums, offset, self->gathered, n_bytes);
}

/* Tells the others that @n_written more bytes were written, and learns how far to go. */
static void
tell (Fetch *self, gsize n_written)
{
  WsSumsShare share = sum_up (self, self->position - n_written, n_written);
  WsContent *content = self->content;
  WsDownload *download = content->download;
  WsSegment *segment = self->segment;
  guint64 n_bytes;

  g_mutex_lock (&download->mutex);
  n_bytes = MIN (self->position, segment->end) - segment->position;
  /* another connection has taken over the rest meanwhile */
  if (n_bytes < n_written)
    share = sum_up (self, segment->position, n_bytes);
  ws_sums_add (&content->sums, &share);
  ws_segments_advance (&content->segments, segment, n_bytes);
  self->told_usec = g_get_monotonic_time ();
  if (n_bytes > 0)
    {
      content->n_since_failure += n_bytes;
      content->last_byte_usec = download->moved_usec = self->told_usec;
      _ws_content_count_bytes (content, n_bytes);
      _ws_content_keep_pace (content, n_bytes, self->waited_usec - self->told_waited_usec);
      self->told_waited_usec = self->waited_usec;
      pass (self, segment->position - n_bytes, n_bytes);
      if (content->is_hash_waiting && _ws_content_is_worth_hashing (content))
        g_cond_broadcast (&content->grown);
      _ws_content_update_full (content);
      record (content);
    }
  self->held_usec += _ws_content_wait_for_hash (content, self->stop);
  self->position = segment->position;
  self->limit = _ws_content_is_over (content) ? segment->position : segment->end;
  g_mutex_unlock (&download->mutex);
}

/* Once there are @n_least bytes of it; not while another connection does the same, since one that
 * has to wait for the disk is enough: the bytes are taken along the next time, and those at the end
 * of a segment left to the system. */
static void
begin_sync (Fetch *self, guint64 n_least)
{
  WsDownload *download = self->content->download;

  if (_ws_content_is_small (self->content) || self->position - self->synced < n_least ||
      !g_atomic_int_compare_and_exchange (&download->is_syncing, 0, 1))
    return;
  self->synced = ws_part_begin_sync (self->content->part, self->synced,
                                     self->position - self->synced, self->stop);
  g_atomic_int_set (&download->is_syncing, 0);
}

/* Writes what was gathered. */
static gboolean
flush (Fetch *self, GError **error)
{
  const gsize n_bytes = MIN (self->n_gathered, self->limit - self->position);
  gboolean ok;

  self->n_gathered = 0;
  g_atomic_int_inc (&self->content->n_writing);
  ok = ws_part_write (self->content->part, self->position, self->gathered, n_bytes, error);
  if (ok)
    {
      self->position += n_bytes;
      tell (self, n_bytes);
      begin_sync (self, SYNC_BYTES);
    }
  g_atomic_int_dec_and_test (&self->content->n_writing);
  return ok;
}

/* Whether what was gathered is to be written before more comes. The clock is only looked at where
 * there was nothing to read for a while. */
static gboolean
is_due (Fetch *self, const WsHttpReply *reply)
{
  const gboolean has_waited = reply->waited_usec > self->waited_usec;

  self->waited_usec = reply->waited_usec;
  return self->n_gathered == GATHER_BYTES || self->n_gathered >= self->limit - self->position ||
         (has_waited && g_get_monotonic_time () - self->told_usec >= GATHER_USEC);
}

/* libcurl hands over 16 KiB at a time; a file takes them faster in larger pieces, of which each
 * write locks out those of the other connections. */
static gboolean
take_body (const WsHttpReply *reply, const void *bytes, gsize n_bytes, gpointer user_data,
           GError **error)
{
  Fetch *self = user_data;

  if (bytes == NULL)
    return begin_body (self, reply, error);
  while (n_bytes > 0)
    {
      const gsize n = MIN (n_bytes, GATHER_BYTES - self->n_gathered);

      /* another connection has taken over the rest, or the server sends more than it should */
      if (self->position == self->limit)
        return set_strange (self, reply, WS_HUB_ERROR_PROTOCOL, _ ("with too many bytes"), error);
      memcpy (self->gathered + self->n_gathered, bytes, n);
      self->n_gathered += n;
      bytes = (const char *) bytes + n;
      n_bytes -= n;
      if (is_due (self, reply) && !flush (self, error))
        return FALSE;
    }
  return TRUE;
}

/* One try */

/* (transfer full) */
static char *
make_hub_url (const WsContent *self)
{
  const WsDownload *download = self->download;
  g_autofree char *path = g_uri_escape_string (self->path, "/", FALSE);

  return g_strdup_printf ("%s/%s/resolve/%s/%s", ws_hub_get_settings (download->hub)->endpoint,
                          download->listing->id, download->listing->commit, path);
}

/* The content network refuses in its own words: mostly since the address has expired. */
static void
set_refused (const WsHttpReply *reply, GError **error)
{
  g_autofree char *host = ws_http_url_dup_host (reply->url);
  gsize n_bytes = 0;
  const char *body = reply->body ? g_bytes_get_data (reply->body, &n_bytes) : NULL;
  g_autofree char *text = g_strndup (body ? body : "", n_bytes);
  g_autofree char *words = ws_format_name (text);

  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("'%s' refuses the address that the Hub gave (%u): %s"), host, reply->status,
               words);
}

/* Why an answer that is no failure of the line brought too little. */
static void
set_unhelpful (const Fetch *self, const WsHttpReply *reply, GError **error)
{
  const WsDownload *download = self->content->download;
  const char *endpoint = ws_hub_get_settings (download->hub)->endpoint;
  const gboolean is_refused = reply->status == 400 || reply->status == 403;

  if (reply->status == 200 || reply->status == 206)
    {
      g_autofree char *host = ws_http_url_dup_host (reply->url);

      g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NETWORK, _ ("'%s' ended too early"), host);
    }
  else if (is_refused && !ws_http_url_is_hub (reply->url, endpoint))
    set_refused (reply, error);
  else
    ws_http_check (reply, download->id, error);
}

/* Whether a try led to another way of asking, to be gone at once, rather than failed. With the
 * mutex, as the next two. */
static gboolean
make_detour (Fetch *self)
{
  WsContent *content = self->content;
  /* for a whim of the server, what is there is not given up */
  const gboolean can_begin_anew =
      content->n_tries > 1 || ws_segments_get_n_done (&content->segments) == 0;

  if (content->n_detours >= MAX_DETOURS || !(self->is_other || (self->no_ranges && can_begin_anew)))
    return FALSE;
  content->n_detours++;
  content->is_whole = self->no_ranges;
  return TRUE;
}

/* What follows from a try. */
static void
conclude (Fetch *self, gboolean is_complete, WsTry *failed)
{
  WsContent *content = self->content;
  WsDownload *download = content->download;

  g_free (content->validator);
  content->validator = g_steal_pointer (&self->validator);
  content->is_whole = FALSE;
  if (self->is_asking)
    content->is_asking = FALSE;
  if (is_complete)
    {
      content->n_tries = 0;
      _ws_download_keep_pace (download, self->position - self->begin,
                              g_get_monotonic_time () - self->first_usec, self->held_usec,
                              self->first_usec - self->asked_usec);
      download->n_allowed =
          MIN (download->n_allowed + 1, ws_hub_get_settings (download->hub)->n_connections);
      return;
    }
  /* the next one asks the Hub again */
  g_clear_pointer (&content->url, g_free);
  if (!make_detour (self) && failed->failure)
    _ws_content_retry (content, failed);
}

/* With the mutex. Returns: (transfer full): where to ask. */
static char *
begin_try (Fetch *self)
{
  WsContent *content = self->content;

  self->begin = self->position = self->synced = self->segment->position;
  self->end = self->limit = self->segment->end;
  self->segment->begin_usec = self->asked_usec = g_get_monotonic_time ();
  self->is_whole = content->is_whole;
  self->validator = g_strdup (content->validator);
  self->is_asking = content->url == NULL;
  return content->url ? g_strdup (content->url) : make_hub_url (content);
}

/* Asks, and writes what comes. @failed: (inout): the outcome; without effect if all came. */
static void
ask (Fetch *self, const char *url, GCancellable *stop, WsTry *failed)
{
  WsHttpRequest request = { .url = url, .follow = TRUE };
  g_auto (WsHttpReply) reply = { 0 };
  GError *unwritten = NULL;

  if (!self->is_whole)
    {
      request.range_begin = self->begin;
      request.range_n_bytes = self->end - self->begin;
      request.if_range = self->validator;
    }
  if (ws_http_perform (ws_hub_get_http (self->content->download->hub), &request, &reply, take_body,
                       self, stop, &failed->failure))
    {
      failed->seconds = ws_http_reply_get_retry_seconds (&reply);
      set_unhelpful (self, &reply, &failed->failure);
    }
  /* what came before a failure is kept */
  if (!flush (self, &unwritten))
    {
      g_clear_error (&failed->failure);
      failed->failure = unwritten;
    }
  begin_sync (self, 1);
}

void
_ws_content_fetch (WsContent *self, WsSegment *segment, GCancellable *stop)
{
  WsDownload *download = self->download;
  const gint64 now_usec = g_get_monotonic_time ();
  Fetch fetch = { .content = self, .segment = segment, .stop = stop, .told_usec = now_usec };
  WsTry failed = { .seconds = -1, .began_usec = now_usec };
  g_autofree char *url = NULL;

  g_mutex_lock (&download->mutex);
  fetch.gathered = ws_relay_take_buffer (download->relay);
  url = begin_try (&fetch);
  g_mutex_unlock (&download->mutex);
  ask (&fetch, url, stop, &failed);
  g_mutex_lock (&download->mutex);
  ws_relay_give_buffer (download->relay, fetch.gathered);
  ws_segments_give_back (&self->segments, segment);
  self->n_workers--;
  conclude (&fetch, fetch.position == fetch.limit, &failed);
  g_cond_broadcast (&self->grown);
  g_cond_broadcast (&download->changed);
  g_mutex_unlock (&download->mutex);
  g_clear_error (&failed.failure);
}
