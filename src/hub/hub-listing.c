/* SPDX-License-Identifier: MIT */
/* The files of one commit, page by page, and which of their names may become files here. */
#include "base/format.h"
#include "base/json-reader.h"
#include "hub/http-url.h"
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A thousand files each; nobody has more. */
#define MAX_PAGES 1000
#define MAX_FILES 500000
/* What doubles and json libraries hold without loss. */
#define MAX_FILE_BYTES (G_GUINT64_CONSTANT (1) << 53)

/* A row as it came. */
typedef struct
{
  char *type, *path, *oid, *lfs_oid;
  guint64 n_bytes;
  gboolean has_size, has_nul;
} Row;

static void
row_clear (Row *self)
{
  g_free (self->type);
  g_free (self->path);
  g_free (self->oid);
  g_free (self->lfs_oid);
  *self = (Row){ 0 };
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Row, row_clear)

static void
file_free (gpointer data)
{
  WsHubFile *file = data;

  g_free (file->path);
  g_free (file->git_oid);
  g_free (file->sha256);
  g_free (file);
}

static void
refusal_free (gpointer data)
{
  WsHubRefusal *refusal = data;

  g_free (refusal->name);
  g_free (refusal->reason);
  g_free (refusal);
}

WsHubListing *
ws_hub_listing_ref (WsHubListing *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_hub_listing_unref (WsHubListing *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->id);
  g_free (self->commit);
  g_ptr_array_unref (self->files);
  g_ptr_array_unref (self->refusals);
  g_free (self);
}

WsHubListing *
_ws_hub_listing_new (const char *id, const char *commit)
{
  WsHubListing *self = g_new0 (WsHubListing, 1);

  self->id = g_strdup (id);
  self->commit = g_strdup (commit);
  self->files = g_ptr_array_new_with_free_func (file_free);
  self->refusals = g_ptr_array_new_with_free_func (refusal_free);
  self->ref_count = 1;
  return self;
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  const WsHubFile *x = *(const WsHubFile *const *) a, *y = *(const WsHubFile *const *) b;

  return strcmp (x->path, y->path);
}

const WsHubFile *
ws_hub_listing_find (const WsHubListing *self, const char *path)
{
  guint begin = 0, end = self->files->len;

  while (begin < end)
    {
      const guint middle = (begin + end) / 2;
      const WsHubFile *file = g_ptr_array_index (self->files, middle);
      const int order = strcmp (path, file->path);

      if (order == 0)
        return file;
      if (order < 0)
        end = middle;
      else
        begin = middle + 1;
    }
  return NULL;
}

/* Names */

/* The same for names that some file system takes for one. (transfer full) */
static char *
fold (const char *path)
{
  g_autofree char *normal = g_utf8_normalize (path, -1, G_NORMALIZE_NFC);

  return g_utf8_casefold (normal, -1);
}

/* Whether @path would stand where another file or its folder stands. */
static gboolean
check_is_free (const WsListingBuilder *self, const char *folded, GError **error)
{
  g_autofree char *parent = g_strdup (folded);
  gboolean is_taken =
      g_hash_table_contains (self->files, folded) || g_hash_table_contains (self->folders, folded);

  for (char *slash; !is_taken && (slash = strrchr (parent, '/')) != NULL;)
    {
      *slash = '\0';
      is_taken = g_hash_table_contains (self->files, parent);
    }
  if (is_taken)
    g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME,
                         _ ("another file has this name, or one that some systems take for it"));
  return !is_taken;
}

static void
take_name (WsListingBuilder *self, char *folded)
{
  g_autofree char *parent = g_strdup (folded);

  g_hash_table_add (self->files, folded);
  for (char *slash; (slash = strrchr (parent, '/')) != NULL;)
    {
      *slash = '\0';
      if (!g_hash_table_add (self->folders, g_strdup (parent)))
        break;
    }
}

static gboolean
check_facts (const Row *row, GError **error)
{
  if (row->has_size && row->n_bytes <= MAX_FILE_BYTES && row->oid && ws_hub_is_commit (row->oid) &&
      (!row->lfs_oid || (strlen (row->lfs_oid) == 64 && ws_hub_is_etag (row->lfs_oid))))
    return TRUE;
  g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME,
                       _ ("its size or hash is missing or impossible"));
  return FALSE;
}

static gboolean
check_path (const Row *row, GError **error)
{
  if (!row->has_nul)
    return ws_hub_path_check (row->path, error);
  g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME, _ ("a control character"));
  return FALSE;
}

/* To the files, or to the refusals. */
static void
add_row (WsListingBuilder *self, const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folded = NULL;

  if (g_strcmp0 (row->type, "file") != 0 || row->path == NULL)
    return;
  if (check_path (row, &error) && check_facts (row, &error))
    {
      folded = fold (row->path);
      if (check_is_free (self, folded, &error))
        {
          WsHubFile *file = g_new0 (WsHubFile, 1);

          *file = (WsHubFile){ g_strdup (row->path), row->n_bytes, g_strdup (row->oid),
                               g_strdup (row->lfs_oid) };
          g_ptr_array_add (self->listing->files, file);
          take_name (self, g_steal_pointer (&folded));
          return;
        }
    }
  WsHubRefusal *refusal = g_new0 (WsHubRefusal, 1);
  *refusal = (WsHubRefusal){ ws_format_name (row->path), g_strdup (error->message) };
  g_ptr_array_add (self->listing->refusals, refusal);
}

/* Reading */

/* The string that follows a key; NULL if it is of another type. @has_nul: (inout) */
static char *
read_string (WsJsonReader *reader, gboolean *has_nul, GError **error)
{
  gsize length;
  const char *text;

  if (ws_json_reader_next (reader, error) != WS_JSON_STRING)
    {
      if (reader->event != WS_JSON_ERROR)
        ws_json_reader_skip (reader, error);
      return NULL;
    }
  text = ws_json_reader_get_text (reader, &length);
  *has_nul |= strlen (text) != length;
  return g_strdup (text);
}

static void read_member (WsJsonReader *reader, const char *name, gboolean in_lfs, Row *row,
                         GError **error);

/* The members of the object that has begun. Returns: FALSE with @error set. */
static gboolean
read_object (WsJsonReader *reader, gboolean in_lfs, Row *row, GError **error)
{
  WsJsonEvent event;

  while ((event = ws_json_reader_next (reader, error)) == WS_JSON_KEY)
    {
      g_autofree char *name = g_strdup (ws_json_reader_get_text (reader, NULL));

      read_member (reader, name, in_lfs, row, error);
      if (reader->event == WS_JSON_ERROR)
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END;
}

static void
read_member (WsJsonReader *reader, const char *name, gboolean in_lfs, Row *row, GError **error)
{
  char **text = NULL;

  if (strcmp (name, "oid") == 0)
    text = in_lfs ? &row->lfs_oid : &row->oid;
  else if (!in_lfs && strcmp (name, "type") == 0)
    text = &row->type;
  else if (!in_lfs && strcmp (name, "path") == 0)
    text = &row->path;
  if (text != NULL)
    {
      g_free (*text);
      *text = read_string (reader, &row->has_nul, error);
      return;
    }
  if (ws_json_reader_next (reader, error) == WS_JSON_NUMBER && strcmp (name, "size") == 0)
    row->has_size = ws_json_reader_get_u64 (reader, &row->n_bytes);
  else if (!in_lfs && reader->event == WS_JSON_OBJECT_BEGIN && strcmp (name, "lfs") == 0)
    read_object (reader, TRUE, row, error);
  else if (reader->event != WS_JSON_ERROR)
    ws_json_reader_skip (reader, error);
}

static gboolean
read_rows (WsListingBuilder *self, WsJsonReader *reader, GError **error)
{
  WsJsonEvent event = ws_json_reader_next (reader, error);

  if (event != WS_JSON_ARRAY_BEGIN)
    {
      if (event != WS_JSON_ERROR)
        g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL, _ ("it is no list"));
      return FALSE;
    }
  while ((event = ws_json_reader_next (reader, error)) == WS_JSON_OBJECT_BEGIN)
    {
      g_auto (Row) row = { 0 };

      if (!read_object (reader, FALSE, &row, error))
        return FALSE;
      add_row (self, &row);
    }
  if (event == WS_JSON_ARRAY_END)
    return TRUE;
  if (event != WS_JSON_ERROR)
    g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL, _ ("a row is no object"));
  return FALSE;
}

/* What is told of one file in a list that is kept. */
static gboolean
read_tree_file (WsJsonReader *reader, Row *row, GError **error)
{
  WsJsonEvent event;

  while ((event = ws_json_reader_next (reader, error)) == WS_JSON_KEY)
    {
      g_autofree char *name = g_strdup (ws_json_reader_get_text (reader, NULL));
      char **text = strcmp (name, "blob_id") == 0      ? &row->oid
                    : strcmp (name, "lfs_sha256") == 0 ? &row->lfs_oid
                                                       : NULL;

      if (text != NULL)
        {
          g_free (*text);
          *text = read_string (reader, &row->has_nul, error);
        }
      else if (ws_json_reader_next (reader, error) == WS_JSON_NUMBER && strcmp (name, "size") == 0)
        row->has_size = ws_json_reader_get_u64 (reader, &row->n_bytes);
      else if (reader->event != WS_JSON_ERROR)
        ws_json_reader_skip (reader, error);
      if (reader->event == WS_JSON_ERROR)
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END;
}

/* The files by their paths. */
static gboolean
read_tree_files (WsListingBuilder *self, WsJsonReader *reader, GError **error)
{
  WsJsonEvent event = ws_json_reader_next (reader, error);

  if (event != WS_JSON_OBJECT_BEGIN)
    return FALSE;
  while ((event = ws_json_reader_next (reader, error)) == WS_JSON_KEY)
    {
      g_auto (Row) row = { .type = g_strdup ("file") };
      gsize length;

      row.path = g_strdup (ws_json_reader_get_text (reader, &length));
      row.has_nul = strlen (row.path) != length;
      if (ws_json_reader_next (reader, error) != WS_JSON_OBJECT_BEGIN ||
          !read_tree_file (reader, &row, error))
        return FALSE;
      add_row (self, &row);
    }
  return event == WS_JSON_OBJECT_END;
}

gboolean
_ws_listing_builder_add_tree (WsListingBuilder *self, const char *bytes, gsize n_bytes,
                              GError **reason)
{
  g_auto (WsJsonReader) reader = { 0 };
  gboolean has_files = FALSE;
  WsJsonEvent event;

  if (!ws_json_reader_init (&reader, bytes, n_bytes, reason) ||
      ws_json_reader_next (&reader, reason) != WS_JSON_OBJECT_BEGIN)
    return FALSE;
  while ((event = ws_json_reader_next (&reader, reason)) == WS_JSON_KEY)
    {
      const gboolean is_files = strcmp (ws_json_reader_get_text (&reader, NULL), "files") == 0;

      if (is_files && (has_files || !read_tree_files (self, &reader, reason)))
        return FALSE;
      has_files |= is_files;
      if (!is_files && (ws_json_reader_next (&reader, reason) == WS_JSON_ERROR ||
                        !ws_json_reader_skip (&reader, reason)))
        return FALSE;
    }
  return has_files && event == WS_JSON_OBJECT_END &&
         ws_json_reader_next (&reader, reason) == WS_JSON_END;
}

/* Pages */

/* The address of rel="next" in a Link header. (transfer full): NULL: there is none. */
static char *
find_next (const char *link)
{
  g_auto (GStrv) links = g_strsplit (link ? link : "", ",", -1);

  for (guint i = 0; links[i]; i++)
    {
      const char *begin = strchr (links[i], '<'), *end = begin ? strchr (begin, '>') : NULL;

      if (end && strstr (end, "rel=\"next\""))
        return g_strndup (begin + 1, end - begin - 1);
    }
  return NULL;
}

/* A mirror passes on the address that the Hub gave: its path and query are asked of the mirror.
 * (transfer full): NULL with @error set if it is of neither. */
static char *
make_own (const WsHub *self, const char *next, GError **error)
{
  const char *endpoint = self->settings.endpoint;
  const char *host = strstr (next, "://");
  const char *path = host ? strchr (host + 3, '/') : NULL;

  if (g_str_has_prefix (next, endpoint) && next[strlen (endpoint)] == '/')
    return g_strdup (next);
  if (path && ws_http_url_is_hub (next, endpoint))
    return g_strconcat (endpoint, path, NULL);
  g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                       _ ("the next page of the list is said to be on another host"));
  return NULL;
}

/* Whether "\\uD800" or its like, the half of a character, begins at @text. */
static gboolean
is_surrogate (const char *text, gsize n_bytes, char first, char last)
{
  return n_bytes >= 6 && text[0] == '\\' && text[1] == 'u' && g_ascii_toupper (text[2]) == 'D' &&
         g_ascii_toupper (text[3]) >= first && g_ascii_toupper (text[3]) <= last;
}

/* Turns halves of characters into NUL, so that one such name is refused and not the whole list. */
static void
mark_halves (char *text, gsize n_bytes)
{
  for (gsize i = 0; i + 1 < n_bytes; i++)
    {
      if (text[i] != '\\')
        continue;
      if (is_surrogate (text + i, n_bytes - i, '8', 'B') &&
          is_surrogate (text + i + 6, n_bytes - MIN (n_bytes, i + 6), 'C', 'F'))
        i += 6 + 5;
      else if (is_surrogate (text + i, n_bytes - i, '8', 'F'))
        memset (text + i + 2, '0', 4);
      else
        i++;
    }
}

void
_ws_listing_builder_init (WsListingBuilder *self, WsHubListing *listing)
{
  *self =
      (WsListingBuilder){ listing, g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                          g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

void
_ws_listing_builder_clear (WsListingBuilder *self)
{
  g_clear_pointer (&self->files, g_hash_table_unref);
  g_clear_pointer (&self->folders, g_hash_table_unref);
}

void
_ws_listing_builder_sort (WsListingBuilder *self)
{
  g_ptr_array_sort (self->listing->files, compare_files);
}

gboolean
_ws_listing_builder_add_page (WsListingBuilder *self, const char *bytes, gsize n_bytes,
                              GError **reason)
{
  g_autofree char *text = g_malloc (n_bytes + 1);
  g_auto (WsJsonReader) reader = { 0 };

  if (n_bytes > 0)
    memcpy (text, bytes, n_bytes);
  text[n_bytes] = '\0';
  mark_halves (text, n_bytes);
  return ws_json_reader_init (&reader, text, n_bytes, reason) && read_rows (self, &reader, reason);
}

/* One page. @next: (out) (transfer full): NULL: it was the last. */
static gboolean
read_page (WsListingBuilder *self, WsHub *hub, const char *url, char **next,
           GCancellable *cancellable, GError **error)
{
  g_auto (WsHttpReply) reply = { 0 };
  g_autofree char *link = NULL;
  g_autoptr (GError) reason = NULL;
  gsize n_bytes;
  const char *bytes;

  if (!_ws_hub_get (hub, url, self->listing->id, &reply, cancellable, error) ||
      !_ws_hub_check_type (&reply, error))
    return FALSE;
  bytes = g_bytes_get_data (reply.body, &n_bytes);
  if (!_ws_listing_builder_add_page (self, bytes, n_bytes, &reason))
    {
      _ws_hub_set_unsound (&reply, reason->message, error);
      return FALSE;
    }
  link = find_next (ws_http_reply_get (&reply, "link"));
  *next = link ? make_own (hub, link, error) : NULL;
  return !link || *next;
}

static gboolean
read_pages (WsListingBuilder *self, WsHub *hub, GCancellable *cancellable, GError **error)
{
  const WsHubListing *listing = self->listing;
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *middle = g_strconcat ("/tree/", listing->commit, "?recursive=true", NULL);
  g_autofree char *url = _ws_hub_make_url (hub, "/api/models/", listing->id, middle, NULL);

  while (url != NULL)
    {
      char *next = NULL;

      if (!g_hash_table_add (visited, g_strdup (url)) || g_hash_table_size (visited) > MAX_PAGES ||
          listing->files->len > MAX_FILES)
        {
          g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                       _ ("the list of the files of '%s' does not end"), listing->id);
          return FALSE;
        }
      if (!read_page (self, hub, url, &next, cancellable, error))
        return FALSE;
      g_free (url);
      url = next;
    }
  return TRUE;
}

WsHubListing *
ws_hub_read_listing (WsHub *self, const char *id, const char *commit, GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (WsHubListing) listing = _ws_hub_listing_new (id, commit);
  g_auto (WsListingBuilder) builder = { 0 };

  g_return_val_if_fail (ws_hub_is_commit (commit), NULL);
  _ws_listing_builder_init (&builder, listing);
  if (!read_pages (&builder, self, cancellable, error))
    return NULL;
  _ws_listing_builder_sort (&builder);
  return g_steal_pointer (&listing);
}
