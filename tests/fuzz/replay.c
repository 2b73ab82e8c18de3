/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target on every file of the folders named as arguments, without libFuzzer. */
#include "fuzz.h"

#include <glib.h>

static guint
replay_folder (const char *folder)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &error);
  const char *name;
  guint n = 0;

  g_assert_no_error (error);
  for (; (name = g_dir_read_name (dir)); n++)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      gsize n_bytes = 0;

      g_assert_true (g_file_get_contents (path, &contents, &n_bytes, &error));
      /* A copy of the exact size, so that a sanitizer sees a read past the end. */
      g_autofree uint8_t *exact = g_memdup2 (contents, n_bytes);
      LLVMFuzzerTestOneInput (exact, n_bytes);
    }
  return n;
}

int
main (int argc, char *argv[])
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += replay_folder (argv[i]);
  g_print ("%u inputs\n", n);
  return n > 0 ? 0 : 1;
}
