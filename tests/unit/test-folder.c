/* SPDX-License-Identifier: MIT */
/* Folders are listed in the order of bytes, without what is hidden. */
#include "base/folder.h"

#include <glib/gstdio.h>
#include <unistd.h>

static void
assert_lists (const char *path, gboolean only_folders, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) names = ws_folder_list (path, only_folders, NULL, &error);
  g_autofree char *joined = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (" ", (char **) names->pdata);
  g_assert_cmpstr (joined, ==, expected);
}

/* Capitals come before small letters in bytes, whatever the locale. */
static void
test_sorted_without_hidden (void)
{
  static const char *const files[] = { "b", "B", "a", ".hidden" };
  g_autofree char *path = g_dir_make_tmp ("ws-folder-XXXXXX", NULL);
  g_autofree char *inner = g_build_filename (path, "inner", NULL);
  g_autofree char *link = g_build_filename (path, "link", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (path, files[i], NULL);

      g_assert_true (g_file_set_contents (file, "", 0, NULL));
    }
  g_assert_cmpint (g_mkdir (inner, 0700), ==, 0);
  g_assert_cmpint (symlink ("inner", link), ==, 0);

  assert_lists (path, FALSE, "B a b inner link");
  assert_lists (path, TRUE, "inner link");
  assert_lists (inner, FALSE, "");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (path, files[i], NULL);

      g_unlink (file);
    }
  g_unlink (link);
  g_rmdir (inner);
  g_assert_cmpint (g_rmdir (path), ==, 0);
}

static void
test_missing_folder_fails (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_folder_list ("/nonexistent/folder", FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
assert_nearest (const char *folder, const char *below, const char *expected)
{
  g_autofree char *path = g_build_filename (folder, below, NULL);
  g_autofree char *nearest = ws_folder_dup_nearest (path);

  g_assert_cmpstr (nearest, ==, expected);
}

static void
test_nearest_is_where_it_would_be_made (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ws-folder-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "file", NULL);

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  assert_nearest (folder, NULL, folder);
  assert_nearest (folder, "missing", folder);
  assert_nearest (folder, "missing/and/deeper", folder);
  assert_nearest (folder, "file", folder);
  assert_nearest ("/", "nonexistent", "/");
  g_assert_cmpint (g_unlink (file), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/folder/sorted-without-hidden", test_sorted_without_hidden);
  g_test_add_func ("/folder/missing-fails", test_missing_folder_fails);
  g_test_add_func ("/folder/nearest-is-where-it-would-be-made",
                   test_nearest_is_where_it_would_be_made);
  return g_test_run ();
}
