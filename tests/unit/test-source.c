/* SPDX-License-Identifier: MIT */
/* Sources give exactly the bytes asked for, or a sentence. */
#include "base/source.h"

#include <glib/gstdio.h>
#include <string.h>
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

  self->folder = g_dir_make_tmp ("ws-source-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "file.bin", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, "link.bin", NULL);

  g_unlink (link);
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

/* Byte i is i mod 251: a prime, so that no power of two hides a wrong offset. */
static void
write_pattern (const char *path, gsize n)
{
  g_autofree char *bytes = g_malloc (n);

  for (gsize i = 0; i < n; i++)
    bytes[i] = (char) (i % 251);
  g_assert_true (g_file_set_contents (path, bytes, n, NULL));
}

static void
assert_pattern (const guint8 *bytes, gsize offset, gsize n)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpuint (bytes[i], ==, (offset + i) % 251);
}

static void
test_reads_across_pieces (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gsize n = (9 << 20) + 17; /* three pieces of 4 MiB, the last one short */

  write_pattern (self->path, n);
  g_autoptr (WsSource) source = ws_source_open_file (self->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ws_source_get_n_bytes (source), ==, n);
  g_assert_cmpstr (ws_source_get_name (source), ==, "file.bin");

  g_autofree guint8 *bytes = g_malloc (n - 5);
  g_assert_true (ws_source_read (source, 5, bytes, n - 5, NULL, &error));
  g_assert_no_error (error);
  assert_pattern (bytes, 5, n - 5);
}

static void
test_refuses_past_the_end (Fixture *self, gconstpointer data)
{
  write_pattern (self->path, 10);
  g_autoptr (WsSource) source = ws_source_open_file (self->path, NULL);
  guint8 bytes[16];
  struct
  {
    guint64 offset;
    gsize n;
  } cases[] = { { 0, 11 }, { 10, 1 }, { 11, 0 }, { G_MAXUINT64, 8 }, { 5, 6 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (ws_source_read (source, cases[i].offset, bytes, cases[i].n, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
      g_assert_nonnull (strstr (error->message, "'file.bin'"));
    }
  g_assert_true (ws_source_read (source, 10, bytes, 0, NULL, NULL));
}

static void
test_says_that_file_became_shorter (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint8 bytes[100];

  write_pattern (self->path, 100);
  g_autoptr (WsSource) source = ws_source_open_file (self->path, NULL);
  g_assert_cmpint (truncate (self->path, 40), ==, 0);
  g_assert_false (ws_source_read (source, 0, bytes, 100, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_nonnull (strstr (error->message, "'file.bin' has become shorter"));
  g_assert_nonnull (strstr (error->message, "byte 40"));
}

static void
test_stops_when_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint8 bytes[10];

  write_pattern (self->path, 10);
  g_autoptr (WsSource) source = ws_source_open_file (self->path, NULL);
  g_cancellable_cancel (cancellable);
  g_assert_false (ws_source_read (source, 0, bytes, 10, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_refuses_folder (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_source_open_file (self->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  g_assert_nonnull (strstr (error->message, self->folder));
}

static void
test_refuses_pipe_without_waiting (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (mkfifo (self->path, 0600), ==, 0);
  g_assert_null (ws_source_open_file (self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_refuses_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_source_open_file ("/dev/zero", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
}

static void
test_refuses_link_loop (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink ("file.bin", self->path), ==, 0);
  g_assert_null (ws_source_open_file (self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS);
}

static void
test_missing_names_path (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_source_open_file (self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (strstr (error->message, self->path));
}

/* The Hub cache: the name is that of the link, the identity that of the blob. */
static void
test_identity_follows_links (Fixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, "link.bin", NULL);
  struct stat status;

  write_pattern (self->path, 10);
  g_assert_cmpint (symlink ("file.bin", link), ==, 0);
  g_assert_cmpint (stat (self->path, &status), ==, 0);

  g_autoptr (WsSource) source = ws_source_open_file (link, NULL);
  const WsFileIdentity *identity = ws_source_get_identity (source);
  g_assert_cmpstr (ws_source_get_name (source), ==, "link.bin");
  g_assert_true (g_str_has_suffix (identity->path, "/file.bin"));
  g_assert_true (g_path_is_absolute (identity->path));
  g_assert_cmpuint (identity->n_bytes, ==, 10);
  g_assert_cmpuint (identity->inode, ==, status.st_ino);
  g_assert_cmpint (identity->mtime_nsec, ==,
                   status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec);
}

static void
test_bytes_are_a_source (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("0123456789", 10);
  g_autoptr (WsSource) source = ws_source_new_bytes ("memory", bytes);
  g_autoptr (GError) error = NULL;
  char three[4] = "";

  g_assert_null (ws_source_get_identity (source));
  g_assert_true (ws_source_read (source, 7, three, 3, NULL, NULL));
  g_assert_cmpstr (three, ==, "789");
  g_assert_false (ws_source_read (source, 8, three, 3, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

static void
test_reads_all_up_to_a_limit (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("0123456789", 10);
  g_autoptr (WsSource) source = ws_source_new_bytes ("memory", bytes);
  g_autoptr (GError) error = NULL;
  gsize n = 0;

  g_autofree char *all = ws_source_read_all (source, 10, &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (all, n, "0123456789", 10);
  g_assert_null (ws_source_read_all (source, 9, &n, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static gpointer
take_and_drop_references (gpointer data)
{
  for (guint i = 0; i < 10000; i++)
    ws_source_unref (ws_source_ref (data));
  return NULL;
}

static void
test_references_are_atomic (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new ("x", 1);
  g_autoptr (WsSource) source = ws_source_new_bytes ("memory", bytes);
  GThread *threads[4];
  char byte = 0;

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("refs", take_and_drop_references, source);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_true (ws_source_read (source, 0, &byte, 1, NULL, NULL));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/source/file/reads-across-pieces", test_reads_across_pieces);
  ADD ("/source/file/refuses-past-the-end", test_refuses_past_the_end);
  ADD ("/source/file/says-that-it-became-shorter", test_says_that_file_became_shorter);
  ADD ("/source/file/stops-when-cancelled", test_stops_when_cancelled);
  ADD ("/source/file/refuses-folder", test_refuses_folder);
  ADD ("/source/file/refuses-pipe-without-waiting", test_refuses_pipe_without_waiting);
  g_test_add_func ("/source/file/refuses-device", test_refuses_device);
  ADD ("/source/file/refuses-link-loop", test_refuses_link_loop);
  ADD ("/source/file/missing-names-path", test_missing_names_path);
  ADD ("/source/file/identity-follows-links", test_identity_follows_links);
  g_test_add_func ("/source/bytes/are-a-source", test_bytes_are_a_source);
  g_test_add_func ("/source/reads-all-up-to-a-limit", test_reads_all_up_to_a_limit);
  g_test_add_func ("/source/references-are-atomic", test_references_are_atomic);
  return g_test_run ();
}
