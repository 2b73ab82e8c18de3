/* SPDX-License-Identifier: MIT */
/* The marks of the elbow chart: where the rules see an elbow, the best value, the chosen k. */
#include "chart/elbow-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Labels are tried in this many rows above the axis. */
#define MAX_ROWS 8
/* Of a mark, in radii of a dot. */
#define RING_RADIUS 1.9

typedef struct
{
  guint k;
  gboolean chosen;
  WsPoint place;
  PangoLayout *text; /* (owned) */
  WsBox box;         /* of the text, once it has a place */
  gboolean is_placed;
} Mark;

static void
mark_clear (Mark *self)
{
  g_clear_object (&self->text);
}

const char *
ws_elbow_rule_get_name (WsElbowRule rule)
{
  switch (rule)
    {
    case WS_ELBOW_SECOND_DIFFERENCE:
      return _ ("second difference");
    case WS_ELBOW_KNEEDLE:
      /* Translators: a rule that finds elbows, named so by its authors */
      return _ ("Kneedle");
    default:
      return _ ("chord");
    }
}

/* "Kneedle, chord": the rules that agree on @k. */
static void
append_rules (GString *text, const WsElbowChart *chart, guint k)
{
  guint n = 0;

  for (int rule = 0; rule < WS_ELBOW_N_RULES; rule++)
    n += chart->marks[rule] == k;
  if (n == WS_ELBOW_N_RULES)
    {
      g_string_append (text, _ ("all three rules"));
      return;
    }
  for (int rule = 0; rule < WS_ELBOW_N_RULES; rule++)
    {
      if (chart->marks[rule] != k)
        continue;
      /* Translators: between the members of a list */
      g_string_append (text, text->len > 0 ? _ (", ") : "");
      g_string_append (text, ws_elbow_rule_get_name ((WsElbowRule) rule));
    }
}

static char *
dup_label (const WsElbowDrawing *self, guint k, gboolean with_k)
{
  const WsElbowChart *chart = self->chart;
  g_autoptr (GString) text = g_string_new (NULL);

  if (chart->quantity == WS_ELBOW_INERTIA)
    append_rules (text, chart, k);
  else if (ws_elbow_chart_get_best (chart) == k)
    g_string_append (text,
                     chart->quantity == WS_ELBOW_DAVIES_BOULDIN ? _ ("least") : _ ("greatest"));
  if (text->len == 0)
    g_string_append (text, _ ("chosen"));
  if (!with_k)
    return g_string_free (g_steal_pointer (&text), FALSE);
  /* Translators: a label in a figure, "Kneedle, k = 8"; Pango markup */
  return g_strdup_printf (_ ("%s, <i>k</i> = %u"), text->str, k);
}

static void
add_mark (GArray *marks, const WsElbowDrawing *self, guint k)
{
  const WsElbowValues *values = ws_elbow_chart_peek_values (self->chart, k);
  double value = values ? ws_elbow_chart_get_value (self->chart, values) : NAN;
  Mark mark = { .k = k, .chosen = k == self->chart->chosen };

  if (k == 0 || isnan (value))
    return;
  for (guint i = 0; i < marks->len; i++)
    if (g_array_index (marks, Mark, i).k == k)
      return;
  mark.place = (WsPoint){ ws_scale_map (&self->plot.x, k), ws_scale_map (&self->plot.y, value) };
  g_array_append_val (marks, mark);
}

static GArray *
make_marks (const WsElbowDrawing *self)
{
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (Mark));

  g_array_set_clear_func (marks, (GDestroyNotify) mark_clear);
  add_mark (marks, self, self->chart->chosen);
  add_mark (marks, self, ws_elbow_chart_get_best (self->chart));
  for (int rule = 0; rule < WS_ELBOW_N_RULES && self->chart->quantity == WS_ELBOW_INERTIA; rule++)
    add_mark (marks, self, self->chart->marks[rule]);
  return marks;
}

/* Or touches one of its dots. */
static gboolean
crosses_line (const WsElbowDrawing *self, const WsBox *box)
{
  const WsPoint *points = (const WsPoint *) self->line->data;
  double dot = self->canvas.style.dot;
  const WsBox wide = { box->x - dot, box->y - dot, box->width + 2 * dot, box->height + 2 * dot };

  for (guint i = 1; i < self->line->len; i++)
    if (ws_box_crosses (&wide, points[i - 1], points[i]))
      return TRUE;
  return FALSE;
}

static gboolean
is_free (const WsElbowDrawing *self, GArray *marks, const WsBox *box)
{
  double air = self->canvas.style.tick_pad / 2;
  double radius = RING_RADIUS * self->canvas.style.dot;
  const WsBox wide = { box->x - air, box->y - air, box->width + 2 * air, box->height + 2 * air };

  if (box->x < self->plot.left + air || box->x + box->width > self->plot.right + air ||
      box->y < self->plot.top || crosses_line (self, &wide))
    return FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      const Mark *other = &g_array_index (marks, Mark, i);
      WsPoint foot = { other->place.x, self->plot.bottom };
      const WsBox ring = { other->place.x - radius, other->place.y - radius, 2 * radius,
                           2 * radius };

      if (ws_box_crosses (box, other->place, foot) || ws_boxes_overlap (&wide, &ring) ||
          (other->is_placed && ws_boxes_overlap (&wide, &other->box)))
        return FALSE;
    }
  return TRUE;
}

/* Beside its drop line, as near to the axis as it can be. */
static gboolean
place_at_axis (const WsElbowDrawing *self, GArray *marks, Mark *mark)
{
  double gap = self->canvas.style.tick + self->canvas.style.tick_pad / 2;
  double row = mark->box.height * 1.15;

  for (int i = 0; i < 2 * MAX_ROWS; i++)
    {
      gboolean right = (i % 2 == 0) == (mark->k >= self->chart->chosen);

      mark->box.x = mark->place.x + (right ? gap : -gap - mark->box.width);
      mark->box.y = self->plot.bottom - gap - (i / 2 + 1) * row;
      if (is_free (self, marks, &mark->box))
        return TRUE;
    }
  return FALSE;
}

/* Where many k are on little room, beside the point itself: above a curve that falls is space. */
static gboolean
place_at_point (const WsElbowDrawing *self, GArray *marks, Mark *mark)
{
  double gap = 3 * self->canvas.style.dot;

  for (int row = 0; row < MAX_ROWS; row++)
    for (int side = 0; side < 2; side++)
      {
        mark->box.x = mark->place.x + (side == 0 ? gap : -gap - mark->box.width);
        mark->box.y = mark->place.y - mark->box.height * (0.5 + 0.5 * row);
        if (is_free (self, marks, &mark->box))
          return TRUE;
      }
  return FALSE;
}

/* FALSE: one of them has no room. */
static gboolean
place_labels (const WsElbowDrawing *self, GArray *marks, gboolean with_k)
{
  gboolean all = TRUE;

  for (guint i = 0; i < marks->len; i++)
    g_array_index (marks, Mark, i).is_placed = FALSE;
  for (guint i = 0; i < marks->len; i++)
    {
      Mark *mark = &g_array_index (marks, Mark, i);
      g_autofree char *label = dup_label (self, mark->k, with_k);

      g_clear_object (&mark->text);
      mark->text = ws_text_layout (&self->canvas.text, label);
      ws_text_get_size (mark->text, &mark->box.width, &mark->box.height);
      mark->is_placed = place_at_axis (self, marks, mark) || place_at_point (self, marks, mark);
      all = all && mark->is_placed;
    }
  return all;
}

static WsColor
get_color (const WsElbowDrawing *self, const Mark *mark)
{
  const WsChartStyle *style = &self->canvas.style;

  return ws_palette_get_series (mark->chosen ? 0 : style->print ? 1 : 4, style->dark);
}

static void
draw_drop (WsElbowDrawing *self, const Mark *mark)
{
  const WsChartStyle *style = &self->canvas.style;
  cairo_t *cr = self->canvas.cr;
  double x = ws_canvas_snap (&self->canvas, mark->place.x);

  cairo_save (cr);
  ws_chart_set_color (cr, get_color (self, mark));
  cairo_set_line_width (cr, style->rule_width);
  cairo_set_dash (cr, style->drop_dash, 2, 0);
  ws_canvas_stroke_line (&self->canvas, x, mark->place.y + 2 * style->dot, x, self->plot.bottom);
  cairo_restore (cr);
}

static void
draw_ring (WsElbowDrawing *self, const Mark *mark)
{
  const WsChartStyle *style = &self->canvas.style;
  cairo_t *cr = self->canvas.cr;
  WsColor color = get_color (self, mark);

  cairo_new_path (cr);
  cairo_arc (cr, mark->place.x, mark->place.y, RING_RADIUS * style->dot, 0, 2 * G_PI);
  ws_chart_set_color (cr, style->ground);
  cairo_fill_preserve (cr);
  ws_chart_set_color (cr, color);
  cairo_set_line_width (cr, style->line);
  cairo_stroke (cr);
  ws_canvas_draw_dot (&self->canvas, 0, style->dot * 0.85, color, mark->place.x, mark->place.y);
}

static void
draw_label (WsElbowDrawing *self, const Mark *mark)
{
  const WsChartStyle *style = &self->canvas.style;
  WsColor color = style->ink;

  /* The chord may pass behind. */
  ws_chart_set_color (self->canvas.cr, style->ground);
  cairo_rectangle (self->canvas.cr, mark->box.x, mark->box.y, mark->box.width, mark->box.height);
  cairo_fill (self->canvas.cr);
  if (style->print)
    color = ws_color_for_text (get_color (self, mark), style->ground);
  ws_chart_set_color (self->canvas.cr, color);
  ws_text_show (self->canvas.cr, mark->text, mark->box.x, mark->box.y, 0, 0);
}

void
ws_elbow_draw_marks (WsElbowDrawing *self)
{
  g_autoptr (GArray) marks = make_marks (self);

  /* In a figure without room, the x axis says which k it is. */
  if (self->plot.has_texts && !(self->canvas.style.print && place_labels (self, marks, TRUE)))
    place_labels (self, marks, FALSE);
  /* The chosen one is the first: its label gets the best place, and it is drawn last. */
  for (guint i = marks->len; i-- > 0;)
    {
      const Mark *mark = &g_array_index (marks, Mark, i);

      draw_drop (self, mark);
      draw_ring (self, mark);
      if (mark->is_placed)
        draw_label (self, mark);
    }
}
