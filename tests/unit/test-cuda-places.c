/* SPDX-License-Identifier: MIT */
/* Where libraries are looked for, and in which order. */
#include <glib/gstdio.h>
#include <string.h>

#include "cuda/cuda-places.h"

/* A tree that is empty for every test, with variables that point into it. The same for all tests:
 * GLib asks for HOME only once. */
typedef struct
{
  char *folder;
} Fixture;

static char *root;

static const char *const variables[] = { "CUDA_PATH", "CUDA_HOME", "CONDA_PREFIX", "VIRTUAL_ENV",
                                         "HOME" };

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = root;
  g_assert_cmpint (g_mkdir_with_parents (root, 0700), ==, 0);
  g_unsetenv ("WEIGHTSCOPE_CUDA_PATH");
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, variables[i], NULL);

      g_setenv (variables[i], path, TRUE);
    }
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      remove_tree (inner);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_tree (self->folder);
}

static void
make (const Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
}

/* @expected: those below the tree, in order; "*" behind those with a folder for each library, and
 * "loader". What the machine really has is left out. */
static void
assert_places (const Fixture *self, const char *expected)
{
  g_autoptr (GPtrArray) places = ws_cuda_places_list ();
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < places->len; i++)
    {
      const WsCudaPlace *place = places->pdata[i];

      if (place->folder == NULL)
        g_string_append (text, "loader ");
      else if (g_str_has_prefix (place->folder, self->folder))
        g_string_append_printf (text, "%s%s ", place->folder + strlen (self->folder) + 1,
                                place->is_split ? "*" : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_loader_comes_first (Fixture *self, gconstpointer data)
{
  make (self, "CONDA_PREFIX/lib");
  make (self, "CUDA_HOME/lib64");
  make (self, "CUDA_PATH/lib64");
  assert_places (self, "loader CUDA_PATH/lib64 CUDA_HOME/lib64 CONDA_PREFIX/lib ");
}

static void
test_packages_of_python_come_last (Fixture *self, gconstpointer data)
{
  make (self, "HOME/.local/lib/python3.11/site-packages/nvidia/cublas/lib");
  make (self, "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia/cu13/lib");
  make (self, "CONDA_PREFIX/lib/python3.10/site-packages/nvidia");
  make (self, "CONDA_PREFIX/lib/python2.7/site-packages/nvidia");
  assert_places (self, "loader CONDA_PREFIX/lib "
                       "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia/cu13/lib "
                       "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia* "
                       "CONDA_PREFIX/lib/python3.10/site-packages/nvidia* "
                       "HOME/.local/lib/python3.11/site-packages/nvidia* ");
}

static void
test_named_folder_is_the_only_one (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "CUDA_PATH", NULL);

  make (self, "CUDA_HOME/lib64");
  make (self, "CUDA_PATH/lib64");
  g_setenv ("WEIGHTSCOPE_CUDA_PATH", path, TRUE);
  assert_places (self, "CUDA_PATH CUDA_PATH/lib64 CUDA_PATH* ");
}

static void
test_named_environment_has_packages (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "VIRTUAL_ENV", NULL);

  make (self, "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia/cu13/lib");
  g_setenv ("WEIGHTSCOPE_CUDA_PATH", path, TRUE);
  assert_places (self, "VIRTUAL_ENV VIRTUAL_ENV/lib VIRTUAL_ENV* "
                       "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia/cu13/lib "
                       "VIRTUAL_ENV/lib/python3.12/site-packages/nvidia* ");
}

/* Else libraries would be opened that lie below the folder in which the program is run. */
static void
test_empty_variables_name_nothing (Fixture *self, gconstpointer data)
{
  g_autofree char *here = g_get_current_dir ();
  g_autoptr (GPtrArray) places = NULL;

  make (self, "lib64");
  g_setenv ("WEIGHTSCOPE_CUDA_PATH", "", TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i], "", TRUE);
  g_assert_cmpint (g_chdir (self->folder), ==, 0);
  places = ws_cuda_places_list ();
  g_assert_cmpint (g_chdir (here), ==, 0);
  g_assert_cmpuint (places->len, >, 0);
  for (guint i = 0; i < places->len; i++)
    {
      const WsCudaPlace *place = places->pdata[i];

      g_assert_true (place->folder == NULL || g_path_is_absolute (place->folder));
    }
}

static void
test_named_folder_that_is_missing_leaves_nothing (Fixture *self, gconstpointer data)
{
  g_setenv ("WEIGHTSCOPE_CUDA_PATH", "/nonexistent", TRUE);
  assert_places (self, "");
}

/* As NVIDIA names them: nm and readelf on CUDA 13.0, the lists of files of Debian's packages for
 * 12.4. */
static void
test_sonames_of_both_versions (void)
{
  static const char *const expected[][2] = {
    { "libnvJitLink.so.12", "libnvJitLink.so.13" }, { "libcublasLt.so.12", "libcublasLt.so.13" },
    { "libcublas.so.12", "libcublas.so.13" },       { "libcusparse.so.12", "libcusparse.so.12" },
    { "libcusolver.so.11", "libcusolver.so.12" },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (expected) == WS_CUDA_N_LIBRARIES);
  for (guint i = 0; i < WS_CUDA_N_LIBRARIES; i++)
    for (guint j = 0; j < 2; j++)
      {
        g_autofree char *name = ws_cuda_library_get_name (i, 12 + j);

        g_assert_cmpstr (name, ==, expected[i][j]);
      }
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("ws-places-XXXXXX", NULL);

  root = folder;
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/cuda-places/loader-comes-first", Fixture, NULL, set_up, test_loader_comes_first,
              tear_down);
  g_test_add ("/cuda-places/packages-of-python-come-last", Fixture, NULL, set_up,
              test_packages_of_python_come_last, tear_down);
  g_test_add ("/cuda-places/named-folder-is-the-only-one", Fixture, NULL, set_up,
              test_named_folder_is_the_only_one, tear_down);
  g_test_add ("/cuda-places/named-environment-has-packages", Fixture, NULL, set_up,
              test_named_environment_has_packages, tear_down);
  g_test_add ("/cuda-places/empty-variables-name-nothing", Fixture, NULL, set_up,
              test_empty_variables_name_nothing, tear_down);
  g_test_add ("/cuda-places/named-folder-that-is-missing-leaves-nothing", Fixture, NULL, set_up,
              test_named_folder_that_is_missing_leaves_nothing, tear_down);
  g_test_add_func ("/cuda-places/sonames-of-both-versions", test_sonames_of_both_versions);
  return g_test_run ();
}
