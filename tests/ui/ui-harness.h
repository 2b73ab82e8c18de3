/* SPDX-License-Identifier: MIT */
/* Tests of the window in its own process: wait, find, press, take pictures, measure stalls. */
#pragma once

#include "application.h"
#include "window.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Private folders, GLib test, GTK. Returns: the exit status to end with at once (no display: the
 * plan says that all is skipped), or -1 to go on. */
int ui_test_init (int *argc, char ***argv);
/* Runs the tests and removes the private folders. */
int ui_test_run (void);
/* The private folder of this program. */
const char *ui_test_get_folder (void);

/* A window of the application, shown; ui_window_free destroys it and checks that nothing kept it
 * alive. */
WsWindow *ui_window_new (void);
void ui_window_free (WsWindow *window);
/* Opens @path and waits until its rows are there. */
WsModelSession *ui_open (WsWindow *window, const char *path);
void ui_wait_state (WsModelSession *session, WsSessionState state);

typedef gboolean (*UiCondition) (gpointer data);
/* Runs the main loop until @condition holds; after 60 s the test fails with @what. */
void ui_wait (UiCondition condition, gpointer data, const char *what);
/* Lets everything that is due happen. */
void ui_settle (void);

/* The first widget below @root, visible, of @type (or any: G_TYPE_NONE) whose label or text is
 * @text (or any: NULL). NULL if there is none. */
GtkWidget *ui_find (gpointer root, GType type, const char *text);
/* The same, and it must be there. */
GtkWidget *ui_get (gpointer root, GType type, const char *text);
/* What a person does by a key on it: activates the button with this label. */
void ui_press (gpointer root, const char *label);

/* The toplevel of @type, once it is there. */
GtkWidget *ui_wait_toplevel (GType type);
/* Answers the file chooser that is open, or about to be: save as @name in the private folder.
 * (transfer full): the path. */
char *ui_save_as (const char *name);
/* Answers the file chooser that is open, or about to be, with the private folder. */
void ui_choose_folder (void);
/* Waits for the file, which is written on a thread. */
void ui_wait_file (const char *path);

void ui_screenshot (GtkWidget *widget, const char *path);

/* How long the main loop did not come round: by the clock, and by the work of its own thread,
 * which other programs on the machine do not lengthen. */
typedef struct
{
  guint source;
  gint64 last_usec;
  gint64 last_work_usec;
  gint64 max_gap_usec;
  gint64 max_work_usec;
} UiGapProbe;

void ui_gap_start (UiGapProbe *probe);
/* The longest gaps, in milliseconds. Returns: by the clock. @work_ms: (out) (optional) */
double ui_gap_stop (UiGapProbe *probe, double *work_ms);

/* Writes a safetensors file of n_layers x 6 bf16 matrices of n x n. With @weights FALSE the data
 * is a hole in the file (zeros that take no room); else random, the same for the same arguments.
 * (transfer full): its path in the private folder. */
char *ui_write_model (const char *name, guint n_layers, guint n, gboolean weights);

G_END_DECLS
