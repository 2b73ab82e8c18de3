/* SPDX-License-Identifier: MIT */
/* Blocking HTTP over libcurl. A thread that asks takes a connection, or what was one, from those
 * that are idle, and puts it back; libcurl keeps it open for the next request to that host. */
#include "hub/http.h"

#include "config.h"
#include "hub/http-url.h"
#include "hub/hub-error.h"

#include <curl/curl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <string.h>

#define MAX_REDIRECTS 10
#define MAX_HEADER_BYTES (256u << 10)
#define MAX_BODY_BYTES ((guint64) 64 << 20)
/* Of the body of an answer that is no success: its message. */
#define MAX_MESSAGE_BYTES (64u << 10)
/* The most that libcurl hands over at once. */
#define BUFFER_BYTES (512l << 10)
#define MIN_BUFFER_BYTES (16l << 10)
#define CONNECT_SECONDS 15l
/* What is slower stands still. */
#define STALL_BYTES_PER_SECOND 16l
/* How often a waiting thread looks whether it was cancelled. */
#define POLL_MSEC 50

/* An idle or busy libcurl: a connection or two, and what belongs to them. */
typedef struct
{
  CURL *easy;
  CURLM *multi;
} Line;

struct _WsHttp
{
  WsHubSettings settings;
  GMutex mutex;                          /* guards all below */
  GCond slower;                          /* never signalled: for waiting */
  GPtrArray *idle;                       /* (element-type Line) (owned) */
  atomic_uint_fast64_t n_bytes_received; /* but for this */
  gint64 budget_usec; /* when the bytes received so far are within the limit of speed */
};

/* One request on its way. */
typedef struct
{
  WsHttp *http;
  Line *line;
  const WsHttpRequest *request;
  WsHttpReply *reply;
  WsHttpBodyFunc body_func;
  gpointer user_data;
  GCancellable *cancellable;
  gsize n_header_bytes;
  gboolean began;   /* body_func was told the headers */
  GByteArray *body; /* that is collected */
  GError *error;    /* of a callback; what libcurl says then does not matter */
} Exchange;

static void
line_free (gpointer data)
{
  Line *line = data;

  curl_multi_remove_handle (line->multi, line->easy);
  curl_easy_cleanup (line->easy);
  curl_multi_cleanup (line->multi);
  g_free (line);
}

WsHttp *
ws_http_new (const WsHubSettings *settings)
{
  static gsize initialised = 0;
  WsHttp *self = g_new0 (WsHttp, 1);

  if (g_once_init_enter (&initialised))
    {
      curl_global_init (CURL_GLOBAL_DEFAULT);
      g_once_init_leave (&initialised, 1);
    }
  ws_hub_settings_copy (&self->settings, settings);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->slower);
  self->idle = g_ptr_array_new_with_free_func (line_free);
  return self;
}

void
ws_http_free (WsHttp *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->idle);
  g_cond_clear (&self->slower);
  g_mutex_clear (&self->mutex);
  ws_hub_settings_clear (&self->settings);
  g_free (self);
}

guint64
ws_http_get_n_bytes_received (WsHttp *self)
{
  return atomic_load (&self->n_bytes_received);
}

static Line *
take_line (WsHttp *self)
{
  Line *line = NULL;

  g_mutex_lock (&self->mutex);
  if (self->idle->len > 0)
    line = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->mutex);
  if (line != NULL)
    return line;
  line = g_new0 (Line, 1);
  line->easy = curl_easy_init ();
  line->multi = curl_multi_init ();
  return line;
}

static void
give_line (WsHttp *self, Line *line)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->idle, line);
  g_mutex_unlock (&self->mutex);
}

/* What libcurl calls */

static gboolean
is_wanted (const Exchange *self)
{
  return self->reply->status == 200 || self->reply->status == 206;
}

static size_t
take_header (char *text, size_t size, size_t n, void *user_data)
{
  Exchange *self = user_data;
  const gsize n_bytes = size * n;
  const char *colon = memchr (text, ':', n_bytes);

  self->n_header_bytes += n_bytes;
  if (self->n_header_bytes > MAX_HEADER_BYTES)
    {
      g_autofree char *host = ws_http_url_dup_host (self->reply->url);

      g_set_error (&self->error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                   _ ("'%s' answered with more than %u bytes of headers"), host, MAX_HEADER_BYTES);
      return 0;
    }
  /* an answer of a proxy, or a 100, stands before the one that counts */
  if (n_bytes >= 5 && memcmp (text, "HTTP/", 5) == 0)
    g_hash_table_remove_all (self->reply->headers);
  else if (colon != NULL)
    {
      char *name = g_ascii_strdown (text, colon - text);
      char *value = g_strndup (colon + 1, text + n_bytes - colon - 1);

      g_hash_table_replace (self->reply->headers, name, g_strstrip (value));
    }
  return n_bytes;
}

/* Waits until @n_bytes more are within the limit of speed. */
static void
keep_limit (WsHttp *self, gsize n_bytes, GCancellable *cancellable)
{
  gint64 now_usec, until_usec;

  atomic_fetch_add (&self->n_bytes_received, n_bytes);
  if (self->settings.max_bytes_per_second == 0)
    return;
  now_usec = g_get_monotonic_time ();
  g_mutex_lock (&self->mutex);
  self->budget_usec = MAX (self->budget_usec, now_usec) +
                      (gint64) (n_bytes * 1e6 / self->settings.max_bytes_per_second);
  until_usec = self->budget_usec;
  while (!g_cancellable_is_cancelled (cancellable) && now_usec < until_usec)
    {
      g_cond_wait_until (&self->slower, &self->mutex,
                         MIN (until_usec, now_usec + POLL_MSEC * 1000));
      now_usec = g_get_monotonic_time ();
    }
  g_mutex_unlock (&self->mutex);
}

static gboolean
collect (Exchange *self, const char *bytes, gsize n_bytes)
{
  const guint64 asked = self->request->max_bytes;
  const guint64 max_bytes = asked > 0 ? asked : MAX_BODY_BYTES;

  if (!is_wanted (self))
    n_bytes = MIN (n_bytes, MAX_MESSAGE_BYTES - MIN (self->body->len, MAX_MESSAGE_BYTES));
  else if (n_bytes > max_bytes - self->body->len)
    {
      g_autofree char *host = ws_http_url_dup_host (self->reply->url);

      g_set_error (&self->error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                   _ ("'%s' answered with more than %" PRIu64 " bytes"), host, max_bytes);
      return FALSE;
    }
  g_byte_array_append (self->body, (const guint8 *) bytes, n_bytes);
  return TRUE;
}

static gboolean
hand_over (Exchange *self, const void *bytes, gsize n_bytes)
{
  if (!self->began && !self->body_func (self->reply, NULL, 0, self->user_data, &self->error))
    return FALSE;
  self->began = TRUE;
  return n_bytes == 0 ||
         self->body_func (self->reply, bytes, n_bytes, self->user_data, &self->error);
}

static void
read_status (Exchange *self)
{
  long status = 0;

  curl_easy_getinfo (self->line->easy, CURLINFO_RESPONSE_CODE, &status);
  self->reply->status = status;
}

static size_t
take_body (char *bytes, size_t size, size_t n, void *user_data)
{
  Exchange *self = user_data;
  const gsize n_bytes = size * n;
  gboolean ok;

  read_status (self);
  keep_limit (self->http, n_bytes, self->cancellable);
  ok = self->body_func && is_wanted (self) ? hand_over (self, bytes, n_bytes)
                                           : collect (self, bytes, n_bytes);
  return ok ? n_bytes : 0;
}

/* One request */

static struct curl_slist *
make_headers (Exchange *self)
{
  const WsHubSettings *settings = &self->http->settings;
  const WsHttpRequest *request = self->request;
  struct curl_slist *list = NULL;
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  if (request->accept)
    g_ptr_array_add (lines, g_strconcat ("Accept: ", request->accept, NULL));
  if (request->if_range)
    g_ptr_array_add (lines, g_strdup_printf ("If-Range: \"%s\"", request->if_range));
  if (settings->token && ws_http_url_is_hub (self->reply->url, settings->endpoint))
    g_ptr_array_add (lines, g_strconcat ("Authorization: Bearer ", settings->token, NULL));
  for (guint i = 0; i < lines->len; i++)
    list = curl_slist_append (list, g_ptr_array_index (lines, i));
  return list;
}

static void
set_range (CURL *easy, const WsHttpRequest *request)
{
  g_autofree char *range = NULL;

  if (request->range_n_bytes == 0)
    return;
  range = g_strdup_printf ("%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT, request->range_begin,
                           request->range_begin + request->range_n_bytes - 1);
  curl_easy_setopt (easy, CURLOPT_RANGE, range);
}

/* A quarter of a second where the speed is limited. */
static long
get_buffer_bytes (const WsHubSettings *settings)
{
  const guint64 speed = settings->max_bytes_per_second;

  return speed > 0 ? CLAMP ((long) MIN (speed, G_MAXINT) / 4, MIN_BUFFER_BYTES, BUFFER_BYTES)
                   : BUFFER_BYTES;
}

static void
set_options (Exchange *self, struct curl_slist *headers)
{
  const WsHubSettings *settings = &self->http->settings;
  CURL *easy = self->line->easy;

  curl_easy_reset (easy);
  curl_easy_setopt (easy, CURLOPT_URL, self->reply->url);
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt (easy, CURLOPT_NOBODY, (long) self->request->is_head);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt (easy, CURLOPT_USERAGENT, "weightscope/" WS_VERSION);
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (easy, CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1l);
  /* whoever cancels does not wait for a name server that is silent */
  curl_easy_setopt (easy, CURLOPT_QUICK_EXIT, 1l);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1l);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES_PER_SECOND);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long) settings->stall_seconds);
  curl_easy_setopt (easy, CURLOPT_TIMEOUT, (long) self->request->max_seconds);
  curl_easy_setopt (easy, CURLOPT_BUFFERSIZE, get_buffer_bytes (settings));
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, take_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, self);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, take_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, self);
  if (settings->certificate_file)
    curl_easy_setopt (easy, CURLOPT_CAINFO, settings->certificate_file);
  set_range (easy, self->request);
}

static gboolean
is_of (CURLcode code, const CURLcode *codes, guint n)
{
  for (guint i = 0; i < n; i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

static void
set_curl_error (Exchange *self, CURLcode code, GError **error)
{
  static const CURLcode of_tls[] = { CURLE_SSL_CONNECT_ERROR,    CURLE_PEER_FAILED_VERIFICATION,
                                     CURLE_SSL_CERTPROBLEM,      CURLE_SSL_CIPHER,
                                     CURLE_SSL_CACERT_BADFILE,   CURLE_SSL_ISSUER_ERROR,
                                     CURLE_SSL_INVALIDCERTSTATUS };
  g_autofree char *host = ws_http_url_dup_host (self->reply->url);
  const char *reason = curl_easy_strerror (code);
  long connect_status = 0;

  curl_easy_getinfo (self->line->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  if (connect_status >= 400 || code == CURLE_COULDNT_RESOLVE_PROXY || code == CURLE_PROXY)
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROXY,
                 _ ("the proxy does not let us reach '%s' (%s, %ld): check HTTPS_PROXY and its "
                    "password"),
                 host, reason, connect_status);
  else if (is_of (code, of_tls, G_N_ELEMENTS (of_tls)))
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_TLS,
                 _ ("the certificate of '%s' cannot be trusted (%s): a proxy may stand between; "
                    "SSL_CERT_FILE names further authorities"),
                 host, reason);
  else if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL)
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                 _ ("'%s' is no address that can be asked: check HF_ENDPOINT"), self->reply->url);
  else
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NETWORK, _ ("cannot reach '%s': %s"), host,
                 reason);
}

static void
wait_for_more (Exchange *self)
{
  const gint64 start_usec = g_get_monotonic_time ();

  curl_multi_poll (self->line->multi, NULL, 0, POLL_MSEC, NULL);
  self->reply->waited_usec += g_get_monotonic_time () - start_usec;
}

/* Runs until done, broken off or cancelled. */
static CURLcode
run (Exchange *self)
{
  CURLM *multi = self->line->multi;
  int n_running = 1, n_left;

  while (n_running > 0 && !g_cancellable_is_cancelled (self->cancellable))
    {
      if (curl_multi_perform (multi, &n_running) != CURLM_OK)
        return CURLE_FAILED_INIT;
      if (n_running > 0)
        wait_for_more (self);
    }
  for (CURLMsg *message; (message = curl_multi_info_read (multi, &n_left)) != NULL;)
    if (message->msg == CURLMSG_DONE)
      return message->data.result;
  return CURLE_ABORTED_BY_CALLBACK;
}

/* The answer to one request, redirect or not. */
static gboolean
exchange_once (Exchange *self, GError **error)
{
  struct curl_slist *headers = make_headers (self);
  CURLcode code;

  self->n_header_bytes = 0;
  self->reply->headers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_byte_array_set_size (self->body, 0);
  set_options (self, headers);
  curl_multi_add_handle (self->line->multi, self->line->easy);
  code = run (self);
  read_status (self);
  if (code == CURLE_OK && self->body_func && is_wanted (self) && !self->began &&
      !hand_over (self, NULL, 0))
    code = CURLE_WRITE_ERROR;
  if (self->error)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (!g_cancellable_set_error_if_cancelled (self->cancellable, error) && code != CURLE_OK)
    set_curl_error (self, code, error);
  curl_multi_remove_handle (self->line->multi, self->line->easy);
  curl_slist_free_all (headers);
  return code == CURLE_OK && !g_cancellable_is_cancelled (self->cancellable);
}

static gboolean
is_redirect (const WsHttpReply *reply)
{
  return (reply->status >= 301 && reply->status <= 303) || reply->status == 307 ||
         reply->status == 308;
}

/* Which redirect tells of the file differs: that a model was renamed comes before, and alone. */
static void
keep_headers (WsHttpReply *reply, const char *endpoint)
{
  g_autoptr (GHashTable) headers = g_steal_pointer (&reply->headers);
  GHashTableIter iter;
  gpointer name, value;

  if (!ws_http_url_is_hub (reply->url, endpoint))
    return;
  if (reply->redirect_headers == NULL)
    {
      reply->redirect_headers = g_steal_pointer (&headers);
      return;
    }
  g_hash_table_iter_init (&iter, headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (!g_hash_table_contains (reply->redirect_headers, name))
      {
        g_hash_table_iter_steal (&iter);
        g_hash_table_insert (reply->redirect_headers, name, value);
      }
}

/* Turns @reply, a redirect, into a request for what it leads to. */
static gboolean
follow (WsHttpReply *reply, const char *endpoint, GHashTable *visited, GError **error)
{
  const char *location = ws_http_reply_get (reply, "location");
  g_autofree char *url = NULL;

  if (location == NULL || g_hash_table_size (visited) > MAX_REDIRECTS ||
      !g_hash_table_add (visited, g_strdup (reply->url)))
    {
      g_autofree char *host = ws_http_url_dup_host (reply->url);

      g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                   _ ("the redirects of '%s' lead nowhere"), host);
      return FALSE;
    }
  url = ws_http_url_follow (reply->url, location, error);
  if (url == NULL)
    return FALSE;
  keep_headers (reply, endpoint);
  g_free (reply->url);
  reply->url = g_steal_pointer (&url);
  return TRUE;
}

static gboolean
exchange (Exchange *self, GError **error)
{
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (exchange_once (self, error))
    {
      if (!self->request->follow || !is_redirect (self->reply))
        return TRUE;
      if (!follow (self->reply, self->http->settings.endpoint, visited, error))
        return FALSE;
    }
  return FALSE;
}

gboolean
ws_http_perform (WsHttp *self, const WsHttpRequest *request, WsHttpReply *reply,
                 WsHttpBodyFunc body_func, gpointer user_data, GCancellable *cancellable,
                 GError **error)
{
  Exchange it = { .http = self,
                  .request = request,
                  .reply = reply,
                  .body_func = body_func,
                  .user_data = user_data,
                  .cancellable = cancellable };
  gboolean ok;

  *reply = (WsHttpReply){ .url = g_strdup (request->url) };
  if (self->settings.is_offline)
    {
      g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE,
                           _ ("no connection is opened in offline mode: unset HF_HUB_OFFLINE, or "
                              "leave out --no-network"));
      ws_http_reply_clear (reply);
      return FALSE;
    }
  it.line = take_line (self);
  it.body = g_byte_array_new ();
  ok = exchange (&it, error);
  give_line (self, it.line);
  reply->body = g_byte_array_free_to_bytes (it.body);
  if (!ok)
    ws_http_reply_clear (reply);
  return ok;
}
