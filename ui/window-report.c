/* SPDX-License-Identifier: MIT */
/* Saving a report: asks where, writes on a thread, tells where it went. */
#include "window-private.h"

#include "base/format.h"
#include "cluster-loading.h"
#include "cluster-session.h"
#include "dialogs.h"
#include "export/cluster-files.h"
#include "export/report.h"
#include "job.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *folder;
  GPtrArray *results;
  WsModel *model;
  WsAnalysisOptions options;
  char *started;
  WsClusterStudy *study; /* or NULL: nothing is known of the embedding */
} ReportExport;

static void
report_export_free (gpointer data)
{
  ReportExport *export = data;

  g_free (export->folder);
  g_ptr_array_unref (export->results);
  ws_model_unref (export->model);
  g_free (export->started);
  g_clear_pointer (&export->study, ws_cluster_study_unref);
  g_free (export);
}

static gboolean
can_be_told (const WsClusterStudy *study)
{
  return study != NULL && study->facts != NULL && ws_cluster_study_get_chosen (study) != NULL;
}

/* What an earlier run has found, where the page of the embedding was not looked at yet. */
static gboolean
find_stored (ReportExport *export, WsJob *job, GError **error)
{
  WsClusterOptions options;
  WsClusterLoading *loading;
  gboolean found;

  ws_cluster_options_init (&options);
  loading = ws_cluster_loading_new (export->model, &options, TRUE);
  found = ws_cluster_loading_execute (job, loading, error);
  if (found && can_be_told (loading->study))
    export->study = g_steal_pointer (&loading->study);
  ws_cluster_loading_free (loading);
  return found;
}

static gboolean
save_in_thread (WsJob *job, gpointer data, GError **error)
{
  ReportExport *export = data;
  const gboolean has_study = export->study != NULL || find_stored (export, job, error);
  const WsRecordInput record = {
    .model_id = export->model->model_id,
    .revision = export->model->revision,
    .started = export->started,
    .options = &export->options,
  };
  const WsRecordInput clusters_record = {
    .model_id = export->model->model_id,
    .revision = export->model->revision,
    .started = export->started,
    .clusters = export->study != NULL ? &export->study->options : NULL,
  };
  const WsReportInput input = {
    .model = export->model,
    .results = export->results,
    .record = &record,
    .study = export->study,
    .clusters_record = &clusters_record,
    .n_members = WS_CLUSTER_N_MEMBERS,
  };

  return has_study &&
         ws_report_save (export->folder, &input, NULL, NULL, ws_job_get_cancellable (job), error);
}

static gboolean
has_spectra (GPtrArray *results)
{
  for (guint i = 0; i < results->len; i++)
    if (((const WsResult *) results->pdata[i])->spectrum.n_sigma > 0)
      return TRUE;
  return FALSE;
}

static void
on_save_done (gpointer owner, gpointer data, const GError *error)
{
  ReportExport *export = data;
  g_autofree char *name = g_filename_display_basename (export->folder);
  g_autofree char *shown_name = ws_format_name (name);
  g_autofree char *saved = g_strdup_printf (
      has_spectra (export->results)
          ? _ ("Saved the report to %s")
          : _ ("Saved the report to %s, without spectra: nothing was analysed yet"),
      shown_name);
  g_autofree char *path = g_build_filename (export->folder, "report.html", NULL);

  if (error != NULL)
    gtk_widget_activate_action (owner, "win.report-error", "s", error->message);
  else
    gtk_widget_activate_action (owner, "win.saved", "(ss)", saved, path);
}

static const WsJobKind save_kind = { save_in_thread, NULL, on_save_done, report_export_free };

/* The model may be switched while the dialog is open: what was asked for is saved. */
typedef struct
{
  WsWindow *window;
  WsModelSession *session;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->window);
  g_object_unref (self->session);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

/* As it is looked at now; NULL as long as no clustering is. */
static WsClusterStudy *
dup_study (WsModelSession *session)
{
  WsClusterSession *clusters = ws_cluster_session_peek (session);
  g_autoptr (WsClusterStudy) study =
      clusters != NULL ? ws_cluster_session_dup_study (clusters) : NULL;

  return can_be_told (study) ? g_steal_pointer (&study) : NULL;
}

/* An earlier report is left as it is, and so is whatever else has the name.
 * (transfer full) */
static char *
find_free_path (const char *parent, const char *name)
{
  char *path = g_build_filename (parent, name, NULL);

  for (guint n = 2; g_file_test (path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK); n++)
    {
      g_autofree char *next = g_strdup_printf ("%s-%u", name, n);

      g_free (path);
      path = g_build_filename (parent, next, NULL);
    }
  return path;
}

/* In the folder that was chosen the report has one of its own, as its files are many. */
static void
on_folder_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  g_autofree char *parent = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *title = NULL;
  g_autofree char *name = NULL;
  ReportExport *export;

  if (parent == NULL)
    return;
  title = ws_format_name (ws_model_session_get_title (question->session));
  name = g_strdelimit (g_strconcat (title, "-report", NULL), G_DIR_SEPARATOR_S, '-');
  export = g_new0 (ReportExport, 1);
  export->folder = find_free_path (parent, name);
  export->results = ws_model_session_dup_results (question->session);
  export->model = ws_model_ref (ws_model_session_get_model (question->session));
  export->started = ws_record_get_time ();
  export->study = dup_study (question->session);
  ws_settings_get_analysis_options (&export->options);
  ws_job_unref (ws_job_start (&save_kind, question->window, export));
}

void
ws_window_export_report (WsWindow *self)
{
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (self);
  question->session = g_object_ref (self->session);
  ws_dialogs_save_folder (GTK_WINDOW (self), _ ("Where to Save the Report"), on_folder_chosen,
                          question);
}
