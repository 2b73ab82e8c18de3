/* SPDX-License-Identifier: MIT */
/* The figures of clusters as files: what journals ask for, the numbers behind, the same bytes. */
#include "export/cluster-figures.h"

#include "cluster-fixture.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define N 300
#define D 8
#define K 3

typedef struct
{
  char *folder;
  WsClusterStudy *study;
} Fixture;

/* Three planted clusters; point i is row 2 i + 1 of the matrix. */
static WsClusterStudy *
make_study (guint k_max)
{
  g_auto (ClusterFixture) cloud = { 0 };
  WsClusterStudy *study = g_new0 (WsClusterStudy, 1);
  WsSweepOptions options;

  cluster_fixture_init_planted (&cloud, N, D, K, 12, 1);
  ws_sweep_options_init (&options);
  options.k_max = k_max;
  options.n_init = 2;
  study->ref_count = 1;
  study->n_points = N;
  study->n_rows = 2 * N;
  study->rows = g_new (guint32, N);
  for (guint i = 0; i < N; i++)
    study->rows[i] = 2 * i + 1;
  study->facts = ws_embedding_facts_compute (&cloud.points, NULL, NULL, NULL);
  g_array_set_size (study->facts->untrained, 0);
  g_array_append_val (study->facts->untrained, study->rows[7]);
  study->projection = ws_projection_compute (&cloud.points, NULL, NULL, NULL, NULL, NULL);
  g_assert_true (
      ws_sweep_run (&cloud.points, &options, NULL, NULL, NULL, &study->curve, NULL, NULL));
  ws_choice_make (&study->choice, study->curve, WS_CRITERION_ELBOW);
  ws_choice_overrule (&study->choice, study->curve, MIN (K, k_max));
  study->elbow = study->choice.elbow;
  return study;
}

/* All tests look at the same files: they take a second to draw. */
static void
set_up (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("test-cluster-figures-XXXXXX", NULL);
  fixture->study = make_study (6);
  ws_cluster_figures_save (fixture->study, fixture->folder, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  ws_cluster_study_unref (fixture->study);
}

static char *
build_path (const Fixture *fixture, int figure, const char *extension)
{
  g_autofree char *name =
      g_strconcat (ws_cluster_figure_get_key ((WsClusterFigure) figure), extension, NULL);

  return g_build_filename (fixture->folder, name, NULL);
}

static char *
read_file (const Fixture *fixture, int figure, const char *extension, gsize *n)
{
  g_autofree char *path = build_path (fixture, figure, extension);
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (path, &bytes, n, NULL));
  return bytes;
}

static void
test_second_export_is_the_same (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  static const char *const extensions[] = { ".pdf", ".png", ".svg", ".csv" };
  char *first[WS_N_CLUSTER_FIGURES][4];
  gsize n_first[WS_N_CLUSTER_FIGURES][4];

  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    for (int i = 0; i < 4; i++)
      first[figure][i] = read_file (fixture, figure, extensions[i], &n_first[figure][i]);
  g_assert_true (ws_cluster_figures_save (fixture->study, fixture->folder, NULL, NULL));
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    for (int i = 0; i < 4; i++)
      {
        gsize n;
        g_autofree char *second = read_file (fixture, figure, extensions[i], &n);

        g_assert_cmpmem (first[figure][i], n_first[figure][i], second, n);
        g_free (first[figure][i]);
      }
}

/* What @program says of a file; NULL, and the test is skipped, where it is not installed. */
static char *
ask (const char *program, const char *path)
{
  g_autofree char *found = g_find_program_in_path (program);
  const char *arguments[] = { program, path, NULL };
  char *output = NULL;
  int status;

  if (!found)
    {
      g_autofree char *reason = g_strdup_printf ("%s is not installed", program);

      g_test_skip (reason);
      return NULL;
    }
  g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                               &output, NULL, &status, NULL));
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return output;
}

/* 8.9 cm are 8.9 * 72 / 2.54 = 252.28 points. */
static void
test_column_width (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    {
      g_autofree char *path = build_path (fixture, figure, ".pdf");
      g_autofree char *info = ask ("pdfinfo", path);
      const char *size;

      if (!info)
        return;
      size = strstr (info, "Page size:");
      g_assert_nonnull (size);
      size += strcspn (size, "0123456789");
      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (size, NULL), 252.28, 0.05);
    }
}

/* Text is text, the map of points is the only picture. */
static void
test_fonts_are_embedded (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    {
      g_autofree char *path = build_path (fixture, figure, ".pdf");
      g_autofree char *fonts = ask ("pdffonts", path);
      g_auto (GStrv) lines = NULL;

      if (!fonts)
        return;
      lines = g_strsplit (g_strstrip (fonts), "\n", -1);
      g_assert_cmpuint (g_strv_length (lines), >=, 3);
      for (guint i = 2; lines[i]; i++)
        {
          g_assert_null (strstr (lines[i], "Type 3"));
          g_assert_nonnull (strstr (lines[i], " yes yes yes "));
        }
    }
}

/* The picture of the points has 300 pixels to an inch, or more. */
static void
test_density_is_fine_enough (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  static const WsClusterFigure figures[] = { WS_CLUSTER_FIGURE_MAP, WS_CLUSTER_FIGURE_NORMS };

  for (guint i = 0; i < G_N_ELEMENTS (figures); i++)
    {
      g_autofree char *svg = read_file (fixture, figures[i], ".svg", NULL);
      const char *image = strstr (svg, "<image ");
      double scale;

      g_assert_nonnull (image);
      g_assert_nonnull (strstr (svg, "<text"));
      image = strstr (svg, "transform=\"matrix(");
      g_assert_nonnull (image);
      scale = g_ascii_strtod (image + strlen ("transform=\"matrix("), NULL);
      g_assert_cmpfloat (scale, <=, 72 / 300.0 + 1e-6);
    }
}

static void
test_numbers_of_the_elbow (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;

  csv = read_file (fixture, WS_CLUSTER_FIGURE_ELBOW, ".csv", NULL);
  lines = g_strsplit (g_strstrip (csv), "\n", -1);
  g_assert_cmpstr (g_strstrip (lines[0]), ==,
                   "k,inertia,inertia_share,calinski_harabasz,silhouette,silhouette_error,"
                   "davies_bouldin");
  g_assert_cmpuint (g_strv_length (lines), ==, fixture->study->curve->len + 1);
  g_assert_true (g_str_has_prefix (lines[1], "1,"));
  /* of one cluster nothing is known but the inertia, which is all of it */
  g_assert_nonnull (strstr (lines[1], ",1,,,,"));
}

/* Points are told by their rows; the seventh is the one that may be untrained. */
static void
test_numbers_of_the_norms (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;

  csv = read_file (fixture, WS_CLUSTER_FIGURE_NORMS, ".csv", NULL);
  lines = g_strsplit (g_strstrip (csv), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, N + 1);
  for (guint i = 0; i < N; i++)
    {
      g_auto (GStrv) cells = g_strsplit (g_strstrip (lines[i + 1]), ",", -1);

      g_assert_cmpfloat (g_ascii_strtod (cells[0], NULL), ==, 2 * i + 1);
      g_assert_cmpfloat ((float) g_ascii_strtod (cells[1], NULL), ==,
                         fixture->study->facts->norms[i]);
      g_assert_cmpstr (cells[2], ==, i == 7 ? "1" : "0");
    }
}

static void
test_shares_of_the_sizes (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  g_autofree char *csv = NULL;
  g_auto (GStrv) lines = NULL;
  double n = 0, share = 0;

  csv = read_file (fixture, WS_CLUSTER_FIGURE_SIZES, ".csv", NULL);
  lines = g_strsplit (g_strstrip (csv), "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, K + 1);
  for (guint i = 1; lines[i]; i++)
    {
      g_auto (GStrv) cells = g_strsplit (g_strstrip (lines[i]), ",", -1);

      n += g_ascii_strtod (cells[1], NULL);
      share += g_ascii_strtod (cells[2], NULL);
    }
  g_assert_cmpfloat (n, ==, N);
  g_assert_cmpfloat_with_epsilon (share, 1, 1e-12);
}

/* A curve of one k has no elbow, and a study of nothing has no figure. */
static void
test_what_is_unknown_is_no_figure (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  g_autoptr (WsClusterStudy) single = make_study (1);
  g_autoptr (WsClusterStudy) nothing = g_new0 (WsClusterStudy, 1);

  nothing->ref_count = 1;
  nothing->curve = g_ptr_array_new ();
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    g_assert_false (ws_cluster_figure_exists ((WsClusterFigure) figure, nothing));
  g_assert_true (ws_cluster_figures_save (nothing, fixture->folder, NULL, NULL));
  for (int figure = 0; figure < WS_N_CLUSTER_FIGURES; figure++)
    g_assert_cmpint (ws_cluster_figure_exists ((WsClusterFigure) figure, single), ==,
                     figure != WS_CLUSTER_FIGURE_ELBOW);
}

static void
test_errors_are_told (gconstpointer user_data)
{
  const Fixture *fixture = user_data;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (ws_cluster_figures_save (fixture->study, "/nonexistent/folder", NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (ws_cluster_figures_save (fixture->study, fixture->folder, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  Fixture fixture;
  int status;

  g_test_init (&argc, &argv, NULL);
  set_up (&fixture);
#define ADD(path, function) g_test_add_data_func ("/cluster-figures/" path, &fixture, function)
  ADD ("bytes/second-export-is-the-same", test_second_export_is_the_same);
  ADD ("pdf/column-width", test_column_width);
  ADD ("pdf/fonts-are-embedded", test_fonts_are_embedded);
  ADD ("svg/density-is-fine-enough", test_density_is_fine_enough);
  ADD ("csv/elbow", test_numbers_of_the_elbow);
  ADD ("csv/norms", test_numbers_of_the_norms);
  ADD ("csv/sizes", test_shares_of_the_sizes);
  ADD ("save/unknown-is-no-figure", test_what_is_unknown_is_no_figure);
  ADD ("save/errors-are-told", test_errors_are_told);
  status = g_test_run ();
  tear_down (&fixture);
  return status;
}
