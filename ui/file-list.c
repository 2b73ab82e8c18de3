/* SPDX-License-Identifier: MIT */
/* The files of a model on the Hub, and which of them are to be fetched. */
#include "file-list.h"

#include "file-row.h"

#include <glib/gi18n-lib.h>

/* GTK keeps some 200 rows alive around what is seen, and makes them within one frame: too many for
 * that, so the list grows by a few at a time, and from there on by all that is left. */
#define PIECE_ROWS 20
#define MAX_LIVE_ROWS 240

struct _WsFileList
{
  GtkBox parent_instance;

  GtkToggleButton *weights;
  GtkToggleButton *embeddings;
  GtkToggleButton *layer;
  GtkToggleButton *small;
  GtkToggleButton *all;
  GtkLabel *count;
  GtkLabel *refused;
  GtkListView *view;

  WsHubListing *listing;
  WsShardParts parts;
  GPtrArray *rows;      /* (element-type WsChoiceRow) the choice as it is now */
  GPtrArray *all_items; /* (element-type WsFileItem) one for each row */
  GListStore *items;    /* those of them that are in the list so far */
  guint fill_source;    /* while more are to come */
  guint64 total;
  gboolean filling; /* many items change at once */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsFileList, ws_file_list, GTK_TYPE_BOX)

static void
show_count (WsFileList *self)
{
  guint n_chosen = 0;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->rows->len; i++)
    n_chosen += ((WsChoiceRow *) g_ptr_array_index (self->rows, i))->is_chosen;
  text = g_strdup_printf (ngettext ("%u of %u file", "%u of %u files", self->rows->len), n_chosen,
                          self->rows->len);
  gtk_label_set_text (self->count, text);
}

static void
tell_changed (WsFileList *self)
{
  show_count (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* A file ticked by hand makes it nobody's preset. Told by its row, for thousands of items would
 * each need a handler. */
static void
on_item_chosen (WsFileList *self)
{
  GtkToggleButton *presets[] = { self->weights, self->embeddings, self->layer, self->small,
                                 self->all };

  if (self->filling)
    return;
  self->filling = TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (presets); i++)
    gtk_toggle_button_set_active (presets[i], FALSE);
  self->filling = FALSE;
  tell_changed (self);
}

static void
take_rows (WsFileList *self, GPtrArray *rows)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->rows);

  self->filling = TRUE;
  self->rows = rows;
  for (guint i = 0; i < rows->len; i++)
    {
      ws_file_item_set_row (g_ptr_array_index (self->all_items, i), g_ptr_array_index (rows, i));
    }
  self->filling = FALSE;
  tell_changed (self);
}

static void
on_preset (WsFileList *self, GtkToggleButton *button)
{
  const WsModelPart part = button == self->all          ? WS_MODEL_PART_ALL
                           : button == self->small      ? WS_MODEL_PART_SMALL
                           : button == self->embeddings ? WS_MODEL_PART_EMBEDDINGS
                           : button == self->layer      ? WS_MODEL_PART_LAYER
                                                        : WS_MODEL_PART_WEIGHTS;
  GPtrArray *rows;

  if (self->filling || !gtk_toggle_button_get_active (button))
    return;
  /* A part that is not in files of its own has a button that cannot be pressed. */
  rows = ws_shard_parts_choose (&self->parts, self->listing, part, NULL);
  if (rows != NULL)
    take_rows (self, rows);
}

/* Names that may not become files here are told, not hidden. */
static void
show_refused (WsFileList *self)
{
  GPtrArray *refusals = self->listing->refusals;
  g_autoptr (GString) details = g_string_new (NULL);
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u file is left out: its name is not safe to write here",
                "%u files are left out: their names are not safe to write here", refusals->len),
      refusals->len);

  for (guint i = 0; i < MIN (refusals->len, 20); i++)
    {
      const WsHubRefusal *refusal = g_ptr_array_index (refusals, i);

      g_string_append_printf (details, "%s%s: %s", i > 0 ? "\n" : "", refusal->name,
                              refusal->reason);
    }
  gtk_label_set_text (self->refused, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->refused), details->str);
  gtk_widget_set_visible (GTK_WIDGET (self->refused), refusals->len > 0);
}

/* Returns: whether more are to come. */
static gboolean
add_items (WsFileList *self)
{
  const guint n_before = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  const guint n_left = self->all_items->len - n_before;
  const guint n = n_before < MAX_LIVE_ROWS ? MIN (n_left, PIECE_ROWS) : n_left;

  g_list_store_splice (self->items, n_before, 0, self->all_items->pdata + n_before, n);
  return n < n_left;
}

/* After the frame that shows those before. */
static gboolean
on_fill (gpointer user_data)
{
  WsFileList *self = user_data;

  if (add_items (self))
    return G_SOURCE_CONTINUE;
  self->fill_source = 0;
  return G_SOURCE_REMOVE;
}

static void
make_items (WsFileList *self)
{
  /* The items leave the old rows before these are freed. */
  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_list_store_remove_all (self->items);
  g_ptr_array_set_size (self->all_items, 0);
  for (guint i = 0; i < self->rows->len; i++)
    g_ptr_array_add (self->all_items, ws_file_item_new (g_ptr_array_index (self->rows, i)));
  if (add_items (self))
    self->fill_source = g_idle_add_full (GDK_PRIORITY_REDRAW + 10, on_fill, self, NULL);
}

static void
show_preset (WsFileList *self, gboolean is_weights)
{
  self->filling = TRUE;
  gtk_toggle_button_set_active (self->weights, is_weights);
  gtk_toggle_button_set_active (self->embeddings, FALSE);
  gtk_toggle_button_set_active (self->layer, FALSE);
  gtk_toggle_button_set_active (self->small, FALSE);
  gtk_toggle_button_set_active (self->all, FALSE);
  self->filling = FALSE;
}

static void
show_part (GtkToggleButton *button, char **paths, const char *sentence)
{
  gtk_widget_set_sensitive (GTK_WIDGET (button), paths != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (button),
                               paths != NULL ? sentence
                                             : _ ("Not in files of its own: look inside without "
                                                  "downloading to read it alone"));
}

void
ws_file_list_set_parts (WsFileList *self, const WsShardParts *parts)
{
  ws_shard_parts_clear (&self->parts);
  self->parts.embeddings = g_strdupv (parts->embeddings);
  self->parts.layer = g_strdupv (parts->layer);
  show_part (self->embeddings, self->parts.embeddings,
             _ ("The files that hold the token embedding"));
  show_part (self->layer, self->parts.layer, _ ("The files that hold the first layer"));
}

void
ws_file_list_set_listing (WsFileList *self, WsHubListing *listing, GPtrArray *choice,
                          gboolean is_weights)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->rows);

  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  self->listing = ws_hub_listing_ref (listing);
  self->total = 0;
  for (guint i = 0; i < listing->files->len; i++)
    self->total += ((WsHubFile *) g_ptr_array_index (listing->files, i))->n_bytes;

  self->rows = g_ptr_array_ref (choice);
  make_items (self);
  show_preset (self, is_weights);
  show_refused (self);
  tell_changed (self);
}

GPtrArray *
ws_file_list_dup_chosen (WsFileList *self)
{
  return ws_choice_get_files (self->rows);
}

guint64
ws_file_list_get_n_bytes (WsFileList *self)
{
  return ws_choice_get_n_bytes (self->rows);
}

guint64
ws_file_list_get_total (WsFileList *self)
{
  return self->total;
}

/* Rows of the view */

static void
on_setup (GtkSignalListItemFactory *factory, GtkListItem *list_item, WsFileList *self)
{
  GtkWidget *row = ws_file_row_new ();

  g_signal_connect_object (row, "chosen", G_CALLBACK (on_item_chosen), self, G_CONNECT_SWAPPED);
  gtk_list_item_set_child (list_item, row);
  gtk_list_item_set_selectable (list_item, FALSE);
}

static void
on_bind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  ws_file_row_set_item (WS_FILE_ROW (gtk_list_item_get_child (list_item)),
                        gtk_list_item_get_item (list_item));
}

static void
on_unbind (GtkSignalListItemFactory *factory, GtkListItem *list_item)
{
  ws_file_row_set_item (WS_FILE_ROW (gtk_list_item_get_child (list_item)), NULL);
}

/* Enter and Space on a row tick it. */
static void
on_activate (WsFileList *self, guint position)
{
  g_autoptr (WsFileItem) item = g_list_model_get_item (G_LIST_MODEL (self->items), position);

  ws_file_item_set_chosen (item, !ws_file_item_get_chosen (item));
}

static void
make_view (WsFileList *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkSelectionModel *model =
      GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->items))));

  g_signal_connect (factory, "setup", G_CALLBACK (on_setup), self);
  g_signal_connect (factory, "bind", G_CALLBACK (on_bind), NULL);
  g_signal_connect (factory, "unbind", G_CALLBACK (on_unbind), NULL);
  gtk_list_view_set_model (self->view, model);
  gtk_list_view_set_factory (self->view, factory);
  g_object_unref (model);
  g_object_unref (factory);
}

static void
ws_file_list_dispose (GObject *object)
{
  WsFileList *self = WS_FILE_LIST (object);

  self->filling = TRUE;
  g_clear_handle_id (&self->fill_source, g_source_remove);
  g_clear_object (&self->items);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_FILE_LIST);
  G_OBJECT_CLASS (ws_file_list_parent_class)->dispose (object);
}

static void
ws_file_list_finalize (GObject *object)
{
  WsFileList *self = WS_FILE_LIST (object);

  g_ptr_array_unref (self->all_items);
  ws_shard_parts_clear (&self->parts);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  G_OBJECT_CLASS (ws_file_list_parent_class)->finalize (object);
}

static void
ws_file_list_class_init (WsFileListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_file_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_file_list_finalize;
  signals[CHANGED] = g_signal_new ("changed", WS_TYPE_FILE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/file-list.ui");
  gtk_widget_class_bind_template_child (widget_class, WsFileList, weights);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, embeddings);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, layer);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, small);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, all);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, count);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, refused);
  gtk_widget_class_bind_template_child (widget_class, WsFileList, view);
  gtk_widget_class_bind_template_callback (widget_class, on_preset);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
ws_file_list_init (WsFileList *self)
{
  self->rows = g_ptr_array_new ();
  self->all_items = g_ptr_array_new_with_free_func (g_object_unref);
  self->items = g_list_store_new (WS_TYPE_FILE_ITEM);
  gtk_widget_init_template (GTK_WIDGET (self));
  make_view (self);
}
