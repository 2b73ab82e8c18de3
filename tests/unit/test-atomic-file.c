/* SPDX-License-Identifier: MIT */
/* Whoever looks at the final name sees the old file or the whole new one. */
#include "base/atomic-file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("ws-atomic-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "out.csv", NULL);
}

/* Also the check that no temporary file was left: the folder can be removed. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

static void
assert_contents (const char *path, const char *expected)
{
  g_autofree char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, expected);
}

static void
test_nothing_stands_before_commit (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (self->path, &error);

  g_assert_no_error (error);
  fputs ("whole", ws_atomic_file_get_stream (file));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_true (ws_atomic_file_commit (file, &error));
  g_assert_no_error (error);
  assert_contents (self->path, "whole");
}

static void
test_dropped_file_leaves_the_old_one (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->path, "old", -1, NULL));

  WsAtomicFile *file = ws_atomic_file_open (self->path, NULL);
  fputs ("new", ws_atomic_file_get_stream (file));
  ws_atomic_file_free (file);
  assert_contents (self->path, "old");
}

static void
test_mode_is_what_umask_gives (Fixture *self, gconstpointer data)
{
  struct stat status;
  mode_t mask = umask (027);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (self->path, NULL);

  umask (mask);
  g_assert_true (ws_atomic_file_commit (file, NULL));
  g_assert_cmpint (stat (self->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 07777, ==, 0640);
}

/* A limit on the size of files stands for the full disk: write fails, with EFBIG for ENOSPC. */
static void
test_full_disk_is_noticed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  struct rlimit old, limit;

  g_assert_true (g_file_set_contents (self->path, "old", -1, NULL));
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (self->path, NULL);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 4096;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (guint i = 0; i < 100000; i++)
    fputc ('x', ws_atomic_file_get_stream (file));
  gboolean committed = ws_atomic_file_commit (file, &error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);

  g_assert_false (committed);
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, self->path));
  assert_contents (self->path, "old");
}

/* The writes after the failed one succeed, so only the stream's flag remembers it. */
static void
test_failed_write_of_long_ago_is_noticed (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (self->path, NULL);
  FILE *stream = ws_atomic_file_get_stream (file);
  struct rlimit old, limit;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 0;
  fputs ("lost", stream);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_cmpint (fflush (stream), ==, EOF);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  fputs ("kept", stream);
  g_assert_false (ws_atomic_file_commit (file, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, self->path));
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static void
test_link_stays_a_link (Fixture *self, gconstpointer data)
{
  g_autofree char *target = g_build_filename (self->folder, "target.csv", NULL);

  g_assert_true (g_file_set_contents (target, "old", -1, NULL));
  g_assert_cmpint (symlink ("target.csv", self->path), ==, 0);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (self->path, NULL);
  fputs ("new", ws_atomic_file_get_stream (file));
  g_assert_true (ws_atomic_file_commit (file, NULL));
  g_assert_true (g_file_test (self->path, G_FILE_TEST_IS_SYMLINK));
  assert_contents (target, "new");
  g_unlink (target);
}

static void
test_longest_name_is_taken (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strnfill (255, 'n'); /* NAME_MAX */
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (ws_atomic_file_commit (file, &error));
  g_unlink (path);
}

static void
test_refuses_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_atomic_file_open (self->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

static void
test_refuses_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_atomic_file_open ("/dev/null", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_missing_folder_names_path (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_atomic_file_open ("/nowhere/at-all/out.csv", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, "'/nowhere/at-all/out.csv'"));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/atomic-file/nothing-stands-before-commit", test_nothing_stands_before_commit);
  ADD ("/atomic-file/dropped-file-leaves-the-old-one", test_dropped_file_leaves_the_old_one);
  ADD ("/atomic-file/mode-is-what-umask-gives", test_mode_is_what_umask_gives);
  ADD ("/atomic-file/full-disk-is-noticed", test_full_disk_is_noticed);
  ADD ("/atomic-file/failed-write-of-long-ago-is-noticed",
       test_failed_write_of_long_ago_is_noticed);
  ADD ("/atomic-file/link-stays-a-link", test_link_stays_a_link);
  ADD ("/atomic-file/longest-name-is-taken", test_longest_name_is_taken);
  ADD ("/atomic-file/refuses-folder", test_refuses_folder);
  g_test_add_func ("/atomic-file/refuses-device", test_refuses_device);
  g_test_add_func ("/atomic-file/missing-folder-names-path", test_missing_folder_names_path);
  return g_test_run ();
}
