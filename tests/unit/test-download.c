/* SPDX-License-Identifier: MIT */
/* Models fetched from the Hub of the tests: the right bytes at the right places, and not twice. */
#include "download-fixture.h"

#include "hub/download-private.h"
#include "hub/hub-error.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WEIGHTS "model.safetensors"
/* Bytes that the server counts although they never arrive: what is under way on a connection when
 * another one takes over. */
#define UNDER_WAY (4u << 20)

static void
forget_counters (HubFixture *self)
{
  g_autofree char *answer = hub_fixture_order (self, "POST", "/_control/clear", "");
}

static void
test_files_arrive_whole (HubFixture *self, gconstpointer data)
{
  const char *const ids[] = { "org/single",    "org/sharded",    "org/duplicates",
                              "org/odd-names", "tiny-canonical", "org/old-name" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_auto (Fetched) fetched = { 0 };

      g_test_message ("%s", ids[i]);
      fetched_get (&fetched, self, ids[i]);
      fetched_assert_right (&fetched, self);
      g_assert_cmpuint (fetched.last.n_files_done, ==, fetched.files->len);
      g_assert_cmpuint (fetched.last.n_bytes_done, ==, fetched.last.n_bytes);
      g_assert_cmpuint (fetched.warnings->len, ==, 0);
    }
}

static void
test_cache_is_laid_out_as_the_hub_client_does (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *root = g_build_filename (self->folder, "hub", "models--org--single", NULL);
  g_autofree char *ref_path = g_build_filename (root, "refs", "main", NULL);
  g_autofree char *link_path = NULL;
  g_autofree char *ref = NULL;
  g_autofree char *link = NULL;
  g_autofree char *expected = NULL;

  fetched_get (&fetched, self, "org/single");
  g_assert_no_error (fetched.error);
  g_file_get_contents (ref_path, &ref, NULL, NULL);
  g_assert_cmpstr (ref, ==, fetched.listing->commit);
  link_path = g_build_filename (root, "snapshots", ref, WEIGHTS, NULL);
  link = g_file_read_link (link_path, NULL);
  expected =
      g_strconcat ("../../blobs/", ws_hub_listing_find (fetched.listing, WEIGHTS)->sha256, NULL);
  g_assert_cmpstr (link, ==, expected);
}

static void
test_plain_folder_holds_files (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *folder = g_build_filename (self->folder, "plain", NULL);
  g_autofree char *path = g_build_filename (folder, WEIGHTS, NULL);

  fetched_init (&fetched, self, "org/duplicates", NULL, NULL);
  fetched.request.folder = folder;
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
  g_assert_cmpstr (fetched.folder, ==, folder);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_assert_false (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
}

static void
test_what_is_there_is_not_fetched (HubFixture *self, gconstpointer data)
{
  const char *const folders[] = { NULL, "plain" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    for (guint run = 0; run < 2; run++)
      {
        g_auto (Fetched) fetched = { 0 };
        g_autofree char *folder =
            folders[i] ? g_build_filename (self->folder, folders[i], NULL) : NULL;

        fetched_init (&fetched, self, "org/sharded", NULL, NULL);
        fetched.request.folder = folder;
        forget_counters (self);
        fetched_run (&fetched, NULL);
        fetched_assert_right (&fetched, self);
        if (run == 0)
          continue;
        g_assert_cmpint (hub_fixture_count (self, "hub", "requests"), ==, 0);
        g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 0);
      }
}

static char *
make_path (HubFixture *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static void
test_right_file_is_adopted (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  g_autofree char *folder = make_path (self, "plain");
  g_autofree char *notes = make_path (self, "plain/.cache");
  g_autofree char *elsewhere = make_path (self, "notes");

  fetched_init (&first, self, "org/sharded", NULL, NULL);
  first.request.folder = folder;
  fetched_run (&first, NULL);
  g_assert_no_error (first.error);
  /* the same files, copied there by hand: nobody vouches for them */
  g_assert_cmpint (g_rename (notes, elsewhere), ==, 0);
  fetched_init (&second, self, "org/sharded", NULL, NULL);
  second.request.folder = folder;
  forget_counters (self);
  fetched_run (&second, NULL);
  fetched_assert_right (&second, self);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 0);
}

static void
test_wrong_file_is_replaced (HubFixture *self, gconstpointer data)
{
  const char *const changes[] = { "same size, other bytes", "shorter" };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_auto (Fetched) fetched = { 0 };
      g_autofree char *folder = make_path (self, changes[i]);
      g_autofree char *path = g_build_filename (folder, WEIGHTS, NULL);
      g_autofree char *bytes = NULL;

      g_test_message ("%s", changes[i]);
      g_mkdir (folder, 0777);
      fetched_init (&fetched, self, "org/single", NULL, NULL);
      fetched.request.folder = folder;
      bytes = g_malloc0 (ws_hub_listing_find (fetched.listing, WEIGHTS)->n_bytes);
      g_file_set_contents (path, bytes, ws_hub_listing_find (fetched.listing, WEIGHTS)->n_bytes - i,
                           NULL);
      fetched_run (&fetched, NULL);
      fetched_assert_right (&fetched, self);
    }
}

static void
test_cut_blob_is_not_trusted (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  g_autofree char *path = NULL;

  fetched_get (&first, self, "org/single");
  path = g_build_filename (first.folder, WEIGHTS, NULL);
  g_assert_cmpint (truncate (path, 100), ==, 0);
  fetched_get (&second, self, "org/single");
  fetched_assert_right (&second, self);
}

static void
test_equal_contents_are_fetched_once (HubFixture *self, gconstpointer data)
{
  const char *const folders[] = { NULL, "plain" };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_auto (Fetched) fetched = { 0 };
      g_autofree char *folder = folders[i] ? make_path (self, folders[i]) : NULL;
      g_autofree char *added =
          hub_fixture_order (self, "POST", "/_control/repositories",
                             "{\"id\": \"org/twice\", \"files\": {"
                             "\"a.bin\": \"the same\", \"b/c.bin\": \"the same\"}}");

      fetched_init (&fetched, self, "org/twice", NULL, NULL);
      fetched.request.folder = folder;
      forget_counters (self);
      fetched_run (&fetched, NULL);
      fetched_assert_right (&fetched, self);
      g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 1);
      g_assert_cmpuint (fetched.last.n_files_done, ==, 2);
    }
}

static void
test_without_links_the_cache_holds_files (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  g_autofree char *path = NULL;

  g_setenv ("HF_HUB_DISABLE_SYMLINKS", "1", TRUE);
  fetched_get (&first, self, "org/duplicates");
  fetched_assert_right (&first, self);
  path = g_build_filename (first.folder, WEIGHTS, NULL);
  g_assert_false (g_file_test (path, G_FILE_TEST_IS_SYMLINK));
  fetched_init (&second, self, "org/duplicates", NULL, NULL);
  forget_counters (self);
  fetched_run (&second, NULL);
  g_unsetenv ("HF_HUB_DISABLE_SYMLINKS");
  fetched_assert_right (&second, self);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "requests"), ==, 0);
}

static void
test_revision_is_recorded (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *path = make_path (self, "hub/models--org--single/refs/refs/pr/1");
  g_autofree char *text = NULL;

  fetched_init (&fetched, self, "org/single", NULL, NULL);
  fetched.request.revision = "refs/pr/1";
  fetched_run (&fetched, NULL);
  g_assert_no_error (fetched.error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, fetched.listing->commit);
}

static void
test_link_in_the_target_is_not_written_through (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *folder = make_path (self, "plain");
  g_autofree char *outside = make_path (self, "outside");
  g_autofree char *victim = make_path (self, "victim");
  g_autofree char *file_link = make_path (self, "plain/model.safetensors");
  g_autofree char *folder_link = make_path (self, "plain/sub");
  g_autofree char *escaped = make_path (self, "outside/file.bin");
  g_autofree char *text = NULL;
  g_autofree char *added =
      hub_fixture_order (self, "POST", "/_control/repositories",
                         "{\"id\": \"org/links\", \"files\": {\"model.safetensors\": \"right\","
                         " \"sub/file.bin\": \"inside\"}}");

  g_mkdir (folder, 0777);
  g_mkdir (outside, 0777);
  g_file_set_contents (victim, "untouched", -1, NULL);
  g_assert_cmpint (symlink (victim, file_link), ==, 0);
  g_assert_cmpint (symlink (outside, folder_link), ==, 0);
  fetched_init (&fetched, self, "org/links", NULL, NULL);
  fetched.request.folder = folder;
  fetched_run (&fetched, NULL);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_nonnull (strstr (fetched.error->message, "'sub'"));
  g_assert_false (g_file_test (escaped, G_FILE_TEST_EXISTS));
  g_file_get_contents (victim, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "untouched");
  g_assert_false (g_file_test (file_link, G_FILE_TEST_IS_SYMLINK));
}

static void
test_planted_part_is_not_written_through (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *blobs = make_path (self, "hub/models--org--sharded/blobs");
  g_autofree char *victim = make_path (self, "victim");
  g_autofree char *part = NULL;
  g_autofree char *text = NULL;
  const char *const path = "model-00001-of-00003.safetensors";

  fetched_init (&fetched, self, "org/sharded", NULL, NULL);
  part = g_strdup_printf ("%s/%s.weightscope.part", blobs,
                          ws_hub_listing_find (fetched.listing, path)->sha256);
  g_mkdir_with_parents (blobs, 0777);
  g_file_set_contents (victim, "untouched", -1, NULL);
  g_assert_cmpint (symlink (victim, part), ==, 0);
  fetched_run (&fetched, NULL);
  g_assert_nonnull (fetched.error);
  g_file_get_contents (victim, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "untouched");
}

static void
test_full_disk_is_known_before_the_first_byte (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  /* 4 PiB of zeros, whose hash nobody will ask for */
  g_autofree char *added = hub_fixture_order (
      self, "POST", "/_control/repositories",
      "{\"id\": \"org/vast\", \"files\": {\"model.safetensors\": {\"sparse\": {\"w\": [\"U8\","
      " [4503599627370496]]}, \"sha256\": "
      "\"0000000000000000000000000000000000000000000000000000000000000000\"}}}");

  fetched_init (&fetched, self, "org/vast", NULL, NULL);
  forget_counters (self);
  fetched_run (&fetched, NULL);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (fetched.error->message, "missing"));
  g_assert_cmpint (hub_fixture_count (self, "hub", "requests"), ==, 0);
}

/* Slow enough to be met in the middle: 12 MiB a file at 8 MB/s for each connection. */
static void
init_slow (Fetched *fetched, HubFixture *self)
{
  g_autofree char *set =
      hub_fixture_order (self, "POST", "/_control/settings", "{\"cdn_rate\": 8000000}");

  fetched_init (fetched, self, "org/sharded", NULL, NULL);
  forget_counters (self);
}

typedef struct
{
  HubFixture *fixture;
  Fetched *fetched;
  GCancellable *cancellable;
  gint64 usec;
  gint64 n_bytes; /* sent when it was paused */
} Meddler;

static void
wait_for_bytes (HubFixture *self)
{
  g_autofree char *answer = hub_fixture_order (
      self, "GET", "/_control/wait?listener=cdn&path=*&bytes=20000000&timeout=60", NULL);
}

static gpointer
cancel_in_the_middle (gpointer data)
{
  Meddler *self = data;

  wait_for_bytes (self->fixture);
  self->usec = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

/* Runs until it was cancelled in the middle. */
static void
run_and_cancel (Fetched *fetched, HubFixture *self)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Meddler meddler = { .fixture = self, .fetched = fetched, .cancellable = cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_in_the_middle, &meddler);

  fetched_run (fetched, cancellable);
  g_thread_join (thread);
  g_assert_error (fetched->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* promised are 0.5 s; the machine may have other things to do */
  g_assert_cmpint (g_get_monotonic_time () - meddler.usec, <, 5 * G_USEC_PER_SEC);
}

static void
test_cancelled_download_goes_on_later (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  guint64 n_kept;

  init_slow (&first, self);
  run_and_cancel (&first, self);
  n_kept = first.last.n_bytes_done;
  g_assert_cmpuint (n_kept, >, 3 * UNDER_WAY);
  fetched_init (&second, self, "org/sharded", NULL, NULL);
  forget_counters (self);
  fetched_run (&second, NULL);
  fetched_assert_right (&second, self);
  g_assert_cmpint (fetched_count_cdn_bytes (self), <=, second.last.n_bytes - n_kept + UNDER_WAY);
}

/* One at the beginning; it brings far less than can be hashed. */
static void
test_slow_connections_are_joined_by_others (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *added = hub_fixture_order (
      self, "POST", "/_control/repositories",
      "{\"id\": \"org/slow\", \"files\": {\"model.safetensors\": {\"random\": 67108864}}}");
  g_autofree char *set =
      hub_fixture_order (self, "POST", "/_control/settings", "{\"cdn_rate\": 8000000}");

  fetched_init (&fetched, self, "org/slow", NULL, NULL);
  forget_counters (self);
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
  g_assert_cmpint (hub_fixture_count (self, "cdn", "most_open"), ==,
                   ws_hub_get_settings (fetched.hub)->n_connections);
}

/* So fast that connections wait for the hash. */
static void
test_cancel_is_heard_at_full_speed (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *added =
      hub_fixture_order (self, "POST", "/_control/repositories",
                         "{\"id\": \"org/fast\", \"files\": {\"model.safetensors\": {\"sparse\": "
                         "{\"w\": [\"U8\", [2147483648]]}, \"sha256\": "
                         "\"0000000000000000000000000000000000000000000000000000000000000000\"}}}");

  fetched_init (&fetched, self, "org/fast", NULL, NULL);
  fetched.request.ignore_free_space = TRUE;
  forget_counters (self);
  run_and_cancel (&fetched, self);
  g_assert_cmpuint (fetched.last.n_bytes_done, <, fetched.last.n_bytes);
  ws_download_delete_parts (fetched.download);
}

static void
test_other_token_goes_on_too (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  g_auto (WsHubSettings) settings = { 0 };
  guint64 n_kept;

  init_slow (&first, self);
  run_and_cancel (&first, self);
  n_kept = first.last.n_bytes_done;
  hub_fixture_init_settings (self, &settings);
  settings.token = g_strdup (self->token_full);
  fetched_init (&second, self, "org/sharded", NULL, &settings);
  forget_counters (self);
  fetched_run (&second, NULL);
  fetched_assert_right (&second, self);
  g_assert_cmpint (fetched_count_cdn_bytes (self), <=, second.last.n_bytes - n_kept + UNDER_WAY);
}

static void
test_parts_are_deleted_on_demand (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *blobs = make_path (self, "hub/models--org--sharded/blobs");
  g_autoptr (GDir) folder = NULL;

  init_slow (&fetched, self);
  run_and_cancel (&fetched, self);
  ws_download_delete_parts (fetched.download);
  folder = g_dir_open (blobs, 0, NULL);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    g_assert_null (strstr (name, ".part"));
}

static gpointer
pause_in_the_middle (gpointer data)
{
  Meddler *self = data;
  g_autofree char *answer = NULL;

  wait_for_bytes (self->fixture);
  ws_download_set_paused (self->fetched->download, TRUE);
  /* nothing more is asked for: the wait runs into its time */
  forget_counters (self->fixture);
  answer = hub_fixture_order (self->fixture, "GET",
                              "/_control/wait?listener=cdn&path=*&requests=1&timeout=1", NULL);
  g_assert_nonnull (strstr (answer, "false"));
  ws_download_set_paused (self->fetched->download, FALSE);
  return NULL;
}

static void
test_paused_download_asks_for_nothing (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };
  Meddler meddler = { .fixture = self, .fetched = &fetched };
  GThread *thread;

  init_slow (&fetched, self);
  fetched_prepare (&fetched);
  thread = g_thread_new ("pause", pause_in_the_middle, &meddler);
  fetched_run (&fetched, NULL);
  g_thread_join (thread);
  fetched_assert_right (&fetched, self);
}

static void
test_wait_is_explained (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };

  fetched_init (&fetched, self, "org/single", NULL, NULL);
  hub_fixture_add_fault (self, "{\"kind\": \"rate-limit\", \"listener\": \"hub\"}");
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
  g_assert_nonnull (fetched.retry_message);
  g_assert_nonnull (strstr (fetched.retry_message, "no more requests"));
}

/* What an earlier run has left counts from the first moment. */
static void
test_progress_begins_with_what_is_kept (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  guint64 n_kept;

  init_slow (&first, self);
  run_and_cancel (&first, self);
  n_kept = first.last.n_bytes_done;
  fetched_init (&second, self, "org/sharded", NULL, NULL);
  hub_fixture_add_fault (self, "{\"kind\": \"proxy\", \"listener\": \"hub\", \"times\": 0}");
  fetched_run (&second, NULL);
  g_assert_error (second.error, WS_HUB_ERROR, WS_HUB_ERROR_PROXY);
  g_assert_cmpuint (second.last.n_bytes_done, ==, n_kept);
}

/* Of the first bytes that the record says are there, one is turned over, as a disk may do. */
static void
damage_part (const char *part)
{
  g_autofree char *record = g_strconcat (part, ".json", NULL);
  g_autofree char *text = NULL;
  const char *spans;
  FILE *file;
  long at;
  int byte;

  g_assert_true (g_file_get_contents (record, &text, NULL, NULL));
  spans = strstr (text, "[[");
  g_assert_nonnull (spans);
  at = strtol (spans + 2, NULL, 10);
  file = g_fopen (part, "r+b");
  fseek (file, at, SEEK_SET);
  byte = fgetc (file);
  fseek (file, at, SEEK_SET);
  fputc (byte ^ 1, file);
  fclose (file);
}

/* Found by the hash at the end; then by its sum, so that the other pieces need not come again. */
static void
test_only_what_the_disk_has_changed_comes_again (HubFixture *self, gconstpointer data)
{
  const guint64 n_piece = 4 << 20;
  g_auto (Fetched) first = { 0 };
  g_auto (Fetched) second = { 0 };
  g_autofree char *part = NULL;
  guint64 n_kept;
  g_autofree char *added = hub_fixture_order (
      self, "POST", "/_control/repositories",
      "{\"id\": \"org/slow\", \"files\": {\"model.safetensors\": {\"random\": 67108864}}}");
  g_autofree char *set =
      hub_fixture_order (self, "POST", "/_control/settings", "{\"cdn_rate\": 8000000}");

  fetched_init (&first, self, "org/slow", NULL, NULL);
  forget_counters (self);
  run_and_cancel (&first, self);
  n_kept = first.last.n_bytes_done;
  part = g_strdup_printf ("%s/hub/models--org--slow/blobs/%s.weightscope.part", self->folder,
                          ws_hub_listing_find (first.listing, WEIGHTS)->sha256);
  damage_part (part);
  fetched_init (&second, self, "org/slow", NULL, NULL);
  forget_counters (self);
  fetched_run (&second, NULL);
  fetched_assert_right (&second, self);
  g_assert_cmpint (fetched_count_cdn_bytes (self), >=, second.last.n_bytes - n_kept + n_piece);
  g_assert_cmpint (fetched_count_cdn_bytes (self), <=,
                   second.last.n_bytes - n_kept + n_piece + UNDER_WAY);
  g_assert_cmpuint (second.warnings->len, ==, 1);
  g_assert_nonnull (strstr (g_ptr_array_index (second.warnings, 0), "the disk has changed"));
}

/* What the server repeats: zeros, but for the number of each stretch at its beginning. */
static void
write_stretches (const char *path, guint64 n_bytes)
{
  const guint64 n_stretch = 64 << 20;
  FILE *file = g_fopen (path, "wb");

  for (guint64 i = 1; i * n_stretch < n_bytes; i++)
    {
      const guint64 number = GUINT64_TO_LE (i);

      fseek (file, i * n_stretch, SEEK_SET);
      fwrite (&number, sizeof number, 1, file);
    }
  fclose (file);
  g_assert_cmpint (truncate (path, n_bytes), ==, 0);
}

/* An earlier run has left all from after the head to before @n_prefix. */
static void
leave_prefix (HubFixture *self, const WsHubFile *file, guint64 n_head, guint64 n_prefix)
{
  g_autofree char *blobs = make_path (self, "hub/models--org--prefix/blobs");
  g_autofree char *part = g_strdup_printf ("%s/%s.weightscope.part", blobs, file->sha256);
  g_autofree char *record = g_strconcat (part, ".json", NULL);
  g_autofree char *text =
      g_strdup_printf ("{\"version\": 1, \"n_bytes\": %" G_GUINT64_FORMAT
                       ", \"done\": [[%" G_GUINT64_FORMAT ", %" G_GUINT64_FORMAT "]]}",
                       file->n_bytes, n_head, n_prefix);

  g_mkdir_with_parents (blobs, 0777);
  write_stretches (part, file->n_bytes);
  g_file_set_contents (record, text, -1, NULL);
}

/* To hash 224 MiB takes a tenth of a second at least; 4 MiB are there in a fraction of it, unless
 * connections wait for the hash: then only what each had at hand. */
static void
test_rest_comes_while_the_beginning_is_hashed (HubFixture *self, gconstpointer data)
{
  const guint64 n_head = 64 << 10, n_prefix = 224 << 20;
  g_auto (Fetched) fetched = { 0 };
  g_autofree char *added =
      hub_fixture_order (self, "POST", "/_control/repositories",
                         "{\"id\": \"org/prefix\", \"files\": {\"model.safetensors\": {\"sparse\": "
                         "{\"w\": [\"U8\", [268435456]]}}}}");
  g_autofree char *set =
      hub_fixture_order (self, "POST", "/_control/settings", "{\"cdn_rate\": 40000000}");
  const WsDownloadCounts *counts;

  fetched_init (&fetched, self, "org/prefix", NULL, NULL);
  leave_prefix (self, ws_hub_listing_find (fetched.listing, WEIGHTS), n_head, n_prefix);
  forget_counters (self);
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
  counts = &fetched.download->counts;
  g_assert_cmpint (fetched_count_cdn_bytes (self), <=,
                   fetched.last.n_bytes - (n_prefix - n_head) + UNDER_WAY);
  g_assert_cmpuint (counts->n_bytes_read_back, >=, n_prefix - n_head);
  g_assert_cmpuint (counts->n_bytes_beside, >=, 4 << 20);
}

static void
test_torn_record_is_not_believed (HubFixture *self, gconstpointer data)
{
  const char *const records[] = { "",
                                  "{",
                                  "{\"version\": 1, \"n_bytes\": 5, \"done\": [[0, 5]]}",
                                  "[[[[",
                                  "{\"version\": 1, \"n_bytes\": 12583004, \"done\": [[0, 9]], "
                                  "\"sums\": [1, 2]}",
                                  "{\"version\": 1, \"n_bytes\": 12583004, \"done\": [[9, 3]]}" };

  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    {
      g_auto (Fetched) fetched = { 0 };
      g_autofree char *blobs = make_path (self, "hub/models--org--sharded/blobs");
      g_autofree char *part = NULL;
      g_autofree char *record = NULL;
      const WsHubFile *file;

      fetched_init (&fetched, self, "org/sharded", NULL, NULL);
      file = ws_hub_listing_find (fetched.listing, "model-00001-of-00003.safetensors");
      g_mkdir_with_parents (blobs, 0777);
      part = g_strdup_printf ("%s/%s.weightscope.part", blobs, file->sha256);
      record = g_strconcat (part, ".json", NULL);
      g_file_set_contents (part, "", 0, NULL);
      g_assert_cmpint (truncate (part, file->n_bytes), ==, 0);
      g_file_set_contents (record, records[i], -1, NULL);
      fetched_run (&fetched, NULL);
      fetched_assert_right (&fetched, self);
    }
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/download/" path, HubFixture, NULL, hub_fixture_set_up, function,                   \
              hub_fixture_tear_down)
  ADD ("files/arrive-whole", test_files_arrive_whole);
  ADD ("cache/is-laid-out-as-the-hub-client-does", test_cache_is_laid_out_as_the_hub_client_does);
  ADD ("plain-folder/holds-files", test_plain_folder_holds_files);
  ADD ("what-is-there/is-not-fetched", test_what_is_there_is_not_fetched);
  ADD ("right-file/is-adopted", test_right_file_is_adopted);
  ADD ("wrong-file/is-replaced", test_wrong_file_is_replaced);
  ADD ("cut-blob/is-not-trusted", test_cut_blob_is_not_trusted);
  ADD ("equal-contents/are-fetched-once", test_equal_contents_are_fetched_once);
  ADD ("without-links/the-cache-holds-files", test_without_links_the_cache_holds_files);
  ADD ("revision/is-recorded", test_revision_is_recorded);
  ADD ("link-in-the-target/is-not-written-through", test_link_in_the_target_is_not_written_through);
  ADD ("planted-part/is-not-written-through", test_planted_part_is_not_written_through);
  ADD ("full-disk/is-known-before-the-first-byte", test_full_disk_is_known_before_the_first_byte);
  ADD ("cancelled/goes-on-later", test_cancelled_download_goes_on_later);
  ADD ("slow-connections/are-joined-by-others", test_slow_connections_are_joined_by_others);
  ADD ("cancel/is-heard-at-full-speed", test_cancel_is_heard_at_full_speed);
  ADD ("other-token/goes-on-too", test_other_token_goes_on_too);
  ADD ("parts/are-deleted-on-demand", test_parts_are_deleted_on_demand);
  ADD ("paused/asks-for-nothing", test_paused_download_asks_for_nothing);
  ADD ("wait/is-explained", test_wait_is_explained);
  ADD ("progress/begins-with-what-is-kept", test_progress_begins_with_what_is_kept);
  ADD ("what-the-disk-has-changed/comes-again-alone",
       test_only_what_the_disk_has_changed_comes_again);
  ADD ("rest/comes-while-the-beginning-is-hashed", test_rest_comes_while_the_beginning_is_hashed);
  ADD ("torn-record/is-not-believed", test_torn_record_is_not_believed);
#undef ADD
  result = g_test_run ();
  hub_fixture_stop_server ();
  return result;
}
