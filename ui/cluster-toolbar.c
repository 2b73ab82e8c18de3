/* SPDX-License-Identifier: MIT */
/* The bar of the Embeddings page: which matrix, how it is clustered, the run. */
#include "cluster-toolbar.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WsClusterToolbar
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkDropDown *tensor_menu;
  GtkLabel *tensor_label;
  GtkLabel *facts_label;
  GtkMenuButton *settings_button;
  GtkLabel *settings_label;
  GtkDropDown *normalization;
  GtkLabel *normalization_help;
  GtkCheckButton *several;
  GtkSpinButton *k_max;
  GtkCheckButton *exactly;
  GtkSpinButton *k;
  GtkDropDown *criterion;
  GtkButton *run_button;
  GtkWidget *export_button;

  WsClusterSession *session;
  gboolean showing; /* the controls follow the session, not the person */
};

G_DEFINE_FINAL_TYPE (WsClusterToolbar, ws_cluster_toolbar, GTK_TYPE_BOX)

/* In the order of WsNormalization. */
static const struct
{
  const char *title;
  const char *help;
} normalizations[] = {
  { N_ ("z-scores"),
    N_ ("Each column minus its mean, over its standard deviation: every direction counts alike.") },
  { N_ ("Unit length"), N_ ("Each token over its norm: distances are angles, as with cosines.") },
  { N_ ("Centred"), N_ ("Each column minus its mean: what all tokens share is taken away.") },
  { N_ ("As they are"), N_ ("The vectors as they stand in the model.") },
};

/* In the order of WsCriterion. */
static const char *const criteria[] = { N_ ("Elbow of the inertia"), N_ ("Calinski–Harabasz"),
                                        N_ ("Silhouette") };

/* The same where there is little room. */
static const char *const short_criteria[] = { N_ ("Elbow"), N_ ("Calinski–Harabasz"),
                                              N_ ("Silhouette") };

G_STATIC_ASSERT (G_N_ELEMENTS (normalizations) == WS_N_NORMALIZATIONS);

static void
fill_menus (WsClusterToolbar *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) rules = gtk_string_list_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (normalizations); i++)
    gtk_string_list_append (titles, _ (normalizations[i].title));
  for (guint i = 0; i < G_N_ELEMENTS (criteria); i++)
    gtk_string_list_append (rules, _ (criteria[i]));
  gtk_drop_down_set_model (self->normalization, G_LIST_MODEL (titles));
  gtk_drop_down_set_model (self->criterion, G_LIST_MODEL (rules));
}

/* "z-scores · k up to 100 · Silhouette" */
static char *
describe_settings (const WsClusterOptions *options, const char *const *names)
{
  g_autofree char *k = NULL;

  if (options->k > 0)
    return g_strdup_printf ("%s · k = %u", _ (normalizations[options->normalization].title),
                            options->k);
  /* Translators: k is the number of clusters */
  k = g_strdup_printf (_ ("k up to %u"), options->k_max);
  return g_strdup_printf ("%s · %s · %s", _ (normalizations[options->normalization].title), k,
                          _ (names[options->criterion]));
}

static void
show_settings (WsClusterToolbar *self)
{
  const WsClusterOptions *options = ws_cluster_session_get_options (self->session);
  g_autofree char *text = describe_settings (options, short_criteria);
  g_autofree char *tooltip = describe_settings (options, criteria);

  gtk_label_set_text (self->settings_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->settings_button), tooltip);
  gtk_drop_down_set_selected (self->normalization, options->normalization);
  gtk_label_set_text (self->normalization_help, _ (normalizations[options->normalization].help));
  gtk_drop_down_set_selected (self->criterion, options->criterion);
  gtk_check_button_set_active (options->k > 0 ? self->exactly : self->several, TRUE);
  gtk_spin_button_set_value (self->k_max, options->k_max);
  if (options->k > 0)
    gtk_spin_button_set_value (self->k, options->k);
  gtk_widget_set_sensitive (GTK_WIDGET (self->k_max), options->k == 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->k), options->k > 0);
}

/* "151 936 × 2560 · BF16 · tied with the output" */
static void
show_facts (WsClusterToolbar *self, const WsTensor *tensor)
{
  WsModel *model = ws_cluster_session_get_model (self->session);
  g_autofree char *shape = NULL;
  g_autofree char *text = NULL;

  if (tensor == NULL)
    {
      gtk_label_set_text (self->facts_label, "");
      return;
    }
  shape = ws_format_shape (tensor->dims, tensor->n_dims);
  text = g_strdup_printf ("%s · %s%s%s", shape, ws_dtype_get_name (tensor->dtype),
                          model->output_tied ? " · " : "",
                          model->output_tied ? _ ("tied with the output") : "");
  gtk_label_set_text (self->facts_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->facts_label), text);
}

/* "embed_tokens" of "model.embed_tokens.weight": the rest is the same in all models. */
static char *
make_short_name (const char *name)
{
  g_autofree char *stem = g_str_has_suffix (name, ".weight")
                              ? g_strndup (name, strlen (name) - strlen (".weight"))
                              : g_strdup (name);
  const char *dot = strrchr (stem, '.');

  return ws_format_name (dot != NULL && dot[1] != '\0' ? dot + 1 : stem);
}

static void
show_tensors (WsClusterToolbar *self)
{
  GArray *embeddings = ws_cluster_session_get_embeddings (self->session);
  const WsTensor *tensor = ws_cluster_session_get_options (self->session)->tensor;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = GTK_INVALID_LIST_POSITION;

  for (guint i = 0; i < embeddings->len; i++)
    {
      const WsTensor *choice = g_array_index (embeddings, WsEmbedding, i).tensor;
      g_autofree char *name = ws_format_name (choice->name);

      gtk_string_list_append (names, name);
      if (choice == tensor)
        {
          g_autofree char *short_name = make_short_name (choice->name);

          selected = i;
          gtk_label_set_text (self->tensor_label, short_name);
          gtk_widget_set_tooltip_text (GTK_WIDGET (self->tensor_label), name);
          gtk_widget_set_tooltip_text (GTK_WIDGET (self->tensor_menu), name);
        }
    }
  gtk_drop_down_set_model (self->tensor_menu, G_LIST_MODEL (names));
  gtk_drop_down_set_selected (self->tensor_menu, selected);
  gtk_widget_set_visible (GTK_WIDGET (self->tensor_menu), embeddings->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->tensor_label), embeddings->len == 1);
  show_facts (self, tensor);
}

/* One button: cluster, resume, cancel. */
static void
show_state (WsClusterToolbar *self)
{
  WsClustersState state = ws_cluster_session_get_state (self->session);
  gboolean running = state == WS_CLUSTERS_RUNNING || state == WS_CLUSTERS_STOPPING;
  gboolean complete = ws_cluster_session_is_complete (self->session);
  GPtrArray *curve = ws_cluster_session_get_curve (self->session);
  const char *label = curve->len > 0 ? _ ("Resume") : C_ ("action", "Cluster");

  if (running)
    label = _ ("Cancel");
  else if (complete)
    label = _ ("Clustered");
  gtk_button_set_label (self->run_button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->run_button),
                               running    ? _ ("Stop; what is finished stays")
                               : complete ? _ ("All that the settings ask for is computed")
                                          : _ ("Group the tokens of this matrix (F5)"));
  if (running || complete || state != WS_CLUSTERS_READY)
    gtk_widget_remove_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  gtk_widget_set_sensitive (GTK_WIDGET (self->tensor_menu), !running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->normalization), !running);
  gtk_widget_set_sensitive (self->export_button, curve->len > 0);
}

static void
show_all (WsClusterToolbar *self)
{
  gboolean any = ws_cluster_session_get_options (self->session)->tensor != NULL;

  /* an empty bar says nothing */
  gtk_widget_set_visible (self->content,
                          any || ws_cluster_session_get_state (self->session) != WS_CLUSTERS_READY);
  self->showing = TRUE;
  show_tensors (self);
  show_settings (self);
  gtk_widget_set_visible (GTK_WIDGET (self->settings_button), any);
  gtk_widget_set_visible (GTK_WIDGET (self->run_button), any);
  gtk_widget_set_visible (self->export_button, any);
  self->showing = FALSE;
  show_state (self);
}

static void
on_tensor_chosen (WsClusterToolbar *self)
{
  WsClusterOptions options;
  guint i = gtk_drop_down_get_selected (self->tensor_menu);
  GArray *embeddings;

  if (self->showing || self->session == NULL)
    return;
  embeddings = ws_cluster_session_get_embeddings (self->session);
  if (i >= embeddings->len)
    return;
  options = *ws_cluster_session_get_options (self->session);
  options.tensor = g_array_index (embeddings, WsEmbedding, i).tensor;
  ws_cluster_session_set_options (self->session, &options);
}

static void
on_settings_changed (WsClusterToolbar *self)
{
  WsClusterOptions options;

  if (self->showing || self->session == NULL)
    return;
  options = *ws_cluster_session_get_options (self->session);
  options.normalization = gtk_drop_down_get_selected (self->normalization);
  options.criterion = gtk_drop_down_get_selected (self->criterion);
  options.k_max = (guint) gtk_spin_button_get_value_as_int (self->k_max);
  options.k = gtk_check_button_get_active (self->exactly)
                  ? (guint) gtk_spin_button_get_value_as_int (self->k)
                  : 0;
  ws_cluster_session_set_options (self->session, &options);
}

static void
ws_cluster_toolbar_dispose (GObject *object)
{
  ws_cluster_toolbar_set_session (WS_CLUSTER_TOOLBAR (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_CLUSTER_TOOLBAR);
  G_OBJECT_CLASS (ws_cluster_toolbar_parent_class)->dispose (object);
}

static void
ws_cluster_toolbar_class_init (WsClusterToolbarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_cluster_toolbar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/cluster-toolbar.ui");
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, content);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, tensor_menu);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, tensor_label);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, facts_label);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, settings_button);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, settings_label);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, normalization);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, normalization_help);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, several);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, k_max);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, exactly);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, k);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, criterion);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, run_button);
  gtk_widget_class_bind_template_child (widget_class, WsClusterToolbar, export_button);
  gtk_widget_class_bind_template_callback (widget_class, on_tensor_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_settings_changed);
}

static void
ws_cluster_toolbar_init (WsClusterToolbar *self)
{
  self->showing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_menus (self);
  self->showing = FALSE;
}

void
ws_cluster_toolbar_set_session (WsClusterToolbar *self, WsClusterSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (session, "setup-changed", G_CALLBACK (show_all), self);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (show_state), self);
  g_signal_connect_swapped (session, "study-changed", G_CALLBACK (show_state), self);
  show_all (self);
}
