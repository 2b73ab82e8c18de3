/* SPDX-License-Identifier: MIT */
/* A cloud of points: the norm of each token over its id. */
#include "chart/cloud.h"
#include "chart/small-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* About a finger's width. */
#define REACH 16.0

WsSmallChart *
ws_small_chart_new_cloud (const float *values, const guint32 *ids, gsize n, const guint32 *marked,
                          gsize n_marked)
{
  WsSmallChart *self = ws_small_chart_new (&ws_small_cloud);
  float *xy = g_new (float, 2 * n + 1);

  for (gsize i = 0; i < n; i++)
    {
      xy[2 * i] = ids ? ids[i] : i;
      xy[2 * i + 1] = values[i];
    }
  self->xy = g_bytes_new_take (xy, 2 * n * sizeof (float));
  self->grid = ws_point_grid_new (self->xy);
  self->marks = n_marked > 0 ? g_new0 (guint8, n + 1) : NULL;
  for (gsize i = 0; i < n_marked; i++)
    if (marked[i] < n)
      {
        self->n_marked += !self->marks[marked[i]];
        self->marks[marked[i]] = 1;
      }
  return self;
}

static const float *
peek_xy (const WsSmallChart *self)
{
  return g_bytes_get_data (self->xy, NULL);
}

static gsize
get_n_items (const WsSmallChart *self)
{
  return g_bytes_get_size (self->xy) / (2 * sizeof (float));
}

static gboolean
set_plan (const WsSmallChart *self, const WsCanvas *canvas, WsPlotPlan *plan)
{
  double x_room, y_room;
  gsize n_finite;

  ws_point_grid_peek_order (self->grid, &n_finite);
  if (n_finite == 0)
    return FALSE;
  ws_point_grid_get_extent (self->grid, &plan->x.min, &plan->x.max, &plan->y.min, &plan->y.max);
  x_room = 0.015 * (plan->x.max - plan->x.min);
  y_room = 0.05 * (plan->y.max - plan->y.min);
  plan->x.min -= x_room > 0 ? x_room : 1;
  plan->x.max += x_room > 0 ? x_room : 1;
  y_room = y_room > 0 ? y_room : MAX (fabs (plan->y.max), 1e-30) / 10;
  /* A norm is never below 0. */
  plan->y.min = plan->y.min >= 0 ? MAX (plan->y.min - y_room, 0) : plan->y.min - y_room;
  plan->y.max += y_room;
  plan->choose_x_ticks = ws_small_chart_choose_x_counts;
  plan->choose_y_ticks = ws_small_chart_choose_y_numbers;
  return TRUE;
}

static void
draw_points (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot, gboolean marked,
             WsColor color)
{
  g_autofree guint16 *colors = g_new0 (guint16, get_n_items (self) + 1);
  WsCloud cloud = { .resolution = self->resolution, .strength = 1 };

  cloud.points.xy = peek_xy (self);
  cloud.points.order = ws_point_grid_peek_order (self->grid, &cloud.points.n);
  cloud.points.colors = colors;
  cloud.points.palette = &color;
  cloud.points.mask = self->marks;
  cloud.points.wanted = marked;
  ws_cloud_draw (&cloud, canvas, plot);
}

static void
draw (const WsSmallChart *self, WsCanvas *canvas, const WsPlot *plot)
{
  gboolean dark = canvas->style.dark;

  draw_points (self, canvas, plot, FALSE, ws_palette_get_series (0, dark));
  if (self->marks)
    draw_points (self, canvas, plot, TRUE, ws_palette_get_series (1, dark));
}

/* The axes have different units: near is what is near in the drawing. */
static gboolean
find (const WsSmallChart *self, double x, double y, gsize *item)
{
  const float *xy = peek_xy (self);
  double best = REACH * REACH;
  gboolean found = FALSE;

  for (gsize i = 0; i < get_n_items (self); i++)
    {
      double dx = ws_scale_map (&self->x, xy[2 * i]) - x;
      double dy = ws_scale_map (&self->y, xy[2 * i + 1]) - y;

      /* FALSE for NAN too */
      if (!(dx * dx + dy * dy < best))
        continue;
      best = dx * dx + dy * dy;
      *item = i;
      found = TRUE;
    }
  return found;
}

static void
get_place (const WsSmallChart *self, gsize item, double *x, double *y)
{
  *x = ws_scale_map (&self->x, peek_xy (self)[2 * item]);
  *y = ws_scale_map (&self->y, peek_xy (self)[2 * item + 1]);
}

static WsCard *
make_card (const WsSmallChart *self, const WsCanvas *canvas, gsize item)
{
  g_autofree char *id = ws_format_count ((guint64) peek_xy (self)[2 * item]);
  g_autofree char *name = g_strdup_printf (_ ("token %s"), id);
  WsCard *card = ws_card_new (canvas, name, NULL);

  ws_card_take_row (card, canvas, g_strdup (self->y_title),
                    ws_format_significant (peek_xy (self)[2 * item + 1], 4));
  if (self->marks && self->marks[item])
    ws_card_take_row (card, canvas, g_strdup (_ ("note")), g_strdup (_ ("possibly untrained")));
  return card;
}

static char *
describe (const WsSmallChart *self)
{
  double x_min, x_max, y_min, y_max;
  g_autofree char *n = ws_format_count (get_n_items (self));
  g_autofree char *low = NULL, *high = NULL;
  GString *text = g_string_new (NULL);

  ws_point_grid_get_extent (self->grid, &x_min, &x_max, &y_min, &y_max);
  low = ws_format_significant (y_min, 4);
  high = ws_format_significant (y_max, 4);
  g_string_append_printf (text,
                          ngettext ("Chart of %s point, from %s to %s.",
                                    "Chart of %s points, from %s to %s.", get_n_items (self)),
                          n, low, high);
  if (self->n_marked > 0)
    {
      g_autofree char *count = ws_format_count (self->n_marked);

      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("%s is marked.", "%s are marked.", self->n_marked),
                              count);
    }
  return g_string_free (text, FALSE);
}

const WsSmallChartKind ws_small_cloud = { get_n_items, set_plan,  draw,    find,
                                          get_place,   make_card, describe };
