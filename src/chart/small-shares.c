/* SPDX-License-Identifier: MIT */
/* A cumulative curve: the variance that the first principal components explain. */
#include "chart/small-chart-private.h"

#include "base/format.h"
#include "chart/decimate.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* As ws_energy_rank: the smallest i that holds @mark, with its slack for exact ties. */
static gsize
find_rank (const WsSmallChart *self)
{
  gsize i = 0;

  if (!(self->mark > 0) || self->n_shares == 0 || !(self->shares[self->n_shares - 1] > 0))
    return 0;
  while (i + 1 < self->n_shares && self->shares[i] < self->mark * (1 - 1e-12))
    i++;
  return i + 1;
}

WsSmallChart *
ws_small_chart_new_shares (const double *parts, gsize n, double mark)
{
  WsSmallChart *self = ws_small_chart_new (&ws_small_shares);
  double sum = 0;

  self->n_shares = n;
  self->mark = mark;
  self->shares = g_new (double, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      sum += parts[i] > 0 && isfinite (parts[i]) ? parts[i] : 0;
      self->shares[i] = sum;
    }
  for (gsize i = 0; i < n && sum > 0; i++)
    self->shares[i] /= sum;
  self->mark_rank = find_rank (self);
  return self;
}

static gsize
get_n_items (const WsSmallChart *self)
{
  return self->n_shares;
}

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_plot_choose_index_ticks (scale, style, get_n_items (user_data));
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_plot_choose_y_ticks (scale, style, WS_TICKS_PERCENT);
}

static gboolean
set_plan (const WsSmallChart *self, const WsCanvas *canvas, WsPlotPlan *plan)
{
  if (self->n_shares == 0)
    return FALSE;
  plan->x = (WsScale){ .log = TRUE, .min = 1, .max = self->n_shares };
  if (self->n_shares == 1)
    plan->x = (WsScale){ .log = TRUE, .min = 0.5, .max = 2 };
  plan->y = (WsScale){ .max = 1 };
  plan->choose_x_ticks = choose_x_ticks;
  plan->choose_y_ticks = choose_y_ticks;
  return TRUE;
}

static void
draw_curve (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot, WsColor color)
{
  const WsDecimation decimation = { .column = 0.25, .tolerance = 0.03 };
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (WsPoint));

  ws_decimate (self->shares, self->n_shares, 1, &plot->x, &plot->y, &decimation, points);
  ws_chart_set_color (canvas->cr, color);
  cairo_set_line_width (canvas->cr, canvas->style.line * 1.2);
  cairo_set_line_join (canvas->cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < points->len; i++)
    cairo_line_to (canvas->cr, g_array_index (points, WsPoint, i).x,
                   g_array_index (points, WsPoint, i).y);
  cairo_stroke (canvas->cr);
}

static char *
dup_mark_text (const WsSmallChart *self)
{
  g_autofree char *percent = g_strdup_printf ("%.4g", self->mark * 100);
  g_autofree char *rank = ws_format_count (self->mark_rank);
  g_autofree char *n = ws_format_count (self->n_shares);

  return g_strdup_printf (_ ("%s\u202f%%: <i>k</i> = %s of %s, %.0f\u202f%%"), percent, rank, n,
                          100.0 * self->mark_rank / self->n_shares);
}

/* Under a curve that rises there is room to the right of the drop line, else to its left. */
static void
draw_mark (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot, WsColor color)
{
  const WsChartStyle *style = &canvas->style;
  double x = ws_scale_map (&plot->x, self->mark_rank);
  double y = ws_scale_map (&plot->y, self->shares[self->mark_rank - 1]);
  double gap = style->tick + style->tick_pad / 2;
  g_autofree char *markup = dup_mark_text (self);
  g_autoptr (PangoLayout) text = ws_text_layout (&canvas->text, markup);
  gboolean right;
  double width;

  cairo_save (canvas->cr);
  cairo_set_line_width (canvas->cr, style->rule_width);
  cairo_set_dash (canvas->cr, style->drop_dash, 2, 0);
  ws_chart_set_color (canvas->cr, color);
  ws_canvas_stroke_line (canvas, ws_canvas_snap (canvas, x), y, ws_canvas_snap (canvas, x),
                         plot->bottom);
  cairo_restore (canvas->cr);
  ws_canvas_draw_dot (canvas, 0, style->dot, color, x, y);
  if (!plot->has_texts)
    return;
  ws_text_get_size (text, &width, NULL);
  right = x + gap + width <= plot->right;
  ws_chart_set_color (canvas->cr, style->muted);
  ws_text_show (canvas->cr, text, right ? x + gap : x - gap, plot->bottom - gap / 2, right ? 0 : 1,
                1);
}

static void
draw (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot)
{
  WsColor color = ws_palette_get_series (0, canvas->style.dark);

  draw_curve (self, canvas, plot, color);
  if (self->mark_rank > 0)
    draw_mark (self, canvas, plot, color);
}

static gboolean
find (const WsSmallChart *self, double x, double y, gsize *item)
{
  double index = round (ws_scale_unmap (&self->x, x));

  *item = (gsize) CLAMP (index, 1, (double) self->n_shares) - 1;
  return TRUE;
}

static void
get_place (const WsSmallChart *self, gsize item, double *x, double *y)
{
  *x = ws_scale_map (&self->x, item + 1.0);
  *y = ws_scale_map (&self->y, self->shares[item]);
}

static WsCard *
make_card (const WsSmallChart *self, const WsCanvas *canvas, gsize item)
{
  g_autofree char *index = ws_format_count (item + 1);
  g_autofree char *n = ws_format_count (self->n_shares);
  g_autofree char *name = g_strdup_printf (_ ("%s of %s"), index, n);
  double before = item > 0 ? self->shares[item - 1] : 0;
  WsCard *card = ws_card_new (canvas, name, NULL);

  ws_card_take_row (card, canvas, g_strdup (_ ("share")),
                    g_strdup_printf ("%.3g\u202f%%", (self->shares[item] - before) * 100));
  ws_card_take_row (card, canvas, g_strdup (_ ("up to here")),
                    ws_small_chart_dup_percent (self->shares[item]));
  return card;
}

static char *
describe (const WsSmallChart *self)
{
  g_autofree char *n = ws_format_count (self->n_shares);
  g_autofree char *rank = ws_format_count (self->mark_rank);
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          ngettext ("Curve of the share of the first of %s component.",
                                    "Curve of the share of the first of %s components.",
                                    self->n_shares),
                          n);
  g_string_append_printf (text, _ (" The first has %.3g percent."), self->shares[0] * 100);
  if (self->mark_rank > 0)
    g_string_append_printf (text, _ (" The first %s have %.3g percent."), rank, self->mark * 100);
  return g_string_free (text, FALSE);
}

const WsSmallChartKind ws_small_shares = { get_n_items, set_plan,  draw,    find,
                                           get_place,   make_card, describe };
