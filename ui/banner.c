/* SPDX-License-Identifier: MIT */
/* A bar with one message about the page below it, and a button that closes it. */
#include "banner.h"

#include "sentence.h"

struct _WsBanner
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkWidget *bar;
  GtkImage *icon;
  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (WsBanner, ws_banner, GTK_TYPE_WIDGET)

static const struct
{
  const char *icon;
  const char *css_class;
} looks[] = {
  [WS_BANNER_WARNING] = { "ws-warning-symbolic", "warn" },
  [WS_BANNER_ERROR] = { "ws-error-symbolic", "error" },
};

static char *
make_sentences (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      char *sentence = ws_sentence_make (*line);

      g_free (*line);
      *line = sentence;
    }
  return g_strjoinv ("\n", lines);
}

static void
ws_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_BANNER);
  G_OBJECT_CLASS (ws_banner_parent_class)->dispose (object);
}

static void
ws_banner_class_init (WsBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_banner_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/banner.ui");
  gtk_widget_class_bind_template_child (widget_class, WsBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, WsBanner, bar);
  gtk_widget_class_bind_template_child (widget_class, WsBanner, icon);
  gtk_widget_class_bind_template_child (widget_class, WsBanner, label);
  gtk_widget_class_bind_template_callback (widget_class, ws_banner_hide);
}

static void
ws_banner_init (WsBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
ws_banner_show (WsBanner *self, WsBannerKind kind, const char *text)
{
  g_autofree char *sentences = make_sentences (text);

  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (self->bar, looks[i].css_class);
  gtk_widget_add_css_class (self->bar, looks[kind].css_class);
  gtk_image_set_from_icon_name (self->icon, looks[kind].icon);
  gtk_label_set_text (self->label, sentences);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->label), sentences);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

void
ws_banner_hide (WsBanner *self)
{
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

const char *
ws_banner_get_text (WsBanner *self)
{
  return gtk_revealer_get_reveal_child (self->revealer) ? gtk_label_get_text (self->label) : NULL;
}
