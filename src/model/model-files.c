/* SPDX-License-Identifier: MIT */
/* From a folder to the files of one checkpoint, in this order:
 *
 *   1. model.safetensors.index.json, or the only *.safetensors.index.json
 *   2. model.safetensors
 *   3. the only *.safetensors, or those that are called NAME-00001-of-0000N.safetensors
 *
 * Files of other formats beside them are left alone, and named only where there is nothing else.
 */
#include "model/model-files.h"

#include "base/error.h"
#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SUFFIX ".safetensors"
#define INDEX_SUFFIX ".safetensors.index.json"

/* "-00001-of-00002.safetensors" */
#define SHARD_TAIL_LENGTH (strlen ("-00001-of-00002") + strlen (SUFFIX))

static const struct
{
  const char *suffix;
  const char *format;
} other_formats[] = {
  { ".gguf", "GGUF" }, { ".bin", "PyTorch" }, { ".pt", "PyTorch" },   { ".pth", "PyTorch" },
  { ".npz", "NumPy" }, { ".h5", "Keras" },    { ".msgpack", "Flax" }, { ".onnx", "ONNX" },
};

/* Five digits at @text. Returns: FALSE if they are not. */
static gboolean
parse_five_digits (const char *text, guint *number)
{
  *number = 0;
  for (guint i = 0; i < 5; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return FALSE;
      *number = *number * 10 + (guint) (text[i] - '0');
    }
  return TRUE;
}

/* Whether @name is that of one of several shards. @stem_length: of what they have in common. */
static gboolean
parse_shard_name (const char *name, gsize *stem_length, guint *number, guint *n_shards)
{
  gsize length = strlen (name);

  if (length < SHARD_TAIL_LENGTH)
    return FALSE;
  const char *tail = name + length - SHARD_TAIL_LENGTH;
  *stem_length = length - SHARD_TAIL_LENGTH;
  return tail[0] == '-' && parse_five_digits (tail + 1, number) &&
         strncmp (tail + 6, "-of-", 4) == 0 && parse_five_digits (tail + 10, n_shards) &&
         strcmp (tail + 15, SUFFIX) == 0;
}

/* Returns: (transfer container): those of @names that end in @suffix. */
static GPtrArray *
select_suffix (GPtrArray *names, const char *suffix)
{
  GPtrArray *selected = g_ptr_array_new ();

  for (guint i = 0; i < names->len; i++)
    if (g_str_has_suffix (names->pdata[i], suffix))
      g_ptr_array_add (selected, names->pdata[i]);
  return selected;
}

static gboolean
fail_several (const char *folder, GPtrArray *names, GError **error)
{
  g_autofree char *first = ws_format_name (names->pdata[0]);
  g_autofree char *second = ws_format_name (names->pdata[1]);

  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("folder '%s' holds several checkpoints ('%s', '%s'%s): name the file to open"),
               folder, first, second, names->len > 2 ? ", …" : "");
  return FALSE;
}

static gboolean
fail_nothing (const char *folder, GPtrArray *names, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (other_formats); i++)
    {
      g_autoptr (GPtrArray) others = select_suffix (names, other_formats[i].suffix);

      if (others->len == 0)
        continue;
      g_autofree char *shown = ws_format_name (others->pdata[0]);
      g_set_error (
          error, WS_ERROR, WS_ERROR_UNSUPPORTED,
          _ ("folder '%s' holds no safetensors file, and %s files ('%s') are not read yet"), folder,
          other_formats[i].format, shown);
      return FALSE;
    }
  g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
               _ ("folder '%s' holds no checkpoint: no .safetensors file is in it"), folder);
  return FALSE;
}

static gboolean
use_index (WsModelFiles *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autoptr (WsSource) source = ws_folder_open (self->folder, name, cancellable, error);

  if (!source || !ws_shard_index_read (&self->index, source, cancellable, error))
    return FALSE;
  self->index_name = g_strdup (name);
  self->names = g_ptr_array_ref (self->index.shards);
  self->sharded = TRUE;
  return TRUE;
}

static gboolean
use_file (WsModelFiles *self, const char *name)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->names, g_strdup (name));
  return TRUE;
}

/* All the shards that @name says there are, be they there or not. */
static gboolean
use_shards (WsModelFiles *self, const char *name, gsize stem_length, guint n_shards)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 1; i <= n_shards; i++)
    g_ptr_array_add (self->names, g_strdup_printf ("%.*s-%05u-of-%05u" SUFFIX, (int) stem_length,
                                                   name, i, n_shards));
  self->sharded = TRUE;
  return TRUE;
}

/* Whether all of @names are shards of the checkpoint of the first one. */
static gboolean
are_shards_of_one (GPtrArray *names, gsize *stem_length, guint *n_shards)
{
  const char *first = names->pdata[0];
  guint number;

  if (!parse_shard_name (first, stem_length, &number, n_shards))
    return FALSE;
  for (guint i = 0; i < names->len; i++)
    {
      gsize other_length;
      guint other_n;

      if (!parse_shard_name (names->pdata[i], &other_length, &number, &other_n) ||
          other_length != *stem_length || strncmp (first, names->pdata[i], *stem_length) != 0 ||
          other_n != *n_shards || number < 1 || number > other_n)
        return FALSE;
    }
  return TRUE;
}

static gboolean
find_in_folder (WsModelFiles *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = ws_folder_list_names (self->folder, cancellable, error);
  gsize stem_length;
  guint n_shards;

  if (!names)
    return FALSE;

  g_autoptr (GPtrArray) indexes = select_suffix (names, INDEX_SUFFIX);
  if (g_ptr_array_find_with_equal_func (indexes, "model" INDEX_SUFFIX, g_str_equal, NULL))
    return use_index (self, "model" INDEX_SUFFIX, cancellable, error);
  if (indexes->len == 1)
    return use_index (self, indexes->pdata[0], cancellable, error);
  if (indexes->len > 1)
    return fail_several (self->folder->path, indexes, error);

  g_autoptr (GPtrArray) files = select_suffix (names, SUFFIX);
  if (g_ptr_array_find_with_equal_func (files, "model" SUFFIX, g_str_equal, NULL))
    return use_file (self, "model" SUFFIX);
  if (files->len == 0)
    return fail_nothing (self->folder->path, names, error);
  if (are_shards_of_one (files, &stem_length, &n_shards))
    return use_shards (self, files->pdata[0], stem_length, n_shards);
  if (files->len > 1)
    return fail_several (self->folder->path, files, error);
  return use_file (self, files->pdata[0]);
}

gboolean
ws_model_files_find (WsModelFiles *self, const WsFolder *folder, const char *name,
                     GCancellable *cancellable, GError **error)
{
  gsize stem_length;
  guint number, n_shards;

  self->folder = folder;
  if (name == NULL)
    return find_in_folder (self, cancellable, error);
  if (g_str_has_suffix (name, ".json"))
    return use_index (self, name, cancellable, error);
  self->is_part = parse_shard_name (name, &stem_length, &number, &n_shards) && n_shards > 1;
  return use_file (self, name);
}

void
ws_model_files_clear (WsModelFiles *self)
{
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->index_name, g_free);
  ws_shard_index_clear (&self->index);
}
