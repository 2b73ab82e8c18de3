/* SPDX-License-Identifier: MIT */
/* A download where the system starts no more threads: pthread_create of this program, which GLib
 * calls too, refuses when it is told to. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "download-fixture.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>

typedef int (*Create) (pthread_t *, const pthread_attr_t *, void *(*) (void *), void *);

static gint n_allowed = G_MAXINT;

int
pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*start) (void *),
                void *data)
{
  static Create create;

  if (g_atomic_int_add (&n_allowed, -1) <= 0)
    return EAGAIN;
  if (create == NULL)
    create = (Create) (gpointer) dlsym (RTLD_NEXT, "pthread_create");
  return create (thread, attributes, start, data);
}

/* The first @n threads of a download can be started, then none. */
static void
run_with (Fetched *fetched, int n)
{
  fetched_prepare (fetched);
  g_atomic_int_set (&n_allowed, n);
  fetched_run (fetched, NULL);
  g_atomic_int_set (&n_allowed, G_MAXINT);
}

static void
test_none_is_a_sentence (HubFixture *self, gconstpointer data)
{
  g_auto (Fetched) fetched = { 0 };

  fetched_init (&fetched, self, "org/single", NULL, NULL);
  run_with (&fetched, 0);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_true (
      g_str_has_prefix (fetched.error->message, "cannot start a thread to fetch 'the model'"));
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
}

static void
test_one_fetches_small_files (HubFixture *self, gconstpointer data)
{
  const char *const paths[] = { "config.json", "tokenizer.json", NULL };
  g_auto (Fetched) fetched = { 0 };

  fetched_init (&fetched, self, "org/single", paths, NULL);
  run_with (&fetched, 1);
  fetched_assert_right (&fetched, self);
}

/* Its hash would be taken by a second one. */
static void
test_large_file_is_named (HubFixture *self, gconstpointer data)
{
  const char *const paths[] = { "model-00001-of-00003.safetensors", NULL };
  g_auto (Fetched) fetched = { 0 };

  fetched_init (&fetched, self, "org/sharded", paths, NULL);
  run_with (&fetched, 1);
  g_assert_error (fetched.error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_nonnull (strstr (fetched.error->message, paths[0]));
  fetched_run (&fetched, NULL);
  fetched_assert_right (&fetched, self);
}

static void
add (const char *path, void (*test) (HubFixture *self, gconstpointer data))
{
  g_test_add (path, HubFixture, NULL, hub_fixture_set_up, test, hub_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  add ("/download-threads/none/is-a-sentence", test_none_is_a_sentence);
  add ("/download-threads/one/fetches-small-files", test_one_fetches_small_files);
  add ("/download-threads/one/large-file-is-named", test_large_file_is_named);
  result = g_test_run ();
  hub_fixture_stop_server ();
  return result;
}
