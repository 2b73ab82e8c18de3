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

locale_t
ws_translations_suspend (void)
{
  static gsize plain = 0;

  if (g_once_init_enter (&plain))
    g_once_init_leave (&plain, (gsize) newlocale (LC_ALL_MASK, "C", (locale_t) 0));
  return uselocale ((locale_t) plain);
}

void
ws_translations_resume (locale_t previous)
{
  uselocale (previous);
}
