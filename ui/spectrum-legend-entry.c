/* SPDX-License-Identifier: MIT */
/* A line of the chart's legend: a sample, the name, the marked rank. A button. */
#include "spectrum-legend-entry.h"

#include "base/format.h"
#include "theme.h"

#include <glib/gi18n-lib.h>

#define SAMPLE_WIDTH 26
#define SAMPLE_HEIGHT 12
/* In a row that is too long, a name keeps this much before the row scrolls. */
#define LEAST_NAME_CHARS 20
#define NAME_CHARS 26

struct _WsSpectrumLegendEntry
{
  GtkButton parent_instance;

  WsSpectrumPlot *plot; /* (not owned) */
  guint curve;
  GtkWidget *sample;
  GtkLabel *name;
  GtkLabel *rank;
};

G_DEFINE_FINAL_TYPE (WsSpectrumLegendEntry, ws_spectrum_legend_entry, GTK_TYPE_BUTTON)

static void
draw_sample (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  WsSpectrumLegendEntry *self = user_data;

  ws_spectrum_chart_draw_sample (ws_spectrum_plot_get_chart (self->plot), cr, self->curve, width,
                                 height);
}

static void
ws_spectrum_legend_entry_class_init (WsSpectrumLegendEntryClass *klass)
{
}

static void
ws_spectrum_legend_entry_init (WsSpectrumLegendEntry *self)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  self->sample = gtk_drawing_area_new ();
  gtk_drawing_area_set_content_width (GTK_DRAWING_AREA (self->sample), SAMPLE_WIDTH);
  gtk_drawing_area_set_content_height (GTK_DRAWING_AREA (self->sample), SAMPLE_HEIGHT);
  gtk_widget_set_valign (self->sample, GTK_ALIGN_CENTER);
  self->name = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_ellipsize (self->name, PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (self->name, NAME_CHARS);
  gtk_label_set_xalign (self->name, 0);
  self->rank = GTK_LABEL (gtk_label_new (NULL));
  gtk_widget_add_css_class (GTK_WIDGET (self->rank), "dim");
  gtk_widget_add_css_class (GTK_WIDGET (self->rank), "numeric");
  gtk_box_append (box, self->sample);
  gtk_box_append (box, GTK_WIDGET (self->name));
  gtk_box_append (box, GTK_WIDGET (self->rank));
  gtk_button_set_child (GTK_BUTTON (self), GTK_WIDGET (box));
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "tiny");
  g_signal_connect_object (ws_theme_get_default (), "notify::dark",
                           G_CALLBACK (gtk_widget_queue_draw), self->sample, G_CONNECT_SWAPPED);
}

GtkWidget *
ws_spectrum_legend_entry_new (WsSpectrumPlot *plot, guint curve)
{
  WsSpectrumLegendEntry *self = g_object_new (WS_TYPE_SPECTRUM_LEGEND_ENTRY, NULL);
  const char *name = ws_spectrum_chart_get_label (ws_spectrum_plot_get_chart (plot), curve);

  self->plot = plot;
  self->curve = curve;
  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (self->sample), draw_sample, self, NULL);
  gtk_label_set_text (self->name, name);
  gtk_label_set_width_chars (self->name, (int) MIN (g_utf8_strlen (name, -1), LEAST_NAME_CHARS));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), name);
  ws_spectrum_legend_entry_update (self);
  return GTK_WIDGET (self);
}

static void
update_accessible (WsSpectrumLegendEntry *self, const WsSpectrumChart *chart)
{
  /* Translators: name of a button; %s is a curve */
  g_autofree char *label =
      g_strdup_printf (_ ("Show %s alone"), ws_spectrum_chart_get_label (chart, self->curve));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
ws_spectrum_legend_entry_update (WsSpectrumLegendEntry *self)
{
  const WsSpectrumChart *chart = ws_spectrum_plot_get_chart (self->plot);
  gsize rank = ws_spectrum_chart_get_marker_rank (chart, self->curve);
  g_autofree char *text = rank > 0 ? ws_format_count (rank) : g_strdup ("");

  gtk_label_set_text (self->rank, text);
  gtk_widget_set_visible (GTK_WIDGET (self->rank), rank > 0);
  gtk_widget_set_opacity (GTK_WIDGET (self),
                          ws_spectrum_chart_get_visible (chart, self->curve) ? 1 : 0.45);
  update_accessible (self, chart);
}

guint
ws_spectrum_legend_entry_get_curve (WsSpectrumLegendEntry *self)
{
  return self->curve;
}
