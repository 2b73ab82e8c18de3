/* SPDX-License-Identifier: MIT */
/* What a report says of the results of a model, as numbers. */
#include "export/report-facts.h"

#include <math.h>
#include <string.h>

#include "base/median.h"

#define MAX_DEVIATIONS 3.0
/* Standard deviation of a Gaussian over its median absolute deviation: 1 / Phi^-1 (3/4). */
#define DEVIATION_SCALE 1.4826022185056018
/* Layers that are nearly the same have a spread of nearly nothing. */
#define MIN_SHARE 0.1

const double ws_report_energies[WS_REPORT_N_ENERGIES] = { 0.90, 0.95, 0.99 };

typedef double (*GetFunc) (const WsResult *result);

static gboolean
has_spectrum (const WsResult *result)
{
  return result->spectrum.n_sigma > 0;
}

static double
get_energy_ratio (const WsResult *result, double energy)
{
  const WsSpectrum *spectrum = &result->spectrum;

  if (!has_spectrum (result))
    return NAN;
  return ws_energy_rank (spectrum->sigma, spectrum->n_sigma, energy) / (double) spectrum->n_sigma;
}

static double
get_ratio_90 (const WsResult *result)
{
  return get_energy_ratio (result, 0.9);
}

static double
get_stable_rank (const WsResult *result)
{
  return result->metrics.stable_rank;
}

static double
get_erank_ratio (const WsResult *result)
{
  return has_spectrum (result) ? result->metrics.erank / result->spectrum.n_sigma : NAN;
}

static double
get_std (const WsResult *result)
{
  return has_spectrum (result) ? result->metrics.std : NAN;
}

static double
get_outlier_ratio (const WsResult *result)
{
  return has_spectrum (result) ? result->metrics.outlier_ratio : NAN;
}

static double
get_spectral (const WsResult *result)
{
  return result->metrics.spectral;
}

static guint64
count_elements (const WsResult *result)
{
  return result->n_rows * result->n_cols;
}

static guint64
count_bytes (const WsResult *result)
{
  return count_elements (result) * ws_dtype_get_n_bits (result->tensor->dtype) / 8;
}

static double
compute_median (GPtrArray *results, GetFunc get)
{
  g_autofree double *values = g_new (double, results->len);

  for (guint i = 0; i < results->len; i++)
    values[i] = get (g_ptr_array_index (results, i));
  return ws_median_compute (values, results->len);
}

static void
summarise (WsReportSummary *self, GPtrArray *results)
{
  *self = (WsReportSummary){
    .ratio_90 = compute_median (results, get_ratio_90),
    .stable_rank = compute_median (results, get_stable_rank),
    .erank_ratio = compute_median (results, get_erank_ratio),
    .std = compute_median (results, get_std),
  };
  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      self->n_matrices += has_spectrum (result);
      self->n_elements += count_elements (result);
      self->n_bytes += count_bytes (result);
    }
}

/* Two factors of rank r hold r (m + n) numbers: fewer than the matrix below the break-even rank. */
static void
compute_saving (WsReportSaving *self, GPtrArray *results, double energy)
{
  g_autofree double *ratios = g_new (double, results->len);

  *self = (WsReportSaving){ 0 };
  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      guint64 rank, n_factors;

      ratios[i] = get_energy_ratio (result, energy);
      if (!has_spectrum (result))
        continue;
      rank = ws_energy_rank (result->spectrum.sigma, result->spectrum.n_sigma, energy);
      n_factors = rank * (result->n_rows + result->n_cols);
      if (n_factors < count_elements (result))
        {
          self->n_smaller++;
          self->n_bytes_kept += n_factors * ws_dtype_get_n_bits (result->tensor->dtype) / 8;
        }
      else
        self->n_bytes_kept += count_bytes (result);
    }
  self->ratio = ws_median_compute (ratios, results->len);
}

static void
compute_savings (WsReportSaving *savings, GPtrArray *results)
{
  for (guint i = 0; i < WS_REPORT_N_ENERGIES; i++)
    compute_saving (&savings[i], results, ws_report_energies[i]);
}

static gboolean
is_of_layer (const WsResult *result, const char *stack, int layer_index)
{
  const WsBlockClass *block = &result->tensor->block;

  return block->layer_index == layer_index && g_strcmp0 (block->stack, stack) == 0;
}

static GPtrArray *
select_layer (GPtrArray *results, const char *stack, int layer_index)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    if (is_of_layer (g_ptr_array_index (results, i), stack, layer_index))
      g_ptr_array_add (selected, g_ptr_array_index (results, i));
  return selected;
}

static GPtrArray *
select_block (GPtrArray *results, WsBlockType type)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (result->tensor->block.type == type && has_spectrum (result))
        g_ptr_array_add (selected, result);
    }
  return selected;
}

static gboolean
has_layer (GArray *layers, const char *stack, int layer_index)
{
  for (guint i = 0; i < layers->len; i++)
    {
      const WsReportLayer *layer = &g_array_index (layers, WsReportLayer, i);

      if (layer->layer_index == layer_index && g_strcmp0 (layer->stack, stack) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Stacks one after the other, each from its layer 0 on; what has no layer is none. */
static gint
compare_layers (gconstpointer a, gconstpointer b)
{
  const WsReportLayer *x = a, *y = b;
  int order = g_strcmp0 (x->stack, y->stack);

  return order != 0 ? order : x->layer_index - y->layer_index;
}

static GArray *
find_layers (GPtrArray *results)
{
  GArray *layers = g_array_new (FALSE, TRUE, sizeof (WsReportLayer));

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      const WsBlockClass *block = &result->tensor->block;
      WsReportLayer layer = { block->stack, block->layer_index };
      g_autoptr (GPtrArray) members = NULL;

      if (block->layer_index < 0 || has_layer (layers, block->stack, block->layer_index))
        continue;
      members = select_layer (results, block->stack, block->layer_index);
      summarise (&layer.summary, members);
      g_array_append_val (layers, layer);
    }
  g_array_sort (layers, compare_layers);
  return layers;
}

static gint
compare_blocks (gconstpointer a, gconstpointer b)
{
  const WsReportBlock *x = a, *y = b;

  if (x->summary.n_bytes != y->summary.n_bytes)
    return x->summary.n_bytes > y->summary.n_bytes ? -1 : 1;
  return (int) x->type - (int) y->type;
}

static GArray *
find_blocks (GPtrArray *results)
{
  GArray *blocks = g_array_new (FALSE, TRUE, sizeof (WsReportBlock));

  for (guint type = 0; type < WS_N_BLOCK_TYPES; type++)
    {
      g_autoptr (GPtrArray) members = select_block (results, type);
      WsReportBlock block = { type };

      if (members->len == 0)
        continue;
      summarise (&block.summary, members);
      compute_savings (block.savings, members);
      g_array_append_val (blocks, block);
    }
  g_array_sort (blocks, compare_blocks);
  return blocks;
}

/* Adds those of one block type, for one metric. */
static void
find_outliers_of (GArray *outliers, GPtrArray *members, const char *key, GetFunc get)
{
  g_autofree double *deviations = g_new (double, members->len);
  double median = compute_median (members, get), scale;
  guint n_known = 0;

  for (guint i = 0; i < members->len; i++)
    {
      double value = get (g_ptr_array_index (members, i));

      n_known += !isnan (value);
      deviations[i] = fabs (value - median);
    }
  if (n_known < WS_REPORT_MIN_PEERS)
    return;
  scale = DEVIATION_SCALE * ws_median_compute (deviations, members->len);
  for (guint i = 0; i < members->len; i++)
    {
      const WsResult *result = g_ptr_array_index (members, i);
      double value = get (result), distance = fabs (value - median);
      WsReportOutlier outlier = { result, key, value, median, distance / scale, n_known };

      /* of nothing known both comparisons are false */
      if (distance > MAX_DEVIATIONS * scale && distance > MIN_SHARE * fabs (median))
        g_array_append_val (outliers, outlier);
    }
}

static gint
compare_outliers (gconstpointer a, gconstpointer b)
{
  const WsReportOutlier *x = a, *y = b;
  int order;

  if (x->n_deviations != y->n_deviations)
    return x->n_deviations > y->n_deviations ? -1 : 1;
  order = ws_result_compare (x->result, y->result);
  return order != 0 ? order : strcmp (x->key, y->key);
}

static GArray *
find_outliers (GPtrArray *results)
{
  static const struct
  {
    const char *key;
    GetFunc get;
  } metrics[] = {
    { "ratio_90", get_ratio_90 },           { "stable_rank", get_stable_rank },
    { "spectral", get_spectral },           { "std", get_std },
    { "outlier_ratio", get_outlier_ratio },
  };
  GArray *outliers = g_array_new (FALSE, FALSE, sizeof (WsReportOutlier));

  for (guint type = 0; type < WS_N_BLOCK_TYPES; type++)
    {
      g_autoptr (GPtrArray) members = select_block (results, type);

      for (gsize i = 0; i < G_N_ELEMENTS (metrics) && members->len >= WS_REPORT_MIN_PEERS; i++)
        find_outliers_of (outliers, members, metrics[i].key, metrics[i].get);
    }
  g_array_sort (outliers, compare_outliers);
  return outliers;
}

static GPtrArray *
select_spectra (GPtrArray *results)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    if (has_spectrum (g_ptr_array_index (results, i)))
      g_ptr_array_add (selected, g_ptr_array_index (results, i));
  return selected;
}

void
ws_report_facts_init (WsReportFacts *self, GPtrArray *results)
{
  g_autoptr (GPtrArray) spectra = select_spectra (results);

  *self = (WsReportFacts){
    .layers = find_layers (results),
    .blocks = find_blocks (results),
    .outliers = find_outliers (results),
  };
  summarise (&self->all, spectra);
  compute_savings (self->savings, spectra);
}

void
ws_report_facts_clear (WsReportFacts *self)
{
  g_clear_pointer (&self->layers, g_array_unref);
  g_clear_pointer (&self->blocks, g_array_unref);
  g_clear_pointer (&self->outliers, g_array_unref);
}

double
ws_report_get_ratio (GPtrArray *results, const char *stack, int layer_index, WsBlockType type)
{
  g_autofree double *values = g_new (double, results->len);
  gsize n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      if (result->tensor->block.type == type && is_of_layer (result, stack, layer_index))
        values[n++] = get_ratio_90 (result);
    }
  return ws_median_compute (values, n);
}
