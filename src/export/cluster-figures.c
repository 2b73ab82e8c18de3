/* SPDX-License-Identifier: MIT */
/* The figures of the clusters of an embedding. */
#include "export/cluster-figures.h"

#include "base/atomic-file.h"
#include "base/translations.h"
#include "chart/elbow-chart.h"
#include "chart/histogram.h"
#include "chart/small-chart.h"
#include "chart/token-map.h"
#include "export/cluster-tables.h"
#include "export/image.h"
#include "export/row-writer.h"

#include <math.h>

/* The share of the variance whose rank is marked. */
#define MARKED_VARIANCE 0.9
/* Rows between two looks at the cancellable. */
#define ROWS_AT_A_TIME 4096

static gboolean
has_chosen (const WsClusterStudy *study)
{
  return ws_cluster_study_get_chosen (study) != NULL;
}

static gboolean
has_several_k (const WsClusterStudy *study)
{
  return study->curve->len > 1;
}

static gboolean
has_facts (const WsClusterStudy *study)
{
  return study->facts != NULL && study->facts->n > 0;
}

static gboolean
has_projection (const WsClusterStudy *study)
{
  return study->projection != NULL && study->projection->n > 0;
}

static gboolean
has_map (const WsClusterStudy *study)
{
  return has_projection (study) && has_chosen (study);
}

/* A chart, and how it is drawn and freed. */
typedef struct
{
  gpointer chart;
  WsDrawFunc draw;
  GDestroyNotify free;
} Drawing;

static void
draw_elbow (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_elbow_chart_draw (user_data, cr, width, height);
}

static void
draw_map (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_token_map_draw (user_data, cr, width, height);
}

static void
draw_small (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_small_chart_draw (user_data, cr, width, height);
}

static Drawing
make_elbow (const WsClusterStudy *study)
{
  WsElbowChart *chart = ws_elbow_chart_new ();

  for (guint i = 0; i < study->curve->len; i++)
    ws_elbow_chart_set_entry (chart, g_ptr_array_index (study->curve, i));
  ws_elbow_chart_set_marks (chart, study->elbow.second_difference, study->elbow.kneedle,
                            study->elbow.chord);
  ws_elbow_chart_set_chosen (chart, study->choice.k);
  ws_elbow_chart_set_theme (chart, WS_CHART_PAPER);
  return (Drawing){ chart, draw_elbow, (GDestroyNotify) ws_elbow_chart_free };
}

/* Clusters by the numbers that the tables give them. (transfer full) */
static char **
dup_numbers (guint k)
{
  char **numbers = g_new0 (char *, k + 1);

  for (guint i = 0; i < k; i++)
    numbers[i] = g_strdup_printf ("%u", i);
  return numbers;
}

static Drawing
make_map (const WsClusterStudy *study)
{
  const WsClustering *clustering = ws_cluster_study_get_chosen (study)->clustering;
  const WsProjection *projection = study->projection;
  g_auto (GStrv) numbers = dup_numbers (clustering->k);
  WsTokenMap *map = ws_token_map_new ();

  ws_token_map_set_points (map, projection->xy, projection->n, study->rows);
  ws_token_map_set_clusters (map, clustering->labels, clustering->k, (const char *const *) numbers);
  if (projection->total > 0 && projection->d > 1)
    ws_token_map_set_variance (map, projection->variance[0] / projection->total,
                               projection->variance[1] / projection->total);
  ws_token_map_set_theme (map, WS_CHART_PAPER);
  return (Drawing){ map, draw_map, (GDestroyNotify) ws_token_map_free };
}

static Drawing
finish_small (WsSmallChart *chart, const char *x_title, const char *y_title)
{
  ws_small_chart_set_titles (chart, x_title, y_title);
  ws_small_chart_set_theme (chart, WS_CHART_PAPER);
  return (Drawing){ chart, draw_small, (GDestroyNotify) ws_small_chart_unref };
}

static Drawing
make_sizes (const WsClusterStudy *study)
{
  const WsClustering *clustering = ws_cluster_study_get_chosen (study)->clustering;
  g_auto (GStrv) numbers = dup_numbers (clustering->k);

  return finish_small (
      ws_small_chart_new_bars ((const char *const *) numbers, clustering->sizes, clustering->k),
      "Tokens", "Cluster");
}

/* The points whose rows training may never have touched. (transfer full) */
static GArray *
find_untrained (const WsClusterStudy *study)
{
  g_autofree guint8 *untrained = ws_cluster_study_dup_untrained (study);
  GArray *points = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < study->facts->n; i++)
    if (untrained[ws_cluster_study_get_row (study, i)])
      g_array_append_val (points, i);
  return points;
}

static Drawing
make_norms (const WsClusterStudy *study)
{
  g_autoptr (GArray) untrained = find_untrained (study);

  return finish_small (ws_small_chart_new_cloud (study->facts->norms, study->rows, study->facts->n,
                                                 (const guint32 *) untrained->data, untrained->len),
                       "Token id", "Norm");
}

static Drawing
make_norm_histogram (const WsClusterStudy *study)
{
  return finish_small (ws_small_chart_new_histogram (study->facts->norms, study->facts->n), "Norm",
                       "Tokens");
}

static Drawing
make_variance (const WsClusterStudy *study)
{
  return finish_small (ws_small_chart_new_shares (study->projection->variance, study->projection->d,
                                                  MARKED_VARIANCE),
                       "Principal components", "Variance explained");
}

/* Rows of the CSV file. */
typedef gboolean (*AddRowsFunc) (WsRowWriter *writer, const WsClusterStudy *study,
                                 GCancellable *cancellable);

static gboolean
add_elbow_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  const WsSweepEntry *first = g_ptr_array_index (study->curve, 0);

  for (guint i = 0; i < study->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (study->curve, i);

      ws_row_writer_add_number (writer, entry->clustering->k);
      ws_row_writer_add_number (writer, entry->clustering->inertia);
      ws_row_writer_add_number (writer, entry->clustering->inertia / first->clustering->inertia);
      ws_row_writer_add_number (writer, entry->criteria.calinski_harabasz);
      ws_row_writer_add_number (writer, entry->silhouette.mean);
      ws_row_writer_add_number (writer, entry->silhouette.standard_error);
      ws_row_writer_add_number (writer, entry->criteria.davies_bouldin);
    }
  return TRUE;
}

static gboolean
goes_on (gsize row, GCancellable *cancellable)
{
  return row % ROWS_AT_A_TIME != 0 || !g_cancellable_is_cancelled (cancellable);
}

static gboolean
add_map_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  const WsClustering *clustering = ws_cluster_study_get_chosen (study)->clustering;

  for (gsize i = 0; i < study->projection->n; i++)
    {
      if (!goes_on (i, cancellable))
        return FALSE;
      ws_row_writer_add_number (writer, ws_cluster_study_get_row (study, i));
      ws_row_writer_add_number (writer, study->projection->xy[2 * i]);
      ws_row_writer_add_number (writer, study->projection->xy[2 * i + 1]);
      ws_row_writer_add_number (writer, clustering->labels[i]);
    }
  return TRUE;
}

static gboolean
add_size_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  const WsClustering *clustering = ws_cluster_study_get_chosen (study)->clustering;

  for (guint i = 0; i < clustering->k; i++)
    {
      ws_row_writer_add_number (writer, i);
      ws_row_writer_add_number (writer, clustering->sizes[i]);
      ws_row_writer_add_number (writer, clustering->sizes[i] / (double) clustering->n);
    }
  return TRUE;
}

static gboolean
add_norm_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  g_autoptr (GArray) untrained = find_untrained (study);
  guint next = 0;

  for (gsize i = 0; i < study->facts->n; i++)
    {
      gboolean marked = next < untrained->len && g_array_index (untrained, guint32, next) == i;

      if (!goes_on (i, cancellable))
        return FALSE;
      next += marked;
      ws_row_writer_add_number (writer, ws_cluster_study_get_row (study, i));
      ws_row_writer_add_number (writer, study->facts->norms[i]);
      ws_row_writer_add_number (writer, marked);
    }
  return TRUE;
}

static gboolean
add_histogram_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  g_auto (WsHistogram) histogram = { 0 };

  ws_histogram_compute (&histogram, study->facts->norms, study->facts->n);
  for (guint i = 0; i < histogram.n_bins; i++)
    {
      ws_row_writer_add_number (writer, histogram.min + i * histogram.width);
      ws_row_writer_add_number (writer, histogram.min + (i + 1) * histogram.width);
      ws_row_writer_add_number (writer, histogram.counts[i]);
    }
  return TRUE;
}

static gboolean
add_variance_rows (WsRowWriter *writer, const WsClusterStudy *study, GCancellable *cancellable)
{
  const WsProjection *projection = study->projection;
  double sum = 0;

  for (gsize i = 0; i < projection->d; i++)
    {
      sum += projection->variance[i];
      ws_row_writer_add_number (writer, i + 1.0);
      ws_row_writer_add_number (writer, projection->variance[i]);
      ws_row_writer_add_number (writer, projection->total > 0 ? sum / projection->total : NAN);
    }
  return TRUE;
}

static const struct
{
  const char *key;
  const char *caption;
  gboolean (*exists) (const WsClusterStudy *study);
  Drawing (*make) (const WsClusterStudy *study);
  AddRowsFunc add_rows;
  const char *columns[8];
} kinds[WS_N_CLUSTER_FIGURES] = {
  { "elbow",
    "Inertia over the number of clusters k, relative to the least k; marked: where three rules see "
    "an elbow, and the k that was chosen.",
    has_several_k,
    make_elbow,
    add_elbow_rows,
    { "k", "inertia", "inertia_share", "calinski_harabasz", "silhouette", "silhouette_error",
      "davies_bouldin" } },
  { "map",
    "The tokens along the first two principal components, coloured by cluster; colours are mixed "
    "where tokens lie over each other.",
    has_map,
    make_map,
    add_map_rows,
    { "token_id", "x", "y", "cluster_id" } },
  { "sizes",
    "Tokens in each cluster.",
    has_chosen,
    make_sizes,
    add_size_rows,
    { "cluster_id", "n_tokens", "share" } },
  { "norms",
    "Norm of each token's vector over its id; in orange: rows that may be untrained.",
    has_facts,
    make_norms,
    add_norm_rows,
    { "token_id", "norm", "possibly_untrained" } },
  { "norm-histogram",
    "Distribution of the norms of the tokens' vectors.",
    has_facts,
    make_norm_histogram,
    add_histogram_rows,
    { "norm_from", "norm_to", "n_tokens" } },
  { "variance",
    "Share of the variance that the first principal components explain; marked: 90\u00a0%.",
    has_projection,
    make_variance,
    add_variance_rows,
    { "component", "variance", "cumulative_share" } },
};

const char *
ws_cluster_figure_get_key (WsClusterFigure figure)
{
  g_return_val_if_fail (figure < WS_N_CLUSTER_FIGURES, NULL);
  return kinds[figure].key;
}

const char *
ws_cluster_figure_get_caption (WsClusterFigure figure)
{
  g_return_val_if_fail (figure < WS_N_CLUSTER_FIGURES, NULL);
  return kinds[figure].caption;
}

gboolean
ws_cluster_figure_exists (WsClusterFigure figure, const WsClusterStudy *study)
{
  g_return_val_if_fail (figure < WS_N_CLUSTER_FIGURES, FALSE);
  return kinds[figure].exists (study);
}

static char *
build_path (const char *folder, const char *key, const char *extension)
{
  g_autofree char *name = g_strconcat (key, extension, NULL);

  return g_build_filename (folder, name, NULL);
}

static gboolean
save_pictures (WsClusterFigure figure, const Drawing *drawing, const char *folder,
               GCancellable *cancellable, GError **error)
{
  static const struct
  {
    const char *extension;
    WsImageFormat format;
  } formats[] = { { ".pdf", WS_IMAGE_PDF }, { ".png", WS_IMAGE_PNG }, { ".svg", WS_IMAGE_SVG } };
  WsImageOptions options;

  ws_image_options_init (&options);
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autofree char *path = build_path (folder, kinds[figure].key, formats[i].extension);

      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !ws_image_save (path, formats[i].format, &options, drawing->draw, drawing->chart, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
save_data (WsClusterFigure figure, const WsClusterStudy *study, const char *folder,
           GCancellable *cancellable, GError **error)
{
  g_autofree char *path = build_path (folder, kinds[figure].key, ".csv");
  g_autoptr (GPtrArray) columns = g_ptr_array_new ();
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);
  g_autoptr (WsRowWriter) writer = NULL;

  if (file == NULL)
    return FALSE;
  for (guint i = 0; kinds[figure].columns[i] != NULL; i++)
    g_ptr_array_add (columns, (gpointer) kinds[figure].columns[i]);
  writer = ws_row_writer_new (ws_atomic_file_get_stream (file), WS_TABLE_CSV, columns, NULL);
  if (!kinds[figure].add_rows (writer, study, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  return ws_row_writer_finish (writer, error) && ws_atomic_file_commit (file, error);
}

gboolean
ws_cluster_figure_save (WsClusterFigure figure, const WsClusterStudy *study, const char *folder,
                        GCancellable *cancellable, GError **error)
{
  locale_t previous;
  gboolean saved;
  Drawing drawing;

  g_return_val_if_fail (ws_cluster_figure_exists (figure, study), FALSE);
  previous = ws_translations_suspend ();
  drawing = kinds[figure].make (study);
  saved = save_pictures (figure, &drawing, folder, cancellable, error) &&
          save_data (figure, study, folder, cancellable, error);
  drawing.free (drawing.chart);
  ws_translations_resume (previous);
  return saved;
}

gboolean
ws_cluster_figures_save (const WsClusterStudy *study, const char *folder, GCancellable *cancellable,
                         GError **error)
{
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    if (ws_cluster_figure_exists ((WsClusterFigure) figure, study) &&
        !ws_cluster_figure_save ((WsClusterFigure) figure, study, folder, cancellable, error))
      return FALSE;
  return TRUE;
}
