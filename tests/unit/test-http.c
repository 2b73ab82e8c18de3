/* SPDX-License-Identifier: MIT */
/* HTTP against the Hub of the tests: bounded, cancellable, and the token stays at home. */
#include "hub-fixture.h"

#include "hub/http-url.h"
#include "hub/http.h"
#include "hub/hub-error.h"

#include <string.h>

#define FILE_PATH "/org/single/resolve/main/model.safetensors"
#define SMALL_PATH "/org/single/resolve/main/config.json"

typedef struct
{
  WsHttp *http;
  WsHttpReply reply;
  GError *error;
  gboolean ok;
} Asked;

static void
asked_clear (Asked *self)
{
  g_clear_pointer (&self->http, ws_http_free);
  ws_http_reply_clear (&self->reply);
  g_clear_error (&self->error);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

/* @path: of the Hub, or a whole URL. @token: (nullable). The rest of @request is taken as it is. */
static void
ask (Asked *self, HubFixture *fixture, const char *path, const char *token, WsHttpRequest request)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *url =
      strstr (path, "://") ? g_strdup (path) : g_strconcat (fixture->hub, path, NULL);

  hub_fixture_init_settings (fixture, &settings);
  settings.token = g_strdup (token);
  self->http = ws_http_new (&settings);
  request.url = url;
  self->ok = ws_http_perform (self->http, &request, &self->reply, NULL, NULL, NULL, &self->error);
}

static void
test_body_arrives_whole (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };
  g_autofree char *expected = hub_fixture_order (
      self, "GET", "/_control/file?id=org/single&path=config.json&revision=main", NULL);

  ask (&asked, self, SMALL_PATH, NULL, (WsHttpRequest){ .follow = TRUE });
  g_assert_no_error (asked.error);
  g_assert_cmpuint (asked.reply.status, ==, 200);
  g_assert_cmpmem (g_bytes_get_data (asked.reply.body, NULL), g_bytes_get_size (asked.reply.body),
                   expected, strlen (expected));
  g_assert_cmpuint (ws_http_get_n_bytes_received (asked.http), >=, strlen (expected));
}

static void
test_redirect_tells_of_the_file (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  ask (&asked, self, FILE_PATH, NULL, (WsHttpRequest){ .is_head = TRUE });
  g_assert_no_error (asked.error);
  g_assert_cmpuint (asked.reply.status, ==, 302);
  g_assert_nonnull (ws_http_reply_get (&asked.reply, "x-linked-etag"));
  g_assert_null (asked.reply.redirect_headers);
}

static void
test_range_is_answered_by_its_bytes (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) whole = { 0 };
  g_auto (Asked) part = { 0 };
  const guint8 *bytes;

  ask (&whole, self, FILE_PATH, NULL, (WsHttpRequest){ .follow = TRUE });
  ask (&part, self, FILE_PATH, NULL,
       (WsHttpRequest){ .follow = TRUE, .range_begin = 100, .range_n_bytes = 50 });
  g_assert_no_error (part.error);
  g_assert_cmpuint (part.reply.status, ==, 206);
  bytes = g_bytes_get_data (whole.reply.body, NULL);
  g_assert_cmpmem (g_bytes_get_data (part.reply.body, NULL), g_bytes_get_size (part.reply.body),
                   bytes + 100, 50);
  g_assert_nonnull (part.reply.redirect_headers);
}

/* Of a renamed model the first redirect says no more than its new name. */
static void
test_any_redirect_tells_of_the_file (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) direct = { 0 };
  g_auto (Asked) renamed = { 0 };
  const char *const names[] = { "x-repo-commit", "x-linked-size", "x-linked-etag" };

  ask (&direct, self, FILE_PATH, NULL, (WsHttpRequest){ .is_head = TRUE });
  ask (&renamed, self, "/org/old-name/resolve/main/model.safetensors", NULL,
       (WsHttpRequest){ .follow = TRUE });
  g_assert_no_error (renamed.error);
  g_assert_cmpuint (renamed.reply.status, ==, 200);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_nonnull (ws_http_reply_get (&direct.reply, names[i]));
      g_assert_cmpstr (g_hash_table_lookup (renamed.reply.redirect_headers, names[i]), ==,
                       ws_http_reply_get (&direct.reply, names[i]));
    }
}

/* Who is no Hub may say what he likes: it counts for nothing. */
static void
test_stranger_tells_nothing (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  hub_fixture_add_fault (self, "{\"kind\": \"redirect\", \"listener\": \"cdn\","
                               " \"path\": \"*\", \"location\": \"{stranger}/x\"}");
  hub_fixture_add_fault (self, "{\"kind\": \"header\", \"listener\": \"cdn\","
                               " \"name\": \"X-Mark\", \"value\": \"1\"}");
  ask (&asked, self, FILE_PATH, NULL, (WsHttpRequest){ .follow = TRUE });
  g_assert_no_error (asked.error);
  g_assert_true (g_str_has_prefix (asked.reply.url, self->stranger));
  g_assert_nonnull (g_hash_table_lookup (asked.reply.redirect_headers, "x-repo-commit"));
  g_assert_null (g_hash_table_lookup (asked.reply.redirect_headers, "x-mark"));
}

static void
test_token_stays_at_home (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  ask (&asked, self, FILE_PATH, self->token_full, (WsHttpRequest){ .follow = TRUE });
  g_assert_no_error (asked.error);
  g_assert_cmpuint (asked.reply.status, ==, 200);
  g_assert_cmpint (hub_fixture_count (self, NULL, "tokens_leaked"), ==, 0);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 1);
}

static void
test_token_goes_to_the_hub (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) without = { 0 };
  g_auto (Asked) with = { 0 };

  ask (&without, self, "/api/models/org/private", NULL, (WsHttpRequest){ 0 });
  ask (&with, self, "/api/models/org/private", self->token_full, (WsHttpRequest){ 0 });
  g_assert_cmpuint (without.reply.status, ==, 401);
  g_assert_cmpuint (with.reply.status, ==, 200);
}

static void
test_token_goes_to_the_hub_only (void)
{
  const char *const endpoint = "https://mirror.example:8443/base";
  const struct
  {
    const char *url;
    gboolean is_hub;
  } cases[] = {
    { "https://mirror.example:8443/x", TRUE },
    { "https://MIRROR.example:8443/x", TRUE },
    { "http://mirror.example:8443/x", FALSE },
    { "https://mirror.example/x", FALSE },
    { "https://mirror.example.evil:8443/x", FALSE },
    { "https://mirror.example@evil.example:8443/x", FALSE },
    { "https://cdn.mirror.example:8443/x", FALSE },
    { "https://huggingface.co/x", TRUE },
    { "http://huggingface.co/x", FALSE },
    { "https://huggingface.co:444/x", FALSE },
    { "https://cdn-lfs.huggingface.co/x", FALSE },
    { "no url", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].url);
      g_assert_cmpint (ws_http_url_is_hub (cases[i].url, endpoint), ==, cases[i].is_hub);
    }
}

static void
test_redirects_are_followed_as_far_as_is_safe (void)
{
  const struct
  {
    const char *url, *location, *target;
  } cases[] = {
    { "https://a.example/x/y", "/z?q=1", "https://a.example/z?q=1" },
    { "https://a.example/x/y", "z", "https://a.example/x/z" },
    { "http://a.example/x", "https://b.example/", "https://b.example/" },
    { "https://a.example/x", "http://a.example/x", NULL },
    { "https://a.example/x", "file:///etc/passwd", NULL },
    { "https://a.example/x", "ftp://a.example/x", NULL },
    { "https://a.example/x", "http://[", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *target = ws_http_url_follow (cases[i].url, cases[i].location, &error);

      g_assert_cmpstr (target, ==, cases[i].target);
      if (target == NULL)
        g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL);
    }
}

static void
test_faults_end_in_their_errors (HubFixture *self, gconstpointer data)
{
  const struct
  {
    const char *fault;
    WsHubError code;
  } cases[] = {
    { "{\"kind\": \"redirect-loop\", \"times\": 0}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"huge-headers\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"redirect\", \"location\": \"file:///etc/passwd\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"drop\"}", WS_HUB_ERROR_NETWORK },
    { "{\"kind\": \"reset\"}", WS_HUB_ERROR_NETWORK },
    { "{\"kind\": \"stall\"}", WS_HUB_ERROR_NETWORK },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Asked) asked = { 0 };
      g_autofree char *reset = hub_fixture_order (self, "POST", "/_control/reset", "");

      g_test_message ("%s", cases[i].fault);
      hub_fixture_add_fault (self, cases[i].fault);
      ask (&asked, self, SMALL_PATH, NULL, (WsHttpRequest){ .follow = TRUE });
      g_assert_false (asked.ok);
      g_assert_error (asked.error, WS_HUB_ERROR, (int) cases[i].code);
      g_assert_null (asked.reply.url);
    }
}

static void
test_body_is_bounded (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  ask (&asked, self, FILE_PATH, NULL, (WsHttpRequest){ .follow = TRUE, .max_bytes = 1000 });
  g_assert_error (asked.error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL);
}

static void
test_nobody_there_is_a_network_error (HubFixture *self, gconstpointer data)
{
  g_auto (Asked) asked = { 0 };

  /* port 1 of loopback: nobody listens there */
  ask (&asked, self, "http://127.0.0.1:1/x", NULL, (WsHttpRequest){ 0 });
  g_assert_error (asked.error, WS_HUB_ERROR, WS_HUB_ERROR_NETWORK);
  g_assert_nonnull (strstr (asked.error->message, "127.0.0.1"));
}

static void
test_offline_opens_no_connection (HubFixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHttp) http = NULL;
  WsHttpRequest request = { .url = self->hub };
  WsHttpReply reply;

  hub_fixture_init_settings (self, &settings);
  settings.is_offline = TRUE;
  http = ws_http_new (&settings);
  g_assert_false (ws_http_perform (http, &request, &reply, NULL, NULL, NULL, &error));
  g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE);
  g_assert_cmpint (hub_fixture_count (self, "hub", "requests"), ==, 0);
}

static gpointer
cancel_when_asked (gpointer user_data)
{
  gpointer *pair = user_data;
  g_autofree char *answer = hub_fixture_order (
      pair[0], "GET", "/_control/wait?listener=hub&path=*&requests=1&timeout=20", NULL);

  g_cancellable_cancel (pair[1]);
  return NULL;
}

static void
test_cancel_ends_a_stall (HubFixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *url = g_strconcat (self->hub, SMALL_PATH, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHttp) http = NULL;
  gpointer pair[] = { self, cancellable };
  WsHttpRequest request = { .url = url, .follow = TRUE };
  WsHttpReply reply;
  GThread *thread;
  gint64 start;

  hub_fixture_add_fault (self, "{\"kind\": \"stall\", \"times\": 0}");
  hub_fixture_init_settings (self, &settings);
  settings.stall_seconds = 60;
  http = ws_http_new (&settings);
  thread = g_thread_new ("cancel", cancel_when_asked, pair);
  g_assert_false (ws_http_perform (http, &request, &reply, NULL, NULL, cancellable, &error));
  start = g_get_monotonic_time ();
  g_thread_join (thread);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* it came back because it was cancelled: the other thread had nothing left to do */
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

static void
test_limit_of_speed_is_kept (HubFixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *url = g_strconcat (self->hub, FILE_PATH, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHttp) http = NULL;
  WsHttpRequest request = { .url = url, .follow = TRUE };
  g_auto (WsHttpReply) reply = { 0 };
  gint64 start = g_get_monotonic_time ();

  hub_fixture_init_settings (self, &settings);
  settings.max_bytes_per_second = 1 << 20;
  http = ws_http_new (&settings);
  ws_http_perform (http, &request, &reply, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  /* no faster than allowed; how much slower is the machine's affair */
  g_assert_cmpfloat ((g_get_monotonic_time () - start) / 1e6, >=,
                     g_bytes_get_size (reply.body) / (double) (1 << 20));
}

static void
test_waits_that_a_server_asks_for (void)
{
  const struct
  {
    const char *name, *value, *date;
    double seconds;
  } cases[] = {
    { "retry-after", "7", NULL, 7 },
    { "retry-after", "999999", NULL, 3600 },
    { "retry-after", "Wed, 21 Oct 2026 07:28:30 GMT", "Wed, 21 Oct 2026 07:28:00 GMT", 30 },
    { "retry-after", "Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:29:00 GMT", 0 },
    { "ratelimit", "\"resolvers\";r=0;t=55", NULL, 56 },
    { "ratelimit", "\"resolvers\";r=12;t=55", NULL, -1 },
    { "x", "y", NULL, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GHashTable) headers = g_hash_table_new (g_str_hash, g_str_equal);
      const WsHttpReply reply = { .headers = headers };

      g_hash_table_insert (headers, (gpointer) cases[i].name, (gpointer) cases[i].value);
      if (cases[i].date)
        g_hash_table_insert (headers, (gpointer) "date", (gpointer) cases[i].date);
      g_assert_cmpfloat (ws_http_reply_get_retry_seconds (&reply), ==, cases[i].seconds);
    }
}

static void
test_answers_are_told_apart (HubFixture *self, gconstpointer data)
{
  const struct
  {
    const char *path, *token;
    WsHubError code;
  } cases[] = {
    { "/api/models/org/nothing", NULL, WS_HUB_ERROR_NO_MODEL },
    { "/api/models/org/private", NULL, WS_HUB_ERROR_NO_MODEL },
    { "/api/models/org/single/revision/nothing", NULL, WS_HUB_ERROR_NO_REVISION },
    { "/org/single/resolve/main/nothing", NULL, WS_HUB_ERROR_NO_FILE },
    { "/org/gated/resolve/main/model.safetensors", NULL, WS_HUB_ERROR_GATED },
    { "/org/gated/resolve/main/model.safetensors", self->token_unlisted, WS_HUB_ERROR_GATED },
    { "/api/models/org/single", self->token_revoked, WS_HUB_ERROR_BAD_TOKEN },
    { "/org/disabled/resolve/main/model.safetensors", NULL, WS_HUB_ERROR_DISABLED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Asked) asked = { 0 };

      ask (&asked, self, cases[i].path, cases[i].token, (WsHttpRequest){ .follow = TRUE });
      g_assert_no_error (asked.error);
      g_test_message ("%s", cases[i].path);
      g_assert_false (ws_http_check (&asked.reply, "org/it", &asked.error));
      g_assert_error (asked.error, WS_HUB_ERROR, (int) cases[i].code);
      g_assert_nonnull (strstr (asked.error->message, "org/it"));
    }
}

static void
test_statuses_are_told_apart (void)
{
  const struct
  {
    guint status;
    WsHubError code;
  } cases[] = {
    { 403, WS_HUB_ERROR_FORBIDDEN },  { 407, WS_HUB_ERROR_PROXY },
    { 410, WS_HUB_ERROR_LEGAL },      { 451, WS_HUB_ERROR_LEGAL },
    { 429, WS_HUB_ERROR_RATE_LIMIT }, { 408, WS_HUB_ERROR_SERVER },
    { 500, WS_HUB_ERROR_SERVER },     { 503, WS_HUB_ERROR_SERVER },
    { 204, WS_HUB_ERROR_PROTOCOL },   { 418, WS_HUB_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const WsHttpReply reply = { .status = cases[i].status };
      g_autoptr (GError) error = NULL;

      g_assert_false (ws_http_check (&reply, "org/it", &error));
      g_assert_error (error, WS_HUB_ERROR, (int) cases[i].code);
    }
}

#define ADD(path, func)                                                                            \
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, func, hub_fixture_tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ADD ("/http/body/arrives-whole", test_body_arrives_whole);
  ADD ("/http/redirect/tells-of-the-file", test_redirect_tells_of_the_file);
  ADD ("/http/redirect/any-tells-of-the-file", test_any_redirect_tells_of_the_file);
  ADD ("/http/redirect/of-a-stranger-tells-nothing", test_stranger_tells_nothing);
  ADD ("/http/range/is-answered-by-its-bytes", test_range_is_answered_by_its_bytes);
  ADD ("/http/token/stays-at-home", test_token_stays_at_home);
  ADD ("/http/token/goes-to-the-hub", test_token_goes_to_the_hub);
  g_test_add_func ("/http/token/goes-to-the-hub-only", test_token_goes_to_the_hub_only);
  g_test_add_func ("/http/redirects/are-followed-as-far-as-is-safe",
                   test_redirects_are_followed_as_far_as_is_safe);
  ADD ("/http/faults/end-in-their-errors", test_faults_end_in_their_errors);
  ADD ("/http/body/is-bounded", test_body_is_bounded);
  ADD ("/http/nobody-there/is-a-network-error", test_nobody_there_is_a_network_error);
  ADD ("/http/offline/opens-no-connection", test_offline_opens_no_connection);
  ADD ("/http/cancel/ends-a-stall", test_cancel_ends_a_stall);
  ADD ("/http/speed/limit-is-kept", test_limit_of_speed_is_kept);
  g_test_add_func ("/http/waits/that-a-server-asks-for", test_waits_that_a_server_asks_for);
  ADD ("/http/answers/are-told-apart", test_answers_are_told_apart);
  g_test_add_func ("/http/statuses/are-told-apart", test_statuses_are_told_apart);
  status = g_test_run ();
  hub_fixture_stop_server ();
  return status;
}
