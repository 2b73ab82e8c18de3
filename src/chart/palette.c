/* SPDX-License-Identifier: MIT */
/* Colours of charts. */
#include "chart/palette.h"

#include <math.h>

static const guint32 series_light[WS_PALETTE_SERIES] = {
  0x0072B2, 0xD55E00, 0x009E73, 0xC46A9D, 0xC98600, 0x6B62C9, 0x555B62, 0x9B6A3C,
};
static const guint32 series_dark[WS_PALETTE_SERIES] = {
  0x56B4E9, 0xF5925A, 0x33C497, 0xDE94BC, 0xEBB33F, 0x8FA6FF, 0xC9CED4, 0xC79A6B,
};

static const guint32 viridis[] = {
  0x440154, 0x482576, 0x414487, 0x35608D, 0x2A788E, 0x21908C,
  0x22A884, 0x43BF71, 0x7AD151, 0xBBDF27, 0xFDE725,
};

/* Below this, viridis has a contrast under 1.5 on the dark ground. */
#define SEQUENTIAL_DARK_START 0.2

/* A trailing 0 ends a row. The first lines, which most charts have no more of, are the calmest. */
static const double dashes_of_series[WS_PALETTE_SERIES][6] = {
  { 0 },
  { 5, 2 },
  { 1.2, 1.6 },
  { 6, 2, 1.2, 2 },
  { 10, 2.5 },
  { 2.6, 1.6 },
  { 6, 2, 1.2, 2, 1.2, 2 },
  { 10, 2, 3, 2 },
};

WsColor
ws_color_from_hex (guint32 rrggbb)
{
  return (WsColor){ (rrggbb >> 16 & 0xFF) / 255.0, (rrggbb >> 8 & 0xFF) / 255.0,
                    (rrggbb & 0xFF) / 255.0 };
}

WsColor
ws_color_mix (WsColor a, WsColor b, double share)
{
  return (WsColor){ a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share,
                    a.b + (b.b - a.b) * share };
}

static double
get_linear (double channel)
{
  return channel <= 0.03928 ? channel / 12.92 : pow ((channel + 0.055) / 1.055, 2.4);
}

static double
get_luminance (WsColor color)
{
  return 0.2126 * get_linear (color.r) + 0.7152 * get_linear (color.g) +
         0.0722 * get_linear (color.b);
}

double
ws_color_get_contrast (WsColor a, WsColor b)
{
  double la = get_luminance (a), lb = get_luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

WsColor
ws_color_for_text (WsColor color, WsColor ground)
{
  const WsColor black = { 0, 0, 0 }, white = { 1, 1, 1 };
  WsColor end =
      ws_color_get_contrast (ground, black) > ws_color_get_contrast (ground, white) ? black : white;
  WsColor text = color;

  for (int i = 1; i <= 20 && ws_color_get_contrast (text, ground) < 4.5; i++)
    text = ws_color_mix (color, end, i / 20.0);
  return text;
}

WsColor
ws_palette_get_series (guint i, gboolean dark)
{
  g_return_val_if_fail (i < WS_PALETTE_SERIES, ((WsColor){ 0, 0, 0 }));
  return ws_color_from_hex (dark ? series_dark[i] : series_light[i]);
}

WsColor
ws_palette_get_cluster (guint i, gboolean dark)
{
  WsColor color = ws_palette_get_series (i % WS_PALETTE_SERIES, dark);

  switch (i / WS_PALETTE_SERIES % 3)
    {
    case 0:
      return color;
    case 1:
      return ws_color_mix (color, ws_color_from_hex (dark ? 0xFFFFFF : 0x000000), 0.4);
    default:
      return ws_color_mix (color, ws_color_from_hex (dark ? 0x000000 : 0xFFFFFF), 0.35);
    }
}

guint
ws_palette_get_dashes (guint i, double dashes[6])
{
  guint n = 0;

  g_return_val_if_fail (i < WS_PALETTE_SERIES, 0);
  while (n < 6 && dashes_of_series[i][n] > 0)
    {
      dashes[n] = dashes_of_series[i][n];
      n++;
    }
  return n;
}

WsColor
ws_palette_get_viridis (double t)
{
  const guint last = G_N_ELEMENTS (viridis) - 1;
  double position = CLAMP (t, 0, 1) * last;
  guint i = MIN ((guint) position, last - 1);

  return ws_color_mix (ws_color_from_hex (viridis[i]), ws_color_from_hex (viridis[i + 1]),
                       position - i);
}

WsColor
ws_palette_get_sequential (double t, gboolean dark)
{
  double start = dark ? SEQUENTIAL_DARK_START : 0;

  return ws_palette_get_viridis (start + CLAMP (t, 0, 1) * (1 - start));
}
