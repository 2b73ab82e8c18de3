/* SPDX-License-Identifier: MIT */
/* The elbow chart in words: titles, the read-out card, and for those who hear it. */
#include "chart/card.h"
#include "chart/elbow-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

const char *
ws_elbow_quantity_get_title (WsElbowQuantity quantity)
{
  switch (quantity)
    {
    case WS_ELBOW_CALINSKI_HARABASZ:
      return _ ("Calinski–Harabasz");
    case WS_ELBOW_SILHOUETTE:
      return _ ("Silhouette");
    case WS_ELBOW_DAVIES_BOULDIN:
      return _ ("Davies–Bouldin");
    default:
      return _ ("Inertia");
    }
}

static char *
dup_percent (double share)
{
  return isnan (share) ? ws_format_significant (NAN, 4)
                       : g_strdup_printf ("%.2f\u202f%%", share * 100);
}

static char *
dup_silhouette (const WsElbowValues *values)
{
  if (isfinite (values->silhouette) && values->silhouette_error > 0)
    return g_strdup_printf ("%.3f ± %.3f", values->silhouette, values->silhouette_error);
  return ws_format_significant (values->silhouette, 3);
}

static WsCard *
make_card (const WsElbowChart *self, const WsCanvas *canvas, const WsElbowValues *values)
{
  g_autofree char *name = g_strdup_printf ("<i>k</i> = %u", values->k);
  const WsElbowValues *reference =
      ws_elbow_chart_peek_values (self, ws_elbow_chart_get_reference (self));
  WsCard *card = ws_card_new (canvas, name, NULL);

  ws_card_take_row (card, canvas, g_strdup (_ ("inertia")),
                    dup_percent (reference ? values->inertia / reference->inertia : NAN));
  ws_card_take_row (card, canvas, g_strdup (_ ("Calinski–Harabasz")),
                    ws_format_significant (values->calinski_harabasz, 4));
  ws_card_take_row (card, canvas, g_strdup (_ ("silhouette")), dup_silhouette (values));
  ws_card_take_row (card, canvas, g_strdup (_ ("Davies–Bouldin")),
                    ws_format_significant (values->davies_bouldin, 4));
  return card;
}

void
ws_elbow_chart_draw_readout (WsElbowChart *self, cairo_t *cr, guint k, double width, double height)
{
  g_auto (WsCanvas) canvas = { 0 };
  g_autoptr (WsCard) card = NULL;
  WsElbowPoint point;

  if (!ws_elbow_chart_get_point (self, k, &point))
    return;
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_draw_cross_hair (&canvas, point.x, self->y.to, self->y.from);
  ws_canvas_draw_dot (&canvas, 0, canvas.style.dot * 1.3,
                      ws_palette_get_series (0, canvas.style.dark), point.x, point.y);
  card = make_card (self, &canvas, &point.values);
  ws_card_draw (card, &canvas, point.x, point.y, width, height);
}

static void
append_quantity (GString *text, const WsElbowChart *self)
{
  guint best = ws_elbow_chart_get_best (self);
  const WsElbowValues *last = &g_array_index (self->values, WsElbowValues, self->values->len - 1);
  double value =
      ws_elbow_chart_get_value (self, best ? ws_elbow_chart_peek_values (self, best) : last);
  g_autofree char *number = ws_format_significant (value, 3);

  if (isnan (value))
    return;
  g_string_append_c (text, ' ');
  if (self->quantity == WS_ELBOW_INERTIA)
    g_string_append_printf (text, _ ("At %u clusters, %.3g percent of the inertia of %u is left."),
                            last->k, value * 100, ws_elbow_chart_get_reference (self));
  else if (self->quantity == WS_ELBOW_DAVIES_BOULDIN)
    g_string_append_printf (text, _ ("The least is %s at %u clusters."), number, best);
  else
    g_string_append_printf (text, _ ("The greatest is %s at %u clusters."), number, best);
}

static void
append_marks (GString *text, const WsElbowChart *self)
{
  const guint *marks = self->marks;

  if (self->chosen > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (
          text, ngettext ("Chosen: %u cluster.", "Chosen: %u clusters.", self->chosen),
          self->chosen);
    }
  if (self->quantity != WS_ELBOW_INERTIA)
    return;
  g_string_append_c (text, ' ');
  if (marks[0] == marks[1] && marks[1] == marks[2])
    {
      g_string_append_printf (text,
                              marks[0] > 0 ? _ ("All three rules see an elbow at %u.")
                                           : _ ("No rule sees an elbow."),
                              marks[0]);
      return;
    }
  g_string_append (text, _ ("Elbows:"));
  for (int rule = 0; rule < WS_ELBOW_N_RULES; rule++)
    {
      const char *name = ws_elbow_rule_get_name ((WsElbowRule) rule);

      g_string_append (text, rule > 0 ? "; " : " ");
      if (marks[rule] > 0)
        /* Translators: a rule and the number of clusters where it sees an elbow */
        g_string_append_printf (text, _ ("%s at %u"), name, marks[rule]);
      else
        g_string_append_printf (text, _ ("%s nowhere"), name);
    }
  g_string_append_c (text, '.');
}

char *
ws_elbow_chart_describe (const WsElbowChart *self)
{
  GString *text;

  if (self->values->len == 0)
    return g_strdup (_ ("Line chart without data."));
  text = g_string_new (NULL);
  /* Translators: name of a criterion, number of values, first and last number of clusters */
  g_string_append_printf (text,
                          ngettext ("Line chart of %s, %u value, %u to %u clusters.",
                                    "Line chart of %s, %u values, %u to %u clusters.",
                                    self->values->len),
                          ws_elbow_quantity_get_title (self->quantity), self->values->len,
                          g_array_index (self->values, WsElbowValues, 0).k,
                          g_array_index (self->values, WsElbowValues, self->values->len - 1).k);
  append_quantity (text, self);
  append_marks (text, self);
  return g_string_free (text, FALSE);
}
