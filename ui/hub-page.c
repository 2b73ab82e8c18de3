/* SPDX-License-Identifier: MIT */
/* One model on the Hub. */
#include "hub-page.h"

#include "amounts.h"
#include "destination.h"
#include "file-list.h"
#include "hub-look.h"
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
  GtkWidget *pickles;
  GtkLabel *pickles_words;
  GtkWidget *use_conversion;
  GtkStack *pages;
  GtkLabel *loading;
  GtkLabel *problem;
  GtkWidget *open_page;
  WsFileList *files;
  WsDestination *destination;
  GtkLabel *total;
  GtkWidget *look_inside;
  GtkWidget *download;

  WsHubName name;        /* (owned): of the last load */
  WsJob *job;            /* (nullable): that asks or has asked */
  const WsHubLook *look; /* (nullable): its data, once it has */
  GPtrArray *names;      /* (element-type utf8) of @revisions */
  gboolean filling;      /* the list of revisions changes by itself */
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

static guint64
count_missing (WsHubPage *self, const WsDiskRoom *room)
{
  g_autoptr (GPtrArray) files = ws_file_list_dup_chosen (self->files);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 n_bytes = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      if (g_hash_table_add (seen, file->sha256 != NULL ? file->sha256 : file->git_oid) &&
          !g_hash_table_contains (room->present, file->path))
        n_bytes += file->n_bytes;
    }
  return n_bytes;
}

/* "7.9 GB of 24 GB · 51 GB free on /home" */
static char *
describe_total (WsHubPage *self, const WsDiskRoom *room, guint64 n_missing)
{
  guint64 n_bytes = ws_file_list_get_n_bytes (self->files);
  g_autofree char *chosen = ws_format_bytes (n_bytes);
  g_autofree char *all = ws_format_bytes (ws_file_list_get_total (self->files));
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *room_text = NULL;
  g_autofree char *here = NULL;

  /* Translators: bytes of the files that are chosen, of all files: "7.9 GB of 24 GB" */
  g_string_append_printf (text, _ ("%s of %s"), chosen, all);
  if (room == NULL)
    return g_string_free (g_steal_pointer (&text), FALSE);
  if (n_missing < n_bytes)
    {
      here = ws_format_bytes (n_bytes - n_missing);
      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("%s already here"), here);
    }
  if (room->n_bytes_free == G_MAXUINT64)
    return g_string_free (g_steal_pointer (&text), FALSE);
  room_text = ws_format_bytes (room->n_bytes_free);
  g_string_append (text, " · ");
  if (room->disk != NULL)
    g_string_append_printf (text, _ ("%s free on %s"), room_text, room->disk);
  else
    g_string_append_printf (text, _ ("%s free"), room_text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
update_total (WsHubPage *self)
{
  const WsDiskRoom *room = ws_destination_get_room (self->destination);
  guint64 n_missing, n_lacking = 0;
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) files = NULL;

  if (self->look == NULL)
    return;
  files = ws_file_list_dup_chosen (self->files);
  n_missing = room != NULL ? count_missing (self, room) : 0;
  if (room != NULL && room->n_bytes_free < n_missing)
    n_lacking = n_missing - room->n_bytes_free;
  text = describe_total (self, room, n_missing);
  if (n_lacking > 0)
    {
      g_autofree char *lacking = ws_format_bytes (n_lacking);
      /* Translators: %s are the sizes, as in "7.9 GB of 24 GB · 5 GB free on /home", and how much
       * does not fit */
      char *longer = g_strdup_printf (_ ("%s · %s too little"), text, lacking);

      g_free (text);
      text = longer;
      gtk_widget_add_css_class (GTK_WIDGET (self->total), "error-text");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->total), "error-text");
    }
  gtk_label_set_text (self->total, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->total), text);
  gtk_widget_set_sensitive (self->download,
                            files->len > 0 && n_lacking == 0 && self->look->denial == NULL);
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

/* Pickles */

static void
show_pickles (WsHubPage *self)
{
  const char *conversion = self->look->conversion;

  gtk_widget_set_visible (self->pickles, self->look->is_of_pickles);
  gtk_widget_set_visible (self->use_conversion, conversion != NULL);
  if (conversion == NULL)
    gtk_label_set_text (self->pickles_words,
                        _ ("The weights are Python pickles, which Weightscope does not read."));
  else
    gtk_label_set_text (self->pickles_words,
                        _ ("The weights are Python pickles, which Weightscope does not read. The "
                           "Hub's bot offers them as safetensors, in an open pull request."));
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
  show_revisions (self);
  if (self->look->denial != NULL)
    ws_token_pane_show (self->token, self->look->hub, model->id, self->look->denial);
  show_pickles (self);
  ws_file_list_set_listing (self->files, self->look->listing, self->look->choice,
                            self->name.path == NULL && self->name.variant == NULL);
  ws_file_list_set_parts (self->files, &self->look->parts);
  ws_destination_set_listing (self->destination, self->look->listing);
  gtk_stack_set_visible_child_name (self->pages, "files");
  update_look_inside (self);
  update_total (self);
}

static void
show_problem (WsHubPage *self, WsHub *hub, const GError *error)
{
  g_autofree char *sentence = ws_sentence_make (error->message);

  gtk_label_set_text (self->problem, sentence);
  /* The token's pane has such a button of its own. */
  gtk_widget_set_visible (self->open_page,
                          !ws_token_pane_can_help (error) &&
                              !g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE));
  gtk_stack_set_visible_child_name (self->pages, "problem");
  if (ws_token_pane_can_help (error))
    ws_token_pane_show (self->token, hub, self->name.id, error);
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

  if (error != NULL)
    {
      show_problem (self, look->hub, error);
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
  gtk_widget_set_visible (self->pickles, FALSE);
  gtk_stack_set_visible_child_name (self->pages, "hint");
}

void
ws_hub_page_load (WsHubPage *self, const WsHubName *name)
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
  self->job = ws_job_start (&look_kind, self, ws_hub_look_new (&self->name));
}

static void
reload (WsHubPage *self)
{
  if (self->name.id != NULL)
    ws_hub_page_load (self, &self->name);
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
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, pickles);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, pickles_words);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, use_conversion);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, pages);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, loading);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, problem);
  gtk_widget_class_bind_template_child (widget_class, WsHubPage, open_page);
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
