/* SPDX-License-Identifier: MIT */
/* Preferences: what a run computes on, and how much memory it may take. */
#include "cuda/cuda.h"
#include "device-chooser.h"
#include "preferences.h"
#include "settings.h"
#include "ui-harness.h"

#include "base/error.h"

typedef struct
{
  WsWindow *parent;
  GtkWidget *dialog;
  WsDeviceChooser *chooser;
} Fixture;

static gboolean
has_looked (gpointer chooser)
{
  return ui_find (chooser, GTK_TYPE_LABEL, "Looking for a GPU…") == NULL;
}

static void
set_up (Fixture *fixture, gconstpointer device)
{
  g_settings_set_string (ws_settings_get_default (), "device", device != NULL ? device : "auto");
  fixture->parent = ui_window_new ();
  ws_preferences_show (GTK_WINDOW (fixture->parent));
  fixture->dialog = ui_wait_toplevel (WS_TYPE_PREFERENCES);
  fixture->chooser = WS_DEVICE_CHOOSER (ui_get (fixture->dialog, WS_TYPE_DEVICE_CHOOSER, NULL));
  /* What this machine has comes first; then each test says what there is. */
  ui_wait (has_looked, fixture->chooser, "the look for GPUs has ended");
}

static void
tear_down (Fixture *fixture, gconstpointer device)
{
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  ui_window_free (fixture->parent);
  g_settings_reset (ws_settings_get_default (), "device");
  g_settings_reset (ws_settings_get_default (), "memory-limit");
}

static void
show_found (Fixture *fixture, guint n_devices)
{
  g_autoptr (GPtrArray) devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ws_cuda_device_free);

  for (guint i = 0; i < n_devices; i++)
    {
      WsCudaDevice *device = g_new0 (WsCudaDevice, 1);

      *device = (WsCudaDevice){ i, g_strdup ("NVIDIA H200"), 150000000000, 148000000000 };
      g_ptr_array_add (devices, device);
    }
  ws_device_chooser_show_found (fixture->chooser, devices, NULL);
}

static GtkDropDown *
get_list (Fixture *fixture)
{
  return GTK_DROP_DOWN (ui_get (fixture->chooser, GTK_TYPE_DROP_DOWN, NULL));
}

static const char *
get_name (GtkDropDown *list, guint position)
{
  return gtk_string_list_get_string (GTK_STRING_LIST (gtk_drop_down_get_model (list)), position);
}

static const char *
get_chosen (GtkDropDown *list)
{
  return get_name (list, gtk_drop_down_get_selected (list));
}

static void
assert_setting (const char *expected)
{
  g_autofree char *word = g_settings_get_string (ws_settings_get_default (), "device");

  g_assert_cmpstr (word, ==, expected);
}

static void
test_gpu_is_listed_by_name (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *list = get_list (fixture);

  show_found (fixture, 1);
  g_assert_cmpstr (get_chosen (list), ==, "Automatic");
  g_assert_cmpstr (get_name (list, 1), ==, "Processor");
  g_assert_cmpstr (get_name (list, 2), ==, "NVIDIA H200");
  g_assert_null (get_name (list, 3));
  ui_get (fixture->chooser, GTK_TYPE_LABEL,
          "NVIDIA H200: 150.0\302\240GB of memory, 148.0\302\240GB free");
  gtk_drop_down_set_selected (list, 2);
  assert_setting ("cuda:0");
  gtk_drop_down_set_selected (list, 1);
  assert_setting ("cpu");
  gtk_drop_down_set_selected (list, 0);
  assert_setting ("auto");
}

static void
test_equal_gpus_are_told_apart (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *list = get_list (fixture);

  show_found (fixture, 2);
  g_assert_cmpstr (get_chosen (list), ==, "NVIDIA H200 (GPU 1)");
  assert_setting ("cuda:1");
}

static void
test_gpu_that_is_gone_stays_chosen (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *list = get_list (fixture);

  show_found (fixture, 1);
  g_assert_cmpstr (get_chosen (list), ==, "GPU 5 (not found)");
  assert_setting ("cuda:5");
}

static void
test_reason_is_a_sentence (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
      g_error_new (WS_ERROR, WS_ERROR_UNSUPPORTED, "the driver is too old for CUDA 13");
  GtkDropDown *list = get_list (fixture);

  ws_device_chooser_show_found (fixture->chooser, NULL, error);
  ui_get (fixture->chooser, GTK_TYPE_LABEL, "The driver is too old for CUDA 13.");
  g_assert_cmpstr (get_chosen (list), ==, "Processor");
  g_assert_null (get_name (list, 2));
}

static void
test_options_of_a_run_follow (Fixture *fixture, gconstpointer data)
{
  WsAnalysisOptions options;

  show_found (fixture, 3);
  gtk_drop_down_set_selected (get_list (fixture), 4);
  ws_settings_get_analysis_options (&options);
  g_assert_cmpint (options.device_kind, ==, WS_DEVICE_CUDA);
  g_assert_cmpuint (options.device_index, ==, 2);
}

static gboolean
is_memory (GtkDropDown *list)
{
  return g_strcmp0 (get_name (list, 1), "1 GB (low-memory mode)") == 0;
}

static GtkDropDown *
find_memory (GtkWidget *root)
{
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkDropDown *found = GTK_IS_DROP_DOWN (child) && is_memory (GTK_DROP_DOWN (child))
                               ? GTK_DROP_DOWN (child)
                               : find_memory (child);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_low_memory_is_a_gigabyte (Fixture *fixture, gconstpointer data)
{
  WsAnalysisOptions options;

  gtk_drop_down_set_selected (find_memory (fixture->dialog), 1);
  ws_settings_get_analysis_options (&options);
  g_assert_cmpuint (options.memory_limit, ==, G_GUINT64_CONSTANT (1) << 30);
}

static void
test_focus_goes_to_the_list (Fixture *fixture, gconstpointer data)
{
  g_assert_true (gtk_widget_grab_focus (GTK_WIDGET (fixture->chooser)));
  g_assert_true (gtk_widget_is_ancestor (gtk_window_get_focus (GTK_WINDOW (fixture->dialog)),
                                         GTK_WIDGET (fixture->chooser)));
}

#define ADD(path, device, function)                                                                \
  g_test_add ("/preferences/" path, Fixture, device, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  ADD ("gpu-is-listed-by-name", NULL, test_gpu_is_listed_by_name);
  ADD ("equal-gpus-are-told-apart", "cuda:1", test_equal_gpus_are_told_apart);
  ADD ("gpu-that-is-gone-stays-chosen", "cuda:5", test_gpu_that_is_gone_stays_chosen);
  ADD ("reason-is-a-sentence", "cpu", test_reason_is_a_sentence);
  ADD ("options-of-a-run-follow", "nonsense", test_options_of_a_run_follow);
  ADD ("low-memory-is-a-gigabyte", NULL, test_low_memory_is_a_gigabyte);
  ADD ("focus-goes-to-the-list", NULL, test_focus_goes_to_the_list);
  return ui_test_run ();
}
