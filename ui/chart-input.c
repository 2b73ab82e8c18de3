/* SPDX-License-Identifier: MIT */
/* Mouse and keys on a chart that can be zoomed. */
#include "chart-input.h"

#include "chart-drawing.h"

#include <math.h>

/* After the pointer has left, the read-out stays this long: no flicker at the edge. */
#define LEAVE_MSEC 150
#define WHEEL_FACTOR 1.25
/* A hand that trembles while clicking draws nothing. */
#define LEAST_DRAG 4
/* Corners of a lasso are not nearer to each other. */
#define LASSO_STEP 3

gboolean
ws_chart_input_is_command (GdkModifierType state)
{
  return (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0;
}

gboolean
ws_chart_input_is_in_plot (const WsChartInput *self, double x, double y)
{
  double left, top, width, height;

  self->funcs->get_plot (self->chart, &left, &top, &width, &height);
  return x >= left && x <= left + width && y >= top && y <= top + height;
}

/* NULL: everything */
static void
show_view (WsChartInput *self, const WsChartView *view)
{
  gboolean zoomed = view != NULL;

  self->funcs->set_view (self->chart, view);
  if (self->zoomed != zoomed)
    {
      self->zoomed = zoomed;
      g_object_notify (G_OBJECT (self->widget), "zoomed");
    }
  self->funcs->redraw (self->widget);
}

/* Remembers the present view for going back. */
static void
push_view (WsChartInput *self)
{
  /* NAN stands for everything, whose limits change with the axes and the shape of the plot. */
  WsChartView view = { NAN, NAN, NAN, NAN };

  if (self->zoomed)
    self->funcs->get_view (self->chart, &view);
  g_array_append_val (self->history, view);
  self->wheeling = FALSE;
}

static void
go_back (WsChartInput *self)
{
  WsChartView view = { NAN, NAN, NAN, NAN };

  if (self->history->len > 0)
    {
      view = g_array_index (self->history, WsChartView, self->history->len - 1);
      g_array_set_size (self->history, self->history->len - 1);
    }
  self->wheeling = FALSE;
  show_view (self, isnan (view.x_min) ? NULL : &view);
}

void
ws_chart_input_fit (WsChartInput *self)
{
  if (!self->zoomed)
    return;
  push_view (self);
  show_view (self, NULL);
}

void
ws_chart_input_reset (WsChartInput *self)
{
  g_array_set_size (self->history, 0);
  self->funcs->unpoint (self->widget);
  show_view (self, NULL);
}

void
ws_chart_input_stay (WsChartInput *self)
{
  g_clear_handle_id (&self->leave_timeout, g_source_remove);
}

static void
on_motion (GtkEventControllerMotion *controller, double x, double y, WsChartInput *self)
{
  if (!self->has_box && self->lasso == NULL)
    self->funcs->point (self->widget, x, y);
}

static gboolean
on_left (gpointer user_data)
{
  WsChartInput *self = user_data;

  self->leave_timeout = 0;
  self->funcs->unpoint (self->widget);
  return G_SOURCE_REMOVE;
}

static void
on_leave (GtkEventControllerMotion *controller, WsChartInput *self)
{
  ws_chart_input_stay (self);
  self->leave_timeout = g_timeout_add (LEAVE_MSEC, on_left, self);
}

/* The view of before can be gone back to, once. */
static void
pan_to (WsChartInput *self, double dx, double dy)
{
  WsChartView view;

  if (!self->panning)
    push_view (self);
  self->panning = TRUE;
  if (self->funcs->pan_to_view (self->chart, dx - self->pan_x, dy - self->pan_y, &view))
    show_view (self, &view);
  self->pan_x = dx;
  self->pan_y = dy;
}

static void
begin_pan (WsChartInput *self)
{
  self->pan_x = self->pan_y = 0;
  self->panning = FALSE;
}

static void
on_drag_begin (GtkGestureDrag *gesture, double x, double y, WsChartInput *self)
{
  gtk_widget_grab_focus (self->widget);
  begin_pan (self);
  if (!ws_chart_input_is_in_plot (self, x, y))
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  self->box_x0 = self->box_x1 = x;
  self->box_y0 = self->box_y1 = y;
}

static void
add_corner (WsChartInput *self, double x, double y)
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
is_dragging (const WsChartInput *self)
{
  return self->has_box || self->lasso != NULL || self->panning;
}

/* A hand that trembles while clicking draws and moves nothing. */
static gboolean
is_click (const WsChartInput *self, double dx, double dy)
{
  return !is_dragging (self) && fabs (dx) < LEAST_DRAG && fabs (dy) < LEAST_DRAG;
}

static void
on_drag_update (GtkGestureDrag *gesture, double dx, double dy, WsChartInput *self)
{
  double left, top, width, height;

  if (is_click (self, dx, dy))
    return;
  if (self->drag == WS_CHART_DRAG_MOVE)
    {
      if (self->zoomed)
        pan_to (self, dx, dy);
      return;
    }
  self->funcs->get_plot (self->chart, &left, &top, &width, &height);
  self->box_x1 = CLAMP (self->box_x0 + dx, left, left + width);
  self->box_y1 = CLAMP (self->box_y0 + dy, top, top + height);
  if (self->drag == WS_CHART_DRAG_LASSO)
    add_corner (self, self->box_x1, self->box_y1);
  else
    self->has_box = TRUE;
  gtk_widget_queue_draw (self->widget);
}

static void
finish_box (WsChartInput *self)
{
  WsChartView view;

  self->has_box = FALSE;
  gtk_widget_queue_draw (self->widget);
  if (!self->funcs->box_to_view (self->chart, self->box_x0, self->box_y0, self->box_x1,
                                 self->box_y1, &view))
    return;
  push_view (self);
  self->funcs->unpoint (self->widget);
  show_view (self, &view);
}

static void
finish_lasso (WsChartInput *self)
{
  g_autoptr (GArray) lasso = g_steal_pointer (&self->lasso);

  gtk_widget_queue_draw (self->widget);
  if (lasso->len >= 6)
    self->funcs->close_lasso (self->widget, (const double *) lasso->data, lasso->len / 2);
}

/* What moved nothing was a click. */
static void
on_drag_end (GtkGestureDrag *gesture, double dx, double dy, WsChartInput *self)
{
  if (self->has_box)
    finish_box (self);
  else if (self->lasso != NULL)
    finish_lasso (self);
  else if (!is_dragging (self) && self->funcs->click != NULL)
    self->funcs->click (self->widget, self->box_x0, self->box_y0);
}

static void
on_drag_cancel (GtkGesture *gesture, GdkEventSequence *sequence, WsChartInput *self)
{
  self->has_box = FALSE;
  g_clear_pointer (&self->lasso, g_array_unref);
  gtk_widget_queue_draw (self->widget);
}

static void
on_pan_begin (GtkGestureDrag *gesture, double x, double y, WsChartInput *self)
{
  if (!self->zoomed)
    {
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_DENIED);
      return;
    }
  begin_pan (self);
}

static void
on_pan_update (GtkGestureDrag *gesture, double dx, double dy, WsChartInput *self)
{
  if (!is_click (self, dx, dy))
    pan_to (self, dx, dy);
}

static void
on_pressed (GtkGestureClick *gesture, int n_press, double x, double y, WsChartInput *self)
{
  if (n_press == 2)
    ws_chart_input_fit (self);
}

static void
zoom_at (WsChartInput *self, double x, double y, double factor)
{
  WsChartView view;

  if (!self->zoomed && factor < 1)
    return;
  if (!self->funcs->zoom_to_view (self->chart, x, y, factor, &view))
    return;
  if (!self->wheeling)
    push_view (self);
  self->wheeling = TRUE;
  self->funcs->unpoint (self->widget);
  show_view (self, &view);
}

static gboolean
on_scroll (GtkEventControllerScroll *controller, double dx, double dy, WsChartInput *self)
{
  double x, y;

  ws_chart_drawing_get_pointer (self->widget, GTK_EVENT_CONTROLLER (controller), &x, &y);
  zoom_at (self, x, y, pow (WHEEL_FACTOR, -dy));
  return TRUE;
}

static void
zoom_by_key (WsChartInput *self, double factor)
{
  double left, top, width, height, x, y;

  self->funcs->get_plot (self->chart, &left, &top, &width, &height);
  if (!self->funcs->get_pointed (self->widget, &x, &y))
    {
      x = left + width / 2;
      y = top + height / 2;
    }
  zoom_at (self, x, y, factor);
}

static gboolean
on_key (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state,
        WsChartInput *self)
{
  if (ws_chart_input_is_command (state))
    return FALSE;
  switch (key)
    {
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
      ws_chart_input_fit (self);
      return TRUE;
    case GDK_KEY_u:
    case GDK_KEY_U:
      go_back (self);
      return TRUE;
    default:
      return self->funcs->press_key (self->widget, key);
    }
}

static GtkEventController *
add (WsChartInput *self, gpointer controller)
{
  gtk_widget_add_controller (self->widget, controller);
  return controller;
}

static GtkEventController *
add_drag (WsChartInput *self, guint button, GCallback begin, GCallback update)
{
  GtkEventController *drag = add (self, gtk_gesture_drag_new ());

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (drag), button);
  g_signal_connect (drag, "drag-begin", begin, self);
  g_signal_connect (drag, "drag-update", update, self);
  return drag;
}

static void
add_controllers (WsChartInput *self)
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

void
ws_chart_input_init (WsChartInput *self, const WsChartInputFuncs *funcs, GtkWidget *widget,
                     gpointer chart)
{
  *self = (WsChartInput){ .funcs = funcs, .widget = widget, .chart = chart };
  self->history = g_array_new (FALSE, FALSE, sizeof (WsChartView));
  add_controllers (self);
}

void
ws_chart_input_clear (WsChartInput *self)
{
  ws_chart_input_stay (self);
  g_clear_pointer (&self->history, g_array_unref);
  g_clear_pointer (&self->lasso, g_array_unref);
}
