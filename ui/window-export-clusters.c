/* SPDX-License-Identifier: MIT */
/* Saving what the Embeddings page shows: its figures, and all its numbers. */
#include "window-private.h"

#include "base/atomic-file.h"
#include "base/format.h"
#include "dialogs.h"
#include "export-dialog.h"
#include "export/cluster-files.h"
#include "export/cluster-tables.h"
#include "job.h"

#include <glib/gi18n-lib.h>

/* "Qwen3-4B-elbow" (transfer full) */
static char *
make_name (WsWindow *self, const char *what)
{
  char *name = g_strdup_printf ("%s-%s", ws_model_session_get_title (self->session), what);

  /* "org/name" is the title of one on the Hub. */
  return g_strdelimit (name, G_DIR_SEPARATOR_S "\\:", '-');
}

static gpointer
ref_study (gpointer study)
{
  return ws_cluster_study_ref (study);
}

static void
unref_study (gpointer study)
{
  ws_cluster_study_unref (study);
}

static gboolean
save_with (gboolean (*write) (FILE *, const WsClusterStudy *, GError **), const char *path,
           const WsClusterStudy *study, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  return file != NULL && write (ws_atomic_file_get_stream (file), study, error) &&
         ws_atomic_file_commit (file, error);
}

static gboolean
save_curve (const char *path, gpointer study, GError **error)
{
  return save_with (ws_cluster_write_curve, path, study, error);
}

static gboolean
save_tokens (const char *path, gpointer study, GError **error)
{
  return save_with (ws_cluster_write_tokens, path, study, error);
}

static gpointer
copy_elbow (gconstpointer chart)
{
  return ws_elbow_chart_copy (chart);
}

static void
free_elbow (gpointer chart)
{
  ws_elbow_chart_free (chart);
}

static void
draw_elbow (gpointer chart, cairo_t *cr, double width, double height)
{
  ws_elbow_chart_draw (chart, cr, width, height);
}

static void
set_elbow_font (gpointer chart, const char *family, double size)
{
  ws_elbow_chart_set_font (chart, family, size);
}

static const WsExportKind elbow_kind = {
  .copy = copy_elbow,
  .free_chart = free_elbow,
  .draw = draw_elbow,
  .set_font = set_elbow_font,
  .save_data = save_curve,
  .ref_data = ref_study,
  .unref_data = unref_study,
};

void
ws_window_export_elbow (WsWindow *self)
{
  WsElbowChart *chart = ws_embeddings_page_dup_elbow (self->embeddings);
  WsExportFigure figure = { &elbow_kind, chart, ws_cluster_session_dup_study (self->clusters),
                            make_name (self, "elbow") };

  ws_elbow_chart_set_theme (chart, WS_CHART_PAPER);
  ws_export_dialog_show (GTK_WINDOW (self), &figure);
}

static gpointer
copy_map (gconstpointer map)
{
  return ws_token_map_copy (map);
}

static void
free_map (gpointer map)
{
  ws_token_map_free (map);
}

static void
draw_map (gpointer map, cairo_t *cr, double width, double height)
{
  ws_token_map_draw (map, cr, width, height);
}

static void
set_map_font (gpointer map, const char *family, double size)
{
  ws_token_map_set_font (map, family, size);
}

static void
set_map_resolution (gpointer map, double resolution)
{
  ws_token_map_set_resolution (map, resolution);
}

static const WsExportKind map_kind = {
  .copy = copy_map,
  .free_chart = free_map,
  .draw = draw_map,
  .set_font = set_map_font,
  .set_resolution = set_map_resolution,
  .save_data = save_tokens,
  .ref_data = ref_study,
  .unref_data = unref_study,
};

void
ws_window_export_map (WsWindow *self)
{
  WsTokenMap *map = ws_embeddings_page_dup_map (self->embeddings);
  WsExportFigure figure = { &map_kind, map, ws_cluster_session_dup_study (self->clusters),
                            make_name (self, "tokens") };

  ws_token_map_set_theme (map, WS_CHART_PAPER);
  ws_export_dialog_show (GTK_WINDOW (self), &figure);
}

/* All numbers, figures and the report, in a folder of their own. */
typedef struct
{
  char *folder; /* made by the thread below the one that was chosen */
  char *parent;
  char *name;
  char *started;
  WsClusterStudy *study;
} FolderExport;

static void
folder_export_free (gpointer data)
{
  FolderExport *export = data;

  g_free (export->folder);
  g_free (export->parent);
  g_free (export->name);
  g_free (export->started);
  ws_cluster_study_unref (export->study);
  g_free (export);
}

/* NAME, or NAME-2, ... in @parent: nothing that is there is written into. */
static gboolean
make_folder (FolderExport *export, GError **error)
{
  for (guint i = 1;; i++)
    {
      g_autofree char *name =
          i == 1 ? g_strdup (export->name) : g_strdup_printf ("%s-%u", export->name, i);
      g_autofree char *path = g_build_filename (export->parent, name, NULL);
      g_autoptr (GFile) file = g_file_new_for_path (path);
      g_autoptr (GError) local = NULL;

      if (g_file_make_directory (file, NULL, &local))
        {
          export->folder = g_steal_pointer (&path);
          return TRUE;
        }
      if (!g_error_matches (local, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
    }
}

static gboolean
save_folder (WsJob *job, gpointer data, GError **error)
{
  FolderExport *export = data;
  const WsModel *model = export->study->model;
  const WsRecordInput record = {
    .model_id = model->model_id,
    .revision = model->revision,
    .started = export->started,
    .clusters = &export->study->options,
  };

  return make_folder (export, error) &&
         ws_cluster_files_save (export->folder, export->study, &record, WS_CLUSTER_N_MEMBERS,
                                ws_job_get_cancellable (job), error);
}

static void
on_folder_saved (gpointer owner, gpointer data, const GError *error)
{
  FolderExport *export = data;
  g_autofree char *name = NULL;
  g_autofree char *shown_name = NULL;
  g_autofree char *saved = NULL;
  g_autofree char *first = NULL;

  if (error != NULL)
    {
      gtk_widget_activate_action (owner, "win.report-error", "s", error->message);
      return;
    }
  name = g_filename_display_basename (export->folder);
  shown_name = ws_format_name (name);
  /* Translators: %s is the name of a folder */
  saved = g_strdup_printf (_ ("Saved the clusters in %s"), shown_name);
  /* Of a file the button of the toast shows the folder. */
  first = g_build_filename (export->folder, ws_cluster_file_names[0], NULL);
  gtk_widget_activate_action (owner, "win.saved", "(ss)", saved, first);
}

static const WsJobKind folder_kind = { save_folder, NULL, on_folder_saved, folder_export_free };

/* The model may be switched while the dialog is open: what was asked for is saved. */
typedef struct
{
  WsWindow *window;
  WsClusterStudy *study;
  char *name;
} Question;

static void
question_free (Question *self)
{
  g_object_unref (self->window);
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
on_folder_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (Question) question = user_data;
  char *path = file != NULL ? g_file_get_path (file) : NULL;
  FolderExport *export;

  if (path == NULL)
    return;
  export = g_new0 (FolderExport, 1);
  export->parent = path;
  export->name = g_steal_pointer (&question->name);
  export->started = ws_record_get_time ();
  export->study = g_steal_pointer (&question->study);
  ws_job_unref (ws_job_start (&folder_kind, question->window, export));
}

void
ws_window_export_clusters (WsWindow *self)
{
  Question *question = g_new0 (Question, 1);

  question->window = g_object_ref (self);
  question->study = ws_cluster_session_dup_study (self->clusters);
  question->name = make_name (self, "clusters");
  ws_dialogs_save_folder (GTK_WINDOW (self), _ ("Export the Clusters"), on_folder_chosen, question);
}
