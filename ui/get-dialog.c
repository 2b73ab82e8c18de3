/* SPDX-License-Identifier: MIT */
/* Finds a model on the Hub and asks which of its files are wanted. */
#include "get-dialog.h"

#include "hub-access.h"
#include "hub-page.h"
#include "hub-words.h"
#include "job.h"
#include "model-row.h"
#include "sentence.h"

#include "hub/remote-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What is shorter fits every second model. */
#define MIN_WORDS 2
#define MAX_RESULTS 30

struct _WsGetDialog
{
  GtkWindow parent_instance;

  GtkSearchEntry *entry;
  GtkListBox *results;
  GtkLabel *status;
  GtkWidget *retry;
  WsHubPage *page;
  char *endpoint;    /* of the Hub, whose addresses are known */
  WsJob *job;        /* (nullable): the search in work */
  char *opened;      /* (nullable): the text whose model is on the page */
  guint wait_source; /* while nobody has answered */
};

enum
{
  ORDERED,
  LOOK_INSIDE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsGetDialog, ws_get_dialog, GTK_TYPE_WINDOW)

/* Searching */

typedef struct
{
  char *words;
  GPtrArray *models; /* (element-type WsHubModel) */
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->words);
  g_clear_pointer (&search->models, g_ptr_array_unref);
  g_free (search);
}

static gboolean
search_in_thread (WsJob *job, gpointer data, GError **error)
{
  Search *search = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);
  g_autoptr (WsHub) hub = ws_hub_access_dup_hub (cancellable);

  search->models = ws_hub_search (hub, search->words, MAX_RESULTS, cancellable, error);
  return search->models != NULL;
}

static void
show_status (WsGetDialog *self, const char *text, gboolean can_retry)
{
  gtk_label_set_text (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), text[0] != '\0');
  gtk_widget_set_visible (self->retry, can_retry);
}

static void
show_error (WsGetDialog *self, const GError *error)
{
  g_autofree char *sentence = ws_sentence_make (error->message);

  if (g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE))
    show_status (self,
                 _ ("No connection is opened: HF_HUB_OFFLINE is set. A model that is on this "
                    "machine is found by its whole name."),
                 FALSE);
  else
    show_status (self, sentence, !g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME));
}

static void
clear_results (WsGetDialog *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->results, 0)) != NULL)
    gtk_list_box_remove (self->results, GTK_WIDGET (row));
}

static void
open_row (WsGetDialog *self, GtkListBoxRow *row)
{
  const WsHubName name = { .id = (char *) ws_model_row_get_id (WS_MODEL_ROW (row)) };

  gtk_list_box_select_row (self->results, row);
  ws_hub_page_load (self->page, &name);
}

static GtkListBoxRow *
find_row (WsGetDialog *self, const char *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->results, i)) != NULL; i++)
    if (g_ascii_strcasecmp (ws_model_row_get_id (WS_MODEL_ROW (row)), id) == 0)
      return row;
  return NULL;
}

static void
open_name (WsGetDialog *self, const char *text, gboolean to_fetch)
{
  g_auto (WsHubName) name = { 0 };
  g_autoptr (GError) error = NULL;

  clear_results (self);
  if (ws_hub_name_parse (&name, text, self->endpoint, &error))
    {
      show_status (self, "", FALSE);
      g_free (self->opened);
      self->opened = g_strdup (text);
      if (to_fetch)
        ws_hub_page_load_to_fetch (self->page, &name);
      else
        ws_hub_page_load (self->page, &name);
      return;
    }
  ws_hub_page_clear (self->page);
  show_error (self, error);
}

/* A name that was typed to its end needs no further choice. */
static void
show_results (WsGetDialog *self, const Search *search)
{
  GtkListBoxRow *exact;

  clear_results (self);
  for (guint i = 0; i < search->models->len; i++)
    gtk_list_box_append (self->results, ws_model_row_new (g_ptr_array_index (search->models, i)));
  show_status (self, search->models->len > 0 ? "" : _ ("No model on the Hub has these words."),
               FALSE);
  exact = find_row (self, search->words);
  if (exact != NULL)
    open_row (self, exact);
}

static void
on_searched (gpointer owner, gpointer data, const GError *error)
{
  WsGetDialog *self = owner;
  const Search *search = data;

  g_clear_pointer (&self->job, ws_job_unref);
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (error == NULL)
    {
      show_results (self, search);
      return;
    }
  clear_results (self);
  /* what names a model may be on this machine: then one sentence is enough, on its page */
  if (ws_remote_is_of_network (error) && strchr (search->words, '/') != NULL)
    open_name (self, search->words, FALSE);
  else
    show_error (self, error);
}

static const WsJobKind search_kind = { search_in_thread, NULL, on_searched, search_free };

static void
stop_searching (WsGetDialog *self)
{
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
}

static void
search (WsGetDialog *self, const char *words)
{
  Search *data = g_new0 (Search, 1);

  data->words = g_strdup (words);
  show_status (self, _ ("Searching…"), FALSE);
  self->job = ws_job_start (&search_kind, self, data);
  self->wait_source = ws_hub_words_begin_wait (self->status);
}

/* What was typed */

/* Nothing that one would search by: it names one model. */
static gboolean
is_address (const char *text)
{
  return ws_hub_name_is_remote (text) || strstr (text, "://") != NULL ||
         strchr (text, '@') != NULL || g_str_has_prefix (text, "huggingface.co/") ||
         g_str_has_prefix (text, "hf.co/") || strchr (text, ':') != NULL;
}

static char *
dup_text (WsGetDialog *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
}

/* Some time after the last key. */
static void
on_search_changed (WsGetDialog *self)
{
  g_autofree char *text = dup_text (self);

  /* Enter, or whoever has set the text, was faster */
  if (g_strcmp0 (text, self->opened) == 0)
    return;
  g_clear_pointer (&self->opened, g_free);
  stop_searching (self);
  if (is_address (text))
    {
      open_name (self, text, FALSE);
    }
  else if (g_utf8_strlen (text, -1) >= MIN_WORDS)
    {
      search (self, text);
    }
  else
    {
      clear_results (self);
      show_status (self, "", FALSE);
    }
}

/* Enter: the model of this name, else the first that was found. */
static void
on_activate (WsGetDialog *self)
{
  g_autofree char *text = dup_text (self);
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->results, 0);

  if (text[0] == '\0')
    return;
  if (is_address (text) || strchr (text, '/') != NULL)
    {
      stop_searching (self);
      open_name (self, text, FALSE);
    }
  else if (row != NULL)
    {
      open_row (self, row);
    }
}

static gboolean
on_entry_key (WsGetDialog *self, guint key)
{
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->results, 0);

  return (key == GDK_KEY_Down || key == GDK_KEY_KP_Down) && row != NULL &&
         gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
on_download (WsGetDialog *self)
{
  g_autoptr (WsDownloadOrder) order = ws_hub_page_dup_order (self->page);

  if (order == NULL)
    return;
  g_signal_emit (self, signals[ORDERED], 0, order);
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_look_inside (WsGetDialog *self, const char *name)
{
  g_signal_emit (self, signals[LOOK_INSIDE], 0, name);
  gtk_window_close (GTK_WINDOW (self));
}

static void
ws_get_dialog_dispose (GObject *object)
{
  WsGetDialog *self = WS_GET_DIALOG (object);

  stop_searching (self);
  g_clear_pointer (&self->endpoint, g_free);
  g_clear_pointer (&self->opened, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_GET_DIALOG);
  G_OBJECT_CLASS (ws_get_dialog_parent_class)->dispose (object);
}

static void
ws_get_dialog_class_init (WsGetDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_get_dialog_dispose;
  signals[ORDERED] = g_signal_new ("ordered", WS_TYPE_GET_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[LOOK_INSIDE] = g_signal_new ("look-inside", WS_TYPE_GET_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (WS_TYPE_HUB_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/get-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, WsGetDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, WsGetDialog, results);
  gtk_widget_class_bind_template_child (widget_class, WsGetDialog, status);
  gtk_widget_class_bind_template_child (widget_class, WsGetDialog, retry);
  gtk_widget_class_bind_template_child (widget_class, WsGetDialog, page);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_key);
  gtk_widget_class_bind_template_callback (widget_class, open_row);
  gtk_widget_class_bind_template_callback (widget_class, on_download);
  gtk_widget_class_bind_template_callback (widget_class, on_look_inside);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
}

static void
ws_get_dialog_init (WsGetDialog *self)
{
  g_auto (WsHubSettings) settings = { 0 };

  gtk_widget_init_template (GTK_WIDGET (self));
  ws_hub_settings_init (&settings);
  self->endpoint = g_strdup (settings.endpoint);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

WsGetDialog *
ws_get_dialog_new (GtkWindow *parent)
{
  return g_object_new (WS_TYPE_GET_DIALOG, "transient-for", parent, NULL);
}

void
ws_get_dialog_look_for (WsGetDialog *self, const char *text)
{
  g_return_if_fail (WS_IS_GET_DIALOG (self));

  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
  gtk_editable_set_position (GTK_EDITABLE (self->entry), -1);
}

void
ws_get_dialog_fetch (WsGetDialog *self, const char *text)
{
  g_auto (WsHubName) name = { 0 };

  g_return_if_fail (WS_IS_GET_DIALOG (self));

  stop_searching (self);
  open_name (self, text, TRUE);
  if (!ws_hub_name_parse (&name, text, self->endpoint, NULL))
    return;
  g_free (self->opened);
  self->opened = g_strdup (name.id);
  gtk_editable_set_text (GTK_EDITABLE (self->entry), name.id);
}
