/* SPDX-License-Identifier: MIT */
/* k-means of a raw matrix in a file: the program that bench-kmeans.py and check_kmeans.py run.
 *
 *   bench-kmeans [OPTIONS] DTYPE ROWSxCOLS FILE
 *
 * One line of JSON for each k, then one for the whole run: {"seconds": .., "cpu": .., "peak_kb":
 * ..}, reading and normalization not counted, which are "reading". With --labels the labels of each
 * k are written as raw uint32 to FOLDER/K.labels. */
#include "base/memory.h"
#include "cluster/crew.h"
#include "cluster/kmeans-private.h"
#include "cluster/sweep.h"
#include "peak-memory.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *folder;

static void
fail (GError *error)
{
  fprintf (stderr, "bench-kmeans: %s\n", error->message);
  exit (1);
}

static double
get_cpu (void)
{
  struct timespec time;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

static void
tensor_init (WsTensor *tensor, const char *dtype, const char *shape, const char *path)
{
  GError *error = NULL;
  unsigned long n_rows, n_cols;

  if (!ws_dtype_from_name (dtype, &tensor->dtype) ||
      sscanf (shape, "%lux%lu", &n_rows, &n_cols) < 2)
    {
      fprintf (stderr, "bench-kmeans: not a type and a shape: %s %s\n", dtype, shape);
      exit (2);
    }
  tensor->name = g_strdup (path);
  tensor->n_dims = 2;
  tensor->dims[0] = n_rows;
  tensor->dims[1] = n_cols;
  tensor->n_elements = n_rows * n_cols;
  tensor->source = ws_source_open_file (path, &error);
  if (!tensor->source)
    fail (error);
}

static void
write_labels (const WsClustering *clustering)
{
  g_autofree char *path = g_strdup_printf ("%s/%u.labels", folder, clustering->k);
  GError *error = NULL;

  if (folder != NULL && !g_file_set_contents (path, (const char *) clustering->labels,
                                              clustering->n * sizeof (guint32), &error))
    fail (error);
}

static void
print_clustering (const WsClustering *clustering)
{
  printf ("{\"k\": %u, \"inertia\": %.17g, \"iterations\": %u, \"converged\": %s, "
          "\"seconds\": %.6f}\n",
          clustering->k, clustering->inertia, clustering->n_iterations,
          clustering->converged ? "true" : "false", clustering->seconds);
  write_labels (clustering);
}

static void
print_entry (WsSweepEntry *entry, gpointer user_data)
{
  print_clustering (entry->clustering);
}

static void
print_progress (const WsSweepProgress *progress, gpointer user_data)
{
  fprintf (stderr, "%8.2f s  k %3u  %2u of %2u  %5.1f %%  %8.2f s left\n",
           (g_get_monotonic_time () - *(gint64 *) user_data) * 1e-6, progress->k, progress->n_done,
           progress->n_total, 100 * progress->share, progress->seconds_left);
}

/* k-means alone for each k from @first to @last, as a sweep does it. */
static void
fit (const WsPoints *points, guint first, guint last, WsKmeansOptions options, WsTeam *team)
{
  g_autoptr (WsStarts) starts = NULL;
  GError *error = NULL;
  WsRows rows;

  if (!_ws_rows_init (&rows, points, team, &error))
    fail (error);
  starts = ws_starts_new (&rows, options.seed);
  for (options.k = first; options.k <= last; options.k++)
    {
      WsWork work = { .team = team };
      g_autoptr (WsClustering) clustering = NULL;

      if (_ws_kmeans_check_k (points, options.k, &error))
        clustering = _ws_kmeans_compute_from (&rows, starts, &options, &work, &error);
      if (clustering == NULL)
        fail (error);
      print_clustering (clustering);
    }
  _ws_rows_clear (&rows);
}

/* Lloyd's iteration alone, from centres that a file tells. */
static void
iterate (const WsPoints *points, const char *start, guint n_most, WsTeam *team)
{
  WsRows rows;
  WsWork work = { .total = 1, .team = team };
  g_auto (WsLloyd) lloyd = { 0 };
  g_autofree char *contents = NULL;
  gsize n_bytes;
  GError *error = NULL;

  if (!_ws_rows_init (&rows, points, team, &error) ||
      !g_file_get_contents (start, &contents, &n_bytes, &error) ||
      !ws_lloyd_init (&lloyd, &rows, n_bytes / sizeof (float) / rows.d, &error))
    fail (error);
  memcpy (lloyd.centroids, contents, n_bytes);
  if (!ws_lloyd_run (&lloyd, n_most, 0, &work, &error))
    fail (error);
  printf ("{\"k\": %u, \"inertia\": %.17g, \"iterations\": %u}\n", lloyd.k, lloyd.inertia,
          lloyd.n_iterations);
  _ws_rows_clear (&rows);
}

int
main (int argc, char *argv[])
{
  int n_threads = 0, first = 1, last = 20, seed = 0, n_init = 0, n_iterations = 0;
  gboolean sweeps = FALSE, verbose = FALSE;
  g_autofree char *labels = NULL, *normalization = NULL, *start = NULL;
  GOptionEntry entries[] = {
    { "threads", 0, 0, G_OPTION_ARG_INT, &n_threads, "default: all processors", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT, &first, "the first k", "K" },
    { "last", 0, 0, G_OPTION_ARG_INT, &last, "the last k", "K" },
    { "sweep", 0, 0, G_OPTION_ARG_NONE, &sweeps, "with silhouettes and all, to --last", NULL },
    { "verbose", 0, 0, G_OPTION_ARG_NONE, &verbose, "tell how the sweep goes on", NULL },
    { "start", 0, 0, G_OPTION_ARG_FILENAME, &start, "iterate from float32 centres", "FILE" },
    { "iterations", 0, 0, G_OPTION_ARG_INT, &n_iterations, "most iterations", "N" },
    { "init", 0, 0, G_OPTION_ARG_INT, &n_init, "starts", "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "of the random numbers", "N" },
    { "normalization", 0, 0, G_OPTION_ARG_STRING, &normalization, "default: none", "KEY" },
    { "labels", 0, 0, G_OPTION_ARG_FILENAME, &labels, "folder for labels", "FOLDER" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("DTYPE ROWSxCOLS FILE");
  g_autoptr (WsCrew) crew = NULL;
  g_auto (WsPoints) points = { 0 };
  WsNormalization kind = WS_NORMALIZATION_NONE;
  WsKmeansOptions options;
  WsTensor tensor = { 0 };
  WsMatrix matrix;
  GError *error = NULL;
  gint64 begin;
  double reading, cpu;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    fail (error);
  if (argc != 4 || (normalization && !ws_normalization_from_key (normalization, &kind)))
    {
      fprintf (stderr, "usage: bench-kmeans [OPTIONS] DTYPE ROWSxCOLS FILE\n");
      return 2;
    }
  folder = labels;
  ws_memory_init ();
  ws_spectrum_init_blas ();
  crew = ws_crew_new (n_threads);
  tensor_init (&tensor, argv[1], argv[2], argv[3]);
  ws_matrix_init (&matrix, &tensor, -1);
  begin = g_get_monotonic_time ();
  if (!ws_points_read (&points, &matrix, 0, ws_crew_get_team (crew), NULL, NULL, NULL, &error) ||
      !ws_points_normalize (&points, kind, ws_crew_get_team (crew), NULL, NULL, NULL, &error))
    fail (error);
  reading = (g_get_monotonic_time () - begin) * 1e-6;

  begin = g_get_monotonic_time ();
  cpu = get_cpu ();
  ws_kmeans_options_init (&options);
  options.seed = seed;
  options.n_init = n_init > 0 ? (guint) n_init : options.n_init;
  options.n_iterations_max = n_iterations > 0 ? (guint) n_iterations : options.n_iterations_max;
  if (start)
    iterate (&points, start, options.n_iterations_max, ws_crew_get_team (crew));
  else if (sweeps)
    {
      WsSweepCallbacks callbacks = { print_entry, verbose ? print_progress : NULL, &begin };
      WsSweepOptions sweep;

      ws_sweep_options_init (&sweep);
      sweep.k_max = last;
      sweep.seed = seed;
      if (!ws_sweep_run (&points, &sweep, NULL, &callbacks, ws_crew_get_team (crew), NULL, NULL,
                         &error))
        fail (error);
    }
  else
    fit (&points, first, last, options, ws_crew_get_team (crew));
  printf ("{\"seconds\": %.6f, \"cpu\": %.6f, \"reading\": %.6f, \"peak_kb\": %ld}\n",
          (g_get_monotonic_time () - begin) * 1e-6, get_cpu () - cpu, reading, get_peak_kb ());
  ws_source_unref (tensor.source);
  g_free (tensor.name);
  return 0;
}
