/* SPDX-License-Identifier: MIT */
/* Tokens as a list for a view: the items are made when they are looked at. */
#include "token-list.h"

/* A view makes widgets for 200 rows at once, which takes longer than a frame: it gets the first
 * few, then more when nothing else is to be done, and all others when it has its widgets. */
#define CHUNK 16
#define N_WIDGETS 256

struct _WsTokenItem
{
  GObject parent_instance;

  guint32 point;
};

G_DEFINE_FINAL_TYPE (WsTokenItem, ws_token_item, G_TYPE_OBJECT)

static void
ws_token_item_class_init (WsTokenItemClass *klass)
{
}

static void
ws_token_item_init (WsTokenItem *self)
{
}

guint32
ws_token_item_get_point (WsTokenItem *self)
{
  return self->point;
}

struct _WsTokenList
{
  GObject parent_instance;

  GArray *points; /* (nullable) (element-type guint32) */
  guint n_shown;
  guint source;
};

static GType
get_item_type (GListModel *model)
{
  return WS_TYPE_TOKEN_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return WS_TOKEN_LIST (model)->n_shown;
}

static gpointer
get_item (GListModel *model, guint position)
{
  WsTokenList *self = WS_TOKEN_LIST (model);
  WsTokenItem *item;

  if (position >= get_n_items (model))
    return NULL;
  item = g_object_new (WS_TYPE_TOKEN_ITEM, NULL);
  item->point = g_array_index (self->points, guint32, position);
  return item;
}

static void
init_list_model (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (WsTokenList, ws_token_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, init_list_model))

static void
ws_token_list_finalize (GObject *object)
{
  WsTokenList *self = WS_TOKEN_LIST (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->points, g_array_unref);
  G_OBJECT_CLASS (ws_token_list_parent_class)->finalize (object);
}

static void
ws_token_list_class_init (WsTokenListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ws_token_list_finalize;
}

static void
ws_token_list_init (WsTokenList *self)
{
}

WsTokenList *
ws_token_list_new (void)
{
  return g_object_new (WS_TYPE_TOKEN_LIST, NULL);
}

static gboolean
show_more (gpointer user_data)
{
  WsTokenList *self = user_data;
  guint n = self->points->len, n_before = self->n_shown;

  self->n_shown = n_before < N_WIDGETS ? MIN (n_before + CHUNK, n) : n;
  if (self->n_shown == n)
    self->source = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), n_before, 0, self->n_shown - n_before);
  return self->n_shown < n ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
ws_token_list_set_points (WsTokenList *self, GArray *points)
{
  guint n_before = self->n_shown;

  g_return_if_fail (WS_IS_TOKEN_LIST (self));
  if (points != NULL)
    g_array_ref (points);
  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->points, g_array_unref);
  self->points = points;
  self->n_shown = points != NULL ? MIN (points->len, CHUNK) : 0;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_shown);
  if (points != NULL && self->n_shown < points->len)
    self->source = g_idle_add (show_more, self);
}

gboolean
ws_token_list_find (WsTokenList *self, guint32 point, guint *position)
{
  g_return_val_if_fail (WS_IS_TOKEN_LIST (self), FALSE);

  for (guint i = 0; i < self->n_shown; i++)
    if (g_array_index (self->points, guint32, i) == point)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}
