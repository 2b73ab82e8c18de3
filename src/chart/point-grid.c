/* SPDX-License-Identifier: MIT */
/* Points of the plane in cells. */
#include "chart/point-grid.h"

#include <math.h>
#include <string.h>

/* Points to a cell, if they were spread evenly. */
#define POINTS_PER_CELL 4
#define MAX_SIDE 512
/* Edges of a polygon are sorted into this many rows, so that a point meets few of them. */
#define N_ROWS 256

struct _WsPointGrid
{
  GBytes *bytes;
  const float *xy;
  gsize n;
  double x_min, x_max, y_min, y_max;
  guint side;       /* cells in a row and in a column */
  guint32 *starts;  /* side * side + 1 places in @indices */
  guint32 *indices; /* of the finite points, by cell, ascending in each */
  gatomicrefcount ref_count;
};

static gboolean
is_finite (const WsPointGrid *self, gsize i)
{
  return isfinite (self->xy[2 * i]) && isfinite (self->xy[2 * i + 1]);
}

static gsize
find_extent (WsPointGrid *self)
{
  gsize n_finite = 0;

  for (gsize i = 0; i < self->n; i++)
    {
      double x = self->xy[2 * i], y = self->xy[2 * i + 1];

      if (!is_finite (self, i))
        continue;
      self->x_min = n_finite > 0 ? MIN (self->x_min, x) : x;
      self->x_max = n_finite > 0 ? MAX (self->x_max, x) : x;
      self->y_min = n_finite > 0 ? MIN (self->y_min, y) : y;
      self->y_max = n_finite > 0 ? MAX (self->y_max, y) : y;
      n_finite++;
    }
  return n_finite;
}

/* The cell of @value along one axis, clamped to those there are. */
static guint
find_cell (double value, double min, double max, guint side)
{
  double share = max > min ? (value - min) / (max - min) : 0;

  return (guint) CLAMP (share * side, 0, side - 1.0);
}

static guint
find_cell_of_point (const WsPointGrid *self, gsize i)
{
  return find_cell (self->xy[2 * i + 1], self->y_min, self->y_max, self->side) * self->side +
         find_cell (self->xy[2 * i], self->x_min, self->x_max, self->side);
}

/* Counting sort. */
static void
sort_into_cells (WsPointGrid *self, gsize n_finite)
{
  gsize n_cells = (gsize) self->side * self->side;
  g_autofree guint32 *next = NULL;

  self->starts = g_new0 (guint32, n_cells + 1);
  self->indices = g_new (guint32, n_finite);
  for (gsize i = 0; i < self->n; i++)
    if (is_finite (self, i))
      self->starts[find_cell_of_point (self, i) + 1]++;
  for (gsize cell = 0; cell < n_cells; cell++)
    self->starts[cell + 1] += self->starts[cell];
  next = g_memdup2 (self->starts, n_cells * sizeof (guint32));
  for (gsize i = 0; i < self->n; i++)
    if (is_finite (self, i))
      self->indices[next[find_cell_of_point (self, i)]++] = (guint32) i;
}

WsPointGrid *
ws_point_grid_new (GBytes *xy)
{
  WsPointGrid *self = g_new0 (WsPointGrid, 1);
  gsize n_finite;

  self->bytes = g_bytes_ref (xy);
  self->xy = g_bytes_get_data (xy, &self->n);
  self->n /= 2 * sizeof (float);
  g_atomic_ref_count_init (&self->ref_count);
  n_finite = find_extent (self);
  self->side = (guint) CLAMP (sqrt (n_finite / (double) POINTS_PER_CELL), 1, MAX_SIDE);
  sort_into_cells (self, n_finite);
  return self;
}

WsPointGrid *
ws_point_grid_ref (WsPointGrid *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ws_point_grid_unref (WsPointGrid *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_bytes_unref (self->bytes);
  g_free (self->starts);
  g_free (self->indices);
  g_free (self);
}

void
ws_point_grid_get_extent (const WsPointGrid *self, double *x_min, double *x_max, double *y_min,
                          double *y_max)
{
  *x_min = self->x_min;
  *x_max = self->x_max;
  *y_min = self->y_min;
  *y_max = self->y_max;
}

const guint32 *
ws_point_grid_peek_order (const WsPointGrid *self, gsize *n)
{
  *n = self->starts[(gsize) self->side * self->side];
  return self->indices;
}

typedef struct
{
  double x, y, best; /* squared distance */
  const guint8 *mask;
  guint32 index;
  gboolean found;
} Search;

static void
search_cell (const WsPointGrid *self, gsize cell, Search *search)
{
  for (guint32 j = self->starts[cell]; j < self->starts[cell + 1]; j++)
    {
      guint32 i = self->indices[j];
      double dx = self->xy[2 * (gsize) i] - search->x, dy = self->xy[2 * (gsize) i + 1] - search->y;
      double distance = dx * dx + dy * dy;

      if (distance > search->best || (search->mask && !search->mask[i]) ||
          (distance == search->best && search->found && i > search->index))
        continue;
      search->best = distance;
      search->index = i;
      search->found = TRUE;
    }
}

gboolean
ws_point_grid_find_nearest (const WsPointGrid *self, double x, double y, double reach,
                            const guint8 *mask, guint32 *index)
{
  Search search = { .x = x, .y = y, .best = reach * reach, .mask = mask };
  guint first_row, last_row, first_column, last_column;

  if (!isfinite (x) || !isfinite (y) || !(reach >= 0))
    return FALSE;
  first_row = find_cell (y - reach, self->y_min, self->y_max, self->side);
  last_row = find_cell (y + reach, self->y_min, self->y_max, self->side);
  first_column = find_cell (x - reach, self->x_min, self->x_max, self->side);
  last_column = find_cell (x + reach, self->x_min, self->x_max, self->side);
  for (guint row = first_row; row <= last_row; row++)
    for (guint column = first_column; column <= last_column; column++)
      search_cell (self, (gsize) row * self->side + column, &search);
  if (search.found)
    *index = search.index;
  return search.found;
}

typedef struct
{
  double x0, y0, x1, y1; /* y0 < y1 */
} Edge;

typedef struct
{
  double x_min, x_max, y_min, y_max;
  GArray *rows[N_ROWS]; /* (element-type Edge) those that pass through the row */
} Polygon;

static guint
find_row (const Polygon *polygon, double y)
{
  return find_cell (y, polygon->y_min, polygon->y_max, N_ROWS);
}

static void
add_edge (Polygon *polygon, const double *a, const double *b)
{
  Edge edge = a[1] < b[1] ? (Edge){ a[0], a[1], b[0], b[1] } : (Edge){ b[0], b[1], a[0], a[1] };

  if (edge.y0 == edge.y1)
    return;
  for (guint row = find_row (polygon, edge.y0); row <= find_row (polygon, edge.y1); row++)
    {
      if (!polygon->rows[row])
        polygon->rows[row] = g_array_new (FALSE, FALSE, sizeof (Edge));
      g_array_append_val (polygon->rows[row], edge);
    }
}

static gboolean
polygon_init (Polygon *self, const double *corners, gsize n)
{
  *self = (Polygon){ INFINITY, -INFINITY, INFINITY, -INFINITY, { NULL } };
  for (gsize i = 0; i < n; i++)
    {
      double x = corners[2 * i], y = corners[2 * i + 1];

      if (!isfinite (x) || !isfinite (y))
        return FALSE;
      self->x_min = MIN (self->x_min, x);
      self->x_max = MAX (self->x_max, x);
      self->y_min = MIN (self->y_min, y);
      self->y_max = MAX (self->y_max, y);
    }
  if (n < 3 || !(self->y_max > self->y_min))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    add_edge (self, &corners[2 * i], &corners[2 * ((i + 1) % n)]);
  return TRUE;
}

static void
polygon_clear (Polygon *self)
{
  for (guint row = 0; row < N_ROWS; row++)
    g_clear_pointer (&self->rows[row], g_array_unref);
}

/* Whether a ray to the left crosses an odd number of edges. */
static gboolean
polygon_contains (const Polygon *self, double x, double y)
{
  GArray *row;
  gboolean inside = FALSE;

  /* FALSE for NAN too */
  if (!(x >= self->x_min && x <= self->x_max && y >= self->y_min && y <= self->y_max))
    return FALSE;
  row = self->rows[find_row (self, y)];
  for (guint i = 0; row && i < row->len; i++)
    {
      const Edge *edge = &g_array_index (row, Edge, i);

      if (y >= edge->y0 && y < edge->y1 &&
          x > edge->x0 + (y - edge->y0) / (edge->y1 - edge->y0) * (edge->x1 - edge->x0))
        inside = !inside;
    }
  return inside;
}

GArray *
ws_point_grid_find_inside (const WsPointGrid *self, const double *polygon, gsize n)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (guint32));
  Polygon edges;

  if (polygon_init (&edges, polygon, n))
    for (gsize i = 0; i < self->n; i++)
      {
        guint32 index = (guint32) i;

        if (polygon_contains (&edges, self->xy[2 * i], self->xy[2 * i + 1]))
          g_array_append_val (found, index);
      }
  polygon_clear (&edges);
  return found;
}
