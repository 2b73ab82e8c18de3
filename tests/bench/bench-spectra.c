/* SPDX-License-Identifier: MIT */
/* Spectra of raw matrices in files: the program that bench.py and check_spectra.py run.
 *
 *   bench-spectra [OPTIONS] DTYPE ROWSxCOLS[@OFFSET] FILE ...
 *
 * One line of JSON for each matrix, then one for the whole run: {"seconds": .., "peak_kb": ..}.
 * With --device the first matrix is computed twice, the first time not counted.
 * With --values the singular values are written as raw doubles to FOLDER/NUMBER.sigma. */
#include "analysis/analysis.h"
#include "base/memory.h"
#include "cuda/cuda.h"
#include "peak-memory.h"
#include "spectra/metrics.h"

#include <stdio.h>
#include <unistd.h>

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
  WsBackend *backend; /* (nullable) */
  WsTeam *team;       /* those whose matrices are done help the others */
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
  unsigned long n_rows, n_cols, offset = 0;

  if (!ws_dtype_from_name (dtype, &item->tensor.dtype) ||
      sscanf (shape, "%lux%lu@%lu", &n_rows, &n_cols, &offset) < 2)
    {
      fprintf (stderr, "bench-spectra: not a type and a shape: %s %s\n", dtype, shape);
      exit (2);
    }
  item->index = index;
  item->tensor.name = g_strdup (path);
  item->tensor.offset = offset;
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

static void
compute (Batch *batch, Item *item)
{
  WsPlace place = { .backend = batch->backend, .team = batch->team };
  GError *error = NULL;

  ws_spectrum_clear (&item->spectrum);
  if (!ws_spectrum_compute (&item->spectrum, &item->matrix, TRUE, &batch->options, &place, NULL,
                            NULL, NULL, &error))
    fail (error);
}

static gpointer
run_worker (gpointer data)
{
  Batch *batch = data;
  Item *item;

  while ((item = take_item (batch)))
    {
      compute (batch, item);
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
  printf ("{\"index\": %u, \"method\": \"%s\", \"backend\": \"%s\", \"seconds\": %.6f, "
          "\"first_nonfinite\": %" G_GINT64_FORMAT,
          item->index, ws_method_get_key (item->spectrum.method), item->spectrum.backend,
          item->spectrum.seconds, item->spectrum.moments.first_nonfinite);
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

/* One worker for each lane of the device; started, so that its start is not in the times. */
static int
use_device (Batch *batch, const char *text)
{
  WsDeviceKind kind;
  guint index;
  GError *error = NULL;

  if (!ws_device_parse (text, &kind, &index) || kind != WS_DEVICE_CUDA)
    {
      fprintf (stderr, "bench-spectra: no device: %s\n", text);
      exit (2);
    }
  batch->backend = ws_cuda_open (index, &error);
  if (batch->backend == NULL)
    fail (error);
  compute (batch, batch->items->pdata[0]);
  return MAX (batch->backend->n_lanes, 1);
}

static void
close_device (Batch *batch)
{
  g_clear_pointer (&batch->backend, ws_backend_unref);
  if (!ws_cuda_is_busy ())
    return;
  fflush (stdout);
  _exit (0);
}

int
main (int argc, char *argv[])
{
  int n_workers = 1;
  gint64 memory = 0, start;
  g_autofree char *folder = NULL, *device = NULL;
  GOptionEntry entries[] = {
    { "workers", 0, 0, G_OPTION_ARG_INT, &n_workers, "worker threads", "N" },
    { "values", 0, 0, G_OPTION_ARG_FILENAME, &folder, "folder for singular values", "FOLDER" },
    { "device", 0, 0, G_OPTION_ARG_STRING, &device, "instead of the processor", "cuda[:N]" },
    { "memory", 0, 0, G_OPTION_ARG_INT64, &memory, "memory limit of a matrix", "BYTES" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("DTYPE ROWSxCOLS[@OFFSET] FILE ...");
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
      fprintf (stderr, "usage: bench-spectra [OPTIONS] DTYPE ROWSxCOLS[@OFFSET] FILE ...\n");
      return 2;
    }
  ws_memory_init ();
  ws_spectrum_init_blas ();
  ws_spectrum_options_init (&batch.options);
  batch.options.memory_limit = memory;
  batch.folder = folder;
  for (int i = 1; i < argc; i += 3)
    g_ptr_array_add (batch.items, item_new (i / 3, argv[i], argv[i + 1], argv[i + 2]));
  g_ptr_array_sort (batch.items, compare_work);
  if (device)
    n_workers = use_device (&batch, device);

  start = g_get_monotonic_time ();
  for (int i = 0; i < n_workers; i++)
    g_ptr_array_add (threads, g_thread_new ("worker", run_worker, &batch));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
  seconds = (g_get_monotonic_time () - start) * 1e-6;

  for (guint i = 0; i < batch.items->len; i++)
    print_item (&batch, batch.items->pdata[i]);
  printf ("{\"seconds\": %.6f, \"peak_kb\": %ld}\n", seconds, get_peak_kb ());
  if (device)
    close_device (&batch);
  return 0;
}
