/* SPDX-License-Identifier: MIT */
/* The shortest decimal that is a double, in integers.
 *
 * A double is m 2^e; times 10^k it is m 5^k 2^(e + k), of which m 5^k is an integer of at most 53 +
 * 75 bits for k up to 32. With k so that 17 digits stand before the point, all roundings to 15, 16
 * and 17 digits, and whether they lie closer to the double than to its neighbours, are exact. */
#include "base/decimal.h"

#include <math.h>
#include <string.h>

#define LEAST_DIGITS 15
#define MOST_DIGITS 17
/* From here on an exponent would be written for 15 digits. */
#define MOST_EXPONENT 14
#define LEAST_EXPONENT -16

typedef struct
{
  guint64 digits; /* without zeros at its end */
  int n_digits;
  int exponent; /* of ten, of the first digit */
} Decimal;

/* @digits: of which the last @n are written */
static char *
write_digits (char *to, guint64 digits, int n)
{
  for (int i = n - 1; i >= 0; i--, digits /= 10)
    to[i] = '0' + digits % 10;
  return to + n;
}

static int
count_digits (guint64 value)
{
  int n = 1;

  for (; value >= 10; value /= 10)
    n++;
  return n;
}

void
ws_decimal_write_integer (char *buffer, gint64 value)
{
  const guint64 magnitude = value < 0 ? -(guint64) value : (guint64) value;

  if (value < 0)
    *buffer++ = '-';
  *write_digits (buffer, magnitude, count_digits (magnitude)) = '\0';
}

#ifdef __SIZEOF_INT128__

typedef unsigned __int128 Wide;

static const guint64 units[] = { 1, 10, 100 };

/* @value times 10^(16 - exponent) is product 2^-shift, with 17 digits before the point. */
typedef struct
{
  guint64 mantissa;
  Wide power; /* of five: what the product changes by with the last bit of the mantissa */
  Wide product;
  guint shift;
  int exponent;
} Scaled;

static Wide
get_power_of_five (guint k)
{
  Wide power = 1, base = 5;

  for (; k > 0; k /= 2, base *= base)
    if (k % 2 == 1)
      power *= base;
  return power;
}

static gboolean
scale (Scaled *self, guint64 mantissa, int binary_exponent, int exponent)
{
  const int k = MOST_DIGITS - 1 - exponent;

  if (exponent < LEAST_EXPONENT || exponent > MOST_EXPONENT || binary_exponent + k > 0)
    return FALSE;
  self->mantissa = mantissa;
  self->power = get_power_of_five (k);
  self->product = self->power * mantissa;
  self->shift = -(binary_exponent + k);
  self->exponent = exponent;
  return TRUE;
}

static gboolean
init (Scaled *self, double value)
{
  guint64 bits, mantissa;
  int binary_exponent, exponent;

  memcpy (&bits, &value, sizeof bits);
  mantissa = (bits & ((G_GUINT64_CONSTANT (1) << 52) - 1)) | G_GUINT64_CONSTANT (1) << 52;
  binary_exponent = (int) (bits >> 52 & 0x7ff) - 1075;
  /* log10 (2), of the power of two below the value: the guess is right, or one too small */
  exponent = (int) floor ((binary_exponent + 52) * 0.30102999566398);
  if (!scale (self, mantissa, binary_exponent, exponent))
    return FALSE;
  if (self->product >> self->shift < G_GUINT64_CONSTANT (100000000000000000))
    return TRUE;
  return scale (self, mantissa, binary_exponent, exponent + 1);
}

/* Rounds to @n digits, a tie to an even one as printf does. Returns: whether that is the double. */
static gboolean
round_to (const Scaled *self, int n, guint64 *digits)
{
  const guint64 unit = units[MOST_DIGITS - n];
  const guint64 quotient = (guint64) (self->product >> self->shift) / unit;
  const Wide whole = (Wide) unit << self->shift;
  const Wide rest = self->product - quotient * whole;
  const gboolean is_up = 2 * rest > whole || (2 * rest == whole && quotient % 2 == 1);
  const Wide distance = is_up ? whole - rest : rest;
  /* below a power of two the doubles are twice as close */
  const guint closer = !is_up && self->mantissa == G_GUINT64_CONSTANT (1) << 52 ? 4 : 2;

  *digits = quotient + is_up;
  return closer * distance < self->power ||
         (closer * distance == self->power && self->mantissa % 2 == 0);
}

static void
write_decimal (char *to, const Decimal *self)
{
  const int exponent = self->exponent;
  char digits[MOST_DIGITS];

  write_digits (digits, self->digits, self->n_digits);
  if (exponent < -4)
    {
      *to++ = digits[0];
      if (self->n_digits > 1)
        *to++ = '.';
      memcpy (to, digits + 1, self->n_digits - 1);
      to += self->n_digits - 1;
      *to++ = 'e';
      *to++ = '-';
      to = write_digits (to, -exponent, 2);
    }
  else if (exponent < 0)
    {
      memcpy (to, "0.000", 1 - exponent);
      to += 1 - exponent;
      memcpy (to, digits, self->n_digits);
      to += self->n_digits;
    }
  else
    {
      memcpy (to, digits, exponent + 1);
      to += exponent + 1;
      *to++ = '.';
      memcpy (to, digits + exponent + 1, self->n_digits - exponent - 1);
      to += self->n_digits - exponent - 1;
    }
  *to = '\0';
}

gboolean
ws_decimal_write_shortest (char *buffer, double value)
{
  Decimal decimal;
  Scaled scaled;
  int n = LEAST_DIGITS;

  if (value == trunc (value) || !init (&scaled, fabs (value)))
    return FALSE;
  while (!round_to (&scaled, n, &decimal.digits) && n < MOST_DIGITS)
    n++;
  decimal.exponent = scaled.exponent;
  decimal.n_digits = n;
  if (count_digits (decimal.digits) > n)
    decimal.exponent++;
  while (decimal.digits % 10 == 0)
    decimal.digits /= 10;
  decimal.n_digits = count_digits (decimal.digits);
  if (value < 0)
    *buffer++ = '-';
  write_decimal (buffer, &decimal);
  return TRUE;
}

#else

gboolean
ws_decimal_write_shortest (char *buffer, double value)
{
  return FALSE;
}

#endif
