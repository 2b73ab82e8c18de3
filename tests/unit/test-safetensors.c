/* SPDX-License-Identifier: MIT */
/* Every rule of the format, broken in turn; and the oddities that the reference accepts. */
#include "model/safetensors.h"

#include "base/error.h"

#include <string.h>

/* A tensor of one F32, the building stone of the cases below. */
#define ONE(name, begin, end)                                                                      \
  "\"" name "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" begin "," end "]}"
/* A tensor "a" of four bytes with fields of its own. */
#define A(fields) "{\"a\":{" fields "}}"
#define A_SHAPE(dtype, shape, end)                                                                 \
  A ("\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":[0," end "]")

/* The file: N, header, @n_data zero bytes. */
static GBytes *
make_file (const char *header, gsize n_header, gsize n_data)
{
  GByteArray *bytes = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) n_header);

  g_byte_array_append (bytes, (const guint8 *) &length, sizeof length);
  g_byte_array_append (bytes, (const guint8 *) header, n_header);
  g_byte_array_set_size (bytes, sizeof length + n_header + n_data);
  memset (bytes->data + sizeof length + n_header, 0, n_data);
  return g_byte_array_free_to_bytes (bytes);
}

static GPtrArray *
read_bytes (GBytes *bytes, GError **error)
{
  g_autoptr (WsSource) source = ws_source_new_bytes ("case.safetensors", bytes);

  return ws_safetensors_read (source, NULL, error);
}

static GPtrArray *
read_header (const char *header, gsize n_data, GError **error)
{
  g_autoptr (GBytes) bytes = make_file (header, strlen (header), n_data);

  return read_bytes (bytes, error);
}

static void
assert_refused (GBytes *bytes, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tensors = read_bytes (bytes, &error);

  g_assert_null (tensors);
  g_assert_error (error, WS_ERROR, code);
  if (!strstr (error->message, "'case.safetensors'") || !strstr (error->message, part))
    g_error ("'%s' should name the file and say '%s'", error->message, part);
}

typedef struct
{
  const char *header;
  gsize n_data;
  const char *part; /* of the message */
} Case;

static void
assert_all_refused (const Case *cases, guint n, int code)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GBytes) bytes =
          make_file (cases[i].header, strlen (cases[i].header), cases[i].n_data);

      g_autofree char *shown = g_strescape (cases[i].header, NULL);

      g_test_message ("%s", shown);
      assert_refused (bytes, code, cases[i].part);
    }
}

/* --- accepted --- */

static void
test_reads_a_tensor (void)
{
  static const char header[] = "{\"__metadata__\":{\"format\":\"pt\"},\"x.weight\":{\"dtype\":"
                               "\"BF16\",\"shape\":[2,3],\"data_offsets\":[0,12]}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tensors = read_header (header, 12, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (tensors->len, ==, 1);
  const WsTensor *tensor = tensors->pdata[0];
  g_assert_cmpstr (tensor->name, ==, "x.weight");
  g_assert_cmpint (tensor->dtype, ==, WS_DTYPE_BF16);
  g_assert_cmpuint (tensor->n_dims, ==, 2);
  g_assert_cmpuint (tensor->dims[0], ==, 2);
  g_assert_cmpuint (tensor->dims[1], ==, 3);
  g_assert_cmpuint (tensor->n_elements, ==, 6);
  g_assert_cmpuint (tensor->n_bytes, ==, 12);
  g_assert_cmpuint (tensor->offset, ==, 8 + strlen (header));
  g_assert_cmpint (tensor->block.type, ==, WS_BLOCK_OTHER);
  g_assert_cmpint (tensor->block.layer_index, ==, -1);
}

static void
test_accepts_oddities (void)
{
  static const Case cases[] = {
    { "{}", 0, "no tensor" },
    { "{\"__metadata__\":{}}", 0, "only metadata" },
    { "{\"__metadata__\":null}", 0, "null metadata" },
    { "{\"__metadata__\":{\"a\\u0000b\":\"\",\"a\\u0000c\":\"\"}}", 0, "keys differ after a NUL" },
    { "  \t\r\n{" ONE ("a", "0", "4") "}", 4, "white space before" },
    { "{" ONE ("a", "0", "4") "} \n\t\r ", 4, "white space after" },
    { "{ \"a\" : {\n\"dtype\" : \"F32\" , \"shape\" : [ 1 ] , \"data_offsets\" : [ 0 , 4 ] } }", 4,
      "white space inside" },
    { A_SHAPE ("F32", "[]", "4"), 4, "scalar" },
    { A_SHAPE ("F32", "[0]", "0"), 0, "no elements" },
    { A_SHAPE ("F32", "[3,0,5]", "0"), 0, "no elements" },
    { A_SHAPE ("F32", "[0,1099511627776,1099511627776]", "0"), 0, "0 first: nothing overflows" },
    { A_SHAPE ("U8", "[1,1,1,1,1,1,1,5]", "5"), 5, "eight dimensions" },
    { A_SHAPE ("F4", "[3,2]", "3"), 3, "half bytes that fill whole ones" },
    { A_SHAPE ("F6_E2M3", "[4]", "3"), 3, "6 bits" },
    { A_SHAPE ("C64", "[2]", "16"), 16, "complex" },
    { "{\"a\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}," ONE ("b", "3", "7") "}", 7,
      "unaligned" },
    { "{" ONE ("b", "4", "8") "," ONE ("a", "0", "4") "}", 8, "not in order" },
    { "{" ONE (
          "a", "0",
          "4") ",\"b\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}," ONE ("c", "4",
                                                                                       "8") "}",
      8, "nothing between two" },
    { A ("\"data_offsets\":[0,4],\"extra\":[1,{\"x\":null}],\"shape\":[1],\"dtype\":\"F32\""), 4,
      "unknown field, any order" },
    { A ("\"dty\\u0070e\":\"F\\u00332\",\"shape\":[1],\"data_offsets\":[0,4]"), 4, "escapes" },
    { "{" ONE ("", "0", "4") "}", 4, "empty name" },
    { "{" ONE ("../../etc/passwd %s\\n", "0", "4") "}", 4, "a name is only a name" },
    { "{" ONE ("\\ud83d\\ude00", "0", "4") "}", 4, "beyond the basic plane" },
    { "{" ONE ("__metadata__\\u0020", "0", "4") "}", 4, "not quite the metadata" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) tensors = read_header (cases[i].header, cases[i].n_data, &error);

      g_test_message ("%s: %s", cases[i].part, cases[i].header);
      g_assert_no_error (error);
      g_assert_nonnull (tensors);
    }
}

static void
test_lists_in_order_of_bytes (void)
{
  g_autoptr (GPtrArray) tensors = read_header (
      "{" ONE ("z", "4", "8") "," ONE ("b", "8", "12") "," ONE ("c", "0", "4") "}", 12, NULL);

  g_assert_cmpstr (((WsTensor *) tensors->pdata[0])->name, ==, "c");
  g_assert_cmpstr (((WsTensor *) tensors->pdata[1])->name, ==, "z");
  g_assert_cmpstr (((WsTensor *) tensors->pdata[2])->name, ==, "b");
}

static void
test_name_of_2_mb_is_kept (void)
{
  g_autofree char *name = g_strnfill (2 << 20, 'n');
  g_autofree char *header =
      g_strdup_printf ("{\"%s\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", name);
  g_autoptr (GPtrArray) tensors = read_header (header, 1, NULL);

  g_assert_cmpstr (((WsTensor *) tensors->pdata[0])->name, ==, name);
}

/* A long name in an error stays readable. */
static void
test_name_of_2_mb_is_shortened_in_errors (void)
{
  g_autofree char *name = g_strnfill (2 << 20, 'n');
  g_autofree char *header =
      g_strdup_printf ("{\"%s\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,1]}}", name);
  g_autoptr (GError) error = NULL;

  g_assert_null (read_header (header, 1, &error));
  g_assert_cmpuint (strlen (error->message), <, 1000);
}

static void
test_90000_tensors (void)
{
  g_autoptr (GString) header = g_string_new ("{");
  guint n = 90000;

  for (guint i = 0; i < n; i++)
    g_string_append_printf (header,
                            "%s\"model.layers.%u.mlp.experts.%u.down_proj.weight\":{\"dtype\":"
                            "\"U8\",\"shape\":[1],\"data_offsets\":[%u,%u]}",
                            i ? "," : "", i / 1000, i % 1000, i, i + 1);
  g_string_append_c (header, '}');

  gint64 start = g_get_monotonic_time ();
  g_autoptr (GPtrArray) tensors = read_header (header->str, n, NULL);
  g_assert_cmpuint (tensors->len, ==, n);
  g_test_message ("%.3f s", (g_get_monotonic_time () - start) / 1e6);
}

/* --- refused: the frame --- */

static void
test_refuses_every_truncation (void)
{
  static const char header[] =
      "{\"__metadata__\":{\"k\":\"v\"}," ONE ("a", "0", "4") "," ONE ("b", "4", "8") "}  ";
  g_autoptr (GBytes) whole = make_file (header, strlen (header), 8);
  gsize n = g_bytes_get_size (whole);

  for (gsize i = 0; i < n; i++)
    {
      /* A copy of its own, so that a sanitizer sees a read past the end. */
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), i);

      assert_refused (part, WS_ERROR_FORMAT, i == 0 ? "empty" : "'");
    }
}

/* The header ends, and says so, in the middle of its JSON. */
static void
test_refuses_every_shorter_header (void)
{
  static const char header[] =
      "{\"__metadata__\":{\"k\":\"v\"}," ONE ("a", "0", "4") "," ONE ("b", "4", "8") "}";

  for (gsize n = 0; n < strlen (header); n++)
    {
      g_autoptr (GBytes) bytes = make_file (header, n, 8);

      assert_refused (bytes, WS_ERROR_FORMAT, "header of");
    }
}

static void
test_refuses_length_bombs (void)
{
  static const struct
  {
    guint64 length;
    const char *part;
  } cases[] = {
    { G_GUINT64_CONSTANT (1) << 63, "more than 100000000" },
    { G_MAXUINT64, "more than 100000000" },
    { G_MAXUINT64 - 7, "more than 100000000" },
    { 100000001, "more than 100000000" },
    { 100000000, "inside its header" },
    { 3, "inside its header" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 file[10] = { [8] = '{', [9] = '}' };
      guint64 length = GUINT64_TO_LE (cases[i].length);

      memcpy (file, &length, sizeof length);
      g_autoptr (GBytes) bytes = g_bytes_new (file, sizeof file);
      assert_refused (bytes, WS_ERROR_FORMAT, cases[i].part);
    }
}

static void
test_names_files_of_other_kinds (void)
{
  static const struct
  {
    const char *bytes;
    gsize n_bytes;
    int code;
    const char *part;
  } cases[] = {
    { "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", 60, WS_ERROR_FORMAT,
      "git lfs pull" },
    { "<!DOCTYPE html><html><body>404</body></html>", 44, WS_ERROR_FORMAT, "web page" },
    { "\n\n<HTML>no such file</HTML>", 27, WS_ERROR_FORMAT, "web page" },
    { "{\"error\":\"Repository not found\"}", 32, WS_ERROR_FORMAT, "JSON text" },
    { "PK\003\004\000\000\000\000\000\000\000\000\000\000\000\000", 16, WS_ERROR_UNSUPPORTED,
      "zip" },
    { "\200\002\212\nl\374\234F\371 j\250P\031.", 15, WS_ERROR_UNSUPPORTED, "pickle" },
    { "GGUF\003\000\000\000\040\000\000\000\000\000\000\000", 16, WS_ERROR_UNSUPPORTED, "GGUF" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (cases[i].bytes, cases[i].n_bytes);

      assert_refused (bytes, cases[i].code, cases[i].part);
    }
}

/* 0x0280 = 640 is a good header length, and the first two bytes of a pickle. */
static void
test_length_that_looks_like_a_pickle_is_read (void)
{
  g_autofree char *header = g_strnfill (640, ' ');

  memcpy (header, "{}", 2);
  g_autoptr (GPtrArray) tensors = read_header (header, 0, NULL);
  g_assert_nonnull (tensors);
}

/* --- refused: the header --- */

static void
test_refuses_bad_json (void)
{
  static const Case cases[] = {
    { "", 0, "byte 0" },
    { " ", 0, "byte 1" },
    { "\357\273\277{}", 0, "byte 0" }, /* byte order mark */
    { "{}x", 0, "byte 2" },
    { "{}{}", 0, "byte 2" },
    { "{} // comment", 0, "byte 3" },
    { "{/**/}", 0, "byte 1" },
    { "{" ONE ("a", "0", "4") ",}", 4, "key is missing" },
    { "{'a':1}", 0, "byte 1" },
    { "{\"a\xff\":1}", 0, "UTF-8" },
    { "{\"a\xc0\xaf\":1}", 0, "UTF-8" },     /* overlong */
    { "{\"a\xed\xa0\x80\":1}", 0, "UTF-8" }, /* surrogate */
    { "{\"a\\ud800\":1}", 0, "surrogate" },
    { "{\"a\nb\":1}", 0, "control character" },
    { A ("\"dtype\":\"F32\",\"shape\":[01],\"data_offsets\":[0,4]"), 4, "header of" },
    { A ("\"dtype\":\"F32\",\"shape\":[1,],\"data_offsets\":[0,4]"), 4, "header of" },
    { A ("\"dtype\":\"F32\",\"shape\":[NaN],\"data_offsets\":[0,4]"), 4, "header of" },
    { A ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":[}"), 4, "header of" },
    { A ("\"dtype\":\"F32\" \"shape\":[1],\"data_offsets\":[0,4]"), 4, "header of" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

static void
test_refuses_nul_after_header (void)
{
  g_autoptr (GBytes) bytes = make_file ("{}\0\0\0\0\0\0", 8, 0);

  assert_refused (bytes, WS_ERROR_FORMAT, "NUL");
}

static void
test_refuses_deep_nesting (void)
{
  for (guint depth = 126; depth <= 100000; depth = depth == 126 ? 100000 : depth + 1)
    {
      g_autofree char *open = g_strnfill (depth, '[');
      g_autofree char *close = g_strnfill (depth, ']');
      g_autofree char *header = g_strdup_printf (
          A ("\"x\":%s%s,\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), open, close);
      g_autoptr (GBytes) bytes = make_file (header, strlen (header), 4);

      assert_refused (bytes, WS_ERROR_FORMAT, "nested too deeply"); /* 2 + 126 > 127 */
    }
}

static void
test_refuses_wrong_root (void)
{
  static const Case cases[] = {
    { "[]", 0, "not a JSON object" },
    { "null", 0, "not a JSON object" },
    { "\"x\"", 0, "not a JSON object" },
    { "7", 0, "not a JSON object" },
    { "[{" ONE ("a", "0", "4") "}]", 4, "not a JSON object" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

static void
test_refuses_wrong_metadata (void)
{
  static const Case cases[] = {
    { "{\"__metadata__\":1}", 0, "object of strings" },
    { "{\"__metadata__\":\"x\"}", 0, "object of strings" },
    { "{\"__metadata__\":[]}", 0, "object of strings" },
    { "{\"__metadata__\":{\"a\":1}}", 0, "object of strings" },
    { "{\"__metadata__\":{\"a\":null}}", 0, "object of strings" },
    { "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}", 0, "object of strings" },
    { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "twice" },
    { "{\"__metadata__\":null,\"__met\\u0061data__\":null}", 0, "twice" },
    { "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\",\"\\u0061\":\"3\"}}", 0, "twice" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

static void
test_refuses_wrong_entries (void)
{
  static const Case cases[] = {
    { "{\"a\":null}", 0, "tensor 'a'" },
    { "{\"a\":1}", 0, "not an object" },
    { "{\"a\":\"F32\"}", 0, "not an object" },
    { "{\"a\":[\"F32\",[1],[0,4]]}", 4, "not an object" }, /* serde would take it */
    { "{\"a\":{}}", 0, "its dtype is missing" },
    { A ("\"shape\":[1],\"data_offsets\":[0,4]"), 4, "its dtype is missing" },
    { A ("\"dtype\":\"F32\",\"data_offsets\":[0,4]"), 4, "its shape is missing" },
    { A ("\"dtype\":\"F32\",\"shape\":[1]"), 4, "its data_offsets is missing" },
    { A ("\"Dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 4, "its dtype is missing" },
    { A ("\"dtype\\u0000\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 4, "dtype is missing" },
    { A ("\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]"), 4,
      "its dtype stands there twice" },
    { A ("\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]"), 4,
      "its shape stands there twice" },
    { A ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"data_offsets\":[0,4]"), 4,
      "its data_offsets stands there twice" },
    { A ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"data_offset\\u0073\":[0,4]"), 4,
      "its data_offsets stands there twice" },
    { A ("\"dtype\":null,\"shape\":[1],\"data_offsets\":[0,4]"), 4, "dtype is not a string" },
    { A ("\"dtype\":[\"F32\"],\"shape\":[1],\"data_offsets\":[0,4]"), 4, "dtype is not a string" },
    { "{" ONE ("a", "0", "4") "," ONE ("a", "4", "8") "}", 8, "name stands there twice" },
    { "{" ONE ("a", "0", "4") "," ONE ("b", "4", "8") "," ONE ("\\u0061", "8", "12") "}", 12,
      "tensor 'a' in 'case.safetensors': its name stands there twice" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

static void
test_refuses_wrong_shapes (void)
{
  static const Case cases[] = {
    { A_SHAPE ("F32", "null", "4"), 4, "shape is not an array" },
    { A_SHAPE ("F32", "1", "4"), 4, "shape is not an array" },
    { A_SHAPE ("F32", "{\"0\":1}", "4"), 4, "shape is not an array" },
    { A_SHAPE ("F32", "[1.0]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[1e0]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[-1]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[-0]", "0"), 0, "whole number" },
    { A_SHAPE ("F32", "[\"1\"]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[true]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[null]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[[1]]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[{}]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[18446744073709551616]", "4"), 4, "whole number" },
    { A_SHAPE ("F32", "[18446744073709551617]", "4"), 4, "whole number" }, /* 1 after wrapping */
    { A_SHAPE ("U8", "[4294967296,4294967296]", "0"), 0, "beyond 64 bits" },
    { A_SHAPE ("U8", "[1099511627776,1099511627776,0]", "0"), 0, "beyond 64 bits" },
    { A_SHAPE ("U8", "[18446744073709551615,2]", "4"), 4, "beyond 64 bits" },
    { A_SHAPE ("F64", "[288230376151711744]", "0"), 0, "beyond 64 bits" }, /* 2^58 * 64 */
    { A_SHAPE ("F64", "[2305843009213693952]", "0"), 0, "beyond 64 bits" },
    { A_SHAPE ("F4", "[3]", "1"), 1, "whole bytes" },
    { A_SHAPE ("F4", "[3]", "2"), 2, "whole bytes" },
    { A_SHAPE ("F4", "[]", "1"), 1, "whole bytes" },
    { A_SHAPE ("F6_E3M2", "[3]", "2"), 2, "whole bytes" },
    { A_SHAPE ("F32", "[1]", "3"), 3, "ask for 4 bytes" },
    { A_SHAPE ("F32", "[1]", "5"), 5, "ask for 4 bytes" },
    { A_SHAPE ("F32", "[2]", "4"), 4, "ask for 8 bytes" },
    { A_SHAPE ("F32", "[]", "0"), 0, "ask for 4 bytes" },
    { A_SHAPE ("F32", "[0]", "4"), 4, "ask for 0 bytes" },
    { A_SHAPE ("F16", "[1]", "4"), 4, "ask for 2 bytes" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

static void
test_refuses_wrong_offsets (void)
{
#define OFFSETS(text) A ("\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" text)
  static const Case cases[] = {
    { OFFSETS ("null"), 4, "two whole numbers" },
    { OFFSETS ("4"), 4, "two whole numbers" },
    { OFFSETS ("{}"), 4, "two whole numbers" },
    { OFFSETS ("[]"), 4, "two whole numbers" },
    { OFFSETS ("[0]"), 4, "two whole numbers" },
    { OFFSETS ("[0,4,8]"), 4, "two whole numbers" },
    { OFFSETS ("[0,4.0]"), 4, "two whole numbers" },
    { OFFSETS ("[-4,0]"), 4, "two whole numbers" },
    { OFFSETS ("[0,\"4\"]"), 4, "two whole numbers" },
    { OFFSETS ("[false,4]"), 4, "two whole numbers" },
    { OFFSETS ("[[0,4]]"), 4, "two whole numbers" },
    { OFFSETS ("[0,18446744073709551620]"), 4, "two whole numbers" },
    { OFFSETS ("[4,0]"), 4, "before it begins" },
    { OFFSETS ("[18446744073709551615,4]"), 4, "before it begins" },
    { OFFSETS ("[4,8]"), 8, "first but begins at byte 4" },
    { OFFSETS ("[18446744073709551611,18446744073709551615]"), 4, "first but begins" },
    { OFFSETS ("[0,4]"), 0, "is the download complete?" },
    { OFFSETS ("[0,4]"), 3, "ends at byte 4 of the data, the file at byte 3" },
    { OFFSETS ("[0,4]"), 5, "1 bytes follow" },
    { OFFSETS ("[0,4]"), 104, "100 bytes follow" },
    { "{}", 1, "1 bytes follow" },
    { "{\"__metadata__\":{}}", 8, "8 bytes follow" },
    { "{" ONE ("a", "0", "4") "," ONE ("b", "5", "9") "}", 9, "after a hole: tensor 'a'" },
    { "{" ONE ("a", "0", "4") "," ONE ("b", "2", "6") "}", 6, "inside tensor 'a'" },
    { "{" ONE ("a", "0", "4") "," ONE ("b", "0", "4") "}", 4, "inside tensor 'a'" },
    { "{" ONE ("b", "4", "8") "," ONE ("c", "8", "12") "}", 12, "tensor 'b'" },
    { "{\"e\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[2,2]}," ONE ("a", "0", "4") "}", 4,
      "tensor 'e' in 'case.safetensors': it begins at byte 2 of the data, inside tensor 'a'" },
  };
#undef OFFSETS

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_FORMAT);
}

/* Well formed, but not for us: another code, so that callers can tell. */
static void
test_names_what_is_not_supported (void)
{
  static const Case cases[] = {
    { A_SHAPE ("F8_E9M9", "[4]", "4"), 4, "tensor 'a' in 'case.safetensors': dtype 'F8_E9M9'" },
    { A_SHAPE ("f32", "[1]", "4"), 4, "dtype 'f32'" },
    { A_SHAPE ("F32 ", "[1]", "4"), 4, "dtype 'F32 '" },
    { A_SHAPE ("F32\\u0000", "[1]", "4"), 4, "dtype" },
    { A_SHAPE ("", "[1]", "4"), 4, "dtype ''" },
    { A_SHAPE ("U8", "[1,1,1,1,1,1,1,1,4]", "4"), 4, "more than 8 dimensions" },
    { "{" ONE ("a\\u0000b", "0", "4") "}", 4, "NUL" },
    { "{" ONE ("\\u0000", "0", "4") "}", 4, "NUL" },
  };

  assert_all_refused (cases, G_N_ELEMENTS (cases), WS_ERROR_UNSUPPORTED);
}

static void
test_hostile_name_is_made_safe_in_errors (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_header ("{\"a\\n\\u001b[31m%s\\u202e\":1}", 0, &error));
  g_assert_null (strpbrk (error->message, "\n\033"));
  g_assert_null (strstr (error->message, "\342\200\256"));
}

static void
test_stops_when_cancelled (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) bytes = make_file ("{}", 2, 0);
  g_autoptr (WsSource) source = ws_source_new_bytes ("x", bytes);

  g_cancellable_cancel (cancellable);
  g_assert_null (ws_safetensors_read (source, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/safetensors/reads-a-tensor", test_reads_a_tensor);
  g_test_add_func ("/safetensors/accepts-oddities", test_accepts_oddities);
  g_test_add_func ("/safetensors/lists-in-order-of-bytes", test_lists_in_order_of_bytes);
  g_test_add_func ("/safetensors/name-of-2-mb/is-kept", test_name_of_2_mb_is_kept);
  g_test_add_func ("/safetensors/name-of-2-mb/is-shortened-in-errors",
                   test_name_of_2_mb_is_shortened_in_errors);
  g_test_add_func ("/safetensors/90000-tensors", test_90000_tensors);
  g_test_add_func ("/safetensors/refuses-every-truncation", test_refuses_every_truncation);
  g_test_add_func ("/safetensors/refuses-every-shorter-header", test_refuses_every_shorter_header);
  g_test_add_func ("/safetensors/refuses-length-bombs", test_refuses_length_bombs);
  g_test_add_func ("/safetensors/names-files-of-other-kinds", test_names_files_of_other_kinds);
  g_test_add_func ("/safetensors/length-that-looks-like-a-pickle-is-read",
                   test_length_that_looks_like_a_pickle_is_read);
  g_test_add_func ("/safetensors/refuses-bad-json", test_refuses_bad_json);
  g_test_add_func ("/safetensors/refuses-nul-after-header", test_refuses_nul_after_header);
  g_test_add_func ("/safetensors/refuses-deep-nesting", test_refuses_deep_nesting);
  g_test_add_func ("/safetensors/refuses-wrong-root", test_refuses_wrong_root);
  g_test_add_func ("/safetensors/refuses-wrong-metadata", test_refuses_wrong_metadata);
  g_test_add_func ("/safetensors/refuses-wrong-entries", test_refuses_wrong_entries);
  g_test_add_func ("/safetensors/refuses-wrong-shapes", test_refuses_wrong_shapes);
  g_test_add_func ("/safetensors/refuses-wrong-offsets", test_refuses_wrong_offsets);
  g_test_add_func ("/safetensors/names-what-is-not-supported", test_names_what_is_not_supported);
  g_test_add_func ("/safetensors/hostile-name-is-made-safe-in-errors",
                   test_hostile_name_is_made_safe_in_errors);
  g_test_add_func ("/safetensors/stops-when-cancelled", test_stops_when_cancelled);
  return g_test_run ();
}
