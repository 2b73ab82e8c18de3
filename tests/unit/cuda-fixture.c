/* SPDX-License-Identifier: MIT */
/* Folders of stand-in libraries, in all states that a machine may have them. */
#include "cuda-fixture.h"

#include <glib/gstdio.h>
#include <unistd.h>

#include "../cuda/standin.h"
#include "base/folder.h"
#include "cuda/cuda-places.h"

void
cuda_fixture_link (CudaFixture *self, const char *target, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_test (target, G_FILE_TEST_EXISTS));
  g_unlink (path);
  g_assert_cmpint (symlink (target, path), ==, 0);
}

static void
link_library (CudaFixture *self, const char *set, const char *target, const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "cuda", set, target, NULL);

  cuda_fixture_link (self, path, name);
}

void
cuda_fixture_init (CudaFixture *self, guint version)
{
  self->folder = g_dir_make_tmp ("ws-cuda-XXXXXX", NULL);
  link_library (self, version == 12 ? "12" : "13", "libcuda.so.1", "libcuda.so.1");
  for (guint set = 12; set <= 13; set++)
    for (guint i = 0; i < WS_CUDA_N_LIBRARIES; i++)
      if (version == set || version == CUDA_FIXTURE_BOTH)
        {
          g_autofree char *name = ws_cuda_library_get_name (i, set);
          g_autofree char *path = g_build_filename (self->folder, name, NULL);

          /* One name is in both. */
          if (!g_file_test (path, G_FILE_TEST_EXISTS))
            link_library (self, set == 12 ? "12" : "13", name, name);
        }
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = ws_folder_list (folder, FALSE, NULL, NULL);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
cuda_fixture_clear (CudaFixture *self)
{
  if (self->folder != NULL)
    remove_folder (self->folder);
  g_clear_pointer (&self->folder, g_free);
}

void
cuda_fixture_remove (CudaFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_cmpint (g_unlink (path), ==, 0);
}

void
cuda_fixture_break (CudaFixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_unlink (path);
  g_assert_true (g_file_set_contents (path, "not a library\n", -1, NULL));
}

void
cuda_fixture_empty (CudaFixture *self, const char *name)
{
  link_library (self, "13", "libcublasLt.so.13", name);
}

void
cuda_fixture_move (CudaFixture *self, const char *name, const char *subfolder)
{
  g_autofree char *folder = g_build_filename (self->folder, subfolder, NULL);
  g_autofree char *from = g_build_filename (self->folder, name, NULL);
  g_autofree char *to = g_build_filename (folder, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (g_rename (from, to), ==, 0);
}

void
cuda_fixture_use (const CudaFixture *self, const char *faults)
{
  g_setenv ("WEIGHTSCOPE_CUDA_PATH", self->folder, TRUE);
  g_setenv (STANDIN_FAULTS, faults != NULL ? faults : "", TRUE);
}
