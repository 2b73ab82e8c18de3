/* SPDX-License-Identifier: MIT */
/* Errors of the operating system become a sentence with their subject. */
#include "base/error.h"

#include <errno.h>
#include <gio/gio.h>

static void
test_errno_names_subject (void)
{
  g_autoptr (GError) error = NULL;

  ws_error_set_errno (&error, ENOENT, "cannot open", "model.safetensors");
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_str_has_prefix (error->message, "cannot open 'model.safetensors': "));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno/names-subject", test_errno_names_subject);
  return g_test_run ();
}
