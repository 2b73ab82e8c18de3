/* SPDX-License-Identifier: MIT */
/* What OpenBLAS must be told before it computes. */
#include "spectra/blas.h"

#include <cblas.h>
#include <dlfcn.h>

#include "base/memory.h"
#include "spectra/spectrum.h"

#define CORETYPE "OPENBLAS_CORETYPE"

/* The buffer of a thread: 128 MiB of addresses, few of them used. What is left beside is for others
 * that ask meanwhile. */
#define BUFFER_BYTES ((gsize) 128 << 20)
#define SPARE_BYTES ((gsize) 32 << 20)

#if defined(__x86_64__)

/* What processors are taken for that are not known, by the name of their maker and by whether the
 * system saves their vectors. */
static gboolean
is_of_old (const char *name)
{
  static const char *const names[] = { "Prescott",    "Core2",     "Nehalem", "Atom",
                                       "Sandybridge", "Barcelona", "Nano",    NULL };

  return g_strv_contains (names, name);
}

static gboolean
has_vectors_of_512_bits (void)
{
  return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512cd") &&
         __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512dq") &&
         __builtin_cpu_supports ("avx512vl");
}

/* There is no function for it: OpenBLAS looks at the variable when it begins. */
static gboolean
begin_again (const char *name)
{
  void (*quit) (void) = (void (*) (void)) dlsym (RTLD_DEFAULT, "gotoblas_dynamic_quit");
  void (*init) (void) = (void (*) (void)) dlsym (RTLD_DEFAULT, "gotoblas_dynamic_init");

  if (quit == NULL || init == NULL)
    return FALSE;
  g_setenv (CORETYPE, name, TRUE);
  quit ();
  init ();
  g_unsetenv (CORETYPE);
  return g_ascii_strcasecmp (openblas_get_corename (), name) == 0;
}

void
ws_blas_choose_kernels (void)
{
  if (g_getenv (CORETYPE) != NULL || !is_of_old (openblas_get_corename ()) ||
      !__builtin_cpu_supports ("avx2") || !__builtin_cpu_supports ("fma"))
    return;
  /* one that was built without a kind of kernels takes others that the processor can run */
  if (!has_vectors_of_512_bits () || !begin_again ("SkylakeX"))
    begin_again ("Haswell");
}

#else

void
ws_blas_choose_kernels (void)
{
}

#endif

/* As many as there is room for. */
static guint
count_buffers (guint n)
{
  while (n > 0 && !ws_memory_can_map (n * BUFFER_BYTES + SPARE_BYTES))
    n--;
  return n;
}

guint
ws_blas_reserve (guint n_threads)
{
  static GMutex mutex;
  static guint n_taken; /* guarded by mutex */
  gpointer (*take) (int) = (gpointer (*) (int)) dlsym (RTLD_DEFAULT, "blas_memory_alloc");
  void (*give) (gpointer) = (void (*) (gpointer)) dlsym (RTLD_DEFAULT, "blas_memory_free");
  g_autofree gpointer *buffers = NULL;
  guint n, n_more;

  if (!ws_memory_has_address_limit ())
    return n_threads;
  g_mutex_lock (&mutex);
  n_more = count_buffers (n_threads - MIN (n_taken, n_threads));
  n = n_taken + n_more;
  if (take != NULL && give != NULL && n_more > 0)
    {
      /* those that are taken already are given first */
      buffers = g_new (gpointer, n);
      for (guint i = 0; i < n; i++)
        buffers[i] = take (0);
      for (guint i = 0; i < n; i++)
        give (buffers[i]);
      n_taken = n;
    }
  g_mutex_unlock (&mutex);
  return MIN (n, n_threads);
}

gboolean
ws_blas_may_wait (void)
{
  return ws_memory_has_address_limit ();
}

void
ws_spectrum_init_blas (void)
{
  ws_blas_choose_kernels ();
  openblas_set_num_threads (1);
}

const char *
ws_spectrum_get_blas_name (void)
{
  static gsize name = 0;

  if (g_once_init_enter (&name))
    g_once_init_leave (&name, (gsize) g_strdup_printf ("%s (%s)", openblas_get_config (),
                                                       openblas_get_corename ()));
  return (const char *) name;
}
