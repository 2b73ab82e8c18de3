/* SPDX-License-Identifier: MIT */
/* The marker of the energy rank: a dot on each curve, its drop line or tick, and the read-out. */
#include "chart/spectrum-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static gboolean
is_in_plot (const WsPlot *layout, double x, double y)
{
  return x >= layout->left - 0.5 && x <= layout->right + 0.5 && y >= layout->top - 0.5 &&
         y <= layout->bottom + 0.5;
}

/* Where the marker of @curve is. FALSE: it has none in the plot. */
static gboolean
find_mark (const WsChartDrawing *self, guint curve, gsize *rank, double *x, double *y)
{
  const WsCurve *c = ws_spectrum_chart_peek_curve (self->chart, curve);
  const double *values;
  double divisor;

  *rank = ws_spectrum_chart_get_marker_rank (self->chart, curve);
  if (!c->visible || *rank == 0)
    return FALSE;
  values = ws_spectrum_chart_get_values (self->chart, c, &divisor);
  *x = ws_scale_map (&self->layout.x, *rank);
  *y = ws_scale_map (&self->layout.y, values[*rank - 1] / divisor);
  return is_in_plot (&self->layout, *x, *y);
}

typedef struct
{
  guint n;
  gsize least, most, n_values; /* ranks in the plot; values of the last one's curve */
  double left, right;          /* of the drop lines */
} Marks;

static Marks
find_marks (const WsChartDrawing *self)
{
  Marks marks = { .left = INFINITY, .right = -INFINITY, .least = G_MAXSIZE };

  for (guint i = 0; i < self->chart->curves->len; i++)
    {
      gsize rank;
      double x, y;

      if (!find_mark (self, i, &rank, &x, &y))
        continue;
      marks.n++;
      marks.least = MIN (marks.least, rank);
      marks.most = MAX (marks.most, rank);
      marks.left = MIN (marks.left, x);
      marks.right = MAX (marks.right, x);
      marks.n_values = ws_spectrum_chart_peek_curve (self->chart, i)->n;
    }
  return marks;
}

static char *
dup_marker_text (const WsChartDrawing *self, const Marks *marks)
{
  g_autofree char *percent = g_strdup_printf ("%.4g", self->chart->marker * 100);
  g_autofree char *least = ws_format_count (marks->least);
  g_autofree char *most = ws_format_count (marks->most);
  g_autofree char *n = ws_format_count (marks->n_values);

  if (marks->n == 1)
    /* Translators: "90 %: k = 1307 of 2560, 51 %": the first k singular values, their share of
     * all, hold 90 % of the energy. Pango markup. */
    return g_strdup_printf (_ ("%s\u202f%%: <i>k</i> = %s of %s, %.0f\u202f%%"), percent, least, n,
                            100.0 * marks->least / marks->n_values);
  if (marks->least < marks->most && marks->n > WS_CHART_MAX_DROP_LINES)
    return g_strdup_printf (_ ("%s\u202f%%: <i>k</i> = %s to %s"), percent, least, most);
  return g_strdup_printf (_ ("%s\u202f%%"), percent);
}

/* Just above the axis beside the drop lines: under a curve is free space. Where that is too narrow,
 * or there are more curves below, in the corner that spectra leave free. */
static void
place_marker_box (const WsChartDrawing *self, const Marks *marks, WsBox *box)
{
  const WsPlot *layout = &self->layout;
  double gap = self->canvas.style.tick + self->canvas.style.tick_pad / 2;
  double low = layout->bottom - box->height - gap / 2, high = layout->top;
  const WsPoint places[] = {
    { marks->left - gap - box->width, low },
    { marks->right + gap, low },
    { layout->right - gap - box->width, high },
    { layout->left + gap, high },
    { layout->left + gap, low },
  };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      box->x = places[i].x;
      box->y = places[i].y;
      if (box->x >= layout->left + gap / 2 && box->x + box->width <= layout->right &&
          ws_chart_is_clear_of_lines (self, box))
        return;
    }
}

/* NULL: there is nothing to say. */
static PangoLayout *
place_marker_text (const WsChartDrawing *self, WsBox *box)
{
  Marks marks = find_marks (self);
  g_autofree char *text = NULL;
  PangoLayout *layout;

  if (marks.n == 0 || !self->layout.has_texts)
    return NULL;
  text = dup_marker_text (self, &marks);
  layout = ws_text_layout (&self->canvas.text, text);
  ws_text_get_size (layout, &box->width, &box->height);
  place_marker_box (self, &marks, box);
  return layout;
}

gboolean
ws_chart_get_marker_box (const WsChartDrawing *self, WsBox *box)
{
  g_autoptr (PangoLayout) layout = place_marker_text (self, box);

  return layout != NULL;
}

static gboolean
has_drop_lines (const WsChartDrawing *self)
{
  return ws_spectrum_chart_get_n_visible (self->chart) <= WS_CHART_MAX_DROP_LINES;
}

/* Where the line below a mark at @y begins. */
static double
get_drop_top (const WsChartDrawing *self, double y)
{
  return has_drop_lines (self) ? y : MAX (y, self->layout.bottom - 2 * self->canvas.style.tick);
}

gboolean
ws_chart_is_clear_of_marks (const WsChartDrawing *self, const WsBox *box)
{
  double r = 1.3 * self->canvas.style.dot; /* of the widest shape */

  for (guint i = 0; i < self->chart->curves->len; i++)
    {
      gsize rank;
      double x, y, top;
      WsBox dot, drop;

      if (!find_mark (self, i, &rank, &x, &y))
        continue;
      top = get_drop_top (self, y);
      dot = (WsBox){ x - r, y - r, 2 * r, 2 * r };
      drop = (WsBox){ x - r, top, 2 * r, self->layout.bottom - top };
      if (ws_boxes_overlap (box, &dot) || ws_boxes_overlap (box, &drop))
        return FALSE;
    }
  return TRUE;
}

static void
draw_drop (WsChartDrawing *self, WsColor color, double x, double y)
{
  cairo_save (self->canvas.cr);
  ws_chart_set_color (self->canvas.cr, color);
  cairo_set_line_width (self->canvas.cr, self->canvas.style.rule_width);
  if (has_drop_lines (self))
    cairo_set_dash (self->canvas.cr, self->canvas.style.drop_dash, 2, 0);
  cairo_move_to (self->canvas.cr, x, get_drop_top (self, y));
  cairo_line_to (self->canvas.cr, x, self->layout.bottom);
  cairo_stroke (self->canvas.cr);
  cairo_restore (self->canvas.cr);
}

void
ws_chart_draw_markers (WsChartDrawing *self)
{
  gboolean many = ws_spectrum_chart_has_color_scale (self->chart);
  double radius = self->canvas.style.dot * (many ? 0.7 : 1);
  g_autoptr (PangoLayout) text = NULL;
  WsBox box;

  /* As the lines: the first on top. */
  for (guint i = self->chart->curves->len; i-- > 0;)
    {
      WsColor color = ws_spectrum_chart_peek_color (self->chart, i);
      gsize rank;
      double x, y;

      if (!find_mark (self, i, &rank, &x, &y))
        continue;
      if (!many)
        draw_drop (self, color, x, y);
      ws_canvas_draw_dot (&self->canvas, many ? 0 : i, radius, color, x, y);
    }
  text = place_marker_text (self, &box);
  if (!text)
    return;
  ws_chart_set_color (self->canvas.cr, self->canvas.style.muted);
  ws_text_show (self->canvas.cr, text, box.x, box.y, 0, 0);
}
