/* SPDX-License-Identifier: MIT */
/* The details: of nothing, of one matrix, of several, of one that could not be analysed. */
#include "details-pane.h"
#include "details-row.h"
#include "fake-results.h"
#include "result-item.h"
#include "ui-harness.h"
#include <math.h>

typedef struct
{
  FakeResults *fake;
  GPtrArray *items;
  GtkWidget *pane;
  GtkWindow *window;
} Fixture;

static gboolean
is_laid_out (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static void
add_item (Fixture *fixture, WsResult *result)
{
  g_ptr_array_add (fixture->items, ws_result_item_new (result));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->fake = fake_results_new ();
  fixture->items = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->pane = ws_details_pane_new ();
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 256, 700);
  gtk_window_set_child (fixture->window, fixture->pane);
  gtk_window_present (fixture->window);
  ui_wait (is_laid_out, fixture->pane, "the pane has a size");
}

static gboolean
is_gone (gpointer weak)
{
  return *(gpointer *) weak == NULL;
}

static gboolean
count_down (gpointer turns)
{
  return (*(guint *) turns)-- == 0;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer weak = fixture->pane;

  g_object_add_weak_pointer (G_OBJECT (fixture->pane), &weak);
  gtk_window_destroy (fixture->window);
  ui_wait (is_gone, &weak, "nothing keeps the pane alive");
  g_ptr_array_unref (fixture->items);
  fake_results_free (fixture->fake);
}

static void
show (Fixture *fixture, const char *picture)
{
  const char *folder = g_getenv ("UI_TEST_PICTURES");

  ws_details_pane_set_items (WS_DETAILS_PANE (fixture->pane), fixture->items);
  ui_settle ();
  if (folder != NULL)
    {
      guint turns = 20;
      g_autofree char *path = g_strdup_printf ("%s/%s.png", folder, picture);

      ui_wait (count_down, &turns, "some frames are drawn");
      ui_screenshot (GTK_WIDGET (fixture->window), path);
    }
}

static void
assert_shown (Fixture *fixture, const char *text)
{
  if (ui_find (fixture->pane, GTK_TYPE_LABEL, text) == NULL)
    g_error ("'%s' is not shown", text);
}

static void
test_nothing_selected_is_a_sentence (Fixture *fixture, gconstpointer data)
{
  show (fixture, "details-none");
  assert_shown (fixture, "Select rows of the table to see what is known of them.");
}

static void
test_one_matrix_tells_name_shape_and_values (Fixture *fixture, gconstpointer data)
{
  add_item (fixture, fake_results_add (fixture->fake, 14, WS_BLOCK_Q_PROJ,
                                       "self_attn.q_proj.weight", 4096, 2560, 1280, 0.03125));
  show (fixture, "details-one");
  assert_shown (fixture, "layer 14 · q_proj");
  assert_shown (fixture, "model.layers.14.self_attn.q_proj.weight");
  assert_shown (fixture, "0.03125");
  assert_shown (fixture, "50.0 %"); /* 1280 of 2560 */
}

static void
test_sizes_are_short (Fixture *fixture, gconstpointer data)
{
  WsResult *result =
      fake_results_add (fixture->fake, 0, WS_BLOCK_Q_PROJ, "q.weight", 4096, 2560, 1280, 0.25);

  /* Of the 90 % rank; 12.3 × 10^6 bytes. */
  result->metrics.bytes_saved[1] = 12300000;
  add_item (fixture, result);
  show (fixture, "details-size");
  assert_shown (fixture, "12.3\302\240MB");
}

static void
test_method_tells_where (Fixture *fixture, gconstpointer data)
{
  WsResult *result =
      fake_results_add (fixture->fake, 0, WS_BLOCK_Q_PROJ, "q.weight", 64, 64, 30, 0.5);

  result->spectrum.method = WS_METHOD_GRAM64;
  result->spectrum.backend = "cuda";
  result->spectrum.seconds = 3;
  add_item (fixture, result);
  show (fixture, "details-gpu");
  assert_shown (fixture, "GPU");
  assert_shown (fixture, "3 s");

  result->spectrum.backend = "cpu";
  show (fixture, "details-processor");
  assert_shown (fixture, "Processor");
}

static void
test_a_note_stands_on_top (Fixture *fixture, gconstpointer data)
{
  WsResult *result =
      fake_results_add (fixture->fake, 0, WS_BLOCK_Q_PROJ, "q.weight", 64, 64, NAN, NAN);

  result->state = WS_STATE_ERROR;
  result->error_message = g_strdup ("the file ends early");
  add_item (fixture, result);
  show (fixture, "details-error");
  assert_shown (fixture, "the file ends early");
}

static void
test_several_tell_count_and_medians (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    add_item (fixture,
              fake_results_add (fixture->fake, i, WS_BLOCK_Q_PROJ, "q.weight", 64, 64, 10 + i,
                                i == 1   ? 0.25
                                : i == 0 ? 0.125
                                         : 0.5));
  show (fixture, "details-several");
  assert_shown (fixture, "3 tensors");
  assert_shown (fixture, "0.2500"); /* the middle one of 1/8, 1/4 and 1/2 */
}

static void
test_a_new_result_is_followed (Fixture *fixture, gconstpointer data)
{
  WsResult *result =
      fake_results_add (fixture->fake, 0, WS_BLOCK_Q_PROJ, "q.weight", 64, 64, 11, 0.5);

  add_item (fixture, result);
  show (fixture, "details-old");
  ws_result_item_replace_result (g_ptr_array_index (fixture->items, 0),
                                 fake_results_redo (fixture->fake, result, 16));
  assert_shown (fixture, "25.0 %"); /* 16 of 64 */
}

static void
test_questions_have_names (Fixture *fixture, gconstpointer data)
{
  GtkWidget *row = ws_details_row_new ("Stable rank", "Σσ²/σ₁²");

  g_object_ref_sink (row);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (ui_get (row, GTK_TYPE_MENU_BUTTON, NULL)),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "What is “Stable rank”?");
  g_object_unref (row);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/details-pane/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  ADD ("none", test_nothing_selected_is_a_sentence);
  ADD ("one", test_one_matrix_tells_name_shape_and_values);
  ADD ("sizes-are-short", test_sizes_are_short);
  ADD ("where", test_method_tells_where);
  ADD ("note", test_a_note_stands_on_top);
  ADD ("several", test_several_tell_count_and_medians);
  ADD ("live", test_a_new_result_is_followed);
  ADD ("names", test_questions_have_names);
  return ui_test_run ();
}
