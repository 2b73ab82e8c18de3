/* SPDX-License-Identifier: MIT */
/* An index tells which files hold the embedding and the first layer; of what it does not tell,
 * nothing is offered. */
#include "hub-fixture.h"

#include "analysis/shard-parts.h"
#include "base/error.h"

/* @weight_map: with ' in place of " */
typedef struct
{
  const char *name, *weight_map, *embeddings, *layer; /* the last two: joined by spaces, or NULL */
} Case;

static const Case cases[] = {
  { "in-one-shard-each",
    "'model.embed_tokens.weight': 'a.safetensors', 'model.layers.0.mlp.up_proj.weight': "
    "'b.safetensors', 'model.layers.1.mlp.up_proj.weight': 'c.safetensors'",
    "a.safetensors", "b.safetensors" },
  { "layer-in-two",
    "'model.layers.0.mlp.up_proj.weight': 'a.safetensors', 'model.layers.0.mlp.down_proj.weight': "
    "'b.safetensors', 'model.layers.10.mlp.up_proj.weight': 'c.safetensors'",
    NULL, "a.safetensors b.safetensors" },
  { "longest-stack-counts",
    "'vision_tower.encoder.layers.0.mlp.fc1.weight': 'a.safetensors', "
    "'model.layers.0.mlp.up_proj.weight': 'b.safetensors', 'model.layers.1.mlp.up_proj.weight': "
    "'b.safetensors'",
    NULL, "b.safetensors" },
  { "all-shards-are-no-part",
    "'model.embed_tokens.weight': 'a.safetensors', 'model.layers.0.mlp.up_proj.weight': "
    "'a.safetensors', 'model.layers.0.mlp.down_proj.weight': 'b.safetensors'",
    "a.safetensors", NULL },
  { "one-shard", "'model.embed_tokens.weight': 'a.safetensors'", NULL, NULL },
  { "no-layers", "'x': 'a.safetensors', 'y': 'b.safetensors'", NULL, NULL },
};

static WsHub *
make_hub (HubFixture *self)
{
  g_auto (WsHubSettings) settings = { 0 };

  g_setenv ("WEIGHTSCOPE_DATA", self->folder, TRUE);
  hub_fixture_init_settings (self, &settings);
  return ws_hub_new (&settings);
}

static WsHubListing *
read_listing (WsHub *hub, const char *id)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = ws_hub_read_model (hub, id, NULL, NULL, &error);
  WsHubListing *listing;

  g_assert_no_error (error);
  listing = ws_hub_read_listing (hub, id, model->commit, NULL, &error);
  g_assert_no_error (error);
  return listing;
}

/* @index: the text of the index, with ' in place of " */
static gboolean
read_parts (WsShardParts *parts, HubFixture *self, const char *index, GError **error)
{
  g_autoptr (WsHub) hub = make_hub (self);
  g_autoptr (WsHubListing) listing = NULL;
  g_autofree char *escaped = g_strdelimit (g_strdup (index), "'", '"');
  g_autofree char *quoted = g_strescape (escaped, NULL);
  g_autofree char *description = g_strdup_printf (
      "{\"id\": \"org/parts\", \"files\": {\"model.safetensors.index.json\": \"%s\"}}", quoted);
  g_autofree char *added = hub_fixture_order (self, "POST", "/_control/repositories", description);

  listing = read_listing (hub, "org/parts");
  return ws_shard_parts_read (parts, hub, listing, NULL, error);
}

static void
assert_joined (char **paths, const char *expected)
{
  g_autofree char *joined = paths ? g_strjoinv (" ", paths) : NULL;

  g_assert_cmpstr (joined, ==, expected);
}

static void
test_case (HubFixture *self, gconstpointer data)
{
  const Case *row = data;
  g_auto (WsShardParts) parts = { 0 };
  g_autofree char *index = g_strdup_printf ("{'weight_map': {%s}}", row->weight_map);
  g_autoptr (GError) error = NULL;

  g_assert_true (read_parts (&parts, self, index, &error));
  g_assert_no_error (error);
  assert_joined (parts.embeddings, row->embeddings);
  assert_joined (parts.layer, row->layer);
}

static void
test_bad_index_is_an_error (HubFixture *self, gconstpointer data)
{
  g_auto (WsShardParts) parts = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (read_parts (&parts, self, "{'weight_map': [", &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
  g_assert_null (parts.embeddings);
}

static void
test_without_an_index_nothing_is_read (HubFixture *self, gconstpointer data)
{
  g_auto (WsShardParts) parts = { 0 };
  g_autoptr (WsHub) hub = make_hub (self);
  g_autoptr (WsHubListing) listing = read_listing (hub, "org/single");
  g_autoptr (GError) error = NULL;
  const gint64 n_before = hub_fixture_count (self, "hub", "requests");

  g_assert_true (ws_shard_parts_read (&parts, hub, listing, NULL, &error));
  g_assert_null (parts.layer);
  g_assert_cmpint (hub_fixture_count (self, "hub", "requests"), ==, n_before);
}

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/shard-parts/", cases[i].name, NULL);

      g_test_add (path, HubFixture, &cases[i], hub_fixture_set_up, test_case,
                  hub_fixture_tear_down);
    }
  g_test_add ("/shard-parts/bad-index/is-an-error", HubFixture, NULL, hub_fixture_set_up,
              test_bad_index_is_an_error, hub_fixture_tear_down);
  g_test_add ("/shard-parts/without-an-index/nothing-is-read", HubFixture, NULL, hub_fixture_set_up,
              test_without_an_index_nothing_is_read, hub_fixture_tear_down);
  status = g_test_run ();
  hub_fixture_stop_server ();
  return status;
}
