/* SPDX-License-Identifier: MIT */
/* A share of a whole as a short bar. Coloured by CSS: the bar by `color`, the track by the named
 * colour ws_track, the tick by ws_fg. */
#include "mini-bar.h"

#include <math.h>

#define WIDTH 44
#define BAR_HEIGHT 5
#define TICK_HEIGHT 11

struct _WsMiniBar
{
  GtkWidget parent_instance;

  double share;
  double tick;
  GdkRGBA color; /* alpha 0: that of the style */
};

G_DEFINE_FINAL_TYPE (WsMiniBar, ws_mini_bar, GTK_TYPE_WIDGET)

static void
append_bar (GtkSnapshot *snapshot, const GdkRGBA *color, float y, float width)
{
  GskRoundedRect bar;

  gsk_rounded_rect_init_from_rect (&bar, &GRAPHENE_RECT_INIT (0, y, width, BAR_HEIGHT),
                                   MIN (width, BAR_HEIGHT) / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &bar);
  gtk_snapshot_append_color (snapshot, color, &bar.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
ws_mini_bar_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WsMiniBar *self = WS_MINI_BAR (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float width = gtk_widget_get_width (widget);
  float middle = gtk_widget_get_height (widget) / 2.0f;
  float y = roundf (middle - BAR_HEIGHT / 2.0f);
  GdkRGBA fill, track, tick;

  if (isnan (self->share))
    return;
  gtk_style_context_get_color (style, &fill);
  if (self->color.alpha > 0)
    fill = self->color;
  if (!gtk_style_context_lookup_color (style, "ws_track", &track))
    track = (GdkRGBA){ 0.5, 0.5, 0.5, 0.2 };
  if (!gtk_style_context_lookup_color (style, "ws_fg", &tick))
    tick = fill;
  if (rtl)
    {
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (width, 0));
      gtk_snapshot_scale (snapshot, -1, 1);
    }
  append_bar (snapshot, &track, y, width);
  append_bar (snapshot, &fill, y, roundf (CLAMP (self->share, 0, 1) * width));
  if (!isnan (self->tick))
    gtk_snapshot_append_color (snapshot, &tick,
                               &GRAPHENE_RECT_INIT (roundf (CLAMP (self->tick, 0, 1) * width),
                                                    roundf (middle - TICK_HEIGHT / 2.0f), 1,
                                                    TICK_HEIGHT));
}

static void
ws_mini_bar_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WIDTH : TICK_HEIGHT;
}

static void
ws_mini_bar_class_init (WsMiniBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = ws_mini_bar_snapshot;
  widget_class->measure = ws_mini_bar_measure;
  gtk_widget_class_set_css_name (widget_class, "minibar");
  /* The number beside it says the same. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ws_mini_bar_init (WsMiniBar *self)
{
  self->share = self->tick = NAN;
}

GtkWidget *
ws_mini_bar_new (void)
{
  return g_object_new (WS_TYPE_MINI_BAR, NULL);
}

void
ws_mini_bar_set_values (WsMiniBar *self, double share, double tick)
{
  g_return_if_fail (WS_IS_MINI_BAR (self));

  self->share = share;
  self->tick = tick;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
ws_mini_bar_set_color (WsMiniBar *self, const GdkRGBA *color)
{
  g_return_if_fail (WS_IS_MINI_BAR (self));

  self->color = color != NULL ? *color : (GdkRGBA){ 0 };
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
