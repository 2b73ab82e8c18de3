/* SPDX-License-Identifier: MIT */
/* Amounts as people say them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of parameters: "4.02 B", "110.0 M", "12 345". (transfer full) */
char *ws_amounts_format_parameters (guint64 n);
/* The same in words: "4.02 B parameters". (transfer full) */
char *ws_amounts_describe_parameters (guint64 n);
/* Of downloads: "5.9 M downloads", "41 k downloads", "1 download". (transfer full) */
char *ws_amounts_format_downloads (guint64 n);

/* "3.1 of 4.9 GB": both in the unit of @total. (transfer full) */
char *ws_amounts_format_share (guint64 n_bytes, guint64 total);
/* "42.3 MB/s" (transfer full) */
char *ws_amounts_format_rate (double bytes_per_second);

G_END_DECLS
