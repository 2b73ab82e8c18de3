/* SPDX-License-Identifier: MIT */
/* A heading in the table. */
#include "result-group.h"

#include "base/format.h"
#include "base/median.h"
#include "base/natural-order.h"
#include <glib/gi18n-lib.h>

struct _WsResultGroup
{
  GObject parent_instance;

  char *title;
  gint64 order;
  gboolean expanded;
  GPtrArray *members;
  GHashTable *medians; /* WsResultColumn, borrowed -> double: those that were asked for */
};

G_DEFINE_FINAL_TYPE (WsResultGroup, ws_result_group, G_TYPE_OBJECT)

static guint changed_signal;

static void
ws_result_group_finalize (GObject *object)
{
  WsResultGroup *self = WS_RESULT_GROUP (object);

  g_free (self->title);
  g_ptr_array_unref (self->members);
  g_hash_table_unref (self->medians);
  G_OBJECT_CLASS (ws_result_group_parent_class)->finalize (object);
}

static void
ws_result_group_class_init (WsResultGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ws_result_group_finalize;
  changed_signal = g_signal_new ("changed", WS_TYPE_RESULT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
ws_result_group_init (WsResultGroup *self)
{
  self->expanded = TRUE;
  self->members = g_ptr_array_new_with_free_func (g_object_unref);
  self->medians = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

const char *
ws_result_group_get_title (WsResultGroup *self)
{
  return self->title;
}

GPtrArray *
ws_result_group_get_members (WsResultGroup *self)
{
  return self->members;
}

double
ws_result_items_compute_median (GPtrArray *items, const WsResultColumn *column)
{
  g_autofree double *values = g_new (double, items->len);

  for (guint i = 0; i < items->len; i++)
    values[i] = ws_result_column_get_number (
        column, ws_result_item_get_result (g_ptr_array_index (items, i)));
  return ws_median_compute (values, items->len);
}

double
ws_result_group_get_median (WsResultGroup *self, const WsResultColumn *column)
{
  double *median = g_hash_table_lookup (self->medians, column);

  if (median == NULL)
    {
      median = g_new (double, 1);
      *median = ws_result_items_compute_median (self->members, column);
      g_hash_table_insert (self->medians, (gpointer) column, median);
    }
  return *median;
}

gboolean
ws_result_group_get_expanded (WsResultGroup *self)
{
  return self->expanded;
}

void
ws_result_group_set_expanded (WsResultGroup *self, gboolean expanded)
{
  if (self->expanded == expanded)
    return;
  self->expanded = expanded;
  g_signal_emit (self, changed_signal, 0);
}

void
ws_result_group_take_members (WsResultGroup *self, GPtrArray *members)
{
  g_ptr_array_unref (self->members);
  self->members = members;
  ws_result_group_values_changed (self);
}

void
ws_result_group_values_changed (WsResultGroup *self)
{
  g_hash_table_remove_all (self->medians);
  g_signal_emit (self, changed_signal, 0);
}

static char *
dup_title (WsGroupBy group_by, const WsResult *result, gint64 order)
{
  switch (group_by)
    {
    case WS_GROUP_LAYER:
      return order < G_MAXINT ? g_strdup_printf (_ ("layer %d"), (int) order)
                              : g_strdup (_ ("no layer"));
    case WS_GROUP_EXPERT:
      return order < G_MAXINT ? g_strdup_printf (_ ("expert %d"), (int) order)
                              : g_strdup (_ ("no expert"));
    case WS_GROUP_BLOCK:
      return g_strdup (ws_block_type_get_key (result->tensor->block.type));
    case WS_GROUP_FILE:
      return ws_format_name (ws_source_get_name (result->tensor->source));
    case WS_GROUP_NONE:
      break;
    }
  g_return_val_if_reached (NULL);
}

/* The number by which groups are ordered; those that have none, by their titles. */
static gint64
get_order (WsGroupBy group_by, const WsResult *result)
{
  int number = -1;

  if (group_by == WS_GROUP_BLOCK || group_by == WS_GROUP_FILE)
    return 0;
  number = group_by == WS_GROUP_LAYER ? result->tensor->block.layer_index
                                      : ws_result_get_expert (result);
  return number >= 0 ? number : G_MAXINT;
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  const WsResultGroup *x = *(WsResultGroup *const *) a;
  const WsResultGroup *y = *(WsResultGroup *const *) b;

  if (x->order != y->order)
    return x->order < y->order ? -1 : 1;
  return ws_compare_natural (x->title, y->title);
}

GPtrArray *
ws_result_groups_new (GPtrArray *items, WsGroupBy group_by, GPtrArray *item_groups)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) by_title = g_hash_table_new (g_str_hash, g_str_equal);

  if (group_by == WS_GROUP_NONE)
    return groups;
  for (guint i = 0; i < items->len; i++)
    {
      const WsResult *result = ws_result_item_get_result (g_ptr_array_index (items, i));
      gint64 order = get_order (group_by, result);
      g_autofree char *title = dup_title (group_by, result, order);
      WsResultGroup *group = g_hash_table_lookup (by_title, title);

      if (group == NULL)
        {
          group = g_object_new (WS_TYPE_RESULT_GROUP, NULL);
          group->title = g_steal_pointer (&title);
          group->order = order;
          g_ptr_array_add (groups, group);
          g_hash_table_insert (by_title, group->title, group);
        }
      g_ptr_array_add (item_groups, group);
    }
  g_ptr_array_sort (groups, compare_groups);
  return groups;
}
