/* SPDX-License-Identifier: MIT */
/* The page of the embedding: how its tokens fall into clusters. */
#include "embeddings-page.h"

#include "cluster-table.h"
#include "cluster-toolbar.h"
#include "elbow-pane.h"
#include "embedding-details.h"
#include "map-pane.h"
#include "paned-share.h"
#include "sentence.h"
#include "token-table.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

struct _WsEmbeddingsPage
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  WsClusterToolbar *toolbar;
  GtkWidget *error_row;
  GtkLabel *error_label;
  GtkWidget *rows_row;
  GtkLabel *rows_label;
  GtkStack *pages;
  GtkLabel *empty_title;
  GtkLabel *empty_text;
  GtkButton *empty_run;
  GtkPaned *charts_and_lists;
  GtkPaned *elbow_and_map;
  GtkPaned *clusters_and_tokens;
  WsElbowPane *elbow;
  WsMapPane *map;
  WsClusterTable *clusters;
  WsTokenTable *tokens;
  WsEmbeddingDetails *details;

  WsClusterSession *session;
};

G_DEFINE_FINAL_TYPE (WsEmbeddingsPage, ws_embeddings_page, GTK_TYPE_BOX)

/* Why there is nothing to see, and the one button that changes it. */
static void
show_empty (WsEmbeddingsPage *self)
{
  WsClustersState state = ws_cluster_session_get_state (self->session);
  gboolean any = ws_cluster_session_get_options (self->session)->tensor != NULL;
  const WsModel *model = ws_cluster_session_get_model (self->session);
  const char *shard = model != NULL ? model->embedding_shard : NULL;
  g_autofree char *absent = NULL;
  gboolean startable = state == WS_CLUSTERS_READY && any;
  const char *title = _ ("Not Clustered Yet");
  const char *text =
      _ ("The vectors of all tokens are grouped by k-means for several numbers of clusters, so "
         "that you see which number fits, what each cluster is made of, and a map of them all. "
         "Nothing is sampled; finished steps are kept.");

  if (state == WS_CLUSTERS_LOADING)
    {
      title = "";
      text = _ ("Looking for the embedding and its tokens…");
    }
  else if (state != WS_CLUSTERS_READY)
    {
      title = "";
      text = _ ("The first numbers are on their way…");
    }
  else if (!any && shard != NULL)
    {
      g_autofree char *name = ws_format_name (shard);

      title = _ ("The Embedding Is Not Here");
      text = absent = g_strdup_printf (
          _ ("The embedding of the tokens is in “%s”, a file of this model that is not on this "
             "machine. Download it, and open the model again, to cluster the tokens."),
          name);
    }
  else if (!any)
    {
      title = _ ("No Embedding");
      text = _ ("No matrix of this model has a row for each token, so there is nothing to "
                "cluster.");
    }
  gtk_label_set_text (self->empty_title, title);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_title), *title != '\0');
  gtk_label_set_text (self->empty_text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->empty_run), startable);
}

static gboolean
has_something (WsEmbeddingsPage *self)
{
  return ws_cluster_session_get_curve (self->session)->len > 0 ||
         ws_cluster_session_get_projection (self->session) != NULL;
}

/* Rows that are in no cluster, or too few different ones. */
static void
show_rows (WsEmbeddingsPage *self)
{
  g_autofree char *sentences = ws_cluster_session_describe_rows (self->session);

  gtk_label_set_text (self->rows_label, sentences != NULL ? sentences : "");
  gtk_widget_set_visible (self->rows_row, sentences != NULL);
}

static void
show_page (WsEmbeddingsPage *self)
{
  gboolean something = has_something (self);

  show_rows (self);
  if (!something)
    show_empty (self);
  gtk_stack_set_visible_child_name (self->pages, something ? "study" : "empty");
}

static void
show_error (WsEmbeddingsPage *self)
{
  const char *error = ws_cluster_session_get_error (self->session);
  g_autofree char *sentence = error != NULL ? ws_sentence_make (error) : NULL;

  gtk_label_set_text (self->error_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->error_row, sentence != NULL);
}

static void
ws_embeddings_page_dispose (GObject *object)
{
  ws_embeddings_page_set_session (WS_EMBEDDINGS_PAGE (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_EMBEDDINGS_PAGE);
  G_OBJECT_CLASS (ws_embeddings_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, content);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, error_row);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, error_label);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, rows_row);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, rows_label);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, pages);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, empty_title);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, empty_text);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, empty_run);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, charts_and_lists);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, elbow_and_map);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, clusters_and_tokens);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, elbow);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, map);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, clusters);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, tokens);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingsPage, details);
}

static void
ws_embeddings_page_class_init (WsEmbeddingsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_embeddings_page_dispose;
  g_type_ensure (WS_TYPE_CLUSTER_TABLE);
  g_type_ensure (WS_TYPE_CLUSTER_TOOLBAR);
  g_type_ensure (WS_TYPE_ELBOW_PANE);
  g_type_ensure (WS_TYPE_EMBEDDING_DETAILS);
  g_type_ensure (WS_TYPE_MAP_PANE);
  g_type_ensure (WS_TYPE_TOKEN_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/embeddings-page.ui");
  bind_children (widget_class);
}

static void
ws_embeddings_page_init (WsEmbeddingsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ws_paned_share_restore (self->charts_and_lists, "charts-share");
  ws_paned_share_restore (self->elbow_and_map, "elbow-share");
  ws_paned_share_restore (self->clusters_and_tokens, "clusters-share");
}

void
ws_embeddings_page_set_session (WsEmbeddingsPage *self, WsClusterSession *session)
{
  g_return_if_fail (WS_IS_EMBEDDINGS_PAGE (self));

  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  ws_cluster_toolbar_set_session (self->toolbar, session);
  ws_elbow_pane_set_session (self->elbow, session);
  ws_map_pane_set_session (self->map, session);
  ws_cluster_table_set_session (self->clusters, session);
  ws_token_table_set_session (self->tokens, session);
  ws_embedding_details_set_session (self->details, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (session, "study-changed", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (session, "setup-changed", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (show_page), self);
  g_signal_connect_swapped (session, "error-changed", G_CALLBACK (show_error), self);
  show_page (self);
  show_error (self);
}

WsClusterSession *
ws_embeddings_page_get_session (WsEmbeddingsPage *self)
{
  return self->session;
}

void
ws_embeddings_page_show_details (WsEmbeddingsPage *self, gboolean visible)
{
  g_return_if_fail (WS_IS_EMBEDDINGS_PAGE (self));
  gtk_widget_set_visible (GTK_WIDGET (self->details), visible);
}

void
ws_embeddings_page_focus_search (WsEmbeddingsPage *self)
{
  g_return_if_fail (WS_IS_EMBEDDINGS_PAGE (self));
  ws_token_table_focus_search (self->tokens);
}

WsElbowChart *
ws_embeddings_page_dup_elbow (WsEmbeddingsPage *self)
{
  g_return_val_if_fail (WS_IS_EMBEDDINGS_PAGE (self), NULL);
  return ws_elbow_pane_dup_chart (self->elbow);
}

WsTokenMap *
ws_embeddings_page_dup_map (WsEmbeddingsPage *self)
{
  g_return_val_if_fail (WS_IS_EMBEDDINGS_PAGE (self), NULL);
  return ws_map_pane_dup_map (self->map);
}

void
ws_embeddings_page_save_state (WsEmbeddingsPage *self)
{
  g_return_if_fail (WS_IS_EMBEDDINGS_PAGE (self));
  ws_paned_share_save (self->charts_and_lists, "charts-share");
  ws_paned_share_save (self->elbow_and_map, "elbow-share");
  ws_paned_share_save (self->clusters_and_tokens, "clusters-share");
}
