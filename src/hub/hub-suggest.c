/* SPDX-License-Identifier: MIT */
/* Names that may have been meant by one that does not exist. */
#include "hub/hub-private.h"

#include <string.h>

/* Whoever mistyped a name waits for this. */
#define MAX_SECONDS 3
#define N_SEARCHED 50
#define N_SUGGESTED 3
/* What is shorter finds everything. */
#define MIN_WORD 3

typedef struct
{
  char *id; /* (owned) */
  guint distance;
} Near;

static void
near_clear (gpointer data)
{
  g_free (((Near *) data)->id);
}

/* How many letters must be changed, added or left out; letters of either case are the same. */
static guint
get_distance (const char *a, const char *b)
{
  const gsize n = strlen (b);
  g_autofree guint *row = g_new (guint, n + 1);

  for (gsize j = 0; j <= n; j++)
    row[j] = j;
  for (gsize i = 0; a[i] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = i + 1;
      for (gsize j = 0; j < n; j++)
        {
          const guint changed = diagonal + (g_ascii_tolower (a[i]) != g_ascii_tolower (b[j]));

          diagonal = row[j + 1];
          row[j + 1] = MIN (changed, MIN (row[j], diagonal) + 1);
        }
    }
  return row[n];
}

/* What of the last part of @id to search for: its first word, for the mistake is probably in
 * another; of a single word the beginning. (transfer full) */
static char *
make_words (const char *id)
{
  const char *slash = strrchr (id, '/');
  const char *name = slash ? slash + 1 : id;
  const gsize n = strlen (name), n_first = strcspn (name, "-_.");

  if (n_first < n && n_first >= MIN_WORD)
    return g_strndup (name, n_first);
  return g_strndup (name, MAX (MIN_WORD, n * 2 / 3));
}

static GPtrArray *
search_once (WsHub *self, const char *words, GCancellable *cancellable)
{
  g_autofree char *url = _ws_hub_make_search_url (self, words, N_SEARCHED);
  const WsHttpRequest request = {
    .url = url, .follow = TRUE, .accept = "application/json", .max_seconds = MAX_SECONDS
  };
  g_auto (WsHttpReply) reply = { 0 };
  g_autoptr (JsonNode) root = NULL;
  const char *bytes;
  gsize n_bytes;

  if (!ws_http_perform (self->http, &request, &reply, NULL, NULL, cancellable, NULL) ||
      !ws_http_check (&reply, words, NULL) || !_ws_hub_check_type (&reply, NULL))
    return NULL;
  bytes = g_bytes_get_data (reply.body, &n_bytes);
  root = _ws_hub_parse_json (bytes, n_bytes, NULL);
  return root ? _ws_hub_parse_models (self, root, N_SEARCHED) : NULL;
}

static int
compare_near (gconstpointer a, gconstpointer b)
{
  const Near *x = a, *y = b;

  return (x->distance > y->distance) - (x->distance < y->distance);
}

char **
ws_hub_suggest (WsHub *self, const char *id, GCancellable *cancellable)
{
  g_autofree char *words = make_words (id);
  g_autoptr (GPtrArray) models = search_once (self, words, cancellable);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Near));
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  g_array_set_clear_func (found, near_clear);
  for (guint i = 0; models && i < models->len; i++)
    {
      const WsHubModel *model = g_ptr_array_index (models, i);
      const Near near = { g_strdup (model->id), get_distance (id, model->id) };

      g_array_append_val (found, near);
    }
  g_array_sort (found, compare_near);
  /* what is further off than that is another name, not a mistake */
  for (guint i = 0; i < MIN (found->len, N_SUGGESTED); i++)
    if (g_array_index (found, Near, i).distance <= MAX (2, strlen (id) / 3))
      g_strv_builder_add (names, g_array_index (found, Near, i).id);
  return g_strv_builder_end (names);
}
