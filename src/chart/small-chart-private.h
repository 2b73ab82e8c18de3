/* SPDX-License-Identifier: MIT */
/* What the kinds of small charts share. */
#pragma once

#include "chart/card.h"
#include "chart/histogram.h"
#include "chart/plot.h"
#include "chart/point-grid.h"
#include "chart/small-chart.h"

G_BEGIN_DECLS

/* What a kind of small chart does in its own way. */
typedef struct
{
  gsize (*get_n_items) (const WsSmallChart *chart);
  /* Sets the ends of the axes and how their ticks are chosen. FALSE: there is nothing to draw. */
  gboolean (*set_plan) (const WsSmallChart *chart, const WsCanvas *canvas, WsPlotPlan *plan);
  /* What lies within the axes, which are drawn already. */
  void (*draw) (const WsSmallChart *chart, WsCanvas *canvas, const WsPlot *plot);
  /* The item at a place within the plot. */
  gboolean (*find) (const WsSmallChart *chart, double x, double y, gsize *item);
  void (*get_place) (const WsSmallChart *chart, gsize item, double *x, double *y);
  WsCard *(*make_card) (const WsSmallChart *chart, const WsCanvas *canvas, gsize item);
  char *(*describe) (const WsSmallChart *chart);
} WsSmallChartKind;

extern const WsSmallChartKind ws_small_bars, ws_small_histogram, ws_small_cloud, ws_small_shares;

struct _WsSmallChart
{
  const WsSmallChartKind *kind;
  char *x_title, *y_title; /* markup */
  WsChartTheme theme;
  char *family;
  double font_size;
  double resolution;
  gint ref_count; /* atomic */
  /* bars */
  char **names;
  guint64 *counts;
  guint n_bars;
  /* histogram */
  WsHistogram histogram;
  /* cloud */
  GBytes *xy;
  WsPointGrid *grid;
  guint8 *marks; /* (nullable) 1 where a point is pointed out */
  gsize n_marked;
  /* shares */
  double *shares; /* of the first i + 1 */
  gsize n_shares;
  double mark;
  gsize mark_rank; /* 0: none */
  /* of the last draw */
  gboolean has_axes;
  WsScale x, y;
};

/* small-chart.c */
WsSmallChart *ws_small_chart_new (const WsSmallChartKind *kind);
char *ws_small_chart_dup_percent (double share);
/* Ticks of whole numbers, and of numbers. */
GArray *ws_small_chart_choose_x_counts (const WsScale *scale, const WsChartStyle *style,
                                        gconstpointer user_data);
GArray *ws_small_chart_choose_x_numbers (const WsScale *scale, const WsChartStyle *style,
                                         gconstpointer user_data);
GArray *ws_small_chart_choose_y_counts (const WsScale *scale, const WsChartStyle *style,
                                        gconstpointer user_data);
GArray *ws_small_chart_choose_y_numbers (const WsScale *scale, const WsChartStyle *style,
                                         gconstpointer user_data);

G_END_DECLS
