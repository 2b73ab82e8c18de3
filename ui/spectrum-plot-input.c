/* SPDX-License-Identifier: MIT */
/* Mouse and keys on the spectrum plot. */
#include "spectrum-plot-private.h"

#include "chart-drawing.h"

#include <math.h>

/* After the pointer has left, the read-out stays this long: no flicker at the edge. */
#define LEAVE_MSEC 150
#define WHEEL_FACTOR 1.25
/* Page Up and Page Down go through a spectrum in so many steps. */
#define PAGES 10

static gboolean
on_left (gpointer user_data)
{
  WsSpectrumPlot *self = user_data;

  self->leave_timeout = 0;
  ws_spectrum_plot_set_point (self, NULL);
  return G_SOURCE_REMOVE;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, WsSpectrumPlot *self)
{
  WsSpectrumPoint point;

  if (self->has_box)
    return;
  if (ws_spectrum_chart_pick (self->chart, x, y, &point))
    ws_spectrum_plot_set_point (self, &point);
  else
    ws_spectrum_plot_set_point (self, NULL);
}

static void
on_leave (GtkEventControllerMotion *controller, WsSpectrumPlot *self)
{
  g_clear_handle_id (&self->leave_timeout, g_source_remove);
  self->leave_timeout = g_timeout_add (LEAVE_MSEC, on_left, self);
}

static gboolean
is_in_plot (WsSpectrumPlot *self, double x, double y)
{
  double left, top, width, height;

  ws_spectrum_chart_get_plot (self->chart, &left, &top, &width, &height);
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

static void
on_box_begin (GtkGestureDrag *gesture, double x, double y, WsSpectrumPlot *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!is_in_plot (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->box_x0 = self->box_x1 = x;
  self->box_y0 = self->box_y1 = y;
}

static void
on_box_update (GtkGestureDrag *gesture, double dx, double dy, WsSpectrumPlot *self)
{
  double left, top, width, height;

  /* A hand that trembles while clicking draws no box. */
  if (!self->has_box && fabs (dx) < 4 && fabs (dy) < 4)
    return;
  ws_spectrum_chart_get_plot (self->chart, &left, &top, &width, &height);
  self->has_box = TRUE;
  self->box_x1 = CLAMP (self->box_x0 + dx, left, left + width);
  self->box_y1 = CLAMP (self->box_y0 + dy, top, top + height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_box_end (GtkGestureDrag *gesture, double dx, double dy, WsSpectrumPlot *self)
{
  WsChartView view;

  if (!self->has_box)
    return;
  self->has_box = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!ws_spectrum_chart_box_to_view (self->chart, self->box_x0, self->box_y0, self->box_x1,
                                      self->box_y1, &view))
    return;
  ws_spectrum_plot_push_view (self);
  ws_spectrum_plot_set_point (self, NULL);
  ws_spectrum_plot_show_view (self, &view);
}

static void
on_box_cancel (GtkGesture *gesture, GdkEventSequence *sequence, WsSpectrumPlot *self)
{
  self->has_box = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WsSpectrumPlot *self)
{
  if (n_press == 2)
    ws_spectrum_plot_fit (self);
}

static void
on_pan_begin (GtkGestureDrag *gesture, double x, double y, WsSpectrumPlot *self)
{
  if (!self->zoomed)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  ws_spectrum_plot_push_view (self);
  self->pan_x = self->pan_y = 0;
}

static void
on_pan_update (GtkGestureDrag *gesture, double dx, double dy, WsSpectrumPlot *self)
{
  WsChartView view;

  if (ws_spectrum_chart_pan_to_view (self->chart, dx - self->pan_x, dy - self->pan_y, &view))
    ws_spectrum_plot_show_view (self, &view);
  self->pan_x = dx;
  self->pan_y = dy;
}

static void
zoom_at (WsSpectrumPlot *self, double x, double y, double factor)
{
  WsChartView view;

  if (!self->zoomed && factor < 1)
    return;
  if (!ws_spectrum_chart_zoom_to_view (self->chart, x, y, factor, &view))
    return;
  if (!self->wheeling)
    ws_spectrum_plot_push_view (self);
  self->wheeling = TRUE;
  ws_spectrum_plot_set_point (self, NULL);
  ws_spectrum_plot_show_view (self, &view);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, WsSpectrumPlot *self)
{
  double x, y;

  ws_chart_drawing_get_pointer (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (controller), &x, &y);
  zoom_at (self, x, y, pow (WHEEL_FACTOR, -dy));
  return TRUE;
}

static guint
count_curves (WsSpectrumPlot *self)
{
  return ws_spectrum_chart_get_n_curves (self->chart);
}

/* The point at @index of @curve, if it has a place; else the nearest before it that has. */
static gboolean
read_out (WsSpectrumPlot *self, guint curve, gsize index)
{
  WsSpectrumPoint point;

  for (; index > 0; index--)
    if (ws_spectrum_chart_get_point (self->chart, curve, index, &point))
      {
        ws_spectrum_plot_set_point (self, &point);
        return TRUE;
      }
  return FALSE;
}

static gboolean
move_point (WsSpectrumPlot *self, double steps)
{
  guint curve = self->has_point ? self->point.curve : 0;
  gsize n;
  double index;

  while (curve < count_curves (self) && !ws_spectrum_chart_get_visible (self->chart, curve))
    curve++;
  if (curve >= count_curves (self))
    return FALSE;
  n = ws_spectrum_chart_get_n_values (self->chart, curve);
  index = self->has_point ? self->point.index + steps : 1;
  read_out (self, curve, (gsize) CLAMP (index, 1, MAX ((double) n, 1)));
  return TRUE;
}

/* To the next visible curve. FALSE past the last one: Tab then leaves the plot. */
static gboolean
move_curve (WsSpectrumPlot *self, int step)
{
  int curve =
      self->has_point ? (int) self->point.curve : (step > 0 ? -1 : (int) count_curves (self));
  gsize index = self->has_point ? self->point.index : 1;

  for (curve += step; curve >= 0 && curve < (int) count_curves (self); curve += step)
    if (ws_spectrum_chart_get_visible (self->chart, (guint) curve) &&
        read_out (self, (guint) curve,
                  MIN (index, ws_spectrum_chart_get_n_values (self->chart, (guint) curve))))
      return TRUE;
  ws_spectrum_plot_set_point (self, NULL);
  return FALSE;
}

static double
get_page (WsSpectrumPlot *self)
{
  guint curve = self->has_point ? self->point.curve : 0;

  return count_curves (self) > 0
             ? MAX (ws_spectrum_chart_get_n_values (self->chart, curve) / PAGES, 1)
             : 1;
}

static void
zoom_by_key (WsSpectrumPlot *self, double factor)
{
  double x, y, width, height;

  ws_spectrum_chart_get_plot (self->chart, &x, &y, &width, &height);
  if (self->has_point)
    zoom_at (self, self->point.x, self->point.y, factor);
  else
    zoom_at (self, x + width / 2, y + height / 2, factor);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        WsSpectrumPlot *self)
{
  /* With Ctrl or Alt it is a command of the window. */
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return move_point (self, -1);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return move_point (self, 1);
    case GDK_KEY_Page_Up:
      return move_point (self, -get_page (self));
    case GDK_KEY_Page_Down:
      return move_point (self, get_page (self));
    case GDK_KEY_Home:
      return move_point (self, -INFINITY);
    case GDK_KEY_End:
      return move_point (self, INFINITY);
    case GDK_KEY_Tab:
    case GDK_KEY_Down:
      return move_curve (self, 1) || key == GDK_KEY_Down;
    case GDK_KEY_ISO_Left_Tab:
    case GDK_KEY_Up:
      return move_curve (self, -1) || key == GDK_KEY_Up;
    case GDK_KEY_plus:
    case GDK_KEY_KP_Add:
      zoom_by_key (self, WHEEL_FACTOR);
      return TRUE;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      zoom_by_key (self, 1 / WHEEL_FACTOR);
      return TRUE;
    case GDK_KEY_0:
    case GDK_KEY_KP_0:
      ws_spectrum_plot_fit (self);
      return TRUE;
    case GDK_KEY_u:
    case GDK_KEY_U:
      ws_spectrum_plot_go_back (self);
      return TRUE;
    case GDK_KEY_Escape:
      if (!self->has_point)
        return FALSE;
      ws_spectrum_plot_set_point (self, NULL);
      return TRUE;
    default:
      return FALSE;
    }
}

static GtkEventController *
add (WsSpectrumPlot *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  return controller;
}

static void
add_drag (WsSpectrumPlot *self, guint button, GCallback begin, GCallback update)
{
  GtkEventController *drag = add (self, gtk_gesture_drag_new ());

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), button);
  g_signal_connect (drag, "drag-begin", begin, self);
  g_signal_connect (drag, "drag-update", update, self);
  if (button != GDK_BUTTON_PRIMARY)
    return;
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_box_end), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (on_box_cancel), self);
}

void
ws_spectrum_plot_add_controllers (WsSpectrumPlot *self)
{
  GtkEventController *motion = add (self, gtk_event_controller_motion_new ());
  GtkEventController *click = add (self, gtk_gesture_click_new ());
  GtkEventController *scroll =
      add (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL));
  GtkEventController *key = add (self, gtk_event_controller_key_new ());

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  add_drag (self, GDK_BUTTON_PRIMARY, G_CALLBACK (on_box_begin), G_CALLBACK (on_box_update));
  add_drag (self, GDK_BUTTON_MIDDLE, G_CALLBACK (on_pan_begin), G_CALLBACK (on_pan_update));
}
