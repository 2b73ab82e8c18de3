/* SPDX-License-Identifier: MIT */
/* What the files of the window share. */
#pragma once

#include "banner.h"
#include "cluster-strip.h"
#include "details-pane.h"
#include "download-list.h"
#include "downloads-button.h"
#include "embeddings-page.h"
#include "get-dialog.h"
#include "progress-strip.h"
#include "result-table.h"
#include "run-estimate.h"
#include "sidebar.h"
#include "spectrum-view.h"
#include "toast.h"
#include "window.h"

G_BEGIN_DECLS

struct _WsWindow
{
  GtkApplicationWindow parent_instance;

  /* template */
  GtkLabel *title;
  GtkButton *run_button;
  GtkImage *run_icon;
  GtkLabel *run_label;
  GtkLabel *run_hint;
  GtkWidget *sidebar_button;
  GtkWidget *details_button;
  WsBanner *banner;
  WsDownloadsButton *downloads_button;
  WsSidebar *sidebar;
  GtkStack *pages;
  GtkWidget *empty_page;
  GtkLabel *opening_label;
  GtkWidget *view_switcher;
  GtkStack *views; /* of the model */
  GtkPaned *table_and_chart;
  WsResultTable *table;
  WsSpectrumView *chart;
  WsDetailsPane *details;
  WsEmbeddingsPage *embeddings;
  GtkWidget *drop_veil;
  WsProgressStrip *strip;
  WsClusterStrip *cluster_strip;
  WsToast *toast;

  gboolean wants_sidebar; /* both as far as there is room */
  gboolean wants_details;
  GListStore *sessions;       /* of WsModelSession, in the order they were opened */
  WsRunEstimate *estimate;    /* of @session */
  WsModelSession *session;    /* shown; one of @sessions, or NULL */
  WsClusterSession *clusters; /* of @session: NULL until its embedding was looked at */
  GPtrArray *shown_results;   /* of WsResult: what chart and details show */
  WsDownloadList *downloads;
  WsGetDialog *get_dialog; /* weak: NULL while there is none */
};

/* window.c */
void ws_window_show_session (WsWindow *self, WsModelSession *session);

/* window-actions.c */
void ws_window_class_install_actions (GtkWidgetClass *widget_class);
void ws_window_update_actions (WsWindow *self);

/* window-state.c */
void ws_window_restore_state (WsWindow *self);
void ws_window_save_state (WsWindow *self);
/* Shows the panes that are wanted, as far as there is room. */
void ws_window_fit_panes (WsWindow *self);
void ws_window_toggle_sidebar (WsWindow *self);
void ws_window_toggle_details (WsWindow *self);

/* window-views.c */
/* "matrices" or "embeddings"; anything else changes nothing. */
void ws_window_set_view (WsWindow *self, const char *name);
const char *ws_window_get_view (WsWindow *self);
gboolean ws_window_shows_embeddings (WsWindow *self);
void ws_window_restore_view (WsWindow *self);
void ws_window_save_view (WsWindow *self);

/* window-matrices.c */
void ws_window_init_matrices (WsWindow *self);
void ws_window_connect_matrices (WsWindow *self);
void ws_window_disconnect_matrices (WsWindow *self);

/* window-embeddings.c */
void ws_window_class_install_embedding_actions (GtkWidgetClass *widget_class);
/* Gives the page the clusters of the session that is shown, which begin to be looked up when the
 * page is first seen. */
void ws_window_show_clusters (WsWindow *self);
void ws_window_dispose_embeddings (WsWindow *self);
/* Begins or goes on with a run of what the page shows; asks first if it reads much from the Hub. */
void ws_window_run_clusters (WsWindow *self);
gboolean ws_window_can_run_clusters (WsWindow *self);
gboolean ws_window_has_clusters (WsWindow *self);
gboolean ws_window_has_map (WsWindow *self);
void ws_window_update_embedding_actions (WsWindow *self);

/* window-export-clusters.c */
void ws_window_export_elbow (WsWindow *self);
void ws_window_export_map (WsWindow *self);
/* Asks for a folder and writes there all that is known of the clusters that are shown. */
void ws_window_export_clusters (WsWindow *self);

/* window-open.c */
void ws_window_class_install_open_actions (GtkWidgetClass *widget_class);
void ws_window_accept_drops (WsWindow *self);

/* window-run.c */
/* Begins or resumes the run of the session that is shown; asks first if it reads much from the Hub.
 * @items: (nullable) (element-type WsResultItem): only these, again */
void ws_window_run (WsWindow *self, GPtrArray *items);

/* window-hub.c */
void ws_window_class_install_hub_actions (GtkWidgetClass *widget_class);
void ws_window_init_hub (WsWindow *self);
void ws_window_dispose_hub (WsWindow *self);
/* Opens the dialog with @text as if it had been typed there. */
void ws_window_look_on_hub (WsWindow *self, const char *text);
/* The dialog with the files of the model on the Hub that is called @name, to be fetched. */
void ws_window_fetch_from_hub (WsWindow *self, const char *name);

/* window-export.c */
void ws_window_export_table (WsWindow *self);

/* window-report.c */
void ws_window_export_report (WsWindow *self);

G_END_DECLS
