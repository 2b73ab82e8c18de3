/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or JSON, and what passes our check is safe for json-glib. */
#include "fuzz.h"

#include "base/json-reader.h"

#include <json-glib/json-glib.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  /* libFuzzer passes NULL for no bytes. */
  const char *text = n_bytes > 0 ? (const char *) data : "";
  gboolean is_json = ws_json_check (text, n_bytes, &error);

  g_assert (is_json == (error == NULL));
  if (is_json)
    {
      g_autoptr (JsonParser) parser = json_parser_new_immutable ();

      json_parser_load_from_data (parser, text, n_bytes, NULL);
    }
  return 0;
}
