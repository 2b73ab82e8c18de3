/* SPDX-License-Identifier: MIT */
/* Any bytes are an error, nothing, or a model whose id and commit are well formed. */
#include "fuzz.h"

#include "hub/hub-private.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (JsonNode) root =
      _ws_hub_parse_json (n_bytes > 0 ? (const char *) data : "", n_bytes, &reason);
  g_autoptr (WsHubModel) model = NULL;
  g_auto (WsHubName) name = { 0 };

  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return 0;
  model = _ws_hub_parse_model (json_node_get_object (root), "https://huggingface.co");
  if (model == NULL)
    return 0;
  g_assert (ws_hub_name_parse (&name, model->id, "https://huggingface.co", NULL));
  g_assert (g_str_equal (name.id, model->id));
  g_assert (model->commit == NULL || ws_hub_is_commit (model->commit));
  return 0;
}
