/* SPDX-License-Identifier: MIT */
/* Many points as pixels.
 *
 * While points are counted, the surface itself holds for each pixel the number of its slot (0:
 * none yet), so that only pixels with a point cost anything; the slots become colours at last. */
#include "chart/density.h"

#include <math.h>
#include <string.h>

/* Larger points than this are no density any more. */
#define MAX_SIDE 32

typedef struct
{
  float n, r, g, b; /* weighted counts and sums */
  guint32 pixel;    /* its place, in pixels from the first */
} Slot;

typedef struct
{
  int side;
  float weights[MAX_SIDE * MAX_SIDE];
} Kernel;

typedef struct
{
  guint32 *pixels;
  gsize stride; /* in pixels */
  int width, height;
  Slot *slots;
  guint32 n_slots;
} Raster;

/* The share of a disc on each of the pixels around its centre. */
static void
kernel_init (Kernel *self, double diameter)
{
  double radius = CLAMP (diameter, 1, MAX_SIDE) / 2;

  self->side = (int) ceil (2 * radius - 1e-9);
  for (int row = 0; row < self->side; row++)
    for (int column = 0; column < self->side; column++)
      {
        double distance = hypot (column + 0.5 - self->side / 2.0, row + 0.5 - self->side / 2.0);

        self->weights[row * self->side + column] =
            self->side == 1 ? 1 : (float) CLAMP (radius - distance + 0.5, 0, 1);
      }
}

/* The pixel that the middle of point @i is on. FALSE: it is off the surface by more than @reach. */
static gboolean
find_pixel (const WsDensityPoints *points, const WsDensityPlan *plan, gsize i, double reach,
            int width, int height, double *x, double *y)
{
  *x = (points->xy[2 * i] - plan->x0) * plan->x_scale;
  *y = (points->xy[2 * i + 1] - plan->y0) * plan->y_scale;
  /* FALSE for NAN too */
  return *x >= -reach && *x < width + reach && *y >= -reach && *y < height + reach;
}

static gsize
get_index (const WsDensityPoints *points, gsize i)
{
  return points->order ? points->order[i] : i;
}

static gboolean
is_wanted (const WsDensityPoints *points, gsize i)
{
  return !points->mask || points->mask[i] == points->wanted;
}

gsize
ws_density_count (const WsDensityPoints *points, const WsDensityPlan *plan, int width, int height)
{
  gsize n = 0;
  double x, y;

  for (gsize j = 0; j < points->n; j++)
    {
      gsize i = get_index (points, j);

      n += is_wanted (points, i) && find_pixel (points, plan, i, 0, width, height, &x, &y);
    }
  return n;
}

static void
add_to_pixel (Raster *raster, int x, int y, float weight, const WsColor *color)
{
  guint32 pixel = (guint32) (y * raster->stride + x);
  Slot *slot;

  if (raster->pixels[pixel] == 0)
    {
      raster->slots[raster->n_slots] = (Slot){ .pixel = pixel };
      raster->pixels[pixel] = ++raster->n_slots;
    }
  slot = &raster->slots[raster->pixels[pixel] - 1];
  slot->n += weight;
  slot->r += weight * (float) color->r;
  slot->g += weight * (float) color->g;
  slot->b += weight * (float) color->b;
}

static void
add_point (Raster *raster, const Kernel *kernel, int left, int top, const WsColor *color)
{
  int first_row = MAX (0, -top), end_row = MIN (kernel->side, raster->height - top);
  int first_column = MAX (0, -left), end_column = MIN (kernel->side, raster->width - left);

  for (int row = first_row; row < end_row; row++)
    for (int column = first_column; column < end_column; column++)
      {
        float weight = kernel->weights[row * kernel->side + column];

        if (weight > 0)
          add_to_pixel (raster, left + column, top + row, weight, color);
      }
}

static guint32
scale_to_byte (double value)
{
  return (guint32) (CLAMP (value, 0, 1) * 255 + 0.5);
}

/* Premultiplied, as Cairo wants it. */
static guint32
get_pixel (const Slot *slot, double weight)
{
  double alpha = 1 - exp (-weight * slot->n);
  double share = alpha / slot->n;

  return scale_to_byte (alpha) << 24 | scale_to_byte (slot->r * share) << 16 |
         scale_to_byte (slot->g * share) << 8 | scale_to_byte (slot->b * share);
}

static gsize
get_max_slots (const WsDensityPoints *points, const Raster *raster, int side)
{
  return MIN (points->n * side * side, (gsize) raster->width * raster->height);
}

void
ws_density_draw (cairo_surface_t *surface, const WsDensityPoints *points, const WsDensityPlan *plan)
{
  Raster raster = { .width = cairo_image_surface_get_width (surface),
                    .height = cairo_image_surface_get_height (surface),
                    .stride = cairo_image_surface_get_stride (surface) / sizeof (guint32) };
  Kernel kernel;
  double corner;

  g_return_if_fail (cairo_image_surface_get_format (surface) == CAIRO_FORMAT_ARGB32);
  cairo_surface_flush (surface);
  raster.pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  kernel_init (&kernel, plan->diameter);
  raster.slots = g_new (Slot, get_max_slots (points, &raster, kernel.side) + 1);
  corner = (kernel.side - 1) / 2.0;
  for (gsize j = 0; j < points->n; j++)
    {
      gsize i = get_index (points, j);
      double x, y;

      if (is_wanted (points, i) &&
          find_pixel (points, plan, i, kernel.side, raster.width, raster.height, &x, &y))
        add_point (&raster, &kernel, (int) floor (x - corner), (int) floor (y - corner),
                   &points->palette[points->colors[i]]);
    }
  for (guint32 i = 0; i < raster.n_slots; i++)
    raster.pixels[raster.slots[i].pixel] = get_pixel (&raster.slots[i], plan->weight);
  g_free (raster.slots);
  cairo_surface_mark_dirty (surface);
}
