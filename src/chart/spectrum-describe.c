/* SPDX-License-Identifier: MIT */
/* The spectrum chart in words, for those who hear it. */
#include "chart/spectrum-chart-private.h"

#include <glib/gi18n-lib.h>

static void
append_single (GString *text, const WsCurve *curve, double fraction, gsize rank)
{
  gulong n = curve->n;

  if (rank > 0)
    g_string_append_printf (text,
                            ngettext ("Line chart, %lu value, %.4g percent of the energy at %lu.",
                                      "Line chart, %lu values, %.4g percent of the energy at %lu.",
                                      n),
                            n, fraction * 100, (gulong) rank);
  else
    g_string_append_printf (text, ngettext ("Line chart, %lu value.", "Line chart, %lu values.", n),
                            n);
}

static void
append_named (GString *text, const WsCurve *curve, double fraction, gsize rank)
{
  gulong n = curve->n;

  g_string_append_c (text, ' ');
  if (rank > 0)
    g_string_append_printf (text,
                            /* Translators: a name, then what its curve shows */
                            ngettext ("%s: %lu value, %.4g percent of the energy at %lu.",
                                      "%s: %lu values, %.4g percent of the energy at %lu.", n),
                            curve->label, n, fraction * 100, (gulong) rank);
  else
    g_string_append_printf (text, ngettext ("%s: %lu value.", "%s: %lu values.", n), curve->label,
                            n);
}

static void
append_range (GString *text, const WsSpectrumChart *self)
{
  gsize least = G_MAXSIZE, most = 0;

  for (guint i = 0; i < self->curves->len; i++)
    {
      gsize rank = ws_spectrum_chart_get_marker_rank (self, i);

      if (!ws_spectrum_chart_get_visible (self, i) || rank == 0)
        continue;
      least = MIN (least, rank);
      most = MAX (most, rank);
    }
  if (most == 0)
    return;
  g_string_append_c (text, ' ');
  g_string_append_printf (text, _ ("%.4g percent of the energy at %lu to %lu."), self->marker * 100,
                          (gulong) least, (gulong) most);
}

static void
append_several (GString *text, const WsSpectrumChart *self, guint n_visible)
{
  g_string_append_printf (
      text, ngettext ("Line chart of %u spectrum.", "Line chart of %u spectra.", n_visible),
      n_visible);
  if (n_visible > WS_PALETTE_SERIES)
    {
      append_range (text, self);
      return;
    }
  for (guint i = 0; i < self->curves->len; i++)
    if (ws_spectrum_chart_get_visible (self, i))
      append_named (text, ws_spectrum_chart_peek_curve (self, i), self->marker,
                    ws_spectrum_chart_get_marker_rank (self, i));
}

/* Zeros have no place on a log axis. The energy of the first i is 0 only where all of it is. */
static gulong
count_left_out (const WsSpectrumChart *self)
{
  gulong n = 0;

  for (guint i = 0; i < self->curves->len && self->log_y; i++)
    {
      const WsCurve *curve = ws_spectrum_chart_peek_curve (self, i);

      if (curve->visible && (self->quantity != WS_SPECTRUM_ENERGY || curve->n_positive == 0))
        n += curve->n - curve->n_positive;
    }
  return n;
}

char *
ws_spectrum_chart_describe (const WsSpectrumChart *self)
{
  guint n_visible = ws_spectrum_chart_get_n_visible (self);
  gulong n_left_out = count_left_out (self);
  GString *text;

  if (n_visible == 0)
    return g_strdup (_ ("Line chart without data."));
  text = g_string_new (NULL);
  if (self->curves->len == 1)
    append_single (text, ws_spectrum_chart_peek_curve (self, 0), self->marker,
                   ws_spectrum_chart_get_marker_rank (self, 0));
  else
    append_several (text, self, n_visible);
  if (n_left_out > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text,
                              ngettext ("%lu value is zero and left out of the logarithmic axis.",
                                        "%lu values are zero and left out of the logarithmic axis.",
                                        n_left_out),
                              n_left_out);
    }
  return g_string_free (text, FALSE);
}
