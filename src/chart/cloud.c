/* SPDX-License-Identifier: MIT */
/* Points as a density within a plot. */
#include "chart/cloud.h"

#include <math.h>

#define PAPER_RESOLUTION (300 / 72.0)
/* Pixels along one side; Cairo has no more than 32 767, and no printer shows them. */
#define MAX_PIXELS 16000.0
/* n points over each other leave exp (-0.34 n) of the ground, by the look of it: one alone is
 * still seen, a dozen are nearly solid. */
#define WEIGHT 0.34
/* The weight of a point alone in its neighbourhood, which is drawn larger. */
#define LONE_WEIGHT 1.6
/* A point's diameter, in mean distances between the points of the plot. */
#define DIAMETER 0.28
/* A point's least diameter on paper, in points: finer ones leave no colour in print. */
#define LEAST_ON_PAPER 0.45

/* The rectangle of pixels that covers the plot. */
typedef struct
{
  double resolution;
  int left, top, width, height;
} Frame;

static double
get_own_resolution (const WsCanvas *canvas)
{
  cairo_surface_t *target = cairo_get_target (canvas->cr);
  double x = 1, y = 0, x_scale, y_scale;

  if (!canvas->style.print)
    return 1;
  if (cairo_surface_get_type (target) != CAIRO_SURFACE_TYPE_IMAGE)
    return PAPER_RESOLUTION;
  cairo_user_to_device_distance (canvas->cr, &x, &y);
  cairo_surface_get_device_scale (target, &x_scale, &y_scale);
  return MAX (hypot (x, y) * x_scale, 1);
}

static void
frame_init (Frame *self, const WsCloud *cloud, const WsCanvas *canvas, const WsPlot *plot)
{
  double resolution = cloud->resolution > 0 ? cloud->resolution : get_own_resolution (canvas);

  self->resolution = MIN (resolution, MAX_PIXELS / MAX (plot->width, plot->height));
  self->left = (int) floor (plot->left * self->resolution + 1e-6);
  self->top = (int) floor (plot->top * self->resolution + 1e-6);
  self->width = MAX ((int) ceil (plot->right * self->resolution - 1e-6) - self->left, 1);
  self->height = MAX ((int) ceil (plot->bottom * self->resolution - 1e-6) - self->top, 1);
}

static WsDensityPlan
make_plan (const Frame *frame, const WsPlot *plot)
{
  WsDensityPlan plan = {
    .x_scale = frame->resolution * (plot->x.to - plot->x.from) / (plot->x.max - plot->x.min),
    .y_scale = frame->resolution * (plot->y.to - plot->y.from) / (plot->y.max - plot->y.min),
  };

  plan.x0 = plot->x.min - (plot->x.from * frame->resolution - frame->left) / plan.x_scale;
  plan.y0 = plot->y.min - (plot->y.from * frame->resolution - frame->top) / plan.y_scale;
  return plan;
}

static void
choose_size (WsDensityPlan *plan, const WsCloud *cloud, const Frame *frame,
             const WsChartStyle *style)
{
  /* On a finer screen a pixel is smaller, and more solid for it. */
  double least = style->print ? LEAST_ON_PAPER : 1 / frame->resolution;
  double base = style->print ? WEIGHT : WEIGHT * MAX (frame->resolution, 1);
  double greatest = 1.4 * style->dot;
  gsize n = ws_density_count (&cloud->points, plan, frame->width, frame->height);
  double area = frame->width * (double) frame->height / (frame->resolution * frame->resolution);
  double diameter = CLAMP (DIAMETER * sqrt (area / MAX (n, 1)), least, greatest);
  double weight = base + (MAX (LONE_WEIGHT, base) - base) * (diameter - least) / (greatest - least);

  plan->weight = MAX (cloud->strength * weight, cloud->min_weight);
  plan->diameter = diameter * frame->resolution;
  /* A disc of little more than a pixel is a blur on four. */
  if (plan->diameter < 1.6)
    plan->diameter = 1;
}

static void
paint (cairo_surface_t *surface, const Frame *frame, WsCanvas *canvas, const WsPlot *plot)
{
  cairo_t *cr = canvas->cr;

  cairo_save (cr);
  cairo_rectangle (cr, plot->left, plot->top, plot->right - plot->left, plot->bottom - plot->top);
  cairo_clip (cr);
  cairo_scale (cr, 1 / frame->resolution, 1 / frame->resolution);
  cairo_set_source_surface (cr, surface, frame->left, frame->top);
  /* Pixels are pixels: no viewer is to make a blur of them. */
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
  cairo_paint (cr);
  cairo_restore (cr);
}

void
ws_cloud_draw (const WsCloud *self, WsCanvas *canvas, const WsPlot *plot)
{
  cairo_surface_t *surface;
  WsDensityPlan plan;
  Frame frame;

  frame_init (&frame, self, canvas, plot);
  plan = make_plan (&frame, plot);
  choose_size (&plan, self, &frame, &canvas->style);
  surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, frame.width, frame.height);
  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      ws_density_draw (surface, &self->points, &plan);
      paint (surface, &frame, canvas, plot);
    }
  cairo_surface_destroy (surface);
}
