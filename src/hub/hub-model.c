/* SPDX-License-Identifier: MIT */
/* What the Hub tells about models: one by its id, or many by words. */
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Without the list of files, which may be long and is read from the tree. */
#define PROPERTIES                                                                                 \
  "expand=sha&expand=downloads&expand=likes&expand=gated&expand=private&expand=disabled"           \
  "&expand=lastModified&expand=pipeline_tag&expand=safetensors&expand=gguf&expand=tags"

/* Types of the safetensors of a model, as the Hub names them. */
static const struct
{
  const char *name;
  double n_bytes;
} dtypes[] = { { "F64", 8 },  { "I64", 8 }, { "F32", 4 },  { "I32", 4 },  { "F16", 2 },
               { "BF16", 2 }, { "I16", 2 }, { "F4", 0.5 }, { "I4", 0.5 }, { "U4", 0.5 } };

#define MAX_PARAMETERS (G_GUINT64_CONSTANT (1) << 50)

void
ws_hub_model_free (WsHubModel *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->commit);
  g_free (self->main_dtype);
  g_free (self->license);
  g_free (self->task);
  g_free (self->modified);
  g_free (self);
}

/* One byte for all that are not in the table: F8_E4M3, I8, U8, BOOL. */
static double
get_bytes (const char *dtype)
{
  for (guint i = 0; i < G_N_ELEMENTS (dtypes); i++)
    if (strcmp (dtypes[i].name, dtype) == 0)
      return dtypes[i].n_bytes;
  return 1;
}

static void
read_parameters (WsHubModel *self, JsonObject *safetensors)
{
  JsonObject *parameters = _ws_json_get_object (safetensors, "parameters");
  g_autoptr (GList) names = parameters ? json_object_get_members (parameters) : NULL;
  guint64 most = 0;

  self->has_safetensors |= safetensors != NULL;
  for (GList *item = names; item; item = item->next)
    {
      const guint64 n = _ws_json_get_count (parameters, item->data);

      /* what is more is no number of parameters, and would not fit below */
      if (n > MAX_PARAMETERS)
        continue;
      self->n_parameters += n;
      self->n_weight_bytes += (guint64) (n * get_bytes (item->data));
      if (n <= most)
        continue;
      most = n;
      g_free (self->main_dtype);
      self->main_dtype = g_strdup (item->data);
    }
}

static WsGate
read_gate (JsonObject *object)
{
  const char *gate = _ws_json_get_string (object, "gated");

  if (gate == NULL)
    return _ws_json_get_boolean (object, "gated") ? WS_GATE_AUTO : WS_GATE_NONE;
  return strcmp (gate, "manual") == 0 ? WS_GATE_MANUAL : WS_GATE_AUTO;
}

static void
read_tags (WsHubModel *self, JsonArray *tags)
{
  const char *const license = "license:";

  for (guint i = 0; tags && i < json_array_get_length (tags); i++)
    {
      JsonNode *node = json_array_get_element (tags, i);
      const char *tag =
          json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";

      self->has_safetensors |= strcmp (tag, "safetensors") == 0;
      self->has_gguf |= strcmp (tag, "gguf") == 0;
      if (self->license == NULL && g_str_has_prefix (tag, license))
        self->license = g_strdup (tag + strlen (license));
    }
}

WsHubModel *
_ws_hub_parse_model (JsonObject *object, const char *endpoint)
{
  g_autoptr (WsHubModel) self = g_new0 (WsHubModel, 1);
  g_auto (WsHubName) name = { 0 };
  const char *id = _ws_json_get_string (object, "id");
  const char *commit = _ws_json_get_string (object, "sha");

  if (id == NULL || !ws_hub_name_parse (&name, id, endpoint, NULL))
    return NULL;
  self->id = g_strdup (name.id);
  self->commit = commit && ws_hub_is_commit (commit) ? g_strdup (commit) : NULL;
  self->gate = read_gate (object);
  self->is_private = _ws_json_get_boolean (object, "private");
  self->is_disabled = _ws_json_get_boolean (object, "disabled");
  self->n_downloads = _ws_json_get_count (object, "downloads");
  self->n_likes = _ws_json_get_count (object, "likes");
  self->task = g_strdup (_ws_json_get_string (object, "pipeline_tag"));
  self->modified = g_strdup (_ws_json_get_string (object, "lastModified"));
  self->has_gguf = _ws_json_get_object (object, "gguf") != NULL;
  read_parameters (self, _ws_json_get_object (object, "safetensors"));
  read_tags (self, _ws_json_get_array (object, "tags"));
  return g_steal_pointer (&self);
}

static gboolean
refuse (const char *subject, GError **error)
{
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
               _ ("the Hub did not say which commit of '%s' is meant"), subject);
  return FALSE;
}

WsHubModel *
ws_hub_read_model (WsHub *self, const char *id, const char *revision, GCancellable *cancellable,
                   GError **error)
{
  g_autofree char *subject = revision ? g_strconcat (id, "@", revision, NULL) : g_strdup (id);
  g_autofree char *page =
      _ws_hub_make_url (self, "/api/models/", id, revision ? "/revision/" : "", revision);
  g_autofree char *url = g_strconcat (page, "?" PROPERTIES, NULL);
  g_autoptr (JsonNode) root = _ws_hub_get_json (self, url, subject, cancellable, error);
  g_autoptr (WsHubModel) model = NULL;

  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root))
    model = _ws_hub_parse_model (json_node_get_object (root), self->settings.endpoint);
  if (model == NULL || model->commit == NULL)
    {
      refuse (subject, error);
      return NULL;
    }
  return g_steal_pointer (&model);
}

char *
_ws_hub_make_search_url (const WsHub *self, const char *words, guint limit)
{
  g_autofree char *escaped = g_uri_escape_string (words, NULL, FALSE);

  return g_strdup_printf ("%s/api/models?search=%s&limit=%u&sort=downloads&direction=-1&%s",
                          self->settings.endpoint, escaped, limit, PROPERTIES);
}

GPtrArray *
_ws_hub_parse_models (const WsHub *self, JsonNode *root, guint limit)
{
  GPtrArray *models = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_hub_model_free);
  JsonArray *rows = JSON_NODE_HOLDS_ARRAY (root) ? json_node_get_array (root) : NULL;

  for (guint i = 0; rows && i < MIN (json_array_get_length (rows), limit); i++)
    {
      JsonNode *node = json_array_get_element (rows, i);
      WsHubModel *model =
          JSON_NODE_HOLDS_OBJECT (node)
              ? _ws_hub_parse_model (json_node_get_object (node), self->settings.endpoint)
              : NULL;

      if (model)
        g_ptr_array_add (models, model);
    }
  return models;
}

GPtrArray *
ws_hub_search (WsHub *self, const char *words, guint limit, GCancellable *cancellable,
               GError **error)
{
  g_autofree char *url = _ws_hub_make_search_url (self, words, limit);
  g_autoptr (JsonNode) root = _ws_hub_get_json (self, url, words, cancellable, error);

  return root ? _ws_hub_parse_models (self, root, limit) : NULL;
}

void
ws_hub_ref_free (WsHubRef *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->commit);
  g_free (self);
}

/* Those whose name we could ask for. */
static void
add_refs (GPtrArray *refs, JsonArray *rows, gboolean is_tag)
{
  for (guint i = 0; rows && i < json_array_get_length (rows); i++)
    {
      JsonNode *node = json_array_get_element (rows, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      const char *name = _ws_json_get_string (row, "name");
      const char *commit = _ws_json_get_string (row, "targetCommit");
      WsHubRef *ref;

      if (!name || !commit || !ws_hub_revision_check (name, NULL) || !ws_hub_is_commit (commit))
        continue;
      ref = g_new0 (WsHubRef, 1);
      *ref = (WsHubRef){ g_strdup (name), g_strdup (commit), is_tag };
      g_ptr_array_add (refs, ref);
    }
}

GPtrArray *
ws_hub_read_refs (WsHub *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *url = _ws_hub_make_url (self, "/api/models/", id, "/refs", NULL);
  g_autoptr (JsonNode) root = _ws_hub_get_json (self, url, id, cancellable, error);
  g_autoptr (GPtrArray) refs = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_hub_ref_free);
  JsonObject *object;

  if (root == NULL)
    return NULL;
  object = JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  add_refs (refs, _ws_json_get_array (object, "branches"), FALSE);
  add_refs (refs, _ws_json_get_array (object, "tags"), TRUE);
  return g_steal_pointer (&refs);
}
