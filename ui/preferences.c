/* SPDX-License-Identifier: MIT */
/* The few things that can be chosen; each takes effect at once. */
#include "preferences.h"

#include "amounts.h"
#include "device-chooser.h"
#include "settings.h"

#include "base/format.h"
#include "hub/settings.h"

#include <glib/gi18n-lib.h>

#define GIB (G_GUINT64_CONSTANT (1) << 30)

/* As --low-memory of the command line. */
#define LOW_MEMORY_GIB 1

struct _WsPreferences
{
  GtkWindow parent_instance;

  GtkDropDown *scheme;
  GtkSpinButton *threads;
  GtkDropDown *memory;
  GtkDropDown *rate;
  GtkSpinButton *connections;
  GtkDropDown *ask;
  GtkLabel *cache;
};

G_DEFINE_FINAL_TYPE (WsPreferences, ws_preferences, GTK_TYPE_WINDOW)

/* 0: half of the machine's memory. */
static const guint memory_gib[] = { 0, 1, 2, 4, 8, 16, 32, 64, 128, 256 };

static gboolean
on_threads_output (GtkSpinButton *spin, gpointer user_data)
{
  g_autofree char *text = NULL;

  if (gtk_spin_button_get_value_as_int (spin) > 0)
    return FALSE;
  text = g_strdup_printf (_ ("All %u cores"), g_get_num_processors ());
  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

/* Text that is no number stands for all cores. */
static int
on_threads_input (GtkSpinButton *spin, double *value, gpointer user_data)
{
  *value = g_ascii_strtod (gtk_editable_get_text (GTK_EDITABLE (spin)), NULL);
  return TRUE;
}

static void
fill_threads (WsPreferences *self)
{
  gtk_spin_button_set_adjustment (self->threads,
                                  gtk_adjustment_new (0, 0, g_get_num_processors (), 1, 4, 0));
  g_settings_bind (ws_settings_get_default (), "threads", self->threads, "value",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
on_memory_chosen (WsPreferences *self)
{
  guint selected = gtk_drop_down_get_selected (self->memory);

  if (selected < G_N_ELEMENTS (memory_gib))
    g_settings_set_uint64 (ws_settings_get_default (), "memory-limit", memory_gib[selected] * GIB);
}

static char *
dup_memory_name (guint gib)
{
  if (gib == LOW_MEMORY_GIB)
    return g_strdup_printf (_ ("%u GB (low-memory mode)"), gib);
  return g_strdup_printf (_ ("%u GB"), gib);
}

static void
fill_memory (WsPreferences *self)
{
  guint64 limit = g_settings_get_uint64 (ws_settings_get_default (), "memory-limit");
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, _ ("Half of this machine's"));
  for (guint i = 1; i < G_N_ELEMENTS (memory_gib); i++)
    {
      gtk_string_list_take (names, dup_memory_name (memory_gib[i]));
      if (memory_gib[i] * GIB <= limit)
        selected = i;
    }
  gtk_drop_down_set_model (self->memory, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->memory, selected);
  g_signal_connect_swapped (self->memory, "notify::selected", G_CALLBACK (on_memory_chosen), self);
}

static void
on_scheme_chosen (WsPreferences *self)
{
  guint selected = gtk_drop_down_get_selected (self->scheme);

  if (selected != GTK_INVALID_LIST_POSITION)
    g_settings_set_enum (ws_settings_get_default (), "color-scheme", selected);
}

/* The Hub */

/* Of a choice among amounts; its row in the list is its row in the table. */
typedef struct
{
  const char *key;
  const guint64 *amounts; /* growing; the first stands for no limit */
  guint n_amounts;
} Amounts;

#define MB G_GUINT64_CONSTANT (1000000)

static const guint64 rates[] = { 0, MB, 2 * MB, 5 * MB, 10 * MB, 20 * MB, 50 * MB, 100 * MB };
static const guint64 questions[] = { 0, 100 * MB, 500 * MB, 2000 * MB, 10000 * MB, 50000 * MB };
static const Amounts rate_amounts = { "download-rate", rates, G_N_ELEMENTS (rates) };
static const Amounts question_amounts = { "ask-traffic", questions, G_N_ELEMENTS (questions) };

static void
on_amount_chosen (GtkDropDown *list, GParamSpec *pspec, gpointer user_data)
{
  const Amounts *amounts = user_data;
  guint selected = gtk_drop_down_get_selected (list);

  if (selected < amounts->n_amounts)
    g_settings_set_uint64 (ws_settings_get_default (), amounts->key, amounts->amounts[selected]);
}

/* @none: the name of the first */
static void
fill_amounts (GtkDropDown *list, const Amounts *amounts, const char *none,
              char *(*describe) (guint64 amount))
{
  guint64 chosen = g_settings_get_uint64 (ws_settings_get_default (), amounts->key);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, none);
  for (guint i = 1; i < amounts->n_amounts; i++)
    {
      gtk_string_list_take (names, describe (amounts->amounts[i]));
      if (amounts->amounts[i] <= chosen)
        selected = i;
    }
  gtk_drop_down_set_model (list, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (list, selected);
  g_signal_connect (list, "notify::selected", G_CALLBACK (on_amount_chosen), (gpointer) amounts);
}

static char *
describe_rate (guint64 rate)
{
  return ws_amounts_format_rate (rate);
}

static char *
describe_question (guint64 n_bytes)
{
  g_autofree char *size = ws_format_bytes (n_bytes);

  return g_strdup_printf (_ ("From %s on"), size);
}

static void
fill_hub (WsPreferences *self)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *folder = NULL;

  ws_hub_settings_init (&settings);
  folder = ws_format_name (settings.cache_folder);
  gtk_label_set_text (self->cache, folder);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->cache), folder);
  fill_amounts (self->rate, &rate_amounts, _ ("No limit"), describe_rate);
  fill_amounts (self->ask, &question_amounts, _ ("Never"), describe_question);
  gtk_spin_button_set_adjustment (self->connections, gtk_adjustment_new (8, 1, 16, 1, 4, 0));
  g_settings_bind (ws_settings_get_default (), "download-connections", self->connections, "value",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
ws_preferences_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_PREFERENCES);
  G_OBJECT_CLASS (ws_preferences_parent_class)->dispose (object);
}

static void
ws_preferences_class_init (WsPreferencesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_preferences_dispose;
  g_type_ensure (WS_TYPE_DEVICE_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/preferences.ui");
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, scheme);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, threads);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, memory);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, rate);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, connections);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, ask);
  gtk_widget_class_bind_template_child (widget_class, WsPreferences, cache);
  gtk_widget_class_bind_template_callback (widget_class, on_threads_output);
  gtk_widget_class_bind_template_callback (widget_class, on_threads_input);
}

static void
ws_preferences_init (WsPreferences *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drop_down_set_selected (self->scheme,
                              g_settings_get_enum (ws_settings_get_default (), "color-scheme"));
  g_signal_connect_swapped (self->scheme, "notify::selected", G_CALLBACK (on_scheme_chosen), self);
  fill_threads (self);
  fill_memory (self);
  fill_hub (self);
}

void
ws_preferences_show (GtkWindow *parent)
{
  gtk_window_present (g_object_new (WS_TYPE_PREFERENCES, "transient-for", parent, NULL));
}
