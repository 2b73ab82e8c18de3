/* SPDX-License-Identifier: MIT */
/* Forms of tables and shapes in them. What stands in the cells is held against NumPy in
 * tests/integration/test-analyze.py. */
#include "export/table.h"

static void
test_extension_names_the_form (void)
{
  g_assert_cmpint (ws_table_format_from_path ("a/b.json"), ==, WS_TABLE_JSON);
  g_assert_cmpint (ws_table_format_from_path ("b.JSONL"), ==, WS_TABLE_JSONL);
  g_assert_cmpint (ws_table_format_from_path ("b.tsv"), ==, WS_TABLE_TSV);
  g_assert_cmpint (ws_table_format_from_path ("b.csv"), ==, WS_TABLE_CSV);
}

static void
test_other_extensions_mean_csv (void)
{
  g_assert_cmpint (ws_table_format_from_path ("b"), ==, WS_TABLE_CSV);
  g_assert_cmpint (ws_table_format_from_path ("b.txt"), ==, WS_TABLE_CSV);
  g_assert_cmpint (ws_table_format_from_path ("b."), ==, WS_TABLE_CSV);
}

static void
test_unknown_key_is_refused (void)
{
  WsTableFormat format = WS_TABLE_TSV;

  g_assert_false (ws_table_format_from_key ("xml", &format));
  g_assert_cmpint (format, ==, WS_TABLE_TSV);
  g_assert_true (ws_table_format_from_key ("seed-csv", &format));
  g_assert_cmpint (format, ==, WS_TABLE_SEED_CSV);
}

/* Python: str(shape) */
static void
test_shape_is_a_python_tuple (void)
{
  const guint64 dims[] = { 4096, 2560, 3 };
  g_autofree char *none = ws_table_dup_shape (dims, 0);
  g_autofree char *one = ws_table_dup_shape (dims, 1);
  g_autofree char *three = ws_table_dup_shape (dims, 3);

  g_assert_cmpstr (none, ==, "()");
  g_assert_cmpstr (one, ==, "(4096,)");
  g_assert_cmpstr (three, ==, "(4096, 2560, 3)");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/extension/names-the-form", test_extension_names_the_form);
  g_test_add_func ("/table/extension/other-means-csv", test_other_extensions_mean_csv);
  g_test_add_func ("/table/key/unknown-is-refused", test_unknown_key_is_refused);
  g_test_add_func ("/table/shape/is-a-python-tuple", test_shape_is_a_python_tuple);
  return g_test_run ();
}
