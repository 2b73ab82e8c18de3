/* SPDX-License-Identifier: MIT */
/* Tests of the window in its own process: wait, find, press, take pictures, measure stalls. */
#include "ui-harness.h"

#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* GLib's table of quarks, made when the library is loaded, is dropped for a larger one after 2,048
 * of them, and by intent not freed: what is allocated before main is not looked at. */
__attribute__ ((section (".preinit_array"),
                used)) static void (*const before_libraries) (void) = __lsan_disable;

static void
look_for_leaks (void)
{
  __lsan_enable ();
}
#else
static void
look_for_leaks (void)
{
}
#endif

#define WAIT_SECONDS 60
#define PROBE_INTERVAL_MS 16

static char *folder;
static WsApplication *application;

/* Before any other call: GLib and GTK remember where they looked. XDG_DATA_DIRS stays, the icon
 * loaders and the file chooser need it. */
static void
move_home (void)
{
  const char *const variables[] = {
    "HOME",           "XDG_CONFIG_HOME", "XDG_DATA_HOME",   "XDG_CACHE_HOME",
    "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "WEIGHTSCOPE_DATA"
  };

  folder = g_dir_make_tmp ("weightscope-ui-XXXXXX", NULL);
  g_assert_nonnull (folder);
  for (gsize i = 0; i < G_N_ELEMENTS (variables); i++)
    g_setenv (variables[i], folder, TRUE);
}

static void
remove_recursively (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }
  g_remove (path);
}

int
ui_test_init (int *argc, char ***argv)
{
  g_autoptr (GError) error = NULL;

  look_for_leaks ();
  move_home ();
  setlocale (LC_ALL, "");
  g_test_init (argc, argv, NULL);
  if (!gtk_init_check ())
    {
      printf ("1..0 # SKIP no display\n");
      remove_recursively (folder);
      return 0;
    }
  ws_spectrum_init_blas ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  application = ws_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, &error))
    g_error ("cannot register: %s", error->message);
  g_application_set_default (G_APPLICATION (application));
  return -1;
}

int
ui_test_run (void)
{
  int status = g_test_run ();

  g_clear_object (&application);
  remove_recursively (folder);
  g_clear_pointer (&folder, g_free);
  return status;
}

const char *
ui_test_get_folder (void)
{
  return folder;
}

static gboolean
on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
ui_wait (UiCondition condition, gpointer data, const char *what)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint ticks = g_timeout_add (10, on_tick, NULL);

  while (!condition (data))
    {
      if (g_get_monotonic_time () > deadline)
        g_error ("waited %d s in vain: %s", WAIT_SECONDS, what);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (ticks);
}

void
ui_settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static gboolean
has_size (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

WsWindow *
ui_window_new (void)
{
  WsWindow *window = ws_window_new (GTK_APPLICATION (application));

  gtk_window_present (GTK_WINDOW (window));
  ui_wait (has_size, window, "the window has a size");
  return window;
}

static gboolean
is_null (gpointer location)
{
  return *(gpointer *) location == NULL;
}

void
ui_window_free (WsWindow *window)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, window);
  gtk_window_destroy (GTK_WINDOW (window));
  ui_wait (is_null, &weak, "nothing keeps the window alive");
}

typedef struct
{
  WsModelSession *session;
  WsSessionState state;
} StateWanted;

static gboolean
has_state (gpointer data)
{
  StateWanted *wanted = data;

  return ws_model_session_get_state (wanted->session) == wanted->state;
}

void
ui_wait_state (WsModelSession *session, WsSessionState state)
{
  static const char *const names[] = {
    "opening", "ready", "running", "paused", "stopping", "failed"
  };
  StateWanted wanted = { session, state };
  g_autofree char *what = g_strdup_printf ("the session is %s", names[state]);

  ui_wait (has_state, &wanted, what);
}

WsModelSession *
ui_open (WsWindow *window, const char *path)
{
  WsModelSession *session;

  ws_window_open_path (window, path);
  session = ws_window_get_session (window);
  ui_wait_state (session, WS_SESSION_READY);
  return session;
}

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_EDITABLE (widget))
    return gtk_editable_get_text (GTK_EDITABLE (widget));
  if (GTK_IS_BUTTON (widget))
    {
      GtkWidget *label = ui_find (gtk_widget_get_first_child (widget), GTK_TYPE_LABEL, NULL);

      return label != NULL ? get_text (label) : NULL;
    }
  return NULL;
}

static gboolean
is_wanted (GtkWidget *widget, GType type, const char *text)
{
  if (type != G_TYPE_NONE && !g_type_is_a (G_OBJECT_TYPE (widget), type))
    return FALSE;
  return text == NULL || g_strcmp0 (get_text (widget), text) == 0;
}

GtkWidget *
ui_find (gpointer root, GType type, const char *text)
{
  if (root == NULL || !gtk_widget_get_visible (root))
    return NULL;
  if (is_wanted (root, type, text))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = ui_find (child, type, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

GtkWidget *
ui_get (gpointer root, GType type, const char *text)
{
  GtkWidget *widget = ui_find (root, type, text);

  if (widget == NULL)
    g_error ("no %s '%s' below %s", type == G_TYPE_NONE ? "widget" : g_type_name (type),
             text != NULL ? text : "", G_OBJECT_TYPE_NAME (root));
  return widget;
}

void
ui_press (gpointer root, const char *label)
{
  GtkWidget *button = ui_get (root, GTK_TYPE_BUTTON, label);

  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

static GtkWidget *
find_toplevel (GType type)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (g_type_is_a (G_OBJECT_TYPE (toplevel), type) && gtk_widget_get_mapped (toplevel))
        return toplevel; /* GTK keeps it */
    }
  return NULL;
}

static gboolean
has_toplevel (gpointer type)
{
  return find_toplevel (*(GType *) type) != NULL;
}

GtkWidget *
ui_wait_toplevel (GType type)
{
  ui_wait (has_toplevel, &type, g_type_name (type));
  return find_toplevel (type);
}

typedef struct
{
  GtkFileChooser *chooser;
  GFile *file;
} Answer;

static gboolean
has_taken_answer (gpointer data)
{
  Answer *answer = data;
  g_autoptr (GFile) file = gtk_file_chooser_get_file (answer->chooser);

  return file != NULL && g_file_equal (file, answer->file);
}

char *
ui_save_as (const char *name)
{
  GtkWidget *chooser = ui_wait_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, name, NULL);
  g_autofree char *path = g_file_get_path (file);
  Answer answer = { GTK_FILE_CHOOSER (chooser), file };

  /* The whole path as the name: whatever folder the chooser is still reading does not count. */
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), path);
  ui_wait (has_taken_answer, &answer, "the file chooser has the name");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
  return g_steal_pointer (&path);
}

void
ui_choose_folder (void)
{
  GtkWidget *chooser = ui_wait_toplevel (GTK_TYPE_FILE_CHOOSER_DIALOG);
  g_autoptr (GFile) file = g_file_new_for_path (folder);
  Answer answer = { GTK_FILE_CHOOSER (chooser), file };

  g_assert_true (gtk_file_chooser_set_file (GTK_FILE_CHOOSER (chooser), file, NULL));
  ui_wait (has_taken_answer, &answer, "the file chooser has the folder");
  gtk_dialog_response (GTK_DIALOG (chooser), GTK_RESPONSE_ACCEPT);
}

static gboolean
file_exists (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

void
ui_wait_file (const char *path)
{
  ui_wait (file_exists, (char *) path, path);
}

void
ui_screenshot (GtkWidget *widget, const char *path)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (renderer, node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}

static gint64
get_work_usec (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

static gboolean
probe_gap (gpointer user_data)
{
  UiGapProbe *probe = user_data;
  gint64 now = g_get_monotonic_time ();
  gint64 work = get_work_usec ();

  probe->max_gap_usec = MAX (probe->max_gap_usec, now - probe->last_usec);
  probe->max_work_usec = MAX (probe->max_work_usec, work - probe->last_work_usec);
  probe->last_usec = now;
  probe->last_work_usec = work;
  return G_SOURCE_CONTINUE;
}

void
ui_gap_start (UiGapProbe *probe)
{
  probe->last_usec = g_get_monotonic_time ();
  probe->last_work_usec = get_work_usec ();
  probe->max_gap_usec = probe->max_work_usec = 0;
  probe->source = g_timeout_add_full (G_PRIORITY_HIGH, PROBE_INTERVAL_MS, probe_gap, probe, NULL);
}

double
ui_gap_stop (UiGapProbe *probe, double *work_ms)
{
  probe_gap (probe);
  g_source_remove (probe->source);
  if (work_ms != NULL)
    *work_ms = probe->max_work_usec / 1000.0;
  return probe->max_gap_usec / 1000.0;
}

static void
write_header (FILE *file, guint n_layers, guint n)
{
  static const char *const names[] = { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj",
                                       "self_attn.o_proj", "mlp.up_proj",      "mlp.down_proj" };
  g_autoptr (GString) header = g_string_new ("{");
  guint64 n_bytes = (guint64) n * n * 2;
  guint64 offset = 0;
  guint64 length;

  for (guint layer = 0; layer < n_layers; layer++)
    for (gsize i = 0; i < G_N_ELEMENTS (names); i++, offset += n_bytes)
      g_string_append_printf (
          header,
          "%s\"model.layers.%u.%s.weight\":{\"dtype\":\"BF16\",\"shape\":[%u,%u],"
          "\"data_offsets\":[%" G_GUINT64_FORMAT ",%" G_GUINT64_FORMAT "]}",
          offset > 0 ? "," : "", layer, names[i], n, n, offset, offset + n_bytes);
  g_string_append_c (header, '}');
  length = GUINT64_TO_LE (header->len);
  fwrite (&length, sizeof length, 1, file);
  fwrite (header->str, 1, header->len, file);
}

/* bf16 is the upper half of a float32. */
static void
write_weights (FILE *file, guint64 n_elements)
{
  GRand *random = g_rand_new_with_seed (1);

  for (guint64 i = 0; i < n_elements; i++)
    {
      float value = g_rand_double_range (random, -1, 1);
      guint32 bits;
      guint16 bf16;

      memcpy (&bits, &value, sizeof bits);
      bf16 = GUINT16_TO_LE (bits >> 16);
      fwrite (&bf16, sizeof bf16, 1, file);
    }
  g_rand_free (random);
}

char *
ui_write_model (const char *name, guint n_layers, guint n, gboolean weights)
{
  char *path = g_build_filename (folder, name, NULL);
  FILE *file = fopen (path, "wb");
  guint64 n_elements = (guint64) n_layers * 6 * n * n;

  g_assert_nonnull (file);
  write_header (file, n_layers, n);
  if (weights)
    write_weights (file, n_elements);
  else
    {
      fseek (file, n_elements * 2 - 1, SEEK_CUR);
      fputc (0, file);
    }
  g_assert_cmpint (fclose (file), ==, 0);
  return path;
}
