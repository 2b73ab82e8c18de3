/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub. */
#include "analysis/traffic.h"

#include "base/memory.h"
#include "spectra/spectrum.h"

typedef struct
{
  guint64 n_bytes;
  guint n_reads;
} Reading;

static guint64
get_limit (const WsAnalysisOptions *options)
{
  return options->memory_limit > 0 ? options->memory_limit : ws_memory_get_total () / 2;
}

/* All zero of what is here, and of what will not be computed. */
static Reading
get_reading (const WsResult *result, const WsAnalysisOptions *options)
{
  const gboolean values = !ws_result_is_vector (result);
  WsSpectrumOptions spectrum = options->spectrum;
  WsMatrix matrix;

  if (!ws_source_is_remote (result->tensor->source))
    return (Reading){ 0 };
  spectrum.memory_limit = get_limit (options);
  ws_matrix_init (&matrix, result->tensor, result->slice);
  if (ws_spectrum_get_required_bytes (&matrix, values, &spectrum) > spectrum.memory_limit)
    return (Reading){ 0 };
  return (Reading){ ws_matrix_get_scratch (&matrix, matrix.n_rows, matrix.n_cols),
                    ws_spectrum_count_reads (&matrix, values, &spectrum) };
}

static int
compare_readings (gconstpointer a, gconstpointer b)
{
  const Reading *x = a, *y = b;

  return (x->n_bytes < y->n_bytes) - (x->n_bytes > y->n_bytes);
}

/* Of those that are read more than once the largest, which may all be under way. */
static guint64
count_kept (GArray *readings, guint n_threads)
{
  guint64 n_bytes = 0;
  guint n = 0;

  g_array_sort (readings, compare_readings);
  for (guint i = 0; i < readings->len && n < n_threads; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);

      if (reading->n_reads < 2)
        continue;
      n_bytes += reading->n_bytes;
      n++;
    }
  return n_bytes;
}

static guint64
get_room (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    {
      const WsSource *source = ((WsResult *) g_ptr_array_index (results, i))->tensor->source;

      if (ws_source_is_remote (source))
        return ws_source_get_room (source);
    }
  return 0;
}

void
ws_traffic_count (WsTraffic *self, GPtrArray *results, const WsAnalysisOptions *options,
                  guint64 n_ahead_bytes)
{
  const guint n_threads = options->n_threads > 0 ? options->n_threads : g_get_num_processors ();
  g_autoptr (GArray) readings = g_array_new (FALSE, FALSE, sizeof (Reading));
  gboolean has_room;

  *self = (WsTraffic){ 0 };
  for (guint i = 0; i < results->len; i++)
    {
      const Reading reading = get_reading (g_ptr_array_index (results, i), options);

      self->n_bytes += reading.n_bytes;
      g_array_append_val (readings, reading);
    }
  self->n_kept_bytes = count_kept (readings, n_threads);
  /* half of the memory is for what is fetched ahead */
  has_room = self->n_kept_bytes <= n_ahead_bytes / 2 || self->n_kept_bytes <= get_room (results);
  for (guint i = 0; i < readings->len && !has_room; i++)
    {
      const Reading *reading = &g_array_index (readings, Reading, i);

      if (reading->n_reads > 1 && reading->n_bytes > n_ahead_bytes / 2 / n_threads)
        self->n_again_bytes += (reading->n_reads - 1) * reading->n_bytes;
    }
  self->n_bytes += self->n_again_bytes;
}
