/* SPDX-License-Identifier: MIT */
/* The legend of a figure: in an empty corner of the plot, else in rows above it. */
#include "chart/spectrum-chart-private.h"

typedef struct
{
  guint curve;
  PangoLayout *text; /* (owned) */
  double width;      /* with its sample of the line */
} Entry;

static void
entry_clear (Entry *self)
{
  g_clear_object (&self->text);
}

static double
get_sample_width (const WsChartStyle *style)
{
  return 3 * style->font_size;
}

static double
get_row_height (const WsChartDrawing *self)
{
  return ws_text_get_line_height (&self->canvas.text) * 1.12;
}

/* No entry where colours are a scale: the bar is the legend then. */
static GArray *
make_entries (const WsChartDrawing *self, double max_width)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  double sample = get_sample_width (&self->canvas.style) + self->canvas.style.font_size * 0.6;

  g_array_set_clear_func (entries, (GDestroyNotify) entry_clear);
  for (guint i = 0; i < self->chart->curves->len; i++)
    {
      const WsCurve *curve = ws_spectrum_chart_peek_curve (self->chart, i);
      g_autofree char *markup = g_markup_escape_text (curve->label, -1);
      Entry entry = { .curve = i };

      if (!curve->visible || !self->chart->legend ||
          ws_spectrum_chart_has_color_scale (self->chart))
        continue;
      entry.text = ws_text_layout_ellipsised (&self->canvas.text, markup, max_width - sample);
      ws_text_get_size (entry.text, &entry.width, NULL);
      entry.width += sample;
      g_array_append_val (entries, entry);
    }
  return entries;
}

static void
draw_sample (const WsSpectrumChart *chart, WsCanvas *canvas, guint curve, double x, double y,
             double width)
{
  WsColor color = ws_spectrum_chart_peek_color (chart, curve);

  cairo_save (canvas->cr);
  ws_chart_set_color (canvas->cr, color);
  ws_chart_set_line_style (canvas->cr, chart, curve, canvas->style.line);
  ws_canvas_stroke_line (canvas, x, y, x + width, y);
  cairo_restore (canvas->cr);
  if (chart->marker > 0)
    ws_canvas_draw_dot (canvas, curve, canvas->style.dot, color, x + width / 2, y);
}

void
ws_spectrum_chart_draw_sample (const WsSpectrumChart *self, cairo_t *cr, guint curve, double width,
                               double height)
{
  g_auto (WsCanvas) canvas = { 0 };

  g_return_if_fail (curve < self->curves->len);
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  draw_sample (self, &canvas, curve, 0, height / 2, width);
}

static void
draw_entry (WsChartDrawing *self, const Entry *entry, double x, double y)
{
  const WsChartStyle *style = &self->canvas.style;
  double sample = get_sample_width (style);
  double middle = y + get_row_height (self) / 2;

  draw_sample (self->chart, &self->canvas, entry->curve, x, middle, sample);
  ws_chart_set_color (self->canvas.cr, style->ink);
  ws_text_show (self->canvas.cr, entry->text, x + sample + style->font_size * 0.6, middle, 0, 0.5);
}

/* Entries side by side, a new row where one ends. Draws them only if @draw.
 * Returns: the height. */
static double
flow (WsChartDrawing *self, GArray *entries, double width, gboolean draw)
{
  double x0 = self->canvas.style.margin, x = x0, y = self->canvas.style.margin;
  double row = get_row_height (self);

  for (guint i = 0; i < entries->len; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      if (x > x0 && x + entry->width > width - x0)
        {
          x = x0;
          y += row;
        }
      if (draw)
        draw_entry (self, entry, x, y);
      x += entry->width + 1.5 * self->canvas.style.font_size;
    }
  return entries->len > 0 ? y + row : 0;
}

double
ws_chart_get_legend_height (const WsChartDrawing *self, double width)
{
  g_autoptr (GArray) entries = make_entries (self, width - 2 * self->canvas.style.margin);

  return flow ((WsChartDrawing *) self, entries, width, FALSE);
}

void
ws_chart_draw_legend_above (WsChartDrawing *self)
{
  double width = self->layout.width;
  g_autoptr (GArray) entries = make_entries (self, width - 2 * self->canvas.style.margin);

  flow (self, entries, width, TRUE);
}

static gboolean
is_free (const WsChartDrawing *self, const WsBox *box)
{
  WsBox marker;

  if (ws_chart_get_marker_box (self, &marker) && ws_boxes_overlap (box, &marker))
    return FALSE;
  return ws_chart_is_clear_of_lines (self, box) && ws_chart_is_clear_of_marks (self, box);
}

/* The corners of the plot in the order in which spectra leave them free. */
static gboolean
find_corner (const WsChartDrawing *self, WsBox *box)
{
  const WsPlot *layout = &self->layout;
  double gap = self->canvas.style.gap;
  const WsPoint corners[] = {
    { layout->right - gap - box->width, layout->top },
    { layout->left + gap, layout->bottom - gap - box->height },
    { layout->left + gap, layout->top },
    { layout->right - gap - box->width, layout->bottom - gap - box->height },
  };

  if (box->width + 2 * gap > layout->right - layout->left ||
      box->height + 2 * gap > layout->bottom - layout->top)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (corners); i++)
    {
      box->x = corners[i].x;
      box->y = corners[i].y;
      if (is_free (self, box))
        return TRUE;
    }
  return FALSE;
}

/* The entries below each other, and the size of the box that they take. */
static GArray *
make_column (const WsChartDrawing *self, WsBox *box)
{
  GArray *entries = make_entries (self, (self->layout.right - self->layout.left) * 0.6);

  *box = (WsBox){ .height = get_row_height (self) * entries->len };
  for (guint i = 0; i < entries->len; i++)
    box->width = MAX (box->width, g_array_index (entries, Entry, i).width);
  return entries;
}

gboolean
ws_chart_has_free_corner (const WsChartDrawing *self)
{
  WsBox box;
  g_autoptr (GArray) entries = make_column (self, &box);

  return entries->len == 0 || find_corner (self, &box);
}

void
ws_chart_draw_legend_inside (WsChartDrawing *self)
{
  WsBox box;
  g_autoptr (GArray) entries = make_column (self, &box);

  if (entries->len == 0 || !find_corner (self, &box))
    return;
  for (guint i = 0; i < entries->len; i++)
    draw_entry (self, &g_array_index (entries, Entry, i), box.x, box.y + i * get_row_height (self));
}
