/* SPDX-License-Identifier: MIT */
/* The index of a sharded checkpoint, and what is checked of it:
 *
 *   1. strict JSON in UTF-8; one value
 *   2. an object; "weight_map" in it, once, is an object of strings; the rest is ignored
 *   3. keys of weight_map are names of tensors, each once, without NUL
 *   4. values are plain file names: no "/" or "\", not "." or "..", not empty, without NUL
 */
#include "model/shard-index.h"

#include "base/error.h"
#include "base/format.h"
#include "base/json-reader.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>

/* As much as the header of a safetensors file may have; that of DeepSeek-V3 has 9 MB. */
#define MAX_BYTES 100000000

/* Real ones have under a thousand. A hash table that names can be made to collide in stays fast. */
#define MAX_SHARDS 10000

typedef struct
{
  char *file; /* name of the index, safe to show */
  WsJsonReader reader;
  GHashTable *numbers; /* (key utf8, owned by the shards) name of a shard -> its number + 1 */
  WsShardIndex index;
} Parser;

static void
parser_clear (Parser *self)
{
  ws_json_reader_clear (&self->reader);
  ws_shard_index_clear (&self->index);
  g_clear_pointer (&self->numbers, g_hash_table_unref);
  g_free (self->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

static void
clear_entry (gpointer data)
{
  g_free (((WsShardEntry *) data)->tensor);
}

/* Always FALSE. */
static gboolean G_GNUC_PRINTF (3, 4)
    fail (const Parser *self, GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("'%s' is not a sound index: %s"), self->file,
               reason);
  return FALSE;
}

static gboolean
fail_json (const Parser *self, GError **error)
{
  g_prefix_error (error, "'%s': ", self->file);
  return FALSE;
}

static gboolean
is_plain_file_name (const char *name)
{
  return *name != '\0' && strcmp (name, ".") != 0 && strcmp (name, "..") != 0 &&
         !strpbrk (name, "/\\");
}

/* The text of a key or string as a C string; FALSE if NUL is in it. */
static gboolean
get_c_string (Parser *self, const char **text, GError **error)
{
  gsize length;

  *text = ws_json_reader_get_text (&self->reader, &length);
  if (strlen (*text) == length)
    return TRUE;
  g_autofree char *shown = ws_format_name (*text);
  return fail (self, error, _ ("'%s' goes on after a NUL character"), shown);
}

/* A new number if @name is new. */
static guint
get_shard_number (Parser *self, const char *name)
{
  gpointer number = g_hash_table_lookup (self->numbers, name);

  if (!number)
    {
      char *owned = g_strdup (name);

      g_ptr_array_add (self->index.shards, owned);
      number = GUINT_TO_POINTER (self->index.shards->len);
      g_hash_table_insert (self->numbers, owned, number);
    }
  return GPOINTER_TO_UINT (number) - 1;
}

/* After the key: the file that it lies in. */
static gboolean
parse_entry (Parser *self, GError **error)
{
  g_autofree char *tensor = NULL;
  const char *text;

  if (!get_c_string (self, &text, error))
    return FALSE;
  tensor = g_strdup (text);

  WsJsonEvent event = ws_json_reader_next (&self->reader, error);
  if (event == WS_JSON_ERROR)
    return fail_json (self, error);
  g_autofree char *shown = ws_format_name (tensor);
  if (event != WS_JSON_STRING)
    return fail (self, error, _ ("tensor '%s' is not mapped to a file name"), shown);
  if (!get_c_string (self, &text, error))
    return FALSE;
  if (!is_plain_file_name (text))
    {
      g_autofree char *shown_shard = ws_format_name (text);

      return fail (self, error, _ ("tensor '%s' is mapped to '%s', which is not a plain file name"),
                   shown, shown_shard);
    }

  WsShardEntry entry = { g_steal_pointer (&tensor), get_shard_number (self, text) };
  g_array_append_val (self->index.entries, entry);
  if (self->index.shards->len > MAX_SHARDS)
    return fail (self, error, _ ("it names more than %d files"), MAX_SHARDS);
  return TRUE;
}

static gboolean
parse_weight_map (Parser *self, GError **error)
{
  WsJsonEvent event = ws_json_reader_next (&self->reader, error);

  if (event == WS_JSON_ERROR)
    return fail_json (self, error);
  if (event != WS_JSON_OBJECT_BEGIN)
    return fail (self, error, _ ("its weight_map is not an object"));
  while ((event = ws_json_reader_next (&self->reader, error)) == WS_JSON_KEY)
    if (!parse_entry (self, error))
      return FALSE;
  return event == WS_JSON_OBJECT_END || fail_json (self, error);
}

static gboolean
parse_root (Parser *self, GError **error)
{
  gboolean seen = FALSE;
  WsJsonEvent event = ws_json_reader_next (&self->reader, error);

  if (event == WS_JSON_ERROR)
    return fail_json (self, error);
  if (event != WS_JSON_OBJECT_BEGIN)
    return fail (self, error, _ ("it is not a JSON object"));
  while ((event = ws_json_reader_next (&self->reader, error)) == WS_JSON_KEY)
    {
      gsize length;
      const char *key = ws_json_reader_get_text (&self->reader, &length);

      if (length == strlen ("weight_map") && memcmp (key, "weight_map", length) == 0)
        {
          if (seen)
            return fail (self, error, _ ("its weight_map stands there twice"));
          seen = TRUE;
          if (!parse_weight_map (self, error))
            return FALSE;
        }
      else if (ws_json_reader_next (&self->reader, error) == WS_JSON_ERROR ||
               !ws_json_reader_skip (&self->reader, error))
        return fail_json (self, error);
    }
  if (event == WS_JSON_ERROR || ws_json_reader_next (&self->reader, error) != WS_JSON_END)
    return fail_json (self, error);
  if (!seen)
    {
      /* most often another file of the model, such as its config.json */
      g_set_error (error, WS_ERROR, WS_ERROR_FORMAT,
                   _ ("'%s' is not an index of shards: it has no weight_map; give the folder "
                      "instead"),
                   self->file);
      return FALSE;
    }
  if (self->index.entries->len == 0)
    return fail (self, error, _ ("its weight_map is empty"));
  return TRUE;
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  return strcmp (((const WsShardEntry *) a)->tensor, ((const WsShardEntry *) b)->tensor);
}

static gboolean
sort_entries (Parser *self, GError **error)
{
  GArray *entries = self->index.entries;

  g_array_sort (entries, compare_entries);
  for (guint i = 1; i < entries->len; i++)
    {
      const WsShardEntry *entry = &g_array_index (entries, WsShardEntry, i);

      if (compare_entries (entry - 1, entry) == 0)
        {
          g_autofree char *shown = ws_format_name (entry->tensor);

          return fail (self, error, _ ("tensor '%s' stands there twice"), shown);
        }
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Numbers were given in the order of the file. */
static void
sort_shards (Parser *self)
{
  GPtrArray *shards = self->index.shards;
  g_autofree guint *renumbered = g_new (guint, shards->len);

  g_ptr_array_sort (shards, compare_names);
  for (guint i = 0; i < shards->len; i++)
    renumbered[get_shard_number (self, shards->pdata[i])] = i;
  for (guint i = 0; i < self->index.entries->len; i++)
    {
      WsShardEntry *entry = &g_array_index (self->index.entries, WsShardEntry, i);

      entry->shard = renumbered[entry->shard];
    }
}

gboolean
ws_shard_index_read (WsShardIndex *self, WsSource *source, GCancellable *cancellable,
                     GError **error)
{
  gsize n_bytes = 0;
  g_autofree char *text = ws_source_read_all (source, MAX_BYTES, &n_bytes, cancellable, error);

  if (!text)
    return FALSE;

  g_auto (Parser) parser = {
    .file = ws_format_name (ws_source_get_name (source)),
    .numbers = g_hash_table_new (g_str_hash, g_str_equal),
    .index.shards = g_ptr_array_new_with_free_func (g_free),
    .index.entries = g_array_new (FALSE, FALSE, sizeof (WsShardEntry)),
  };
  g_array_set_clear_func (parser.index.entries, clear_entry);
  if (!ws_json_reader_init (&parser.reader, text, n_bytes, error))
    return fail_json (&parser, error);
  if (!parse_root (&parser, error) || !sort_entries (&parser, error))
    return FALSE;
  sort_shards (&parser);

  *self = parser.index;
  parser.index = (WsShardIndex){ 0 };
  return TRUE;
}

void
ws_shard_index_clear (WsShardIndex *self)
{
  g_clear_pointer (&self->shards, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_array_unref);
}

const WsShardEntry *
ws_shard_index_find (const WsShardIndex *self, const char *name)
{
  WsShardEntry key = { (char *) name, 0 };

  return bsearch (&key, self->entries->data, self->entries->len, sizeof key, compare_entries);
}
