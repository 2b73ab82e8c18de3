/* SPDX-License-Identifier: MIT */
/* The pane of the spectrum chart: its settings, its legend, the plot. */
#include "spectrum-view.h"

#include "base/format.h"
#include "export-dialog.h"
#include "export/figure.h"
#include "settings.h"
#include "spectrum-legend-entry.h"
#include "spectrum-plot.h"

#include <glib/gi18n-lib.h>

#define MARKED_ENERGY 0.9
/* As many as have a colour of their own; more are a colour scale with its bar. */
#define MAX_LEGEND_ENTRIES 8

struct _WsSpectrumView
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkLabel *title;
  GtkToggleButton *sigma;
  GtkToggleButton *normalised;
  GtkToggleButton *energy;
  GtkToggleButton *log_x;
  GtkToggleButton *log_y;
  GtkToggleButton *marker;
  GtkWidget *fit;
  GtkWidget *save;
  GtkBox *legend;
  GtkWidget *legend_row;
  GtkLabel *summary;
  GtkStack *pages;
  GtkLabel *empty;
  WsSpectrumPlot *plot;

  GPtrArray *results; /* those with a spectrum */
  int isolated;       /* the only visible curve; -1: all are */
};

G_DEFINE_FINAL_TYPE (WsSpectrumView, ws_spectrum_view, GTK_TYPE_BOX)

static WsSpectrumQuantity
get_quantity (WsSpectrumView *self)
{
  if (gtk_toggle_button_get_active (self->energy))
    return WS_SPECTRUM_ENERGY;
  return gtk_toggle_button_get_active (self->normalised) ? WS_SPECTRUM_NORMALISED
                                                         : WS_SPECTRUM_SIGMA;
}

static void
apply_settings (WsSpectrumView *self, WsSpectrumChart *chart)
{
  ws_spectrum_chart_set_quantity (chart, get_quantity (self));
  ws_spectrum_chart_set_log (chart, gtk_toggle_button_get_active (self->log_x),
                             gtk_toggle_button_get_active (self->log_y));
  ws_spectrum_chart_set_marker (chart,
                                gtk_toggle_button_get_active (self->marker) ? MARKED_ENERGY : 0);
}

static WsSpectrumChart *
get_chart (WsSpectrumView *self)
{
  return ws_spectrum_plot_get_chart (self->plot);
}

static GtkWidget *
get_entry (WsSpectrumView *self, guint i)
{
  GtkWidget *entry = gtk_widget_get_first_child (GTK_WIDGET (self->legend));

  while (entry && i-- > 0)
    entry = gtk_widget_get_next_sibling (entry);
  return entry;
}

static void
update_legend_entries (WsSpectrumView *self)
{
  for (guint i = 0;; i++)
    {
      GtkWidget *entry = get_entry (self, i);

      if (!entry)
        return;
      ws_spectrum_legend_entry_update (WS_SPECTRUM_LEGEND_ENTRY (entry));
    }
}

/* A click on an entry shows that curve alone, another click all of them again. */
static void
on_entry_clicked (WsSpectrumLegendEntry *entry, WsSpectrumView *self)
{
  int curve = (int) ws_spectrum_legend_entry_get_curve (entry);

  self->isolated = self->isolated == curve ? -1 : curve;
  for (guint i = 0; i < self->results->len; i++)
    ws_spectrum_chart_set_visible (get_chart (self), i,
                                   self->isolated < 0 || self->isolated == (int) i);
  update_legend_entries (self);
  ws_spectrum_plot_update (self->plot, FALSE);
}

static void
clear_legend (WsSpectrumView *self)
{
  GtkWidget *entry;

  while ((entry = gtk_widget_get_first_child (GTK_WIDGET (self->legend))))
    gtk_box_remove (self->legend, entry);
}

static char *
dup_summary (WsSpectrumView *self)
{
  guint n = self->results->len;

  if (n <= MAX_LEGEND_ENTRIES)
    return NULL;
  if (n > WS_FIGURE_MAX_CURVES)
    return g_strdup_printf (_ ("the first %u of %u spectra"), WS_FIGURE_MAX_CURVES, n);
  return g_strdup_printf (ngettext ("%u spectrum", "%u spectra", n), n);
}

static void
fill_legend (WsSpectrumView *self)
{
  guint n = ws_spectrum_chart_get_n_curves (get_chart (self));
  g_autofree char *summary = dup_summary (self);

  clear_legend (self);
  gtk_label_set_text (self->summary, summary ? summary : "");
  gtk_widget_set_visible (GTK_WIDGET (self->summary), summary != NULL);
  gtk_widget_set_visible (self->legend_row, n > 1 && n <= MAX_LEGEND_ENTRIES);
  for (guint i = 0; i < n && n <= MAX_LEGEND_ENTRIES; i++)
    {
      GtkWidget *entry = ws_spectrum_legend_entry_new (self->plot, i);

      g_signal_connect (entry, "clicked", G_CALLBACK (on_entry_clicked), self);
      gtk_box_append (self->legend, entry);
    }
}

static void
on_setting_toggled (WsSpectrumView *self)
{
  apply_settings (self, get_chart (self));
  update_legend_entries (self);
  ws_spectrum_plot_update (self->plot, FALSE);
}

/* Singular values span decades, shares of the energy end at 100 %: each has a scale of its own. */
static void
bind_log_y (WsSpectrumView *self)
{
  const char *key = get_quantity (self) == WS_SPECTRUM_ENERGY ? "chart-log-energy" : "chart-log-y";

  /* Else the old binding would still write the value of the new key into the old one. */
  g_settings_unbind (self->log_y, "active");
  g_settings_bind (ws_settings_get_default (), key, self->log_y, "active", G_SETTINGS_BIND_DEFAULT);
}

/* Another quantity has other units: its view begins with everything. */
static void
on_quantity_toggled (WsSpectrumView *self, GtkToggleButton *button)
{
  static const char *const names[] = { "sigma", "normalised", "energy" };

  if (!gtk_toggle_button_get_active (button))
    return;
  g_settings_set_string (ws_settings_get_default (), "chart-quantity", names[get_quantity (self)]);
  bind_log_y (self);
  apply_settings (self, get_chart (self));
  ws_spectrum_plot_update (self->plot, TRUE);
}

static void
on_fit (WsSpectrumView *self)
{
  ws_spectrum_plot_fit (self->plot);
  gtk_widget_grab_focus (GTK_WIDGET (self->plot));
}

static gboolean
are_the_same (GPtrArray *a, GPtrArray *b)
{
  for (guint i = 0; i < a->len && a->len == b->len; i++)
    if (g_ptr_array_index (a, i) != g_ptr_array_index (b, i))
      return FALSE;
  return a->len == b->len;
}

/* "vector, not finite": the states of all, each once. */
static char *
dup_states (GPtrArray *results)
{
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      const char *title = ws_state_get_title (result->state);

      if (!g_ptr_array_find_with_equal_func (titles, title, g_str_equal, NULL))
        g_ptr_array_add (titles, (gpointer) title);
    }
  g_ptr_array_add (titles, NULL);
  return g_strjoinv (", ", (char **) titles->pdata);
}

/* Why there is nothing to draw. @chosen: (nullable) WsResult */
static char *
explain_nothing (GPtrArray *chosen)
{
  g_autofree char *reason = NULL;

  if (!chosen || chosen->len == 0)
    return g_strdup (_ ("Select analysed matrices to see their spectra."));
  for (guint i = 0; i < chosen->len; i++)
    if (ws_result_needs_run (g_ptr_array_index (chosen, i)))
      return g_strdup (_ ("There is no spectrum of the selection yet."));
  if (chosen->len == 1)
    reason = ws_result_dup_note (g_ptr_array_index (chosen, 0), TRUE);
  if (!reason)
    reason = dup_states (chosen);
  /* Translators: %s tells why: "3 not finite, first at row 0, column 17", "vector" */
  return g_strdup_printf (_ ("The selection has no spectrum: %s"), reason);
}

static void
show_page (WsSpectrumView *self, GPtrArray *chosen)
{
  gboolean some = self->results->len > 0;
  g_autofree char *title = some ? ws_figure_dup_title (self->results) : g_strdup (_ ("Spectrum"));
  g_autofree char *reason = some ? NULL : explain_nothing (chosen);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->empty, reason ? reason : "");
  gtk_stack_set_visible_child_name (self->pages, some ? "plot" : "empty");
  gtk_widget_set_sensitive (self->save, some);
}

static void
restore_settings (WsSpectrumView *self)
{
  GSettings *settings = ws_settings_get_default ();
  g_autofree char *quantity = g_settings_get_string (settings, "chart-quantity");
  GtkToggleButton *button = self->sigma;

  if (g_str_equal (quantity, "normalised"))
    button = self->normalised;
  else if (g_str_equal (quantity, "energy"))
    button = self->energy;
  gtk_toggle_button_set_active (button, TRUE);
  g_settings_bind (settings, "chart-log-x", self->log_x, "active", G_SETTINGS_BIND_DEFAULT);
  bind_log_y (self);
  g_settings_bind (settings, "chart-marker", self->marker, "active", G_SETTINGS_BIND_DEFAULT);
}

static void
ws_spectrum_view_dispose (GObject *object)
{
  WsSpectrumView *self = WS_SPECTRUM_VIEW (object);

  if (self->legend)
    clear_legend (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_SPECTRUM_VIEW);
  G_OBJECT_CLASS (ws_spectrum_view_parent_class)->dispose (object);
}

static void
ws_spectrum_view_finalize (GObject *object)
{
  g_clear_pointer (&WS_SPECTRUM_VIEW (object)->results, g_ptr_array_unref);
  G_OBJECT_CLASS (ws_spectrum_view_parent_class)->finalize (object);
}

static void
ws_spectrum_view_class_init (WsSpectrumViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_spectrum_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_spectrum_view_finalize;
  g_type_ensure (WS_TYPE_SPECTRUM_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/spectrum-view.ui");
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, content);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, title);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, sigma);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, normalised);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, energy);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, log_x);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, log_y);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, marker);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, fit);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, save);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, legend);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, legend_row);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, summary);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, pages);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, empty);
  gtk_widget_class_bind_template_child (widget_class, WsSpectrumView, plot);
  gtk_widget_class_bind_template_callback (widget_class, on_quantity_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_setting_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_fit);
  gtk_widget_class_bind_template_callback (widget_class, ws_spectrum_view_export);
  gtk_widget_class_set_css_name (widget_class, "spectrumview");
}

static void
ws_spectrum_view_init (WsSpectrumView *self)
{
  self->results = g_ptr_array_new ();
  self->isolated = -1;
  gtk_widget_init_template (GTK_WIDGET (self));
  restore_settings (self);
  apply_settings (self, get_chart (self));
  show_page (self, NULL);
}

GtkWidget *
ws_spectrum_view_new (void)
{
  return g_object_new (WS_TYPE_SPECTRUM_VIEW, NULL);
}

void
ws_spectrum_view_set_results (WsSpectrumView *self, GPtrArray *results)
{
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) shown = ws_figure_filter_results (results ? results : none);
  gboolean same;

  g_return_if_fail (WS_IS_SPECTRUM_VIEW (self));
  same = are_the_same (shown, self->results);
  if (!same)
    {
      g_ptr_array_unref (self->results);
      self->results = g_steal_pointer (&shown);
      self->isolated = -1;
      ws_spectrum_chart_clear (get_chart (self));
      ws_figure_add_curves (get_chart (self), self->results);
      fill_legend (self);
      ws_spectrum_plot_update (self->plot, TRUE);
    }
  show_page (self, results);
}

gboolean
ws_spectrum_view_get_color (WsSpectrumView *self, const WsResult *result, GdkRGBA *color)
{
  double rgb[3];
  guint curve;

  g_return_val_if_fail (WS_IS_SPECTRUM_VIEW (self), FALSE);
  if (!g_ptr_array_find (self->results, result, &curve) || curve >= WS_FIGURE_MAX_CURVES)
    return FALSE;
  ws_spectrum_chart_get_color (get_chart (self), curve, rgb);
  *color = (GdkRGBA){ (float) rgb[0], (float) rgb[1], (float) rgb[2], 1 };
  return TRUE;
}

/* The figure: the same curves, on paper. */

static gpointer
copy_chart (gconstpointer chart)
{
  return ws_spectrum_chart_copy (chart);
}

static void
free_chart (gpointer chart)
{
  ws_spectrum_chart_free (chart);
}

static void
draw_chart (gpointer chart, cairo_t *cr, double width, double height)
{
  ws_spectrum_chart_draw (chart, cr, width, height);
}

static void
set_chart_font (gpointer chart, const char *family, double size)
{
  ws_spectrum_chart_set_font (chart, family, size);
}

static void
set_chart_legend (gpointer chart, gboolean legend)
{
  ws_spectrum_chart_set_legend (chart, legend);
}

static gboolean
save_chart_data (const char *path, gpointer results, GError **error)
{
  return ws_figure_save_data (path, results, error);
}

static const WsExportKind export_kind = {
  .copy = copy_chart,
  .free_chart = free_chart,
  .draw = draw_chart,
  .set_font = set_chart_font,
  .set_legend = set_chart_legend,
  .save_data = save_chart_data,
  .ref_data = (gpointer (*) (gpointer)) g_ptr_array_ref,
  .unref_data = (GDestroyNotify) g_ptr_array_unref,
};

void
ws_spectrum_view_export (WsSpectrumView *self)
{
  WsExportFigure figure = { &export_kind, NULL, NULL, NULL };
  WsSpectrumChart *chart;

  g_return_if_fail (WS_IS_SPECTRUM_VIEW (self));
  if (self->results->len == 0)
    return;
  chart = ws_spectrum_chart_copy (get_chart (self));
  ws_spectrum_chart_set_theme (chart, WS_CHART_PAPER);
  figure.chart = chart;
  figure.data = g_ptr_array_ref (self->results);
  figure.name = ws_figure_dup_file_name (self->results);
  ws_export_dialog_show (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), &figure);
}
