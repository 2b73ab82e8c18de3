/* SPDX-License-Identifier: MIT */
/* All that is known of what is selected. */
#include "details-pane.h"

#include "analysis/device-words.h"
#include "base/format.h"
#include "details-row.h"
#include "result-group.h"
#include <glib/gi18n-lib.h>
#include <math.h>

struct _WsDetailsPane
{
  GtkBox parent_instance;

  GtkStack *stack;
  GtkLabel *title;
  GtkWidget *copy_button;
  GtkLabel *name;
  GtkWidget *note;
  GtkImage *note_icon;
  GtkLabel *note_label;
  GtkBox *sections;

  WsDetailsRow *block, *shape, *type, *file, *offset; /* section Tensor */
  GtkWidget *tensor_section;
  WsDetailsRow *method, *backend, *seconds; /* section Method */
  GtkWidget *method_section;
  GPtrArray *columns;     /* WsResultColumn */
  GPtrArray *metric_rows; /* WsDetailsRow, borrowed: of each column; NULL where it has none */

  GPtrArray *items; /* WsResultItem */
};

G_DEFINE_FINAL_TYPE (WsDetailsPane, ws_details_pane, GTK_TYPE_BOX)

static const WsResult *
get_result (WsDetailsPane *self, guint i)
{
  return ws_result_item_get_result (g_ptr_array_index (self->items, i));
}

/* Head */

static char *
dup_title (const WsResult *result)
{
  const WsBlockClass *block = &result->tensor->block;
  const char *type = ws_block_type_get_key (block->type);
  int expert = ws_result_get_expert (result);

  if (block->layer_index >= 0 && expert >= 0)
    return g_strdup_printf (_ ("layer %d · %s · expert %d"), block->layer_index, type, expert);
  if (block->layer_index >= 0)
    return g_strdup_printf (_ ("layer %d · %s"), block->layer_index, type);
  return g_strdup (type);
}

/* What hinders a spectrum is a warning or an error; what explains one is not. */
static const char *
get_note_class (WsState state)
{
  switch (state)
    {
    case WS_STATE_NONFINITE:
    case WS_STATE_ERROR:
      return "err";
    case WS_STATE_ZERO:
    case WS_STATE_UNSUPPORTED:
    case WS_STATE_TOO_LARGE:
    case WS_STATE_CANCELLED:
      return "warn";
    case WS_STATE_PENDING:
    case WS_STATE_OK:
    case WS_STATE_VECTOR:
    case WS_STATE_BUFFER:
    case WS_STATE_EMPTY:
      break;
    }
  return "info";
}

static void
show_note (WsDetailsPane *self, const WsResult *result)
{
  g_autofree char *note = ws_result_dup_note (result, TRUE);
  const char *look = get_note_class (result->state);

  gtk_widget_set_visible (self->note, note != NULL);
  if (note == NULL)
    return;
  gtk_widget_set_css_classes (self->note, (const char *[]){ "details-note", look, NULL });
  gtk_image_set_from_icon_name (self->note_icon, g_str_equal (look, "err") ? "ws-error-symbolic"
                                                 : g_str_equal (look, "warn")
                                                     ? "ws-note-symbolic"
                                                     : "ws-information-symbolic");
  gtk_label_set_text (self->note_label, note);
}

static void
show_head (WsDetailsPane *self, const WsResult *result)
{
  g_autofree char *title = dup_title (result);
  g_autofree char *name = ws_format_name (result->tensor->name);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  show_note (self, result);
}

static void
show_head_of_several (WsDetailsPane *self)
{
  g_autofree char *title =
      g_strdup_printf (ngettext ("%u tensor", "%u tensors", self->items->len), self->items->len);

  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->name, _ ("medians of the known values"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), NULL);
  gtk_widget_set_visible (self->note, FALSE);
}

/* Values */

static void
show_tensor (WsDetailsPane *self, const WsResult *result)
{
  const WsTensor *tensor = result->tensor;
  const WsResultColumn *column = ws_result_columns_find (self->columns, "shape");
  g_autofree char *shape = ws_result_column_dup_cell (column, result);
  g_autofree char *bytes = ws_format_bytes (tensor->n_bytes);
  g_autofree char *file = ws_format_name (ws_source_get_name (tensor->source));
  g_autofree char *offset = ws_format_count (tensor->offset);

  ws_details_row_set_value (self->block, ws_block_type_get_key (tensor->block.type), NULL,
                            tensor->block.stack);
  ws_details_row_set_value (self->shape, shape, NULL, NULL);
  ws_details_row_set_value (self->type, ws_dtype_get_name (tensor->dtype), bytes, NULL);
  ws_details_row_set_value (self->file, file, NULL, file);
  ws_details_row_set_value (self->offset, offset, NULL, NULL);
}

static void
show_method (WsDetailsPane *self, const WsResult *result)
{
  const WsSpectrum *spectrum = &result->spectrum;
  g_autofree char *seconds = ws_format_duration (spectrum->seconds);
  const char *method = spectrum->method == WS_METHOD_GRAM64  ? _ ("Gram, float64")
                       : spectrum->method == WS_METHOD_SVD64 ? _ ("SVD, float64")
                                                             : "—";

  ws_details_row_set_value (self->method, method, NULL, NULL);
  ws_details_row_set_value (self->backend, ws_backend_get_title (spectrum->backend), NULL, NULL);
  ws_details_row_set_value (self->seconds, spectrum->method != WS_METHOD_NONE ? seconds : "—",
                            result->from_store ? _ ("earlier") : NULL, NULL);
}

/* "46.6 %" for a rank of a matrix. (nullable) */
static char *
dup_share (const WsResultColumn *column, double value, double max_rank)
{
  g_autofree char *share = NULL;

  if (!g_str_has_prefix (column->key, "rank_energy_") || isnan (value) || !(max_rank > 0))
    return NULL;
  share = ws_format_significant (100 * value / max_rank, 3);
  return g_strdup_printf ("%s %%", share);
}

static gboolean
is_size (const WsResultColumn *column)
{
  return g_str_equal (column->metric.unit, "bytes");
}

/* Sizes are made short, to leave their titles room; the tooltip has all digits. */
static char *
dup_metric (const WsResultColumn *column, double value)
{
  if (is_size (column) && value >= 0)
    return ws_format_bytes ((guint64) value);
  return ws_result_column_dup_number (column, value, 4);
}

static void
show_metric (WsDetailsPane *self, const WsResultColumn *column, WsDetailsRow *row)
{
  const WsResult *result = get_result (self, 0);
  gboolean single = self->items->len == 1;
  double value = single ? ws_result_column_get_number (column, result)
                        : ws_result_items_compute_median (self->items, column);
  g_autofree char *text = dup_metric (column, value);
  g_autofree char *aside = NULL;
  g_autofree char *tooltip = NULL;

  if (single)
    {
      aside = dup_share (column, value, ws_result_get_max_rank (result));
      tooltip = ws_result_column_dup_tooltip (column, result);
    }
  if (aside == NULL && column->metric.unit[0] != '\0' && !is_size (column) && !isnan (value))
    aside = g_strdup (_ (column->metric.unit));
  ws_details_row_set_value (row, text, aside, tooltip);
}

static void
show_items (WsDetailsPane *self)
{
  gboolean single = self->items->len == 1;

  gtk_stack_set_visible_child_name (self->stack, self->items->len > 0 ? "values" : "nothing");
  if (self->items->len == 0)
    return;
  gtk_widget_set_visible (self->tensor_section, single);
  gtk_widget_set_visible (self->method_section, single);
  if (single)
    {
      show_head (self, get_result (self, 0));
      show_tensor (self, get_result (self, 0));
      show_method (self, get_result (self, 0));
    }
  else
    show_head_of_several (self);
  for (guint i = 0; i < self->columns->len; i++)
    if (g_ptr_array_index (self->metric_rows, i) != NULL)
      show_metric (self, g_ptr_array_index (self->columns, i),
                   g_ptr_array_index (self->metric_rows, i));
}

static void
release_items (WsDetailsPane *self)
{
  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (g_ptr_array_index (self->items, i), show_items, self);
  g_ptr_array_set_size (self->items, 0);
}

void
ws_details_pane_set_items (WsDetailsPane *self, GPtrArray *items)
{
  g_return_if_fail (WS_IS_DETAILS_PANE (self));

  release_items (self);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (self->items, g_object_ref (g_ptr_array_index (items, i)));
  if (self->items->len == 1)
    g_signal_connect_swapped (g_ptr_array_index (self->items, 0), "notify::result",
                              G_CALLBACK (show_items), self);
  show_items (self);
}

static void
copy_name (WsDetailsPane *self)
{
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < self->items->len; i++)
    g_string_append_printf (names, i == 0 ? "%s" : "\n%s", get_result (self, i)->tensor->name);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), names->str);
  g_string_free (names, TRUE);
}

/* Building */

/* The metrics of @group whose keys begin with @prefix. */
static void
add_metrics (WsDetailsPane *self, GtkWidget *section, const char *group, const char *prefix)
{
  for (guint i = 0; i < self->columns->len; i++)
    {
      const WsResultColumn *column = g_ptr_array_index (self->columns, i);

      if (column->kind == WS_COLUMN_METRIC && g_str_equal (column->metric.group, group) &&
          g_str_has_prefix (column->key, prefix))
        self->metric_rows->pdata[i] = ws_details_add_row (section, column->title, column->tooltip);
    }
}

static void
add_tensor_section (WsDetailsPane *self)
{
  self->tensor_section = ws_details_add_section (self->sections, _ ("TENSOR"));
  self->block = ws_details_add_row (self->tensor_section, _ ("Block"), NULL);
  self->shape = ws_details_add_row (self->tensor_section, _ ("Shape"), NULL);
  self->type = ws_details_add_row (self->tensor_section, _ ("Type"), NULL);
  self->file = ws_details_add_row (self->tensor_section, _ ("File"), NULL);
  self->offset = ws_details_add_row (self->tensor_section, _ ("At byte"), NULL);
}

static void
add_method_section (WsDetailsPane *self)
{
  self->method_section = ws_details_add_section (self->sections, _ ("METHOD"));
  self->method = ws_details_add_row (
      self->method_section, _ ("Method"),
      _ ("Gram: singular values from the eigenvalues of the Gram matrix, with a "
         "certificate of their error. SVD: directly, where the certificate could "
         "not vouch for the rank."));
  self->backend = ws_details_add_row (self->method_section, _ ("Computed on"), NULL);
  self->seconds = ws_details_add_row (self->method_section, _ ("Time"), NULL);
  add_metrics (self, self->method_section, "Method", "");
}

static void
build_sections (WsDetailsPane *self)
{
  GtkWidget *section;

  add_tensor_section (self);
  section = ws_details_add_section (self->sections, _ ("RANK"));
  /* The quotient of each energy rank stands beside it, so that ratio_ has no row. */
  add_metrics (self, section, "Energy", "rank_energy_");
  add_metrics (self, section, "Ranks", "");
  add_metrics (self, ws_details_add_section (self->sections, _ ("SPECTRUM")), "Norms", "");
  add_metrics (self, ws_details_add_section (self->sections, _ ("SAVED BY FACTORS")), "Energy",
               "bytes_saved_");
  add_metrics (self, ws_details_add_section (self->sections, _ ("STATISTICS")), "Statistics", "");
  add_method_section (self);
}

static void
ws_details_pane_dispose (GObject *object)
{
  WsDetailsPane *self = WS_DETAILS_PANE (object);

  release_items (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), WS_TYPE_DETAILS_PANE);
  G_OBJECT_CLASS (ws_details_pane_parent_class)->dispose (object);
}

static void
ws_details_pane_finalize (GObject *object)
{
  WsDetailsPane *self = WS_DETAILS_PANE (object);

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->metric_rows);
  g_ptr_array_unref (self->columns);
  G_OBJECT_CLASS (ws_details_pane_parent_class)->finalize (object);
}

static void
ws_details_pane_class_init (WsDetailsPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_details_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_details_pane_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/details-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, stack);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, title);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, copy_button);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, name);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, note);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, note_icon);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, note_label);
  gtk_widget_class_bind_template_child (widget_class, WsDetailsPane, sections);
  gtk_widget_class_bind_template_callback (widget_class, copy_name);
}

static void
ws_details_pane_init (WsDetailsPane *self)
{
  WsMetricOptions options;

  gtk_widget_init_template (GTK_WIDGET (self));
  ws_metric_options_init (&options);
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->columns = ws_result_columns_new (&options);
  self->metric_rows = g_ptr_array_new ();
  g_ptr_array_set_size (self->metric_rows, self->columns->len);
  build_sections (self);
}

GtkWidget *
ws_details_pane_new (void)
{
  return g_object_new (WS_TYPE_DETAILS_PANE, NULL);
}
