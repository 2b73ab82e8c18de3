/* SPDX-License-Identifier: MIT */
/* A drawing as PNG, SVG or PDF of an exact size, written atomically, the same bytes each time.
 *
 * The file is made in memory first: what Cairo writes needs touching up to be the same each time
 * (PDF: no date; SVG: its counter of surfaces), to carry its size (PNG: pHYs) or to keep its text
 * (SVG). */
#include "export/image.h"

#include "base/atomic-file.h"
#include "base/error.h"
#include "chart/text.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define POINTS_PER_CM (72 / 2.54)
#define INCHES_PER_METRE (1 / 0.0254)
/* The longest side that PDF 1.7 allows (Annex C): 200 inches. */
#define MAX_POINTS 14400.0
/* Cairo's longest side of an image. */
#define MAX_PIXELS 32767.0
/* 1 GiB in memory at four bytes each. */
#define MAX_AREA (256.0 * 1024 * 1024)

void
ws_image_options_init (WsImageOptions *self)
{
  *self = (WsImageOptions){ .width_pt = 8.9 * POINTS_PER_CM,
                            .height_pt = 6.5 * POINTS_PER_CM,
                            .dpi = 300 };
}

gboolean
ws_image_format_from_path (const char *path, WsImageFormat *format, GError **error)
{
  static const char *const extensions[] = { ".png", ".svg", ".pdf" };
  g_autofree char *lower = g_ascii_strdown (path, -1);

  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_str_has_suffix (lower, extensions[i]))
      {
        *format = (WsImageFormat) i;
        return TRUE;
      }
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("cannot tell the kind of picture from '%s': it must end in .png, .svg or .pdf"),
               path);
  return FALSE;
}

static gboolean
check_size (WsImageFormat format, const WsImageOptions *options, GError **error)
{
  double width = options->width_pt, height = options->height_pt;
  double scale = options->dpi / 72;

  if (!(width >= 1 && width <= MAX_POINTS && height >= 1 && height <= MAX_POINTS))
    {
      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("a picture of %.4g × %.4g points cannot be made: each side must be from 1 "
                      "to %.0f points"),
                   width, height, MAX_POINTS);
      return FALSE;
    }
  if (format != WS_IMAGE_PNG)
    return TRUE;
  if (!(options->dpi >= 1 && width * scale <= MAX_PIXELS && height * scale <= MAX_PIXELS &&
        width * scale * height * scale <= MAX_AREA))
    {
      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("a picture of %.4g × %.4g points at %.4g dpi cannot be made: it would have "
                      "too many pixels or none"),
                   width, height, options->dpi);
      return FALSE;
    }
  return TRUE;
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
draw_on (cairo_surface_t *surface, const WsImageOptions *options, double scale, WsDrawFunc draw,
         gpointer user_data)
{
  cairo_t *cr = cairo_create (surface);

  cairo_scale (cr, scale, scale);
  if (!options->transparent)
    {
      cairo_set_source_rgb (cr, 1, 1, 1);
      cairo_paint (cr);
    }
  draw (cr, options->width_pt, options->height_pt, user_data);
  cairo_destroy (cr);
}

/* CRC-32 of PNG (ISO 3309), bit by bit: it is asked for 13 bytes. */
static guint32
compute_crc (const guint8 *bytes, gsize n)
{
  guint32 crc = 0xFFFFFFFF;

  for (gsize i = 0; i < n; i++)
    {
      crc ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
    }
  return ~crc;
}

static void
put_big_endian (guint8 *bytes, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (bytes, &value, sizeof value);
}

/* Chunk pHYs after IHDR, which ends 33 bytes into every PNG: pixels in a metre. */
static void
insert_density (GByteArray *png, double dpi)
{
  const gsize header_size = 33;
  guint8 chunk[21] = { 0, 0, 0, 9, 'p', 'H', 'Y', 's' };
  guint32 density = (guint32) lround (dpi * INCHES_PER_METRE);
  gsize old_length = png->len;

  put_big_endian (chunk + 8, density);
  put_big_endian (chunk + 12, density);
  chunk[16] = 1;
  put_big_endian (chunk + 17, compute_crc (chunk + 4, 13));
  g_byte_array_set_size (png, old_length + sizeof chunk);
  memmove (png->data + header_size + sizeof chunk, png->data + header_size,
           old_length - header_size);
  memcpy (png->data + header_size, chunk, sizeof chunk);
}

static cairo_status_t
make_png (GByteArray *bytes, const WsImageOptions *options, WsDrawFunc draw, gpointer user_data)
{
  double scale = options->dpi / 72;
  /* At least one pixel; the nearest to the exact size. */
  int width = MAX ((int) lround (options->width_pt * scale), 1);
  int height = MAX ((int) lround (options->height_pt * scale), 1);
  cairo_format_t format = options->transparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24;
  cairo_surface_t *surface = cairo_image_surface_create (format, width, height);
  cairo_status_t status;

  draw_on (surface, options, scale, draw, user_data);
  status = cairo_surface_write_to_png_stream (surface, append_bytes, bytes);
  if (status == CAIRO_STATUS_SUCCESS)
    insert_density (bytes, options->dpi);
  cairo_surface_destroy (surface);
  return status;
}

static cairo_status_t
make_pdf (GByteArray *bytes, const WsImageOptions *options, WsDrawFunc draw, gpointer user_data)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (
      append_bytes, bytes, options->width_pt, options->height_pt);
  cairo_status_t status;

  /* Empty: no date is written, so that the same figure is the same file tomorrow. */
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
  draw_on (surface, options, 1, draw, user_data);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  return status;
}

/* Cairo numbers its surfaces through the life of the process. */
static void
replace_surface_id (GString *svg)
{
  const char *prefix = "<g id=\"surface";
  const char *found = strstr (svg->str, prefix);
  gsize start, length;

  if (!found)
    return;
  start = found - svg->str + strlen ("<g id=\"");
  length = strcspn (svg->str + start, "\"");
  g_string_erase (svg, start, length);
  g_string_insert (svg, start, "figure");
}

/* The same for the pictures in it: @id becomes picture @n. */
static void
rename_image (GString *svg, const char *id, guint n)
{
  g_autofree char *definition = g_strdup_printf ("<image id=\"%s\"", id);
  g_autofree char *use = g_strdup_printf ("\"#%s\"", id);
  g_autofree char *new_definition = g_strdup_printf ("<image id=\"picture%u\"", n);
  g_autofree char *new_use = g_strdup_printf ("\"#picture%u\"", n);

  g_string_replace (svg, definition, new_definition, 0);
  g_string_replace (svg, use, new_use, 0);
}

static void
replace_image_ids (GString *svg)
{
  const char *prefix = "<image id=\"image";
  const char *found;

  for (guint n = 1; (found = strstr (svg->str, prefix)); n++)
    {
      const char *start = found + strlen ("<image id=\"");
      g_autofree char *id = g_strndup (start, strcspn (start, "\""));

      rename_image (svg, id, n);
    }
}

static void
insert_texts (GString *svg, const GString *texts)
{
  char *end = g_strrstr (svg->str, "</svg>");

  if (end)
    g_string_insert_len (svg, end - svg->str, texts->str, texts->len);
}

static cairo_status_t
make_svg (GByteArray *bytes, const WsImageOptions *options, WsDrawFunc draw, gpointer user_data)
{
  g_autoptr (GByteArray) drawn = g_byte_array_new ();
  g_autoptr (GString) texts = g_string_new (NULL);
  g_autoptr (GString) svg = NULL;
  cairo_surface_t *surface = cairo_svg_surface_create_for_stream (
      append_bytes, drawn, options->width_pt, options->height_pt);
  cairo_status_t status;

  ws_text_record (surface, texts);
  draw_on (surface, options, 1, draw, user_data);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  svg = g_string_new_len ((const char *) drawn->data, drawn->len);
  replace_surface_id (svg);
  replace_image_ids (svg);
  insert_texts (svg, texts);
  g_byte_array_append (bytes, (const guint8 *) svg->str, svg->len);
  return status;
}

static cairo_status_t
make_bytes (GByteArray *bytes, WsImageFormat format, const WsImageOptions *options, WsDrawFunc draw,
            gpointer user_data)
{
  switch (format)
    {
    case WS_IMAGE_PNG:
      return make_png (bytes, options, draw, user_data);
    case WS_IMAGE_SVG:
      return make_svg (bytes, options, draw, user_data);
    default:
      return make_pdf (bytes, options, draw, user_data);
    }
}

gboolean
ws_image_save (const char *path, WsImageFormat format, const WsImageOptions *options,
               WsDrawFunc draw, gpointer user_data, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (WsAtomicFile) file = NULL;
  cairo_status_t status;

  if (!check_size (format, options, error))
    return FALSE;
  status = make_bytes (bytes, format, options, draw, user_data);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("cannot draw '%s': %s"), path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  file = ws_atomic_file_open (path, error);
  if (!file)
    return FALSE;
  fwrite (bytes->data, 1, bytes->len, ws_atomic_file_get_stream (file));
  return ws_atomic_file_commit (file, error);
}
