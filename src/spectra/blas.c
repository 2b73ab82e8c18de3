/* SPDX-License-Identifier: MIT */
/* What OpenBLAS must be told before it computes. */
#include "spectra/blas.h"

#include <cblas.h>
#include <dlfcn.h>

#include "spectra/spectrum.h"

#define CORETYPE "OPENBLAS_CORETYPE"

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
