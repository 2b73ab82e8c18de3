/* SPDX-License-Identifier: MIT */
/* The Embeddings page with studies made by hand: everything on it is linked. */
#include "cluster-item.h"
#include "cluster-table.h"
#include "elbow-plot.h"
#include "embedding-details.h"
#include "embeddings-page.h"
#include "fake-study.h"
#include "map-plot.h"
#include "token-list.h"
#include "token-table.h"
#include "ui-harness.h"

#include <string.h>

#define N_POINTS 4200
#define N_GROUPS 5

typedef struct
{
  GtkWidget *window;
  WsEmbeddingsPage *page;
  WsClusterSession *session;
  WsClusterFocus *focus;
} Fixture;

/* The clusters of the k that is looked at. */
static gboolean
has_rows (gpointer focus)
{
  const WsClusterRows *rows = ws_cluster_focus_get_rows (focus);

  return rows != NULL && rows->k == ws_cluster_focus_get_k (focus);
}

static gboolean
has_width (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = fake_tokenizer_new (ui_test_get_folder (), N_POINTS);

  self->session = ws_cluster_session_new (NULL);
  self->focus = ws_cluster_session_get_focus (self->session);
  self->page = WS_EMBEDDINGS_PAGE (g_object_new (WS_TYPE_EMBEDDINGS_PAGE, NULL));
  self->window = gtk_window_new ();
  gtk_window_set_default_size (GTK_WINDOW (self->window), 1100, 700);
  gtk_window_set_child (GTK_WINDOW (self->window), GTK_WIDGET (self->page));
  ws_embeddings_page_set_session (self->page, self->session);
  gtk_window_present (GTK_WINDOW (self->window));
  ui_wait (has_width, self->page, "the page has a size");
  ws_cluster_session_take_study (self->session, fake_study_new (N_POINTS, N_GROUPS, tokenizer));
  ui_wait (has_rows, self->focus, "the clusters are named");
  ui_settle ();
}

static gboolean
is_null (gpointer location)
{
  return *(gpointer *) location == NULL;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, self->page);
  gtk_window_destroy (GTK_WINDOW (self->window));
  g_object_unref (self->session);
  ui_wait (is_null, &weak, "nothing keeps the page alive");
}

static GListModel *
get_clusters (Fixture *self)
{
  GtkWidget *table = ui_get (self->page, WS_TYPE_CLUSTER_TABLE, NULL);

  return G_LIST_MODEL (ws_cluster_table_get_selection (WS_CLUSTER_TABLE (table)));
}

static GListModel *
get_tokens (Fixture *self)
{
  GtkWidget *table = ui_get (self->page, WS_TYPE_TOKEN_TABLE, NULL);

  return G_LIST_MODEL (ws_token_table_get_selection (WS_TOKEN_TABLE (table)));
}

static guint32
get_listed_point (Fixture *self, guint position)
{
  g_autoptr (WsTokenItem) item = g_list_model_get_item (get_tokens (self), position);

  return ws_token_item_get_point (item);
}

/* The curve bends at the number of groups, and every rule says so. */
static void
test_best_k_is_shown (Fixture *self, gconstpointer data)
{
  g_assert_cmpuint (ws_cluster_focus_get_k (self->focus), ==, N_GROUPS);
  g_assert_cmpuint (g_list_model_get_n_items (get_clusters (self)), ==, N_GROUPS);
}

static void
test_arrow_chooses_next_k (Fixture *self, gconstpointer data)
{
  GtkWidget *plot = ui_get (self->page, WS_TYPE_ELBOW_PLOT, NULL);

  g_signal_emit_by_name (plot, "k-chosen", N_GROUPS + 1);
  ui_wait (has_rows, self->focus, "the clusters are named");
  g_assert_cmpuint (ws_cluster_focus_get_k (self->focus), ==, N_GROUPS + 1);
  g_assert_cmpuint (g_list_model_get_n_items (get_clusters (self)), ==, N_GROUPS + 1);
}

/* Against the groups the study was made of. */
static void
test_cluster_lists_its_members (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterItem) item = g_list_model_get_item (get_clusters (self), 2);
  guint cluster = ws_cluster_item_get_cluster (item), n = 0;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (get_clusters (self)), 2, TRUE);
  ui_settle ();
  for (guint i = 0; i < N_POINTS; i++)
    n += fake_study_get_group (i, N_GROUPS) == cluster;
  g_assert_cmpint (ws_cluster_focus_get_cluster (self->focus), ==, cluster);
  g_assert_cmpuint (g_list_model_get_n_items (get_tokens (self)), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (fake_study_get_group (get_listed_point (self, i), N_GROUPS), ==, cluster);
}

static void
test_token_chooses_its_cluster (Fixture *self, gconstpointer data)
{
  GtkWidget *map = ui_get (self->page, WS_TYPE_MAP_PLOT, NULL);
  const guint32 point = 1234;
  guint position;
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (get_tokens (self));

  g_signal_emit_by_name (map, "point-chosen", point);
  ui_settle ();
  g_assert_cmpint (ws_cluster_focus_get_cluster (self->focus), ==,
                   fake_study_get_group (point, N_GROUPS));
  position = gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (selection));
  g_assert_cmpuint (get_listed_point (self, position), ==, point);
  g_assert_nonnull (
      ui_find (ui_get (self->page, WS_TYPE_EMBEDDING_DETAILS, NULL), GTK_TYPE_LABEL, "word1234"));
}

/* Of another k the token is in another cluster, but it is the same token. */
static void
test_token_stays_when_k_changes (Fixture *self, gconstpointer data)
{
  const guint32 point = 1234;

  ws_cluster_focus_choose_point (self->focus, point);
  ws_cluster_focus_choose_k (self->focus, 7);
  ui_wait (has_rows, self->focus, "the clusters are named");
  g_assert_cmpint (ws_cluster_focus_get_point (self->focus), ==, point);
  g_assert_cmpint (ws_cluster_focus_get_cluster (self->focus), ==, point % 7);
}

static gboolean
has_found (gpointer focus)
{
  return ws_cluster_focus_get_listed (focus) == WS_LISTED_FOUND;
}

static void
type_search (Fixture *self, const char *words)
{
  GtkWidget *entry = ui_get (self->page, GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  g_signal_emit_by_name (entry, "search-changed");
}

/* Of "word0" to "word4199" these contain "word77": word77 and word770 to word779. */
static void
test_search_lists_hits (Fixture *self, gconstpointer data)
{
  type_search (self, "word77");
  ui_wait (has_found, self->focus, "hits are listed");
  g_assert_cmpuint (g_list_model_get_n_items (get_tokens (self)), ==, 11);
  g_assert_cmpuint (get_listed_point (self, 0), ==, 77);
  g_assert_cmpint (ws_cluster_focus_get_point (self->focus), ==, -1);
}

static gboolean
has_point (gpointer focus)
{
  return ws_cluster_focus_get_point (focus) >= 0;
}

static void
test_enter_opens_first_hit (Fixture *self, gconstpointer data)
{
  GtkWidget *entry = ui_get (self->page, GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), "word4199");
  g_signal_emit_by_name (entry, "activate");
  ui_wait (has_point, self->focus, "the first hit is chosen");
  g_assert_cmpint (ws_cluster_focus_get_point (self->focus), ==, 4199);
}

static void
test_no_hit_is_told (Fixture *self, gconstpointer data)
{
  type_search (self, "nothing like that");
  ui_wait (has_found, self->focus, "hits are listed");
  g_assert_nonnull (ui_find (self->page, GTK_TYPE_LABEL, "No token has these words."));
}

static gboolean
has_three (gpointer data)
{
  return g_list_model_get_n_items (get_tokens (data)) == 3;
}

/* Distances of the study grow with the index, up to 997. */
static void
test_lasso_lists_what_is_inside (Fixture *self, gconstpointer data)
{
  GtkWidget *map = ui_get (self->page, WS_TYPE_MAP_PLOT, NULL);
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (guint32));
  const guint32 inside[] = { 159, 3, 14 };

  g_array_append_vals (points, inside, G_N_ELEMENTS (inside));
  g_signal_emit_by_name (map, "lasso", points);
  g_assert_cmpint (ws_cluster_focus_get_listed (self->focus), ==, WS_LISTED_LASSO);
  ui_wait (has_three, self, "what is inside is listed");
  g_assert_cmpuint (get_listed_point (self, 0), ==, 3);
  g_assert_cmpuint (get_listed_point (self, 1), ==, 14);
  g_assert_cmpuint (get_listed_point (self, 2), ==, 159);
}

static void
test_untrained_are_listed (Fixture *self, gconstpointer data)
{
  ui_press (self->page, "List Them");
  ui_settle ();
  g_assert_cmpuint (g_list_model_get_n_items (get_tokens (self)), ==, 2);
  g_assert_cmpuint (get_listed_point (self, 0), ==, N_POINTS - 2);
}

static GtkDropDown *
get_order (Fixture *self)
{
  return GTK_DROP_DOWN (
      ui_get (ui_get (self->page, WS_TYPE_TOKEN_TABLE, NULL), GTK_TYPE_DROP_DOWN, NULL));
}

static gboolean
is_by_norm (gpointer data)
{
  Fixture *self = data;
  const float *norms = ws_cluster_session_get_facts (self->session)->norms;
  guint n = g_list_model_get_n_items (get_tokens (self));

  for (guint i = 1; i < n; i++)
    if (norms[get_listed_point (self, i)] > norms[get_listed_point (self, i - 1)])
      return FALSE;
  return n > 1;
}

static void
test_longest_come_first (Fixture *self, gconstpointer data)
{
  ws_cluster_focus_choose_cluster (self->focus, 0);
  ui_settle ();
  g_assert_false (is_by_norm (self));
  gtk_drop_down_set_selected (get_order (self), 2);
  ui_wait (is_by_norm, self, "the longest come first");
}

/* Hovering, zooming, panning, choosing and listing at the size of the largest usual vocabularies.
 */

#define N_MANY 150000

static gboolean
has_drawn (gpointer data)
{
  guint *n_frames = data;

  return *n_frames == 0;
}

static gboolean
count_frame (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  guint *n_frames = data;

  gtk_widget_queue_draw (widget);
  return --*n_frames > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
wait_frames (GtkWidget *widget, guint n)
{
  gtk_widget_add_tick_callback (widget, count_frame, &n, NULL);
  ui_wait (has_drawn, &n, "frames are drawn");
}

typedef void (*Step) (Fixture *self, GtkWidget *map, guint i);

static void
press_key (GtkWidget *widget, guint key)
{
  GListModel *controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled;

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
    }
  g_object_unref (controllers);
}

static void
step_hover (Fixture *self, GtkWidget *map, guint i)
{
  GListModel *controllers = gtk_widget_observe_controllers (map);

  for (guint j = 0; j < g_list_model_get_n_items (controllers); j++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, j);

      if (GTK_IS_EVENT_CONTROLLER_MOTION (controller))
        g_signal_emit_by_name (controller, "motion", gtk_widget_get_width (map) * (0.2 + 0.02 * i),
                               gtk_widget_get_height (map) * 0.5);
    }
  g_object_unref (controllers);
}

static void
step_zoom (Fixture *self, GtkWidget *map, guint i)
{
  press_key (map, i < 10 ? GDK_KEY_plus : GDK_KEY_minus);
}

static void
step_arrow (Fixture *self, GtkWidget *map, guint i)
{
  press_key (map, i % 2 == 0 ? GDK_KEY_Right : GDK_KEY_Down);
}

static void
step_cluster (Fixture *self, GtkWidget *map, guint i)
{
  ws_cluster_focus_choose_cluster (self->focus, (int) (i % N_GROUPS));
}

static void
step_k (Fixture *self, GtkWidget *map, guint i)
{
  ws_cluster_focus_choose_k (self->focus, 2 + i % 10);
}

static void
step_coloring (Fixture *self, GtkWidget *map, guint i)
{
  ws_token_map_set_coloring (ws_map_plot_get_map (WS_MAP_PLOT (map)), i % 3);
  ws_map_plot_update (WS_MAP_PLOT (map), FALSE);
}

static void
step_order (Fixture *self, GtkWidget *map, guint i)
{
  ws_cluster_focus_choose_cluster (self->focus, 0);
  gtk_drop_down_set_selected (get_order (self), i % 5);
}

static void
step_search (Fixture *self, GtkWidget *map, guint i)
{
  g_autofree char *words = g_strdup_printf ("word%u", i);

  type_search (self, words);
}

static void
judge_gap (UiGapProbe *probe, const char *name)
{
  double work_ms, gap_ms = ui_gap_stop (probe, &work_ms);

  if (!g_test_perf ())
    return;
  g_test_message ("%s: gap %.0f ms, of it own work %.0f ms", name, gap_ms, work_ms);
  g_assert_cmpfloat (work_ms, <, 50);
}

/* Without -m perf only that each step works at that size; the machine of a test is shared. */
static void
test_many_tokens_do_not_block (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *name;
    Step step;
  } steps[] = {
    { "hover", step_hover }, { "arrow keys", step_arrow },
    { "zoom", step_zoom },   { "cluster", step_cluster },
    { "k", step_k },         { "colour", step_coloring },
    { "order", step_order }, { "search", step_search },
  };
  g_autoptr (WsTokenizer) tokenizer = fake_tokenizer_new (ui_test_get_folder (), N_MANY);
  GtkWidget *map = ui_get (self->page, WS_TYPE_MAP_PLOT, NULL);
  WsClusterStudy *study = fake_study_new (N_MANY, N_GROUPS, tokenizer);
  UiGapProbe probe;

  ui_gap_start (&probe);
  ws_cluster_session_take_study (self->session, study);
  ui_wait (has_rows, self->focus, "the clusters are named");
  wait_frames (map, 3);
  judge_gap (&probe, "study");
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      ui_gap_start (&probe);
      for (guint j = 0; j < (g_test_perf () ? 20 : 2); j++)
        {
          steps[i].step (self, map, j);
          wait_frames (map, 2);
        }
      judge_gap (&probe, steps[i].name);
    }
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  add ("/embeddings/best-k-is-shown", test_best_k_is_shown);
  add ("/embeddings/arrow-chooses-next-k", test_arrow_chooses_next_k);
  add ("/embeddings/cluster-lists-its-members", test_cluster_lists_its_members);
  add ("/embeddings/token-chooses-its-cluster", test_token_chooses_its_cluster);
  add ("/embeddings/token-stays-when-k-changes", test_token_stays_when_k_changes);
  add ("/embeddings/search-lists-hits", test_search_lists_hits);
  add ("/embeddings/enter-opens-first-hit", test_enter_opens_first_hit);
  add ("/embeddings/no-hit-is-told", test_no_hit_is_told);
  add ("/embeddings/lasso-lists-what-is-inside", test_lasso_lists_what_is_inside);
  add ("/embeddings/untrained-are-listed", test_untrained_are_listed);
  add ("/embeddings/longest-come-first", test_longest_come_first);
  add ("/embeddings/many-tokens-do-not-block", test_many_tokens_do_not_block);
  return ui_test_run ();
}
