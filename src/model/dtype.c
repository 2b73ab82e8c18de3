/* SPDX-License-Identifier: MIT */
/* The table of stored element types, and their exact widening.
 *
 *   F16   1 sign, 5 exponent (bias 15), 10 mantissa      BF16  the upper half of an F32
 *   F8_E4M3      1, 4 (bias 7), 3     no infinities, NaN is s.1111.111
 *   F8_E5M2      1, 5 (bias 15), 2    the upper half of an F16
 *   F8_E4M3FNUZ  1, 4 (bias 8), 3     no infinities, NaN is 0x80 (there is no minus zero)
 *   F8_E5M2FNUZ  1, 5 (bias 16), 2    the same
 *   F8_E8M0      2^(byte - 127), NaN is 0xff: a type for scales
 *   F4           1, 2 (bias 1), 1     neither infinities nor NaN
 */
#include "model/dtype.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Loops over a known number of elements are vectorised by GCC at -O2, others are not; restrict is
 * needed for the same. */
#define STRIDE 64

typedef void (*WidenFunc) (const guint8 *restrict src, double *restrict dst, gsize n);

static inline guint16
load_u16 (const guint8 *src)
{
  guint16 bits;

  memcpy (&bits, src, sizeof bits);
  return GUINT16_FROM_LE (bits);
}

static inline guint32
load_u32 (const guint8 *src)
{
  guint32 bits;

  memcpy (&bits, src, sizeof bits);
  return GUINT32_FROM_LE (bits);
}

static inline guint64
load_u64 (const guint8 *src)
{
  guint64 bits;

  memcpy (&bits, src, sizeof bits);
  return GUINT64_FROM_LE (bits);
}

static inline float
float_from_bits (guint32 bits)
{
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline guint32
bits_from_float (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static inline double
f32_to_double (const guint8 *src)
{
  return float_from_bits (load_u32 (src));
}

static inline double
bf16_to_double (const guint8 *src)
{
  return float_from_bits ((guint32) load_u16 (src) << 16);
}

/* Choices by masks, which GCC vectorises (not so those between floats, which might trap), and
 * denormal numbers never an operand: they are slow. */
static inline double
f16_to_double (const guint8 *src)
{
  guint32 half = load_u16 (src);
  guint32 sign = (half & 0x8000) << 16;
  guint32 magnitude = (half & 0x7fff) << 13; /* exponent and mantissa at their places in a float */
  guint32 is_subnormal = -(guint32) (magnitude < 1u << 23);
  guint32 is_special = -(guint32) (magnitude >= 31u << 23);
  guint32 rebias = (127u - 15) << 23;
  /* Twice the change of bias makes exponent 31 into 255: infinity and NaN. */
  guint32 normal = magnitude + rebias + (rebias & is_special);
  /* Exponent 0 stands for 2^-14 as 1 does, without the leading one: add it, take it off again. */
  guint32 subnormal = bits_from_float (float_from_bits (normal + (1u << 23)) - 0x1p-14f);

  return float_from_bits (sign | (subnormal & is_subnormal) | (normal & ~is_subnormal));
}

static inline double
f64_to_double (const guint8 *src)
{
  guint64 bits = load_u64 (src);
  double value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

static inline double
bool_to_double (const guint8 *src)
{
  return *src != 0;
}

static inline double
u8_to_double (const guint8 *src)
{
  return *src;
}

static inline double
i8_to_double (const guint8 *src)
{
  return (gint8) *src;
}

static inline double
u16_to_double (const guint8 *src)
{
  return load_u16 (src);
}

static inline double
i16_to_double (const guint8 *src)
{
  return (gint16) load_u16 (src);
}

static inline double
u32_to_double (const guint8 *src)
{
  return load_u32 (src);
}

static inline double
i32_to_double (const guint8 *src)
{
  return (gint32) load_u32 (src);
}

static inline double
u64_to_double (const guint8 *src)
{
  return load_u64 (src);
}

static inline double
i64_to_double (const guint8 *src)
{
  return (gint64) load_u64 (src);
}

#define DEFINE_WIDEN(type, size)                                                                   \
  static void widen_##type (const guint8 *restrict src, double *restrict dst, gsize n)             \
  {                                                                                                \
    gsize i = 0;                                                                                   \
                                                                                                   \
    for (; n - i >= STRIDE; i += STRIDE)                                                           \
      for (gsize j = 0; j < STRIDE; j++)                                                           \
        dst[i + j] = type##_to_double (src + (i + j) * (size));                                    \
    for (; i < n; i++)                                                                             \
      dst[i] = type##_to_double (src + i * (size));                                                \
  }

DEFINE_WIDEN (bool, 1)
DEFINE_WIDEN (u8, 1)
DEFINE_WIDEN (i8, 1)
DEFINE_WIDEN (u16, 2)
DEFINE_WIDEN (i16, 2)
DEFINE_WIDEN (u32, 4)
DEFINE_WIDEN (i32, 4)
DEFINE_WIDEN (u64, 8)
DEFINE_WIDEN (i64, 8)
DEFINE_WIDEN (f64, 8)
DEFINE_WIDEN (f32, 4)
DEFINE_WIDEN (f16, 2)
DEFINE_WIDEN (bf16, 2)

/* The value of every byte of the 8-bit types, and of every nibble of F4. */
typedef struct
{
  double e4m3[256];
  double e5m2[256];
  double e4m3fnuz[256];
  double e5m2fnuz[256];
  double e8m0[256];
  double e2m1[16];
} SmallFloats;

/* The definition: mantissa, with its leading one unless the exponent is 0, times a power of 2. */
static double
decode_finite (guint bits, guint n_exponent, guint n_mantissa, int bias)
{
  guint mantissa = bits & ((1u << n_mantissa) - 1);
  guint exponent = (bits >> n_mantissa) & ((1u << n_exponent) - 1);
  gboolean negative = (bits >> (n_mantissa + n_exponent)) & 1;
  double magnitude = exponent == 0 ? ldexp (mantissa, 1 - bias - (int) n_mantissa)
                                   : ldexp (mantissa + (1u << n_mantissa),
                                            (int) exponent - bias - (int) n_mantissa);

  return negative ? -magnitude : magnitude;
}

static gpointer
build_small_floats (gpointer data)
{
  static SmallFloats table;

  for (guint i = 0; i < 256; i++)
    {
      table.e4m3[i] = (i & 0x7f) == 0x7f ? NAN : decode_finite (i, 4, 3, 7);
      table.e5m2[i] = decode_finite (i, 5, 2, 15);
      if ((i & 0x7c) == 0x7c)
        table.e5m2[i] = i & 3 ? NAN : (i & 0x80 ? -INFINITY : INFINITY);
      table.e4m3fnuz[i] = i == 0x80 ? NAN : decode_finite (i, 4, 3, 8);
      table.e5m2fnuz[i] = i == 0x80 ? NAN : decode_finite (i, 5, 2, 16);
      table.e8m0[i] = i == 0xff ? NAN : ldexp (1, (int) i - 127);
    }
  for (guint i = 0; i < 16; i++)
    table.e2m1[i] = decode_finite (i, 2, 1, 1);
  return &table;
}

static const SmallFloats *
get_small_floats (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, build_small_floats, NULL);
}

#define DEFINE_WIDEN_BYTES(type)                                                                   \
  static void widen_##type (const guint8 *restrict src, double *restrict dst, gsize n)             \
  {                                                                                                \
    const double *values = get_small_floats ()->type;                                              \
                                                                                                   \
    for (gsize i = 0; i < n; i++)                                                                  \
      dst[i] = values[src[i]];                                                                     \
  }

DEFINE_WIDEN_BYTES (e4m3)
DEFINE_WIDEN_BYTES (e5m2)
DEFINE_WIDEN_BYTES (e4m3fnuz)
DEFINE_WIDEN_BYTES (e5m2fnuz)
DEFINE_WIDEN_BYTES (e8m0)

static void
widen_e2m1 (const guint8 *src, double *dst, gsize n)
{
  const double *values = get_small_floats ()->e2m1;

  for (gsize i = 0; i < n; i++)
    dst[i] = values[i % 2 ? src[i / 2] >> 4 : src[i / 2] & 0xf];
}

static const struct
{
  const char *name;
  guint n_bits;
  WsDtypeKind kind;
  WidenFunc widen;
  const char *reason;
} infos[] = {
  [WS_DTYPE_BOOL] = { "BOOL", 8, WS_DTYPE_KIND_INTEGER, widen_bool },
  [WS_DTYPE_U8] = { "U8", 8, WS_DTYPE_KIND_INTEGER, widen_u8 },
  [WS_DTYPE_I8] = { "I8", 8, WS_DTYPE_KIND_INTEGER, widen_i8 },
  [WS_DTYPE_U16] = { "U16", 16, WS_DTYPE_KIND_INTEGER, widen_u16 },
  [WS_DTYPE_I16] = { "I16", 16, WS_DTYPE_KIND_INTEGER, widen_i16 },
  [WS_DTYPE_U32] = { "U32", 32, WS_DTYPE_KIND_INTEGER, widen_u32 },
  [WS_DTYPE_I32] = { "I32", 32, WS_DTYPE_KIND_INTEGER, widen_i32 },
  [WS_DTYPE_U64] = { "U64", 64, WS_DTYPE_KIND_INTEGER, widen_u64 },
  [WS_DTYPE_I64] = { "I64", 64, WS_DTYPE_KIND_INTEGER, widen_i64 },
  [WS_DTYPE_F64] = { "F64", 64, WS_DTYPE_KIND_FLOAT, widen_f64 },
  [WS_DTYPE_F32] = { "F32", 32, WS_DTYPE_KIND_FLOAT, widen_f32 },
  [WS_DTYPE_F16] = { "F16", 16, WS_DTYPE_KIND_FLOAT, widen_f16 },
  [WS_DTYPE_BF16] = { "BF16", 16, WS_DTYPE_KIND_FLOAT, widen_bf16 },
  [WS_DTYPE_F8_E4M3] = { "F8_E4M3", 8, WS_DTYPE_KIND_SMALL_FLOAT, widen_e4m3 },
  [WS_DTYPE_F8_E5M2] = { "F8_E5M2", 8, WS_DTYPE_KIND_SMALL_FLOAT, widen_e5m2 },
  [WS_DTYPE_F8_E4M3FNUZ] = { "F8_E4M3FNUZ", 8, WS_DTYPE_KIND_SMALL_FLOAT, widen_e4m3fnuz },
  [WS_DTYPE_F8_E5M2FNUZ] = { "F8_E5M2FNUZ", 8, WS_DTYPE_KIND_SMALL_FLOAT, widen_e5m2fnuz },
  [WS_DTYPE_F8_E8M0] = { "F8_E8M0", 8, WS_DTYPE_KIND_SMALL_FLOAT, widen_e8m0 },
  [WS_DTYPE_F4] = { "F4", 4, WS_DTYPE_KIND_SMALL_FLOAT, widen_e2m1 },
  [WS_DTYPE_F6_E2M3] = { "F6_E2M3", 6, WS_DTYPE_KIND_LISTED, NULL,
                         N_ ("6-bit floats: their packing is not specified") },
  [WS_DTYPE_F6_E3M2] = { "F6_E3M2", 6, WS_DTYPE_KIND_LISTED, NULL,
                         N_ ("6-bit floats: their packing is not specified") },
  [WS_DTYPE_C64] = { "C64", 64, WS_DTYPE_KIND_LISTED, NULL, N_ ("complex numbers: not analysed") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (infos) == WS_N_DTYPES);

const char *
ws_dtype_get_name (WsDtype dtype)
{
  return infos[dtype].name;
}

gboolean
ws_dtype_from_name (const char *name, WsDtype *dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    if (strcmp (infos[i].name, name) == 0)
      {
        *dtype = (WsDtype) i;
        return TRUE;
      }
  return FALSE;
}

guint
ws_dtype_get_n_bits (WsDtype dtype)
{
  return infos[dtype].n_bits;
}

WsDtypeKind
ws_dtype_get_kind (WsDtype dtype)
{
  return infos[dtype].kind;
}

const char *
ws_dtype_get_reason (WsDtype dtype)
{
  return infos[dtype].reason;
}

void
ws_dtype_widen (WsDtype dtype, const void *src, double *dst, gsize n)
{
  g_assert (infos[dtype].widen);
  infos[dtype].widen (src, dst, n);
}
