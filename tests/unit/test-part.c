/* SPDX-License-Identifier: MIT */
/* What a part does beside what downloads show. */
#include "hub/part.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_BYTES ((gsize) 5 << 19)
#define SHOWN "model.safetensors"

typedef struct
{
  char *path;
  int folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->path = g_dir_make_tmp ("part-XXXXXX", NULL);
  self->folder = open (self->path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  close (self->folder);
  g_rmdir (self->path);
  g_free (self->path);
}

static WsPart *
open_part (const Fixture *self, GError **error)
{
  return ws_part_open (self->folder, "part", SHOWN, FILE_BYTES, FALSE, error);
}

/* Of two and a half steps. */
static void
test_sync_begins_with_all_unless_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *bytes = g_malloc0 (FILE_BYTES);
  g_autoptr (GError) error = NULL;
  g_autoptr (WsPart) part = open_part (self, &error);

  g_assert_no_error (error);
  g_assert_true (ws_part_write (part, 0, bytes, FILE_BYTES, &error));
  g_assert_cmpuint (ws_part_begin_sync (part, 100, FILE_BYTES - 100, cancellable), ==, FILE_BYTES);
  g_assert_cmpuint (ws_part_begin_sync (part, 100, 0, cancellable), ==, 100);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (ws_part_begin_sync (part, 100, FILE_BYTES - 100, cancellable), ==, 100);
}

static void
test_sentences_name_the_file_of_the_model (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsPart) first = open_part (self, &error);
  g_autoptr (WsPart) second = NULL;

  g_assert_no_error (error);
  second = open_part (self, &error);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "'" SHOWN "'"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/part/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("sync/begins-with-all-unless-cancelled", test_sync_begins_with_all_unless_cancelled);
  ADD ("sentences/name-the-file-of-the-model", test_sentences_name_the_file_of_the_model);
#undef ADD
  return g_test_run ();
}
