/* SPDX-License-Identifier: MIT */
/* A model that a search on the Hub found. */
#include "model-row.h"

#include "amounts.h"

#include "base/format.h"

struct _WsModelRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkWidget *lock;
  GtkLabel *size;
  GtkLabel *facts;
  GtkLabel *license;
  char *id;
};

G_DEFINE_FINAL_TYPE (WsModelRow, ws_model_row, GTK_TYPE_LIST_BOX_ROW)

static void
ws_model_row_dispose (GObject *object)
{
  g_clear_pointer (&WS_MODEL_ROW (object)->id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_MODEL_ROW);
  G_OBJECT_CLASS (ws_model_row_parent_class)->dispose (object);
}

static void
ws_model_row_class_init (WsModelRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_model_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/model-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsModelRow, title);
  gtk_widget_class_bind_template_child (widget_class, WsModelRow, lock);
  gtk_widget_class_bind_template_child (widget_class, WsModelRow, size);
  gtk_widget_class_bind_template_child (widget_class, WsModelRow, facts);
  gtk_widget_class_bind_template_child (widget_class, WsModelRow, license);
}

static void
ws_model_row_init (WsModelRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* "8.03 B parameters · BF16 · 1.1 M downloads"; what the Hub does not say is left out. */
static char *
describe (const WsHubModel *model)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (model->n_parameters > 0)
    g_ptr_array_add (parts, ws_amounts_describe_parameters (model->n_parameters));
  if (model->main_dtype != NULL)
    g_ptr_array_add (parts, ws_format_name (model->main_dtype));
  else if (model->has_gguf)
    g_ptr_array_add (parts, g_strdup ("GGUF"));
  if (model->n_downloads > 0)
    g_ptr_array_add (parts, ws_amounts_format_downloads (model->n_downloads));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

GtkWidget *
ws_model_row_new (const WsHubModel *model)
{
  WsModelRow *self = g_object_new (WS_TYPE_MODEL_ROW, NULL);
  g_autofree char *title = ws_format_name (model->id);
  g_autofree char *facts = describe (model);
  g_autofree char *size = ws_format_bytes (model->n_weight_bytes);
  g_autofree char *license = model->license != NULL ? ws_format_name (model->license) : NULL;
  g_autofree char *tooltip = g_strdup_printf ("%s\n%s", title, facts);

  self->id = g_strdup (model->id);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->facts, facts);
  gtk_label_set_text (self->size, model->n_weight_bytes > 0 ? size : "—");
  gtk_label_set_text (self->license, license != NULL ? license : "");
  gtk_widget_set_visible (self->lock, model->gate != WS_GATE_NONE);
  /* whichever of them is cut */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), facts[0] != '\0' ? tooltip : title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET (self);
}

const char *
ws_model_row_get_id (WsModelRow *self)
{
  return self->id;
}
