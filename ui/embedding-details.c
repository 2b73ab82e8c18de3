/* SPDX-License-Identifier: MIT */
/* The pane beside the charts: the chosen token with its neighbours, and facts of the embedding. */
#include "embedding-details.h"

#include "base/format.h"
#include "details-row.h"
#include "neighbour-list.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _WsEmbeddingDetails
{
  GtkBox parent_instance;

  GtkWidget *content; /* bound, so that disposing the template takes it out */
  GtkBox *sections;

  GtkWidget *token_section;
  GtkLabel *token;
  WsDetailsRow *piece;
  WsDetailsRow *id;
  WsDetailsRow *cluster;
  WsDetailsRow *norm;
  WsDetailsRow *distance;
  WsNeighbourList *neighbours;

  GtkWidget *facts_section;
  WsDetailsRow *n_tokens;
  WsDetailsRow *untrained;
  GtkButton *list_untrained;
  WsDetailsRow *anisotropy;
  WsDetailsRow *anisotropy_centred;
  WsDetailsRow *quantiles[5];
  GtkWidget *variance_section;
  WsDetailsRow *two_components;
  WsDetailsRow *components_90;
  WsDetailsRow *participation;
  GtkLabel *note;
  GtkWidget *nothing;

  WsClusterSession *session;
};

G_DEFINE_FINAL_TYPE (WsEmbeddingDetails, ws_embedding_details, GTK_TYPE_BOX)

static WsClusterFocus *
get_focus (WsEmbeddingDetails *self)
{
  return ws_cluster_session_get_focus (self->session);
}

static void
set_number (WsDetailsRow *row, double value)
{
  g_autofree char *text = ws_format_significant (value, 4);

  ws_details_row_set_value (row, text, NULL, NULL);
}

static void
set_count (WsDetailsRow *row, guint64 value, const char *aside)
{
  g_autofree char *text = ws_format_count (value);

  ws_details_row_set_value (row, text, aside, NULL);
}

/* The token */

static void
show_piece (WsEmbeddingDetails *self, guint32 token)
{
  g_autofree char *piece =
      ws_token_dup_piece (ws_cluster_session_get_tokenizer (self->session), token);

  gtk_widget_set_visible (GTK_WIDGET (self->piece), piece != NULL);
  if (piece != NULL)
    ws_details_row_set_value (self->piece, piece, NULL, piece);
}

static void
show_token (WsEmbeddingDetails *self)
{
  int point = ws_cluster_focus_get_point (get_focus (self));
  const WsEmbeddingFacts *facts = ws_cluster_session_get_facts (self->session);
  const WsClusterRows *rows = ws_cluster_focus_get_rows (get_focus (self));
  g_autofree char *label = NULL;
  g_autofree char *id = NULL;
  guint32 token;
  int cluster;

  gtk_widget_set_visible (self->token_section, point >= 0);
  ws_neighbour_list_set_point (self->neighbours, self->session, point);
  if (point < 0)
    return;
  cluster = ws_cluster_focus_find_cluster (get_focus (self), (guint32) point);
  label = ws_cluster_session_dup_label (self->session, (guint32) point);
  token = ws_cluster_session_get_token (self->session, (guint32) point);
  id = g_strdup_printf ("%u", token);
  gtk_label_set_text (self->token, label);
  show_piece (self, token);
  ws_details_row_set_value (self->id, id, NULL, NULL);
  ws_details_row_set_value (self->cluster, cluster >= 0 ? rows->rows[cluster].name : "—", NULL,
                            cluster >= 0 ? rows->rows[cluster].name : NULL);
  set_number (self->norm, facts != NULL ? facts->norms[point] : NAN);
  set_number (self->distance, cluster >= 0 ? rows->entry->clustering->distances[point] : NAN);
}

/* The embedding */

static void
show_facts (WsEmbeddingDetails *self)
{
  const WsEmbeddingFacts *facts = ws_cluster_session_get_facts (self->session);

  gtk_widget_set_visible (self->facts_section, facts != NULL);
  gtk_widget_set_visible (self->nothing, facts == NULL);
  if (facts == NULL)
    return;
  set_count (self->n_tokens, facts->n, NULL);
  set_count (self->untrained, facts->untrained->len, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list_untrained), facts->untrained->len > 0);
  set_number (self->anisotropy, facts->anisotropy);
  set_number (self->anisotropy_centred, facts->anisotropy_centred);
  for (guint i = 0; i < G_N_ELEMENTS (self->quantiles); i++)
    set_number (self->quantiles[i], facts->norm_quantiles[i]);
}

static void
set_share (WsDetailsRow *row, double share)
{
  g_autofree char *text = isnan (share) ? g_strdup ("—") : g_strdup_printf ("%.1f %%", 100 * share);

  ws_details_row_set_value (row, text, NULL, NULL);
}

/* How many components hold @share of the variance. */
static gsize
count_components (const WsProjection *projection, double share)
{
  double sum = 0;

  for (gsize i = 0; i < projection->d; i++)
    {
      sum += projection->variance[i];
      if (sum >= share * projection->total)
        return i + 1;
    }
  return projection->d;
}

static void
show_variance (WsEmbeddingDetails *self)
{
  const WsProjection *projection = ws_cluster_session_get_projection (self->session);
  g_autofree char *of = NULL;
  double two = NAN;

  gtk_widget_set_visible (self->variance_section, projection != NULL);
  if (projection == NULL)
    return;
  if (projection->total > 0 && projection->d > 1)
    two = (projection->variance[0] + projection->variance[1]) / projection->total;
  set_share (self->two_components, two);
  /* Translators: behind a number of components: "312 of 2560" */
  of = g_strdup_printf (_ ("of %u"), (guint) projection->d);
  set_count (self->components_90, count_components (projection, 0.9), of);
  set_number (self->participation, projection->participation_ratio);
}

static void
show_note (WsEmbeddingDetails *self)
{
  const char *note = ws_cluster_session_get_options (self->session)->tensor != NULL
                         ? ws_cluster_session_get_token_note (self->session)
                         : NULL;

  gtk_label_set_text (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
}

static void
show_study (WsEmbeddingDetails *self)
{
  show_facts (self);
  show_variance (self);
  show_note (self);
  show_token (self);
}

static void
on_list_untrained (WsEmbeddingDetails *self)
{
  const WsEmbeddingFacts *facts = ws_cluster_session_get_facts (self->session);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; facts != NULL && i < facts->untrained->len; i++)
    {
      guint32 point;

      if (ws_cluster_session_find_point (self->session,
                                         g_array_index (facts->untrained, guint32, i), &point))
        g_array_append_val (points, point);
    }
  ws_cluster_focus_list (get_focus (self), WS_LISTED_UNTRAINED, points);
}

/* Building */

static void
build_token_section (WsEmbeddingDetails *self)
{
  GtkWidget *heading = gtk_label_new (_ ("NEAREST BY COSINE"));

  self->token_section = ws_details_add_section (self->sections, _ ("TOKEN"));
  self->token = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_xalign (self->token, 0);
  gtk_label_set_wrap (self->token, TRUE);
  gtk_label_set_wrap_mode (self->token, PANGO_WRAP_CHAR);
  gtk_label_set_selectable (self->token, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->token), "mono");
  gtk_widget_add_css_class (GTK_WIDGET (self->token), "token-name");
  gtk_box_append (GTK_BOX (self->token_section), GTK_WIDGET (self->token));
  self->piece = ws_details_add_row (self->token_section, _ ("Piece"),
                                    _ ("As it is written in the vocabulary"));
  self->id = ws_details_add_row (self->token_section, _ ("Id"), _ ("Row of the matrix"));
  self->cluster = ws_details_add_row (self->token_section, _ ("Cluster"), NULL);
  self->norm =
      ws_details_add_row (self->token_section, _ ("Norm"), _ ("Length of its vector in the model"));
  self->distance = ws_details_add_row (
      self->token_section, _ ("To the centre"),
      _ ("Distance to the centre of its cluster, in the space that was clustered"));
  gtk_label_set_xalign (GTK_LABEL (heading), 0);
  gtk_widget_add_css_class (heading, "label-caps");
  gtk_widget_set_margin_top (heading, 8);
  gtk_box_append (GTK_BOX (self->token_section), heading);
  self->neighbours = WS_NEIGHBOUR_LIST (ws_neighbour_list_new ());
  gtk_box_append (GTK_BOX (self->token_section), GTK_WIDGET (self->neighbours));
}

static void
build_facts_section (WsEmbeddingDetails *self)
{
  static const char *const titles[] = { N_ ("Norm, 0.1 %"), N_ ("Norm, 1 %"), N_ ("Norm, median"),
                                        N_ ("Norm, 99 %"), N_ ("Norm, 99.9 %") };
  GtkWidget *section = ws_details_add_section (self->sections, _ ("EMBEDDING"));

  self->facts_section = section;
  self->n_tokens = ws_details_add_row (section, _ ("Tokens"), _ ("Rows of finite numbers"));
  self->untrained = ws_details_add_row (
      section, _ ("Possibly untrained"),
      _ ("Tokens whose vectors are among the shortest thousandth, or among the thousandth "
         "nearest to the mean: training may never have touched them. Any matrix has "
         "some: a list to look at."));
  self->list_untrained = GTK_BUTTON (gtk_button_new_with_label (_ ("List Them")));
  gtk_widget_add_css_class (GTK_WIDGET (self->list_untrained), "tiny");
  gtk_widget_set_halign (GTK_WIDGET (self->list_untrained), GTK_ALIGN_END);
  g_signal_connect_swapped (self->list_untrained, "clicked", G_CALLBACK (on_list_untrained), self);
  gtk_box_append (GTK_BOX (section), GTK_WIDGET (self->list_untrained));
  self->anisotropy = ws_details_add_row (
      section, _ ("Anisotropy"),
      _ ("Mean cosine of two tokens: 0 where directions are spread evenly, 1 where all "
         "point the same way"));
  self->anisotropy_centred =
      ws_details_add_row (section, _ ("Anisotropy, centred"),
                          _ ("The same after the mean of all tokens is taken away"));
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    self->quantiles[i] = ws_details_add_row (section, _ (titles[i]), NULL);
}

static void
build_variance_section (WsEmbeddingDetails *self)
{
  GtkWidget *section = ws_details_add_section (self->sections, _ ("VARIANCE"));

  self->variance_section = section;
  self->two_components = ws_details_add_row (section, _ ("On the map"),
                                             _ ("Share of the variance that the two axes show"));
  self->components_90 =
      ws_details_add_row (section, _ ("Components, 90 %"),
                          _ ("How many principal components hold nine tenths of the "
                             "variance"));
  self->participation =
      ws_details_add_row (section, _ ("Participation ratio"),
                          _ ("(Σλ)² / Σλ² of the variances λ: how many directions take part"));
}

static void
ws_embedding_details_dispose (GObject *object)
{
  ws_embedding_details_set_session (WS_EMBEDDING_DETAILS (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_EMBEDDING_DETAILS);
  G_OBJECT_CLASS (ws_embedding_details_parent_class)->dispose (object);
}

static void
ws_embedding_details_class_init (WsEmbeddingDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_embedding_details_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/embedding-details.ui");
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingDetails, content);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingDetails, sections);
  gtk_widget_class_bind_template_child (widget_class, WsEmbeddingDetails, nothing);
}

static void
ws_embedding_details_init (WsEmbeddingDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  build_token_section (self);
  build_facts_section (self);
  build_variance_section (self);
  self->note = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->note, TRUE);
  gtk_label_set_xalign (self->note, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->note), "details-note");
  gtk_widget_set_visible (GTK_WIDGET (self->note), FALSE);
  gtk_widget_set_visible (self->token_section, FALSE);
  gtk_widget_set_visible (self->facts_section, FALSE);
  gtk_widget_set_visible (self->variance_section, FALSE);
  gtk_box_append (self->sections, GTK_WIDGET (self->note));
}

void
ws_embedding_details_set_session (WsEmbeddingDetails *self, WsClusterSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      g_signal_handlers_disconnect_by_data (get_focus (self), self);
      ws_neighbour_list_set_point (self->neighbours, NULL, -1);
    }
  g_set_object (&self->session, session);
  if (session == NULL)
    return;
  g_signal_connect_swapped (session, "study-changed", G_CALLBACK (show_study), self);
  g_signal_connect_swapped (session, "setup-changed", G_CALLBACK (show_note), self);
  g_signal_connect_swapped (get_focus (self), "rows-changed", G_CALLBACK (show_token), self);
  g_signal_connect_swapped (get_focus (self), "focus-changed", G_CALLBACK (show_token), self);
  show_study (self);
}
