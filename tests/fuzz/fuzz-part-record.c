/* SPDX-License-Identifier: MIT */
/* Any bytes are refused, or say of bytes that the file has which are there: in order, with gaps
 * between them. */
#include "fuzz.h"

#include "hub/part.h"

#define FILE_BYTES ((guint64) 1000)

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_auto (WsSegments) segments = { 0 };
  g_auto (WsSums) sums = { 0 };
  gboolean has_sums;
  guint64 end = 0;

  ws_segments_init (&segments, FILE_BYTES, FILE_BYTES);
  ws_sums_init (&sums, FILE_BYTES);
  ws_part_parse_record (n_bytes > 0 ? (const char *) data : "", n_bytes, &segments, &sums,
                        &has_sums);
  for (guint i = 0; i < segments.done->len; i++)
    {
      const WsSpan *span = &g_array_index (segments.done, WsSpan, i);

      g_assert (span->begin < span->end && span->end <= FILE_BYTES);
      g_assert (i == 0 || span->begin > end);
      end = span->end;
    }
  g_assert (ws_segments_get_n_done (&segments) <= FILE_BYTES);
  g_assert (ws_segments_get_frontier (&segments) <= FILE_BYTES);
  return 0;
}
