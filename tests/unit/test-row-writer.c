/* SPDX-License-Identifier: MIT */
/* Cells as CSV, TSV, JSON and JSON lines. */
#include "export/row-writer.h"

#include <math.h>
#include <string.h>

/* One row of three cells (a text, a number, another text) in @format. */
static char *
write_row (WsTableFormat format, const char *first, double number, const char *last)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = NULL;
  char *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream (&text, &size);
  char *copy;

  g_ptr_array_add (keys, (gpointer) "name");
  g_ptr_array_add (keys, (gpointer) "mean");
  g_ptr_array_add (keys, (gpointer) "note");
  writer = ws_row_writer_new (stream, format, keys, NULL);
  ws_row_writer_add_text (writer, first);
  ws_row_writer_add_number (writer, number);
  ws_row_writer_add_text (writer, last);
  g_assert_true (ws_row_writer_finish (writer, &error));
  g_assert_no_error (error);
  fclose (stream);
  copy = g_strndup (text, size);
  free (text);
  return copy;
}

static void
assert_row (WsTableFormat format, const char *first, double number, const char *last,
            const char *expected)
{
  g_autofree char *text = write_row (format, first, number, last);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_csv_leaves_unknown_cells_empty (void)
{
  assert_row (WS_TABLE_CSV, "a", NAN, NULL, "name,mean,note\na,,\n");
}

/* RFC 4180, section 2, rules 6 and 7. */
static void
test_csv_quotes_what_would_be_misread (void)
{
  assert_row (WS_TABLE_CSV, "a,b", 0.1, "say \"x\"\nand",
              "name,mean,note\n\"a,b\",0.1,\"say \"\"x\"\"\nand\"\n");
}

static void
test_csv_leaves_formulas_and_tabs_alone (void)
{
  assert_row (WS_TABLE_CSV, "=1+1", 2, "@x\ty", "name,mean,note\n=1+1,2,@x\ty\n");
}

static void
test_tsv_quotes_tabs_not_commas (void)
{
  assert_row (WS_TABLE_TSV, "a,b", -2, "x\ty", "name\tmean\tnote\na,b\t-2\t\"x\ty\"\n");
}

static void
test_jsonl_writes_null_for_unknown (void)
{
  assert_row (WS_TABLE_JSONL, NULL, INFINITY, "b",
              "{\"name\": null, \"mean\": null, \"note\": \"b\"}\n");
}

static void
test_json_escapes_control_characters (void)
{
  assert_row (WS_TABLE_JSONL, "q\"b\\\n\x01\x7f", 0, "权",
              "{\"name\": \"q\\\"b\\\\\\u000a\\u0001\\u007f\", \"mean\": 0, \"note\": \"权\"}\n");
}

static void
test_bytes_that_are_no_text_are_replaced (void)
{
  assert_row (WS_TABLE_JSONL, "a\xff", 0, NULL,
              "{\"name\": \"a\uFFFD\", \"mean\": 0, \"note\": null}\n");
  assert_row (WS_TABLE_CSV, "a\xff", 0, NULL, "name,mean,note\na\uFFFD,0,\n");
}

/* The oracle is json-glib's parser. */
static void
test_json_is_one_object (void)
{
  g_autofree char *text = write_row (WS_TABLE_JSON, "x", 0.25, "y");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonArray *rows;

  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  rows = json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)),
                                       "tensors");
  g_assert_cmpuint (json_array_get_length (rows), ==, 1);
  g_assert_cmpfloat (
      json_object_get_double_member (json_array_get_object_element (rows, 0), "mean"), ==, 0.25);
}

static void
test_json_without_rows_is_whole (void)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (JsonNode) record = json_from_string ("{\"energy\": [0.9, []], \"n\": 3}", NULL);
  g_autoptr (WsRowWriter) writer = NULL;
  char *text = NULL;
  gsize size = 0;
  FILE *stream = open_memstream (&text, &size);

  writer = ws_row_writer_new (stream, WS_TABLE_JSON, keys, record);
  g_assert_true (ws_row_writer_finish (writer, NULL));
  fclose (stream);
  g_assert_cmpstr (text, ==,
                   "{\n  \"record\": {\n    \"energy\": [\n      0.9,\n      []\n    ],\n"
                   "    \"n\": 3\n  },\n  \"tensors\": []\n}\n");
  free (text);
}

static void
test_full_disk_is_an_error (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = NULL;
  FILE *stream = fopen ("/dev/full", "w");

  if (stream == NULL)
    {
      g_test_skip ("this system has no /dev/full");
      return;
    }
  g_ptr_array_add (keys, (gpointer) "name");
  writer = ws_row_writer_new (stream, WS_TABLE_CSV, keys, NULL);
  g_assert_false (ws_row_writer_finish (writer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  fclose (stream);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/row-writer/csv/unknown-is-empty", test_csv_leaves_unknown_cells_empty);
  g_test_add_func ("/row-writer/csv/quotes-what-would-be-misread",
                   test_csv_quotes_what_would_be_misread);
  g_test_add_func ("/row-writer/csv/leaves-formulas-alone",
                   test_csv_leaves_formulas_and_tabs_alone);
  g_test_add_func ("/row-writer/tsv/quotes-tabs", test_tsv_quotes_tabs_not_commas);
  g_test_add_func ("/row-writer/jsonl/unknown-is-null", test_jsonl_writes_null_for_unknown);
  g_test_add_func ("/row-writer/jsonl/escapes-control-characters",
                   test_json_escapes_control_characters);
  g_test_add_func ("/row-writer/not-utf8/is-replaced", test_bytes_that_are_no_text_are_replaced);
  g_test_add_func ("/row-writer/json/is-one-object", test_json_is_one_object);
  g_test_add_func ("/row-writer/json/no-rows-is-whole", test_json_without_rows_is_whole);
  g_test_add_func ("/row-writer/full-disk/is-an-error", test_full_disk_is_an_error);
  return g_test_run ();
}
