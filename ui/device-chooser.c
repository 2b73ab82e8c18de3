/* SPDX-License-Identifier: MIT */
/* Where singular values are computed. */
#include "device-chooser.h"

#include "base/error.h"
#include "base/format.h"
#include "cuda/cuda.h"
#include "job.h"
#include "sentence.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

struct _WsDeviceChooser
{
  GtkWidget parent_instance;

  GtkDropDown *list;
  GtkLabel *found;
  GPtrArray *words; /* (element-type utf8) of the settings, one for each row of the list */
  gboolean filling; /* the list changes by itself */
  WsJob *job;       /* NULL: none in work */
};

G_DEFINE_FINAL_TYPE (WsDeviceChooser, ws_device_chooser, GTK_TYPE_WIDGET)

/* Looking */

typedef struct
{
  GPtrArray *devices; /* (element-type WsCudaDevice) or NULL */
  GError *error;
} Look;

static void
look_free (gpointer data)
{
  Look *look = data;

  g_clear_pointer (&look->devices, g_ptr_array_unref);
  g_clear_error (&look->error);
  g_free (look);
}

/* To find nothing is no failure. */
static gboolean
look_in_thread (WsJob *job, gpointer data, GError **error)
{
  Look *look = data;

  look->devices = ws_cuda_list_devices (&look->error);
  return TRUE;
}

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  WsDeviceChooser *self = owner;
  Look *look = data;

  g_clear_pointer (&self->job, ws_job_unref);
  ws_device_chooser_show_found (self, look->devices, look->error);
}

static const WsJobKind look_kind = { look_in_thread, NULL, on_looked, look_free };

/* The list */

static void
on_chosen (WsDeviceChooser *self)
{
  guint selected = gtk_drop_down_get_selected (self->list);

  if (!self->filling && selected < self->words->len)
    g_settings_set_string (ws_settings_get_default (), "device",
                           g_ptr_array_index (self->words, selected));
}

static void
add_choice (WsDeviceChooser *self, GtkStringList *names, const char *word, const char *name)
{
  g_ptr_array_add (self->words, g_strdup (word));
  gtk_string_list_append (names, name);
}

static void
add_devices (WsDeviceChooser *self, GtkStringList *names, GPtrArray *devices)
{
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      const WsCudaDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *word = ws_device_dup_key (WS_DEVICE_CUDA, device->index);
      g_autofree char *name = ws_format_name (device->name);
      g_autofree char *title = devices->len == 1
                                   ? g_strdup (name)
                                   /* Translators: one of several GPUs: its name and its number */
                                   : g_strdup_printf (_ ("%s (GPU %u)"), name, device->index);

      add_choice (self, names, word, title);
    }
}

static gboolean
find_word (WsDeviceChooser *self, const char *word, guint *position)
{
  return g_ptr_array_find_with_equal_func (self->words, word, g_str_equal, position);
}

/* As add_devices spells it; words that are none are "auto". */
static char *
dup_chosen_word (void)
{
  g_autofree char *word = g_settings_get_string (ws_settings_get_default (), "device");
  WsDeviceKind kind = WS_DEVICE_AUTO;
  guint index = 0;

  ws_device_parse (word, &kind, &index);
  return ws_device_dup_key (kind, index);
}

/* A GPU that was chosen stays chosen when it is not found: it may come back. */
static void
add_missing (WsDeviceChooser *self, GtkStringList *names, const char *chosen, gboolean looked)
{
  g_autofree char *name = NULL;

  if (find_word (self, chosen, NULL))
    return;
  name = looked ? g_strdup_printf (_ ("GPU %s (not found)"), chosen + strlen ("cuda:"))
                : g_strdup_printf (_ ("GPU %s"), chosen + strlen ("cuda:"));
  add_choice (self, names, chosen, name);
}

static void
fill_list (WsDeviceChooser *self, GPtrArray *devices, gboolean looked)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *chosen = dup_chosen_word ();
  guint position = 0;

  self->filling = TRUE;
  g_ptr_array_set_size (self->words, 0);
  add_choice (self, names, "auto", _ ("Automatic"));
  add_choice (self, names, "cpu", _ ("Processor"));
  add_devices (self, names, devices);
  add_missing (self, names, chosen, looked);
  find_word (self, chosen, &position);
  gtk_drop_down_set_model (self->list, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->list, position);
  self->filling = FALSE;
}

/* What was found */

static char *
describe_devices (GPtrArray *devices)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < devices->len; i++)
    {
      const WsCudaDevice *device = g_ptr_array_index (devices, i);
      g_autofree char *name = ws_format_name (device->name);
      g_autofree char *total = ws_format_bytes (device->n_bytes_total);
      g_autofree char *free_now = ws_format_bytes (device->n_bytes_free);

      /* Translators: the name of a GPU, its memory, what of it is free: "NVIDIA H200: 150 GB of
       * memory, 148 GB free" */
      g_ptr_array_add (lines,
                       g_strdup_printf (_ ("%s: %s of memory, %s free"), name, total, free_now));
    }
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

static char *
describe_found (GPtrArray *devices, const GError *error)
{
  if (devices != NULL && devices->len > 0)
    return describe_devices (devices);
  if (error != NULL)
    return ws_sentence_make (error->message);
  return g_strdup (_ ("No GPU was found."));
}

void
ws_device_chooser_show_found (WsDeviceChooser *self, GPtrArray *devices, const GError *error)
{
  g_autofree char *text = describe_found (devices, error);

  g_return_if_fail (WS_IS_DEVICE_CHOOSER (self));

  fill_list (self, devices, TRUE);
  gtk_label_set_text (self->found, text);
}

/* The widget */

static gboolean
ws_device_chooser_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (WS_DEVICE_CHOOSER (widget)->list));
}

static void
ws_device_chooser_dispose (GObject *object)
{
  WsDeviceChooser *self = WS_DEVICE_CHOOSER (object);

  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  self->filling = TRUE; /* the list loses its rows now: nobody chooses */
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DEVICE_CHOOSER);
  G_OBJECT_CLASS (ws_device_chooser_parent_class)->dispose (object);
}

static void
ws_device_chooser_finalize (GObject *object)
{
  g_ptr_array_unref (WS_DEVICE_CHOOSER (object)->words);
  G_OBJECT_CLASS (ws_device_chooser_parent_class)->finalize (object);
}

static void
ws_device_chooser_class_init (WsDeviceChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_device_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_device_chooser_finalize;
  widget_class->grab_focus = ws_device_chooser_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/device-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDeviceChooser, list);
  gtk_widget_class_bind_template_child (widget_class, WsDeviceChooser, found);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen);
}

static void
ws_device_chooser_init (WsDeviceChooser *self)
{
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_list (self, NULL, FALSE);
  self->job = ws_job_start (&look_kind, self, g_new0 (Look, 1));
}
