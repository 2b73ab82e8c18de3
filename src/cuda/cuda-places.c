/* SPDX-License-Identifier: MIT */
/* The layouts of NVIDIA's packages, of conda, and of the wheels. */
#include "cuda/cuda-places.h"

#include "base/folder.h"

#if defined __aarch64__
#define TARGET "targets/sbsa-linux/lib"
#else
#define TARGET "targets/x86_64-linux/lib"
#endif

static const struct
{
  const char *name;
  const char *package; /* its folder where each has one */
  guint soname_12, soname_13;
} libraries[WS_CUDA_N_LIBRARIES] = {
  [WS_CUDA_NVJITLINK] = { "nvJitLink", "nvjitlink", 12, 13 },
  [WS_CUDA_CUBLASLT] = { "cublasLt", "cublas", 12, 13 },
  [WS_CUDA_CUBLAS] = { "cublas", "cublas", 12, 13 },
  [WS_CUDA_CUSPARSE] = { "cusparse", "cusparse", 12, 12 },
  [WS_CUDA_CUSOLVER] = { "cusolver", "cusolver", 11, 12 },
};

void
ws_cuda_place_free (WsCudaPlace *self)
{
  g_free (self->folder);
  g_free (self);
}

char *
ws_cuda_library_get_name (WsCudaLibrary library, guint version)
{
  return g_strdup_printf ("lib%s.so.%u", libraries[library].name,
                          version == 12 ? libraries[library].soname_12
                                        : libraries[library].soname_13);
}

char *
ws_cuda_place_get_path (const WsCudaPlace *self, WsCudaLibrary library, guint version)
{
  g_autofree char *name = ws_cuda_library_get_name (library, version);

  if (self->folder == NULL)
    return g_steal_pointer (&name);
  if (self->is_split)
    return g_build_filename (self->folder, libraries[library].package, "lib", name, NULL);
  return g_build_filename (self->folder, name, NULL);
}

/* NULL: the variable is not set, or to nothing: a name below that would be one of the folder that
 * the program is run in. */
static const char *
get_folder (const char *variable)
{
  const char *folder = g_getenv (variable);

  return folder != NULL && *folder != '\0' ? folder : NULL;
}

const char *
ws_cuda_places_get_named (void)
{
  return get_folder ("WEIGHTSCOPE_CUDA_PATH");
}

/* @folder: (transfer full) */
static void
add_place (GPtrArray *places, char *folder, gboolean is_split)
{
  WsCudaPlace *place;

  if (folder != NULL && !g_file_test (folder, G_FILE_TEST_IS_DIR))
    {
      g_free (folder);
      return;
    }
  place = g_new (WsCudaPlace, 1);
  *place = (WsCudaPlace){ .folder = folder, .is_split = is_split };
  g_ptr_array_add (places, place);
}

static void
add_root (GPtrArray *places, const char *root)
{
  static const char *const below[] = { "lib64", "lib", TARGET };

  for (guint i = 0; root != NULL && i < G_N_ELEMENTS (below); i++)
    add_place (places, g_build_filename (root, below[i], NULL), FALSE);
}

/* The folder "nvidia" of the wheels. */
static void
add_wheels (GPtrArray *places, const char *nvidia)
{
  add_place (places, g_build_filename (nvidia, "cu13", "lib", NULL), FALSE);
  add_place (places, g_strdup (nvidia), TRUE);
}

/* Every Python below @prefix. */
static void
add_pythons (GPtrArray *places, const char *prefix)
{
  static const char *const libs[] = { "lib", "lib64" };
  static const char *const packages[] = { "site-packages", "dist-packages" };

  for (guint i = 0; prefix != NULL && i < G_N_ELEMENTS (libs); i++)
    {
      g_autofree char *lib = g_build_filename (prefix, libs[i], NULL);
      g_autoptr (GPtrArray) names = ws_folder_list (lib, TRUE, NULL, NULL);

      for (guint j = 0; names != NULL && j < names->len; j++)
        for (guint k = 0; k < G_N_ELEMENTS (packages); k++)
          if (g_str_has_prefix (names->pdata[j], "python3"))
            {
              g_autofree char *nvidia =
                  g_build_filename (lib, names->pdata[j], packages[k], "nvidia", NULL);

              add_wheels (places, nvidia);
            }
    }
}

/* /usr/local/cuda is what the owner of the machine chose, the others are there all the same; the
 * newest first. */
static void
add_toolkits (GPtrArray *places)
{
  g_autoptr (GPtrArray) names = ws_folder_list ("/usr/local", TRUE, NULL, NULL);

  add_root (places, get_folder ("CUDA_PATH"));
  add_root (places, get_folder ("CUDA_HOME"));
  add_root (places, "/usr/local/cuda");
  for (guint i = names != NULL ? names->len : 0; i-- > 0;)
    if (g_str_has_prefix (names->pdata[i], "cuda-1"))
      {
        g_autofree char *root = g_build_filename ("/usr/local", names->pdata[i], NULL);

        add_root (places, root);
      }
  add_root (places, "/opt/cuda");
}

/* A folder of libraries, a toolkit, the "nvidia" of wheels, or a virtual environment with them:
 * whatever it holds. */
static void
add_named (GPtrArray *places, const char *folder)
{
  add_place (places, g_strdup (folder), FALSE);
  add_root (places, folder);
  add_wheels (places, folder);
  add_pythons (places, folder);
}

GPtrArray *
ws_cuda_places_list (void)
{
  GPtrArray *places = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_cuda_place_free);
  const char *named = ws_cuda_places_get_named ();
  g_autofree char *local = g_build_filename (g_get_home_dir (), ".local", NULL);

  if (named != NULL)
    {
      add_named (places, named);
      return places;
    }
  add_place (places, NULL, FALSE);
  add_toolkits (places);
  add_root (places, get_folder ("CONDA_PREFIX"));
  add_pythons (places, get_folder ("VIRTUAL_ENV"));
  add_pythons (places, get_folder ("CONDA_PREFIX"));
  add_pythons (places, local);
  add_pythons (places, "/usr/local");
  add_pythons (places, "/usr");
  return places;
}
