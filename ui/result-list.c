/* SPDX-License-Identifier: MIT */
/* The rows of the table: filtered, sorted, grouped and selected, in plain C over arrays. */
#include "result-list-private.h"

#include "result-order.h"
#include "result-selection.h"

/* A run of thousands of small matrices brings results faster than a reader can follow. */
#define REFRESH_MSEC 300

enum
{
  PROP_0,
  PROP_CURRENT,
  PROP_N_MATCHING,
  PROP_N_TOTAL,
  N_PROPS
};

enum
{
  SELECTED_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void list_model_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (WsResultList, ws_result_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          ws_result_list_init_selection))

void
ws_result_list_tell_selected (WsResultList *self)
{
  g_signal_emit (self, signals[SELECTED_CHANGED], 0);
}

static const WsResult *
get_result (WsResultList *self, guint index)
{
  return ws_result_item_get_result (g_ptr_array_index (self->items, index));
}

/* Rows */

/* A heading without rows is not shown. */
static void
append_group (WsResultList *self, WsResultGroup *group, GPtrArray *rows)
{
  GPtrArray *members = ws_result_group_get_members (group);

  if (members->len == 0)
    return;
  g_ptr_array_add (rows, g_object_ref (group));
  if (ws_result_group_get_expanded (group))
    for (guint i = 0; i < members->len; i++)
      g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (members, i)));
}

static GPtrArray *
assemble_rows (WsResultList *self)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->group_by != WS_GROUP_NONE)
    for (guint i = 0; i < self->groups->len; i++)
      append_group (self, g_ptr_array_index (self->groups, i), rows);
  else
    for (guint i = 0; i < self->items->len; i++)
      if (self->matches[self->order[i]])
        g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (self->items, self->order[i])));
  return rows;
}

static void
set_n_matching (WsResultList *self)
{
  guint n = 0;

  for (guint i = 0; i < self->items->len; i++)
    n += self->matches[i];
  if (n == self->n_matching)
    return;
  self->n_matching = n;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_MATCHING]);
}

/* Replaces the rows and tells of the smallest range that differs. Where rows go, it begins at the
 * first one: removed from the middle of the rows that it has no widgets for, GTK 4.8 takes too few
 * away, and those of the end stay on the screen. */
static void
show_rows (WsResultList *self)
{
  g_autoptr (GPtrArray) before = g_steal_pointer (&self->rows);
  g_autoptr (GHashTable) selected = NULL;
  GPtrArray *after = assemble_rows (self);
  guint n_selected = g_hash_table_size (self->selected);
  guint least = MIN (before->len, after->len);
  guint start = 0;
  guint end = 0;

  self->rows = after;
  selected = g_steal_pointer (&self->selected);
  self->selected = ws_result_selection_prune (selected, after);
  while (start < least && before->pdata[start] == after->pdata[start])
    start++;
  while (end < least - start &&
         before->pdata[before->len - 1 - end] == after->pdata[after->len - 1 - end])
    end++;
  if (before->len - end > start)
    start = 0;
  if (before->len - end - start > 0 || after->len - end - start > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), start, before->len - end - start,
                                after->len - end - start);
  if (n_selected == 0)
    return;
  if (after->len > 0 && g_hash_table_size (self->selected) != n_selected)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, after->len);
  ws_result_list_tell_selected (self);
}

/* Filtering, sorting, grouping */

static gboolean
matches_all (WsResultList *self, const WsResult *result)
{
  for (guint i = 0; i < self->filters->len; i++)
    if (!ws_filter_matches (g_ptr_array_index (self->filters, i), result))
      return FALSE;
  return TRUE;
}

static void
update_matches (WsResultList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    self->matches[i] = matches_all (self, get_result (self, i));
}

static const double *
get_text_ranks (WsResultList *self, const WsResultColumn *column)
{
  g_autofree const char **texts = NULL;

  if (self->text_ranks[column->kind] != NULL)
    return self->text_ranks[column->kind];
  texts = g_new (const char *, self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    texts[i] = ws_result_column_get_text (column, get_result (self, i));
  self->text_ranks[column->kind] = ws_result_order_rank_texts (texts, self->items->len);
  return self->text_ranks[column->kind];
}

static void
update_order (WsResultList *self)
{
  WsOrderKey keys[WS_MAX_SORT_KEYS];
  g_autofree double *numbers = g_new (double, MAX (1, (gsize) self->items->len * self->n_keys));

  for (guint k = 0; k < self->n_keys; k++)
    {
      const WsResultColumn *column = self->keys[k].column;
      double *values = numbers + (gsize) k * self->items->len;

      keys[k].descending = self->keys[k].descending;
      keys[k].values = values;
      if (ws_result_column_is_text (column))
        keys[k].values = get_text_ranks (self, column);
      else
        for (guint i = 0; i < self->items->len; i++)
          values[i] = ws_result_column_get_number (column, get_result (self, i));
    }
  ws_result_order_sort (self->order, self->items->len, keys, self->n_keys);
}

/* Deals the items that match to their groups, in order. */
static void
update_members (WsResultList *self)
{
  g_autoptr (GHashTable) members = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->groups->len; i++)
    g_hash_table_insert (members, g_ptr_array_index (self->groups, i),
                         g_ptr_array_new_with_free_func (g_object_unref));
  for (guint i = 0; i < self->item_groups->len; i++)
    {
      guint index = self->order[i];

      if (self->matches[index])
        g_ptr_array_add (
            g_hash_table_lookup (members, g_ptr_array_index (self->item_groups, index)),
            g_object_ref (g_ptr_array_index (self->items, index)));
    }
  for (guint i = 0; i < self->groups->len; i++)
    {
      WsResultGroup *group = g_ptr_array_index (self->groups, i);

      ws_result_group_take_members (group, g_hash_table_lookup (members, group));
    }
}

static void
update_groups (WsResultList *self)
{
  g_ptr_array_unref (self->groups);
  g_ptr_array_set_size (self->item_groups, 0);
  self->groups = ws_result_groups_new (self->items, self->group_by, self->item_groups);
}

static void
update_rows (WsResultList *self)
{
  update_members (self);
  show_rows (self);
  set_n_matching (self);
}

/* Following the source */

static void
cancel_refresh (WsResultList *self)
{
  g_clear_handle_id (&self->refresh_id, g_source_remove);
  self->stale = FALSE;
}

void
ws_result_list_refresh (WsResultList *self)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  cancel_refresh (self);
  update_matches (self);
  update_order (self);
  update_rows (self);
}

static gboolean
refresh_when_due (gpointer data)
{
  WsResultList *self = data;

  self->refresh_id = 0;
  if (!self->held)
    ws_result_list_refresh (self);
  else /* medians change without moving anything */
    for (guint i = 0; i < self->groups->len; i++)
      ws_result_group_values_changed (g_ptr_array_index (self->groups, i));
  return G_SOURCE_REMOVE;
}

static void
result_changed (WsResultList *self)
{
  self->stale = TRUE;
  if (self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MSEC, refresh_when_due, self);
}

static void
release_items (WsResultList *self)
{
  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i), result_changed, self);
  g_ptr_array_set_size (self->items, 0);
  for (guint i = 0; i < G_N_ELEMENTS (self->text_ranks); i++)
    g_clear_pointer (&self->text_ranks[i], g_free);
}

static void
source_changed (WsResultList *self)
{
  guint n_before = self->items->len;
  guint n = self->source != NULL ? g_list_model_get_n_items (self->source) : 0;

  release_items (self);
  for (guint i = 0; i < n; i++)
    {
      WsResultItem *item = g_list_model_get_item (self->source, i);

      g_signal_connect_swapped (item, "notify::result", G_CALLBACK (result_changed), self);
      g_ptr_array_add (self->items, item);
    }
  self->matches = g_renew (gboolean, self->matches, n);
  self->order = g_renew (guint, self->order, n);
  update_groups (self);
  ws_result_list_refresh (self);
  if (n != n_before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
}

static void
release_source (WsResultList *self)
{
  if (self->source != NULL)
    g_signal_handlers_disconnect_by_func (self->source, source_changed, self);
  g_clear_object (&self->source);
}

void
ws_result_list_set_source (WsResultList *self, GListModel *source)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  if (self->source == source)
    return;
  release_source (self);
  if (source != NULL)
    {
      self->source = g_object_ref (source);
      g_signal_connect_swapped (source, "items-changed", G_CALLBACK (source_changed), self);
    }
  source_changed (self);
}

/* What the window asks for */

gboolean
ws_result_list_set_filters (WsResultList *self, const char *const *texts,
                            const WsMetricOptions *options, GError **error)
{
  g_autoptr (GPtrArray) filters = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_filter_free);

  g_return_val_if_fail (WS_IS_RESULT_LIST (self), FALSE);

  for (guint i = 0; texts[i] != NULL; i++)
    {
      WsFilter *filter = ws_filter_new (texts[i], options, error);

      if (filter == NULL)
        return FALSE;
      g_ptr_array_add (filters, filter);
    }
  g_ptr_array_unref (self->filters);
  self->filters = g_steal_pointer (&filters);
  update_matches (self);
  update_rows (self);
  return TRUE;
}

void
ws_result_list_set_sort (WsResultList *self, const WsSortKey *keys, guint n_keys)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  self->n_keys = MIN (n_keys, WS_MAX_SORT_KEYS);
  for (guint i = 0; i < self->n_keys; i++)
    self->keys[i] = keys[i];
  update_order (self);
  update_rows (self);
}

void
ws_result_list_set_group_by (WsResultList *self, WsGroupBy group_by)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  if (self->group_by == group_by)
    return;
  self->group_by = group_by;
  update_groups (self);
  update_rows (self);
}

WsGroupBy
ws_result_list_get_group_by (WsResultList *self)
{
  return self->group_by;
}

void
ws_result_list_set_expanded (WsResultList *self, WsResultGroup *group, gboolean expanded)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  ws_result_group_set_expanded (group, expanded);
  show_rows (self);
}

void
ws_result_list_set_all_expanded (WsResultList *self, gboolean expanded)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  for (guint i = 0; i < self->groups->len; i++)
    ws_result_group_set_expanded (g_ptr_array_index (self->groups, i), expanded);
  show_rows (self);
}

void
ws_result_list_set_held (WsResultList *self, gboolean held)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  self->held = held;
  if (!held && self->stale)
    ws_result_list_refresh (self);
}

guint
ws_result_list_get_n_matching (WsResultList *self)
{
  return self->n_matching;
}

guint
ws_result_list_get_n_total (WsResultList *self)
{
  return self->items->len;
}

GPtrArray *
ws_result_list_get_all (WsResultList *self)
{
  return self->items;
}

GPtrArray *
ws_result_list_get_groups (WsResultList *self)
{
  return self->groups;
}

void
ws_result_list_set_current (WsResultList *self, const WsTensor *tensor)
{
  g_return_if_fail (WS_IS_RESULT_LIST (self));

  if (self->current == tensor)
    return;
  self->current = tensor;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

const WsTensor *
ws_result_list_get_current (WsResultList *self)
{
  return self->current;
}

/* What is in the rows */

static void
append_items (GPtrArray *rows, GHashTable *wanted, GPtrArray *items)
{
  for (guint i = 0; i < rows->len; i++)
    {
      gpointer row = g_ptr_array_index (rows, i);

      if (WS_IS_RESULT_ITEM (row) && (wanted == NULL || g_hash_table_contains (wanted, row)))
        g_ptr_array_add (items, g_object_ref (row));
    }
}

/* @wanted: (nullable) all, without it. Those below closed headings count. */
static GPtrArray *
dup_items (WsResultList *self, GHashTable *wanted)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);

  if (self->group_by == WS_GROUP_NONE)
    append_items (self->rows, wanted, items);
  for (guint i = 0; i < self->groups->len; i++)
    append_items (ws_result_group_get_members (g_ptr_array_index (self->groups, i)), wanted, items);
  return items;
}

GPtrArray *
ws_result_list_dup_matching (WsResultList *self)
{
  return dup_items (self, NULL);
}

GPtrArray *
ws_result_list_dup_selected (WsResultList *self)
{
  return dup_items (self, self->selected);
}

gboolean
ws_result_list_find (WsResultList *self, WsResultItem *item, guint *position)
{
  return g_ptr_array_find (self->rows, item, position);
}

static GType
ws_result_list_get_item_type (GListModel *model)
{
  return G_TYPE_OBJECT;
}

static guint
ws_result_list_get_n_items (GListModel *model)
{
  return WS_RESULT_LIST (model)->rows->len;
}

static gpointer
ws_result_list_get_item (GListModel *model, guint position)
{
  WsResultList *self = WS_RESULT_LIST (model);

  return position < self->rows->len ? g_object_ref (g_ptr_array_index (self->rows, position))
                                    : NULL;
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = ws_result_list_get_item_type;
  iface->get_n_items = ws_result_list_get_n_items;
  iface->get_item = ws_result_list_get_item;
}

static void
ws_result_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  WsResultList *self = WS_RESULT_LIST (object);

  if (id == PROP_CURRENT)
    g_value_set_pointer (value, (gpointer) self->current);
  else if (id == PROP_N_MATCHING)
    g_value_set_uint (value, self->n_matching);
  else if (id == PROP_N_TOTAL)
    g_value_set_uint (value, self->items->len);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
ws_result_list_dispose (GObject *object)
{
  WsResultList *self = WS_RESULT_LIST (object);

  cancel_refresh (self);
  release_source (self);
  release_items (self);
  G_OBJECT_CLASS (ws_result_list_parent_class)->dispose (object);
}

static void
ws_result_list_finalize (GObject *object)
{
  WsResultList *self = WS_RESULT_LIST (object);

  g_hash_table_unref (self->selected);
  g_ptr_array_unref (self->rows);
  g_ptr_array_unref (self->item_groups);
  g_ptr_array_unref (self->groups);
  g_ptr_array_unref (self->filters);
  g_ptr_array_unref (self->items);
  g_free (self->matches);
  g_free (self->order);
  G_OBJECT_CLASS (ws_result_list_parent_class)->finalize (object);
}

static void
ws_result_list_class_init (WsResultListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_result_list_get_property;
  object_class->dispose = ws_result_list_dispose;
  object_class->finalize = ws_result_list_finalize;

  properties[PROP_CURRENT] =
      g_param_spec_pointer ("current", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_MATCHING] = g_param_spec_uint ("n-matching", NULL, NULL, 0, G_MAXUINT, 0,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_TOTAL] = g_param_spec_uint ("n-total", NULL, NULL, 0, G_MAXUINT, 0,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SELECTED_CHANGED] = g_signal_new ("selected-changed", WS_TYPE_RESULT_LIST,
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
ws_result_list_init (WsResultList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->filters = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_filter_free);
  self->groups = g_ptr_array_new_with_free_func (g_object_unref);
  self->item_groups = g_ptr_array_new ();
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->selected = g_hash_table_new (NULL, NULL);
}

WsResultList *
ws_result_list_new (void)
{
  return g_object_new (WS_TYPE_RESULT_LIST, NULL);
}
