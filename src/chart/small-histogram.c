/* SPDX-License-Identifier: MIT */
/* A histogram: the norms of an embedding. */
#include "chart/small-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

WsSmallChart *
ws_small_chart_new_histogram (const float *values, gsize n)
{
  WsSmallChart *self = ws_small_chart_new (&ws_small_histogram);

  ws_histogram_compute (&self->histogram, values, n);
  return self;
}

static gsize
get_n_items (const WsSmallChart *self)
{
  return self->histogram.n_bins;
}

static double
get_edge (const WsSmallChart *self, gsize bin)
{
  return self->histogram.min + bin * self->histogram.width;
}

static guint64
get_greatest (const WsSmallChart *self)
{
  guint64 greatest = 0;

  for (guint i = 0; i < self->histogram.n_bins; i++)
    greatest = MAX (greatest, self->histogram.counts[i]);
  return greatest;
}

static gboolean
set_plan (const WsSmallChart *self, const WsCanvas *canvas, WsPlotPlan *plan)
{
  double room;

  if (self->histogram.n_bins == 0)
    return FALSE;
  room = 0.02 * (get_edge (self, self->histogram.n_bins) - self->histogram.min);
  plan->x = (WsScale){ .min = self->histogram.min - room,
                       .max = get_edge (self, self->histogram.n_bins) + room };
  plan->y = (WsScale){ .max = 1.06 * MAX (get_greatest (self), 1) };
  plan->choose_x_ticks = ws_small_chart_choose_x_numbers;
  plan->choose_y_ticks = ws_small_chart_choose_y_counts;
  /* Floats of 1e38 have no axis that can be drawn with room. */
  return isfinite (plan->x.min) && isfinite (plan->x.max) && plan->x.min < plan->x.max;
}

/* One path, so that no light shines through between bars. */
static void
draw (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot)
{
  cairo_t *cr = canvas->cr;

  cairo_move_to (cr, ws_scale_map (&plot->x, get_edge (self, 0)), plot->bottom);
  for (guint i = 0; i < self->histogram.n_bins; i++)
    {
      double y = ws_scale_map (&plot->y, self->histogram.counts[i]);

      cairo_line_to (cr, ws_scale_map (&plot->x, get_edge (self, i)), y);
      cairo_line_to (cr, ws_scale_map (&plot->x, get_edge (self, i + 1)), y);
    }
  cairo_line_to (cr, ws_scale_map (&plot->x, get_edge (self, self->histogram.n_bins)),
                 plot->bottom);
  cairo_close_path (cr);
  ws_chart_set_color (
      cr, ws_color_mix (canvas->style.ground, ws_palette_get_series (0, canvas->style.dark), 0.45));
  cairo_fill_preserve (cr);
  ws_chart_set_color (cr, ws_palette_get_series (0, canvas->style.dark));
  cairo_set_line_width (cr, 0.6 * canvas->style.line);
  cairo_stroke (cr);
}

static gboolean
find (const WsSmallChart *self, double x, double y, gsize *item)
{
  double bin = floor ((ws_scale_unmap (&self->x, x) - self->histogram.min) / self->histogram.width);

  if (!(bin >= 0 && bin < self->histogram.n_bins))
    return FALSE;
  *item = (gsize) bin;
  return TRUE;
}

static void
get_place (const WsSmallChart *self, gsize item, double *x, double *y)
{
  *x = ws_scale_map (&self->x, self->histogram.min + (item + 0.5) * self->histogram.width);
  *y = ws_scale_map (&self->y, self->histogram.counts[item]);
}

static WsCard *
make_card (const WsSmallChart *self, const WsCanvas *canvas, gsize item)
{
  g_autofree char *low = ws_format_significant (get_edge (self, item), 4);
  g_autofree char *high = ws_format_significant (get_edge (self, item + 1), 4);
  /* Translators: from one number to another */
  g_autofree char *name = g_strdup_printf (_ ("%s to %s"), low, high);
  WsCard *card = ws_card_new (canvas, name, NULL);
  double share = self->histogram.counts[item] / (double) self->histogram.n;

  ws_card_take_row (card, canvas, g_strdup (_ ("tokens")),
                    ws_format_count (self->histogram.counts[item]));
  ws_card_take_row (card, canvas, g_strdup (_ ("share")), ws_small_chart_dup_percent (share));
  return card;
}

static char *
describe (const WsSmallChart *self)
{
  g_autofree char *n = ws_format_count (self->histogram.n);
  g_autofree char *low = ws_format_significant (get_edge (self, 0), 4);
  g_autofree char *high = ws_format_significant (get_edge (self, self->histogram.n_bins), 4);

  return g_strdup_printf (ngettext ("Histogram of %s value from %s to %s.",
                                    "Histogram of %s values from %s to %s.", self->histogram.n),
                          n, low, high);
}

const WsSmallChartKind ws_small_histogram = { get_n_items, set_plan,  draw,    find,
                                              get_place,   make_card, describe };
