/* SPDX-License-Identifier: MIT */
/* Asks how a figure is to be, shows it, and saves it. */
#include "export-dialog.h"

#include "base/format.h"
#include "dialogs.h"
#include "export/image.h"
#include "job.h"
#include "settings.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define POINTS_PER_CM (72 / 2.54)
/* Room around the preview, for its shadow. */
#define PREVIEW_MARGIN 18

struct _WsExportDialog
{
  GtkWindow parent_instance;

  GtkDropDown *preset;
  GtkSpinButton *width;
  GtkSpinButton *height;
  GtkSpinButton *font_size;
  GtkSpinButton *dpi;
  GtkToggleButton *pdf;
  GtkToggleButton *svg;
  GtkToggleButton *png;
  GtkCheckButton *legend;
  GtkCheckButton *transparent;
  GtkCheckButton *data;
  GtkWidget *content;
  GtkWidget *export_button;
  GtkLabel *error;
  GtkLabel *size_label;
  GtkDrawingArea *preview;

  WsExportFigure figure;
  gboolean applying_preset;
};

G_DEFINE_FINAL_TYPE (WsExportDialog, ws_export_dialog, GTK_TYPE_WINDOW)

/* Columns of journals, in centimetres; text is of 5 to 7 points there, of 18 on a slide. */
static const struct
{
  const char *title;
  double width, height, font_size;
} presets[] = {
  { N_ ("Nature, one column"), 8.9, 6.6, 7 },   { N_ ("Nature, one and a half"), 12, 8, 7 },
  { N_ ("Nature, two columns"), 18.3, 9.2, 7 }, { N_ ("IEEE, one column"), 8.89, 6.6, 8 },
  { N_ ("IEEE, two columns"), 18.2, 9.2, 8 },   { N_ ("Slide, 16:9"), 33.87, 19.05, 18 },
};

static WsImageFormat
get_format (WsExportDialog *self)
{
  if (gtk_toggle_button_get_active (self->png))
    return WS_IMAGE_PNG;
  return gtk_toggle_button_get_active (self->svg) ? WS_IMAGE_SVG : WS_IMAGE_PDF;
}

static const char *
get_extension (WsImageFormat format)
{
  static const char *const extensions[] = { "png", "svg", "pdf" };

  return extensions[format];
}

static void
get_options (WsExportDialog *self, WsImageOptions *options)
{
  ws_image_options_init (options);
  options->width_pt = gtk_spin_button_get_value (self->width) * POINTS_PER_CM;
  options->height_pt = gtk_spin_button_get_value (self->height) * POINTS_PER_CM;
  options->dpi = gtk_spin_button_get_value (self->dpi);
  options->transparent = gtk_check_button_get_active (self->transparent);
}

static void
apply_to_chart (WsExportDialog *self, const WsImageOptions *options)
{
  const WsExportKind *kind = self->figure.kind;

  kind->set_font (self->figure.chart, NULL, gtk_spin_button_get_value (self->font_size));
  if (kind->set_legend)
    kind->set_legend (self->figure.chart, gtk_check_button_get_active (self->legend));
  if (kind->set_resolution)
    kind->set_resolution (self->figure.chart, options->dpi / 72);
}

static void
update_preview (WsExportDialog *self)
{
  WsImageOptions options;
  g_autofree char *size = NULL;

  if (!self->figure.chart)
    return;
  get_options (self, &options);
  apply_to_chart (self, &options);
  if (get_format (self) == WS_IMAGE_PNG)
    size = g_strdup_printf (_ ("%.0f × %.0f pixels"), round (options.width_pt / 72 * options.dpi),
                            round (options.height_pt / 72 * options.dpi));
  else
    size = g_strdup_printf (_ ("%.4g × %.4g cm"), gtk_spin_button_get_value (self->width),
                            gtk_spin_button_get_value (self->height));
  gtk_label_set_text (self->size_label, size);
  gtk_widget_queue_draw (GTK_WIDGET (self->preview));
}

static void
draw_sheet (cairo_t *cr, double width, double height, gboolean transparent)
{
  const double square = 8;

  cairo_set_source_rgba (cr, 0, 0, 0, 0.12);
  cairo_rectangle (cr, -1, 1, width + 2, height + 2);
  cairo_fill (cr);
  cairo_set_source_rgb (cr, 1, 1, 1);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill_preserve (cr);
  cairo_clip (cr);
  if (!transparent)
    return;
  cairo_set_source_rgb (cr, 0.92, 0.92, 0.92);
  for (int row = 0; row * square < height; row++)
    for (int column = row % 2; column * square < width; column += 2)
      cairo_rectangle (cr, column * square, row * square, square, square);
  cairo_fill (cr);
}

/* In true proportion, as large as there is room. */
static void
draw_preview (GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer user_data)
{
  WsExportDialog *self = user_data;
  WsImageOptions options;
  double scale;

  get_options (self, &options);
  scale = MIN ((width - 2 * PREVIEW_MARGIN) / options.width_pt,
               (height - 2 * PREVIEW_MARGIN) / options.height_pt);
  if (!self->figure.chart || scale <= 0)
    return;
  cairo_translate (cr, floor ((width - scale * options.width_pt) / 2),
                   floor ((height - scale * options.height_pt) / 2));
  draw_sheet (cr, scale * options.width_pt, scale * options.height_pt, options.transparent);
  cairo_scale (cr, scale, scale);
  self->figure.kind->draw (self->figure.chart, cr, options.width_pt, options.height_pt);
}

/* The last row is "Custom". */
static void
select_preset (WsExportDialog *self)
{
  guint selected = G_N_ELEMENTS (presets);

  for (guint i = G_N_ELEMENTS (presets); i-- > 0;)
    if (fabs (presets[i].width - gtk_spin_button_get_value (self->width)) < 0.005)
      selected = i;
  self->applying_preset = TRUE;
  gtk_drop_down_set_selected (self->preset, selected);
  self->applying_preset = FALSE;
}

static void
on_preset_chosen (WsExportDialog *self)
{
  guint i = gtk_drop_down_get_selected (self->preset);

  if (self->applying_preset || i >= G_N_ELEMENTS (presets))
    return;
  self->applying_preset = TRUE;
  gtk_spin_button_set_value (self->width, presets[i].width);
  gtk_spin_button_set_value (self->height, presets[i].height);
  gtk_spin_button_set_value (self->font_size, presets[i].font_size);
  self->applying_preset = FALSE;
  update_preview (self);
}

static void
on_size_changed (WsExportDialog *self)
{
  if (!self->applying_preset)
    select_preset (self);
  update_preview (self);
}

static void
on_format_toggled (WsExportDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->dpi),
                            get_format (self) == WS_IMAGE_PNG ||
                                (self->figure.kind && self->figure.kind->set_resolution));
  update_preview (self);
}

/* One figure on its way to the disk. */
typedef struct
{
  char *path;
  char *data_path; /* NULL: no data */
  WsImageFormat format;
  WsImageOptions options;
  const WsExportKind *kind;
  gpointer chart;
  gpointer figure_data;
} FigureExport;

static void
figure_export_free (gpointer data)
{
  FigureExport *export = data;

  g_free (export->path);
  g_free (export->data_path);
  export->kind->free_chart (export->chart);
  if (export->figure_data)
    export->kind->unref_data (export->figure_data);
  g_free (export);
}

static void
draw_figure (cairo_t *cr, double width, double height, gpointer user_data)
{
  const FigureExport *export = user_data;

  export->kind->draw (export->chart, cr, width, height);
}

static gboolean
save_in_thread (WsJob *job, gpointer data, GError **error)
{
  FigureExport *export = data;

  return ws_image_save (export->path, export->format, &export->options, draw_figure, export,
                        error) &&
         (!export->data_path ||
          export->kind->save_data (export->data_path, export->figure_data, error));
}

static void
show_error (WsExportDialog *self, const char *message)
{
  gtk_label_set_text (self->error, message);
  gtk_widget_set_visible (GTK_WIDGET (self->error), TRUE);
}

/* "Saved fig.pdf and fig.csv" */
static char *
describe_saved (const FigureExport *export)
{
  g_autofree char *name = g_filename_display_basename (export->path);
  g_autofree char *shown_name = ws_format_name (name);
  g_autofree char *data_name = NULL;
  g_autofree char *shown_data_name = NULL;

  if (!export->data_path)
    return g_strdup_printf (_ ("Saved %s"), shown_name);
  data_name = g_filename_display_basename (export->data_path);
  shown_data_name = ws_format_name (data_name);
  /* Translators: two names of files */
  return g_strdup_printf (_ ("Saved %s and %s"), shown_name, shown_data_name);
}

static void
on_save_done (gpointer owner, gpointer data, const GError *error)
{
  WsExportDialog *self = owner;
  FigureExport *export = data;
  g_autofree char *saved = describe_saved (export);

  gtk_widget_set_sensitive (self->content, TRUE);
  gtk_widget_set_sensitive (self->export_button, TRUE);
  if (error)
    {
      show_error (self, error->message);
      return;
    }
  gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                              "win.saved", "(ss)", saved, export->path);
  gtk_window_destroy (GTK_WINDOW (self));
}

static const WsJobKind save_kind = { save_in_thread, NULL, on_save_done, figure_export_free };

static void
remember_choices (WsExportDialog *self)
{
  GSettings *settings = ws_settings_get_default ();

  g_settings_set_string (settings, "figure-format", get_extension (get_format (self)));
  g_settings_set (settings, "figure-size", "(dd)", gtk_spin_button_get_value (self->width),
                  gtk_spin_button_get_value (self->height));
  g_settings_set_double (settings, "figure-font-size", gtk_spin_button_get_value (self->font_size));
  g_settings_set_double (settings, "figure-dpi", gtk_spin_button_get_value (self->dpi));
  g_settings_set_boolean (settings, "figure-legend", gtk_check_button_get_active (self->legend));
  g_settings_set_boolean (settings, "figure-transparent",
                          gtk_check_button_get_active (self->transparent));
  g_settings_set_boolean (settings, "figure-data", gtk_check_button_get_active (self->data));
}

/* NAME.csv beside NAME.pdf. A file of that name that was not written with this figure is not
 * replaced: nobody was asked. */
static char *
choose_data_path (const char *path)
{
  const char *dot = strrchr (path, '.');
  g_autofree char *stem = g_strndup (path, dot - path);
  char *data_path = g_strconcat (stem, ".csv", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return data_path;
  for (guint i = 2; g_file_test (data_path, G_FILE_TEST_EXISTS); i++)
    {
      g_free (data_path);
      data_path = g_strdup_printf ("%s-%u.csv", stem, i);
    }
  return data_path;
}

static void
save (WsExportDialog *self, const char *path, WsImageFormat format)
{
  FigureExport *export = g_new0 (FigureExport, 1);

  remember_choices (self);
  export->path = g_strdup (path);
  export->format = format;
  get_options (self, &export->options);
  if (self->figure.kind->save_data && gtk_check_button_get_active (self->data))
    export->data_path = choose_data_path (path);
  /* The thread has a chart of its own: the preview may draw at any time. */
  export->kind = self->figure.kind;
  export->chart = export->kind->copy (self->figure.chart);
  if (self->figure.data)
    export->figure_data = export->kind->ref_data (self->figure.data);
  gtk_widget_set_sensitive (self->content, FALSE);
  gtk_widget_set_sensitive (self->export_button, FALSE);
  ws_job_unref (ws_job_start (&save_kind, self, export));
}

static void
on_file_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (WsExportDialog) self = user_data;
  g_autofree char *path = file ? g_file_get_path (file) : NULL;
  g_autofree char *full_path = NULL;
  WsImageFormat format = get_format (self);

  if (!path)
    return;
  /* A name that says what it is counts more than the button. */
  if (ws_image_format_from_path (path, &format, NULL))
    {
      save (self, path, format);
      return;
    }
  full_path = g_strdup_printf ("%s.%s", path, get_extension (format));
  if (g_file_test (full_path, G_FILE_TEST_EXISTS))
    {
      g_autofree char *name = g_filename_display_basename (full_path);
      g_autofree char *message =
          g_strdup_printf (_ ("%s is there already. Give its full name to replace it."), name);

      show_error (self, message);
      return;
    }
  save (self, full_path, format);
}

static void
on_export (WsExportDialog *self)
{
  const WsFileKind kinds[] = {
    { _ ("PDF"), "*.pdf" },
    { _ ("SVG"), "*.svg" },
    { _ ("PNG"), "*.png" },
    { NULL, NULL },
  };
  g_autofree char *name =
      g_strdup_printf ("%s.%s", self->figure.name, get_extension (get_format (self)));

  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  ws_dialogs_save_file (GTK_WINDOW (self), _ ("Export Figure"), name, kinds, NULL, on_file_chosen,
                        g_object_ref (self));
}

static void
restore_choices (WsExportDialog *self)
{
  GSettings *settings = ws_settings_get_default ();
  g_autofree char *format = g_settings_get_string (settings, "figure-format");
  double width, height;

  g_settings_get (settings, "figure-size", "(dd)", &width, &height);
  gtk_spin_button_set_value (self->width, width);
  gtk_spin_button_set_value (self->height, height);
  gtk_spin_button_set_value (self->font_size, g_settings_get_double (settings, "figure-font-size"));
  gtk_spin_button_set_value (self->dpi, g_settings_get_double (settings, "figure-dpi"));
  gtk_check_button_set_active (self->legend, g_settings_get_boolean (settings, "figure-legend"));
  gtk_check_button_set_active (self->transparent,
                               g_settings_get_boolean (settings, "figure-transparent"));
  gtk_check_button_set_active (self->data, g_settings_get_boolean (settings, "figure-data"));
  gtk_toggle_button_set_active (g_str_equal (format, "png")   ? self->png
                                : g_str_equal (format, "svg") ? self->svg
                                                              : self->pdf,
                                TRUE);
}

static void
fill_presets (WsExportDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (presets); i++)
    gtk_string_list_append (titles, _ (presets[i].title));
  gtk_string_list_append (titles, _ ("Custom"));
  gtk_drop_down_set_model (self->preset, G_LIST_MODEL (titles));
}

static void
ws_export_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_EXPORT_DIALOG);
  G_OBJECT_CLASS (ws_export_dialog_parent_class)->dispose (object);
}

static void
ws_export_dialog_finalize (GObject *object)
{
  WsExportDialog *self = WS_EXPORT_DIALOG (object);

  g_clear_pointer (&self->figure.chart, self->figure.kind->free_chart);
  if (self->figure.data)
    self->figure.kind->unref_data (self->figure.data);
  g_free (self->figure.name);
  G_OBJECT_CLASS (ws_export_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, preset);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, width);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, height);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, font_size);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, dpi);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, pdf);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, svg);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, png);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, legend);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, transparent);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, data);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, content);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, export_button);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, error);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, size_label);
  gtk_widget_class_bind_template_child (widget_class, WsExportDialog, preview);
}

static void
ws_export_dialog_class_init (WsExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_export_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_export_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/export-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_preset_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_size_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_format_toggled);
  gtk_widget_class_bind_template_callback (widget_class, update_preview);
  gtk_widget_class_bind_template_callback (widget_class, on_export);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
ws_export_dialog_init (WsExportDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_drawing_area_set_draw_func (self->preview, draw_preview, self, NULL);
  fill_presets (self);
  restore_choices (self);
  select_preset (self);
  on_format_toggled (self);
}

void
ws_export_dialog_show (GtkWindow *parent, WsExportFigure *figure)
{
  WsExportDialog *self = g_object_new (WS_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);

  self->figure = *figure;
  *figure = (WsExportFigure){ 0 };
  gtk_widget_set_visible (GTK_WIDGET (self->legend), self->figure.kind->set_legend != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->data), self->figure.kind->save_data != NULL);
  on_format_toggled (self);
  gtk_window_present (GTK_WINDOW (self));
}
