/* SPDX-License-Identifier: MIT */
/* Amounts as people say them. */
#include "amounts.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

char *
ws_amounts_format_parameters (guint64 n)
{
  if (n >= 1000000000)
    /* Translators: billions (10^9) of parameters */
    return g_strdup_printf (_ ("%.2f B"), n / 1e9);
  if (n >= 1000000)
    /* Translators: millions of parameters */
    return g_strdup_printf (_ ("%.1f M"), n / 1e6);
  return ws_format_count (n);
}

char *
ws_amounts_describe_parameters (guint64 n)
{
  g_autofree char *amount = ws_amounts_format_parameters (n);

  /* Translators: of a model; %s is "8.03 B" or "4 640" */
  return g_strdup_printf (ngettext ("%s parameter", "%s parameters", n), amount);
}

char *
ws_amounts_format_downloads (guint64 n)
{
  if (n >= 1000000)
    /* Translators: millions of downloads */
    return g_strdup_printf (_ ("%.1f M downloads"), n / 1e6);
  if (n >= 1000)
    /* Translators: thousands of downloads */
    return g_strdup_printf (_ ("%.0f k downloads"), n / 1e3);
  return g_strdup_printf (ngettext ("%u download", "%u downloads", n), (guint) n);
}

char *
ws_amounts_format_share (guint64 n_bytes, guint64 total)
{
  g_autofree char *whole = ws_format_bytes (total);
  guint64 unit = 1;
  guint n_digits;

  while (total / unit >= 1000)
    unit *= 1000;
  n_digits = unit == 1 ? 0 : n_bytes < 10 * unit ? 2 : 1;
  /* Translators: "3.14 of 4.9 GB"; %s has its unit */
  return g_strdup_printf (_ ("%.*f of %s"), n_digits, (double) n_bytes / unit, whole);
}

char *
ws_amounts_format_rate (double bytes_per_second)
{
  g_autofree char *bytes = ws_format_bytes ((guint64) bytes_per_second);

  /* Translators: bytes a second: "42.3 MB/s" */
  return g_strdup_printf (_ ("%s/s"), bytes);
}
