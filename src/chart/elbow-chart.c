/* SPDX-License-Identifier: MIT */
/* The elbow chart: its values, its settings, and where its points are. */
#include "chart/elbow-chart-private.h"

#include "cluster/elbow.h"

#include <math.h>
#include <string.h>

WsElbowChart *
ws_elbow_chart_new (void)
{
  WsElbowChart *self = g_new0 (WsElbowChart, 1);

  self->values = g_array_new (FALSE, FALSE, sizeof (WsElbowValues));
  self->grid = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

WsElbowChart *
ws_elbow_chart_copy (const WsElbowChart *self)
{
  WsElbowChart *copy = g_new (WsElbowChart, 1);

  *copy = *self;
  copy->values = g_array_copy (self->values);
  copy->grid = g_array_copy (self->grid);
  copy->family = g_strdup (self->family);
  return copy;
}

void
ws_elbow_chart_free (WsElbowChart *self)
{
  if (!self)
    return;
  g_array_unref (self->values);
  g_array_unref (self->grid);
  g_free (self->family);
  g_free (self);
}

void
ws_elbow_chart_clear (WsElbowChart *self)
{
  g_array_set_size (self->values, 0);
  g_array_set_size (self->grid, 0);
  memset (self->marks, 0, sizeof self->marks);
  self->chosen = 0;
  self->has_axes = FALSE;
}

void
ws_elbow_chart_set_grid (WsElbowChart *self, const guint *ks, guint n)
{
  g_return_if_fail (ks || n == 0);
  g_array_set_size (self->grid, 0);
  g_array_append_vals (self->grid, ks, n);
  self->has_axes = FALSE;
}

void
ws_elbow_chart_set_values (WsElbowChart *self, const WsElbowValues *values)
{
  guint i = 0;

  g_return_if_fail (values && values->k > 0);
  while (i < self->values->len && g_array_index (self->values, WsElbowValues, i).k < values->k)
    i++;
  if (i < self->values->len && g_array_index (self->values, WsElbowValues, i).k == values->k)
    g_array_index (self->values, WsElbowValues, i) = *values;
  else
    g_array_insert_val (self->values, i, *values);
  self->has_axes = FALSE;
}

void
ws_elbow_chart_set_entry (WsElbowChart *self, const WsSweepEntry *entry)
{
  const WsElbowValues values = {
    .k = entry->clustering->k,
    .inertia = entry->clustering->inertia,
    .calinski_harabasz = entry->criteria.calinski_harabasz,
    .silhouette = entry->silhouette.mean,
    .silhouette_error = entry->silhouette.standard_error,
    .davies_bouldin = entry->criteria.davies_bouldin,
  };

  ws_elbow_chart_set_values (self, &values);
}

guint
ws_elbow_chart_get_n_values (const WsElbowChart *self)
{
  return self->values->len;
}

void
ws_elbow_chart_set_marks (WsElbowChart *self, guint second_difference, guint kneedle, guint chord)
{
  self->marks[WS_ELBOW_SECOND_DIFFERENCE] = second_difference;
  self->marks[WS_ELBOW_KNEEDLE] = kneedle;
  self->marks[WS_ELBOW_CHORD] = chord;
}

void
ws_elbow_chart_set_chosen (WsElbowChart *self, guint k)
{
  self->chosen = k;
}

void
ws_elbow_chart_set_quantity (WsElbowChart *self, WsElbowQuantity quantity)
{
  g_return_if_fail (quantity < WS_ELBOW_N_QUANTITIES);
  self->quantity = quantity;
  self->has_axes = FALSE;
}

WsElbowQuantity
ws_elbow_chart_get_quantity (const WsElbowChart *self)
{
  return self->quantity;
}

void
ws_elbow_chart_set_theme (WsElbowChart *self, WsChartTheme theme)
{
  self->theme = theme;
}

void
ws_elbow_chart_set_font (WsElbowChart *self, const char *family, double size)
{
  g_free (self->family);
  self->family = g_strdup (family);
  self->font_size = size;
}

const WsElbowValues *
ws_elbow_chart_peek_values (const WsElbowChart *self, guint k)
{
  for (guint i = 0; i < self->values->len; i++)
    if (g_array_index (self->values, WsElbowValues, i).k == k)
      return &g_array_index (self->values, WsElbowValues, i);
  return NULL;
}

static const WsElbowValues *
find_reference (const WsElbowChart *self)
{
  for (guint i = 0; i < self->values->len; i++)
    {
      const WsElbowValues *values = &g_array_index (self->values, WsElbowValues, i);

      if (isfinite (values->inertia) && values->inertia > 0)
        return values;
    }
  return NULL;
}

guint
ws_elbow_chart_get_reference (const WsElbowChart *self)
{
  const WsElbowValues *reference = find_reference (self);

  return reference ? reference->k : 0;
}

double
ws_elbow_chart_get_value (const WsElbowChart *self, const WsElbowValues *values)
{
  const WsElbowValues *reference;

  switch (self->quantity)
    {
    case WS_ELBOW_CALINSKI_HARABASZ:
      return isfinite (values->calinski_harabasz) ? values->calinski_harabasz : NAN;
    case WS_ELBOW_SILHOUETTE:
      return isfinite (values->silhouette) ? values->silhouette : NAN;
    case WS_ELBOW_DAVIES_BOULDIN:
      return isfinite (values->davies_bouldin) ? values->davies_bouldin : NAN;
    default:
      reference = find_reference (self);
      return reference && isfinite (values->inertia) ? values->inertia / reference->inertia : NAN;
    }
}

double
ws_elbow_chart_get_error (const WsElbowChart *self, const WsElbowValues *values)
{
  if (self->quantity != WS_ELBOW_SILHOUETTE || !isfinite (values->silhouette_error))
    return 0;
  return values->silhouette_error;
}

guint
ws_elbow_chart_get_best (const WsElbowChart *self)
{
  double sign = self->quantity == WS_ELBOW_DAVIES_BOULDIN ? -1 : 1;
  double best = -INFINITY;
  guint k = 0;

  for (guint i = 0; i < self->values->len && self->quantity != WS_ELBOW_INERTIA; i++)
    {
      const WsElbowValues *values = &g_array_index (self->values, WsElbowValues, i);
      double value = sign * ws_elbow_chart_get_value (self, values);

      if (value > best)
        {
          best = value;
          k = values->k;
        }
    }
  return k;
}

gboolean
ws_elbow_chart_get_range (const WsElbowChart *self, guint *first, guint *last)
{
  *first = G_MAXUINT;
  *last = 0;
  for (guint i = 0; i < self->grid->len; i++)
    {
      *first = MIN (*first, MAX (g_array_index (self->grid, guint, i), 1));
      *last = MAX (*last, g_array_index (self->grid, guint, i));
    }
  for (guint i = 0; i < self->values->len; i++)
    {
      *first = MIN (*first, g_array_index (self->values, WsElbowValues, i).k);
      *last = MAX (*last, g_array_index (self->values, WsElbowValues, i).k);
    }
  return *first <= *last;
}

static gboolean
has_whole_grid (const WsElbowChart *self)
{
  for (guint i = 0; i < self->grid->len; i++)
    if (!ws_elbow_chart_peek_values (self, g_array_index (self->grid, guint, i)))
      return FALSE;
  return TRUE;
}

/* As the rules see the curve: their chord is to be a straight line here too. */
gboolean
ws_elbow_chart_is_log (const WsElbowChart *self)
{
  g_autoptr (GArray) ks = g_array_new (FALSE, FALSE, sizeof (guint));

  if (has_whole_grid (self))
    for (guint i = 0; i < self->values->len; i++)
      g_array_append_val (ks, g_array_index (self->values, WsElbowValues, i).k);
  else
    g_array_append_vals (ks, self->grid->data, self->grid->len);
  return ks->len > 2 && ws_elbow_is_geometric ((const guint *) ks->data, ks->len);
}

static gboolean
is_inside (const WsScale *scale, double position)
{
  double low = MIN (scale->from, scale->to), high = MAX (scale->from, scale->to);

  return position >= low - 0.5 && position <= high + 0.5;
}

gboolean
ws_elbow_chart_get_point (const WsElbowChart *self, guint k, WsElbowPoint *point)
{
  const WsElbowValues *values = ws_elbow_chart_peek_values (self, k);
  double value = values ? ws_elbow_chart_get_value (self, values) : NAN;

  if (!self->has_axes || isnan (value))
    return FALSE;
  *point = (WsElbowPoint){ .values = *values,
                           .value = value,
                           .x = ws_scale_map (&self->x, k),
                           .y = ws_scale_map (&self->y, value) };
  return TRUE;
}

gboolean
ws_elbow_chart_pick (const WsElbowChart *self, double x, double y, WsElbowPoint *point)
{
  double best = INFINITY;

  if (!self->has_axes || !is_inside (&self->x, x) || !is_inside (&self->y, y))
    return FALSE;
  for (guint i = 0; i < self->values->len; i++)
    {
      WsElbowPoint candidate;

      if (ws_elbow_chart_get_point (self, g_array_index (self->values, WsElbowValues, i).k,
                                    &candidate) &&
          fabs (candidate.x - x) < best)
        {
          best = fabs (candidate.x - x);
          *point = candidate;
        }
    }
  return isfinite (best);
}

guint
ws_elbow_chart_step (const WsElbowChart *self, guint k, int direction)
{
  guint next = 0;

  for (guint i = 0; i < self->values->len; i++)
    {
      guint j = direction > 0 ? i : self->values->len - 1 - i;
      const WsElbowValues *values = &g_array_index (self->values, WsElbowValues, j);

      if (isnan (ws_elbow_chart_get_value (self, values)))
        continue;
      next = values->k;
      if (k == 0 || (direction > 0 ? next > k : next < k))
        return next;
    }
  return next;
}

void
ws_elbow_chart_get_plot (const WsElbowChart *self, double *x, double *y, double *width,
                         double *height)
{
  *x = self->has_axes ? self->x.from : 0;
  *y = self->has_axes ? self->y.to : 0;
  *width = self->has_axes ? self->x.to - self->x.from : 0;
  *height = self->has_axes ? self->y.from - self->y.to : 0;
}
