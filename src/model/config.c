/* SPDX-License-Identifier: MIT */
/* config.json of transformers, and the few members of it that are hints to us. */
#include "model/config.h"

#include "base/error.h"
#include "base/json-reader.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>

/* The largest in the wild, with a label for every class, have some 2 MB. */
#define MAX_BYTES (16 << 20)

#define NAME "config.json"

static char *
read_text (const WsFolder *folder, gsize *n_bytes, GError **error)
{
  g_autoptr (WsSource) source = ws_folder_open (folder, NAME, NULL, error);

  if (!source)
    return NULL;
  return ws_source_read_all (source, MAX_BYTES, n_bytes, NULL, error);
}

/* Returns: (transfer full): the root; NULL with @error set unless it is an object of sound JSON. */
static JsonNode *
parse_object (const char *text, gsize n_bytes, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();

  /* json-glib must not see deep nesting: it recurses. */
  if (!ws_json_check (text, n_bytes, error) ||
      !json_parser_load_from_data (parser, text, n_bytes, error))
    return NULL;

  JsonNode *root = json_parser_get_root (parser);
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("not a JSON object"));
      return NULL;
    }
  return json_node_ref (root);
}

static JsonObject *
get_object (JsonObject *object, const char *key)
{
  JsonNode *node = object ? json_object_get_member (object, key) : NULL;

  return node && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* NULL if it is not there or of another type. */
static const char *
get_string (JsonObject *object, const char *key)
{
  JsonNode *node = object ? json_object_get_member (object, key) : NULL;

  return node && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                  : NULL;
}

/* The first of @keys (NULL at the end) that is a positive whole number; 0 if none. */
static guint64
get_count (JsonObject *object, const char *const *keys)
{
  for (; object && *keys; keys++)
    {
      JsonNode *node = json_object_get_member (object, *keys);

      if (node && json_node_get_value_type (node) == G_TYPE_INT64 && json_node_get_int (node) > 0)
        return json_node_get_int (node);
    }
  return 0;
}

static char *
dup_first_architecture (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "architectures");

  if (!node || !JSON_NODE_HOLDS_ARRAY (node) ||
      json_array_get_length (json_node_get_array (node)) == 0)
    return NULL;
  node = json_array_get_element (json_node_get_array (node), 0);
  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node) : NULL;
}

#define KEYS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* What different families call the same count. */
static const struct
{
  gsize offset;
  const char *const *keys;
} counts[] = {
  { G_STRUCT_OFFSET (WsConfig, n_layers),
    KEYS ("num_hidden_layers", "n_layer", "n_layers", "num_layers") },
  { G_STRUCT_OFFSET (WsConfig, hidden_size), KEYS ("hidden_size", "n_embd", "d_model", "dim") },
  { G_STRUCT_OFFSET (WsConfig, n_vocab), KEYS ("vocab_size") },
  { G_STRUCT_OFFSET (WsConfig, n_heads),
    KEYS ("num_attention_heads", "n_head", "n_heads", "num_heads") },
  { G_STRUCT_OFFSET (WsConfig, n_kv_heads),
    KEYS ("num_key_value_heads", "num_kv_heads", "n_head_kv", "multi_query_group_num") },
  { G_STRUCT_OFFSET (WsConfig, head_dim), KEYS ("head_dim", "d_kv", "kv_channels") },
  { G_STRUCT_OFFSET (WsConfig, n_experts),
    KEYS ("num_local_experts", "n_routed_experts", "num_experts", "moe_num_experts") },
};

/* @text: the part about the language model in multimodal configurations; may be NULL. */
static void
take_members (WsConfig *self, JsonObject *root, JsonObject *text)
{
  JsonNode *tie = json_object_get_member (root, "tie_word_embeddings");

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      guint64 *count = G_STRUCT_MEMBER_P (self, counts[i].offset);

      *count = get_count (root, counts[i].keys);
      if (*count == 0)
        *count = get_count (text, counts[i].keys);
    }

  if (!tie && text)
    tie = json_object_get_member (text, "tie_word_embeddings");
  self->tie_known = tie && json_node_get_value_type (tie) == G_TYPE_BOOLEAN;
  self->tie_word_embeddings = self->tie_known && json_node_get_boolean (tie);

  const char *type = get_string (root, "model_type");
  self->model_type = g_strdup (type ? type : get_string (text, "model_type"));
  self->architecture = dup_first_architecture (root);

  JsonObject *quantization = get_object (root, "quantization_config");
  if (!quantization)
    quantization = get_object (text, "quantization_config");
  self->quant_method = g_strdup (get_string (quantization, "quant_method"));
}

gboolean
ws_config_read (WsConfig *self, const WsFolder *folder, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  gsize n_bytes = 0;

  *self = (WsConfig){ 0 };
  g_autofree char *text = read_text (folder, &n_bytes, &local_error);
  if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  if (!text)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  g_autoptr (JsonNode) root = parse_object (text, n_bytes, error);
  if (!root)
    {
      g_autofree char *path = g_build_filename (folder->path, NAME, NULL);

      g_prefix_error (error, _ ("cannot understand '%s': "), path);
      return FALSE;
    }
  JsonObject *object = json_node_get_object (root);
  take_members (self, object, get_object (object, "text_config"));
  return TRUE;
}

void
ws_config_clear (WsConfig *self)
{
  g_clear_pointer (&self->model_type, g_free);
  g_clear_pointer (&self->architecture, g_free);
  g_clear_pointer (&self->quant_method, g_free);
}
