/* SPDX-License-Identifier: MIT */
/* The strip at the bottom while tokens are being clustered, whatever view is shown. */
#include "cluster-strip.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

struct _WsClusterStrip
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkLabel *what;
  GtkProgressBar *bar;
  GtkLabel *left;
  WsClusterSession *session;
};

G_DEFINE_FINAL_TYPE (WsClusterStrip, ws_cluster_strip, GTK_TYPE_BOX)

/* "Clusters · k = 12 · 11 of 30", or the stage before that. */
static char *
describe_progress (WsClustersState state, const WsClusterProgress *progress)
{
  const char *stage = ws_cluster_stage_get_title (progress->stage);

  if (state == WS_CLUSTERS_STOPPING)
    return g_strdup (_ ("Clusters · stopping"));
  if (progress->stage != WS_CLUSTER_STAGE_CLUSTERING || progress->n_total == 0)
    /* Translators: %s is what is being done: "reading the matrix" */
    return g_strdup_printf (_ ("Clusters · %s"), stage);
  if (progress->k == 0)
    return g_strdup_printf (_ ("Clusters · %u of %u"), progress->n_done, progress->n_total);
  /* Translators: the number of clusters in work; how many such numbers are done, of how many */
  return g_strdup_printf (_ ("Clusters · k = %u · %u of %u"), progress->k, progress->n_done,
                          progress->n_total);
}

static void
update_progress (WsClusterStrip *self)
{
  const WsClusterProgress *progress = ws_cluster_session_get_progress (self->session);
  WsClustersState state = ws_cluster_session_get_state (self->session);
  g_autofree char *what = describe_progress (state, progress);
  g_autofree char *duration = NULL;
  g_autofree char *left = NULL;

  if (state == WS_CLUSTERS_RUNNING && progress->seconds_left >= 0)
    {
      duration = ws_format_duration (progress->seconds_left);
      left = g_strdup_printf (_ ("%s left"), duration);
    }
  gtk_label_set_text (self->what, what);
  gtk_label_set_text (self->left, left != NULL ? left : "");
  gtk_progress_bar_set_fraction (self->bar, CLAMP (progress->share, 0, 1));
}

static void
update_state (WsClusterStrip *self)
{
  WsClustersState state =
      self->session != NULL ? ws_cluster_session_get_state (self->session) : WS_CLUSTERS_READY;
  gboolean working = state == WS_CLUSTERS_RUNNING || state == WS_CLUSTERS_STOPPING;

  gtk_widget_set_visible (GTK_WIDGET (self), working);
  if (working)
    update_progress (self);
}

static void
ws_cluster_strip_dispose (GObject *object)
{
  ws_cluster_strip_set_session (WS_CLUSTER_STRIP (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_CLUSTER_STRIP);
  G_OBJECT_CLASS (ws_cluster_strip_parent_class)->dispose (object);
}

static void
ws_cluster_strip_class_init (WsClusterStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_cluster_strip_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/cluster-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, WsClusterStrip, content);
  gtk_widget_class_bind_template_child (widget_class, WsClusterStrip, what);
  gtk_widget_class_bind_template_child (widget_class, WsClusterStrip, bar);
  gtk_widget_class_bind_template_child (widget_class, WsClusterStrip, left);
}

static void
ws_cluster_strip_init (WsClusterStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
ws_cluster_strip_set_session (WsClusterStrip *self, WsClusterSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_swapped (session, "notify::state", G_CALLBACK (update_state), self);
      g_signal_connect_swapped (session, "progress", G_CALLBACK (update_progress), self);
    }
  update_state (self);
}
