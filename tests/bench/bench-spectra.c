/* SPDX-License-Identifier: MIT */
/* Spectra of raw matrices in files: the program that bench.py and check_spectra.py run.
 *
 *   bench-spectra [--workers N] [--values FOLDER] [--memory BYTES] DTYPE ROWSxCOLS FILE ...
 *
 * One line of JSON for each matrix, then one for the whole run: {"seconds": .., "peak_kb": ..}.
 * With --values the singular values are written as raw doubles to FOLDER/NUMBER.sigma. */
#include "spectra/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct
{
  guint index;
  WsTensor tensor;
  WsMatrix matrix;
  WsSpectrum spectrum;
} Item;

typedef struct
{
  GPtrArray *items; /* longest first */
  WsSpectrumOptions options;
  const char *folder;
  WsTeam *team; /* those whose matrices are done help the others */
  GMutex mutex;
  guint next, n_finished; /* guarded by mutex */
  guint ticket;           /* of before all are done */
} Batch;

static void
fail (GError *error)
{
  fprintf (stderr, "bench-spectra: %s\n", error->message);
  exit (1);
}

static Item *
item_new (guint index, const char *dtype, const char *shape, const char *path)
{
  Item *item = g_new0 (Item, 1);
  GError *error = NULL;
  unsigned long n_rows, n_cols;

  if (!ws_dtype_from_name (dtype, &item->tensor.dtype) ||
      sscanf (shape, "%lux%lu", &n_rows, &n_cols) != 2)
    {
      fprintf (stderr, "bench-spectra: not a type and a shape: %s %s\n", dtype, shape);
      exit (2);
    }
  item->index = index;
  item->tensor.name = g_strdup (path);
  item->tensor.n_dims = 2;
  item->tensor.dims[0] = n_rows;
  item->tensor.dims[1] = n_cols;
  item->tensor.n_elements = n_rows * n_cols;
  item->tensor.source = ws_source_open_file (path, &error);
  if (!item->tensor.source)
    fail (error);
  ws_matrix_init (&item->matrix, &item->tensor, -1);
  return item;
}

static int
compare_work (gconstpointer a, gconstpointer b)
{
  double x = ws_spectrum_estimate_work (&(*(Item *const *) a)->matrix, TRUE);
  double y = ws_spectrum_estimate_work (&(*(Item *const *) b)->matrix, TRUE);

  return (x < y) - (x > y);
}

/* NULL: none is left. */
static Item *
take_item (Batch *batch)
{
  Item *item = NULL;

  g_mutex_lock (&batch->mutex);
  if (batch->next < batch->items->len)
    item = batch->items->pdata[batch->next++];
  g_mutex_unlock (&batch->mutex);
  return item;
}

/* The last one sends the helpers home. */
static void
finish_item (Batch *batch)
{
  g_mutex_lock (&batch->mutex);
  if (++batch->n_finished == batch->items->len)
    ws_team_release (batch->team);
  g_mutex_unlock (&batch->mutex);
}

static gpointer
run_worker (gpointer data)
{
  Batch *batch = data;
  WsPlace place = { .team = batch->team };
  GError *error = NULL;
  Item *item;

  while ((item = take_item (batch)))
    {
      if (!ws_spectrum_compute (&item->spectrum, &item->matrix, TRUE, &batch->options, &place, NULL,
                                NULL, NULL, &error))
        fail (error);
      finish_item (batch);
    }
  ws_team_help (batch->team, batch->ticket);
  return NULL;
}

static void
print_item (const Batch *batch, const Item *item)
{
  WsMetricOptions options;
  WsMetrics metrics;
  g_autoptr (GArray) infos = NULL;

  ws_metric_options_init (&options);
  ws_metrics_compute (&metrics, &item->spectrum, item->matrix.n_rows, item->matrix.n_cols,
                      item->tensor.dtype, &options);
  infos = ws_metric_infos (&options);
  printf ("{\"index\": %u, \"method\": \"%s\", \"seconds\": %.6f, \"first_nonfinite\": "
          "%" G_GINT64_FORMAT,
          item->index, ws_method_get_key (item->spectrum.method), item->spectrum.seconds,
          item->spectrum.moments.first_nonfinite);
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);
      double value = ws_metric_get (&metrics, info);

      /* NaN as Python's json module reads it */
      if (value == value)
        printf (", \"%s\": %.17g", info->key, value);
      else
        printf (", \"%s\": NaN", info->key);
    }
  printf ("}\n");
  if (batch->folder)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.sigma", batch->folder, item->index);
      GError *error = NULL;

      if (!g_file_set_contents (path, (const char *) item->spectrum.sigma,
                                item->spectrum.n_sigma * sizeof (double), &error))
        fail (error);
    }
}

/* Not getrusage: that counts the program which started this one. 0 where /proc is missing. */
static long
get_peak_kb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");
  return line ? strtol (line + strlen ("VmHWM:"), NULL, 10) : 0;
}

int
main (int argc, char *argv[])
{
  int n_workers = 1;
  gint64 memory = 0, start;
  g_autofree char *folder = NULL;
  GOptionEntry entries[] = {
    { "workers", 0, 0, G_OPTION_ARG_INT, &n_workers, "worker threads", "N" },
    { "values", 0, 0, G_OPTION_ARG_FILENAME, &folder, "folder for singular values", "FOLDER" },
    { "memory", 0, 0, G_OPTION_ARG_INT64, &memory, "memory limit of a matrix", "BYTES" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("DTYPE ROWSxCOLS FILE ...");
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();
  g_autoptr (WsTeam) team = ws_team_new ();
  Batch batch = { .items = g_ptr_array_new (), .team = team, .ticket = ws_team_get_ticket (team) };
  GError *error = NULL;
  double seconds;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fail (error);
  if (argc < 4 || argc % 3 != 1 || n_workers < 1)
    {
      fprintf (stderr, "usage: bench-spectra [OPTIONS] DTYPE ROWSxCOLS FILE ...\n");
      return 2;
    }
  ws_spectrum_init_blas ();
  ws_spectrum_options_init (&batch.options);
  batch.options.memory_limit = memory;
  batch.folder = folder;
  for (int i = 1; i < argc; i += 3)
    g_ptr_array_add (batch.items, item_new (i / 3, argv[i], argv[i + 1], argv[i + 2]));
  g_ptr_array_sort (batch.items, compare_work);

  start = g_get_monotonic_time ();
  for (int i = 0; i < n_workers; i++)
    g_ptr_array_add (threads, g_thread_new ("worker", run_worker, &batch));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  seconds = (g_get_monotonic_time () - start) * 1e-6;

  for (guint i = 0; i < batch.items->len; i++)
    print_item (&batch, batch.items->pdata[i]);
  printf ("{\"seconds\": %.6f, \"peak_kb\": %ld}\n", seconds, get_peak_kb ());
  return 0;
}
