/* SPDX-License-Identifier: MIT */
/* The figures of a report. */
#include "export/report-figures.h"

#include <math.h>

#include "chart/layer-chart.h"
#include "chart/palette.h"
#include "export/figure.h"
#include "export/image.h"

#define MARKED_ENERGY 0.9

static gboolean
save (const char *folder, const char *name, WsDrawFunc draw, gpointer chart,
      GCancellable *cancellable, GError **error)
{
  static const struct
  {
    const char *extension;
    WsImageFormat format;
  } formats[WS_REPORT_N_FORMATS] = { { "pdf", WS_IMAGE_PDF },
                                     { "png", WS_IMAGE_PNG },
                                     { "svg", WS_IMAGE_SVG } };
  WsImageOptions options;

  ws_image_options_init (&options);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *file = g_strconcat (name, ".", formats[i].extension, NULL);
      g_autofree char *path = g_build_filename (folder, WS_REPORT_FIGURES, file, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !ws_image_save (path, formats[i].format, &options, draw, chart, error))
        return FALSE;
    }
  return TRUE;
}

static void
tell (WsDocument *document, const char *name, const char *caption)
{
  g_autofree char *png = g_strconcat (WS_REPORT_FIGURES "/", name, ".png", NULL);
  g_autofree char *svg = g_strconcat (WS_REPORT_FIGURES "/", name, ".svg", NULL);

  ws_document_add_figure (document, png, svg, caption);
}

static void
draw_spectra (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_spectrum_chart_draw (user_data, cr, width, height);
}

static WsSpectrumChart *
new_spectrum_chart (GPtrArray *results)
{
  WsSpectrumChart *chart = ws_spectrum_chart_new ();

  ws_figure_add_curves (chart, results);
  ws_spectrum_chart_set_theme (chart, WS_CHART_PAPER);
  ws_spectrum_chart_set_log (chart, TRUE, TRUE);
  ws_spectrum_chart_set_marker (chart, MARKED_ENERGY);
  ws_spectrum_chart_set_legend (chart, TRUE);
  return chart;
}

/* Those of one block type that have a spectrum. */
static GPtrArray *
select_block (GPtrArray *results, WsBlockType type)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (result->tensor->block.type == type && result->spectrum.n_sigma > 0)
        g_ptr_array_add (selected, result);
    }
  return selected;
}

static char *
dup_spectra_caption (const char *key, guint n)
{
  GString *caption = g_string_new (NULL);

  g_string_append_printf (caption, "Singular values of %s", key);
  if (n > 1)
    g_string_append_printf (caption, ", %u matrices", n);
  if (n > WS_FIGURE_MAX_CURVES)
    g_string_append_printf (caption, ", of which the first %u are drawn", WS_FIGURE_MAX_CURVES);
  g_string_append (caption, "; marked: the rank that holds 90\u00a0% of the energy.");
  return g_string_free (caption, FALSE);
}

gboolean
ws_report_add_spectra_figure (WsDocument *document, const char *folder, GPtrArray *results,
                              WsBlockType type, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) selected = select_block (results, type);
  g_autoptr (WsSpectrumChart) chart = new_spectrum_chart (selected);
  const char *key = ws_block_type_get_key (type);
  g_autofree char *name = g_strconcat ("spectra-", key, NULL);
  g_autofree char *caption = dup_spectra_caption (key, selected->len);

  if (!save (folder, name, draw_spectra, chart, cancellable, error))
    return FALSE;
  tell (document, name, caption);
  return TRUE;
}

/* The first layer of the stack that has most; NULL if none has two. */
static const WsReportLayer *
find_stack (const WsReportFacts *facts, guint *n_layers)
{
  const WsReportLayer *layers = (const WsReportLayer *) facts->layers->data, *best = NULL;

  *n_layers = 1;
  /* stacks lie one after the other, layers ascending */
  for (guint begin = 0, end; begin < facts->layers->len; begin = end)
    {
      for (end = begin + 1;
           end < facts->layers->len && g_strcmp0 (layers[end].stack, layers[begin].stack) == 0;)
        end++;
      if (layers[end - 1].layer_index + 1 > (int) *n_layers)
        {
          best = &layers[begin];
          *n_layers = layers[end - 1].layer_index + 1;
        }
    }
  return best;
}

gboolean
ws_report_has_layers_figure (const WsReportFacts *facts)
{
  guint n_layers;

  return facts->blocks->len > 0 && find_stack (facts, &n_layers) != NULL;
}

static void
draw_layers (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_layer_chart_draw (user_data, cr, width, height);
}

/* Fills in the values of @type. Returns: FALSE if no layer has any. */
static gboolean
fill_line (double *values, GPtrArray *results, const char *stack, guint n_layers, WsBlockType type)
{
  gboolean any = FALSE;

  for (guint layer = 0; layer < n_layers; layer++)
    {
      values[layer] = ws_report_get_ratio (results, stack, (int) layer, type);
      any = any || !isnan (values[layer]);
    }
  return any;
}

gboolean
ws_report_add_layers_figure (WsDocument *document, const char *folder, GPtrArray *results,
                             const WsReportFacts *facts, GCancellable *cancellable, GError **error)
{
  guint n_layers;
  const WsReportLayer *first = find_stack (facts, &n_layers);
  g_autofree double *values = g_new (double, (gsize) WS_PALETTE_SERIES *n_layers);
  WsLayerLine lines[WS_PALETTE_SERIES];
  WsLayerChart chart = { .lines = lines,
                         .n_layers = n_layers,
                         .title = "90\u00a0% rank / short side",
                         .percent = TRUE,
                         .theme = WS_CHART_PAPER };

  g_return_val_if_fail (first != NULL, FALSE);
  for (guint i = 0; i < facts->blocks->len && chart.n_lines < WS_PALETTE_SERIES; i++)
    {
      WsBlockType type = g_array_index (facts->blocks, WsReportBlock, i).type;
      double *line = values + (gsize) chart.n_lines * n_layers;

      if (fill_line (line, results, first->stack, n_layers, type))
        lines[chart.n_lines++] = (WsLayerLine){ ws_block_type_get_key (type), line };
    }
  if (!save (folder, "layers", draw_layers, &chart, cancellable, error))
    return FALSE;
  tell (
      document, "layers",
      "How many of their singular values hold 90\u00a0% of the energy, by layer; the median where "
      "a layer has several of a kind.");
  return TRUE;
}
