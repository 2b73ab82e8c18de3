/* SPDX-License-Identifier: MIT */
/* Folders of the Hub's cache tell their model's id and revision. */
#include "model-fixture.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMMIT "0123456789abcdef0123456789abcdef01234567"

static void
test_hub_cache_gives_id_and_revision (Fixture *self, gconstpointer data)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--some-name", "snapshots",
                                         COMMIT, NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", "a");
  g_autoptr (WsModel) model = open_folder (&snapshot);
  g_autoptr (WsModel) by_name = open_name (&snapshot, "model.safetensors", FALSE, NULL);
  g_free (snapshot.folder);

  g_assert_cmpstr (model->model_id, ==, "org/some-name");
  g_assert_cmpstr (model->revision, ==, COMMIT);
  g_assert_cmpstr (model->title, ==, "org/some-name");
  g_assert_cmpstr (by_name->model_id, ==, "org/some-name");
}

#define OTHER_COMMIT "fedcba9876543210fedcba9876543210fedcba98"

/* A snapshot in the cache of a model, with one file of one tensor. */
static void
write_snapshot (Fixture *self, const char *commit, const char *tensor)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--name", "snapshots", commit,
                                         NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", tensor);
  g_free (snapshot.folder);
}

static void
write_main (Fixture *self, const char *text)
{
  g_autofree char *refs = g_build_filename (self->folder, "models--org--name", "refs", NULL);

  g_assert_cmpint (g_mkdir_with_parents (refs, 0700), ==, 0);
  write_text (self, "models--org--name/refs/main", text);
}

static void
assert_root_opens (Fixture *self, const char *commit, const char *tensor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, "models--org--name", FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (get_tensor (model, 0)->name, ==, tensor);
  g_assert_cmpstr (model->model_id, ==, "org/name");
  g_assert_cmpstr (model->title, ==, "org/name");
  g_assert_cmpstr (model->revision, ==, commit);
}

static void
test_hub_root_opens_main (Fixture *self, gconstpointer data)
{
  write_snapshot (self, COMMIT, "of-main");
  write_snapshot (self, OTHER_COMMIT, "of-another");
  write_main (self, COMMIT "\n");
  assert_root_opens (self, COMMIT, "of-main");
}

static void
test_hub_root_opens_only_snapshot (Fixture *self, gconstpointer data)
{
  write_snapshot (self, OTHER_COMMIT, "alone");
  assert_root_opens (self, OTHER_COMMIT, "alone");
  write_main (self, COMMIT); /* which was not downloaded */
  assert_root_opens (self, OTHER_COMMIT, "alone");
}

static void
test_hub_root_lists_several_snapshots (Fixture *self, gconstpointer data)
{
  const char *const no_refs[] = { "", "..", "../../x", "0123", COMMIT COMMIT };

  write_snapshot (self, COMMIT, "a");
  write_snapshot (self, OTHER_COMMIT, "b");
  assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_ARGUMENT,
                  "('snapshots/" COMMIT "', 'snapshots/" OTHER_COMMIT "')");
  for (guint i = 0; i < G_N_ELEMENTS (no_refs); i++)
    {
      write_main (self, no_refs[i]);
      assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_ARGUMENT, OTHER_COMMIT);
    }
}

static void
test_hub_root_without_snapshot (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "models--org--name", "snapshots", NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_NOT_FOUND, "no snapshot");
}

static void
test_folder_that_resembles_hub_cache_gives_nothing (Fixture *self, gconstpointer data)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--name", "snapshots", "main",
                                         NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", "a");
  g_autoptr (WsModel) model = open_folder (&snapshot);
  g_free (snapshot.folder);
  g_assert_null (model->model_id);
  g_assert_null (model->revision);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/hub-folder/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("hub-cache-gives-id-and-revision", test_hub_cache_gives_id_and_revision);
  ADD ("root/opens-main", test_hub_root_opens_main);
  ADD ("root/opens-only-snapshot", test_hub_root_opens_only_snapshot);
  ADD ("root/lists-several-snapshots", test_hub_root_lists_several_snapshots);
  ADD ("root/without-snapshot", test_hub_root_without_snapshot);
  ADD ("folder-that-resembles-hub-cache", test_folder_that_resembles_hub_cache_gives_nothing);
  return g_test_run ();
}
