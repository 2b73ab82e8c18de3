/* SPDX-License-Identifier: MIT */
/* A folder with all that is known of the clusters of an embedding. */
#include "export/cluster-files.h"

#include <glib/gstdio.h>

#include "base/atomic-file.h"
#include "base/format.h"
#include "base/translations.h"
#include "export/cluster-figures.h"
#include "export/cluster-json.h"
#include "export/cluster-section.h"
#include "export/cluster-tables.h"
#include "export/npy.h"

#define RESULTS WS_CLUSTER_RECORD
#define SUMMARY "embedding_clusters_summary.csv"
#define TOKENS "tokens.csv"
#define CURVE "k_curve.csv"
#define CENTROIDS "centroids.npy"
#define REPORT "report.md"

#define FIGURE(key) key ".csv", key ".pdf", key ".png", key ".svg"

const char *const ws_cluster_file_names[] = { RESULTS,
                                              SUMMARY,
                                              TOKENS,
                                              CURVE,
                                              CENTROIDS,
                                              FIGURE ("elbow"),
                                              FIGURE ("map"),
                                              FIGURE ("norm-histogram"),
                                              FIGURE ("norms"),
                                              FIGURE ("sizes"),
                                              FIGURE ("variance"),
                                              REPORT,
                                              NULL };

typedef struct
{
  const char *folder;
  const WsClusterStudy *study;
  const WsRecordInput *record;
  guint n_members;
  GCancellable *cancellable;
} Files;

typedef gboolean (*WriteFunc) (FILE *stream, const Files *files, GError **error);

static gboolean
write_results (FILE *stream, const Files *files, GError **error)
{
  return ws_cluster_write_json (stream, files->study, files->record, files->n_members, error);
}

static gboolean
write_summary (FILE *stream, const Files *files, GError **error)
{
  return ws_cluster_write_summary (stream, files->study, files->n_members, error);
}

static gboolean
write_tokens (FILE *stream, const Files *files, GError **error)
{
  return ws_cluster_write_tokens (stream, files->study, error);
}

static gboolean
write_curve (FILE *stream, const Files *files, GError **error)
{
  return ws_cluster_write_curve (stream, files->study, error);
}

static gboolean
write_report (FILE *stream, const Files *files, GError **error)
{
  g_autofree char *shown = ws_format_name (files->study->model->title);
  g_autofree char *title = g_strdup_printf ("Clusters of %s", shown);
  g_autoptr (WsDocument) document = ws_document_new (title);

  ws_cluster_section_add (document, files->study, files->n_members, "");
  ws_document_write_markdown (document, stream);
  return TRUE;
}

static gboolean
save (const Files *files, const char *name, WriteFunc write, GError **error)
{
  g_autofree char *path = g_build_filename (files->folder, name, NULL);
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  if (write (ws_atomic_file_get_stream (file), files, error))
    return ws_atomic_file_commit (file, error) &&
           !g_cancellable_set_error_if_cancelled (files->cancellable, error);
  g_prefix_error (error, "'%s': ", path);
  return FALSE;
}

static gboolean
save_centroids (const Files *files, GError **error)
{
  const WsSweepEntry *entry = ws_cluster_study_get_chosen (files->study);
  g_autofree char *path = g_build_filename (files->folder, CENTROIDS, NULL);
  guint64 dims[2];

  if (entry == NULL)
    return TRUE;
  dims[0] = entry->clustering->k;
  dims[1] = entry->clustering->d;
  return ws_npy_save (path, WS_NPY_FLOAT32, dims, G_N_ELEMENTS (dims), entry->clustering->centroids,
                      error) &&
         !g_cancellable_set_error_if_cancelled (files->cancellable, error);
}

static gboolean
save_numbers (const Files *files, GError **error)
{
  return save (files, RESULTS, write_results, error) &&
         save (files, SUMMARY, write_summary, error) && save (files, TOKENS, write_tokens, error) &&
         save (files, CURVE, write_curve, error) && save_centroids (files, error);
}

static void
remove_figure (const Files *files, WsClusterFigure figure)
{
  static const char *const endings[] = { ".csv", ".pdf", ".png", ".svg" };

  for (gsize i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      g_autofree char *name = g_strconcat (ws_cluster_figure_get_key (figure), endings[i], NULL);
      g_autofree char *path = g_build_filename (files->folder, name, NULL);

      g_unlink (path); /* mostly there is none */
    }
}

static gboolean
save_figures (const Files *files, GError **error)
{
  for (WsClusterFigure figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    if (!ws_cluster_figure_exists (figure, files->study))
      remove_figure (files, figure);
  return ws_cluster_figures_save (files->study, files->folder, files->cancellable, error);
}

gboolean
ws_cluster_files_save_numbers (const char *folder, const WsClusterStudy *study,
                               const WsRecordInput *record, guint n_members,
                               GCancellable *cancellable, GError **error)
{
  const Files files = { folder, study, record, n_members, cancellable };
  locale_t previous = ws_translations_suspend ();
  gboolean saved = save_numbers (&files, error);

  ws_translations_resume (previous);
  return saved;
}

gboolean
ws_cluster_files_save (const char *folder, const WsClusterStudy *study, const WsRecordInput *record,
                       guint n_members, GCancellable *cancellable, GError **error)
{
  const Files files = { folder, study, record, n_members, cancellable };
  locale_t previous = ws_translations_suspend ();
  gboolean saved = save_numbers (&files, error) && save_figures (&files, error) &&
                   save (&files, REPORT, write_report, error);

  ws_translations_resume (previous);
  return saved;
}
