/* SPDX-License-Identifier: MIT */
/* What RFC 8259 allows is read, what it does not is refused, whatever its depth. */
#include "base/json-reader.h"

#include "base/error.h"

#include <string.h>

/* One letter for an event: { } [ ] for containers, and the text of the others after their letter.
 */
static char *
describe (const char *bytes, gsize n_bytes, GError **error)
{
  g_auto (WsJsonReader) reader = { 0 };
  g_autoptr (GString) events = g_string_new (NULL);

  if (!ws_json_reader_init (&reader, bytes, n_bytes, error))
    return NULL;
  for (;;)
    {
      WsJsonEvent event = ws_json_reader_next (&reader, error);

      if (event == WS_JSON_ERROR)
        return NULL;
      if (event == WS_JSON_END)
        return g_string_free (g_steal_pointer (&events), FALSE);
      g_string_append_c (events, "?{}[]ksn+-0"[event]);
      if (event == WS_JSON_KEY || event == WS_JSON_STRING || event == WS_JSON_NUMBER)
        g_string_append_printf (events, "(%s)", ws_json_reader_get_text (&reader, NULL));
    }
}

static void
test_events_in_order (void)
{
  static const struct
  {
    const char *json;
    const char *events;
  } cases[] = {
    { "{}", "{}" },
    { "[]", "[]" },
    { " \t\r\n{ } \n", "{}" },
    { "true", "+" },
    { "false", "-" },
    { "null", "0" },
    { "\"x\"", "s(x)" },
    { "[1,2]", "[n(1)n(2)]" },
    { "[ 1 , [ ] , { } ]", "[n(1)[]{}]" },
    { "{\"a\":1,\"b\":{\"c\":[true,null]}}", "{k(a)n(1)k(b){k(c)[+0]}}" },
    { "{\"a\" : 1 , \"a\" : 2}", "{k(a)n(1)k(a)n(2)}" }, /* duplicates are the caller's affair */
    { "{\"\":\"\"}", "{k()s()}" },
    { "-0", "n(-0)" },
    { "[0,-1,1.5,1e9,1E+9,1e-9,-0.0e0]", "[n(0)n(-1)n(1.5)n(1e9)n(1E+9)n(1e-9)n(-0.0e0)]" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "s(\"\\/\b\f\n\r\t)" },
    { "\"\\u0041\\u00e9\\u4e2d\\uD83D\\uDE00\"", "s(A\303\251\344\270\255\360\237\230\200)" },
    { "\"\303\251\177\"", "s(\303\251\177)" }, /* DEL is no control character here */
    { "\"\\u202e\"", "s(\342\200\256)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *events = describe (cases[i].json, strlen (cases[i].json), &error);

      g_assert_no_error (error);
      g_assert_cmpstr (events, ==, cases[i].events);
    }
}

/* Most of these are known from parsers that took them. */
static void
test_refuses_what_is_not_json (void)
{
  static const char *const cases[] = {
    "",
    " ",
    "{",
    "}",
    "[",
    "]",
    "{]",
    "[}",
    "[1",
    "[1,",
    "[1,]",
    "[,1]",
    "[1 2]",
    "[1,,2]",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\":1,}",
    "{\"a\" 1}",
    "{a:1}",
    "{1:1}",
    "{'a':1}",
    "{\"a\":1 \"b\":2}",
    "{\"a\":1,\"b\"",
    "{\"a\":1]",
    "[1}",
    "{\"a\":1:2}",
    "{null:1}",
    "{[]:1}",
    "\"",
    "\"a",
    "\"\\",
    "\"\\\"",
    "\"\\x41\"",
    "\"\\'\"",
    "\"\\u\"",
    "\"\\u12\"",
    "\"\\u123g\"",
    "\"\\ud800\"",
    "\"\\udc00\"",
    "\"\\ud800\\u0041\"",
    "\"\\ud800x\"",
    "\"\\ud800\\ud800\"",
    "\"\\U0041\"",
    "\"a\nb\"",
    "\"a\tb\"",
    "\"\001\"",
    "'a'",
    "+1",
    "-",
    "01",
    "-01",
    "1.",
    ".5",
    "-.5",
    "1.e5",
    "1e",
    "1e+",
    "0x10",
    "1_000",
    "1a",
    "1-",
    "1+2",
    "Infinity",
    "-Infinity",
    "NaN",
    "nan",
    "True",
    "TRUE",
    "tru",
    "truex",
    "nul",
    "nulll",
    "undefined",
    "{} {}",
    "{}{}",
    "[][]",
    "1 2",
    "{}x",
    "{},",
    "null null",
    "\"a\"\"b\"",
    "// c\n{}",
    "{} // c",
    "/* c */ {}",
    "[1/**/]",
    "# c\n{}",
    "\357\273\277{}", /* byte order mark */
    "\302\240{}",
    "\f{}",
    "\v{}",
    "[\f]", /* white space elsewhere, not here */
    "[\xff]",
    "\"\xff\"",
    "\"\xc0\xaf\"",
    "\"\xed\xa0\x80\"",
    "\"\xf4\x90\x80\x80\"",
    "\"\xe2\x82\"",
    "\"\xc3",
    "@",
    "{\"a\":@}",
    "[-a]",
    "\\",
    "{\\\"a\":1}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ws_json_check (cases[i], strlen (cases[i]), &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "at byte"));
    }
}

static void
test_refuses_nul_anywhere (void)
{
  static const char *const cases[] = { "\0{}", "{}\0", "[1\0]", "\"a\0b\"" };
  static const gsize lengths[] = { 3, 3, 4, 5 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ws_json_check (cases[i], lengths[i], &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, "NUL"));
    }
}

/* The bytes after @n_bytes are not looked at, so every prefix of a document is refused. */
static void
test_refuses_every_truncation (void)
{
  static const char json[] = "{\"a\":[1.5e-3,true,\"\\u0041\\ud83d\\ude00\303\251\"],\"b\":null}";

  for (gsize n = 0; n < sizeof json - 1; n++)
    {
      g_autofree char *exact = g_memdup2 (json, MAX (n, 1)); /* lets a sanitizer see overreading */
      g_assert_false (ws_json_check (exact, n, NULL));
    }
  g_assert_true (ws_json_check (json, sizeof json - 1, NULL));
}

static char *
nest (guint depth, char open, char close)
{
  g_autofree char *front = g_strnfill (depth, open);
  g_autofree char *back = g_strnfill (depth, close);

  return g_strconcat (front, back, NULL);
}

static void
test_depth_127_and_no_more (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *deep = nest (127, '[', ']');
  g_autofree char *deeper = nest (128, '[', ']');
  g_autofree char *deepest = nest (1000000, '[', ']');

  g_assert_true (ws_json_check (deep, strlen (deep), NULL));
  g_assert_false (ws_json_check (deeper, strlen (deeper), &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "byte 127"));
  g_assert_nonnull (strstr (error->message, "deep"));
  g_assert_false (ws_json_check (deepest, strlen (deepest), NULL));
}

static void
test_text_may_hold_nul (void)
{
  static const char json[] = "\"a\\u0000b\"";
  g_auto (WsJsonReader) reader = { 0 };
  gsize length = 0;

  g_assert_true (ws_json_reader_init (&reader, json, strlen (json), NULL));
  g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_STRING);
  g_assert_cmpmem (ws_json_reader_get_text (&reader, &length), length, "a\0b", 3);
}

static void
test_u64_is_exact_or_refused (void)
{
  static const struct
  {
    const char *json;
    gboolean is_u64;
    guint64 value;
  } cases[] = {
    { "0", TRUE, 0 },
    { "9007199254740993", TRUE, 9007199254740993 }, /* 2^53 + 1: no double holds it */
    { "18446744073709551615", TRUE, G_MAXUINT64 },
    { "18446744073709551616", FALSE, 0 },
    { "99999999999999999999999", FALSE, 0 },
    { "-1", FALSE, 0 },
    { "-0", FALSE, 0 },
    { "2.0", FALSE, 0 },
    { "1e3", FALSE, 0 },
    { "\"1\"", FALSE, 0 },
    { "true", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsJsonReader) reader = { 0 };
      guint64 value = 0;

      g_assert_true (ws_json_reader_init (&reader, cases[i].json, strlen (cases[i].json), NULL));
      g_assert_cmpint (ws_json_reader_next (&reader, NULL), !=, WS_JSON_ERROR);
      g_assert_cmpint (ws_json_reader_get_u64 (&reader, &value), ==, cases[i].is_u64);
      g_assert_cmpuint (value, ==, cases[i].value);
    }
}

static void
test_skip_lands_after_the_value (void)
{
  static const char json[] = "{\"skip\":[1,{\"a\":[[]]}],\"scalar\":7,\"next\":true}";
  g_auto (WsJsonReader) reader = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (ws_json_reader_init (&reader, json, strlen (json), NULL));
  g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_OBJECT_BEGIN);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_KEY);
      g_assert_cmpint (ws_json_reader_next (&reader, NULL), !=, WS_JSON_ERROR);
      g_assert_true (ws_json_reader_skip (&reader, &error));
    }
  g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_KEY);
  g_assert_cmpstr (ws_json_reader_get_text (&reader, NULL), ==, "next");
}

static void
test_skip_sees_errors (void)
{
  static const char json[] = "[[1,2}]";
  g_auto (WsJsonReader) reader = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (ws_json_reader_init (&reader, json, strlen (json), NULL));
  g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_ARRAY_BEGIN);
  g_assert_false (ws_json_reader_skip (&reader, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
}

static void
test_stays_failed (void)
{
  static const char json[] = "[@,1]";
  g_auto (WsJsonReader) reader = { 0 };

  g_assert_true (ws_json_reader_init (&reader, json, strlen (json), NULL));
  g_assert_cmpint (ws_json_reader_next (&reader, NULL), ==, WS_JSON_ARRAY_BEGIN);
  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (ws_json_reader_next (&reader, &error), ==, WS_JSON_ERROR);
      g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/json-reader/events-in-order", test_events_in_order);
  g_test_add_func ("/json-reader/refuses-what-is-not-json", test_refuses_what_is_not_json);
  g_test_add_func ("/json-reader/refuses-nul-anywhere", test_refuses_nul_anywhere);
  g_test_add_func ("/json-reader/refuses-every-truncation", test_refuses_every_truncation);
  g_test_add_func ("/json-reader/depth-127-and-no-more", test_depth_127_and_no_more);
  g_test_add_func ("/json-reader/text-may-hold-nul", test_text_may_hold_nul);
  g_test_add_func ("/json-reader/u64-is-exact-or-refused", test_u64_is_exact_or_refused);
  g_test_add_func ("/json-reader/skip/lands-after-the-value", test_skip_lands_after_the_value);
  g_test_add_func ("/json-reader/skip/sees-errors", test_skip_sees_errors);
  g_test_add_func ("/json-reader/stays-failed", test_stays_failed);
  return g_test_run ();
}
