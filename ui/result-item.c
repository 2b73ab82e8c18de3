/* SPDX-License-Identifier: MIT */
/* A row of the table: a result that a list model can hold. */
#include "result-item.h"

struct _WsResultItem
{
  GObject parent_instance;

  WsResult *result; /* immutable itself, replaced when it is known better */
};

enum
{
  PROP_0,
  PROP_RESULT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WsResultItem, ws_result_item, G_TYPE_OBJECT)

static void
ws_result_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  WsResultItem *self = WS_RESULT_ITEM (object);

  switch (prop_id)
    {
    case PROP_RESULT:
      g_value_set_pointer (value, self->result);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_result_item_finalize (GObject *object)
{
  WsResultItem *self = WS_RESULT_ITEM (object);

  g_clear_pointer (&self->result, ws_result_unref);
  G_OBJECT_CLASS (ws_result_item_parent_class)->finalize (object);
}

static void
ws_result_item_class_init (WsResultItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_result_item_get_property;
  object_class->finalize = ws_result_item_finalize;

  properties[PROP_RESULT] =
      g_param_spec_pointer ("result", NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
ws_result_item_init (WsResultItem *self)
{
}

WsResultItem *
ws_result_item_new (WsResult *result)
{
  WsResultItem *self = g_object_new (WS_TYPE_RESULT_ITEM, NULL);

  self->result = ws_result_ref (result);
  return self;
}

WsResult *
ws_result_item_get_result (WsResultItem *self)
{
  g_return_val_if_fail (WS_IS_RESULT_ITEM (self), NULL);
  return self->result;
}

void
ws_result_item_replace_result (WsResultItem *self, WsResult *result)
{
  g_return_if_fail (WS_IS_RESULT_ITEM (self));
  g_return_if_fail (result != NULL);

  if (self->result == result)
    return;
  ws_result_unref (self->result);
  self->result = ws_result_ref (result);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RESULT]);
}
