/* SPDX-License-Identifier: MIT */
/* What goes wrong on the way ends in the right bytes, or in the right error, and soon. */
#include "download-fixture.h"

#include "hub/download-private.h"
#include "hub/hub-error.h"

#include <string.h>

#define ARRIVES (-1)

typedef struct
{
  const char *name;
  const char *fault; /* without the braces around it */
  int code;          /* WsHubError, or ARRIVES */
} Case;

/* Of 20 MiB: five segments. */
#define MODEL                                                                                      \
  "{\"id\": \"org/segments\", \"files\": {\"config.json\": \"{}\","                                \
  " \"model.safetensors\": {\"random\": 20971520}}}"

static const Case of_content_network[] = {
  { "drop", "'kind': 'drop'", ARRIVES },
  { "reset", "'kind': 'reset', 'times': 3", ARRIVES },
  { "truncate", "'kind': 'truncate'", ARRIVES },
  { "surplus", "'kind': 'surplus'", ARRIVES },
  { "corrupt", "'kind': 'corrupt'", ARRIVES },
  { "corrupt-always", "'kind': 'corrupt', 'times': 0, 'offset': 1000", WS_HUB_ERROR_CORRUPT },
  { "stall", "'kind': 'stall'", ARRIVES },
  { "delay", "'kind': 'delay'", ARRIVES },
  { "slow", "'kind': 'slow', 'rate': 2000000", ARRIVES },
  { "compressed", "'kind': 'header', 'name': 'Content-Encoding', 'value': 'gzip'", ARRIVES },
  { "compressed-always",
    "'kind': 'header', 'name': 'Content-Encoding', 'value': 'gzip', 'times': 0",
    WS_HUB_ERROR_PROTOCOL },
  { "no-etag", "'kind': 'header', 'name': 'ETag', 'value': null, 'times': 0", ARRIVES },
  { "chunked", "'kind': 'chunked', 'times': 0", ARRIVES },
  { "empty", "'kind': 'empty', 'times': 2", ARRIVES },
  { "ignore-range", "'kind': 'ignore-range'", ARRIVES },
  { "ignore-range-later", "'kind': 'ignore-range', 'skip': 1", ARRIVES },
  { "ignore-range-always", "'kind': 'ignore-range', 'times': 0", ARRIVES },
  { "changed", "'kind': 'changed', 'skip': 1", ARRIVES },
  { "changed-for-good", "'kind': 'changed', 'skip': 1, 'times': 0", WS_HUB_ERROR_CHANGED },
  { "content-range", "'kind': 'content-range'", ARRIVES },
  { "content-range-always", "'kind': 'content-range', 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "etag", "'kind': 'etag'", ARRIVES },
  { "etag-always", "'kind': 'etag', 'times': 0", WS_HUB_ERROR_CHANGED },
  { "etag-of-another-kind", "'kind': 'etag', 'times': 0, 'value': '\\\"abc-12\\\"'", ARRIVES },
  { "weak-etag", "'kind': 'weak-etag', 'times': 0", ARRIVES },
  { "expired", "'kind': 'expired', 'times': 2", ARRIVES },
  { "expired-always", "'kind': 'expired', 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "400", "'kind': 'status', 'code': 400", ARRIVES },
  { "400-always", "'kind': 'status', 'code': 400, 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "408", "'kind': 'status', 'code': 408", ARRIVES },
  { "416", "'kind': 'status', 'code': 416", ARRIVES },
  { "429", "'kind': 'status', 'code': 429, 'retry_after': 1", ARRIVES },
  { "429-by-date", "'kind': 'status', 'code': 429, 'retry_after': 1, 'as_date': true", ARRIVES },
  { "500", "'kind': 'status', 'code': 500, 'times': 2", ARRIVES },
  { "502", "'kind': 'status', 'code': 502", ARRIVES },
  { "504", "'kind': 'status', 'code': 504", ARRIVES },
  { "503-always", "'kind': 'status', 'code': 503, 'times': 0", WS_HUB_ERROR_SERVER },
  { "huge-headers", "'kind': 'huge-headers', 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "portal", "'kind': 'portal', 'times': 0", WS_HUB_ERROR_NOT_A_HUB },
  { "proxy", "'kind': 'proxy', 'times': 0", WS_HUB_ERROR_PROXY },
  { "redirect-loop", "'kind': 'redirect-loop', 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "redirect-to-file", "'kind': 'redirect', 'location': 'file:///etc/passwd', 'times': 0",
    WS_HUB_ERROR_PROTOCOL },
};

static const Case of_hub[] = {
  { "drop", "'kind': 'drop'", ARRIVES },
  { "stall", "'kind': 'stall'", ARRIVES },
  { "huge-headers", "'kind': 'huge-headers', 'times': 0", WS_HUB_ERROR_PROTOCOL },
  { "no-commit", "'kind': 'header', 'name': 'X-Repo-Commit', 'value': null, 'times': 0",
    WS_HUB_ERROR_NOT_A_HUB },
  { "another-commit",
    "'kind': 'header', 'name': 'X-Repo-Commit', 'value': "
    "'0123456789012345678901234567890123456789', 'times': 0",
    WS_HUB_ERROR_PROTOCOL },
  { "451", "'kind': 'status', 'code': 451, 'times': 0", WS_HUB_ERROR_LEGAL },
  { "redirect-to-file", "'kind': 'redirect', 'location': 'file:///etc/passwd', 'times': 0",
    WS_HUB_ERROR_PROTOCOL },
  { "etag-always", "'kind': 'etag', 'times': 0", WS_HUB_ERROR_CHANGED },
  { "503", "'kind': 'status', 'code': 503", ARRIVES },
  { "rate-limit", "'kind': 'rate-limit'", ARRIVES },
  { "portal", "'kind': 'portal', 'times': 0", WS_HUB_ERROR_NOT_A_HUB },
  { "redirect-elsewhere", "'kind': 'redirect', 'location': '{stranger}/x', 'times': 0",
    WS_HUB_ERROR_NOT_A_HUB },
  { "redirect-loop", "'kind': 'redirect-loop', 'fresh': true, 'times': 0", WS_HUB_ERROR_PROTOCOL },
};

static void
check_outcome (Fetched *fetched, HubFixture *self, int code)
{
  g_autofree char *path =
      g_build_filename (self->folder, "hub", "models--org--segments", "snapshots",
                        fetched->listing->commit, "model.safetensors", NULL);

  if (code == ARRIVES)
    {
      fetched_assert_right (fetched, self);
      return;
    }
  g_assert_error (fetched->error, WS_HUB_ERROR, code);
  g_assert_null (fetched->folder);
  /* nothing has the name of what did not arrive */
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpint (hub_fixture_count (self, NULL, "tokens_leaked"), ==, 0);
}

static void
try_fault (HubFixture *self, const char *listener, const Case *row)
{
  g_auto (Fetched) fetched = { 0 };
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *reset = hub_fixture_order (self, "POST", "/_control/reset", "");
  g_autofree char *added = hub_fixture_order (self, "POST", "/_control/repositories", MODEL);
  g_autofree char *fault = g_strdup_printf ("{%s, 'listener': '%s', 'path': '*/model.safetensors'}",
                                            row->fault, listener);
  const gint64 start_usec = g_get_monotonic_time ();

  g_strdelimit (fault, "'", '"');
  hub_fixture_init_settings (self, &settings);
  settings.stall_seconds = 1;
  settings.token = g_strdup (self->token_full);
  fetched_init (&fetched, self, "org/segments", NULL, &settings);
  hub_fixture_add_fault (self, fault);
  fetched_run (&fetched, NULL);
  check_outcome (&fetched, self, row->code);
  g_assert_cmpint (g_get_monotonic_time () - start_usec, <, 40 * G_USEC_PER_SEC);
}

static void
test_fault_of_content_network (HubFixture *self, gconstpointer data)
{
  try_fault (self, "cdn", data);
}

static void
test_fault_of_hub (HubFixture *self, gconstpointer data)
{
  try_fault (self, "hub", data);
}

static void
test_mended_file_is_announced (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };

  hub_fixture_add_fault (
      self, "{\"kind\": \"corrupt\", \"listener\": \"cdn\", \"path\": \"*/model.safetensors\"}");
  fetched_get (&fetched, self, "org/single");
  fetched_assert_right (&fetched, self);
  g_assert_cmpuint (fetched.warnings->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (fetched.warnings, 0), "'model.safetensors'"));
}

static void
test_other_files_arrive_beside_one_that_does_not (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };

  hub_fixture_add_fault (self, "{\"kind\": \"corrupt\", \"listener\": \"cdn\", \"times\": 0,"
                               " \"path\": \"*/model-00002-of-00003.safetensors\"}");
  fetched_get (&fetched, self, "org/sharded");
  g_assert_error (fetched.error, WS_HUB_ERROR, WS_HUB_ERROR_CORRUPT);
  g_assert_nonnull (strstr (fetched.error->message, "model-00002-of-00003.safetensors"));
  g_assert_cmpuint (fetched.last.n_files_failed, ==, 1);
  g_assert_cmpuint (fetched.last.n_files_done, ==, fetched.files->len - 1);
}

static void
test_refusals_name_the_model (HubFixture *self, gconstpointer data)
{
  const struct
  {
    const char *token;
    int code;
  } cases[] = { { NULL, WS_HUB_ERROR_GATED },
                { self->token_unlisted, WS_HUB_ERROR_GATED },
                { self->token_limited, WS_HUB_ERROR_FORBIDDEN } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (Fetched) fetched = { 0 };
      g_auto (WsHubSettings) settings = { 0 };

      hub_fixture_init_settings (self, &settings);
      settings.token = g_strdup (cases[i].token);
      fetched_init (&fetched, self, "org/gated", NULL, &settings);
      fetched.request.id = "org/gated";
      fetched_run (&fetched, NULL);
      g_assert_error (fetched.error, WS_HUB_ERROR, cases[i].code);
      g_assert_nonnull (strstr (fetched.error->message, "'org/gated'"));
    }
}

static void
test_nobody_there_ends_all_files_together (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  const gint64 start_usec = g_get_monotonic_time ();

  fetched_init (&fetched, self, "org/many", NULL, NULL);
  hub_fixture_add_fault (
      self, "{\"kind\": \"status\", \"code\": 503, \"listener\": \"hub\", \"times\": 0}");
  fetched_run (&fetched, NULL);
  g_assert_error (fetched.error, WS_HUB_ERROR, WS_HUB_ERROR_SERVER);
  /* five tries of some files, not of 5,000 */
  g_assert_cmpint (hub_fixture_count (self, "hub", "requests"), <, 200);
  g_assert_cmpint (g_get_monotonic_time () - start_usec, <, 20 * G_USEC_PER_SEC);
}

static void
fetch_with_patience (Fetched *fetched, HubFixture *self, guint seconds, const char *fault)
{
  g_auto (WsHubSettings) settings = { 0 };

  hub_fixture_init_settings (self, &settings);
  settings.patience_seconds = seconds;
  fetched_init (fetched, self, "org/single", NULL, &settings);
  hub_fixture_add_fault (self, fault);
  fetched_run (fetched, NULL);
}

/* Twelve tries, where five are the end without patience. */
static void
test_patience_outlasts_a_long_failure (HubFixture *self, gconstpointer data)
{
  const char *const fault = "{\"kind\": \"status\", \"code\": 503, \"retry_after\": 0,"
                            " \"listener\": \"cdn\", \"times\": 12}";
  g_auto (Fetched) without = { 0 };
  g_auto (Fetched) with = { 0 };

  fetch_with_patience (&without, self, 0, fault);
  g_assert_error (without.error, WS_HUB_ERROR, WS_HUB_ERROR_SERVER);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 5);
  fetch_with_patience (&with, self, 600, fault);
  fetched_assert_right (&with, self);
}

static void
test_patience_has_an_end (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) soon = { 0 };
  g_auto (Fetched) late = { 0 };
  const gint64 start_usec = g_get_monotonic_time ();

  /* what is asked for is longer: nobody waits for it */
  fetch_with_patience (&soon, self, 60,
                       "{\"kind\": \"rate-limit\", \"seconds\": 200, \"listener\": \"hub\","
                       " \"path\": \"*/resolve/*\", \"times\": 0}");
  g_assert_error (soon.error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT);
  g_assert_cmpint (g_get_monotonic_time () - start_usec, <, 30 * G_USEC_PER_SEC);
  g_free (hub_fixture_order (self, "DELETE", "/_control/faults", NULL));
  fetch_with_patience (&late, self, 1,
                       "{\"kind\": \"status\", \"code\": 503, \"listener\": \"cdn\","
                       " \"times\": 0}");
  g_assert_error (late.error, WS_HUB_ERROR, WS_HUB_ERROR_SERVER);
}

static void
test_short_lived_addresses_are_renewed (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *set = hub_fixture_order (self, "POST", "/_control/settings",
                                            "{\"sign_ttl\": 1, \"cdn_rate\": 4000000}");
  g_autofree char *added = hub_fixture_order (self, "POST", "/_control/repositories", MODEL);

  fetched_get (&fetched, self, "org/segments");
  fetched_assert_right (&fetched, self);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), >, 3);
}

#define LARGE_BYTES ((guint64) 64 << 20)
/* More than this, waiting to be hashed, makes connections wait. */
#define HELD_BYTES ((guint64) 8 << 20)
/* More than is ever read back by chance. */
#define WHOLE_MARGIN_BYTES ((guint64) 4 << 20)

/* Twice what is kept in memory for the hash. */
#define LARGE_MODEL                                                                                \
  "{\"id\": \"org/large\", \"files\": {\"model.safetensors\": {\"random\": 67108864}}}"

/* The other connections fetch the rest while the one with the first bytes waits: what they bring is
 * hashed later, from the disk. */
static void
fetch_first_bytes_last (HubFixture *self, Fetched *fetched)
{
  g_autofree char *added = hub_fixture_order (self, "POST", "/_control/repositories", LARGE_MODEL);

  hub_fixture_add_fault (self, "{\"kind\": \"slow\", \"rate\": 4000000, \"listener\": \"cdn\","
                               " \"path\": \"*/model.safetensors\", \"offset\": 0}");
  fetched_get (fetched, self, "org/large");
  fetched_assert_right (fetched, self);
}

/* After the first segments it gives the file only from its beginning; what comes then is hashed as
 * it comes, also where others had been hashed before. */
static void
test_whole_file_is_hashed_from_memory (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *added = hub_fixture_order (self, "POST", "/_control/repositories", LARGE_MODEL);
  g_autofree char *set =
      hub_fixture_order (self, "POST", "/_control/settings", "{\"cdn_rate\": 40000000}");

  hub_fixture_add_fault (self, "{\"kind\": \"ignore-range\", \"listener\": \"cdn\","
                               " \"path\": \"*/model.safetensors\", \"skip\": 4, \"times\": 0}");
  hub_fixture_init_settings (self, &settings);
  /* of several, one may bring what is too far ahead to be held */
  settings.n_connections = 1;
  fetched_init (&fetched, self, "org/large", NULL, &settings);
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
  g_assert_cmpuint (fetched.last.n_bytes, ==, LARGE_BYTES);
  g_assert_cmpint (fetched_count_cdn_bytes (self), >, LARGE_BYTES + WHOLE_MARGIN_BYTES);
  g_assert_cmpuint (fetched.download->counts.n_bytes_read_back, <, WHOLE_MARGIN_BYTES);
}

static void
test_first_bytes_may_come_last (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  const WsDownloadCounts *counts;

  fetch_first_bytes_last (self, &fetched);
  g_assert_cmpuint (fetched.warnings->len, ==, 0);
  counts = &fetched.download->counts;
  /* those that follow the first are held, as much of them as fits; who closes the gap waits */
  g_assert_cmpuint (counts->n_pieces, >=, HELD_BYTES / WS_RELAY_BUFFER_BYTES);
  g_assert_cmpuint (counts->n_waits, >, 0);
  g_assert_cmpuint (counts->n_bytes_read_back, >=, LARGE_BYTES / 4);
}

static void
test_damage_ahead_of_the_hash_is_mended (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };

  hub_fixture_add_fault (self, "{\"kind\": \"corrupt\", \"listener\": \"cdn\","
                               " \"path\": \"*/model.safetensors\", \"offset\": 50000000}");
  fetch_first_bytes_last (self, &fetched);
  g_assert_cmpuint (fetched.warnings->len, ==, 1);
}

static void
add_cases (const char *listener, const Case *cases, guint n,
           void (*function) (HubFixture *, gconstpointer))
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/download-faults/%s/%s", listener, cases[i].name);

      g_test_add (path, HubFixture, &cases[i], hub_fixture_set_up, function, hub_fixture_tear_down);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  add_cases ("content-network", of_content_network, G_N_ELEMENTS (of_content_network),
             test_fault_of_content_network);
  add_cases ("hub", of_hub, G_N_ELEMENTS (of_hub), test_fault_of_hub);
#define ADD(path, function)                                                                        \
  g_test_add ("/download-faults/" path, HubFixture, NULL, hub_fixture_set_up, function,            \
              hub_fixture_tear_down)
  ADD ("mended-file/is-announced", test_mended_file_is_announced);
  ADD ("other-files/arrive-beside-one-that-does-not",
       test_other_files_arrive_beside_one_that_does_not);
  ADD ("whole-file/is-hashed-from-memory", test_whole_file_is_hashed_from_memory);
  ADD ("first-bytes/may-come-last", test_first_bytes_may_come_last);
  ADD ("damage-ahead-of-the-hash/is-mended", test_damage_ahead_of_the_hash_is_mended);
  ADD ("refusals/name-the-model", test_refusals_name_the_model);
  ADD ("nobody-there/ends-all-files-together", test_nobody_there_ends_all_files_together);
  ADD ("patience/outlasts-a-long-failure", test_patience_outlasts_a_long_failure);
  ADD ("patience/has-an-end", test_patience_has_an_end);
  ADD ("short-lived-addresses/are-renewed", test_short_lived_addresses_are_renewed);
#undef ADD
  result = g_test_run ();
  hub_fixture_stop_server ();
  return result;
}
