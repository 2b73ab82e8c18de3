/* SPDX-License-Identifier: MIT */
/* Models that are stored as pickles only: the Hub's bot converts them to safetensors, and proposes
 * the result as a pull request, which often stays open for good. */
#include "hub/file-choice.h"
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>

#define BOT "SFconvertbot"
/* Open pull requests of that author; a model has at most a few. */
#define QUERY "?type=pull_request&status=open&author=" BOT

/* Whether @row is what we asked for: a server may ignore the query. */
static gboolean
is_conversion (JsonObject *row)
{
  const char *author = _ws_json_get_string (_ws_json_get_object (row, "author"), "name");
  const char *status = _ws_json_get_string (row, "status");
  const char *title = _ws_json_get_string (row, "title");

  return _ws_json_get_boolean (row, "isPullRequest") && author && status && title &&
         g_ascii_strcasecmp (author, BOT) == 0 && g_str_equal (status, "open") &&
         g_strrstr (title, "safetensors") != NULL;
}

char *
ws_hub_find_conversion (WsHub *self, const char *id, GCancellable *cancellable, GError **error)
{
  g_autofree char *page = _ws_hub_make_url (self, "/api/models/", id, "/discussions", NULL);
  g_autofree char *url = g_strconcat (page, QUERY, NULL);
  g_autoptr (JsonNode) root = _ws_hub_get_json (self, url, id, cancellable, error);
  JsonArray *rows = NULL;
  guint64 newest = 0;

  if (root == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (root))
    rows = _ws_json_get_array (json_node_get_object (root), "discussions");
  for (guint i = 0; rows && i < json_array_get_length (rows); i++)
    {
      JsonNode *node = json_array_get_element (rows, i);
      JsonObject *row = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (row && is_conversion (row))
        newest = MAX (newest, _ws_json_get_count (row, "num"));
    }
  return newest > 0 ? g_strdup_printf ("refs/pr/%" G_GUINT64_FORMAT, newest) : NULL;
}

char *
ws_hub_describe_pickles (WsHub *self, const WsHubListing *listing, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *conversion = NULL;

  if (!ws_choice_is_of_pickles (listing))
    return NULL;
  conversion = ws_hub_find_conversion (self, listing->id, cancellable, &error);
  if (conversion != NULL)
    return g_strdup_printf (_ ("the weights of '%s' are Python pickles, which are not read; the "
                               "Hub's bot offers them as safetensors: '%s@%s'"),
                            listing->id, listing->id, conversion);
  if (error != NULL)
    g_info ("%s", error->message);
  return g_strdup_printf (_ ("the weights of '%s' are Python pickles, which are not read"),
                          listing->id);
}
