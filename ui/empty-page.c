/* SPDX-License-Identifier: MIT */
/* What the window shows when no model is open: what to do first. */
#include "empty-page.h"

struct _WsEmptyPage
{
  GtkBox parent_instance;

  GtkWidget *open_button;
};

G_DEFINE_FINAL_TYPE (WsEmptyPage, ws_empty_page, GTK_TYPE_BOX)

static gboolean
ws_empty_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (WS_EMPTY_PAGE (widget)->open_button);
}

static void
ws_empty_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_EMPTY_PAGE);
  G_OBJECT_CLASS (ws_empty_page_parent_class)->dispose (object);
}

static void
ws_empty_page_class_init (WsEmptyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_empty_page_dispose;
  widget_class->grab_focus = ws_empty_page_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/empty-page.ui");
  gtk_widget_class_bind_template_child (widget_class, WsEmptyPage, open_button);
}

static void
ws_empty_page_init (WsEmptyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
