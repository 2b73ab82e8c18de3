/* SPDX-License-Identifier: MIT */
/* Arrays as NumPy stores them. tests/integration reads them with NumPy itself. */
#include "export/npy.h"

#include <glib/gstdio.h>
#include <string.h>

static void
assert_header (WsNpyType type, const guint64 *dims, guint n_dims, const char *dictionary)
{
  GString *header = ws_npy_new_header (type, dims, n_dims);
  gsize length = (guchar) header->str[8] + 256 * (guchar) header->str[9];

  g_assert_cmpmem (header->str, 8, "\x93NUMPY\x01\x00", 8);
  g_assert_cmpuint (header->len, ==, 10 + length);
  g_assert_cmpuint (header->len % 64, ==, 0);
  g_assert_cmpint (header->str[header->len - 1], ==, '\n');
  g_assert_true (g_str_has_prefix (header->str + 10, dictionary));
  g_string_free (header, TRUE);
}

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define ORDER "<"
#else
#define ORDER ">"
#endif

static void
test_header_tells_type_and_shape (void)
{
  assert_header (WS_NPY_FLOAT64, (const guint64[]){ 7 }, 1,
                 "{'descr': '" ORDER "f8', 'fortran_order': False, 'shape': (7,), }");
  assert_header (WS_NPY_FLOAT32, (const guint64[]){ 3, 128 }, 2,
                 "{'descr': '" ORDER "f4', 'fortran_order': False, 'shape': (3, 128), }");
}

static void
test_values_follow_the_header (void)
{
  const float values[] = { 1, -2.5f, 3, 4, 5, 6 };
  g_autofree char *folder = g_dir_make_tmp ("ws-npy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.npy", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_bytes;

  ws_npy_save (path, WS_NPY_FLOAT32, (const guint64[]){ 2, 3 }, 2, values, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &contents, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 128 + sizeof values);
  g_assert_cmpmem (contents + 128, sizeof values, values, sizeof values);
  g_assert_cmpint (g_unlink (path) + g_rmdir (folder), ==, 0);
}

static void
test_array_without_elements_is_a_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ws-npy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.npy", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize n_bytes;

  ws_npy_save (path, WS_NPY_FLOAT64, (const guint64[]){ 0, 3 }, 2, NULL, &error);
  g_assert_no_error (error);
  g_file_get_contents (path, &contents, &n_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_bytes, ==, 128);
  g_assert_cmpint (g_unlink (path) + g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/npy/header/tells-type-and-shape", test_header_tells_type_and_shape);
  g_test_add_func ("/npy/values/follow-the-header", test_values_follow_the_header);
  g_test_add_func ("/npy/empty/is-a-file", test_array_without_elements_is_a_file);
  return g_test_run ();
}
