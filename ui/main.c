/* SPDX-License-Identifier: MIT */
/* weightscope [MODEL]: the window. */
#include "application.h"

#include "base/memory.h"
#include "base/translations.h"
#include "cuda/cuda.h"
#include "spectra/blas.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int
main (int argc, char *argv[])
{
  g_autoptr (WsApplication) application = NULL;
  int status;

  setlocale (LC_ALL, "");
  ws_translations_init ();
  /* Past a limit on the size of files, writing fails with a reason; death would tell none. */
  signal (SIGXFSZ, SIG_IGN);
  ws_memory_init ();
  ws_spectrum_init_blas ();

  application = ws_application_new ();
  status = g_application_run (G_APPLICATION (application), argc, argv);
  if (ws_cuda_is_busy () || ws_blas_may_wait ())
    {
      fflush (NULL);
      _exit (status);
    }
  return status;
}
