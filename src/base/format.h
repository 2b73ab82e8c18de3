/* SPDX-License-Identifier: MIT */
/* Numbers and names as text: one way for machines (C locale), one for people. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Room for any double in ws_format_machine, with its NUL. */
#define WS_FORMAT_SIZE 32

/* The shortest decimal that strtod reads back as the same double, C locale; at most 17 digits.
 * @value must be finite (asserted). Returns: @buffer. */
char *ws_format_machine (char buffer[WS_FORMAT_SIZE], double value);

/* The double that ws_format_machine writes as the shortest decimal that reads back as the float
 * @value: 0.1f is 0.1, not 0.10000000149011612. */
double ws_format_widen (float value);

/* For people: @digits significant digits, U+2212 minus, "—" when @value is NaN; powers of ten
 * outside [1e-3, 1e6). Returns: (transfer full). */
char *ws_format_significant (double value, guint digits);
/* For people: an integer with U+2009 between thousands, e.g. "151 936". (transfer full) */
char *ws_format_count (guint64 value);
/* For people: "4096 × 2560"; "scalar" for no dimension. (transfer full) */
char *ws_format_shape (const guint64 *dims, guint n_dims);
/* For people: "21.0 MB" (decimal units, as the Hub shows them). (transfer full) */
char *ws_format_bytes (guint64 n_bytes);
/* For people: "2 min 10 s", "under 1 s"; "—" for a negative or unknown time. (transfer full) */
char *ws_format_duration (double seconds);
/* For people, of what was guessed: "about 3 min", "a few seconds"; "—" as above. (transfer full) */
char *ws_format_rough_duration (double seconds);

/* A tensor or file name made safe to show on one line: control characters, newlines, bidi
 * controls and invalid UTF-8 become \xNN or \u{N}; past 240 characters the middle is "…".
 * (transfer full) */
char *ws_format_name (const char *name);

/* "512M", "8G", "1.5GiB", "100000" in bytes (K, M, G, T are powers of 1024).
 * Returns: FALSE with WS_ERROR_ARGUMENT. */
gboolean ws_parse_size (const char *text, guint64 *n_bytes, GError **error);

G_END_DECLS
