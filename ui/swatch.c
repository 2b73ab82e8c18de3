/* SPDX-License-Identifier: MIT */
/* A small square in the colour of a line. */
#include "swatch.h"

#define SIZE 9
#define RADIUS 2

struct _WsSwatch
{
  GtkWidget parent_instance;

  GdkRGBA color; /* alpha 0: none */
};

G_DEFINE_FINAL_TYPE (WsSwatch, ws_swatch, GTK_TYPE_WIDGET)

static void
ws_swatch_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  WsSwatch *self = WS_SWATCH (widget);
  GskRoundedRect square;

  if (self->color.alpha <= 0)
    return;
  gsk_rounded_rect_init_from_rect (
      &square, &GRAPHENE_RECT_INIT (0, (gtk_widget_get_height (widget) - SIZE) / 2, SIZE, SIZE),
      RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &square);
  gtk_snapshot_append_color (snapshot, &self->color, &square.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
ws_swatch_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                   int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
ws_swatch_class_init (WsSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = ws_swatch_snapshot;
  widget_class->measure = ws_swatch_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
ws_swatch_init (WsSwatch *self)
{
}

GtkWidget *
ws_swatch_new (void)
{
  return g_object_new (WS_TYPE_SWATCH, NULL);
}

void
ws_swatch_set_color (WsSwatch *self, const GdkRGBA *color)
{
  GdkRGBA wanted = color != NULL ? *color : (GdkRGBA){ 0 };

  g_return_if_fail (WS_IS_SWATCH (self));

  if (gdk_rgba_equal (&wanted, &self->color))
    return;
  self->color = wanted;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
