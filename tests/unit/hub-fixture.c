/* SPDX-License-Identifier: MIT */
/* The Hub of the tests as a child process. */
#include "hub-fixture.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Of this program; one is enough, since each test begins with a reset. */
static GSubprocess *server;
static JsonParser *facts;

static void
start_server (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "hub", "server.py", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;

  server = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                             "/usr/bin/python3", "-B", path, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (server));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  facts = json_parser_new ();
  json_parser_load_from_data (facts, line, -1, &error);
  g_assert_no_error (error);
}

void
hub_fixture_stop_server (void)
{
  if (server == NULL)
    return;
  g_output_stream_close (g_subprocess_get_stdin_pipe (server), NULL, NULL);
  g_subprocess_wait (server, NULL, NULL);
  g_clear_object (&server);
  g_clear_object (&facts);
}

static char *
dup_fact (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member (object, name));
}

void
hub_fixture_set_up (HubFixture *self, gconstpointer data)
{
  JsonObject *root, *tokens;
  g_autofree char *answer = NULL;

  if (server == NULL)
    start_server ();
  root = json_node_get_object (json_parser_get_root (facts));
  tokens = json_object_get_object_member (root, "tokens");
  self->process = server;
  self->hub = dup_fact (root, "hub");
  self->cdn = dup_fact (root, "cdn");
  self->stranger = dup_fact (root, "stranger");
  self->proxy = dup_fact (root, "proxy");
  self->control = dup_fact (root, "control");
  self->token_full = dup_fact (tokens, "full");
  self->token_unlisted = dup_fact (tokens, "unlisted");
  self->token_limited = dup_fact (tokens, "limited");
  self->token_revoked = dup_fact (tokens, "revoked");
  self->folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);
  answer = hub_fixture_order (self, "POST", "/_control/reset", "");
}

static void
delete_folder (const char *path)
{
  g_autoptr (GError) error = NULL;
  const char *const arguments[] = { "rm", "-rf", "--", path, NULL };
  g_autoptr (GSubprocess) rm = g_subprocess_newv (arguments, G_SUBPROCESS_FLAGS_NONE, &error);

  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (rm, NULL, NULL));
}

void
hub_fixture_tear_down (HubFixture *self, gconstpointer data)
{
  char **texts[] = {
    &self->hub,          &self->cdn,        &self->stranger,       &self->proxy,
    &self->control,      &self->token_full, &self->token_unlisted, &self->token_limited,
    &self->token_revoked
  };

  delete_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_clear_pointer (texts[i], g_free);
}

void
hub_fixture_init_settings (HubFixture *self, WsHubSettings *settings)
{
  *settings = (WsHubSettings){ .endpoint = g_strdup (self->hub),
                               .cache_folder = g_build_filename (self->folder, "hub", NULL),
                               .token_path = g_build_filename (self->folder, "token", NULL),
                               .stall_seconds = 2,
                               .n_connections = 4 };
}

char *
hub_fixture_order (HubFixture *self, const char *method, const char *path, const char *body)
{
  const char *host = strstr (self->control, "://") + 3;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection =
      g_socket_client_connect_to_host (client, host, 80, NULL, &error);
  g_autofree char *request = g_strdup_printf (
      "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n%s", method,
      path, host, body ? strlen (body) : 0, body ? body : "");
  g_autoptr (GOutputStream) answer = g_memory_output_stream_new_resizable ();
  char *text, *start;

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, &error);
  g_assert_no_error (error);
  g_output_stream_splice (answer, g_io_stream_get_input_stream (G_IO_STREAM (connection)),
                          G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, &error);
  g_assert_no_error (error);
  text = g_strndup (g_memory_output_stream_get_data (G_MEMORY_OUTPUT_STREAM (answer)),
                    g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (answer)));
  g_assert_nonnull (strstr (text, " 200 "));
  start = strstr (text, "\r\n\r\n");
  g_assert_nonnull (start);
  memmove (text, start + 4, strlen (start + 4) + 1);
  return text;
}

void
hub_fixture_add_fault (HubFixture *self, const char *json)
{
  g_autofree char *answer = hub_fixture_order (self, "POST", "/_control/faults", json);
}

gint64
hub_fixture_count (HubFixture *self, const char *listener, const char *counter)
{
  g_autofree char *answer = hub_fixture_order (self, "GET", "/_control/counters", NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *object;

  g_assert_true (json_parser_load_from_data (parser, answer, -1, NULL));
  object = json_node_get_object (json_parser_get_root (parser));
  if (listener == NULL)
    return json_object_get_int_member (object, counter);
  object = json_object_get_object_member (object, "listeners");
  if (!json_object_has_member (object, listener))
    return 0;
  return json_object_get_int_member (json_object_get_object_member (object, listener), counter);
}
