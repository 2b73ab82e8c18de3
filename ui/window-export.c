/* SPDX-License-Identifier: MIT */
/* Saving the table: asks what and where, writes on a thread, tells where it went. */
#include "window-private.h"

#include "base/format.h"
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

/* "Saved 8 rows to table.csv" */
static char *
describe_saved (const TableExport *export)
{
  guint n = export->results->len;
  g_autofree char *name = g_filename_display_basename (export->path);
  g_autofree char *shown_name = ws_format_name (name);

  return g_strdup_printf (ngettext ("Saved %u row to %s", "Saved %u rows to %s", n), n, shown_name);
}

static void
on_save_done (gpointer owner, gpointer data, const GError *error)
{
  TableExport *export = data;
  g_autofree char *saved = describe_saved (export);

  if (error != NULL)
    gtk_widget_activate_action (owner, "win.report-error", "s", error->message);
  else
    gtk_widget_activate_action (owner, "win.saved", "(ss)", saved, export->path);
}

static const WsJobKind save_kind = { save_in_thread, NULL, on_save_done, table_export_free };

/* The model may be switched or filtered while the dialog is open: what was asked for is saved. */
typedef struct
{
  WsWindow *window;
  WsModelSession *session;
  GPtrArray *shown; /* of WsResultItem, as are those selected */
  GPtrArray *selected;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->window);
  g_object_unref (self->session);
  g_ptr_array_unref (self->shown);
  g_ptr_array_unref (self->selected);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

#define ALL "all"
#define SHOWN "shown"
#define SELECTED "selected"

/* By their results of now, which may be newer than the question. */
static GPtrArray *
dup_results (GPtrArray *items)
{
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (results, ws_result_ref (ws_result_item_get_result (items->pdata[i])));
  return results;
}

static GPtrArray *
dup_part (const Question *question, const char *part)
{
  if (g_strcmp0 (part, SHOWN) == 0)
    return dup_results (question->shown);
  if (g_strcmp0 (part, SELECTED) == 0)
    return dup_results (question->selected);
  return ws_model_session_dup_results (question->session);
}

static void
on_file_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  char *path = file != NULL ? g_file_get_path (file) : NULL;
  TableExport *export;

  if (path == NULL)
    return;
  export = g_new0 (TableExport, 1);
  export->path = path;
  export->results = dup_part (question, part);
  export->model = ws_model_ref (ws_model_session_get_model (question->session));
  export->started = ws_record_get_time ();
  ws_settings_get_analysis_options (&export->options);
  ws_job_unref (ws_job_start (&save_kind, question->window, export));
}

/* Asks which rows only where there is more than one answer. */
static void
ask (Question *question, const char *name, const WsFileKind *kinds)
{
  guint n_all = g_list_model_get_n_items (ws_model_session_get_items (question->session));
  guint n_shown = question->shown->len, n_selected = question->selected->len;
  g_autofree char *all = g_strdup_printf (_ ("All rows (%u)"), n_all);
  g_autofree char *shown = g_strdup_printf (_ ("Shown rows (%u)"), n_shown);
  g_autofree char *selected = g_strdup_printf (_ ("Selected rows (%u)"), n_selected);
  WsFilePart parts[4] = { { NULL, NULL } };
  gboolean filtered = n_shown > 0 && n_shown < n_all;
  const WsFileParts choice = { _ ("Rows"), parts };
  guint n = 0;

  if (filtered)
    parts[n++] = (WsFilePart){ SHOWN, shown };
  parts[n++] = (WsFilePart){ ALL, all };
  if (n_selected > 1)
    parts[n++] = (WsFilePart){ SELECTED, selected };
  ws_dialogs_save_file (GTK_WINDOW (question->window), _ ("Export the Table"), name, kinds,
                        n > 1 ? &choice : NULL, on_file_chosen, question);
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
  WsResultList *list = ws_result_table_get_list (self->table);
  g_autofree char *name = g_strconcat (ws_model_session_get_title (self->session), ".csv", NULL);

  question->window = g_object_ref (self);
  question->session = g_object_ref (self->session);
  question->shown = ws_result_list_dup_matching (list);
  question->selected = ws_result_list_dup_selected (list);
  ask (question, name, kinds);
}
