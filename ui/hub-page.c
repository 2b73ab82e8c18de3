/* SPDX-License-Identifier: MIT */
/* One model on the Hub. */
#include "hub-page.h"

#include "amounts.h"
#include "destination.h"
#include "file-list.h"
#include "hub-look.h"
#include "hub-total.h"
#include "hub-words.h"
#include "sentence.h"
#include "token-pane.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WsHubPage
{
  GtkBox parent_instance;

  GtkWidget *head;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkDropDown *revisions;
  WsTokenPane *token;
  GtkWidget *notice;
  GtkLabel *notice_words;
  GtkWidget *use_conversion;
  GtkStack *pages;
  GtkLabel *loading;
  GtkLabel *problem;
  GtkBox *suggestions;
  GtkWidget *retry;
  GtkWidget *open_page;
  GtkWidget *enter_token;
  WsFileList *files;
  WsDestination *destination;
  GtkLabel *total;
  GtkWidget *look_inside;
  GtkWidget *download;
  GtkWidget *open;

  WsHubName name;        /* (owned): of the last load */
  WsJob *job;            /* (nullable): that asks or has asked */
  const WsHubLook *look; /* (nullable): its data, once it has */
  GPtrArray *names;      /* (element-type utf8) of @revisions */
  gboolean filling;      /* the list of revisions changes by itself */
  gboolean is_to_fetch;  /* whoever asked wants the files, not to choose a revision */
  guint wait_source;     /* while nobody has answered */
};

enum
{
  DOWNLOAD,
  LOOK_INSIDE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsHubPage, ws_hub_page, GTK_TYPE_BOX)

/* The total */

/* What is whole here is opened, what is not is fetched: one button or the other. */
static void
update_buttons (WsHubPage *self, const WsHubTotal *total)
{
  g_autoptr (GPtrArray) files = ws_file_list_dup_chosen (self->files);
  /* what is here needs nobody to be asked */
  const gboolean is_to_be_had =
      self->look->absence == NULL ? self->look->denial == NULL : total->n_bytes_missing == 0;
  GtkWidget *shown = total->can_be_opened ? self->open : self->download;
  GtkWidget *hidden = total->can_be_opened ? self->download : self->open;
  const gboolean had_focus = gtk_widget_is_focus (hidden);

  gtk_widget_set_sensitive (self->download,
                            files->len > 0 && total->n_bytes_lacking == 0 && is_to_be_had);
  gtk_widget_set_visible (shown, TRUE);
  if (had_focus)
    gtk_widget_grab_focus (shown);
  gtk_widget_set_visible (hidden, FALSE);
}

static void
update_total (WsHubPage *self)
{
  const WsDiskRoom *room = ws_destination_get_room (self->destination);
  g_autofree char *text = NULL;
  WsHubTotal total;

  if (self->look == NULL)
    return;
  total = ws_hub_total_count (self->files, room);
  text = ws_hub_total_describe (&total, self->files, room);
  if (total.n_bytes_lacking > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->total), "error-text");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->total), "error-text");
  gtk_label_set_text (self->total, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->total), text);
  update_buttons (self, &total);
}

/* What can be read by ranges. */
static gboolean
has_safetensors (const WsHubListing *listing)
{
  for (guint i = 0; i < listing->files->len; i++)
    if (g_str_has_suffix (((WsHubFile *) g_ptr_array_index (listing->files, i))->path,
                          ".safetensors"))
      return TRUE;
  return FALSE;
}

static void
update_look_inside (WsHubPage *self)
{
  gboolean possible = has_safetensors (self->look->listing);

  gtk_widget_set_sensitive (self->look_inside, possible && self->look->denial == NULL);
  gtk_widget_set_tooltip_text (self->look_inside,
                               possible ? _ ("Reads only what is analysed, and keeps the results")
                                        : _ ("This works with safetensors files only"));
}

/* The revisions */

static void
add_revision (WsHubPage *self, GtkStringList *titles, const char *name, const char *commit)
{
  g_autofree char *short_commit = g_strndup (commit, 7);
  g_autofree char *shown = ws_format_name (name);
  g_autofree char *title = g_str_has_prefix (commit, name)
                               ? g_strdup (short_commit)
                               : g_strdup_printf ("%s · %s", shown, short_commit);

  g_ptr_array_add (self->names, g_strdup (name));
  gtk_string_list_append (titles, title);
}

/* A commit that a branch or tag stands at is fetched as that: so others find it too. */
static void
prefer_branch (WsHubPage *self)
{
  const GPtrArray *refs = self->look->refs;

  for (guint i = 0; i < refs->len; i++)
    {
      const WsHubRef *ref = g_ptr_array_index (refs, i);

      if (!g_str_equal (ref->commit, self->look->model->commit))
        continue;
      g_free (self->name.revision);
      self->name.revision = g_strdup (ref->name);
      return;
    }
}

static void
show_revisions (WsHubPage *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  const char *chosen = self->name.revision != NULL ? self->name.revision : "main";
  guint position;

  self->filling = TRUE;
  g_ptr_array_set_size (self->names, 0);
  for (guint i = 0; i < self->look->refs->len; i++)
    {
      const WsHubRef *ref = g_ptr_array_index (self->look->refs, i);

      add_revision (self, titles, ref->name, ref->commit);
    }
  if (!g_ptr_array_find_with_equal_func (self->names, chosen, g_str_equal, &position))
    {
      position = self->names->len;
      add_revision (self, titles, chosen, self->look->model->commit);
    }
  gtk_drop_down_set_model (self->revisions, G_LIST_MODEL (titles));
  gtk_drop_down_set_selected (self->revisions, position);
  gtk_widget_set_sensitive (GTK_WIDGET (self->revisions), self->names->len > 1);
  self->filling = FALSE;
}

static void
on_revision_chosen (WsHubPage *self)
{
  guint selected = gtk_drop_down_get_selected (self->revisions);
  WsHubName name = { .id = self->name.id };

  if (self->filling || selected >= self->names->len)
    return;
  name.revision = g_ptr_array_index (self->names, selected);
  ws_hub_page_load (self, &name);
}

/* What should be known first */

static void
show_notice (WsHubPage *self)
{
  g_autofree char *text = ws_hub_words_describe_notice (self->look);

  gtk_label_set_text (self->notice_words, text != NULL ? text : "");
  gtk_widget_set_visible (self->notice, text != NULL);
  gtk_widget_set_visible (self->use_conversion, self->look->conversion != NULL);
}

static void
on_use_conversion (WsHubPage *self)
{
  const WsHubName name = { .id = self->name.id, .revision = self->look->conversion };

  ws_hub_page_load (self, &name);
}

/* The answer */

/* "8.03 B parameters · BF16 · llama3.1 · 16 Oct 2024"; what is not known is left out. */
static char *
describe_model (const WsHubModel *model)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDateTime) modified =
      model->modified != NULL ? g_date_time_new_from_iso8601 (model->modified, NULL) : NULL;

  if (model->n_parameters > 0)
    g_ptr_array_add (parts, ws_amounts_describe_parameters (model->n_parameters));
  if (model->main_dtype != NULL)
    g_ptr_array_add (parts, ws_format_name (model->main_dtype));
  if (model->license != NULL)
    g_ptr_array_add (parts, ws_format_name (model->license));
  if (model->n_downloads > 0)
    g_ptr_array_add (parts, ws_amounts_format_downloads (model->n_downloads));
  if (modified != NULL)
    {
      g_autofree char *day = g_date_time_format (modified, "%Y-%m-%d");

      /* Translators: %s is a day */
      g_ptr_array_add (parts, g_strdup_printf (_ ("changed %s"), day));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
show_answer (WsHubPage *self)
{
  const WsHubModel *model = self->look->model;
  g_autofree char *subtitle = describe_model (model);

  gtk_label_set_text (self->title, model->id);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_widget_set_visible (self->head, TRUE);
  if (self->is_to_fetch)
    prefer_branch (self);
  show_revisions (self);
  if (self->look->denial != NULL)
    ws_token_pane_show (self->token, self->look->hub, model->id, self->look->denial);
  show_notice (self);
  ws_file_list_set_listing (self->files, self->look->listing, self->look->choice,
                            self->name.path == NULL && self->name.variant == NULL);
  ws_file_list_set_parts (self->files, &self->look->parts);
  ws_destination_set_listing (self->destination, self->look->listing);
  gtk_stack_set_visible_child_name (self->pages, "files");
  update_look_inside (self);
  update_total (self);
  if (self->is_to_fetch)
    gtk_widget_grab_focus (gtk_widget_get_visible (self->open) ? self->open : self->download);
}

/* Names that may have been meant */

static void
on_suggestion (WsHubPage *self, GtkButton *button)
{
  g_autofree char *id = g_strdup (gtk_button_get_label (button));
  const WsHubName name = { .id = id };

  ws_hub_page_load (self, &name);
}

static void
show_suggestions (WsHubPage *self, char **names)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->suggestions))) != NULL)
    gtk_box_remove (self->suggestions, child);
  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (names[i]);

      g_signal_connect_object (button, "clicked", G_CALLBACK (on_suggestion), self,
                               G_CONNECT_SWAPPED);
      gtk_box_append (self->suggestions, button);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions), names != NULL && names[0] != NULL);
}

/* A name that does not exist was mostly mistyped; then it may be private. */
static char *
describe_problem (const WsHubLook *look, const GError *error)
{
  g_autofree char *id = ws_format_name (look->id);

  if (g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE))
    return g_strdup_printf (_ ("“%s” is not on this machine, and no connection is opened: "
                               "HF_HUB_OFFLINE is set."),
                            id);
  if (!g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL))
    return ws_sentence_make (error->message);
  if (look->suggestions != NULL && look->suggestions[0] != NULL)
    return g_strdup_printf (_ ("There is no model “%s” on the Hub. Did you mean one of these?"),
                            id);
  return g_strdup_printf (_ ("There is no model “%s” on the Hub: check the name. Of a private "
                             "model the Hub says the same to those who may not read it."),
                          id);
}

static void
show_problem (WsHubPage *self, const WsHubLook *look, const GError *error)
{
  g_autofree char *sentence = describe_problem (look, error);
  const gboolean is_missing = g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL);
  const gboolean is_offline = g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE);
  const gboolean can_help = ws_token_pane_can_help (error);

  gtk_label_set_text (self->problem, sentence);
  show_suggestions (self, look->suggestions);
  /* nothing changes until the program is started anew */
  gtk_widget_set_visible (self->retry, !is_offline);
  /* The token's pane has such a button of its own. */
  gtk_widget_set_visible (self->open_page, !can_help && !is_offline);
  gtk_widget_set_visible (self->enter_token, is_missing);
  gtk_stack_set_visible_child_name (self->pages, "problem");
  if (can_help)
    ws_token_pane_show (self->token, look->hub, self->name.id, error);
  /* that it is private is the less likely reason */
  if (is_missing)
    gtk_widget_set_visible (GTK_WIDGET (self->token), FALSE);
}

static void
on_enter_token (WsHubPage *self)
{
  gtk_widget_set_visible (self->enter_token, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->token), TRUE);
  gtk_widget_child_focus (GTK_WIDGET (self->token), GTK_DIR_TAB_FORWARD);
}

/* Asking */

static gboolean
look_in_thread (WsJob *job, gpointer data, GError **error)
{
  return ws_hub_look_execute (job, data, error);
}

static void
look_free (gpointer data)
{
  ws_hub_look_free (data);
}

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  WsHubPage *self = owner;
  WsHubLook *look = data;

  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (error != NULL)
    {
      show_problem (self, look, error);
      return;
    }
  self->look = look;
  show_answer (self);
}

static const WsJobKind look_kind = { look_in_thread, NULL, on_looked, look_free };

static void
forget_look (WsHubPage *self)
{
  self->look = NULL;
  g_clear_handle_id (&self->wait_source, g_source_remove);
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
}

void
ws_hub_page_clear (WsHubPage *self)
{
  forget_look (self);
  gtk_widget_set_visible (self->head, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->token), FALSE);
  gtk_widget_set_visible (self->notice, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "hint");
}

static void
load (WsHubPage *self, const WsHubName *name, gboolean is_to_fetch)
{
  g_autofree char *text = NULL;
  /* before what it may be a part of is cleared */
  const WsHubName copy = { g_strdup (name->id), g_strdup (name->revision), g_strdup (name->path),
                           g_strdup (name->variant) };

  ws_hub_page_clear (self);
  ws_hub_name_clear (&self->name);
  self->name = copy;
  text = g_strdup_printf (_ ("Reading %s…"), self->name.id);
  gtk_label_set_text (self->loading, text);
  gtk_stack_set_visible_child_name (self->pages, "loading");
  self->is_to_fetch = is_to_fetch;
  self->job = ws_job_start (&look_kind, self, ws_hub_look_new (&self->name));
  self->wait_source = ws_hub_words_begin_wait (self->loading);
}

void
ws_hub_page_load (WsHubPage *self, const WsHubName *name)
{
  load (self, name, FALSE);
}

void
ws_hub_page_load_to_fetch (WsHubPage *self, const WsHubName *name)
{
  load (self, name, TRUE);
}

static void
reload (WsHubPage *self)
{
  if (self->name.id != NULL)
    load (self, &self->name, self->is_to_fetch);
}

WsDownloadOrder *
ws_hub_page_dup_order (WsHubPage *self)
{
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *folder = NULL;

  if (self->look == NULL)
    return NULL;
  files = ws_file_list_dup_chosen (self->files);
  if (files->len == 0)
    return NULL;
  folder = ws_destination_dup_folder (self->destination);
  return ws_download_order_new (self->look->listing, self->name.revision, files,
                                ws_file_list_get_n_bytes (self->files), folder);
}

/* Buttons */

static void
on_download (WsHubPage *self)
{
  g_signal_emit (self, signals[DOWNLOAD], 0);
}

/* What is here already. */
static void
on_open (WsHubPage *self)
{
  const WsDiskRoom *room = ws_destination_get_room (self->destination);
  g_autofree char *folder = room != NULL ? g_strdup (room->model_folder) : NULL;

  if (folder != NULL)
    g_signal_emit (self, signals[LOOK_INSIDE], 0, folder);
}

/* The commit that is shown, though its branch may move. */
static void
on_look_inside (WsHubPage *self)
{
  g_autofree char *name =
      g_strdup_printf ("hf:%s@%s", self->look->listing->id, self->look->listing->commit);

  g_signal_emit (self, signals[LOOK_INSIDE], 0, name);
}

static void
on_open_page (WsHubPage *self)
{
  WsHubLook *look = ws_job_get_data (self->job);
  g_autofree char *url = ws_hub_get_page_url (look->hub, self->name.id);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), url, GDK_CURRENT_TIME);
}

static void
ws_hub_page_dispose (GObject *object)
{
  WsHubPage *self = WS_HUB_PAGE (object);

  forget_look (self);
  self->filling = TRUE; /* the list loses its rows now: nobody chooses */
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_HUB_PAGE);
  G_OBJECT_CLASS (ws_hub_page_parent_class)->dispose (object);
}

static void
ws_hub_page_finalize (GObject *object)
{
  WsHubPage *self = WS_HUB_PAGE (object);

  ws_hub_name_clear (&self->name);
  g_ptr_array_unref (self->names);
  G_OBJECT_CLASS (ws_hub_page_parent_class)->finalize (object);
}

static void
ws_hub_page_class_init (WsHubPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_hub_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_hub_page_finalize;
  signals[DOWNLOAD] = g_signal_new ("download", WS_TYPE_HUB_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
  signals[LOOK_INSIDE] = g_signal_new ("look-inside", WS_TYPE_HUB_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                       NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (WS_TYPE_DESTINATION);
  g_type_ensure (WS_TYPE_FILE_LIST);
  g_type_ensure (WS_TYPE_TOKEN_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/hub-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, head);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, title);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, subtitle);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, revisions);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, token);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, notice);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, notice_words);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, use_conversion);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, pages);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, loading);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, problem);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, open_page);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, open);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, enter_token);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, retry);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, suggestions);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, files);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, destination);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, total);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, look_inside);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, download);
  gtk_widget_class_bind_template_callback (widget_class, on_revision_chosen);
  gtk_widget_class_bind_template_callback (widget_class, update_total);
  gtk_widget_class_bind_template_callback (widget_class, reload);
  gtk_widget_class_bind_template_callback (widget_class, on_download);
  gtk_widget_class_bind_template_callback (widget_class, on_look_inside);
  gtk_widget_class_bind_template_callback (widget_class, on_open_page);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_enter_token);
  gtk_widget_class_bind_template_callback (widget_class, on_use_conversion);
}

static void
ws_hub_page_init (WsHubPage *self)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->filling = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->filling = FALSE;
}
