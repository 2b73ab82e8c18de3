/* SPDX-License-Identifier: MIT */
/* Models fetched from the Hub of the tests: the right bytes at the right places, and not twice. */
#include "download-fixture.h"

#include "hub/hub-error.h"

#include <glib/gstdio.h>
#include <string.h>

#define WEIGHTS "model.safetensors"

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
#undef ADD
  result = g_test_run ();
  hub_fixture_stop_server ();
  return result;
}
