/* SPDX-License-Identifier: MIT */
/* Order of names as people count: "layers.2" before "layers.10". */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Runs of digits compare by their value, everything else by its bytes; names that differ only in
 * leading zeros compare by their bytes. Returns: as strcmp; 0 only for equal bytes. */
int ws_compare_natural (const char *a, const char *b);

G_END_DECLS
