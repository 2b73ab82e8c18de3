/* SPDX-License-Identifier: MIT */
/* Errors of the operating system become a sentence with their subject; a message is kept in
 * English beside the one for people. */
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

static void
test_copy_keeps_english (void)
{
  g_autoptr (GError) error = NULL, copy = NULL;

  ws_error_set (&error, WS_ERROR_UNSUPPORTED, "there is no GPU %u", 7u);
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  copy = g_error_copy (error);
  g_clear_error (&error);
  g_assert_cmpstr (ws_error_get_english (copy), ==, "there is no GPU 7");
}

static void
test_english_of_others_is_the_message (void)
{
  g_autoptr (GError) ours = g_error_new_literal (WS_ERROR, WS_ERROR_FORMAT, "kaputt");
  g_autoptr (GError) theirs = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "kaputt");

  g_assert_cmpstr (ws_error_get_english (ours), ==, "kaputt");
  g_assert_cmpstr (ws_error_get_english (theirs), ==, "kaputt");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno/names-subject", test_errno_names_subject);
  g_test_add_func ("/error/english/copy-keeps-it", test_copy_keeps_english);
  g_test_add_func ("/error/english/of-others-is-the-message",
                   test_english_of_others_is_the_message);
  return g_test_run ();
}
