/* SPDX-License-Identifier: MIT */
/* Mouse and keys on the map of tokens. */
#include "map-plot-private.h"

#include "chart-drawing.h"

#include <math.h>

/* After the pointer has left, the read-out stays this long: no flicker at the edge. */
#define LEAVE_MSEC 150
#define WHEEL_FACTOR 1.25
/* A hand that trembles while clicking draws nothing. */
#define LEAST_DRAG 4
/* Corners of a lasso are not nearer to each other. */
#define LASSO_STEP 3

static gboolean
on_left (gpointer user_data)
{
  WsMapPlot *self = user_data;

  self->leave_timeout = 0;
  ws_map_plot_set_hovered (self, -1);
  return G_SOURCE_REMOVE;
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, WsMapPlot *self)
{
  WsTokenMapPoint point;

  if (self->has_box || self->lasso != NULL)
    return;
  ws_map_plot_set_hovered (self,
                           ws_token_map_pick (self->map, x, y, &point) ? (int) point.index : -1);
}

static void
on_leave (GtkEventControllerMotion *controller, WsMapPlot *self)
{
  g_clear_handle_id (&self->leave_timeout, g_source_remove);
  self->leave_timeout = g_timeout_add (LEAVE_MSEC, on_left, self);
}

static gboolean
is_in_plot (WsMapPlot *self, double x, double y)
{
  double left, top, width, height;

  ws_token_map_get_plot (self->map, &left, &top, &width, &height);
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

static void
pan_to (WsMapPlot *self, double dx, double dy)
{
  WsChartView view;

  if (ws_token_map_pan_to_view (self->map, dx - self->pan_x, dy - self->pan_y, &view))
    ws_map_plot_show_view (self, &view);
  self->pan_x = dx;
  self->pan_y = dy;
}

static void
begin_pan (WsMapPlot *self, GtkGesture *gesture)
{
  if (!self->zoomed)
    {
      gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  ws_map_plot_push_view (self);
  self->pan_x = self->pan_y = 0;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, WsMapPlot *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  if (!is_in_plot (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->box_x0 = self->box_x1 = x;
  self->box_y0 = self->box_y1 = y;
  self->pan_x = self->pan_y = 0;
}

static void
add_corner (WsMapPlot *self, double x, double y)
{
  if (self->lasso == NULL)
    self->lasso = g_array_new (FALSE, FALSE, sizeof (double));
  if (self->lasso->len >= 2)
    {
      const double *last = &g_array_index (self->lasso, double, self->lasso->len - 2);

      if (hypot (x - last[0], y - last[1]) < LASSO_STEP)
        return;
    }
  g_array_append_val (self->lasso, x);
  g_array_append_val (self->lasso, y);
}

static gboolean
is_dragging (WsMapPlot *self)
{
  return self->has_box || self->lasso != NULL || self->pan_x != 0 || self->pan_y != 0;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, WsMapPlot *self)
{
  double left, top, width, height;

  if (!is_dragging (self) && fabs (dx) < LEAST_DRAG && fabs (dy) < LEAST_DRAG)
    return;
  if (self->drag == WS_MAP_DRAG_MOVE)
    {
      if (!self->zoomed)
        return;
      if (!is_dragging (self))
        ws_map_plot_push_view (self);
      pan_to (self, dx, dy);
      return;
    }
  ws_token_map_get_plot (self->map, &left, &top, &width, &height);
  self->box_x1 = CLAMP (self->box_x0 + dx, left, left + width);
  self->box_y1 = CLAMP (self->box_y0 + dy, top, top + height);
  if (self->drag == WS_MAP_DRAG_LASSO)
    add_corner (self, self->box_x1, self->box_y1);
  else
    self->has_box = TRUE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
finish_box (WsMapPlot *self)
{
  WsChartView view;

  self->has_box = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (!ws_token_map_box_to_view (self->map, self->box_x0, self->box_y0, self->box_x1, self->box_y1,
                                 &view))
    return;
  ws_map_plot_push_view (self);
  ws_map_plot_set_hovered (self, -1);
  ws_map_plot_show_view (self, &view);
}

/* What moved nothing was a click: on a point, or on none. */
static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, WsMapPlot *self)
{
  WsTokenMapPoint point;

  if (self->has_box)
    finish_box (self);
  else if (self->lasso != NULL)
    ws_map_plot_finish_lasso (self);
  else if (!is_dragging (self))
    ws_map_plot_choose (self, ws_token_map_pick (self->map, self->box_x0, self->box_y0, &point)
                                  ? (int) point.index
                                  : -1);
  self->pan_x = self->pan_y = 0;
}

static void
on_drag_cancel (GtkGesture *gesture, GdkEventSequence *sequence, WsMapPlot *self)
{
  self->has_box = FALSE;
  self->pan_x = self->pan_y = 0;
  g_clear_pointer (&self->lasso, g_array_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
on_pan_begin (GtkGestureDrag *gesture, double x, double y, WsMapPlot *self)
{
  begin_pan (self, GTK_GESTURE (gesture));
}

static void
on_pan_update (GtkGestureDrag *gesture, double dx, double dy, WsMapPlot *self)
{
  pan_to (self, dx, dy);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WsMapPlot *self)
{
  if (n_press == 2)
    ws_map_plot_fit (self);
}

static void
zoom_at (WsMapPlot *self, double x, double y, double factor)
{
  WsChartView view;

  if (!self->zoomed && factor < 1)
    return;
  if (!ws_token_map_zoom_to_view (self->map, x, y, factor, &view))
    return;
  if (!self->wheeling)
    ws_map_plot_push_view (self);
  self->wheeling = TRUE;
  ws_map_plot_set_hovered (self, -1);
  ws_map_plot_show_view (self, &view);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, WsMapPlot *self)
{
  double x, y;

  ws_chart_drawing_get_pointer (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (controller), &x, &y);
  zoom_at (self, x, y, pow (WHEEL_FACTOR, -dy));
  return TRUE;
}

/* The keys go from the point that is read out; from the middle, if there is none. */
static gboolean
step (WsMapPlot *self, double dx, double dy)
{
  int from = ws_map_plot_get_pointed (self);
  double x, y, width, height;
  WsTokenMapPoint point;

  ws_token_map_get_plot (self->map, &x, &y, &width, &height);
  if (from < 0 ? ws_token_map_pick (self->map, x + width / 2, y + height / 2, &point)
               : ws_token_map_step (self->map, (guint32) from, dx, dy, &point))
    ws_map_plot_set_hovered (self, (int) point.index);
  else if (from < 0 && ws_token_map_get_n_points (self->map) > 0)
    ws_map_plot_set_hovered (self, 0);
  return TRUE;
}

static void
zoom_by_key (WsMapPlot *self, double factor)
{
  int index = ws_map_plot_get_pointed (self);
  double x, y, width, height;
  WsTokenMapPoint point;

  ws_token_map_get_plot (self->map, &x, &y, &width, &height);
  if (index >= 0 && ws_token_map_get_point (self->map, (guint32) index, &point) &&
      is_in_plot (self, point.x, point.y))
    zoom_at (self, point.x, point.y, factor);
  else
    zoom_at (self, x + width / 2, y + height / 2, factor);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        WsMapPlot *self)
{
  /* With Ctrl or Alt it is a command of the window. */
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK))
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return step (self, -1, 0);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return step (self, 1, 0);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return step (self, 0, -1);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return step (self, 0, 1);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      ws_map_plot_choose (self, ws_map_plot_get_pointed (self));
      return TRUE;
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
      ws_map_plot_fit (self);
      return TRUE;
    case GDK_KEY_u:
    case GDK_KEY_U:
      ws_map_plot_go_back (self);
      return TRUE;
    case GDK_KEY_Escape:
      if (ws_map_plot_get_pointed (self) < 0)
        return FALSE;
      ws_map_plot_set_hovered (self, -1);
      ws_map_plot_choose (self, -1);
      return TRUE;
    default:
      return FALSE;
    }
}

static GtkEventController *
add (WsMapPlot *self, gpointer controller)
{
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
  return controller;
}

static GtkEventController *
add_drag (WsMapPlot *self, guint button, GCallback begin, GCallback update)
{
  GtkEventController *drag = add (self, gtk_gesture_drag_new ());

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), button);
  g_signal_connect (drag, "drag-begin", begin, self);
  g_signal_connect (drag, "drag-update", update, self);
  return drag;
}

void
ws_map_plot_add_controllers (WsMapPlot *self)
{
  GtkEventController *motion = add (self, gtk_event_controller_motion_new ());
  GtkEventController *click = add (self, gtk_gesture_click_new ());
  GtkEventController *scroll =
      add (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL));
  GtkEventController *key = add (self, gtk_event_controller_key_new ());
  GtkEventController *drag =
      add_drag (self, GDK_BUTTON_PRIMARY, G_CALLBACK (on_drag_begin), G_CALLBACK (on_drag_update));

  g_signal_connect (motion, "motion", G_CALLBACK (on_motion), self);
  g_signal_connect (motion, "leave", G_CALLBACK (on_leave), self);
  g_signal_connect (click, "pressed", G_CALLBACK (on_pressed), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (on_scroll), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (on_key), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (on_drag_end), self);
  g_signal_connect (drag, "cancel", G_CALLBACK (on_drag_cancel), self);
  add_drag (self, GDK_BUTTON_MIDDLE, G_CALLBACK (on_pan_begin), G_CALLBACK (on_pan_update));
}
