/* SPDX-License-Identifier: MIT */
/* Binds the text domain to the folder that belongs to the running program. */
#include "base/translations.h"

#include "config.h"
#include <libintl.h>

/* Where the system does not tell, the program counts as installed. */
static gboolean
runs_from_build_tree (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *build_root = g_path_get_dirname (WS_BUILD_LOCALE_DIR);
  g_autofree char *prefix = g_strconcat (build_root, G_DIR_SEPARATOR_S, NULL);

  return program != NULL && g_str_has_prefix (program, prefix);
}

void
ws_translations_init (void)
{
  bindtextdomain (GETTEXT_PACKAGE, runs_from_build_tree () ? WS_BUILD_LOCALE_DIR : WS_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  /* GtkBuilder looks in the default domain. */
  textdomain (GETTEXT_PACKAGE);
}
