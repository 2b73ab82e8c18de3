/* SPDX-License-Identifier: MIT */
/* Bars that lie below each other: sizes of clusters. */
#include "chart/small-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the room of a bar, what it fills. */
#define FILL 0.68
/* Names are cut to this many widths of a letter or so. */
#define MAX_NAME 11.0

WsSmallChart *
ws_small_chart_new_bars (const char *const *names, const guint64 *counts, guint n)
{
  WsSmallChart *self = ws_small_chart_new (&ws_small_bars);

  self->n_bars = n;
  self->counts = g_memdup2 (counts, n * sizeof (guint64));
  self->names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    self->names[i] = names && names[i] ? ws_format_name (names[i]) : g_strdup_printf ("%u", i + 1);
  return self;
}

static gsize
get_n_items (const WsSmallChart *self)
{
  return self->n_bars;
}

static PangoLayout *
make_name (const WsSmallChart *self, const WsCanvas *canvas, guint bar)
{
  g_autofree char *markup = g_markup_escape_text (self->names[bar], -1);

  return ws_text_layout_ellipsised (&canvas->text, markup, MAX_NAME * canvas->style.font_size);
}

static double
get_widest_name (const WsSmallChart *self, const WsCanvas *canvas)
{
  double widest = 0;

  for (guint i = 0; i < self->n_bars; i++)
    {
      g_autoptr (PangoLayout) name = make_name (self, canvas, i);
      double width;

      ws_text_get_size (name, &width, NULL);
      widest = MAX (widest, width);
    }
  return widest;
}

static guint64
get_greatest (const WsSmallChart *self)
{
  guint64 greatest = 0;

  for (guint i = 0; i < self->n_bars; i++)
    greatest = MAX (greatest, self->counts[i]);
  return greatest;
}

/* The bars have names, not numbers. */
static GArray *
choose_no_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return g_array_new (FALSE, FALSE, sizeof (WsTick));
}

static gboolean
set_plan (const WsSmallChart *self, const WsCanvas *canvas, WsPlotPlan *plan)
{
  if (self->n_bars == 0)
    return FALSE;
  plan->x = (WsScale){ .max = 1.04 * MAX (get_greatest (self), 1) };
  /* The first on top: bar i has its middle at -(i + 0.5). */
  plan->y = (WsScale){ .min = -(double) self->n_bars };
  plan->choose_x_ticks = ws_small_chart_choose_x_counts;
  plan->choose_y_ticks = choose_no_ticks;
  plan->y_labels = get_widest_name (self, canvas);
  return TRUE;
}

static void
draw_bar (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot, guint bar)
{
  double row = (plot->bottom - plot->top) / self->n_bars;
  double top = plot->top + row * (bar + (1 - FILL) / 2);
  double right = ws_scale_map (&plot->x, self->counts[bar]);

  ws_chart_set_color (canvas->cr, ws_palette_get_cluster (bar, canvas->style.dark));
  cairo_rectangle (canvas->cr, plot->left + canvas->style.rule_width / 2, top, right - plot->left,
                   FILL * row);
  cairo_fill (canvas->cr);
}

static void
draw_names (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot)
{
  const WsChartStyle *style = &canvas->style;
  double row = (plot->bottom - plot->top) / self->n_bars;
  /* Of bars that are thinner than a line of text, every second, third … has its name. */
  guint stride = MAX ((guint) ceil (1.1 * style->font_size / row), 1);

  ws_chart_set_color (canvas->cr, style->muted);
  for (guint i = 0; i < self->n_bars; i += stride)
    {
      g_autoptr (PangoLayout) name = make_name (self, canvas, i);

      ws_text_show (canvas->cr, name, plot->left - style->tick_pad - style->tick / 2,
                    plot->top + row * (i + 0.5), 1, 0.5);
    }
}

static void
draw (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot)
{
  for (guint i = 0; i < self->n_bars; i++)
    draw_bar (self, canvas, plot, i);
  if (plot->has_texts)
    draw_names (self, canvas, plot);
}

static gboolean
find (const WsSmallChart *self, double x, double y, gsize *item)
{
  double bar = floor (-ws_scale_unmap (&self->y, y));

  *item = (gsize) CLAMP (bar, 0, self->n_bars - 1.0);
  return TRUE;
}

static void
get_place (const WsSmallChart *self, gsize item, double *x, double *y)
{
  *x = ws_scale_map (&self->x, self->counts[item]);
  *y = ws_scale_map (&self->y, -(item + 0.5));
}

static double
get_share (const WsSmallChart *self, gsize item)
{
  double sum = 0;

  for (guint i = 0; i < self->n_bars; i++)
    sum += self->counts[i];
  return sum > 0 ? self->counts[item] / sum : NAN;
}

static WsCard *
make_card (const WsSmallChart *self, const WsCanvas *canvas, gsize item)
{
  WsColor color = ws_palette_get_cluster ((guint) item, canvas->style.dark);
  g_autofree char *name = g_markup_escape_text (self->names[item], -1);
  WsCard *card = ws_card_new (canvas, name, &color);

  ws_card_take_row (card, canvas, g_strdup (_ ("tokens")), ws_format_count (self->counts[item]));
  ws_card_take_row (card, canvas, g_strdup (_ ("share")),
                    ws_small_chart_dup_percent (get_share (self, item)));
  return card;
}

static char *
describe (const WsSmallChart *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (
      text, ngettext ("Bar chart of %u cluster.", "Bar chart of %u clusters.", self->n_bars),
      self->n_bars);
  for (guint i = 0; i < MIN (self->n_bars, WS_PALETTE_SERIES); i++)
    {
      g_autofree char *count = ws_format_count (self->counts[i]);

      /* Translators: a name and a number */
      g_string_append_printf (text, _ (" %s: %s."), self->names[i], count);
    }
  return g_string_free (text, FALSE);
}

const WsSmallChartKind ws_small_bars = { get_n_items, set_plan,  draw,    find,
                                         get_place,   make_card, describe };
