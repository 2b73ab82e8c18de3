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
#include "export/cluster-figures.h"
#include "export/cluster-files.h"
#include "export/cluster-section.h"
#include "export/report-figures.h"
#include "export/report-text.h"
#include "export/spectra-file.h"
#include "export/table.h"

#define EMBEDDING "embedding"

const char *const ws_report_file_names[] = { WS_REPORT_RECORD,  "results.csv", "spectra.npz",
                                             WS_REPORT_FIGURES, EMBEDDING,     "report.md",
                                             "report.html",     NULL };

/* results.csv, results.json, spectra.npz, and the two reports; then each figure is one */
#define N_OTHER_STEPS 5

typedef struct
{
  const char *folder;
  const WsReportInput *input;
  WsReportFacts facts;
  WsDocument *document;
  guint n_done, n_steps;
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

/* After each step. */
static gboolean
advance (Report *self, GError **error)
{
  self->n_done++;
  if (self->share_func != NULL)
    self->share_func (MIN (1.0, self->n_done / (double) self->n_steps), self->user_data);
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

  /* the record first: a run that was broken off is known by it */
  return save_table (self, WS_REPORT_RECORD, WS_TABLE_JSON, error) &&
         save_table (self, "results.csv", WS_TABLE_CSV, error) &&
         ws_spectra_file_save (spectra, self->input->results, error) && advance (self, error);
}

static gboolean
add_spectra (Report *self, GError **error)
{
  if (self->facts.blocks->len == 0)
    return TRUE;
  ws_document_add_heading (self->document, 2, "Spectra");
  ws_report_add_blocks (self->document, &self->facts);
  for (guint i = 0; i < self->facts.blocks->len; i++)
    {
      WsBlockType type = g_array_index (self->facts.blocks, WsReportBlock, i).type;

      if (!ws_report_add_spectra_figure (self->document, self->folder, self->input->results, type,
                                         self->cancellable, error) ||
          !advance (self, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
add_layers (Report *self, GError **error)
{
  ws_report_add_layers (self->document, self->input->results, &self->facts);
  return !ws_report_has_layers_figure (&self->facts) ||
         (ws_report_add_layers_figure (self->document, self->folder, self->input->results,
                                       &self->facts, self->cancellable, error) &&
          advance (self, error));
}

/* Into a folder of its own, as its files are many. */
static gboolean
add_embedding (Report *self, GError **error)
{
  const WsReportInput *input = self->input;
  g_autofree char *folder = g_build_filename (self->folder, EMBEDDING, NULL);

  if (input->study == NULL)
    {
      ws_report_add_no_embedding (self->document, input->no_study);
      return TRUE;
    }
  ws_cluster_section_add (self->document, input->study, input->n_members, EMBEDDING);
  return make_folder (folder, error) &&
         ws_cluster_figures_save (input->study, folder, self->cancellable, error) &&
         ws_cluster_files_save_numbers (folder, input->study, input->clusters_record,
                                        input->n_members, self->cancellable, error) &&
         advance (self, error);
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
  g_autofree char *figures = g_build_filename (self->folder, WS_REPORT_FIGURES, NULL);

  if (!make_folder (self->folder, error) || !save_numbers (self, error) ||
      !make_folder (figures, error))
    return FALSE;
  ws_report_add_summary (self->document, input->model, input->results, &self->facts);
  ws_report_add_model (self->document, input->model, input->record);
  if (!add_spectra (self, error) || !add_layers (self, error))
    return FALSE;
  ws_report_add_outliers (self->document, &self->facts);
  ws_report_add_savings (self->document, &self->facts);
  if (!add_embedding (self, error))
    return FALSE;
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
  report.n_steps = N_OTHER_STEPS + report.facts.blocks->len +
                   (ws_report_has_layers_figure (&report.facts) ? 1 : 0) +
                   (input->study != NULL ? 1 : 0);
  saved = save_all (&report, error);
  ws_translations_resume (previous);
  return saved;
}
