/* SPDX-License-Identifier: MIT */
/* The spectrum chart: its curves and its settings. */
#include "chart/spectrum-chart-private.h"

#include "base/format.h"

#include <math.h>

static void
curve_free (WsCurve *self)
{
  g_free (self->label);
  g_free (self->sigma);
  g_free (self->energy);
  g_free (self);
}

/* Scaled by the greatest, so that no square overflows or vanishes. */
static void
compute_energy (WsCurve *self)
{
  double sum = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      double share = self->max > 0 && self->sigma[i] > 0 && isfinite (self->sigma[i])
                         ? self->sigma[i] / self->max
                         : 0;

      sum += share * share;
      self->energy[i] = sum;
    }
  for (gsize i = 0; i < self->n && sum > 0; i++)
    self->energy[i] /= sum;
}

static WsCurve *
curve_new (const char *label, int layer, const double *sigma, gsize n)
{
  WsCurve *self = g_new0 (WsCurve, 1);

  self->label = ws_format_name (label);
  self->layer = layer;
  self->n = n;
  self->visible = TRUE;
  self->sigma = g_new (double, n);
  self->energy = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      self->sigma[i] = sigma[i];
      if (!(sigma[i] > 0) || !isfinite (sigma[i]))
        continue;
      self->max = MAX (self->max, sigma[i]);
      self->min_positive = self->n_positive ? MIN (self->min_positive, sigma[i]) : sigma[i];
      self->n_positive++;
    }
  compute_energy (self);
  return self;
}

/* As ws_energy_rank, from the running shares: the smallest k that holds @fraction, with its slack
 * for exact ties. */
gsize
ws_curve_get_energy_rank (const WsCurve *self, double fraction)
{
  gsize low = 0, high = self->n;

  if (self->n_positive == 0 || !(fraction > 0))
    return 0;
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (self->energy[middle] >= fraction * (1 - 1e-12))
        high = middle;
      else
        low = middle + 1;
    }
  return MIN (low + 1, self->n);
}

WsSpectrumChart *
ws_spectrum_chart_new (void)
{
  WsSpectrumChart *self = g_new0 (WsSpectrumChart, 1);

  self->curves = g_ptr_array_new_with_free_func ((GDestroyNotify) curve_free);
  self->marker = 0.9;
  self->chosen = -1;
  return self;
}

static gpointer
copy_curve (gconstpointer curve, gpointer user_data)
{
  const WsCurve *source = curve;
  WsCurve *copy = g_new (WsCurve, 1);

  *copy = *source;
  copy->label = g_strdup (source->label);
  copy->sigma = g_memdup2 (source->sigma, source->n * sizeof (double));
  copy->energy = g_memdup2 (source->energy, source->n * sizeof (double));
  return copy;
}

WsSpectrumChart *
ws_spectrum_chart_copy (const WsSpectrumChart *self)
{
  WsSpectrumChart *copy = g_new (WsSpectrumChart, 1);

  *copy = *self;
  copy->curves = g_ptr_array_copy (self->curves, copy_curve, NULL);
  g_ptr_array_set_free_func (copy->curves, (GDestroyNotify) curve_free);
  copy->family = g_strdup (self->family);
  return copy;
}

void
ws_spectrum_chart_free (WsSpectrumChart *self)
{
  if (!self)
    return;
  g_ptr_array_unref (self->curves);
  g_free (self->family);
  g_free (self);
}

void
ws_spectrum_chart_clear (WsSpectrumChart *self)
{
  g_ptr_array_set_size (self->curves, 0);
  self->chosen = -1;
  self->has_view = FALSE;
  self->has_axes = FALSE;
}

void
ws_spectrum_chart_add (WsSpectrumChart *self, const char *label, int layer, const double *sigma,
                       gsize n)
{
  g_return_if_fail (label);
  g_return_if_fail (sigma || n == 0);
  g_ptr_array_add (self->curves, curve_new (label, layer, sigma, n));
  self->has_axes = FALSE;
}

void
ws_spectrum_chart_set_resolution (WsSpectrumChart *self, guint curve, double fraction)
{
  g_return_if_fail (curve < self->curves->len);
  ((WsCurve *) g_ptr_array_index (self->curves, curve))->resolution = fraction;
  self->has_axes = FALSE;
}

guint
ws_spectrum_chart_get_n_curves (const WsSpectrumChart *self)
{
  return self->curves->len;
}

const WsCurve *
ws_spectrum_chart_peek_curve (const WsSpectrumChart *self, guint curve)
{
  return curve < self->curves->len ? g_ptr_array_index (self->curves, curve) : NULL;
}

void
ws_spectrum_chart_set_visible (WsSpectrumChart *self, guint curve, gboolean visible)
{
  g_return_if_fail (curve < self->curves->len);
  ((WsCurve *) g_ptr_array_index (self->curves, curve))->visible = visible;
}

gboolean
ws_spectrum_chart_get_visible (const WsSpectrumChart *self, guint curve)
{
  const WsCurve *c = ws_spectrum_chart_peek_curve (self, curve);

  return c && c->visible;
}

guint
ws_spectrum_chart_get_n_visible (const WsSpectrumChart *self)
{
  guint n = 0;

  for (guint i = 0; i < self->curves->len; i++)
    n += ws_spectrum_chart_get_visible (self, i);
  return n;
}

void
ws_spectrum_chart_set_chosen (WsSpectrumChart *self, int curve)
{
  self->chosen = curve;
}

/* A view is in units of the quantity, so another quantity starts with everything. */
void
ws_spectrum_chart_set_quantity (WsSpectrumChart *self, WsSpectrumQuantity quantity)
{
  if (self->quantity == quantity)
    return;
  self->quantity = quantity;
  self->has_view = FALSE;
  self->has_axes = FALSE;
}

void
ws_spectrum_chart_set_log (WsSpectrumChart *self, gboolean log_x, gboolean log_y)
{
  self->log_x = log_x;
  self->log_y = log_y;
  self->has_axes = FALSE;
}

void
ws_spectrum_chart_set_marker (WsSpectrumChart *self, double fraction)
{
  g_return_if_fail (fraction >= 0 && fraction <= 1);
  self->marker = fraction;
}

void
ws_spectrum_chart_set_theme (WsSpectrumChart *self, WsChartTheme theme)
{
  self->theme = theme;
}

void
ws_spectrum_chart_set_font (WsSpectrumChart *self, const char *family, double size)
{
  g_free (self->family);
  self->family = g_strdup (family);
  self->font_size = size;
}

void
ws_spectrum_chart_set_legend (WsSpectrumChart *self, gboolean legend)
{
  self->legend = legend;
}

void
ws_spectrum_chart_set_view (WsSpectrumChart *self, const WsChartView *view)
{
  self->has_view = view && isfinite (view->x_min) && isfinite (view->x_max) &&
                   isfinite (view->y_min) && isfinite (view->y_max) && view->x_min < view->x_max &&
                   view->y_min < view->y_max;
  if (self->has_view)
    self->view = *view;
  /* The places of the axes hold until the next draw, so that views can follow on one another. */
  ws_spectrum_chart_set_scales (self, &self->x, &self->y);
}

const double *
ws_spectrum_chart_get_values (const WsSpectrumChart *self, const WsCurve *curve, double *divisor)
{
  *divisor = self->quantity == WS_SPECTRUM_NORMALISED && curve->max > 0 ? curve->max : 1;
  return self->quantity == WS_SPECTRUM_ENERGY ? curve->energy : curve->sigma;
}

gboolean
ws_spectrum_chart_has_color_scale (const WsSpectrumChart *self)
{
  return self->curves->len > WS_PALETTE_SERIES;
}

gboolean
ws_spectrum_chart_get_layers (const WsSpectrumChart *self, int *first, int *last)
{
  *first = G_MAXINT;
  *last = -1;
  for (guint i = 0; i < self->curves->len; i++)
    {
      int layer = ws_spectrum_chart_peek_curve (self, i)->layer;

      if (layer < 0)
        continue;
      *first = MIN (*first, layer);
      *last = MAX (*last, layer);
    }
  return *first < *last;
}

WsColor
ws_spectrum_chart_peek_color (const WsSpectrumChart *self, guint curve)
{
  gboolean dark = self->theme == WS_CHART_DARK;
  double position = curve, length = MAX (self->curves->len, 2) - 1;
  int first, last, layer = ws_spectrum_chart_peek_curve (self, curve)->layer;

  if (!ws_spectrum_chart_has_color_scale (self))
    return ws_palette_get_series (curve % WS_PALETTE_SERIES, dark);
  if (ws_spectrum_chart_get_layers (self, &first, &last))
    {
      if (layer < 0)
        return ws_palette_get_series (WS_PALETTE_GREY, dark);
      position = layer - first;
      length = last - first;
    }
  return ws_palette_get_sequential (position / length, dark);
}

void
ws_spectrum_chart_get_color (const WsSpectrumChart *self, guint curve, double rgb[3])
{
  WsColor color;

  g_return_if_fail (curve < self->curves->len);
  color = ws_spectrum_chart_peek_color (self, curve);
  rgb[0] = color.r;
  rgb[1] = color.g;
  rgb[2] = color.b;
}

const char *
ws_spectrum_chart_get_label (const WsSpectrumChart *self, guint curve)
{
  g_return_val_if_fail (curve < self->curves->len, NULL);
  return ws_spectrum_chart_peek_curve (self, curve)->label;
}

gsize
ws_spectrum_chart_get_n_values (const WsSpectrumChart *self, guint curve)
{
  g_return_val_if_fail (curve < self->curves->len, 0);
  return ws_spectrum_chart_peek_curve (self, curve)->n;
}

gsize
ws_spectrum_chart_get_marker_rank (const WsSpectrumChart *self, guint curve)
{
  g_return_val_if_fail (curve < self->curves->len, 0);
  return ws_curve_get_energy_rank (ws_spectrum_chart_peek_curve (self, curve), self->marker);
}
