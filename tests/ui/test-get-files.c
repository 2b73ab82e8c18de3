/* SPDX-License-Identifier: MIT */
/* Which files of a model are fetched, as the dialog shows and changes it. */
#include "get-model-fixture.h"

#include "hub-page.h"

#include <string.h>

/* Sizes that no two sums have in common. */
static void
add_sized_repository (GetModel *self)
{
  g_autofree char *weights = g_strnfill (1000, 'w');
  g_autofree char *pickle = g_strnfill (20000, 'p');
  g_autofree char *config = g_strnfill (300, 'c');
  g_autofree char *picture = g_strnfill (4, 'i');
  g_autofree char *description = g_strdup_printf (
      "{\"id\": \"org/sized\", \"files\": {\"model.safetensors\": \"%s\","
      " \"copy.safetensors\": \"%s\", \"pytorch_model.bin\": \"%s\", \"config.json\": \"%s\","
      " \"picture.png\": \"%s\"}}",
      weights, weights, pickle, config, picture);

  get_model_add_repository (self, description);
}

static void
test_totals_to_the_byte (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  add_sized_repository (self);
  get_model_type (self, "hf:org/sized");
  order = get_model_wait_for_order (self);
  /* the weights once, though under two names, and the configuration */
  g_assert_cmpuint (order->n_bytes, ==, 1000 + 300);
  get_model_wait_to_say (self, "1.3\302\240kB of 22.3\302\240kB");
  g_assert_true (get_model_says (self->dialog, "the same weights in another format"));

  ui_press (self->page, "Everything");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  g_assert_cmpuint (order->n_bytes, ==, 1000 + 20000 + 300 + 4);
  g_assert_cmpuint (g_strv_length (order->paths), ==, 5);
  g_assert_true (get_model_says (self->dialog, "5 of 5 files"));

  ui_press (self->page, "Small Files");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  g_assert_cmpuint (order->n_bytes, ==, 300);
}

static GtkWidget *
find_check (GetModel *self, const char *name)
{
  GtkWidget *label = ui_get (self->page, GTK_TYPE_LABEL, name);

  return ui_get (gtk_widget_get_parent (label), GTK_TYPE_CHECK_BUTTON, NULL);
}

static void
test_file_is_ticked_by_hand (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  add_sized_repository (self);
  get_model_type (self, "hf:org/sized");
  order = get_model_wait_for_order (self);
  get_model_wait_for (self->page, GTK_TYPE_LABEL, "picture.png");
  gtk_check_button_set_active (GTK_CHECK_BUTTON (find_check (self, "picture.png")), TRUE);
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  g_assert_cmpuint (order->n_bytes, ==, 1000 + 300 + 4);
  ui_press (self->page, "Everything");
  ui_press (self->page, "Weights Only");
  g_assert_false (
      gtk_check_button_get_active (GTK_CHECK_BUTTON (find_check (self, "picture.png"))));
}

static GListModel *
get_listed (GetModel *self)
{
  GtkWidget *view = ui_get (self->page, GTK_TYPE_LIST_VIEW, NULL);

  return G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (view)));
}

typedef struct
{
  GListModel *model;
  guint n;
} Listed;

static gboolean
are_listed (gpointer data)
{
  Listed *listed = data;

  return g_list_model_get_n_items (listed->model) == listed->n;
}

/* GTK makes 200 rows for a long list, within one frame if all of it comes at once. */
static void
test_long_list_fills_in_pieces (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;
  Listed listed;

  get_model_type (self, "hf:org/many");
  order = get_model_wait_for_order (self);
  listed.model = get_listed (self);
  g_assert_cmpuint (g_list_model_get_n_items (listed.model), <=, 40);
  /* what is chosen meanwhile holds for those that are not there yet */
  ui_press (self->page, "Everything");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  listed.n = g_strv_length (order->paths);
  g_assert_cmpuint (listed.n, >=, 5000);
  ui_wait (are_listed, &listed, "all files are listed");
  for (guint i = 0; i < listed.n; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (listed.model, i);
      gboolean chosen;

      g_object_get (item, "chosen", &chosen, NULL);
      g_assert_true (chosen);
    }
}

static gboolean
is_choosable (GetModel *self, const char *label)
{
  return gtk_widget_is_sensitive (ui_get (self->page, GTK_TYPE_TOGGLE_BUTTON, label));
}

/* Of six layers in three shards, with the embedding in the last. */
#define PARTED                                                                                     \
  "{\"id\": \"org/parted\", \"files\": {\"config.json\": \"{}\","                                  \
  " \"model.safetensors.index.json\": \"{\\\"weight_map\\\": {"                                    \
  "\\\"model.layers.0.mlp.up_proj.weight\\\": \\\"model-00001-of-00003.safetensors\\\","           \
  "\\\"model.layers.0.mlp.down_proj.weight\\\": \\\"model-00002-of-00003.safetensors\\\","         \
  "\\\"model.layers.1.mlp.up_proj.weight\\\": \\\"model-00003-of-00003.safetensors\\\","           \
  "\\\"model.embed_tokens.weight\\\": \\\"model-00003-of-00003.safetensors\\\"}}\","               \
  " \"model-00001-of-00003.safetensors\": {\"random\": 1000},"                                     \
  " \"model-00002-of-00003.safetensors\": {\"random\": 2000},"                                     \
  " \"model-00003-of-00003.safetensors\": {\"random\": 4000}}}"

static void
test_parts_are_had_alone (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;
  g_autofree char *paths = NULL;

  get_model_add_repository (self, PARTED);
  get_model_type (self, "hf:org/parted");
  order = get_model_wait_for_order (self);
  ui_press (self->page, "Only Embeddings");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  paths = g_strjoinv (" ", order->paths);
  g_assert_cmpstr (paths, ==,
                   "config.json model-00003-of-00003.safetensors model.safetensors.index.json");
  g_assert_true (get_model_says (self->dialog, "other parts of the model"));

  ui_press (self->page, "One Layer");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  g_free (paths);
  paths = g_strjoinv (" ", order->paths);
  g_assert_cmpstr (paths, ==,
                   "config.json model-00001-of-00003.safetensors model-00002-of-00003.safetensors "
                   "model.safetensors.index.json");
}

static void
test_parts_of_one_file_are_not_offered (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "hf:org/single");
  order = get_model_wait_for_order (self);
  g_assert_false (is_choosable (self, "Only Embeddings"));
  g_assert_false (is_choosable (self, "One Layer"));
  g_assert_true (is_choosable (self, "Small Files"));
}

static void
test_variant_is_had_alone (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_add_repository (
      self, "{\"id\": \"org/quants\", \"files\": {\"m-Q4_K_M.gguf\": {\"random\": 10},"
            " \"m-Q8_0.gguf\": {\"random\": 20}, \"config.json\": \"{}\"}}");
  get_model_type (self, "org/quants:q8_0");
  order = get_model_wait_for_order (self);
  g_assert_cmpuint (g_strv_length (order->paths), ==, 1);
  g_assert_cmpstr (order->paths[0], ==, "m-Q8_0.gguf");
  get_model_type (self, "org/quants:Q2_K");
  get_model_wait_to_say (self, "has no variant 'Q2_K'");
}

static void
test_refused_names_are_told (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/hostile");
  get_model_wait_to_say (self, "files are left out: their names are not safe to write here");
}

/* 4 GiB are there, the machine of the test may have more: a file that claims what no disk has
 * cannot be served; the sentence is that of the room. */
static void
test_room_on_the_disk_is_told (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/single");
  /* on which disk is not known everywhere */
  get_model_wait_to_say (self, " free");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/get-files/" path, GetModel, NULL, get_model_set_up, function, get_model_tear_down)

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);
  g_autofree char *home = NULL;

  if (status >= 0)
    return status;
  home = g_build_filename (ui_test_get_folder (), "hf", NULL);
  g_setenv ("HF_HOME", home, TRUE);
  ADD ("totals-to-the-byte", test_totals_to_the_byte);
  ADD ("file-is-ticked-by-hand", test_file_is_ticked_by_hand);
  ADD ("long-list-fills-in-pieces", test_long_list_fills_in_pieces);
  ADD ("parts-are-had-alone", test_parts_are_had_alone);
  ADD ("parts-of-one-file-are-not-offered", test_parts_of_one_file_are_not_offered);
  ADD ("variant-is-had-alone", test_variant_is_had_alone);
  ADD ("refused-names-are-told", test_refused_names_are_told);
  ADD ("room-on-the-disk-is-told", test_room_on_the_disk_is_told);
  status = ui_test_run ();
  hub_fixture_stop_server ();
  return status;
}
