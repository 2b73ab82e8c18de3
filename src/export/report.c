/* SPDX-License-Identifier: MIT */
/* One folder with everything about a model: the order in which its files are written. */
#include "export/report.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base/atomic-file.h"
#include "base/error.h"
#include "base/format.h"
#include "base/translations.h"
#include "export/figure.h"
#include "export/image.h"
#include "export/report-text.h"
#include "export/spectra-file.h"
#include "export/table.h"

#define FIGURES "figures"
#define MARKED_ENERGY 0.9
/* results.csv, results.json, spectra.npz, and the two reports */
#define N_OTHER_FILES 5

typedef struct
{
  const char *folder;
  const WsReportInput *input;
  WsReportFacts facts;
  WsDocument *document;
  guint n_done, n_files;
  WsShareFunc share_func;
  gpointer user_data;
  GCancellable *cancellable;
} Report;

static void
report_clear (Report *self)
{
  ws_report_facts_clear (&self->facts);
  g_clear_pointer (&self->document, ws_document_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0777) == 0)
    return TRUE;
  ws_error_set_errno (error, errno, _ ("cannot create the folder"), path);
  return FALSE;
}

/* After each file. */
static gboolean
advance (Report *self, GError **error)
{
  self->n_done++;
  if (self->share_func != NULL)
    self->share_func (MIN (1.0, self->n_done / (double) self->n_files), self->user_data);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

static gboolean
save_table (Report *self, const char *name, WsTableFormat format, GError **error)
{
  const WsReportInput *input = self->input;
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return ws_table_save (path, format, input->results, input->model, input->record, error) &&
         advance (self, error);
}

static gboolean
save_numbers (Report *self, GError **error)
{
  g_autofree char *spectra = g_build_filename (self->folder, "spectra.npz", NULL);

  return save_table (self, "results.csv", WS_TABLE_CSV, error) &&
         save_table (self, "results.json", WS_TABLE_JSON, error) &&
         ws_spectra_file_save (spectra, self->input->results, error) && advance (self, error);
}

static void
draw_chart (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_spectrum_chart_draw (user_data, cr, width, height);
}

static WsSpectrumChart *
new_chart (GPtrArray *results)
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

static gboolean
save_figure (Report *self, const char *name, WsSpectrumChart *chart, GError **error)
{
  static const struct
  {
    const char *extension;
    WsImageFormat format;
  } formats[] = { { "pdf", WS_IMAGE_PDF }, { "png", WS_IMAGE_PNG }, { "svg", WS_IMAGE_SVG } };
  WsImageOptions options;

  ws_image_options_init (&options);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *file = g_strconcat (name, ".", formats[i].extension, NULL);
      g_autofree char *path = g_build_filename (self->folder, FIGURES, file, NULL);

      if (!ws_image_save (path, formats[i].format, &options, draw_chart, chart, error) ||
          !advance (self, error))
        return FALSE;
    }
  return TRUE;
}

static void
tell_figure (Report *self, const char *name, const char *key, guint n)
{
  g_autofree char *png = g_strconcat (FIGURES "/", name, ".png", NULL);
  g_autofree char *svg = g_strconcat (FIGURES "/", name, ".svg", NULL);
  GString *caption = g_string_new (NULL);

  g_string_append_printf (caption, "Singular values of %s", key);
  if (n > 1)
    g_string_append_printf (caption, ", %u matrices", n);
  if (n > WS_FIGURE_MAX_CURVES)
    g_string_append_printf (caption, ", of which the first %u are drawn", WS_FIGURE_MAX_CURVES);
  g_string_append (caption, "; marked: the rank that holds 90\u00a0% of the energy.");
  ws_document_add_figure (self->document, png, svg, caption->str);
  g_string_free (caption, TRUE);
}

static gboolean
add_figure (Report *self, WsBlockType type, GError **error)
{
  g_autoptr (GPtrArray) results = select_block (self->input->results, type);
  g_autoptr (WsSpectrumChart) chart = new_chart (results);
  const char *key = ws_block_type_get_key (type);
  g_autofree char *name = g_strconcat ("spectra-", key, NULL);

  if (!save_figure (self, name, chart, error))
    return FALSE;
  tell_figure (self, name, key, results->len);
  return TRUE;
}

static gboolean
add_spectra (Report *self, GError **error)
{
  if (self->facts.blocks->len == 0)
    return TRUE;
  ws_document_add_heading (self->document, 2, "Spectra");
  ws_report_add_blocks (self->document, &self->facts);
  for (guint i = 0; i < self->facts.blocks->len; i++)
    if (!add_figure (self, g_array_index (self->facts.blocks, WsReportBlock, i).type, error))
      return FALSE;
  return TRUE;
}

static gboolean
save_markdown (Report *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "report.md", NULL);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  ws_document_write_markdown (self->document, ws_atomic_file_get_stream (file));
  return ws_atomic_file_commit (file, error) && advance (self, error);
}

static gboolean
save_html (Report *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, "report.html", NULL);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  return file != NULL &&
         ws_document_write_html (self->document, self->folder, ws_atomic_file_get_stream (file),
                                 error) &&
         ws_atomic_file_commit (file, error) && advance (self, error);
}

static gboolean
save_all (Report *self, GError **error)
{
  const WsReportInput *input = self->input;
  g_autofree char *figures = g_build_filename (self->folder, FIGURES, NULL);

  if (!make_folder (figures, error) || !save_numbers (self, error))
    return FALSE;
  ws_report_add_summary (self->document, input->model, input->results, &self->facts);
  ws_report_add_model (self->document, input->model, input->record);
  if (!add_spectra (self, error))
    return FALSE;
  ws_report_add_layers (self->document, input->results, &self->facts);
  ws_report_add_outliers (self->document, &self->facts);
  ws_report_add_savings (self->document, &self->facts);
  ws_report_add_missing (self->document, input->model, input->results);
  ws_report_add_method (self->document, input->model, input->record);
  return save_markdown (self, error) && save_html (self, error);
}

gboolean
ws_report_save (const char *folder, const WsReportInput *input, WsShareFunc share_func,
                gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autofree char *shown = ws_format_name (input->model->title);
  g_autofree char *title = g_strdup_printf ("Weights of %s", shown);
  g_auto (Report) report = { folder,
                             input,
                             .document = ws_document_new (title),
                             .share_func = share_func,
                             .user_data = user_data,
                             .cancellable = cancellable };
  locale_t previous = ws_translations_suspend ();
  gboolean saved;

  ws_report_facts_init (&report.facts, input->results);
  report.n_files = N_OTHER_FILES + 3 * report.facts.blocks->len;
  saved = save_all (&report, error);
  ws_translations_resume (previous);
  return saved;
}
