/* SPDX-License-Identifier: MIT */
/* What the files that ask the Hub share. */
#pragma once

#include "hub/hub.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

struct _WsHub
{
  WsHubSettings settings;
  WsHttp *http;
  WsHubWaitFunc wait_func; /* (nullable) */
  gpointer wait_data;
  GMutex mutex;            /* guards what follows */
  gboolean has_answered;   /* it is there, and so is the network, or was */
  gint64 waits_until_usec; /* what the user was told */
  int ref_count;
};

/* Of one thing: how many failed without a byte between, and since when. */
typedef struct
{
  guint n;
  gint64 since_usec;
} WsHubTries;

/* After a try that failed with @failure: waits for the next one if it may do better.
 * @seconds: that the server asks for; < 0: none
 * Returns: FALSE with @error set: that of the try, or cancelled. */
gboolean _ws_hub_wait_to_retry (WsHub *self, WsHubTries *tries, const GError *failure,
                                double seconds, GCancellable *cancellable, GError **error);
/* Something came that was asked for. */
void _ws_hub_set_answered (WsHub *self);

/* GET of the API, with a few tries. @subject: for messages: the model.
 * Returns: FALSE with WS_HUB_ERROR or G_IO_ERROR_CANCELLED; else @reply is a success with a body.
 */
gboolean _ws_hub_get (WsHub *self, const char *url, const char *subject, WsHttpReply *reply,
                      GCancellable *cancellable, GError **error);
/* The same, of a document of JSON: its root. (transfer full) */
JsonNode *_ws_hub_get_json (WsHub *self, const char *url, const char *subject,
                            GCancellable *cancellable, GError **error);
/* Whether @reply may be what was asked for. Errors: WS_HUB_ERROR_NOT_A_HUB for a page of HTML. */
gboolean _ws_hub_check_type (const WsHttpReply *reply, GError **error);
/* WS_HUB_ERROR_PROTOCOL: @reply is not the JSON that it should be. */
void _ws_hub_set_unsound (const WsHttpReply *reply, const char *reason, GError **error);
/* What an answer says in JSON. @reason: without the host. (transfer full) */
JsonNode *_ws_hub_parse_json (const char *bytes, gsize n_bytes, GError **reason);
/* (transfer full): NULL if it has no id that we take. */
WsHubModel *_ws_hub_parse_model (JsonObject *object, const char *endpoint);

/* The address of a search. (transfer full) */
char *_ws_hub_make_search_url (const WsHub *self, const char *words, guint limit);
/* The models in its answer. (element-type WsHubModel) (transfer full) */
GPtrArray *_ws_hub_parse_models (const WsHub *self, JsonNode *root, guint limit);

/* A list without files. (transfer full) */
WsHubListing *_ws_hub_listing_new (const char *id, const char *commit);
/* What a list is made with, page by page. */
typedef struct
{
  WsHubListing *listing;
  GHashTable *files;   /* (owned): folded paths: that another may not have too */
  GHashTable *folders; /* (owned): folded paths that have files below */
} WsListingBuilder;
void _ws_listing_builder_init (WsListingBuilder *self, WsHubListing *listing);
void _ws_listing_builder_clear (WsListingBuilder *self);
/* @reason: without the host. After the last page: sort. */
gboolean _ws_listing_builder_add_page (WsListingBuilder *self, const char *bytes, gsize n_bytes,
                                       GError **reason);
/* The same of a list as huggingface_hub keeps it: {"files": {PATH: {"size", "blob_id", ...}}}. */
gboolean _ws_listing_builder_add_tree (WsListingBuilder *self, const char *bytes, gsize n_bytes,
                                       GError **reason);
void _ws_listing_builder_sort (WsListingBuilder *self);
/* The endpoint and the words behind it. @last: (nullable): escaped here. (transfer full) */
char *_ws_hub_make_url (const WsHub *self, const char *begin, const char *id, const char *middle,
                        const char *last);

/* Members of objects that nobody vouches for: NULL, 0 or FALSE if they are missing or of another
 * type. */
const char *_ws_json_get_string (JsonObject *object, const char *name);
JsonObject *_ws_json_get_object (JsonObject *object, const char *name);
JsonArray *_ws_json_get_array (JsonObject *object, const char *name);
guint64 _ws_json_get_count (JsonObject *object, const char *name);
gboolean _ws_json_get_boolean (JsonObject *object, const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsListingBuilder, _ws_listing_builder_clear)

G_END_DECLS
