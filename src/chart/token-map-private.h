/* SPDX-License-Identifier: MIT */
/* What the files of the token map share. */
#pragma once

#include "chart/plot.h"
#include "chart/point-grid.h"
#include "chart/token-map.h"

G_BEGIN_DECLS

typedef struct
{
  char *name;  /* safe to show */
  gsize n;     /* members that have a place */
  double x, y; /* medians of their coordinates */
} WsTokenMapCluster;

struct _WsTokenMap
{
  gsize n;
  GBytes *xy;     /* n pairs of float */
  GBytes *ids;    /* (nullable) n guint32 */
  GBytes *norms;  /* (nullable) n float */
  GBytes *labels; /* (nullable) n guint32 below clusters->len */
  WsPointGrid *grid;
  WsChartView core;     /* what is shown at first: all points, or all but a few that are far out */
  GArray *clusters;     /* (element-type WsTokenMapCluster) */
  double norm_range[2]; /* of the colours */
  guint32 max_id;
  double variance[2];
  GBytes *highlight; /* (nullable) n guint8: 1 where highlighted */
  gsize n_highlighted;
  int highlighted_cluster;
  int marked;        /* -1: none */
  char *marked_name; /* (nullable) safe to show */
  WsTokenMapColoring coloring;
  WsChartTheme theme;
  char *family;
  double font_size;
  double resolution;
  gboolean has_view;
  WsChartView view;
  /* of the last draw */
  gboolean has_axes;
  WsScale x, y;
  gboolean has_picture;
  cairo_surface_t *picture; /* (nullable) all of a screen drawing, kept until something changes */
  double picture_width, picture_height, picture_scale;
};

typedef struct
{
  const WsTokenMap *map;
  WsCanvas canvas;
  WsPlot plot;
  GArray *taken; /* (owned) (element-type WsBox) what names leave free */
} WsTokenMapDrawing;

/* token-map.c */
const float *ws_token_map_peek_xy (const WsTokenMap *self);
guint32 ws_token_map_get_id (const WsTokenMap *self, gsize index);
double ws_token_map_get_norm (const WsTokenMap *self, gsize index);
int ws_token_map_get_cluster (const WsTokenMap *self, gsize index);
/* By what the points are coloured, given what is known. FALSE: by nothing. */
gboolean ws_token_map_get_effective_coloring (const WsTokenMap *self, WsTokenMapColoring *coloring);

/* token-map-view.c */
/* Sets the ends of the axes to the view, made wider or higher until both have the same scale.
 * Their places are known. */
void ws_token_map_set_scales (const WsTokenMap *self, WsScale *x, WsScale *y);

/* token-map-density.c */
void ws_token_map_draw_density (WsTokenMapDrawing *self);

/* token-map-names.c */
/* The names of clusters where they cover neither each other nor what is marked or highlighted. */
void ws_token_map_draw_names (WsTokenMapDrawing *self);
void ws_token_map_draw_mark (WsTokenMapDrawing *self);

G_END_DECLS
