/* SPDX-License-Identifier: MIT */
/* The spectrum pane: what it says, how it answers keys and mouse, and the dialog that saves it. */
#include "spectrum-view.h"

#include "export-dialog.h"
#include "settings.h"
#include "spectrum-legend-entry.h"
#include "spectrum-plot.h"
#include "ui-harness.h"

#include <string.h>

#define N_VALUES 100

typedef struct
{
  WsModel *model;
  GPtrArray *results;
  GtkWindow *window;
  WsSpectrumView *view;
  WsSpectrumPlot *plot;
} Fixture;

static gboolean
is_laid_out (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

/* The first @n matrices of the sample, with flat spectra of @n_values: 90 % are 0.9 n_values. */
static void
add_results (Fixture *fixture, guint n, gsize n_values)
{
  for (guint i = 0; i < fixture->model->tensors->len && fixture->results->len < n; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (fixture->model->tensors, i);
      WsResult *result;

      if (tensor->n_dims != 2)
        continue;
      result = ws_result_new_pending (fixture->model, tensor, -1);
      result->state = WS_STATE_OK;
      result->spectrum.n_sigma = n_values;
      result->spectrum.sigma = g_new (double, n_values);
      for (gsize k = 0; k < n_values; k++)
        result->spectrum.sigma[k] = fixture->results->len + 1.0;
      g_ptr_array_add (fixture->results, result);
    }
}

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *path = ws_model_find_sample (NULL);
  GError *error = NULL;

  fixture->model = ws_model_open (path, FALSE, NULL, &error);
  g_assert_no_error (error);
  fixture->results = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);
  g_settings_reset (ws_settings_get_default (), "chart-quantity");
  fixture->view = WS_SPECTRUM_VIEW (ws_spectrum_view_new ());
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 800, 360);
  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->view));
  gtk_window_present (fixture->window);
  ui_wait (is_laid_out, fixture->view, "the view has a size");
}

static gboolean
is_gone (gpointer weak)
{
  return *(gpointer *) weak == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  gpointer weak = fixture->view;

  g_object_add_weak_pointer (G_OBJECT (fixture->view), &weak);
  gtk_window_destroy (fixture->window);
  ui_wait (is_gone, &weak, "nothing keeps the view alive");
  g_ptr_array_unref (fixture->results);
  ws_model_unref (fixture->model);
}

static gboolean
is_drawn (gpointer data)
{
  Fixture *fixture = data;
  double x, y, width, height;

  ws_spectrum_chart_get_plot (ws_spectrum_plot_get_chart (fixture->plot), &x, &y, &width, &height);
  return width > 0;
}

static void
show (Fixture *fixture, guint n)
{
  add_results (fixture, n, N_VALUES);
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  fixture->plot = WS_SPECTRUM_PLOT (ui_get (fixture->view, WS_TYPE_SPECTRUM_PLOT, NULL));
  ui_wait (is_drawn, fixture, "the curves are drawn");
}

static WsSpectrumChart *
get_chart (Fixture *fixture)
{
  return ws_spectrum_plot_get_chart (fixture->plot);
}

static GtkEventController *
get_controller (Fixture *fixture, GType type, guint button)
{
  g_autoptr (GListModel) list = gtk_widget_observe_controllers (GTK_WIDGET (fixture->plot));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (list, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type) &&
          (button == 0 ||
           gtk_gesture_single_get_button (GTK_GESTURE_SINGLE (controller)) == button))
        return controller;
    }
  g_assert_not_reached ();
}

static gboolean
press (Fixture *fixture, guint key)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (get_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_KEY, 0), "key-pressed",
                         key, 0, 0, &handled);
  return handled;
}

static void
drag (Fixture *fixture, guint button, double x0, double y0, double x1, double y1)
{
  GtkEventController *gesture = get_controller (fixture, GTK_TYPE_GESTURE_DRAG, button);

  g_signal_emit_by_name (gesture, "drag-begin", x0, y0);
  g_signal_emit_by_name (gesture, "drag-update", x1 - x0, y1 - y0);
  g_signal_emit_by_name (gesture, "drag-end", x1 - x0, y1 - y0);
}

static void
assert_description (Fixture *fixture, const char *expected)
{
  gtk_test_accessible_assert_property (fixture->plot, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       expected);
}

static gboolean
is_zoomed (Fixture *fixture)
{
  gboolean zoomed;

  g_object_get (fixture->plot, "zoomed", &zoomed, NULL);
  return zoomed;
}

static void
test_says_what_is_missing (Fixture *fixture, gconstpointer user_data)
{
  ui_get (fixture->view, GTK_TYPE_LABEL, "Select analysed matrices to see their spectra.");
  add_results (fixture, 1, 0);
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  ((WsResult *) g_ptr_array_index (fixture->results, 0))->state = WS_STATE_ZERO;
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  ui_get (fixture->view, GTK_TYPE_LABEL, "The selection has no spectrum: every element is zero");
  add_results (fixture, 2, 0);
  ((WsResult *) g_ptr_array_index (fixture->results, 1))->state = WS_STATE_EMPTY;
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  ui_get (fixture->view, GTK_TYPE_LABEL, "The selection has no spectrum: all zero, empty");
  ((WsResult *) g_ptr_array_index (fixture->results, 0))->state = WS_STATE_PENDING;
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  ui_get (fixture->view, GTK_TYPE_LABEL, "There is no spectrum of the selection yet.");
  ws_spectrum_view_export (fixture->view);
}

static void
test_is_an_image_with_words (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 1);
  gtk_test_accessible_assert_role (fixture->plot, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (fixture->plot, GTK_ACCESSIBLE_PROPERTY_LABEL, "Spectrum");
  assert_description (fixture, "Line chart, 100 values, 90 percent of the energy at 90.");
}

static void
test_quantity_is_remembered (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *quantity = NULL;
  WsChartView view;

  show (fixture, 1);
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (ui_get (fixture->view, GTK_TYPE_TOGGLE_BUTTON, "Energy")), TRUE);
  quantity = g_settings_get_string (ws_settings_get_default (), "chart-quantity");
  g_assert_cmpstr (quantity, ==, "energy");
  ws_spectrum_chart_get_view (get_chart (fixture), &view);
  g_assert_cmpfloat (view.y_max, ==, 1);
}

static void
set_toggle (Fixture *fixture, const char *label, gboolean active)
{
  gtk_toggle_button_set_active (
      GTK_TOGGLE_BUTTON (ui_get (fixture->view, GTK_TYPE_TOGGLE_BUTTON, label)), active);
}

static gboolean
is_on (Fixture *fixture, const char *label)
{
  return gtk_toggle_button_get_active (
      GTK_TOGGLE_BUTTON (ui_get (fixture->view, GTK_TYPE_TOGGLE_BUTTON, label)));
}

static void
test_energy_has_a_scale_of_its_own (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 1);
  set_toggle (fixture, "Log y", TRUE);
  set_toggle (fixture, "Energy", TRUE);
  g_assert_false (is_on (fixture, "Log y"));
  set_toggle (fixture, "Log y", TRUE);
  set_toggle (fixture, "σ", TRUE);
  set_toggle (fixture, "Log y", FALSE);
  set_toggle (fixture, "Energy", TRUE);
  g_assert_true (is_on (fixture, "Log y"));
  g_settings_reset (ws_settings_get_default (), "chart-log-energy");
  g_settings_reset (ws_settings_get_default (), "chart-log-y");
}

static void
test_legend_shows_one_alone (Fixture *fixture, gconstpointer user_data)
{
  GtkWidget *entry;

  show (fixture, 3);
  entry = ui_get (fixture->view, WS_TYPE_SPECTRUM_LEGEND_ENTRY, NULL);
  g_signal_emit_by_name (entry, "clicked");
  g_assert_true (ws_spectrum_chart_get_visible (get_chart (fixture), 0));
  g_assert_false (ws_spectrum_chart_get_visible (get_chart (fixture), 1));
  g_signal_emit_by_name (entry, "clicked");
  g_assert_true (ws_spectrum_chart_get_visible (get_chart (fixture), 1));
}

/* The second curve is of the second colour: #D55E00. */
static void
test_colours_are_told (Fixture *fixture, gconstpointer user_data)
{
  GdkRGBA color;

  show (fixture, 2);
  g_assert_true (
      ws_spectrum_view_get_color (fixture->view, g_ptr_array_index (fixture->results, 1), &color));
  g_assert_cmpfloat_with_epsilon (color.red, 0xD5 / 255.0f, 1e-6f);
  ws_spectrum_view_set_results (fixture->view, NULL);
  g_assert_false (
      ws_spectrum_view_get_color (fixture->view, g_ptr_array_index (fixture->results, 1), &color));
}

static void
test_nine_have_a_colour_bar_for_a_legend (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 9);
  g_assert_null (ui_find (fixture->view, WS_TYPE_SPECTRUM_LEGEND_ENTRY, NULL));
  ui_get (fixture->view, GTK_TYPE_LABEL, "9 spectra");
}

/* Point by point, then the next curve, then out of the plot. */
static void
test_keys_move_the_point (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *words = NULL;
  g_autofree char *expected = NULL;

  show (fixture, 2);
  g_assert_true (press (fixture, GDK_KEY_Tab));
  for (int i = 0; i < 16; i++)
    g_assert_true (press (fixture, GDK_KEY_Right));
  words = ws_spectrum_chart_describe (get_chart (fixture));
  expected = g_strdup_printf ("%s, index 17 of 100, singular value 1, energy 17.0 percent. %s",
                              ws_spectrum_chart_get_label (get_chart (fixture), 0), words);
  assert_description (fixture, expected);
  g_assert_true (press (fixture, GDK_KEY_Tab));
  g_assert_false (press (fixture, GDK_KEY_Tab));
}

static void
assert_view (Fixture *fixture, double x_min, double x_max)
{
  WsChartView view;

  ws_spectrum_chart_get_view (get_chart (fixture), &view);
  g_assert_cmpfloat_with_epsilon (view.x_min, x_min, 1e-6);
  g_assert_cmpfloat_with_epsilon (view.x_max, x_max, 1e-6);
}

/* The middle half of a linear axis from 1 to 100 is from 25.75 to 75.25. */
static void
test_box_zooms_and_u_goes_back (Fixture *fixture, gconstpointer user_data)
{
  double x, y, width, height;

  g_settings_set_boolean (ws_settings_get_default (), "chart-log-x", FALSE);
  show (fixture, 2);
  ws_spectrum_chart_get_plot (get_chart (fixture), &x, &y, &width, &height);
  drag (fixture, GDK_BUTTON_PRIMARY, x + width / 4, y + 10, x + 3 * width / 4, y + height - 10);
  g_assert_true (is_zoomed (fixture));
  assert_view (fixture, 25.75, 75.25);
  press (fixture, GDK_KEY_u);
  g_assert_false (is_zoomed (fixture));
  g_settings_reset (ws_settings_get_default (), "chart-log-x");
}

static gboolean
is_zoomed_and_drawn (gpointer data)
{
  Fixture *fixture = data;
  WsSpectrumPoint point;
  double x, y, width, height;

  /* 26 is the first index from 25.75 on */
  ws_spectrum_chart_get_plot (get_chart (fixture), &x, &y, &width, &height);
  return ws_spectrum_chart_get_point (get_chart (fixture), 0, 26, &point) &&
         point.x < x + width / 100;
}

/* There is nothing between the box and everything, even if the hand trembles. */
static void
test_middle_click_is_nothing_to_go_back_to (Fixture *fixture, gconstpointer user_data)
{
  double x, y, width, height;

  show (fixture, 2);
  ws_spectrum_chart_get_plot (get_chart (fixture), &x, &y, &width, &height);
  drag (fixture, GDK_BUTTON_PRIMARY, x + width / 4, y + 10, x + 3 * width / 4, y + height - 10);
  drag (fixture, GDK_BUTTON_MIDDLE, x + width / 2, y + 10, x + width / 2 + 3, y + 11);
  press (fixture, GDK_KEY_u);
  g_assert_false (is_zoomed (fixture));
}

/* A quarter of the width to the left is a quarter of 25.75 to 75.25, 12.375, to the right. */
static void
test_middle_button_moves_what_is_zoomed (Fixture *fixture, gconstpointer user_data)
{
  double x, y, width, height;

  g_settings_set_boolean (ws_settings_get_default (), "chart-log-x", FALSE);
  show (fixture, 2);
  ws_spectrum_chart_get_plot (get_chart (fixture), &x, &y, &width, &height);
  drag (fixture, GDK_BUTTON_PRIMARY, x + width / 4, y + 10, x + 3 * width / 4, y + height - 10);
  ui_wait (is_zoomed_and_drawn, fixture, "the box is drawn");
  ws_spectrum_chart_get_plot (get_chart (fixture), &x, &y, &width, &height);
  drag (fixture, GDK_BUTTON_MIDDLE, x + width / 2, y + 10, x + width / 4, y + 10);
  assert_view (fixture, 38.125, 87.625);
  press (fixture, GDK_KEY_u);
  assert_view (fixture, 25.75, 75.25);
  g_settings_reset (ws_settings_get_default (), "chart-log-x");
}

static void
zoom_by_wheel (Fixture *fixture, guint n_steps)
{
  GtkEventController *wheel = get_controller (fixture, GTK_TYPE_EVENT_CONTROLLER_SCROLL, 0);
  gboolean handled;

  for (guint i = 0; i < n_steps; i++)
    g_signal_emit_by_name (wheel, "scroll", 0.0, -1.0, &handled);
  g_assert_true (is_zoomed (fixture));
}

static void
test_many_steps_of_the_wheel_go_back_in_one (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 2);
  zoom_by_wheel (fixture, 3);
  press (fixture, GDK_KEY_u);
  g_assert_false (is_zoomed (fixture));
}

static void
test_double_click_shows_everything (Fixture *fixture, gconstpointer user_data)
{
  GtkEventController *click;

  show (fixture, 2);
  press (fixture, GDK_KEY_plus);
  click = get_controller (fixture, GTK_TYPE_GESTURE_CLICK, 0);
  g_signal_emit_by_name (click, "pressed", 1, 100.0, 100.0);
  g_assert_true (is_zoomed (fixture));
  g_signal_emit_by_name (click, "pressed", 2, 100.0, 100.0);
  g_assert_false (is_zoomed (fixture));
}

static void
test_wheel_zooms_and_0_fits (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 2);
  zoom_by_wheel (fixture, 100);
  press (fixture, GDK_KEY_0);
  g_assert_false (is_zoomed (fixture));
  ui_wait (is_drawn, fixture, "all is drawn again");
}

/* A run brings the same results again and again: what is looked at must not jump. */
static void
test_same_results_keep_the_zoom (Fixture *fixture, gconstpointer user_data)
{
  show (fixture, 2);
  press (fixture, GDK_KEY_plus);
  g_assert_true (is_zoomed (fixture));
  ws_spectrum_view_set_results (fixture->view, fixture->results);
  g_assert_true (is_zoomed (fixture));
  ws_spectrum_view_set_results (fixture->view, NULL);
  g_assert_false (is_zoomed (fixture));
}

static gboolean
has_dialog (gpointer data)
{
  GType type = *(GType *) data;
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type) && gtk_widget_get_width (window) > 0)
        return TRUE;
    }
  return FALSE;
}

static gpointer
wait_dialog (GType type)
{
  GListModel *windows = gtk_window_get_toplevels ();

  ui_wait (has_dialog, &type, g_type_name (type));
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type))
        return window;
    }
  g_assert_not_reached ();
}

static void
test_slide_has_large_text (Fixture *fixture, gconstpointer user_data)
{
  GtkWidget *dialog, *preset;

  show (fixture, 2);
  ws_spectrum_view_export (fixture->view);
  dialog = wait_dialog (WS_TYPE_EXPORT_DIALOG);
  preset = ui_get (dialog, GTK_TYPE_DROP_DOWN, NULL);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (preset), 5);
  /* 16:9 of a slide of 13 1/3 × 7 1/2 inches; the first spin button is the width. */
  g_assert_cmpfloat_with_epsilon (
      gtk_spin_button_get_value (GTK_SPIN_BUTTON (ui_get (dialog, GTK_TYPE_SPIN_BUTTON, NULL))),
      40.0 / 3 * 2.54, 0.01);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

static gboolean
is_written (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
no_dialog (gpointer data)
{
  return !has_dialog (data);
}

static void
test_saves_figure_and_data (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *figure = g_build_filename (ui_test_get_folder (), "figure.svg", NULL);
  g_autofree char *data = g_build_filename (ui_test_get_folder (), "figure.csv", NULL);
  g_autofree char *svg = NULL;
  g_autoptr (GFile) folder = g_file_new_for_path (ui_test_get_folder ());
  GType type = WS_TYPE_EXPORT_DIALOG;
  GtkFileChooser *chooser;

  show (fixture, 2);
  ws_spectrum_view_export (fixture->view);
  g_signal_emit_by_name (ui_get (wait_dialog (type), GTK_TYPE_BUTTON, "Export…"), "clicked");
  chooser = wait_dialog (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_assert_true (gtk_file_chooser_set_current_folder (chooser, folder, NULL));
  gtk_file_chooser_set_current_name (chooser, "figure.svg");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  ui_wait (is_written, figure, "the figure is written");
  ui_wait (no_dialog, &type, "the dialog closes");
  g_assert_true (is_written (data));
  g_assert_true (g_file_get_contents (figure, &svg, NULL, NULL));
  g_assert_nonnull (strstr (svg, "Singular value"));
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
#define ADD(path, function)                                                                        \
  g_test_add ("/spectrum-view/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("empty/says-what-is-missing", test_says_what_is_missing);
  ADD ("accessible/is-an-image-with-words", test_is_an_image_with_words);
  ADD ("settings/quantity-is-remembered", test_quantity_is_remembered);
  ADD ("settings/energy-has-its-own-scale", test_energy_has_a_scale_of_its_own);
  ADD ("legend/shows-one-alone", test_legend_shows_one_alone);
  ADD ("legend/colours-are-told", test_colours_are_told);
  ADD ("legend/nine-have-a-colour-bar", test_nine_have_a_colour_bar_for_a_legend);
  ADD ("keys/move-the-point", test_keys_move_the_point);
  ADD ("zoom/box-and-u", test_box_zooms_and_u_goes_back);
  ADD ("zoom/wheel-and-0", test_wheel_zooms_and_0_fits);
  ADD ("zoom/many-steps-go-back-in-one", test_many_steps_of_the_wheel_go_back_in_one);
  ADD ("zoom/double-click-shows-everything", test_double_click_shows_everything);
  ADD ("zoom/middle-click-is-nothing", test_middle_click_is_nothing_to_go_back_to);
  ADD ("zoom/middle-button-moves", test_middle_button_moves_what_is_zoomed);
  ADD ("zoom/same-results-keep-it", test_same_results_keep_the_zoom);
  ADD ("export/slide-has-large-text", test_slide_has_large_text);
  ADD ("export/saves-figure-and-data", test_saves_figure_and_data);
  return ui_test_run ();
}
