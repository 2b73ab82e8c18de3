/* SPDX-License-Identifier: MIT */
/* Numbers and names as text. */
#include "base/format.h"

#include "base/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void
assert_machine (double value, const char *expected)
{
  char buffer[WS_FORMAT_SIZE];

  g_assert_cmpstr (ws_format_machine (buffer, value), ==, expected);
}

/* Expected: Python's repr, which is defined as the shortest that reads back, less its ".0". */
static void
test_machine_is_shortest (void)
{
  assert_machine (0.1, "0.1");
  assert_machine (1.0 / 3.0, "0.3333333333333333");
  assert_machine (0.1 + 0.2, "0.30000000000000004");
  assert_machine (1e-8, "1e-08");
  assert_machine (5e-324, "5e-324");
  assert_machine (DBL_MAX, "1.7976931348623157e+308");
  assert_machine (-2.5, "-2.5");
}

static void
test_machine_writes_integers_plainly (void)
{
  assert_machine (0, "0");
  assert_machine (-0.0, "-0");
  assert_machine (151936, "151936");
  assert_machine (9007199254740991.0, "9007199254740991");
}

/* Bit patterns from a linear congruential generator: every finite one must read back. */
static void
assert_widened (float value, const char *expected)
{
  char buffer[WS_FORMAT_SIZE];

  g_assert_cmpfloat ((float) ws_format_widen (value), ==, value);
  g_assert_cmpstr (ws_format_machine (buffer, ws_format_widen (value)), ==, expected);
}

/* 16777217 is the first integer that float lacks; its smallest number is 1.401298e-45. */
static void
test_float_is_as_short_as_a_float (void)
{
  assert_widened (0.1f, "0.1");
  assert_widened (-2.5f, "-2.5");
  assert_widened (3.485229969024658f, "3.48523");
  assert_widened (1.0f / 3, "0.33333334");
  assert_widened (16777216, "16777216");
  assert_widened (FLT_MAX, "3.4028234663852886e+38");
  assert_widened (1.401298e-45f, "1e-45");
  assert_widened (0, "0");
}

static void
test_machine_reads_back (void)
{
  guint64 bits = 12345;

  for (int i = 0; i < 20000; i++)
    {
      char buffer[WS_FORMAT_SIZE];
      double value;

      bits = bits * 6364136223846793005u + 1442695040888963407u;
      memcpy (&value, &bits, sizeof value);
      if (!isfinite (value))
        continue;
      ws_format_machine (buffer, value);
      g_assert_true (g_ascii_strtod (buffer, NULL) == value);
    }
}

static void
assert_significant (double value, guint digits, const char *expected)
{
  g_autofree char *text = ws_format_significant (value, digits);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_significant_keeps_the_digits_asked_for (void)
{
  assert_significant (0.5, 4, "0.5000");
  assert_significant (-12.3456, 4, "−12.35");
  assert_significant (123456, 3, "123456");
  assert_significant (0.001, 2, "0.0010");
}

static void
test_significant_uses_powers_of_ten_outside_the_middle (void)
{
  assert_significant (1e6, 3, "1.00×10⁶");
  assert_significant (999999.9, 4, "1.000×10⁶");
  assert_significant (-0.00012, 2, "−1.2×10⁻⁴");
  assert_significant (1e-300, 1, "1×10⁻³⁰⁰");
}

static void
test_significant_names_what_is_no_number (void)
{
  assert_significant (NAN, 4, "—");
  assert_significant (-INFINITY, 4, "−∞");
  assert_significant (0, 4, "0");
}

static void
test_count_groups_thousands (void)
{
  static const struct
  {
    guint64 value;
    const char *text;
  } cases[] = {
    { 0, "0" },
    { 999, "999" },
    { 1000, "1\u2009000" },
    { 151936, "151\u2009936" },
    { G_MAXUINT64, "18\u2009446\u2009744\u2009073\u2009709\u2009551\u2009615" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ws_format_count (cases[i].value);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_shape_of_no_dimension_is_scalar (void)
{
  const guint64 dims[] = { 4096, 2560, 3 };
  g_autofree char *scalar = ws_format_shape (NULL, 0);
  g_autofree char *matrix = ws_format_shape (dims, 2);
  g_autofree char *packed = ws_format_shape (dims, 3);

  g_assert_cmpstr (scalar, ==, "scalar");
  g_assert_cmpstr (matrix, ==, "4096 × 2560");
  g_assert_cmpstr (packed, ==, "4096 × 2560 × 3");
}

static void
test_bytes_are_decimal (void)
{
  g_autofree char *text = ws_format_bytes (20971520);

  g_assert_cmpstr (text, ==, "21.0\u00a0MB");
}

static void
test_duration_has_two_units (void)
{
  static const struct
  {
    double seconds;
    const char *text;
  } cases[] = {
    { -1, "—" },           { NAN, "—" },          { INFINITY, "—" },
    { 0.2, "under 1 s" },  { 59.4, "59 s" },      { 59.6, "1 min 0 s" },
    { 130, "2 min 10 s" }, { 7260, "2 h 1 min" }, { 180000, "2 d 2 h" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ws_format_duration (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_rough_duration_claims_no_more_than_a_guess (void)
{
  static const struct
  {
    double seconds;
    const char *text;
  } cases[] = {
    { -1, "—" },
    { NAN, "—" },
    { 0, "a few seconds" },
    { 9, "a few seconds" },
    { 12, "about 10 s" },
    { 54, "about 50 s" },
    { 55, "about 1 min" },
    { 170, "about 3 min" },
    { 9.6 * 60, "about 10 min" },
    { 33 * 60, "about 35 min" },
    { 57 * 60, "about 55 min" },
    { 58 * 60, "about 1 h" },
    { 80 * 60, "about 1 h 30 min" },
    { 7.6 * 3600, "about 7 h 30 min" },
    { 11.6 * 3600, "about 12 h" },
    { 50 * 3600, "about 2 days" },
    { 60 * 3600, "about 3 days" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ws_format_rough_duration (cases[i].seconds);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
assert_name (const char *name, const char *expected)
{
  g_autofree char *text = ws_format_name (name);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_name_leaves_plain_text_alone (void)
{
  assert_name ("model.layers.0.self_attn.q_proj.weight", "model.layers.0.self_attn.q_proj.weight");
  assert_name ("权重 \"a,b\"", "权重 \"a,b\"");
  assert_name ("", "");
}

static void
test_name_shows_what_would_hide (void)
{
  assert_name ("a\nb\tc", "a\\x0Ab\\x09c");
  assert_name ("a\x1b[31m", "a\\x1B[31m");
  assert_name ("a\u202eb\u2066c\u2028d\u200be", "a\\u{202E}b\\u{2066}c\\u{2028}d\\u{200B}e");
  assert_name ("a\xff\xc3", "a\\xFF\\xC3");
}

static void
test_name_of_megabytes_is_shortened (void)
{
  g_autofree char *name = g_strnfill (2000000, 'x');
  g_autofree char *text = NULL;

  name[1999999] = 'z';
  text = ws_format_name (name);
  g_assert_cmpuint (g_utf8_strlen (text, -1), ==, 160 + 1 + 80);
  g_assert_true (g_str_has_prefix (text, "xxx"));
  g_assert_true (g_str_has_suffix (text, "xxz"));
}

static void
test_shortened_name_is_cut_between_characters (void)
{
  GString *name = g_string_new (NULL);
  g_autofree char *text = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (name, "权");
  text = ws_format_name (name->str);
  g_assert_cmpuint (g_utf8_strlen (text, -1), ==, 160 + 1 + 80);
  g_assert_null (strstr (text, "\\x"));
  g_string_free (name, TRUE);
}

static void
test_size_takes_binary_units (void)
{
  static const struct
  {
    const char *text;
    guint64 n_bytes;
  } cases[] = {
    { "100000", 100000 }, { "512M", 512u << 20 },   { "8G", 8ull << 30 },
    { "8g", 8ull << 30 }, { "1.5GiB", 3ull << 29 }, { "2KB", 2048 },
    { "7B", 7 },          { "3Ki", 3072 },          { "1T", 1ull << 40 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      guint64 n_bytes = 0;

      g_assert_true (ws_parse_size (cases[i].text, &n_bytes, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (n_bytes, ==, cases[i].n_bytes);
    }
}

static void
test_size_refuses_other_text (void)
{
  static const char *const texts[] = { "",    "G",   "-1G",   "1e9",      "0x10", "inf", " 1G",
                                       "1 G", "1GG", "1.2.3", "9999999T", "1iB",  ".",   "8Gib2" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *quoted = g_strdup_printf ("'%s'", texts[i]);
      guint64 n_bytes = 42;

      g_assert_false (ws_parse_size (texts[i], &n_bytes, &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_ARGUMENT);
      g_assert_nonnull (strstr (error->message, quoted));
      g_assert_cmpuint (n_bytes, ==, 42);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/format/machine/is-shortest", test_machine_is_shortest);
  g_test_add_func ("/format/machine/writes-integers-plainly", test_machine_writes_integers_plainly);
  g_test_add_func ("/format/machine/reads-back", test_machine_reads_back);
  g_test_add_func ("/format/widen/is-as-short-as-a-float", test_float_is_as_short_as_a_float);
  g_test_add_func ("/format/significant/keeps-the-digits-asked-for",
                   test_significant_keeps_the_digits_asked_for);
  g_test_add_func ("/format/significant/uses-powers-of-ten-outside-the-middle",
                   test_significant_uses_powers_of_ten_outside_the_middle);
  g_test_add_func ("/format/significant/names-what-is-no-number",
                   test_significant_names_what_is_no_number);
  g_test_add_func ("/format/count/groups-thousands", test_count_groups_thousands);
  g_test_add_func ("/format/shape/no-dimension-is-scalar", test_shape_of_no_dimension_is_scalar);
  g_test_add_func ("/format/bytes/are-decimal", test_bytes_are_decimal);
  g_test_add_func ("/format/duration/has-two-units", test_duration_has_two_units);
  g_test_add_func ("/format/rough-duration/claims-no-more-than-a-guess",
                   test_rough_duration_claims_no_more_than_a_guess);
  g_test_add_func ("/format/name/leaves-plain-text-alone", test_name_leaves_plain_text_alone);
  g_test_add_func ("/format/name/shows-what-would-hide", test_name_shows_what_would_hide);
  g_test_add_func ("/format/name/megabytes-are-shortened", test_name_of_megabytes_is_shortened);
  g_test_add_func ("/format/name/is-cut-between-characters",
                   test_shortened_name_is_cut_between_characters);
  g_test_add_func ("/format/size/takes-binary-units", test_size_takes_binary_units);
  g_test_add_func ("/format/size/refuses-other-text", test_size_refuses_other_text);
  return g_test_run ();
}
