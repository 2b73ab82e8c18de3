/* SPDX-License-Identifier: MIT */
/* Numbers and names as text: one way for machines (C locale), one for people. */
#include "base/format.h"

#include "base/error.h"

#include <float.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUS "\u2212"
#define THIN_SPACE "\u2009"
#define UNKNOWN "\u2014"

/* The first and the last digits of a name are what tells it from its neighbours. */
#define NAME_HEAD_CHARS 160
#define NAME_TAIL_CHARS 80

/* Of so many digits; a table writes millions of numbers. */
#define MOST_DIGITS 17
static const char *const formats[MOST_DIGITS + 1] = {
  "",     "%.1g",  "%.2g",  "%.3g",  "%.4g",  "%.5g",  "%.6g",  "%.7g",  "%.8g",
  "%.9g", "%.10g", "%.11g", "%.12g", "%.13g", "%.14g", "%.15g", "%.16g", "%.17g",
};

/* Beyond 2^53 the doubles are further apart than 1: an integer form would claim too much. */
#define EXACT_INTEGER_LIMIT 9007199254740992.0

char *
ws_format_machine (char buffer[WS_FORMAT_SIZE], double value)
{
  g_assert (isfinite (value));
  if (value == trunc (value) && fabs (value) < EXACT_INTEGER_LIMIT &&
      !(value == 0 && signbit (value)))
    {
      g_snprintf (buffer, WS_FORMAT_SIZE, "%" G_GINT64_FORMAT, (gint64) value);
      return buffer;
    }
  /* Every decimal of 15 digits survives a normal double, so fewer need no try: %g drops the zeros.
   * Subnormal numbers have less precision and may need fewer digits. With 17 every double does. */
  for (int digits = fabs (value) < DBL_MIN ? 1 : DBL_DIG; digits <= MOST_DIGITS; digits++)
    {
      g_ascii_formatd (buffer, WS_FORMAT_SIZE, formats[digits], value);
      if (digits < MOST_DIGITS && g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return buffer;
}

double
ws_format_widen (float value)
{
  double widened = value;

  if (!isfinite (value) || value == truncf (value))
    return value;
  /* FLT_DIG digits survive a normal float: fewer need no try. */
  for (int digits = fabsf (value) < FLT_MIN ? 1 : FLT_DIG; digits <= 9; digits++)
    {
      char buffer[WS_FORMAT_SIZE];

      g_ascii_formatd (buffer, sizeof buffer, formats[digits], value);
      widened = g_ascii_strtod (buffer, NULL);
      if ((float) widened == value)
        break;
    }
  return widened;
}

/* Digits of an integer in groups of three. */
static void
append_grouped (GString *text, const char *digits)
{
  gsize n = strlen (digits);

  for (gsize i = 0; i < n; i++)
    {
      if (i > 0 && (n - i) % 3 == 0)
        g_string_append (text, THIN_SPACE);
      g_string_append_c (text, digits[i]);
    }
}

char *
ws_format_count (guint64 value)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GUINT64_FORMAT, value);
  GString *text = g_string_new (NULL);

  append_grouped (text, digits);
  return g_string_free (text, FALSE);
}

static void
append_power_of_ten (GString *text, int exponent)
{
  static const char *const superscripts[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  g_autofree char *digits = g_strdup_printf ("%d", ABS (exponent));

  g_string_append (text, "×10");
  if (exponent < 0)
    g_string_append (text, "⁻");
  for (const char *digit = digits; *digit; digit++)
    g_string_append (text, superscripts[*digit - '0']);
}

char *
ws_format_significant (double value, guint digits)
{
  GString *text;
  g_autofree char *scientific = NULL;
  int exponent;

  digits = CLAMP (digits, 1, 17);
  if (isnan (value))
    return g_strdup (UNKNOWN);
  text = g_string_new (value < 0 ? MINUS : NULL);
  value = fabs (value);
  if (isinf (value))
    g_string_append (text, "∞");
  if (value == 0)
    g_string_append (text, "0");
  if (isinf (value) || value == 0)
    return g_string_free (text, FALSE);

  /* Rounded first: 999999.9 to four digits is 10⁶. */
  scientific = g_strdup_printf ("%.*e", (int) digits - 1, value);
  exponent = atoi (strrchr (scientific, 'e') + 1);
  if (exponent < -3 || exponent >= 6)
    {
      g_string_append_len (text, scientific, strrchr (scientific, 'e') - scientific);
      append_power_of_ten (text, exponent);
    }
  else
    g_string_append_printf (text, "%.*f", MAX ((int) digits - 1 - exponent, 0), value);
  return g_string_free (text, FALSE);
}

char *
ws_format_shape (const guint64 *dims, guint n_dims)
{
  GString *text;

  if (n_dims == 0)
    return g_strdup (_ ("scalar"));
  text = g_string_new (NULL);
  for (guint i = 0; i < n_dims; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " × " : "", dims[i]);
  return g_string_free (text, FALSE);
}

char *
ws_format_bytes (guint64 n_bytes)
{
  return g_format_size (n_bytes);
}

char *
ws_format_duration (double seconds)
{
  guint64 whole;

  if (!(seconds >= 0) || seconds >= (double) G_MAXINT64)
    return g_strdup (UNKNOWN);
  if (seconds < 1)
    return g_strdup (_ ("under 1 s"));
  whole = (guint64) (seconds + 0.5);
  if (whole < 60)
    return g_strdup_printf (_ ("%u s"), (guint) whole);
  if (whole < 3600)
    return g_strdup_printf (_ ("%u min %u s"), (guint) (whole / 60), (guint) (whole % 60));
  if (whole < 48 * 3600)
    return g_strdup_printf (_ ("%u h %u min"), (guint) (whole / 3600), (guint) (whole / 60 % 60));
  return g_strdup_printf (_ ("%.0f d %u h"), floor (seconds / 86400), (guint) (whole / 3600 % 24));
}

char *
ws_format_rough_duration (double seconds)
{
  double minutes = round (seconds / 60);
  guint halves;

  if (!(seconds >= 0) || seconds >= (double) G_MAXINT64)
    return g_strdup (UNKNOWN);
  if (seconds < 10)
    return g_strdup (_ ("a few seconds"));
  if (seconds < 55)
    return g_strdup_printf (_ ("about %u s"), 10 * (guint) round (seconds / 10));
  if (minutes < 10)
    return g_strdup_printf (_ ("about %u min"), MAX (1, (guint) minutes));
  if (minutes < 58)
    return g_strdup_printf (_ ("about %u min"), 5 * (guint) round (minutes / 5));
  halves = (guint) MIN (round (minutes / 30), 1e6);
  if (halves >= 96)
    return g_strdup_printf (_ ("about %u days"), (halves + 24) / 48);
  if (halves % 2 == 0 || halves > 20)
    return g_strdup_printf (_ ("about %u h"), (halves + 1) / 2);
  return g_strdup_printf (_ ("about %u h 30 min"), halves / 2);
}

/* Characters that would break a line, hide text or turn its direction. */
static gboolean
is_unsafe (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SURROGATE:
      return TRUE;
    default:
      return FALSE;
    }
}

/* One character, or one byte that is none, appended so that it can be seen. Returns: the next. */
static const char *
append_visible (GString *text, const char *p)
{
  gunichar c = g_utf8_get_char_validated (p, -1);

  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      g_string_append_printf (text, "\\x%02X", (guchar) *p);
      return p + 1;
    }
  if (!is_unsafe (c))
    g_string_append_unichar (text, c);
  else if (c < 0x80)
    g_string_append_printf (text, "\\x%02X", c);
  else
    g_string_append_printf (text, "\\u{%X}", c);
  return g_utf8_next_char (p);
}

/* The start of the last @n_chars characters of [start, end); bytes that are none count as one. */
static const char *
find_tail (const char *start, const char *end, guint n_chars)
{
  const char *p = end;

  for (guint i = 0; i < n_chars && p > start; i++)
    {
      p--;
      for (guint back = 0; back < 3 && p > start && ((guchar) *p & 0xC0) == 0x80; back++)
        p--;
    }
  return p;
}

char *
ws_format_name (const char *name)
{
  GString *text = g_string_new (NULL);
  const char *end = name + strlen (name);
  const char *p = name;
  const char *tail;

  for (guint i = 0; i < NAME_HEAD_CHARS && p < end; i++)
    p = append_visible (text, p);
  tail = find_tail (p, end, NAME_TAIL_CHARS);
  if (tail > p)
    {
      g_string_append (text, "…");
      p = tail;
    }
  while (p < end)
    p = append_visible (text, p);
  return g_string_free (text, FALSE);
}

/* The power of 1024 that @suffix stands for: "", "B", "K", "KB", "Ki", "KiB" and so on up to T;
 * -1: none. */
static int
parse_size_suffix (const char *suffix)
{
  static const char letters[] = "KMGT";
  const char *letter;
  int power = 0;

  if (*suffix != '\0' && (letter = strchr (letters, g_ascii_toupper (*suffix))) != NULL)
    {
      power = (int) (letter - letters) + 1;
      suffix++;
      if (*suffix == 'i')
        suffix++;
    }
  return *suffix == '\0' || g_ascii_strcasecmp (suffix, "b") == 0 ? power : -1;
}

gboolean
ws_parse_size (const char *text, guint64 *n_bytes, GError **error)
{
  char *end = NULL;
  double value = -1;
  int power = -1;

  /* strtod would also take "inf", "0x10", "1e9" and leading space. */
  if (strspn (text, "0123456789.") > 0 && g_ascii_isdigit (text[0]))
    {
      g_autofree char *number = g_strndup (text, strspn (text, "0123456789."));

      value = g_ascii_strtod (number, &end);
      if (*end == '\0')
        power = parse_size_suffix (text + strlen (number));
    }
  if (power >= 0)
    value = ldexp (value, 10 * power);
  if (power < 0 || !(value < ldexp (1, 63)))
    {
      g_autofree char *shown = ws_format_name (text);

      g_set_error (
          error, WS_ERROR, WS_ERROR_ARGUMENT,
          _ ("'%s' is not a size: expected a number with K, M, G or T, such as 512M or 8G"), shown);
      return FALSE;
    }
  *n_bytes = (guint64) value;
  return TRUE;
}
