/* SPDX-License-Identifier: MIT */
/* Members of a JSON object that is being built. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* null for NULL. Bytes that are not UTF-8 become U+FFFD: a name from a file may hold any, JSON must
 * not. */
void ws_json_add_text (JsonBuilder *builder, const char *key, const char *text);
void ws_json_add_count (JsonBuilder *builder, const char *key, guint64 count);
/* Not finite: to be null when it is written. */
void ws_json_add_real (JsonBuilder *builder, const char *key, double value);
void ws_json_add_flag (JsonBuilder *builder, const char *key, gboolean flag);

G_END_DECLS
