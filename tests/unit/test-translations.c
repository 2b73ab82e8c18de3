/* SPDX-License-Identifier: MIT */
/* A program in the build tree finds the translations that were built there. */
#include "base/translations.h"

#include "config.h"
#include <libintl.h>

static void
test_build_tree_has_its_own (void)
{
  ws_translations_init ();
  g_assert_cmpstr (bindtextdomain (GETTEXT_PACKAGE, NULL), ==, WS_BUILD_LOCALE_DIR);
}

static void
test_default_domain_is_ours (void)
{
  ws_translations_init ();
  g_assert_cmpstr (textdomain (NULL), ==, GETTEXT_PACKAGE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/translations/build-tree/has-its-own", test_build_tree_has_its_own);
  g_test_add_func ("/translations/default-domain/is-ours", test_default_domain_is_ours);
  return g_test_run ();
}
