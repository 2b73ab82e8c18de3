/* SPDX-License-Identifier: MIT */
/* A row of tokens, each in its pill; as many as there is room for. */
#include "token-pills.h"

#define SPACING 6
#define MAX_CHARS 18

struct _WsTokenPills
{
  GtkWidget parent_instance;
};

G_DEFINE_FINAL_TYPE (WsTokenPills, ws_token_pills, GTK_TYPE_WIDGET)

static void
ws_token_pills_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  int sum = 0, largest = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_natural;

      gtk_widget_measure (child, orientation, -1, NULL, &child_natural, NULL, NULL);
      sum += child_natural + SPACING;
      largest = MAX (largest, child_natural);
    }
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : largest;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? sum : largest;
  *minimum_baseline = *natural_baseline = -1;
}

/* What does not fit is not there: half a token would be another token. */
static void
ws_token_pills_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int x = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_width, child_height;
      gboolean fits;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &child_width, NULL, NULL);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, -1, NULL, &child_height, NULL, NULL);
      fits = x + child_width <= width;
      gtk_widget_set_child_visible (child, fits);
      if (!fits)
        {
          x = width;
          continue;
        }
      gtk_widget_size_allocate (child,
                                &(GtkAllocation){ rtl ? width - x - child_width : x,
                                                  (height - child_height) / 2, child_width,
                                                  child_height },
                                -1);
      x += child_width + SPACING;
    }
}

static void
clear (WsTokenPills *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

static void
ws_token_pills_dispose (GObject *object)
{
  clear (WS_TOKEN_PILLS (object));
  G_OBJECT_CLASS (ws_token_pills_parent_class)->dispose (object);
}

static void
ws_token_pills_class_init (WsTokenPillsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_token_pills_dispose;
  widget_class->measure = ws_token_pills_measure;
  widget_class->size_allocate = ws_token_pills_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "tokenpills");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ws_token_pills_init (WsTokenPills *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

GtkWidget *
ws_token_pills_new (void)
{
  return g_object_new (WS_TYPE_TOKEN_PILLS, NULL);
}

static GtkWidget *
append_pill (WsTokenPills *self)
{
  GtkWidget *pill = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (pill), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (pill), MAX_CHARS);
  gtk_label_set_single_line_mode (GTK_LABEL (pill), TRUE);
  gtk_widget_add_css_class (pill, "pill");
  gtk_widget_add_css_class (pill, "mono");
  gtk_widget_set_parent (pill, GTK_WIDGET (self));
  return pill;
}

/* Cells are used again and again while a table scrolls: so are their labels. */
void
ws_token_pills_set_labels (WsTokenPills *self, const char *const *labels,
                           const char *const *tooltips)
{
  GtkWidget *pill = gtk_widget_get_first_child (GTK_WIDGET (self));

  g_return_if_fail (WS_IS_TOKEN_PILLS (self));

  for (guint i = 0; labels != NULL && labels[i] != NULL; i++)
    {
      if (pill == NULL)
        pill = append_pill (self);
      gtk_label_set_text (GTK_LABEL (pill), labels[i]);
      gtk_widget_set_tooltip_text (pill, tooltips[i]);
      pill = gtk_widget_get_next_sibling (pill);
    }
  while (pill != NULL)
    {
      GtkWidget *next = gtk_widget_get_next_sibling (pill);

      gtk_widget_unparent (pill);
      pill = next;
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}
