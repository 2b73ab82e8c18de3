/* SPDX-License-Identifier: MIT */
/* The map of tokens: its points and its settings. */
#include "chart/token-map-private.h"

#include "base/format.h"
#include "chart/order-statistic.h"

#include <math.h>
#include <string.h>

/* The furthest points at each side, as a share, are left out of the first view if the rest would
 * be this many times larger without them. */
#define FAR_SHARE 0.0005
#define FAR_FACTOR 1.25

static void
cluster_clear (WsTokenMapCluster *self)
{
  g_free (self->name);
}

static GArray *
clusters_new (void)
{
  GArray *clusters = g_array_new (FALSE, TRUE, sizeof (WsTokenMapCluster));

  g_array_set_clear_func (clusters, (GDestroyNotify) cluster_clear);
  return clusters;
}

/* What is drawn has changed. */
static void
forget_picture (WsTokenMap *self)
{
  self->has_picture = FALSE;
}

WsTokenMap *
ws_token_map_new (void)
{
  WsTokenMap *self = g_new0 (WsTokenMap, 1);

  self->xy = g_bytes_new (NULL, 0);
  self->grid = ws_point_grid_new (self->xy);
  self->clusters = clusters_new ();
  self->variance[0] = self->variance[1] = NAN;
  self->highlighted_cluster = -1;
  self->marked = -1;
  return self;
}

static GBytes *
ref_bytes (GBytes *bytes)
{
  return bytes ? g_bytes_ref (bytes) : NULL;
}

WsTokenMap *
ws_token_map_copy (const WsTokenMap *self)
{
  WsTokenMap *copy = g_new (WsTokenMap, 1);

  *copy = *self;
  copy->xy = g_bytes_ref (self->xy);
  copy->ids = ref_bytes (self->ids);
  copy->norms = ref_bytes (self->norms);
  copy->labels = ref_bytes (self->labels);
  copy->highlight = ref_bytes (self->highlight);
  copy->grid = ws_point_grid_ref (self->grid);
  copy->clusters = clusters_new ();
  g_array_append_vals (copy->clusters, self->clusters->data, self->clusters->len);
  for (guint i = 0; i < copy->clusters->len; i++)
    g_array_index (copy->clusters, WsTokenMapCluster, i).name =
        g_strdup (g_array_index (self->clusters, WsTokenMapCluster, i).name);
  copy->marked_name = g_strdup (self->marked_name);
  copy->family = g_strdup (self->family);
  copy->picture = NULL;
  copy->has_picture = FALSE;
  return copy;
}

void
ws_token_map_free (WsTokenMap *self)
{
  if (!self)
    return;
  g_bytes_unref (self->xy);
  g_bytes_unref (self->ids);
  g_bytes_unref (self->norms);
  g_bytes_unref (self->labels);
  g_bytes_unref (self->highlight);
  ws_point_grid_unref (self->grid);
  g_array_unref (self->clusters);
  g_free (self->marked_name);
  g_free (self->family);
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  g_free (self);
}

/* All of one coordinate, or all but the furthest if those would take more than their share. */
static void
find_core (const float *xy, gsize n, int axis, double *min, double *max)
{
  g_autofree float *values = g_new (float, n + 1);
  gsize n_finite, n_far;
  double low, high;

  for (gsize i = 0; i < n; i++)
    values[i] = xy[2 * i + axis];
  n_finite = ws_values_keep_finite (values, n);
  *min = *max = 0;
  if (n_finite == 0)
    return;
  n_far = (gsize) (FAR_SHARE * n_finite);
  *min = ws_values_select (values, n_finite, 0);
  *max = ws_values_select (values, n_finite, n_finite - 1);
  low = ws_values_select (values, n_finite, n_far);
  high = ws_values_select (values, n_finite, n_finite - 1 - n_far);
  if (*max - *min > FAR_FACTOR * (high - low) && low < high)
    {
      *min = low;
      *max = high;
    }
}

void
ws_token_map_set_points (WsTokenMap *self, const float *xy, gsize n, const guint32 *ids)
{
  g_return_if_fail (xy || n == 0);
  g_return_if_fail (n <= G_MAXUINT32);
  ws_token_map_set_clusters (self, NULL, 0, NULL);
  ws_token_map_set_norms (self, NULL);
  ws_token_map_set_highlight (self, NULL, 0);
  ws_token_map_set_marked (self, -1, NULL);
  g_bytes_unref (self->xy);
  g_clear_pointer (&self->ids, g_bytes_unref);
  ws_point_grid_unref (self->grid);
  self->n = n;
  self->xy = g_bytes_new (xy, n * 2 * sizeof (float));
  self->grid = ws_point_grid_new (self->xy);
  self->max_id = n > 0 ? (guint32) (n - 1) : 0;
  if (ids)
    {
      self->ids = g_bytes_new (ids, n * sizeof (guint32));
      self->max_id = 0;
      for (gsize i = 0; i < n; i++)
        self->max_id = MAX (self->max_id, ids[i]);
    }
  find_core (xy, n, 0, &self->core.x_min, &self->core.x_max);
  find_core (xy, n, 1, &self->core.y_min, &self->core.y_max);
  self->has_view = FALSE;
  self->has_axes = FALSE;
}

gsize
ws_token_map_get_n_points (const WsTokenMap *self)
{
  return self->n;
}

void
ws_token_map_set_norms (WsTokenMap *self, const float *norms)
{
  g_autofree float *values = NULL;
  gsize n;

  g_clear_pointer (&self->norms, g_bytes_unref);
  forget_picture (self);
  if (!norms)
    return;
  self->norms = g_bytes_new (norms, self->n * sizeof (float));
  values = g_memdup2 (norms, self->n * sizeof (float));
  n = ws_values_keep_finite (values, self->n);
  self->norm_range[0] = n > 0 ? ws_values_select (values, n, (gsize) (0.001 * (n - 1))) : 0;
  self->norm_range[1] = n > 0 ? ws_values_select (values, n, (gsize) ceil (0.999 * (n - 1))) : 0;
}

/* The median of one coordinate of the members of each cluster. @members: by cluster, which start
 * at @starts. */
static void
find_medians (WsTokenMap *self, const guint32 *members, const gsize *starts, int axis)
{
  const float *xy = ws_token_map_peek_xy (self);
  g_autofree float *values = g_new (float, self->n);

  for (guint i = 0; i < self->clusters->len; i++)
    {
      WsTokenMapCluster *cluster = &g_array_index (self->clusters, WsTokenMapCluster, i);
      gsize n = starts[i + 1] - starts[i];

      for (gsize j = 0; j < n; j++)
        values[j] = xy[2 * (gsize) members[starts[i] + j] + axis];
      n = ws_values_keep_finite (values, n);
      cluster->n = n;
      *(axis == 0 ? &cluster->x : &cluster->y) = n > 0 ? ws_values_select (values, n, n / 2) : NAN;
    }
}

static void
find_centres (WsTokenMap *self, const guint32 *labels)
{
  guint k = self->clusters->len;
  g_autofree gsize *starts = g_new0 (gsize, k + 1);
  g_autofree gsize *next = NULL;
  g_autofree guint32 *members = g_new (guint32, self->n);

  for (gsize i = 0; i < self->n; i++)
    starts[labels[i] + 1]++;
  for (guint i = 0; i < k; i++)
    starts[i + 1] += starts[i];
  next = g_memdup2 (starts, (k + 1) * sizeof (gsize));
  for (gsize i = 0; i < self->n; i++)
    members[next[labels[i]]++] = (guint32) i;
  find_medians (self, members, starts, 0);
  find_medians (self, members, starts, 1);
}

void
ws_token_map_set_clusters (WsTokenMap *self, const guint32 *labels, guint k,
                           const char *const *names)
{
  for (gsize i = 0; i < self->n && labels; i++)
    g_return_if_fail (labels[i] < k);
  g_clear_pointer (&self->labels, g_bytes_unref);
  g_array_set_size (self->clusters, 0);
  ws_token_map_highlight_cluster (self, -1);
  forget_picture (self);
  if (!labels)
    return;
  self->labels = g_bytes_new (labels, self->n * sizeof (guint32));
  for (guint i = 0; i < k; i++)
    {
      WsTokenMapCluster cluster = { .name = names && names[i] ? ws_format_name (names[i])
                                                              : g_strdup_printf ("%u", i + 1) };

      g_array_append_val (self->clusters, cluster);
    }
  find_centres (self, labels);
}

void
ws_token_map_set_variance (WsTokenMap *self, double x, double y)
{
  self->variance[0] = x;
  self->variance[1] = y;
  forget_picture (self);
}

/* Takes @mask, n bytes. */
static void
set_mask (WsTokenMap *self, guint8 *mask, int cluster)
{
  g_clear_pointer (&self->highlight, g_bytes_unref);
  self->n_highlighted = 0;
  self->highlighted_cluster = cluster;
  forget_picture (self);
  for (gsize i = 0; mask && i < self->n; i++)
    self->n_highlighted += mask[i];
  if (mask)
    self->highlight = g_bytes_new_take (mask, self->n);
}

void
ws_token_map_set_highlight (WsTokenMap *self, const guint32 *points, gsize n)
{
  guint8 *mask = points && self->n > 0 ? g_new0 (guint8, self->n) : NULL;

  for (gsize i = 0; mask && i < n; i++)
    if (points[i] < self->n)
      mask[points[i]] = 1;
  set_mask (self, mask, -1);
}

void
ws_token_map_highlight_cluster (WsTokenMap *self, int cluster)
{
  guint8 *mask = NULL;

  if (cluster >= (int) self->clusters->len)
    cluster = -1;
  if (cluster >= 0)
    mask = g_new (guint8, self->n);
  for (gsize i = 0; mask && i < self->n; i++)
    mask[i] = ws_token_map_get_cluster (self, i) == cluster;
  set_mask (self, mask, cluster);
}

void
ws_token_map_set_marked (WsTokenMap *self, int index, const char *name)
{
  char *shown = index >= 0 && name ? ws_format_name (name) : NULL;

  g_free (self->marked_name);
  self->marked_name = shown;
  self->marked = index;
  forget_picture (self);
}

void
ws_token_map_set_coloring (WsTokenMap *self, WsTokenMapColoring coloring)
{
  self->coloring = coloring;
  forget_picture (self);
}

void
ws_token_map_set_theme (WsTokenMap *self, WsChartTheme theme)
{
  self->theme = theme;
  forget_picture (self);
}

void
ws_token_map_set_font (WsTokenMap *self, const char *family, double size)
{
  g_free (self->family);
  self->family = g_strdup (family);
  self->font_size = size;
  forget_picture (self);
}

void
ws_token_map_set_resolution (WsTokenMap *self, double resolution)
{
  g_return_if_fail (resolution >= 0);
  self->resolution = resolution;
  forget_picture (self);
}

void
ws_token_map_set_view (WsTokenMap *self, const WsChartView *view)
{
  self->has_view = view && isfinite (view->x_min) && isfinite (view->x_max) &&
                   isfinite (view->y_min) && isfinite (view->y_max) && view->x_min < view->x_max &&
                   view->y_min < view->y_max;
  if (self->has_view)
    self->view = *view;
  forget_picture (self);
  /* The places of the axes hold until the next draw, so that views can follow on one another. */
  if (self->has_axes)
    ws_token_map_set_scales (self, &self->x, &self->y);
}

const float *
ws_token_map_peek_xy (const WsTokenMap *self)
{
  return g_bytes_get_data (self->xy, NULL);
}

guint32
ws_token_map_get_id (const WsTokenMap *self, gsize index)
{
  return self->ids ? ((const guint32 *) g_bytes_get_data (self->ids, NULL))[index]
                   : (guint32) index;
}

double
ws_token_map_get_norm (const WsTokenMap *self, gsize index)
{
  return self->norms ? ((const float *) g_bytes_get_data (self->norms, NULL))[index] : NAN;
}

int
ws_token_map_get_cluster (const WsTokenMap *self, gsize index)
{
  return self->labels && index < self->n
             ? (int) ((const guint32 *) g_bytes_get_data (self->labels, NULL))[index]
             : -1;
}

gboolean
ws_token_map_get_effective_coloring (const WsTokenMap *self, WsTokenMapColoring *coloring)
{
  *coloring = self->coloring;
  if (self->coloring == WS_TOKEN_MAP_NORM)
    return self->norms && self->norm_range[0] < self->norm_range[1];
  return self->coloring == WS_TOKEN_MAP_ID ? self->max_id > 0 : self->labels != NULL;
}

void
ws_token_map_get_color (const WsTokenMap *self, guint cluster, double rgb[3])
{
  WsColor color = ws_palette_get_cluster (cluster, self->theme == WS_CHART_DARK);

  rgb[0] = color.r;
  rgb[1] = color.g;
  rgb[2] = color.b;
}
