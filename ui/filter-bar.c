/* SPDX-License-Identifier: MIT */
/* The filter of the table. */
#include "filter-bar.h"

#include "base/natural-order.h"
#include "result-item.h"
#include <glib/gi18n-lib.h>

/* What is chosen by words: the popover has a row of buttons for each. */
typedef enum
{
  FACET_TYPE,
  FACET_DTYPE,
  FACET_STATE,
  N_FACETS
} Facet;

static const struct
{
  const char *prefix; /* in the grammar */
  const char *title;
} facets[N_FACETS] = {
  [FACET_TYPE] = { "type", N_ ("Block") },
  [FACET_DTYPE] = { "dtype", N_ ("Type") },
  [FACET_STATE] = { "state", N_ ("State") },
};

struct _WsFilterBar
{
  GtkBox parent_instance;

  GtkWidget *entry;
  GtkWidget *chips;
  GtkWidget *choices_button;
  GtkPopover *choices;
  GtkWidget *type_box, *dtype_box, *state_box;
  GtkSpinButton *first_layer, *last_layer;
  GtkRevealer *error_revealer;
  GtkLabel *error_label;

  GListModel *source;
  GPtrArray *chosen[N_FACETS]; /* words, in the order of their choice */
  gboolean by_layer;
  int layers[2];     /* first and last, while by_layer */
  gboolean offering; /* the popover is being filled: its signals are our own */
};

G_DEFINE_FINAL_TYPE (WsFilterBar, ws_filter_bar, GTK_TYPE_BOX)

static guint changed_signal;

static const char *
get_word (Facet facet, const WsResult *result)
{
  switch (facet)
    {
    case FACET_TYPE:
      return ws_block_type_get_key (result->tensor->block.type);
    case FACET_DTYPE:
      return ws_dtype_get_name (result->tensor->dtype);
    case FACET_STATE:
      return ws_state_get_key (result->state);
    case N_FACETS:
      break;
    }
  g_return_val_if_reached ("");
}

/* States are shown in the reader's language, everything else as it is written in files. */
static const char *
get_word_title (Facet facet, const char *word)
{
  WsState state;

  if (facet == FACET_STATE && ws_state_from_key (word, &state))
    return ws_state_get_title (state);
  return word;
}

static char *
dup_facet_text (WsFilterBar *self, Facet facet)
{
  GString *text = g_string_new (facets[facet].prefix);

  for (guint i = 0; i < self->chosen[facet]->len; i++)
    g_string_append_printf (text, i == 0 ? ":%s" : "|%s",
                            (const char *) self->chosen[facet]->pdata[i]);
  return g_string_free (text, FALSE);
}

GStrv
ws_filter_bar_dup_texts (WsFilterBar *self)
{
  g_autoptr (GStrvBuilder) texts = g_strv_builder_new ();

  g_strv_builder_add (texts, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  for (Facet facet = 0; facet < N_FACETS; facet++)
    if (self->chosen[facet]->len > 0)
      {
        g_autofree char *text = dup_facet_text (self, facet);

        g_strv_builder_add (texts, text);
      }
  if (self->by_layer)
    {
      g_autofree char *text = g_strdup_printf ("layer:%d-%d", self->layers[0], self->layers[1]);

      g_strv_builder_add (texts, text);
    }
  return g_strv_builder_end (texts);
}

/* Chips */

static void show_chips (WsFilterBar *self);

static void
choices_changed (WsFilterBar *self)
{
  show_chips (self);
  g_signal_emit (self, changed_signal, 0);
}

static void
remove_facet (WsFilterBar *self, GtkWidget *button)
{
  guint facet = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "facet"));

  if (facet < N_FACETS)
    g_ptr_array_set_size (self->chosen[facet], 0);
  else
    self->by_layer = FALSE;
  choices_changed (self);
}

/* @facet: N_FACETS for the layers */
static void
add_chip (WsFilterBar *self, guint facet, const char *text)
{
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *button = gtk_button_new_from_icon_name ("ws-close-symbolic");
  g_autofree char *name = g_strdup_printf (_ ("Remove “%s”"), text);

  gtk_widget_add_css_class (chip, "chip");
  gtk_widget_set_valign (chip, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_data (G_OBJECT (button), "facet", GUINT_TO_POINTER (facet));
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (remove_facet), self);
  gtk_box_append (GTK_BOX (chip), label);
  gtk_box_append (GTK_BOX (chip), button);
  gtk_box_append (GTK_BOX (self->chips), chip);
}

static void
add_facet_chip (WsFilterBar *self, Facet facet)
{
  GString *text = g_string_new (_ (facets[facet].title));

  for (guint i = 0; i < self->chosen[facet]->len; i++)
    g_string_append_printf (text, i == 0 ? ": %s" : ", %s",
                            get_word_title (facet, self->chosen[facet]->pdata[i]));
  add_chip (self, facet, text->str);
  g_string_free (text, TRUE);
}

static void
clear_box (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    if (GTK_IS_FLOW_BOX (box))
      gtk_flow_box_remove (GTK_FLOW_BOX (box), child);
    else
      gtk_box_remove (GTK_BOX (box), child);
}

static void
show_chips (WsFilterBar *self)
{
  clear_box (self->chips);
  for (Facet facet = 0; facet < N_FACETS; facet++)
    if (self->chosen[facet]->len > 0)
      add_facet_chip (self, facet);
  if (self->by_layer)
    {
      g_autofree char *text =
          g_strdup_printf (_ ("Layers %d–%d"), self->layers[0], self->layers[1]);

      add_chip (self, N_FACETS, text);
    }
  gtk_widget_set_visible (self->chips, gtk_widget_get_first_child (self->chips) != NULL);
}

/* The popover */

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return ws_compare_natural (*(const char *const *) a, *(const char *const *) b);
}

/* The words of @facet that occur, sorted. (element-type utf8) (transfer container) */
static GPtrArray *
list_words (WsFilterBar *self, Facet facet)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *words = g_ptr_array_new ();
  guint n = self->source != NULL ? g_list_model_get_n_items (self->source) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsResultItem) item = g_list_model_get_item (self->source, i);
      const char *word = get_word (facet, ws_result_item_get_result (item));

      if (g_hash_table_add (seen, (gpointer) word))
        g_ptr_array_add (words, (gpointer) word);
    }
  g_ptr_array_sort (words, compare_words);
  return words;
}

static void
word_toggled (WsFilterBar *self, GtkWidget *button)
{
  Facet facet = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "facet"));
  const char *word = g_object_get_data (G_OBJECT (button), "word");
  guint place;

  if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
    g_ptr_array_add (self->chosen[facet], g_strdup (word));
  else if (g_ptr_array_find_with_equal_func (self->chosen[facet], word, g_str_equal, &place))
    g_ptr_array_remove_index (self->chosen[facet], place);
  choices_changed (self);
}

static void
offer_words (WsFilterBar *self, Facet facet, GtkWidget *box)
{
  g_autoptr (GPtrArray) words = list_words (self, facet);

  clear_box (box);
  for (guint i = 0; i < words->len; i++)
    {
      const char *word = g_ptr_array_index (words, i);
      GtkWidget *button = gtk_toggle_button_new_with_label (get_word_title (facet, word));

      gtk_widget_add_css_class (button, "tiny");
      gtk_toggle_button_set_active (
          GTK_TOGGLE_BUTTON (button),
          g_ptr_array_find_with_equal_func (self->chosen[facet], word, g_str_equal, NULL));
      g_object_set_data (G_OBJECT (button), "facet", GUINT_TO_POINTER (facet));
      g_object_set_data_full (G_OBJECT (button), "word", g_strdup (word), g_free);
      g_signal_connect_swapped (button, "toggled", G_CALLBACK (word_toggled), self);
      gtk_flow_box_insert (GTK_FLOW_BOX (box), button, -1);
    }
}

static int
get_last_layer (WsFilterBar *self)
{
  guint n = self->source != NULL ? g_list_model_get_n_items (self->source) : 0;
  int last = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsResultItem) item = g_list_model_get_item (self->source, i);

      last = MAX (last, ws_result_item_get_result (item)->tensor->block.layer_index);
    }
  return last;
}

static void
offer_layers (WsFilterBar *self)
{
  int last = get_last_layer (self);

  gtk_spin_button_set_range (self->first_layer, 0, last);
  gtk_spin_button_set_range (self->last_layer, 0, last);
  gtk_spin_button_set_value (self->first_layer, self->by_layer ? self->layers[0] : 0);
  gtk_spin_button_set_value (self->last_layer, self->by_layer ? self->layers[1] : last);
}

static void
offer_choices (WsFilterBar *self)
{
  self->offering = TRUE;
  offer_words (self, FACET_TYPE, self->type_box);
  offer_words (self, FACET_DTYPE, self->dtype_box);
  offer_words (self, FACET_STATE, self->state_box);
  offer_layers (self);
  self->offering = FALSE;
}

static void
layers_changed (WsFilterBar *self)
{
  int first = gtk_spin_button_get_value_as_int (self->first_layer);
  int last = gtk_spin_button_get_value_as_int (self->last_layer);

  if (self->offering)
    return;
  self->layers[0] = MIN (first, last);
  self->layers[1] = MAX (first, last);
  self->by_layer = self->layers[0] > 0 || self->layers[1] < get_last_layer (self);
  choices_changed (self);
}

/* The text */

static void
text_changed (WsFilterBar *self)
{
  g_signal_emit (self, changed_signal, 0);
}

static void
stop_search (WsFilterBar *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
}

void
ws_filter_bar_set_text (WsFilterBar *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text);
}

void
ws_filter_bar_clear (WsFilterBar *self)
{
  for (Facet facet = 0; facet < N_FACETS; facet++)
    g_ptr_array_set_size (self->chosen[facet], 0);
  self->by_layer = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  choices_changed (self);
}

void
ws_filter_bar_set_error (WsFilterBar *self, const char *sentence)
{
  if (sentence != NULL)
    {
      gtk_label_set_text (self->error_label, sentence);
      gtk_widget_add_css_class (self->entry, "error");
    }
  else
    gtk_widget_remove_css_class (self->entry, "error");
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_STATE_INVALID,
      sentence != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_revealer_set_reveal_child (self->error_revealer, sentence != NULL);
}

void
ws_filter_bar_focus (WsFilterBar *self)
{
  gtk_widget_grab_focus (self->entry);
}

void
ws_filter_bar_set_source (WsFilterBar *self, GListModel *source)
{
  g_return_if_fail (WS_IS_FILTER_BAR (self));

  g_set_object (&self->source, source);
}

static void
ws_filter_bar_dispose (GObject *object)
{
  WsFilterBar *self = WS_FILTER_BAR (object);

  g_clear_object (&self->source);
  gtk_widget_dispose_template (GTK_WIDGET (self), WS_TYPE_FILTER_BAR);
  G_OBJECT_CLASS (ws_filter_bar_parent_class)->dispose (object);
}

static void
ws_filter_bar_finalize (GObject *object)
{
  WsFilterBar *self = WS_FILTER_BAR (object);

  for (Facet facet = 0; facet < N_FACETS; facet++)
    g_ptr_array_unref (self->chosen[facet]);
  G_OBJECT_CLASS (ws_filter_bar_parent_class)->finalize (object);
}

static void
ws_filter_bar_class_init (WsFilterBarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ws_filter_bar_dispose;
  object_class->finalize = ws_filter_bar_finalize;
  changed_signal = g_signal_new ("changed", WS_TYPE_FILTER_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/filter-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, entry);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, chips);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, choices_button);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, choices);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, type_box);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, dtype_box);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, state_box);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, first_layer);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, last_layer);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, error_revealer);
  gtk_widget_class_bind_template_child (widget_class, WsFilterBar, error_label);
  gtk_widget_class_bind_template_callback (widget_class, text_changed);
  gtk_widget_class_bind_template_callback (widget_class, stop_search);
  gtk_widget_class_bind_template_callback (widget_class, layers_changed);
  gtk_widget_class_bind_template_callback (widget_class, offer_choices);
}

static void
ws_filter_bar_init (WsFilterBar *self)
{
  for (Facet facet = 0; facet < N_FACETS; facet++)
    self->chosen[facet] = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ws_filter_bar_new (void)
{
  return g_object_new (WS_TYPE_FILTER_BAR, NULL);
}
