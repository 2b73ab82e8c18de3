/* SPDX-License-Identifier: MIT */
/* The tokens nearest to one token by cosine, found on a thread. */
#include "neighbour-list.h"

#include "base/format.h"
#include "cluster/neighbours.h"

#include <glib/gi18n-lib.h>

#define N_NEIGHBOURS 10

struct _WsNeighbourList
{
  GtkBox parent_instance;

  GtkStack *pages;
  GtkLabel *message;
  GtkButton *ask;
  GtkBox *rows;

  WsClusterSession *session;
  int point;
  WsJob *job;
};

G_DEFINE_FINAL_TYPE (WsNeighbourList, ws_neighbour_list, GTK_TYPE_BOX)

/* The worker fills @neighbours. */
typedef struct
{
  WsModel *model; /* keeps the tensor */
  const WsTensor *tensor;
  guint64 row;
  guint n;
  WsNeighbour neighbours[N_NEIGHBOURS];
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  ws_model_unref (search->model);
  g_free (search);
}

static gboolean
find_neighbours (WsJob *job, gpointer data, GError **error)
{
  Search *search = data;
  WsMatrix matrix;

  ws_matrix_init (&matrix, search->tensor, -1);
  return ws_neighbours_find (&matrix, search->row, N_NEIGHBOURS, search->neighbours, &search->n,
                             ws_job_get_cancellable (job), error);
}

static void
clear_rows (WsNeighbourList *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows))) != NULL)
    gtk_box_remove (self->rows, child);
}

static void
say (WsNeighbourList *self, const char *text)
{
  gtk_label_set_text (self->message, text);
  gtk_stack_set_visible_child_name (self->pages, "message");
}

static void
on_row_clicked (GtkButton *button, WsNeighbourList *self)
{
  guint32 token = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "token"));
  guint32 point;

  if (ws_cluster_session_find_point (self->session, token, &point))
    ws_cluster_focus_choose_point (ws_cluster_session_get_focus (self->session), (int) point);
}

/* "cat   0.8312", a button that goes there */
static void
add_row (WsNeighbourList *self, const WsNeighbour *neighbour)
{
  guint32 token = (guint32) neighbour->row;
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  const WsTokenizer *tokenizer = ws_cluster_session_get_tokenizer (self->session);
  g_autofree char *label = ws_token_dup_label (tokenizer, token);
  g_autofree char *tooltip = ws_token_dup_tooltip (tokenizer, token);
  g_autofree char *cosine =
      g_strdup_printf ("%s%.4f", neighbour->cosine < 0 ? "\u2212" : "", ABS (neighbour->cosine));
  GtkWidget *name = gtk_label_new (label), *value = gtk_label_new (cosine);

  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_set_hexpand (name, TRUE);
  gtk_widget_add_css_class (name, "mono");
  gtk_widget_add_css_class (value, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), value);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "neighbour");
  gtk_widget_set_tooltip_text (button, tooltip);
  g_object_set_data (G_OBJECT (button), "token", GUINT_TO_POINTER (token));
  g_signal_connect (button, "clicked", G_CALLBACK (on_row_clicked), self);
  gtk_box_append (self->rows, button);
}

static void
on_done (gpointer owner, gpointer data, const GError *error)
{
  WsNeighbourList *self = owner;
  Search *search = data;

  g_clear_pointer (&self->job, ws_job_unref);
  if (error != NULL)
    {
      say (self, error->message);
      return;
    }
  if (search->n == 0)
    {
      say (self, _ ("A vector of zeros has no direction, so no neighbours."));
      return;
    }
  for (guint i = 0; i < search->n; i++)
    add_row (self, &search->neighbours[i]);
  gtk_stack_set_visible_child_name (self->pages, "rows");
}

static const WsJobKind search_kind = { find_neighbours, NULL, on_done, search_free };

static void
begin (WsNeighbourList *self)
{
  Search *search = g_new0 (Search, 1);

  search->model = ws_model_ref (ws_cluster_session_get_model (self->session));
  search->tensor = ws_cluster_session_get_options (self->session)->tensor;
  search->row = ws_cluster_session_get_token (self->session, (guint32) self->point);
  self->job = ws_job_start (&search_kind, self, search);
  say (self, _ ("Looking for them…"));
}

static void
on_ask (WsNeighbourList *self)
{
  if (self->session != NULL && self->point >= 0)
    begin (self);
}

static void
offer (WsNeighbourList *self, const WsTensor *tensor)
{
  g_autofree char *size = ws_format_bytes (tensor->n_bytes);
  g_autofree char *label = g_strdup_printf (_ ("Find Them (reads %s)"), size);

  gtk_button_set_label (self->ask, label);
  gtk_stack_set_visible_child_name (self->pages, "ask");
}

static void
abandon (WsNeighbourList *self)
{
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
}

void
ws_neighbour_list_set_point (WsNeighbourList *self, WsClusterSession *session, int point)
{
  const WsTensor *tensor;

  g_return_if_fail (WS_IS_NEIGHBOUR_LIST (self));

  if (self->session == session && self->point == point)
    return;
  abandon (self);
  clear_rows (self);
  g_set_object (&self->session, session);
  self->point = point;
  tensor = session != NULL ? ws_cluster_session_get_options (session)->tensor : NULL;
  if (point < 0 || tensor == NULL || ws_cluster_session_get_model (session) == NULL)
    say (self, "");
  else if (ws_source_is_remote (tensor->source))
    offer (self, tensor);
  else
    begin (self);
}

static void
ws_neighbour_list_dispose (GObject *object)
{
  WsNeighbourList *self = WS_NEIGHBOUR_LIST (object);

  abandon (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (ws_neighbour_list_parent_class)->dispose (object);
}

static void
ws_neighbour_list_class_init (WsNeighbourListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ws_neighbour_list_dispose;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
ws_neighbour_list_init (WsNeighbourList *self)
{
  self->point = -1;
  self->pages = GTK_STACK (gtk_stack_new ());
  self->message = GTK_LABEL (gtk_label_new (NULL));
  self->ask = GTK_BUTTON (gtk_button_new ());
  self->rows = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_label_set_xalign (self->message, 0);
  gtk_label_set_wrap (self->message, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "dim");
  gtk_widget_add_css_class (GTK_WIDGET (self->message), "small");
  gtk_widget_add_css_class (GTK_WIDGET (self->ask), "tiny");
  gtk_widget_set_halign (GTK_WIDGET (self->ask), GTK_ALIGN_START);
  gtk_stack_set_vhomogeneous (self->pages, FALSE);
  gtk_stack_add_named (self->pages, GTK_WIDGET (self->message), "message");
  gtk_stack_add_named (self->pages, GTK_WIDGET (self->ask), "ask");
  gtk_stack_add_named (self->pages, GTK_WIDGET (self->rows), "rows");
  gtk_widget_set_hexpand (GTK_WIDGET (self->pages), TRUE);
  gtk_box_append (GTK_BOX (self), GTK_WIDGET (self->pages));
  g_signal_connect_swapped (self->ask, "clicked", G_CALLBACK (on_ask), self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Nearest tokens"), -1);
}

GtkWidget *
ws_neighbour_list_new (void)
{
  return g_object_new (WS_TYPE_NEIGHBOUR_LIST, NULL);
}
