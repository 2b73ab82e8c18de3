/* SPDX-License-Identifier: MIT */
/* Colours, widths and distances of a chart theme. */
#include "chart/chart-style.h"

#define SCREEN_FONT_SIZE 11.0
#define PAPER_FONT_SIZE 7.0

/* Lines never get finer than journals print them, but grow with the text of a slide. */
static void
init_paper (WsChartStyle *self, double font_size)
{
  double size = font_size > 0 ? font_size : PAPER_FONT_SIZE;
  double unit = MAX (size / PAPER_FONT_SIZE, 1);

  *self = (WsChartStyle){
    .print = TRUE,
    .family = "DejaVu Sans, sans",
    .font_size = size,
    .ground = ws_color_from_hex (0xFFFFFF),
    .rule_width = 0.5 * unit,
    .line = 0.8 * unit,
    .chosen_line = 1.1 * unit,
    .thin_line = 0.55 * unit,
    .tick = 2.2 * unit,
    .minor_tick = 1.3 * unit,
    .tick_pad = 2 * unit,
    .dot = 1.7 * unit,
    .drop_dash = { 2 * unit, 1.4 * unit },
    .margin = 2.5 * unit,
    .gap = 4 * unit,
  };
}

static void
init_screen (WsChartStyle *self, double font_size, gboolean dark)
{
  double size = font_size > 0 ? font_size : SCREEN_FONT_SIZE;
  double unit = size / SCREEN_FONT_SIZE;

  *self = (WsChartStyle){
    .dark = dark,
    .family = "sans",
    .font_size = size,
    .ground = ws_color_from_hex (dark ? 0x17191C : 0xFFFFFF),
    .ink = ws_color_from_hex (dark ? 0xE4E7EA : 0x1C2024),
    .muted = ws_color_from_hex (dark ? 0xA3ABB3 : 0x5F6670),
    .rule_width = 1,
    .line = 1.5 * unit,
    .chosen_line = 2.2 * unit,
    .thin_line = 1.2 * unit,
    .tick = 4 * unit,
    .minor_tick = 2 * unit,
    .tick_pad = 4 * unit,
    .dot = 3.5 * unit,
    .drop_dash = { 3 * unit, 3 * unit },
    .margin = 8 * unit,
    .gap = 10 * unit,
  };
  self->rule = ws_color_mix (self->ground, self->ink, 0.35);
  self->grid = ws_color_mix (self->ground, self->ink, 0.07);
}

void
ws_chart_style_init (WsChartStyle *self, WsChartTheme theme, double font_size)
{
  if (theme == WS_CHART_PAPER)
    init_paper (self, font_size);
  else
    init_screen (self, font_size, theme == WS_CHART_DARK);
}

void
ws_chart_set_color (cairo_t *cr, WsColor color)
{
  cairo_set_source_rgb (cr, color.r, color.g, color.b);
}
