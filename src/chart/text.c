/* SPDX-License-Identifier: MIT */
/* Text of charts: Pango on screen and in PDF, and real text in SVG. */
#include "chart/text.h"

#include "base/format.h"

#include <math.h>

static const cairo_user_data_key_t recording_key;

void
ws_text_init (WsText *self, cairo_t *cr, const char *family, double size, gboolean print)
{
  self->size = size;
  self->context = pango_cairo_create_context (cr);
  /* One point is one user unit. */
  pango_cairo_context_set_resolution (self->context, 72);
  if (print)
    {
      cairo_font_options_t *options = cairo_font_options_create ();

      cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
      cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
      cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
      pango_cairo_context_set_font_options (self->context, options);
      cairo_font_options_destroy (options);
      pango_context_set_round_glyph_positions (self->context, FALSE);
    }
  self->font = pango_font_description_new ();
  pango_font_description_set_family (self->font, family);
  pango_font_description_set_size (self->font, (int) lround (size * PANGO_SCALE));
}

void
ws_text_clear (WsText *self)
{
  g_clear_object (&self->context);
  g_clear_pointer (&self->font, pango_font_description_free);
}

PangoLayout *
ws_text_layout (const WsText *self, const char *markup)
{
  PangoLayout *layout = pango_layout_new (self->context);

  pango_layout_set_font_description (layout, self->font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_markup (layout, markup, -1);
  return layout;
}

PangoLayout *
ws_text_layout_ellipsised (const WsText *self, const char *markup, double max_width)
{
  PangoLayout *layout = ws_text_layout (self, markup);
  double width;

  ws_text_get_size (layout, &width, NULL);
  if (width > max_width)
    {
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
      pango_layout_set_width (layout, (int) (MAX (max_width, 0) * PANGO_SCALE));
    }
  return layout;
}

void
ws_text_get_size (PangoLayout *layout, double *width, double *height)
{
  PangoRectangle logical;

  pango_layout_get_extents (layout, NULL, &logical);
  if (width)
    *width = logical.width / (double) PANGO_SCALE;
  if (height)
    *height = logical.height / (double) PANGO_SCALE;
}

double
ws_text_get_line_height (const WsText *self)
{
  g_autoptr (PangoLayout) layout = ws_text_layout (self, "0");
  double height;

  ws_text_get_size (layout, NULL, &height);
  return height;
}

char *
ws_text_subscript (const WsText *self, const char *base, const char *index)
{
  return g_strdup_printf ("<i>%s</i><span size=\"%d\" rise=\"%d\">%s</span>", base,
                          (int) lround (self->size * 0.72 * PANGO_SCALE),
                          (int) lround (self->size * -0.18 * PANGO_SCALE), index);
}

static void
append_number (GString *svg, const char *name, double value)
{
  char buffer[WS_FORMAT_SIZE];

  /* A thousandth of a point: no eye tells, and the last bits of two machines' libraries do not
   * show. */
  g_string_append_printf (svg, " %s=\"%s\"", name,
                          ws_format_machine (buffer, round (value * 1000) / 1000 + 0.0));
}

static void
append_font (GString *svg, PangoFont *font)
{
  g_autoptr (PangoFontDescription) description = pango_font_describe (font);
  g_autofree char *family =
      g_markup_escape_text (pango_font_description_get_family (description), -1);

  g_string_append_printf (svg, " font-family=\"%s, sans-serif\"", family);
  append_number (svg, "font-size",
                 pango_font_description_get_size (description) / (double) PANGO_SCALE);
  if (pango_font_description_get_style (description) != PANGO_STYLE_NORMAL)
    g_string_append (svg, " font-style=\"italic\"");
  if (pango_font_description_get_weight (description) >= PANGO_WEIGHT_SEMIBOLD)
    g_string_append (svg, " font-weight=\"600\"");
}

static void
append_fill (GString *svg, cairo_t *cr)
{
  double r = 0, g = 0, b = 0, a = 1;

  cairo_pattern_get_rgba (cairo_get_source (cr), &r, &g, &b, &a);
  g_string_append_printf (svg, " fill=\"#%02x%02x%02x\"", (int) lround (r * 255),
                          (int) lround (g * 255), (int) lround (b * 255));
  if (a < 1)
    append_number (svg, "fill-opacity", a);
}

static void
append_place (GString *svg, cairo_t *cr, double x, double y)
{
  cairo_matrix_t matrix;

  cairo_get_matrix (cr, &matrix);
  if (matrix.xx == 1 && matrix.yy == 1 && matrix.xy == 0 && matrix.yx == 0)
    {
      append_number (svg, "x", x + matrix.x0);
      append_number (svg, "y", y + matrix.y0);
      return;
    }
  cairo_matrix_translate (&matrix, x, y);
  g_string_append (svg, " transform=\"matrix(");
  for (int i = 0; i < 6; i++)
    {
      const double values[] = { matrix.xx, matrix.yx, matrix.xy, matrix.yy, matrix.x0, matrix.y0 };
      char buffer[WS_FORMAT_SIZE];

      g_string_append_printf (svg, "%s%s", i > 0 ? " " : "",
                              ws_format_machine (buffer, round (values[i] * 1000) / 1000 + 0.0));
    }
  g_string_append (svg, ")\"");
}

/* One run is of one font: an element of its own keeps it in place whatever font the reader has. */
static void
append_run (GString *svg, cairo_t *cr, PangoLayout *layout, PangoLayoutIter *iter, double x,
            double y)
{
  PangoLayoutRun *run = pango_layout_iter_get_run_readonly (iter);
  const char *text = pango_layout_get_text (layout);
  g_autofree char *escaped = NULL;
  PangoRectangle logical;

  if (!run)
    return;
  pango_layout_iter_get_run_extents (iter, NULL, &logical);
  /* The run that stands for what was cut out has the offsets of what was cut out. */
  if (run->item->analysis.flags & PANGO_ANALYSIS_FLAG_IS_ELLIPSIS)
    escaped = g_strdup ("…");
  else
    escaped = g_markup_escape_text (text + run->item->offset, run->item->length);
  g_string_append (svg, "<text");
  append_place (svg, cr, x + logical.x / (double) PANGO_SCALE,
                y + pango_layout_iter_get_run_baseline (iter) / (double) PANGO_SCALE);
  append_font (svg, run->item->analysis.font);
  append_fill (svg, cr);
  g_string_append_printf (svg, " xml:space=\"preserve\">%s</text>\n", escaped);
}

static void
append_layout (GString *svg, cairo_t *cr, PangoLayout *layout, double x, double y)
{
  PangoLayoutIter *iter = pango_layout_get_iter (layout);

  do
    append_run (svg, cr, layout, iter, x, y);
  while (pango_layout_iter_next_run (iter));
  pango_layout_iter_free (iter);
}

void
ws_text_show (cairo_t *cr, PangoLayout *layout, double x, double y, double align_x, double align_y)
{
  GString *svg = cairo_surface_get_user_data (cairo_get_target (cr), &recording_key);
  double width, height;

  ws_text_get_size (layout, &width, &height);
  x -= align_x * width;
  y -= align_y * height;
  if (svg)
    {
      append_layout (svg, cr, layout, x, y);
      return;
    }
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
  /* Text leaves a current point, which a following arc would be joined to. */
  cairo_new_path (cr);
}

void
ws_text_record (cairo_surface_t *surface, GString *svg)
{
  cairo_surface_set_user_data (surface, &recording_key, svg, NULL);
}
