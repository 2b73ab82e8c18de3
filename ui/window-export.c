/* SPDX-License-Identifier: MIT */
/* Saving the table: asks where, writes on a thread, tells where it went. */
#include "window-private.h"

#include "dialogs.h"
#include "export/table.h"
#include "job.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  char *path;
  GPtrArray *results;
  WsModel *model;
  WsAnalysisOptions options;
  char *started;
} TableExport;

static void
table_export_free (gpointer data)
{
  TableExport *export = data;

  g_free (export->path);
  g_ptr_array_unref (export->results);
  ws_model_unref (export->model);
  g_free (export->started);
  g_free (export);
}

static gboolean
save_in_thread (WsJob *job, gpointer data, GError **error)
{
  TableExport *export = data;
  const WsRecordInput record = {
    .model_id = export->model->model_id,
    .revision = export->model->revision,
    .started = export->started,
    .options = &export->options,
  };

  return ws_table_save (export->path, ws_table_format_from_path (export->path), export->results,
                        export->model, &record, error);
}

static void
on_save_done (gpointer owner, gpointer data, const GError *error)
{
  TableExport *export = data;

  if (error != NULL)
    gtk_widget_activate_action (owner, "win.report-error", "s", error->message);
  else
    gtk_widget_activate_action (owner, "win.saved", "s", export->path);
}

static const WsJobKind save_kind = { save_in_thread, NULL, on_save_done, table_export_free };

static void
save_table (WsWindow *self, WsModelSession *session, char *path)
{
  TableExport *export = g_new0 (TableExport, 1);

  export->path = path;
  export->results = ws_model_session_dup_results (session);
  export->model = ws_model_ref (ws_model_session_get_model (session));
  export->started = ws_record_get_time ();
  ws_settings_get_analysis_options (&export->options);
  ws_job_unref (ws_job_start (&save_kind, self, export));
}

/* The model may be switched while the dialog is open: what was asked for is saved. */
typedef struct
{
  WsWindow *window;
  WsModelSession *session;
} Question;

static void
on_file_chosen (GFile *file, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (WsWindow) self = question->window;
  g_autoptr (WsModelSession) session = question->session;
  char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    save_table (self, session, path);
}

void
ws_window_export_table (WsWindow *self)
{
  const WsFileKind kinds[] = {
    { _ ("CSV table"), "*.csv" },
    { _ ("JSON"), "*.json" },
    { _ ("JSON lines"), "*.jsonl" },
    { NULL, NULL },
  };
  Question *question = g_new0 (Question, 1);
  g_autofree char *name = g_strconcat (ws_model_session_get_title (self->session), ".csv", NULL);

  question->window = g_object_ref (self);
  question->session = g_object_ref (self->session);
  ws_dialogs_save_file (GTK_WINDOW (self), _ ("Export the Table"), name, kinds, on_file_chosen,
                        question);
}
