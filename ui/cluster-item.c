/* SPDX-License-Identifier: MIT */
/* A cluster as a row of the table. */
#include "cluster-item.h"

struct _WsClusterItem
{
  GObject parent_instance;

  WsClusterRows *rows;
  guint cluster;
};

G_DEFINE_FINAL_TYPE (WsClusterItem, ws_cluster_item, G_TYPE_OBJECT)

static void
ws_cluster_item_finalize (GObject *object)
{
  ws_cluster_rows_unref (WS_CLUSTER_ITEM (object)->rows);
  G_OBJECT_CLASS (ws_cluster_item_parent_class)->finalize (object);
}

static void
ws_cluster_item_class_init (WsClusterItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = ws_cluster_item_finalize;
}

static void
ws_cluster_item_init (WsClusterItem *self)
{
}

WsClusterItem *
ws_cluster_item_new (WsClusterRows *rows, guint cluster)
{
  WsClusterItem *self = g_object_new (WS_TYPE_CLUSTER_ITEM, NULL);

  g_assert (cluster < rows->k);
  self->rows = ws_cluster_rows_ref (rows);
  self->cluster = cluster;
  return self;
}

guint
ws_cluster_item_get_cluster (WsClusterItem *self)
{
  return self->cluster;
}

const WsClusterRow *
ws_cluster_item_get_row (WsClusterItem *self)
{
  return &self->rows->rows[self->cluster];
}

const char *
ws_cluster_item_get_name (WsClusterItem *self)
{
  return ws_cluster_item_get_row (self)->name;
}

gsize
ws_cluster_item_get_n_members (WsClusterItem *self)
{
  return self->rows->starts[self->cluster + 1] - self->rows->starts[self->cluster];
}

const guint32 *
ws_cluster_item_get_members (WsClusterItem *self)
{
  return self->rows->order + self->rows->starts[self->cluster];
}

gsize
ws_cluster_item_get_largest (WsClusterItem *self)
{
  gsize largest = 0;

  for (guint i = 0; i < self->rows->k; i++)
    largest = MAX (largest, self->rows->starts[i + 1] - self->rows->starts[i]);
  return largest;
}
