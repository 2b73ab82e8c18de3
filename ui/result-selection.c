/* SPDX-License-Identifier: MIT */
/* The set of selected rows, in which headings stand for what is below them. */
#include "result-selection.h"

#include "result-group.h"

static gboolean
is_whole (WsResultGroup *group, GHashTable *selection)
{
  GPtrArray *members = ws_result_group_get_members (group);

  for (guint i = 0; i < members->len; i++)
    if (!g_hash_table_contains (selection, g_ptr_array_index (members, i)))
      return FALSE;
  return TRUE;
}

static void
set_members (GHashTable *selection, WsResultGroup *group, gboolean selected)
{
  GPtrArray *members = ws_result_group_get_members (group);

  for (guint i = 0; i < members->len; i++)
    if (selected)
      g_hash_table_add (selection, g_ptr_array_index (members, i));
    else
      g_hash_table_remove (selection, g_ptr_array_index (members, i));
}

GHashTable *
ws_result_selection_prune (GHashTable *selection, GPtrArray *rows)
{
  GHashTable *kept = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < rows->len && g_hash_table_size (selection) > 0; i++)
    {
      gpointer row = g_ptr_array_index (rows, i);
      gboolean is_group = WS_IS_RESULT_GROUP (row);

      if (!g_hash_table_contains (selection, row) || (is_group && !is_whole (row, selection)))
        continue;
      g_hash_table_add (kept, row);
      if (is_group)
        set_members (kept, row, TRUE);
    }
  return kept;
}

/* A heading comes before its rows: what it loses, they can still be given one by one. */
static void
set_rows (GHashTable *selection, GPtrArray *rows, GtkBitset *wanted, GtkBitset *mask)
{
  GtkBitsetIter iter;
  guint i;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &i); more && i < rows->len;
       more = gtk_bitset_iter_next (&iter, &i))
    {
      gpointer row = g_ptr_array_index (rows, i);

      if (gtk_bitset_contains (wanted, i))
        g_hash_table_add (selection, row);
      else if (g_hash_table_remove (selection, row) && WS_IS_RESULT_GROUP (row))
        set_members (selection, row, FALSE);
    }
}

static void
set_headings (GHashTable *selection, GPtrArray *rows, GtkBitset *wanted, GtkBitset *mask)
{
  for (guint i = 0; i < rows->len; i++)
    {
      gpointer row = g_ptr_array_index (rows, i);

      if (!WS_IS_RESULT_GROUP (row))
        continue;
      if (gtk_bitset_contains (wanted, i) && gtk_bitset_contains (mask, i))
        set_members (selection, row, TRUE);
      else if (!is_whole (row, selection))
        g_hash_table_remove (selection, row);
    }
}

void
ws_result_selection_set (GHashTable *selection, GPtrArray *rows, GtkBitset *wanted, GtkBitset *mask)
{
  set_rows (selection, rows, wanted, mask);
  set_headings (selection, rows, wanted, mask);
}
