/* SPDX-License-Identifier: MIT */
/* Singular values as a NumPy archive. tests/integration reads one with NumPy itself. */
#include "export/spectra-file.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gstdio.h>
#include <string.h>

static double sigma[] = { 3.5, 2.25, 1e-300 };

/* A result with nothing but what the file needs. (transfer full) */
static WsResult *
new_result (const char *name, int slice, gsize n_sigma)
{
  WsResult *result = g_new0 (WsResult, 1);
  WsTensor *tensor = g_new0 (WsTensor, 1);

  tensor->name = (char *) name;
  result->tensor = tensor;
  result->slice = slice;
  result->spectrum.sigma = sigma;
  result->spectrum.n_sigma = n_sigma;
  return result;
}

static void
free_result (gpointer data)
{
  WsResult *result = data;

  g_free ((WsTensor *) result->tensor);
  g_free (result);
}

static char *
save (GPtrArray *results)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("ws-spectra-XXXXXX", NULL);
  char *path = g_build_filename (folder, "spectra.npz", NULL);

  g_assert_true (ws_spectra_file_save (path, results, &error));
  g_assert_no_error (error);
  return path;
}

/* Removes the file and its folder. */
static void
discard (char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (path);
}

/* The names in the archive, joined by '|'. (transfer full) */
static char *
list_names (const char *path)
{
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  GString *names = g_string_new (NULL);

  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, path, 65536), ==, ARCHIVE_OK);
  while (archive_read_next_header (archive, &entry) == ARCHIVE_OK)
    g_string_append_printf (names, "%s%s", names->len > 0 ? "|" : "",
                            archive_entry_pathname (entry));
  archive_read_free (archive);
  return g_string_free (names, FALSE);
}

static char *
save_and_list (GPtrArray *results)
{
  char *path = save (results);
  char *names = list_names (path);

  discard (path);
  return names;
}

static void
assert_entry_name (const char *name, int slice, const char *expected)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (free_result);
  g_autofree char *names = NULL;

  g_ptr_array_add (results, new_result (name, slice, 2));
  names = save_and_list (results);
  g_assert_cmpstr (names, ==, expected);
}

static void
test_ordinary_names_are_kept (void)
{
  assert_entry_name ("model.layers.0.q_proj.weight", -1, "model.layers.0.q_proj.weight.npy");
  assert_entry_name ("a b,\"c\"", -1, "a b,\"c\".npy");
  assert_entry_name ("experts.up", 3, "experts.up[3].npy");
}

static void
test_names_are_no_paths (void)
{
  assert_entry_name ("../../etc/passwd", -1, "..%2F..%2Fetc%2Fpasswd.npy");
  assert_entry_name ("c:\\x\n", -1, "c%3A%5Cx%0A.npy");
  assert_entry_name ("100%", -1, "100%25.npy");
}

static void
test_long_names_stay_distinct (void)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (free_result);
  g_autofree char *first = g_strnfill (100000, 'a');
  g_autofree char *second = g_strnfill (100000, 'a');
  g_autofree char *names = NULL;
  g_auto (GStrv) parts = NULL;

  second[99999] = 'b';
  g_ptr_array_add (results, new_result (first, -1, 1));
  g_ptr_array_add (results, new_result (second, -1, 1));
  names = save_and_list (results);
  parts = g_strsplit (names, "|", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  g_assert_cmpstr (parts[0], !=, parts[1]);
  g_assert_cmpuint (strlen (parts[0]), <, 1024);
}

static void
test_results_without_spectrum_are_left_out (void)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (free_result);
  g_autofree char *names = NULL;

  g_ptr_array_add (results, new_result ("norm", -1, 0));
  g_ptr_array_add (results, new_result ("matrix", -1, 3));
  names = save_and_list (results);
  g_assert_cmpstr (names, ==, "matrix.npy");
}

/* The bytes of the entry, against the description of the format (NEP 1). */
static void
test_entry_is_an_npy_array (void)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (free_result);
  struct archive *archive = archive_read_new ();
  struct archive_entry *entry;
  guchar bytes[256];
  char *path;
  gsize n_header;

  g_ptr_array_add (results, new_result ("m", -1, 3));
  path = save (results);
  archive_read_support_format_zip (archive);
  g_assert_cmpint (archive_read_open_filename (archive, path, 65536), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_read_next_header (archive, &entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_read_data (archive, bytes, sizeof bytes), ==, 128 + sizeof sigma);
  g_assert_cmpmem (bytes, 8, "\x93NUMPY\x01\x00", 8);
  n_header = bytes[8] + 256u * bytes[9];
  g_assert_cmpuint ((10 + n_header) % 64, ==, 0);
  g_assert_cmpuint (bytes[10 + n_header - 1], ==, '\n');
  g_assert_cmpmem (bytes + 10 + n_header, sizeof sigma, sigma, sizeof sigma);
  archive_read_free (archive);
  discard (path);
}

static char *
checksum_saved (GPtrArray *results)
{
  g_autofree char *data = NULL;
  gsize n;
  char *path = save (results);

  g_assert_true (g_file_get_contents (path, &data, &n, NULL));
  discard (path);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) data, n);
}

/* Zip holds local times: a file from another time zone must not differ. */
static void
test_bytes_do_not_depend_on_the_time_zone (void)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (free_result);
  g_autofree char *here = NULL;
  g_autofree char *there = NULL;

  g_ptr_array_add (results, new_result ("m", -1, 3));
  g_setenv ("TZ", "UTC", TRUE);
  here = checksum_saved (results);
  g_setenv ("TZ", "Asia/Shanghai", TRUE);
  there = checksum_saved (results);
  g_assert_cmpstr (here, ==, there);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/spectra-file/name/ordinary-is-kept", test_ordinary_names_are_kept);
  g_test_add_func ("/spectra-file/name/is-no-path", test_names_are_no_paths);
  g_test_add_func ("/spectra-file/name/long-stays-distinct", test_long_names_stay_distinct);
  g_test_add_func ("/spectra-file/no-spectrum/is-left-out",
                   test_results_without_spectrum_are_left_out);
  g_test_add_func ("/spectra-file/entry/is-an-npy-array", test_entry_is_an_npy_array);
  g_test_add_func ("/spectra-file/bytes/do-not-depend-on-the-time-zone",
                   test_bytes_do_not_depend_on_the_time_zone);
  return g_test_run ();
}
