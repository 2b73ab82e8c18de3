/* SPDX-License-Identifier: MIT */
/* Who waits for whom while a large file comes and is hashed: told by what is there, without a
 * server. */
#include "hub/download-private.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define MIB ((guint64) 1 << 20)
#define FILE_BYTES (256 * MIB)
/* Far longer than any machine takes to wake a thread. */
#define MAX_WAIT_USEC (30 * G_USEC_PER_SEC)

/* A large file of which nothing has come. */
typedef struct
{
  WsDownload download;
  WsContent content;
  char *path;
  int folder;
  gboolean is_waiting;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  WsContent *content = &self->content;
  GError *error = NULL;

  self->path = g_dir_make_tmp ("download-pace-XXXXXX", NULL);
  self->folder = open (self->path, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
  g_mutex_init (&self->download.mutex);
  g_cond_init (&self->download.changed);
  self->download.relay = ws_relay_new (128);
  content->download = &self->download;
  content->n_bytes = FILE_BYTES;
  content->stage = WS_STAGE_OPEN;
  content->n_wanted = 1;
  content->pace_usec = g_get_monotonic_time ();
  g_cond_init (&content->grown);
  g_cond_init (&content->hashed);
  content->part =
      ws_part_open (self->folder, "part", "model.safetensors", FILE_BYTES, FALSE, &error);
  g_assert_no_error (error);
  ws_segments_init (&content->segments, FILE_BYTES, FILE_BYTES);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  WsContent *content = &self->content;

  ws_segments_clear (&content->segments);
  ws_part_free (content->part);
  g_cond_clear (&content->hashed);
  g_cond_clear (&content->grown);
  ws_relay_free (self->download.relay);
  g_cond_clear (&self->download.changed);
  g_mutex_clear (&self->download.mutex);
  close (self->folder);
  g_rmdir (self->path);
  g_free (self->path);
}

/* These bytes have come, and are no longer in memory. */
static void
bring (Fixture *self, guint64 begin, guint64 end)
{
  g_assert_true (ws_segments_add_done (&self->content.segments, (WsSpan){ begin, end }));
  _ws_content_update_full (&self->content);
}

/* These have just come. */
static void
bring_in_memory (Fixture *self, guint64 begin, guint64 end)
{
  WsRelay *relay = self->download.relay;

  for (guint64 at = begin; at < end; at += WS_RELAY_BUFFER_BYTES)
    {
      WsRelayPiece piece = { ws_relay_take_buffer (relay), at, WS_RELAY_BUFFER_BYTES };

      g_assert_true (ws_relay_pass (relay, &self->content, &piece));
      ws_relay_give_buffer (relay, piece.buffer);
    }
  bring (self, begin, end);
}

/* What was hashed before lies ahead of what comes now. */
static void
test_hash_that_begins_anew_is_woken_by_the_first_bytes (Fixture *self, gconstpointer data)
{
  WsContent *content = &self->content;

  bring (self, 0, 100 * MIB);
  content->n_hashed = 100 * MIB;
  g_assert_false (_ws_content_is_worth_hashing (content));
  ws_segments_forget (&content->segments);
  _ws_content_hash_anew (content);
  g_assert_true (content->hash_anew);
  g_assert_false (_ws_content_is_worth_hashing (content));
  bring (self, 0, MIB);
  g_assert_true (_ws_content_is_worth_hashing (content));
}

/* The limit is 8 MiB; who waits goes on at 4 MiB. */
static void
test_connections_wait_until_half_is_hashed (Fixture *self, gconstpointer data)
{
  WsContent *content = &self->content;

  bring_in_memory (self, 0, 8 * MIB);
  g_assert_true (_ws_content_wants_more (content));
  bring_in_memory (self, 8 * MIB, 9 * MIB);
  g_assert_false (_ws_content_wants_more (content));
  _ws_content_advance_hash (content, 4 * MIB, 1000);
  g_assert_false (_ws_content_wants_more (content));
  _ws_content_advance_hash (content, 1 * MIB, 1000);
  g_assert_true (_ws_content_wants_more (content));
}

/* Also where all of it has come in this run. */
static void
test_nobody_waits_for_what_is_read_back (Fixture *self, gconstpointer data)
{
  bring (self, 0, 32 * MIB);
  g_assert_true (_ws_content_wants_more (&self->content));
  bring_in_memory (self, 32 * MIB, 40 * MIB);
  g_assert_true (_ws_content_wants_more (&self->content));
  /* behind a gap they are not to be hashed yet */
  bring_in_memory (self, 41 * MIB, 45 * MIB);
  g_assert_true (_ws_content_wants_more (&self->content));
  bring_in_memory (self, 40 * MIB, 41 * MIB);
  g_assert_false (_ws_content_wants_more (&self->content));
}

/* Looks only when it is woken. */
static gpointer
wait_while_full (gpointer data)
{
  Fixture *self = data;

  g_mutex_lock (&self->download.mutex);
  self->is_waiting = TRUE;
  while (self->content.is_full)
    g_assert_true (g_cond_wait_until (&self->content.hashed, &self->download.mutex,
                                      g_get_monotonic_time () + MAX_WAIT_USEC));
  g_mutex_unlock (&self->download.mutex);
  return NULL;
}

static void
assert_wakes (Fixture *self, void (*change) (Fixture *self))
{
  GThread *thread;

  g_assert_true (self->content.is_full);
  thread = g_thread_new ("waits", wait_while_full, self);
  g_mutex_lock (&self->download.mutex);
  while (!self->is_waiting)
    {
      g_mutex_unlock (&self->download.mutex);
      g_thread_yield ();
      g_mutex_lock (&self->download.mutex);
    }
  change (self);
  g_mutex_unlock (&self->download.mutex);
  g_thread_join (thread);
}

static void
hash_most (Fixture *self)
{
  _ws_content_advance_hash (&self->content, 6 * MIB, 1000);
}

static void
begin_anew (Fixture *self)
{
  ws_segments_forget (&self->content.segments);
  _ws_content_hash_anew (&self->content);
}

static void
test_whatever_ends_the_wait_wakes (Fixture *self, gconstpointer data)
{
  void (*const changes[]) (Fixture *) = { hash_most, begin_anew };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      begin_anew (self);
      bring_in_memory (self, 0, 9 * MIB);
      self->is_waiting = FALSE;
      assert_wakes (self, changes[i]);
    }
}

/* 4 MiB in 10 ms of which 8 were spent waiting. */
static void
test_waiting_for_the_hash_makes_no_connection_slow (Fixture *self, gconstpointer data)
{
  _ws_download_keep_pace (&self->download, 4 * MIB, 10000, 8000, 100);
  g_assert_cmpfloat (self->download.bytes_per_usec, ==, 4 * MIB / 2000.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/download-pace/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("hash-that-begins-anew/is-woken-by-the-first-bytes",
       test_hash_that_begins_anew_is_woken_by_the_first_bytes);
  ADD ("connections/wait-until-half-is-hashed", test_connections_wait_until_half_is_hashed);
  ADD ("whatever-ends-the-wait/wakes", test_whatever_ends_the_wait_wakes);
  ADD ("nobody/waits-for-what-is-read-back", test_nobody_waits_for_what_is_read_back);
  ADD ("waiting-for-the-hash/makes-no-connection-slow",
       test_waiting_for_the_hash_makes_no_connection_slow);
#undef ADD
  return g_test_run ();
}
