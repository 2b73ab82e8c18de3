/* SPDX-License-Identifier: MIT */
/* Bytes of a file on the Hub by ranges: the right ones, no more than needed, or a sentence. */
#include "hub-fixture.h"

#include "hub/remote-source.h"

#include <string.h>
#include <sys/resource.h>

#define MIB ((guint64) 1 << 20)
#define WEIGHTS "model.safetensors"

typedef struct
{
  HubFixture server;
  WsHub *hub;
  WsRemotePool *pool;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };

  hub_fixture_set_up (&self->server, data);
  /* no test sees what another has kept */
  g_setenv ("WEIGHTSCOPE_DATA", self->server.folder, TRUE);
  hub_fixture_init_settings (&self->server, &settings);
  settings.token = g_strdup (self->server.token_full);
  self->hub = ws_hub_new (&settings);
  self->pool = ws_remote_pool_new (self->hub, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_remote_pool_unref (self->pool);
  ws_hub_unref (self->hub);
  hub_fixture_tear_down (&self->server, data);
}

/* A file of the main revision of @id. */
static WsSource *
open_source (Fixture *self, const char *id, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = ws_hub_read_model (self->hub, id, NULL, NULL, &error);
  g_autoptr (WsHubListing) listing = NULL;
  const WsHubFile *file;

  g_assert_no_error (error);
  listing = ws_hub_read_listing (self->hub, id, model->commit, NULL, &error);
  g_assert_no_error (error);
  file = ws_hub_listing_find (listing, path);
  return ws_remote_source_new (self->pool, ws_remote_file_new (self->hub, id, model->commit, file),
                               path, file->n_bytes);
}

/* The right bytes, told by the server past all faults and counters. */
static GBytes *
read_truth (Fixture *self, const char *id, const char *path)
{
  g_autofree char *url =
      g_strdup_printf ("%s/_control/file?id=%s&path=%s", self->server.control, id, path);
  const WsHttpRequest request = { .url = url, .max_bytes = 256 * MIB };
  g_auto (WsHttpReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  ws_http_perform (ws_hub_get_http (self->hub), &request, &reply, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (reply.status, ==, 200);
  return g_bytes_ref (reply.body);
}

static void
assert_reads (WsSource *source, GBytes *truth, guint64 offset, gsize n_bytes)
{
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  g_autoptr (GError) error = NULL;

  ws_source_read (source, offset, bytes, n_bytes, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (bytes, n_bytes, (const guint8 *) g_bytes_get_data (truth, NULL) + offset,
                   n_bytes);
}

static gint64
count_cdn (Fixture *self, const char *counter)
{
  return hub_fixture_count (&self->server, "cdn", counter);
}

static void
test_any_part_has_the_right_bytes (Fixture *self, gconstpointer data)
{
  const char *const id = "org/sharded", *const path = "model-00002-of-00003.safetensors";
  g_autoptr (WsSource) source = open_source (self, id, path);
  g_autoptr (GBytes) truth = read_truth (self, id, path);
  const guint64 n = ws_source_get_n_bytes (source);
  const struct
  {
    guint64 offset, n_bytes;
  } parts[] = { { 0, 8 }, { 8, 100 }, { n - 1, 1 }, { 0, n }, { MIB, 9 * MIB }, { 131071, 2 } };

  g_assert_cmpuint (n, ==, g_bytes_get_size (truth));
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    assert_reads (source, truth, parts[i].offset, parts[i].n_bytes);
  g_assert_cmpint (hub_fixture_count (&self->server, NULL, "tokens_leaked"), ==, 0);
}

static void
test_head_is_one_request_and_kept (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  g_autoptr (GBytes) truth = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
      guint8 bytes[200];
      g_autoptr (GError) error = NULL;

      ws_source_read (source, 0, bytes, 8, NULL, &error);
      g_assert_no_error (error);
      ws_source_read (source, 8, bytes, sizeof bytes, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (count_cdn (self, "requests"), ==, 1);
      g_assert_cmpint (count_cdn (self, "bytes"), <=, 256 << 10);
    }
}

static void
test_damaged_head_is_read_again (Fixture *self, gconstpointer data)
{
  const char *const id = "org/single";
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);
  g_autofree char *folder = g_build_filename (self->server.folder, "hub", NULL);
  g_autoptr (WsSource) first = open_source (self, id, WEIGHTS);
  g_autoptr (WsSource) second = open_source (self, id, WEIGHTS);
  g_autoptr (GDir) names = NULL;
  const char *name;

  assert_reads (first, truth, 0, 8);
  names = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (names)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize n;

      g_assert_true (g_file_get_contents (path, &text, &n, NULL));
      text[n - 1] ^= 1;
      g_assert_true (g_file_set_contents (path, text, (gssize) n, NULL));
    }
  assert_reads (second, truth, 0, g_bytes_get_size (truth));
}

/* One 8192 x 8192 matrix of BF16, read as an analysis does: 4 MiB after 4 MiB, told of ahead. */
static void
test_matrix_costs_its_bytes (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  const guint64 n_bytes = 128 * MIB, n_step = 4 * MIB, begin = 1000;
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);
  guint64 most = 0;

  for (guint64 i = 0; i < n_bytes; i += n_step)
    {
      const guint64 ahead = MIN (n_bytes - i, 64 * MIB);

      ws_source_prefetch (source, begin + i, ahead);
      most = MAX (most, ws_remote_pool_get_n_bytes (self->pool));
      assert_reads (source, truth, begin + i, n_step);
    }
  g_assert_cmpint (count_cdn (self, "bytes"), >=, n_bytes);
  g_assert_cmpint (count_cdn (self, "bytes"), <=, n_bytes + n_bytes / 100);
  /* the four connections were used, and no more memory than was promised */
  g_assert_cmpint (count_cdn (self, "most_open"), >, 1);
  g_assert_cmpuint (most, <=, ws_remote_pool_get_n_max_bytes (self->pool) + WS_REMOTE_PIECE);
}

/* The matrix as it is read twice: a part longer than the memory of the pool, 32 MiB, by far. */
#define KEPT (96 * MIB)
#define KEPT_BEGIN ((guint64) 1000)

static void
read_in_steps (Fixture *self, WsSource *source, GBytes *truth)
{
  const guint64 n_step = 4 * MIB;
  guint64 most = 0;

  for (guint64 i = 0; i < KEPT; i += n_step)
    {
      ws_source_prefetch (source, KEPT_BEGIN + i, MIN (KEPT - i, 64 * MIB));
      assert_reads (source, truth, KEPT_BEGIN + i, n_step);
      most = MAX (most, ws_remote_pool_get_n_bytes (self->pool));
    }
  g_assert_cmpuint (most, <=, ws_remote_pool_get_n_max_bytes (self->pool) + WS_REMOTE_PIECE);
}

static void
test_kept_bytes_are_fetched_once (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);

  if (ws_source_get_room (source) < KEPT)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  ws_source_keep (source, KEPT_BEGIN, KEPT);
  for (guint pass = 0; pass < 3; pass++)
    read_in_steps (self, source, truth);
  ws_source_forget (source, KEPT_BEGIN, KEPT);
  g_assert_cmpint (count_cdn (self, "bytes"), >=, KEPT);
  g_assert_cmpint (count_cdn (self, "bytes"), <=, KEPT + KEPT / 100);
  /* kept no longer, and it is right all the same */
  read_in_steps (self, source, truth);
  g_assert_cmpint (count_cdn (self, "bytes"), >, KEPT + KEPT / 2);
}

/* As a wide matrix is read: a piece of each row, for each block of columns. */
static void
test_kept_columns_are_fetched_once (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  const guint64 n_row = 512 << 10, n_piece = 128 << 10;
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);
  guint64 most = 0;

  if (ws_source_get_room (source) < KEPT)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  ws_source_keep (source, KEPT_BEGIN, KEPT);
  ws_source_prefetch (source, KEPT_BEGIN, KEPT);
  for (guint64 column = 0; column < n_row; column += n_piece)
    for (guint64 i = column; i < KEPT; i += n_row)
      {
        assert_reads (source, truth, KEPT_BEGIN + i, n_piece);
        most = MAX (most, ws_remote_pool_get_n_bytes (self->pool));
      }
  ws_source_forget (source, KEPT_BEGIN, KEPT);
  g_assert_cmpint (count_cdn (self, "bytes"), <=, KEPT + KEPT / 100);
  g_assert_cmpuint (most, <=, ws_remote_pool_get_n_max_bytes (self->pool) + WS_REMOTE_PIECE);
}

/* A limit on the size of files stands for the full disk. */
static void
test_kept_bytes_without_room_are_fetched_again (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);
  struct rlimit old, limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = MIB;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  ws_source_keep (source, KEPT_BEGIN, KEPT);
  for (guint pass = 0; pass < 2; pass++)
    read_in_steps (self, source, truth);
  ws_source_forget (source, KEPT_BEGIN, KEPT);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpint (count_cdn (self, "bytes"), >=, 2 * KEPT);
  g_assert_cmpint (count_cdn (self, "bytes"), <=, 2 * KEPT + KEPT / 50);
}

/* Each falls on a request for bytes; what is read must be right all the same. */
static void
test_passing_faults_are_got_over (Fixture *self, gconstpointer data)
{
  static const char *const faults[] = {
    "{\"kind\": \"drop\"}",
    "{\"kind\": \"reset\"}",
    "{\"kind\": \"truncate\"}",
    "{\"kind\": \"surplus\"}",
    "{\"kind\": \"stall\"}",
    "{\"kind\": \"delay\"}",
    "{\"kind\": \"chunked\"}",
    "{\"kind\": \"compress\"}",
    "{\"kind\": \"empty\"}",
    "{\"kind\": \"ignore-range\"}",
    "{\"kind\": \"changed\"}",
    "{\"kind\": \"content-range\"}",
    "{\"kind\": \"etag\"}",
    "{\"kind\": \"etag\", \"value\": \"\\\"d41d8cd9-7\\\"\", \"times\": 0}",
    "{\"kind\": \"weak-etag\", \"times\": 0}",
    "{\"kind\": \"header\", \"name\": \"Content-Range\", \"value\": null}",
    "{\"kind\": \"huge-headers\"}",
    "{\"kind\": \"status\", \"code\": 500}",
    "{\"kind\": \"status\", \"code\": 503, \"retry_after\": 1}",
    "{\"kind\": \"status\", \"code\": 416}",
    "{\"kind\": \"status\", \"code\": 400}",
    "{\"kind\": \"rate-limit\"}",
    "{\"kind\": \"expired\"}",
    "{\"kind\": \"expired\", \"times\": 3}",
    "{\"kind\": \"portal\"}",
    "{\"kind\": \"redirect-loop\"}",
  };
  const char *const id = "org/sharded", *const path = "model-00001-of-00003.safetensors";
  g_autoptr (GBytes) truth = read_truth (self, id, path);

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (WsSource) source = open_source (self, id, path);
      /* past the head, across pieces */
      g_autofree char *on_cdn =
          g_strdup_printf ("{\"listener\": \"cdn\", %s", faults[i] + strlen ("{"));
      g_autofree char *answer = NULL;

      g_test_message ("%s", faults[i]);
      hub_fixture_add_fault (&self->server, on_cdn);
      assert_reads (source, truth, MIB + 1, 10 * MIB);
      answer = hub_fixture_order (&self->server, "DELETE", "/_control/faults", NULL);
    }
  g_assert_cmpint (hub_fixture_count (&self->server, NULL, "tokens_leaked"), ==, 0);
}

/* Each falls on all requests for bytes. */
static void
test_lasting_faults_end_in_a_sentence (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *fault;
    int code;
  } cases[] = {
    { "{\"kind\": \"ignore-range\"", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"changed\"", WS_HUB_ERROR_CHANGED },
    { "{\"kind\": \"content-range\"", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"expired\"", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"truncate\"", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"empty\"", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"drop\", \"at\": 0", WS_HUB_ERROR_NETWORK },
    { "{\"kind\": \"status\", \"code\": 503", WS_HUB_ERROR_SERVER },
    { "{\"kind\": \"portal\"", WS_HUB_ERROR_NOT_A_HUB },
  };
  const char *const id = "org/sharded", *const path = "model-00001-of-00003.safetensors";

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WsSource) source = open_source (self, id, path);
      g_autofree guint8 *bytes = g_malloc (MIB);
      g_autofree char *fault =
          g_strconcat (cases[i].fault, ", \"listener\": \"cdn\", \"times\": 0}", NULL);
      g_autofree char *answer = NULL;
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", fault);
      hub_fixture_add_fault (&self->server, fault);
      g_assert_false (ws_source_read (source, 2 * MIB, bytes, MIB, NULL, &error));
      g_assert_error (error, WS_HUB_ERROR, cases[i].code);
      answer = hub_fixture_order (&self->server, "DELETE", "/_control/faults", NULL);
      /* and a later reader tries again */
      g_assert_true (ws_source_read (source, 2 * MIB, bytes, MIB, NULL, NULL));
    }
}

/* Every signature lasts one second, and reading takes several. */
static void
test_expired_addresses_are_asked_again (Fixture *self, gconstpointer data)
{
  const char *const id = "org/sharded", *const path = "model-00003-of-00003.safetensors";
  g_autoptr (GBytes) truth = read_truth (self, id, path);
  g_autoptr (WsSource) source = open_source (self, id, path);
  g_autofree char *answer = hub_fixture_order (&self->server, "POST", "/_control/settings",
                                               "{\"sign_ttl\": 1, \"cdn_rate\": 2000000}");

  for (guint i = 0; i < 4; i++)
    assert_reads (source, truth, (1 + 2 * i) * MIB, 2 * MIB);
}

typedef struct
{
  WsSource *source;
  GBytes *truth;
  guint number;
} Worker;

static gpointer
read_own_part (gpointer data)
{
  const Worker *worker = data;

  for (guint i = 0; i < 6; i++)
    {
      const guint64 offset = (worker->number * 2 + (i * 5) % 4) * MIB + worker->number;

      ws_source_prefetch (worker->source, offset, 2 * MIB);
      assert_reads (worker->source, worker->truth, offset, MIB);
    }
  return NULL;
}

static void
test_workers_read_at_the_same_time (Fixture *self, gconstpointer data)
{
  const char *const id = "org/sharded", *const path = "model-00001-of-00003.safetensors";
  g_autoptr (GBytes) truth = read_truth (self, id, path);
  g_autoptr (WsSource) source = open_source (self, id, path);
  GThread *threads[4];
  Worker workers[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      workers[i] = (Worker){ source, truth, i };
      threads[i] = g_thread_new ("reader", read_own_part, &workers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

typedef struct
{
  Fixture *fixture;
  WsSource *source;
  GBytes *truth;
  guint64 begin, n_bytes;
} Keeper;

/* A matrix of its own, twice. */
static gpointer
read_and_keep (gpointer data)
{
  const Keeper *keeper = data;

  ws_source_keep (keeper->source, keeper->begin, keeper->n_bytes);
  for (guint pass = 0; pass < 2; pass++)
    for (guint64 i = 0; i < keeper->n_bytes; i += MIB)
      {
        ws_source_prefetch (keeper->source, keeper->begin + i, MIN (keeper->n_bytes - i, 4 * MIB));
        assert_reads (keeper->source, keeper->truth, keeper->begin + i, MIB);
      }
  ws_source_forget (keeper->source, keeper->begin, keeper->n_bytes);
  return NULL;
}

/* More than the memory of the pool together, again and again, so that what is taken off the disk
 * makes place for others. */
static void
test_workers_keep_at_the_same_time (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  const guint64 n_each = 24 * MIB;
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, id, WEIGHTS);
  guint64 n_rounds = 2;

  if (ws_source_get_room (source) < 4 * n_each)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  for (guint round = 0; round < n_rounds; round++)
    {
      GThread *threads[4];
      Keeper keepers[4];

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        {
          keepers[i] = (Keeper){ self, source, truth, KEPT_BEGIN + i * n_each, n_each };
          threads[i] = g_thread_new ("keeper", read_and_keep, &keepers[i]);
        }
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
    }
  g_assert_cmpint (count_cdn (self, "bytes"), <=, n_rounds * (4 * n_each + n_each / 10));
}

static gpointer
cancel_when_bytes_come (gpointer data)
{
  gpointer *pair = data;
  g_autofree char *answer = hub_fixture_order (
      pair[0], "GET", "/_control/wait?listener=cdn&path=*&requests=1&timeout=20", NULL);

  g_cancellable_cancel (pair[1]);
  return g_memdup2 (&(gint64){ g_get_monotonic_time () }, sizeof (gint64));
}

static void
test_cancel_comes_at_once (Fixture *self, gconstpointer data)
{
  const char *const id = "org/sharded", *const path = "model-00001-of-00003.safetensors";
  g_autoptr (WsSource) source = open_source (self, id, path);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree guint8 *bytes = g_malloc (4 * MIB);
  gpointer pair[] = { &self->server, cancellable };
  g_autofree gint64 *cancelled_usec = NULL;
  g_autoptr (GError) error = NULL;
  gint64 ended_usec;
  GThread *thread;

  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"stall\", \"listener\": \"cdn\", \"times\": 0}");
  thread = g_thread_new ("cancel", cancel_when_bytes_come, pair);
  g_assert_false (ws_source_read (source, 2 * MIB, bytes, 4 * MIB, cancellable, &error));
  ended_usec = g_get_monotonic_time ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  cancelled_usec = g_thread_join (thread);
  g_assert_cmpint (ended_usec - *cancelled_usec, <, G_USEC_PER_SEC / 2);
}

/* While what was read waits for the disk and more is fetched. */
static void
test_cancel_comes_at_once_while_bytes_are_kept (Fixture *self, gconstpointer data)
{
  const char *const id = "org/matrix";
  g_autoptr (WsSource) source = open_source (self, id, WEIGHTS);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree guint8 *bytes = g_malloc (KEPT);
  gint64 cancelled_usec, ended_usec;
  g_autoptr (GError) error = NULL;

  ws_source_keep (source, KEPT_BEGIN, KEPT);
  g_assert_true (ws_source_read (source, KEPT_BEGIN, bytes, KEPT / 2, cancellable, &error));
  cancelled_usec = g_get_monotonic_time ();
  g_cancellable_cancel (cancellable);
  g_assert_false (
      ws_source_read (source, KEPT_BEGIN + KEPT / 2, bytes, KEPT / 2, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  ws_source_forget (source, KEPT_BEGIN, KEPT);
  g_clear_pointer (&source, ws_source_unref);
  ended_usec = g_get_monotonic_time ();
  g_assert_cmpint (ended_usec - cancelled_usec, <, G_USEC_PER_SEC / 2);
  g_assert_cmpuint (ws_remote_pool_get_n_bytes (self->pool), ==, 0);
}

static void
test_identity_is_the_hash (Fixture *self, gconstpointer data)
{
  g_autoptr (WsSource) source = open_source (self, "org/single", WEIGHTS);
  g_autoptr (GBytes) truth = read_truth (self, "org/single", WEIGHTS);
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, truth);
  g_autofree char *path = g_strconcat ("hub:/blobs/", hash, NULL);

  g_assert_cmpstr (ws_source_get_identity (source)->path, ==, path);
  g_assert_cmpuint (ws_source_get_identity (source)->n_bytes, ==, g_bytes_get_size (truth));
}

#define ADD(path, func) g_test_add ("/remote-source/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ADD ("any-part/has-the-right-bytes", test_any_part_has_the_right_bytes);
  ADD ("head/is-one-request-and-kept", test_head_is_one_request_and_kept);
  ADD ("damaged-head/is-read-again", test_damaged_head_is_read_again);
  ADD ("matrix/costs-its-bytes", test_matrix_costs_its_bytes);
  ADD ("kept-bytes/are-fetched-once", test_kept_bytes_are_fetched_once);
  ADD ("kept-columns/are-fetched-once", test_kept_columns_are_fetched_once);
  ADD ("kept-bytes-without-room/are-fetched-again", test_kept_bytes_without_room_are_fetched_again);
  ADD ("passing-faults/are-got-over", test_passing_faults_are_got_over);
  ADD ("lasting-faults/end-in-a-sentence", test_lasting_faults_end_in_a_sentence);
  ADD ("expired-addresses/are-asked-again", test_expired_addresses_are_asked_again);
  ADD ("workers/read-at-the-same-time", test_workers_read_at_the_same_time);
  ADD ("workers/keep-at-the-same-time", test_workers_keep_at_the_same_time);
  ADD ("cancel/comes-at-once-while-bytes-are-kept", test_cancel_comes_at_once_while_bytes_are_kept);
  ADD ("cancel/comes-at-once", test_cancel_comes_at_once);
  ADD ("identity/is-the-hash", test_identity_is_the_hash);
  status = g_test_run ();
  hub_fixture_stop_server ();
  return status;
}
