/* SPDX-License-Identifier: MIT */
/* Figures as files: exact sizes, text as text, the same bytes each time. */
#include "export/image.h"

#include "base/error.h"
#include "chart/spectrum-chart.h"

#include <glib/gstdio.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

typedef struct
{
  char *folder;
  WsSpectrumChart *chart;
  WsImageOptions options;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  double sigma[100];

  for (int i = 0; i < 100; i++)
    sigma[i] = 100.0 / (i + 1);
  fixture->folder = g_dir_make_tmp ("test-image-XXXXXX", NULL);
  fixture->chart = ws_spectrum_chart_new ();
  ws_spectrum_chart_set_theme (fixture->chart, WS_CHART_PAPER);
  ws_spectrum_chart_set_legend (fixture->chart, TRUE);
  ws_spectrum_chart_set_log (fixture->chart, TRUE, TRUE);
  ws_spectrum_chart_add (fixture->chart, "q_proj & <k>", 0, sigma, 100);
  ws_spectrum_chart_add (fixture->chart, "v_proj", 1, sigma, 50);
  ws_image_options_init (&fixture->options);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  GDir *dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_dir_close (dir);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  ws_spectrum_chart_free (fixture->chart);
}

static void
draw_chart (cairo_t *cr, double width, double height, gpointer user_data)
{
  ws_spectrum_chart_draw (user_data, cr, width, height);
}

/* Returns: the path. (transfer full) */
static char *
save (Fixture *fixture, const char *name, WsImageFormat format)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  GError *error = NULL;

  ws_image_save (path, format, &fixture->options, draw_chart, fixture->chart, &error);
  g_assert_no_error (error);
  return path;
}

static GBytes *
load (const char *path)
{
  char *contents = NULL;
  gsize length = 0;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  return g_bytes_new_take (contents, length);
}

static void
test_same_bytes_twice (Fixture *fixture, gconstpointer user_data)
{
  for (int format = WS_IMAGE_PNG; format <= WS_IMAGE_PDF; format++)
    {
      g_autofree char *first = save (fixture, "first", (WsImageFormat) format);
      g_autofree char *second = save (fixture, "second", (WsImageFormat) format);
      g_autoptr (GBytes) a = load (first);
      g_autoptr (GBytes) b = load (second);

      g_assert_true (g_bytes_equal (a, b));
    }
}

/* What a program of poppler says about @path; NULL and a skipped test if there is none. */
static char *
ask (const char *program, const char *path)
{
  const char *argv[] = { program, path, NULL };
  char *output = NULL;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                     NULL, NULL))
    g_test_skip_printf ("%s is not installed", program);
  return output;
}

/* 8.9 cm are 8.9 / 2.54 × 72 = 252.28 points. */
static void
test_pdf_has_the_width_of_a_column (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = save (fixture, "figure.pdf", WS_IMAGE_PDF);
  g_autofree char *info = ask ("pdfinfo", path);
  const char *size;

  if (!info)
    return;
  size = strstr (info, "Page size:");
  g_assert_nonnull (size);
  size += strcspn (size, "0123456789");
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (size, NULL), 252.28, 0.05);
  g_assert_null (strstr (info, "CreationDate"));
}

/* pdffonts: two lines of heading, then "name type encoding emb sub uni object". */
static void
test_pdf_fonts_are_embedded (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = save (fixture, "figure.pdf", WS_IMAGE_PDF);
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

static guint32
get_big_endian (const guint8 *bytes)
{
  guint32 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT32_FROM_BE (value);
}

/* One inch by half an inch at 300 dpi: 300 × 150 pixels, 300 / 0.0254 = 11811 in a metre. */
static void
test_png_size_and_density (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) file = NULL;
  const guint8 *bytes;

  fixture->options.width_pt = 72;
  fixture->options.height_pt = 36;
  path = save (fixture, "figure.png", WS_IMAGE_PNG);
  file = load (path);
  bytes = g_bytes_get_data (file, NULL);
  g_assert_cmpuint (get_big_endian (bytes + 16), ==, 300);
  g_assert_cmpuint (get_big_endian (bytes + 20), ==, 150);
  g_assert_cmpmem (bytes + 37, 4, "pHYs", 4);
  g_assert_cmpuint (get_big_endian (bytes + 41), ==, 11811);
  g_assert_cmpuint (get_big_endian (bytes + 45), ==, 11811);
  g_assert_cmpuint (bytes[49], ==, 1);
}

/* libpng checks the sum of each chunk: ours must pass. */
static void
test_png_can_be_read (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = save (fixture, "figure.png", WS_IMAGE_PNG);
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);

  g_assert_cmpint (cairo_surface_status (surface), ==, CAIRO_STATUS_SUCCESS);
  /* 252.28 points at 300 dpi are 1051.2 pixels. */
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 1051);
  cairo_surface_destroy (surface);
}

static void
draw_nothing (cairo_t *cr, double width, double height, gpointer user_data)
{
}

static void
test_transparent_png (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "clear.png", NULL);

  for (int transparent = 0; transparent < 2; transparent++)
    {
      cairo_surface_t *surface;

      fixture->options.transparent = transparent;
      g_assert_true (
          ws_image_save (path, WS_IMAGE_PNG, &fixture->options, draw_nothing, NULL, NULL));
      surface = cairo_image_surface_create_from_png (path);
      if (transparent)
        g_assert_cmpint (cairo_image_surface_get_data (surface)[3], ==, 0);
      else
        g_assert_cmpint (cairo_image_surface_get_data (surface)[0], ==, 255);
      cairo_surface_destroy (surface);
    }
}

static void
collect_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data,
              GError **error)
{
  g_string_append_len (user_data, text, length);
  g_string_append_c (user_data, '\n');
}

static void
test_svg_text_is_text (Fixture *fixture, gconstpointer user_data)
{
  static const GMarkupParser parser = { .text = collect_text };
  g_autofree char *path = save (fixture, "figure.svg", WS_IMAGE_SVG);
  g_autoptr (GBytes) file = load (path);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *svg = g_bytes_get_data (file, &length);
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, text, NULL);

  g_markup_parse_context_parse (context, svg, length, &error);
  g_assert_no_error (error);
  g_assert_true (g_markup_parse_context_end_parse (context, NULL));
  g_markup_parse_context_free (context);
  g_assert_nonnull (strstr (text->str, "Singular value"));
  g_assert_nonnull (strstr (text->str, "q_proj & <k>"));
  g_assert_nonnull (strstr (text->str, "σ"));
  g_assert_null (strstr (svg, "<symbol"));
}

static void
test_format_from_path (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GError) error = NULL;
  WsImageFormat format;

  g_assert_true (ws_image_format_from_path ("a.b/Figure.PDF", &format, NULL));
  g_assert_cmpint (format, ==, WS_IMAGE_PDF);
  g_assert_true (ws_image_format_from_path ("x.svg", &format, NULL));
  g_assert_cmpint (format, ==, WS_IMAGE_SVG);
  g_assert_false (ws_image_format_from_path ("x.pdf/figure", &format, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_ARGUMENT);
}

static void
test_absurd_sizes_are_refused (Fixture *fixture, gconstpointer user_data)
{
  static const WsImageOptions absurd[] = {
    { 0, 100, 300 }, { -5, 100, 300 },  { 1e9, 100, 300 },     { NAN, 100, 300 }, { 100, 100, 1e9 },
    { 100, 100, 0 }, { 100, 100, NAN }, { 14000, 14000, 160 }, { 100, INFINITY },
  };
  g_autofree char *path = g_build_filename (fixture->folder, "absurd.png", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (absurd); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ws_image_save (path, WS_IMAGE_PNG, &absurd[i], draw_nothing, NULL, &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_ARGUMENT);
      g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
    }
}

/* No file may grow past 1000 bytes: as a disk that is full. What stood there still stands. */
static void
test_full_disk (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "figure.pdf", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit old, small;
  gboolean saved;

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  small = old;
  small.rlim_cur = 1000;
  setrlimit (RLIMIT_FSIZE, &small);
  saved = ws_image_save (path, WS_IMAGE_PDF, &fixture->options, draw_chart, fixture->chart, &error);
  setrlimit (RLIMIT_FSIZE, &old);
  g_assert_false (saved);
  g_assert_nonnull (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "before");
}

static void
test_folder_that_is_not_there (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "none", "figure.svg", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      ws_image_save (path, WS_IMAGE_SVG, &fixture->options, draw_nothing, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/image/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("same-bytes-twice", test_same_bytes_twice);
  ADD ("pdf/has-the-width-of-a-column", test_pdf_has_the_width_of_a_column);
  ADD ("pdf/fonts-are-embedded", test_pdf_fonts_are_embedded);
  ADD ("png/size-and-density", test_png_size_and_density);
  ADD ("png/can-be-read", test_png_can_be_read);
  ADD ("png/transparent", test_transparent_png);
  ADD ("svg/text-is-text", test_svg_text_is_text);
  ADD ("format/from-path", test_format_from_path);
  ADD ("errors/absurd-sizes-are-refused", test_absurd_sizes_are_refused);
  ADD ("errors/full-disk", test_full_disk);
  ADD ("errors/folder-that-is-not-there", test_folder_that_is_not_there);
  return g_test_run ();
}
