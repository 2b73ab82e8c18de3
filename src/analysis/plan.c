/* SPDX-License-Identifier: MIT */
/* From a model to its rows, and what computing them would cost. */
#include "analysis/analysis.h"

#include "analysis/schedule.h"

/* More experts than any network has: what a hostile file could make us list as that many rows is
 * seen as one matrix, with its note. */
#define MAX_SLICES 65536

static void
add_result (GPtrArray *results, WsModel *model, const WsTensor *tensor, int slice,
            const WsMetricOptions *options)
{
  WsResult *result = ws_result_new_pending (model, tensor, slice);

  /* The keys of the energy columns are known before their values are. */
  result->metrics.n_energies = options->n_energies;
  for (guint i = 0; i < options->n_energies; i++)
    result->metrics.energy[i] = options->energy[i];
  g_ptr_array_add (results, result);
}

static void
add_tensor (GPtrArray *results, WsModel *model, const WsTensor *tensor,
            const WsMetricOptions *options)
{
  guint64 n_slices = ws_matrix_count_slices (tensor);

  if (n_slices <= 1 || n_slices > MAX_SLICES || tensor->n_elements == 0)
    {
      add_result (results, model, tensor, -1, options);
      return;
    }
  for (int slice = 0; slice < (int) n_slices; slice++)
    add_result (results, model, tensor, slice, options);
}

static int
compare_elements (gconstpointer a, gconstpointer b)
{
  return ws_result_compare (*(WsResult *const *) a, *(WsResult *const *) b);
}

static gboolean
is_sorted (GPtrArray *results)
{
  for (guint i = 1; i < results->len; i++)
    if (ws_result_compare (g_ptr_array_index (results, i - 1), g_ptr_array_index (results, i)) > 0)
      return FALSE;
  return TRUE;
}

GPtrArray *
ws_analysis_plan (WsModel *model, const WsMetricOptions *options)
{
  GPtrArray *results = g_ptr_array_new_full (model->tensors->len, (GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < model->tensors->len; i++)
    add_tensor (results, model, g_ptr_array_index (model->tensors, i), options);
  /* Mostly they are, since the tensors of a model are. */
  if (!is_sorted (results))
    g_ptr_array_sort (results, compare_elements);
  return results;
}

double
ws_analysis_estimate_seconds (GPtrArray *results, const WsAnalysisOptions *options)
{
  guint n_threads = options->n_threads > 0 ? options->n_threads : g_get_num_processors ();
  WsSchedule schedule;
  WsSpeed device;
  double seconds;

  ws_schedule_init (&schedule, results, &options->spectrum, G_MAXUINT64);
  ws_speed_init_processor (&schedule.speed);
  if (options->device_kind != WS_DEVICE_CPU && ws_speed_init_device (&device))
    ws_schedule_expect_device (&schedule, &device);
  seconds = ws_schedule_get_seconds_left (&schedule, n_threads, 0);
  ws_schedule_clear (&schedule);
  return seconds;
}
