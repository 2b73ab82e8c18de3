/* SPDX-License-Identifier: MIT */
/* weightscope [MODEL]: the window. */
#include "application.h"

#include "config.h"
#include <glib/gi18n-lib.h>
#include <locale.h>

int
main (int argc, char *argv[])
{
  g_autoptr (WsApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, WS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  ws_spectrum_init_blas ();

  application = ws_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
