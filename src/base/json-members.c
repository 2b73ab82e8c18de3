/* SPDX-License-Identifier: MIT */
/* Members of a JSON object that is being built. */
#include "base/json-members.h"

void
ws_json_add_text (JsonBuilder *builder, const char *key, const char *text)
{
  g_autofree char *valid = text != NULL ? g_utf8_make_valid (text, -1) : NULL;

  json_builder_set_member_name (builder, key);
  if (valid != NULL)
    json_builder_add_string_value (builder, valid);
  else
    json_builder_add_null_value (builder);
}

void
ws_json_add_count (JsonBuilder *builder, const char *key, guint64 count)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_int_value (builder, (gint64) count);
}

void
ws_json_add_real (JsonBuilder *builder, const char *key, double value)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_double_value (builder, value);
}

void
ws_json_add_flag (JsonBuilder *builder, const char *key, gboolean flag)
{
  json_builder_set_member_name (builder, key);
  json_builder_add_boolean_value (builder, flag);
}
