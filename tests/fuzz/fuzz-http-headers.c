/* SPDX-License-Identifier: MIT */
/* Any words behind Content-Range, Retry-After, RateLimit and Date, a line each, are a range within
 * the file and a wait within the hour, or nothing. */
#include "fuzz.h"

#include "hub/http.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  static const char *const names[] = { "content-range", "retry-after", "ratelimit", "date" };
  g_autofree char *text = g_strndup (n_bytes > 0 ? (const char *) data : "", n_bytes);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_auto (WsHttpReply) reply = { .headers = g_hash_table_new (g_str_hash, g_str_equal) };
  guint64 first = 0, last = 0, total = 0;
  double seconds;

  for (guint i = 0; i < G_N_ELEMENTS (names) && lines[i] != NULL; i++)
    g_hash_table_insert (reply.headers, (char *) names[i], lines[i]);
  if (ws_http_reply_get_range (&reply, &first, &last, &total))
    g_assert (first <= last && last < total);
  seconds = ws_http_reply_get_retry_seconds (&reply);
  g_assert (seconds == -1 || (seconds >= 0 && seconds <= 3600));
  return 0;
}
