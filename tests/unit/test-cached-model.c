/* SPDX-License-Identifier: MIT */
/* What a cache tells of a model without the Hub: lists that others have written, and files. */
#include "hub/cached-model.h"

#include <glib/gstdio.h>
#include <string.h>

#define ID "org/name"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"
#define OID "\"blob_id\": \"89abcdef0123456789abcdef0123456789abcdef\""
#define FILE(path) "\"" path "\": {\"size\": 3, " OID "}"

typedef struct
{
  char *folder; /* the cache */
  WsHubSettings settings;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("cached-model-XXXXXX", NULL);
  self->settings.cache_folder = self->folder;
}

static void delete (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      delete (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  delete (self->folder);
  g_free (self->folder);
}

/* @path: below the folder of the model */
static void
write_text (Fixture *self, const char *path, const char *text)
{
  g_autofree char *whole = g_build_filename (self->folder, "models--org--name", path, NULL);
  g_autofree char *parent = g_path_get_dirname (whole);

  g_mkdir_with_parents (parent, 0777);
  g_assert_true (g_file_set_contents (whole, text, -1, NULL));
}

/* The paths of the list, joined; "-": there is none. */
static void
check_list (Fixture *self, const char *text, const char *expected)
{
  g_autoptr (WsHubListing) listing = NULL;
  g_autoptr (GString) paths = g_string_new (NULL);

  g_test_message ("%s", text);
  write_text (self, "trees/" COMMIT ".json", text);
  listing = ws_cached_model_read_listing (&self->settings, ID, COMMIT);
  for (guint i = 0; listing && i < listing->files->len; i++)
    g_string_append_printf (paths, "%s%s", i > 0 ? " " : "",
                            ((WsHubFile *) g_ptr_array_index (listing->files, i))->path);
  g_assert_cmpstr (listing ? paths->str : "-", ==, expected);
}

static void
test_list_is_read (Fixture *self, gconstpointer data)
{
  g_assert_null (ws_cached_model_read_listing (&self->settings, ID, COMMIT));
  check_list (self, "{\"format_version\": 1, \"files\": {" FILE ("b") ", " FILE ("a/c") "}}",
              "a/c b");
  check_list (self,
              "{\"files\": {\"a\": {\"size\": 3, " OID ", \"lfs_size\": 3, \"more\": [{}]}},"
              " \"other\": {\"files\": 1}}",
              "a");
}

/* Nothing leaves the folder, and nothing that is half a list passes for a whole one. */
static void
test_hostile_list_is_no_list (Fixture *self, gconstpointer data)
{
  check_list (self,
              "{\"files\": {" FILE ("../x") ", " FILE ("/etc/x") ", " FILE ("a\\u0000b") ", " FILE (
                  "ok") "}}",
              "ok");
  check_list (self, "{\"files\": {\"a\": {\"size\": -3, " OID "}, \"b\": {\"size\": 3}}}", "");
  check_list (self, "", "-");
  check_list (self, "{}", "-");
  check_list (self, "[]", "-");
  check_list (self, "{\"files\": []}", "-");
  check_list (self, "{\"files\": {\"a\": 1}}", "-");
  check_list (self, "{\"files\": {" FILE ("a"), "-");
  check_list (self, "{\"files\": {" FILE ("a") "}, \"files\": {}}", "-");
  check_list (self, "{\"files\": {" FILE ("a") "}} x", "-");
}

static void
test_revision_is_found (Fixture *self, gconstpointer data)
{
  const WsHubName main = { .id = (char *) ID };
  const WsHubName branch = { .id = (char *) ID, .revision = (char *) "feature/half" };
  const WsHubName commit = { .id = (char *) ID, .revision = (char *) COMMIT };
  g_autofree char *found = NULL;
  g_autofree char *itself = ws_cached_model_find_commit (&self->settings, &commit);

  g_assert_cmpstr (itself, ==, COMMIT);
  write_text (self, "refs/main", "../../outside");
  g_assert_null (ws_cached_model_find_commit (&self->settings, &main));
  g_assert_null (ws_cached_model_find_commit (&self->settings, &branch));
  write_text (self, "refs/feature/half", COMMIT "\n");
  found = ws_cached_model_find_commit (&self->settings, &branch);
  g_assert_cmpstr (found, ==, COMMIT);
}

/* By its size: under its name, by its contents only, cut short, not at all. */
static void
test_file_is_here_or_not (Fixture *self, gconstpointer data)
{
  static const char *const paths[] = { "named", "contents", "short", "nothing" };
  g_autoptr (WsHubListing) listing = NULL;
  g_auto (WsModelPlace) place = { 0 };

  write_text (self, "trees/" COMMIT ".json",
              "{\"files\": {" FILE ("named") ", \"contents\": {\"size\": 4, \"blob_id\": "
                                             "\"0000000000000000000000000000000000000000\"}, "
                                             "\"nothing\": {\"size\": 5, \"blob_id\": "
                                             "\"1111111111111111111111111111111111111111\"}, "
                                             "\"short\": {\"size\": 6, \"blob_id\": "
                                             "\"2222222222222222222222222222222222222222\"}}}");
  write_text (self, "snapshots/" COMMIT "/named", "abc");
  write_text (self, "snapshots/" COMMIT "/short", "abc");
  write_text (self, "blobs/0000000000000000000000000000000000000000", "abcd");
  listing = ws_cached_model_read_listing (&self->settings, ID, COMMIT);
  ws_model_place_init (&place, &self->settings, listing, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      const WsHubFile *file = ws_hub_listing_find (listing, paths[i]);

      g_assert_cmpint (ws_model_place_has (&place, file), ==, i == 0);
      g_assert_cmpint (ws_model_place_has_contents (&place, file), ==, i <= 1);
    }
}

#define ADD(path, function)                                                                        \
  g_test_add ("/cached-model/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("list/is-read", test_list_is_read);
  ADD ("list/hostile-is-none", test_hostile_list_is_no_list);
  ADD ("revision/is-found", test_revision_is_found);
  ADD ("file/is-here-or-not", test_file_is_here_or_not);
  return g_test_run ();
}
