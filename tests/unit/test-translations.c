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

/* A decimal comma shows whether the locale of the process speaks. */
static void
test_suspended_is_plain_on_this_thread_only (void)
{
  g_autofree char *plain = NULL, *again = NULL;
  locale_t previous;

  if (setlocale (LC_NUMERIC, "de_DE.UTF-8") == NULL)
    {
      g_test_skip ("there is no locale de_DE.UTF-8 here");
      return;
    }
  previous = ws_translations_suspend ();
  plain = g_strdup_printf ("%.1f", 0.5);
  ws_translations_resume (previous);
  again = g_strdup_printf ("%.1f", 0.5);
  setlocale (LC_NUMERIC, "C");
  g_assert_cmpstr (plain, ==, "0.5");
  g_assert_cmpstr (again, ==, "0,5");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/translations/build-tree/has-its-own", test_build_tree_has_its_own);
  g_test_add_func ("/translations/default-domain/is-ours", test_default_domain_is_ours);
  g_test_add_func ("/translations/suspended/is-plain-on-this-thread-only",
                   test_suspended_is_plain_on_this_thread_only);
  return g_test_run ();
}
