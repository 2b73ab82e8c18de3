/* SPDX-License-Identifier: MIT */
/* A file of a model on the Hub that may be fetched, for lists. */
#include "file-item.h"

struct _WsFileItem
{
  GObject parent_instance;

  WsChoiceRow *row;
};

enum
{
  PROP_0,
  PROP_CHOSEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WsFileItem, ws_file_item, G_TYPE_OBJECT)

static void
ws_file_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_boolean (value, ws_file_item_get_chosen (WS_FILE_ITEM (object)));
}

static void
ws_file_item_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ws_file_item_set_chosen (WS_FILE_ITEM (object), g_value_get_boolean (value));
}

static void
ws_file_item_class_init (WsFileItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_file_item_get_property;
  object_class->set_property = ws_file_item_set_property;
  properties[PROP_CHOSEN] =
      g_param_spec_boolean ("chosen", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ws_file_item_init (WsFileItem *self)
{
}

WsFileItem *
ws_file_item_new (WsChoiceRow *row)
{
  WsFileItem *self = g_object_new (WS_TYPE_FILE_ITEM, NULL);

  self->row = row;
  return self;
}

void
ws_file_item_set_row (WsFileItem *self, WsChoiceRow *row)
{
  self->row = row;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}

const WsHubFile *
ws_file_item_get_file (WsFileItem *self)
{
  return self->row->file;
}

const char *
ws_file_item_get_format (WsFileItem *self)
{
  return self->row->format;
}

const char *
ws_file_item_get_reason (WsFileItem *self)
{
  return self->row->reason;
}

gboolean
ws_file_item_get_chosen (WsFileItem *self)
{
  return self->row->is_chosen;
}

void
ws_file_item_set_chosen (WsFileItem *self, gboolean chosen)
{
  if (self->row->is_chosen == !!chosen)
    return;
  self->row->is_chosen = chosen;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHOSEN]);
}
