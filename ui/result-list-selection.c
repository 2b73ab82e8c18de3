/* SPDX-License-Identifier: MIT */
/* The rows of the table as a selection: of what a view asks for by position. */
#include "result-list-private.h"

#include "result-selection.h"

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  WsResultList *self = WS_RESULT_LIST (model);

  return position < self->rows->len &&
         g_hash_table_contains (self->selected, g_ptr_array_index (self->rows, position));
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  WsResultList *self = WS_RESULT_LIST (model);
  GtkBitset *set = gtk_bitset_new_empty ();
  guint end = MIN ((guint64) position + n_items, self->rows->len);

  if (g_hash_table_size (self->selected) == 0)
    return set;
  for (guint i = position; i < end; i++)
    if (g_hash_table_contains (self->selected, g_ptr_array_index (self->rows, i)))
      gtk_bitset_add (set, i);
  return set;
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  WsResultList *self = WS_RESULT_LIST (model);
  g_autoptr (GtkBitset) changed = gtk_selection_model_get_selection (model);
  g_autoptr (GtkBitset) after = NULL;

  ws_result_selection_set (self->selected, self->rows, selected, mask);
  after = gtk_selection_model_get_selection (model);
  gtk_bitset_difference (changed, after); /* what is in one of them alone */
  if (!gtk_bitset_is_empty (changed))
    {
      guint first = gtk_bitset_get_minimum (changed);

      gtk_selection_model_selection_changed (model, first,
                                             gtk_bitset_get_maximum (changed) - first + 1);
      ws_result_list_tell_selected (self);
    }
  return TRUE;
}

void
ws_result_list_init_selection (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

void
ws_result_list_select_results (WsResultList *self, GPtrArray *results)
{
  g_autoptr (GHashTable) wanted = g_hash_table_new (NULL, NULL);
  g_autoptr (GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr (GtkBitset) mask = gtk_bitset_new_range (0, self->rows->len);

  for (guint i = 0; i < results->len; i++)
    g_hash_table_add (wanted, g_ptr_array_index (results, i));
  for (guint i = 0; i < self->rows->len; i++)
    {
      gpointer row = g_ptr_array_index (self->rows, i);

      if (WS_IS_RESULT_ITEM (row) &&
          g_hash_table_contains (wanted, ws_result_item_get_result (row)))
        gtk_bitset_add (selected, i);
    }
  gtk_selection_model_set_selection (GTK_SELECTION_MODEL (self), selected, mask);
}
