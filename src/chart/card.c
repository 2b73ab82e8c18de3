/* SPDX-License-Identifier: MIT */
/* The read-out card of a chart. */
#include "chart/card.h"

#include <math.h>

/* Names are cut to this many widths of a letter or so. */
#define MAX_WIDTH 22.0

typedef struct
{
  PangoLayout *key, *value; /* (owned) */
} Row;

struct _WsCard
{
  PangoLayout *name; /* (owned) */
  gboolean has_swatch;
  WsColor swatch;
  GArray *rows; /* (element-type Row) */
};

static void
row_clear (Row *self)
{
  g_clear_object (&self->key);
  g_clear_object (&self->value);
}

WsCard *
ws_card_new (const WsCanvas *canvas, const char *name, const WsColor *swatch)
{
  WsCard *self = g_new0 (WsCard, 1);
  g_autofree char *title = g_strdup_printf ("<span weight=\"600\">%s</span>", name);

  self->name =
      ws_text_layout_ellipsised (&canvas->text, title, MAX_WIDTH * canvas->style.font_size);
  self->has_swatch = swatch != NULL;
  if (swatch)
    self->swatch = *swatch;
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, (GDestroyNotify) row_clear);
  return self;
}

void
ws_card_free (WsCard *self)
{
  if (!self)
    return;
  g_object_unref (self->name);
  g_array_unref (self->rows);
  g_free (self);
}

void
ws_card_take_row (WsCard *self, const WsCanvas *canvas, char *key, char *value)
{
  double max_width = MAX_WIDTH * canvas->style.font_size;
  Row row = { ws_text_layout (&canvas->text, key),
              ws_text_layout_ellipsised (&canvas->text, value, max_width) };

  g_array_append_val (self->rows, row);
  g_free (key);
  g_free (value);
}

static double
get_padding (const WsChartStyle *style)
{
  return 0.9 * style->font_size;
}

static double
get_row_height (const WsChartStyle *style)
{
  return 1.55 * style->font_size;
}

static double
get_swatch_size (const WsCard *self, const WsChartStyle *style)
{
  return self->has_swatch ? 0.9 * style->font_size : 0;
}

static void
measure (const WsCard *self, const WsChartStyle *style, double *width, double *height)
{
  ws_text_get_size (self->name, width, NULL);
  *width += 1.5 * get_swatch_size (self, style);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      double key, value;

      ws_text_get_size (row->key, &key, NULL);
      ws_text_get_size (row->value, &value, NULL);
      *width = MAX (*width, key + value + 2 * style->font_size);
    }
  *width += 2 * get_padding (style);
  *height = 2 * get_padding (style) + (self->rows->len + 1) * get_row_height (style);
}

static void
draw_ground (WsCanvas *canvas, const WsBox *box)
{
  const WsChartStyle *style = &canvas->style;
  double radius = 0.6 * style->font_size;

  for (int i = 3; i >= 1; i--)
    {
      const WsBox shadow = { box->x - i, box->y - i + 1.5, box->width + 2 * i,
                             box->height + 2 * i };

      cairo_set_source_rgba (canvas->cr, 0, 0, 0, 0.05);
      ws_canvas_trace_rounded (canvas, &shadow, radius + i);
      cairo_fill (canvas->cr);
    }
  ws_chart_set_color (canvas->cr,
                      style->dark ? ws_color_mix (style->ground, style->ink, 0.09) : style->ground);
  ws_canvas_trace_rounded (canvas, box, radius);
  cairo_fill_preserve (canvas->cr);
  ws_chart_set_color (canvas->cr, ws_color_mix (style->ground, style->ink, 0.18));
  cairo_set_line_width (canvas->cr, 1);
  cairo_stroke (canvas->cr);
}

static void
draw_name (const WsCard *self, WsCanvas *canvas, double x, double y)
{
  double swatch = get_swatch_size (self, &canvas->style);
  const WsBox box = { x, y - swatch / 2, swatch, swatch };

  if (self->has_swatch)
    {
      ws_chart_set_color (canvas->cr, self->swatch);
      ws_canvas_trace_rounded (canvas, &box, 2);
      cairo_fill (canvas->cr);
    }
  ws_chart_set_color (canvas->cr, canvas->style.ink);
  ws_text_show (canvas->cr, self->name, x + 1.5 * swatch, y, 0, 0.5);
}

/* Never off the drawing if it fits at all. */
static WsBox
place (const WsCard *self, const WsChartStyle *style, double x, double y, double width,
       double height)
{
  double distance = 1.3 * style->font_size;
  WsBox box = { x + distance, y + distance, 0, 0 };

  measure (self, style, &box.width, &box.height);
  if (box.x + box.width > width - 2)
    box.x = x - distance - box.width;
  if (box.y + box.height > height - 2)
    box.y = y - distance - box.height;
  box.x = MAX (MIN (box.x, width - 2 - box.width), 2);
  box.y = MAX (MIN (box.y, height - 2 - box.height), 2);
  box.x = floor (box.x) + 0.5;
  box.y = floor (box.y) + 0.5;
  return box;
}

void
ws_card_draw (const WsCard *self, WsCanvas *canvas, double x, double y, double width, double height)
{
  const WsChartStyle *style = &canvas->style;
  WsBox box = place (self, style, x, y, width, height);
  double left = box.x + get_padding (style), right = box.x + box.width - get_padding (style);
  double middle = box.y + get_padding (style) + get_row_height (style) / 2;

  draw_ground (canvas, &box);
  draw_name (self, canvas, left, middle);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);

      middle += get_row_height (style);
      ws_chart_set_color (canvas->cr, style->muted);
      ws_text_show (canvas->cr, row->key, left, middle, 0, 0.5);
      ws_chart_set_color (canvas->cr, style->ink);
      ws_text_show (canvas->cr, row->value, right, middle, 1, 0.5);
    }
}
