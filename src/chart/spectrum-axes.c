/* SPDX-License-Identifier: MIT */
/* What stands at the axes and at the colour bar of the spectrum chart. */
#include "chart/spectrum-chart-private.h"

#include <glib/gi18n-lib.h>

/* The symbol of the quantity as markup. */
static char *
dup_symbol (const WsChartDrawing *self)
{
  g_autofree char *sigma = ws_text_subscript (&self->canvas.text, "σ", "<i>i</i>");
  g_autofree char *first = NULL;

  if (self->chart->quantity == WS_SPECTRUM_ENERGY)
    return g_strdup ("<i>i</i>");
  if (self->chart->quantity == WS_SPECTRUM_SIGMA)
    return g_steal_pointer (&sigma);
  first = ws_text_subscript (&self->canvas.text, "σ", "1");
  return g_strdup_printf ("%s / %s", sigma, first);
}

/* Axis titles are Pango markup, in the translations too. */
static char *
dup_y_title (const WsChartDrawing *self)
{
  g_autofree char *symbol = dup_symbol (self);
  gboolean print = self->canvas.style.print;

  switch (self->chart->quantity)
    {
    case WS_SPECTRUM_NORMALISED:
      /* Translators: titles of axes; the small form on screen, the capital one in papers.
       * %s is a symbol */
      return g_strdup_printf (
          print ? _ ("Normalised singular value %s") : _ ("normalised singular value %s"), symbol);
    case WS_SPECTRUM_ENERGY:
      return g_strdup_printf (print ? _ ("Energy in the first %s values")
                                    : _ ("energy in the first %s values"),
                              symbol);
    default:
      return g_strdup_printf (print ? _ ("Singular value %s") : _ ("singular value %s"), symbol);
    }
}

/* On screen an axis says that it is logarithmic; in a paper its ticks do. */
static char *
dup_title (const WsChartDrawing *self, char *title, gboolean log)
{
  g_autofree char *plain = title;

  if (self->canvas.style.print || !log)
    return g_steal_pointer (&plain);
  /* Translators: %s is the title of an axis that is logarithmic */
  return g_strdup_printf (_ ("%s, log"), plain);
}

void
ws_chart_draw_axes (WsChartDrawing *self)
{
  const WsSpectrumChart *chart = self->chart;
  g_autofree char *index =
      g_strdup_printf (self->canvas.style.print ? _ ("Index %s") : _ ("index %s"), "<i>i</i>");
  g_autofree char *y_title = dup_title (self, dup_y_title (self), chart->log_y);
  g_autofree char *x_title = dup_title (self, g_steal_pointer (&index), chart->log_x);

  ws_plot_draw_axes (&self->layout, &self->canvas, x_title, y_title);
}

/* What the colours stand for: layers, or the order of the lines. */
gboolean
ws_chart_get_color_bar (const WsSpectrumChart *self, WsColorBar *bar)
{
  int first, last;

  if (!ws_spectrum_chart_has_color_scale (self))
    return FALSE;
  *bar = (WsColorBar){ .min = 1, .max = self->curves->len, .whole = TRUE, .title = _ ("Line") };
  if (ws_spectrum_chart_get_layers (self, &first, &last))
    {
      bar->min = first;
      bar->max = last;
      bar->title = _ ("Layer");
    }
  return TRUE;
}
