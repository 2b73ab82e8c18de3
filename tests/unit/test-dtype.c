/* SPDX-License-Identifier: MIT */
/* Every bit pattern of every small type, against the definition written out slowly. */
#include "model/dtype.h"

#include <math.h>
#include <string.h>

/* IEEE: (-1)^s * 2^(e-bias) * 1.m; for e = 0: 2^(1-bias) * 0.m; for the largest e: inf and NaN. */
static double
slow_ieee (guint bits, guint n_exponent, guint n_mantissa)
{
  int bias = (1 << (n_exponent - 1)) - 1;
  double fraction = 0;
  guint exponent = bits >> n_mantissa & ((1u << n_exponent) - 1);
  double sign = bits >> (n_exponent + n_mantissa) ? -1 : 1;

  for (guint i = 0; i < n_mantissa; i++)
    if (bits >> i & 1)
      fraction += pow (2, (int) i - (int) n_mantissa);
  if (exponent == (1u << n_exponent) - 1)
    return fraction == 0 ? sign * INFINITY : NAN;
  if (exponent == 0)
    return sign * fraction * pow (2, 1 - bias);
  return sign * (1 + fraction) * pow (2, (int) exponent - bias);
}

/* Equal bits, so that minus zero counts; all NaN are alike. */
static void
assert_same (double actual, double expected)
{
  if (isnan (expected))
    {
      g_assert_true (isnan (actual));
      return;
    }
  g_assert_cmpfloat (actual, ==, expected);
  g_assert_cmpint (!!signbit (actual), ==, !!signbit (expected));
}

/* All 65,536 patterns, from an odd address, whole and in every short length. */
static void
check_16_bits (WsDtype dtype, guint n_exponent, guint n_mantissa)
{
  g_autofree guint8 *buffer = g_malloc (2 * 65536 + 1);
  g_autofree double *values = g_new (double, 65536);

  for (guint i = 0; i < 65536; i++)
    {
      buffer[1 + 2 * i] = i & 0xff;
      buffer[2 + 2 * i] = i >> 8;
    }
  ws_dtype_widen (dtype, buffer + 1, values, 65536);
  for (guint i = 0; i < 65536; i++)
    assert_same (values[i], slow_ieee (i, n_exponent, n_mantissa));
}

static void
test_f16_every_pattern (void)
{
  check_16_bits (WS_DTYPE_F16, 5, 10);
}

static void
test_bf16_every_pattern (void)
{
  check_16_bits (WS_DTYPE_BF16, 8, 7);
}

static void
widen_bytes (WsDtype dtype, double values[256])
{
  guint8 bytes[256];

  for (guint i = 0; i < 256; i++)
    bytes[i] = i;
  ws_dtype_widen (dtype, bytes, values, 256);
}

static void
test_e5m2_is_upper_half_of_f16 (void)
{
  double values[256];

  widen_bytes (WS_DTYPE_F8_E5M2, values);
  for (guint i = 0; i < 256; i++)
    assert_same (values[i], slow_ieee (i << 8, 5, 10));
}

/* As an IEEE type of 4 and 3 bits (bias 7), but the largest exponent is an ordinary one: twice the
 * value with the exponent less one. */
static double
slow_e4m3 (guint bits)
{
  if ((bits & 0x7f) == 0x7f)
    return NAN;
  if ((bits & 0x78) == 0x78)
    return 2 * slow_ieee (bits - 8, 4, 3);
  return slow_ieee (bits, 4, 3);
}

static void
test_e4m3_every_byte (void)
{
  double values[256];

  widen_bytes (WS_DTYPE_F8_E4M3, values);
  for (guint i = 0; i < 256; i++)
    assert_same (values[i], slow_e4m3 (i));
  g_assert_cmpfloat (values[0x7e], ==, 448);
  g_assert_cmpfloat (values[0x01], ==, 0x1p-9);
}

/* The bias is one more, so everything is halved; 0x80 is the only special. */
static void
test_e4m3fnuz_every_byte (void)
{
  double values[256];

  widen_bytes (WS_DTYPE_F8_E4M3FNUZ, values);
  for (guint i = 0; i < 256; i++)
    if (i == 0x80)
      g_assert_true (isnan (values[i]));
    else if ((i & 0x7f) == 0x7f) /* a number here: 15/8 * 2^7 */
      assert_same (values[i], i & 0x80 ? -240 : 240);
    else
      assert_same (values[i], slow_e4m3 (i) / 2);
}

static void
test_e5m2fnuz_every_byte (void)
{
  double values[256];

  widen_bytes (WS_DTYPE_F8_E5M2FNUZ, values);
  for (guint i = 0; i < 256; i++)
    if (i == 0x80)
      g_assert_true (isnan (values[i]));
    else if ((i & 0x7c) == 0x7c) /* numbers here: twice those with the exponent less one */
      assert_same (values[i], slow_ieee (i - 4, 5, 2));
    else
      assert_same (values[i], slow_ieee (i, 5, 2) / 2);
  g_assert_cmpfloat (values[0x7f], ==, 57344);
}

static void
test_e8m0_every_byte (void)
{
  double values[256];

  widen_bytes (WS_DTYPE_F8_E8M0, values);
  for (guint i = 0; i < 255; i++)
    assert_same (values[i], pow (2, (int) i - 127));
  g_assert_true (isnan (values[255]));
}

static void
test_f4_low_nibble_first (void)
{
  /* OCP Microscaling Formats, E2M1 */
  static const double magnitudes[] = { 0, .5, 1, 1.5, 2, 3, 4, 6 };
  guint8 bytes[256];
  double values[512];

  for (guint i = 0; i < 256; i++)
    bytes[i] = i;
  ws_dtype_widen (WS_DTYPE_F4, bytes, values, 512);
  for (guint i = 0; i < 512; i++)
    {
      guint nibble = i % 2 == 0 ? bytes[i / 2] & 15 : bytes[i / 2] >> 4;
      assert_same (values[i], nibble & 8 ? -magnitudes[nibble & 7] : magnitudes[nibble]);
    }
}

static void
test_f4_odd_count (void)
{
  guint8 bytes[] = { 0x21, 0xf3 };
  double values[] = { -1, -1, -1, -1 };

  ws_dtype_widen (WS_DTYPE_F4, bytes, values, 3);
  g_assert_cmpfloat (values[0], ==, .5);
  g_assert_cmpfloat (values[1], ==, 1);
  g_assert_cmpfloat (values[2], ==, 1.5);
  g_assert_cmpfloat (values[3], ==, -1); /* untouched */
}

static void
test_f32_and_f64_are_kept (void)
{
  static const float floats[] = { 0.0f, -0.0f, 0x1p-149f, 0.1f, -3.4028234664e38f, INFINITY, NAN };
  static const double doubles[] = { 0.0, -0.0, 0x1p-1074, 0.1, -1.7976931348623157e308, NAN };
  double values[7];

  ws_dtype_widen (WS_DTYPE_F32, floats, values, 7);
  for (guint i = 0; i < 7; i++)
    assert_same (values[i], (double) floats[i]);
  ws_dtype_widen (WS_DTYPE_F64, doubles, values, 6);
  for (guint i = 0; i < 6; i++)
    assert_same (values[i], doubles[i]);
}

static void
test_integers_keep_sign (void)
{
  static const guint8 ones[8] = { 255, 255, 255, 255, 255, 255, 255, 255 };
  struct
  {
    WsDtype dtype;
    double expected;
  } cases[] = {
    { WS_DTYPE_BOOL, 1 },     { WS_DTYPE_U8, 255 },
    { WS_DTYPE_I8, -1 },      { WS_DTYPE_U16, 65535 },
    { WS_DTYPE_I16, -1 },     { WS_DTYPE_U32, 4294967295.0 },
    { WS_DTYPE_I32, -1 },     { WS_DTYPE_I64, -1 },
    { WS_DTYPE_U64, 0x1p64 }, /* 2^64 - 1 is nearer to 2^64 than to 2^64 - 2^11 */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      double value = NAN;
      ws_dtype_widen (cases[i].dtype, ones, &value, 1);
      g_assert_cmpfloat (value, ==, cases[i].expected);
    }
}

/* Doubles of 2^53..2^54 are 2 apart; ties go to the even mantissa. */
static void
test_64_bit_integers_round_to_nearest_even (void)
{
  guint64 one = 1;
  guint64 patterns[] = { (one << 53) + 1, (one << 53) + 3, (one << 63) + 1024, (one << 63) + 1025 };
  double expected[] = { 0x1p53, 0x1p53 + 4, 0x1p63, 0x1p63 + 2048 };
  double values[4];

  for (guint i = 0; i < 4; i++)
    patterns[i] = GUINT64_TO_LE (patterns[i]);
  ws_dtype_widen (WS_DTYPE_U64, patterns, values, 4);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (values[i], ==, expected[i]);
  ws_dtype_widen (WS_DTYPE_I64, patterns, values, 2);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpfloat (values[i], ==, expected[i]);
}

/* Widening in one piece or in many gives the same, and writes nothing past the end. */
static void
test_any_length_and_alignment (void)
{
  g_autofree guint8 *bytes = g_malloc (300 * 8 + 8);
  g_autofree double *whole = g_new (double, 300), *part = g_new (double, 301);

  for (guint i = 0; i < 300 * 8 + 8; i++)
    bytes[i] = i * 37 + i / 256; /* no NaN matters here: compared as bytes */
  for (guint dtype = 0; dtype < WS_N_DTYPES; dtype++)
    {
      gsize size = ws_dtype_get_n_bits (dtype) / 8;

      if (ws_dtype_get_kind (dtype) == WS_DTYPE_KIND_LISTED || size == 0)
        continue;
      for (gsize i = 0; i < 300; i++)
        ws_dtype_widen (dtype, bytes + 3 + i * size, whole + i, 1);
      for (gsize n = 0; n <= 300; n += n < 70 ? 1 : 77)
        {
          part[n] = 12345;
          ws_dtype_widen (dtype, bytes + 3, part, n);
          g_assert_true (n == 0 || memcmp (part, whole, n * sizeof (double)) == 0);
          g_assert_cmpfloat (part[n], ==, 12345);
        }
    }
}

static void
test_names_go_both_ways (void)
{
  WsDtype dtype = WS_DTYPE_C64;

  for (guint i = 0; i < WS_N_DTYPES; i++)
    {
      g_assert_true (ws_dtype_from_name (ws_dtype_get_name (i), &dtype));
      g_assert_cmpuint (dtype, ==, i);
    }
  g_assert_false (ws_dtype_from_name ("bf16", &dtype));
  g_assert_false (ws_dtype_from_name ("", &dtype));
  g_assert_false (ws_dtype_from_name ("F32 ", &dtype));
  g_assert_cmpuint (dtype, ==, WS_DTYPE_C64); /* the last one found, left alone */
}

static void
test_only_listed_types_have_reasons (void)
{
  for (guint i = 0; i < WS_N_DTYPES; i++)
    g_assert_true ((ws_dtype_get_kind (i) == WS_DTYPE_KIND_LISTED) ==
                   (ws_dtype_get_reason (i) != NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dtype/f16/every-pattern", test_f16_every_pattern);
  g_test_add_func ("/dtype/bf16/every-pattern", test_bf16_every_pattern);
  g_test_add_func ("/dtype/e5m2/is-upper-half-of-f16", test_e5m2_is_upper_half_of_f16);
  g_test_add_func ("/dtype/e4m3/every-byte", test_e4m3_every_byte);
  g_test_add_func ("/dtype/e4m3fnuz/every-byte", test_e4m3fnuz_every_byte);
  g_test_add_func ("/dtype/e5m2fnuz/every-byte", test_e5m2fnuz_every_byte);
  g_test_add_func ("/dtype/e8m0/every-byte", test_e8m0_every_byte);
  g_test_add_func ("/dtype/f4/low-nibble-first", test_f4_low_nibble_first);
  g_test_add_func ("/dtype/f4/odd-count", test_f4_odd_count);
  g_test_add_func ("/dtype/f32-and-f64-are-kept", test_f32_and_f64_are_kept);
  g_test_add_func ("/dtype/integers/keep-sign", test_integers_keep_sign);
  g_test_add_func ("/dtype/integers/64-bit-round-to-nearest-even",
                   test_64_bit_integers_round_to_nearest_even);
  g_test_add_func ("/dtype/any-length-and-alignment", test_any_length_and_alignment);
  g_test_add_func ("/dtype/names-go-both-ways", test_names_go_both_ways);
  g_test_add_func ("/dtype/only-listed-types-have-reasons", test_only_listed_types_have_reasons);
  return g_test_run ();
}
