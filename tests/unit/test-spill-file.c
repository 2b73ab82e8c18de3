/* SPDX-License-Identifier: MIT */
/* A file without a name: bytes come back, nothing is left, and no room is no failure. */
#include "base/spill-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

#define MIB ((gsize) 1 << 20)

typedef struct
{
  char *folder;
  guint8 *bytes; /* 2 MiB */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);
  self->bytes = g_malloc (2 * MIB);
  for (gsize i = 0; i < 2 * MIB; i++)
    self->bytes[i] = (guint8) (i * 7 + (i >> 8) + (i >> 16));
}

/* Fails if anything is left in the folder. */
static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->bytes);
}

static void
test_bytes_come_back (Fixture *self, gconstpointer data)
{
  /* a folder that is not there yet, and is not made */
  g_autofree char *folder = g_build_filename (self->folder, "hub", "deep", NULL);
  g_autoptr (WsSpillFile) file = ws_spill_file_new (folder);
  g_autofree guint8 *back = g_malloc (2 * MIB);
  g_autoptr (GDir) names = g_dir_open (self->folder, 0, NULL);

  g_assert_nonnull (file);
  g_assert_null (g_dir_read_name (names));
  if (ws_spill_file_get_room (folder) < 16 * MIB)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  g_assert_true (ws_spill_file_write (file, 5 * MIB + 3, self->bytes, 2 * MIB, NULL));
  g_assert_true (ws_spill_file_write (file, 1, self->bytes + 9, 1000, NULL));
  g_assert_true (ws_spill_file_read (file, 5 * MIB + 3, back, 2 * MIB));
  g_assert_cmpmem (back, 2 * MIB, self->bytes, 2 * MIB);
  g_assert_true (ws_spill_file_read (file, 1, back, 1000));
  g_assert_cmpmem (back, 1000, self->bytes + 9, 1000);
  /* what lies beside what is discarded stays, also within one block of the disk */
  ws_spill_file_discard (file, 5 * MIB + 3, MIB);
  g_assert_true (ws_spill_file_read (file, 6 * MIB + 3, back, MIB));
  g_assert_cmpmem (back, MIB, self->bytes + MIB, MIB);
  g_assert_false (ws_spill_file_read (file, 7 * MIB, back, MIB));
}

static void
test_nothing_is_written_beyond_the_room (Fixture *self, gconstpointer data)
{
  g_autoptr (WsSpillFile) file = ws_spill_file_new (self->folder);
  struct rlimit old, limit;
  guint64 room;
  gboolean fitting, too_long;

  if (ws_spill_file_get_room (self->folder) < 16 * MIB)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  /* a file that grows beyond this limit kills its writer */
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 3 * MIB;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  room = ws_spill_file_get_room (self->folder);
  fitting = ws_spill_file_write (file, MIB, self->bytes, 2 * MIB, NULL);
  too_long = ws_spill_file_write (file, MIB + 1, self->bytes, 2 * MIB, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_cmpuint (room, ==, 3 * MIB);
  g_assert_true (fitting);
  g_assert_false (too_long);
}

static void
test_no_file_system_has_no_room (Fixture *self, gconstpointer data)
{
  /* no file can be made there, by anybody */
  g_assert_null (ws_spill_file_new ("/proc/self"));
}

static void
test_cancelled_write_fails (Fixture *self, gconstpointer data)
{
  g_autoptr (WsSpillFile) file = ws_spill_file_new (self->folder);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  g_cancellable_cancel (cancellable);
  g_assert_false (ws_spill_file_write (file, 0, self->bytes, MIB, cancellable));
}

#define ADD(path, func) g_test_add ("/spill-file/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("bytes/come-back", test_bytes_come_back);
  ADD ("beyond-the-room/nothing-is-written", test_nothing_is_written_beyond_the_room);
  ADD ("no-file-system/has-no-room", test_no_file_system_has_no_room);
  ADD ("cancelled-write/fails", test_cancelled_write_fails);
  return g_test_run ();
}
