/* SPDX-License-Identifier: MIT */
/* A line of the details. */
#include "details-row.h"

#include <glib/gi18n-lib.h>

struct _WsDetailsRow
{
  GtkBox parent_instance;

  GtkLabel *title;
  GtkMenuButton *help_button;
  GtkLabel *value;
  GtkLabel *aside;
  char *help;
};

G_DEFINE_FINAL_TYPE (WsDetailsRow, ws_details_row, GTK_TYPE_BOX)

static void
ws_details_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DETAILS_ROW);
  G_OBJECT_CLASS (ws_details_row_parent_class)->dispose (object);
}

static void
ws_details_row_finalize (GObject *object)
{
  g_free (WS_DETAILS_ROW (object)->help);
  G_OBJECT_CLASS (ws_details_row_parent_class)->finalize (object);
}

static void
ws_details_row_class_init (WsDetailsRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_details_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_details_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/details-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDetailsRow, title);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsRow, help_button);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsRow, value);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsRow, aside);
}

static void
ws_details_row_init (WsDetailsRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Made when first asked for: there are dozens of rows, and few questions. */
static void
make_popover (GtkMenuButton *button, gpointer data)
{
  WsDetailsRow *self = data;
  GtkWidget *label = gtk_label_new (self->help);
  GtkWidget *popover = gtk_popover_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "help-text");
  gtk_popover_set_child (GTK_POPOVER (popover), label);
  gtk_menu_button_set_popover (button, popover);
}

GtkWidget *
ws_details_row_new (const char *title, const char *help)
{
  WsDetailsRow *self = g_object_new (WS_TYPE_DETAILS_ROW, NULL);
  /* Translators: %s is the title of a value. */
  g_autofree char *name = g_strdup_printf (_ ("What is “%s”?"), title);

  self->help = g_strdup (help);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), help != NULL ? help : title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->help_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
  gtk_menu_button_set_create_popup_func (self->help_button, make_popover, self, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->help_button), help != NULL);
  return GTK_WIDGET (self);
}

void
ws_details_row_set_value (WsDetailsRow *self, const char *value, const char *aside,
                          const char *tooltip)
{
  g_return_if_fail (WS_IS_DETAILS_ROW (self));

  gtk_label_set_text (self->value, value);
  gtk_label_set_text (self->aside, aside != NULL ? aside : "");
  gtk_widget_set_visible (GTK_WIDGET (self->aside), aside != NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->value), tooltip);
  if (g_str_equal (value, "—"))
    gtk_widget_add_css_class (GTK_WIDGET (self->value), "faint");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->value), "faint");
}

GtkWidget *
ws_details_add_section (GtkBox *sections, const char *title)
{
  GtkWidget *section = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "label-caps");
  gtk_widget_add_css_class (section, "details-section");
  gtk_box_append (GTK_BOX (section), label);
  gtk_box_append (sections, section);
  return section;
}

WsDetailsRow *
ws_details_add_row (GtkWidget *section, const char *title, const char *help)
{
  GtkWidget *row = ws_details_row_new (title, help);

  gtk_box_append (GTK_BOX (section), row);
  return WS_DETAILS_ROW (row);
}
