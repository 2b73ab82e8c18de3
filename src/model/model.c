/* SPDX-License-Identifier: MIT */
/* Opening a checkpoint: its files, their headers, and the list of tensors that they make. */
#include "model/model.h"

#include "base/error.h"
#include "base/format.h"
#include "base/part-note.h"
#include "model/absent-tensors.h"
#include "model/hub-folder.h"
#include "model/model-facts.h"
#include "model/model-files.h"
#include "model/safetensors.h"

#include <config.h> /* of the build, not ours */
#include <glib/gi18n-lib.h>
#include <string.h>

/* Names of missing shards and unlisted tensors that a sentence gives before it ends in "…". */
#define N_NAMES_SHOWN 2

/* What is collected while the files are read. */
typedef struct
{
  WsModel *model;
  const WsModelFiles *files;
  gboolean allow_missing;
  GCancellable *cancellable;
  GPtrArray *sources;  /* (element-type WsSource) by shard; NULL where it is missing */
  GPtrArray *missing;  /* (element-type utf8) names of shards, borrowed */
  GPtrArray *unlisted; /* (element-type utf8) names of tensors */
  guint8 *is_found;    /* by entry of the index; NULL without */
  guint8 *is_missing;  /* by shard */
} Loading;

static void
loading_clear (Loading *self)
{
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->missing, g_ptr_array_unref);
  g_clear_pointer (&self->unlisted, g_ptr_array_unref);
  g_clear_pointer (&self->is_found, g_free);
  g_clear_pointer (&self->is_missing, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Loading, loading_clear)

static void
warn (WsModel *self, char *sentence)
{
  g_ptr_array_add (self->warnings, sentence);
}

/* Returns: (transfer full): "'a', 'b', 'c', …" */
static char *
list_names (GPtrArray *names)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, N_NAMES_SHOWN); i++)
    {
      g_autofree char *shown = ws_format_name (names->pdata[i]);

      g_string_append_printf (text, "%s'%s'", i > 0 ? ", " : "", shown);
    }
  if (names->len > N_NAMES_SHOWN)
    g_string_append (text, ", …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- one file --- */

/* Opens shard @i, and says that its header will be read: those of a server come all at once. If it
 * is missing, @self notes that. */
static gboolean
open_shard (Loading *self, guint i, GError **error)
{
  WsSource **source = (WsSource **) &self->sources->pdata[i];
  const char *name = self->files->names->pdata[i];
  g_autoptr (GError) local_error = NULL;

  *source = ws_folder_open (self->files->folder, name, self->cancellable, &local_error);
  if (*source)
    {
      ws_source_prefetch (*source, 0, 1);
      return TRUE;
    }
  if (!self->files->sharded || !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  self->is_missing[i] = TRUE;
  g_ptr_array_add (self->missing, (char *) name);
  return TRUE;
}

/* Whether the index says that @tensor lies in shard @i; without index, all do. */
static gboolean
take_from_index (Loading *self, const WsTensor *tensor, guint i)
{
  if (!self->files->index_name)
    return TRUE;

  const WsShardEntry *entry = ws_shard_index_find (&self->files->index, tensor->name);
  if (!entry || entry->shard != i)
    {
      g_ptr_array_add (self->unlisted, g_strdup (tensor->name));
      return FALSE;
    }
  self->is_found[entry - &g_array_index (self->files->index.entries, WsShardEntry, 0)] = TRUE;
  return TRUE;
}

static gboolean
load_shard (Loading *self, guint i, GError **error)
{
  WsSource *source = self->sources->pdata[i];

  if (!source)
    return TRUE;

  g_autoptr (GPtrArray) tensors = ws_safetensors_read (source, self->cancellable, error);
  if (!tensors)
    return FALSE;
  g_ptr_array_set_free_func (tensors, NULL); /* each goes one of two ways */
  for (guint j = 0; j < tensors->len; j++)
    {
      WsTensor *tensor = tensors->pdata[j];

      if (take_from_index (self, tensor, i))
        g_ptr_array_add (self->model->tensors, tensor);
      else
        ws_tensor_free (tensor);
    }
  g_ptr_array_add (self->model->sources, ws_source_ref (source));
  return TRUE;
}

/* --- all files together --- */

/* Every entry of the index was found in its shard, if that shard is there. */
static gboolean
check_index_is_met (const Loading *self, GError **error)
{
  const WsShardIndex *index = &self->files->index;

  for (guint i = 0; self->is_found && i < index->entries->len; i++)
    {
      const WsShardEntry *entry = &g_array_index (index->entries, WsShardEntry, i);

      if (self->is_found[i] || self->is_missing[entry->shard])
        continue;
      g_autofree char *tensor = ws_format_name (entry->tensor);
      g_autofree char *shard = ws_format_name (index->shards->pdata[entry->shard]);
      g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                   _ ("tensor '%s' is not in '%s', where '%s' says it is"), tensor, shard,
                   self->files->index_name);
      return FALSE;
    }
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(WsTensor *const *) a)->name, (*(WsTensor *const *) b)->name);
}

/* Each file was checked by itself, and an index names each tensor once; shards without an index
 * may still repeat each other. */
static gboolean
check_names_differ (const WsModel *self, GError **error)
{
  g_ptr_array_sort (self->tensors, compare_names);
  for (guint i = 1; i < self->tensors->len; i++)
    {
      const WsTensor *first = self->tensors->pdata[i - 1];
      const WsTensor *second = self->tensors->pdata[i];

      if (strcmp (first->name, second->name) != 0)
        continue;
      g_autofree char *shown = ws_format_name (second->name);
      g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("tensor '%s' is in both '%s' and '%s'"),
                   shown, ws_source_get_name (first->source), ws_source_get_name (second->source));
      return FALSE;
    }
  return TRUE;
}

/* Whether a note beside the model tells that all shards that are missing were not wanted. */
static gboolean
are_missing_on_purpose (const Loading *self)
{
  g_auto (GStrv) left_out = ws_part_note_read (self->files->folder->path);

  if (left_out == NULL)
    return FALSE;
  for (guint i = 0; i < self->missing->len; i++)
    if (!g_strv_contains ((const char *const *) left_out, self->missing->pdata[i]))
      return FALSE;
  return TRUE;
}

/* What the index tells of the shards that are missing. */
static void
note_absent_tensors (const Loading *self)
{
  const WsShardIndex *index = &self->files->index;
  WsModel *model = self->model;

  model->is_part = are_missing_on_purpose (self);
  if (self->files->index_name == NULL)
    return;
  model->n_tensors_missing = ws_absent_tensors_count (index, self->is_missing);
  model->embedding_shard = g_strdup (ws_absent_tensors_find_embedding (index, self->is_missing));
}

/* All shards that are there have been read, so that the sentence can tell of all that are not. */
static gboolean
check_shards_are_there (const Loading *self, GError **error)
{
  guint n_missing = self->missing->len;
  guint n_shards = self->files->names->len;

  self->model->n_shards_missing = n_missing;
  if (n_missing > 0)
    note_absent_tensors (self);
  if (n_missing > 0 && n_missing == n_shards && n_shards > 1)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND, _ ("all shards are missing in '%s'"),
                   self->files->folder->path);
      return FALSE;
    }
  if (n_missing == 0 || ((self->allow_missing || self->model->is_part) && n_missing < n_shards))
    return TRUE;

  g_autofree char *names = list_names (self->missing);
  g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
               ngettext ("%u of %u shards is missing in '%s': %s",
                         "%u of %u shards are missing in '%s': %s", n_missing),
               n_missing, n_shards, self->files->folder->path, names);
  return FALSE;
}

/* What was downloaded in part, and how much of it is not here. */
static void
warn_of_part (const Loading *self)
{
  const guint n_missing = self->missing->len, n_shards = self->files->names->len;
  const guint n_absent = self->model->n_tensors_missing;

  if (n_absent > 0)
    warn (self->model,
          g_strdup_printf (ngettext ("This is a part of the model, as it was downloaded: %u of its "
                                     "%u tensors is absent, in %u of %u files.",
                                     "This is a part of the model, as it was downloaded: %u of its "
                                     "%u tensors are absent, in %u of %u files.",
                                     n_absent),
                           n_absent, self->files->index.entries->len, n_missing, n_shards));
  else
    warn (self->model, g_strdup_printf (_ ("This is a part of the model, as it was downloaded: %u "
                                           "of its %u files are absent."),
                                        n_missing, n_shards));
}

static void
warn_of_gaps (const Loading *self)
{
  guint n_missing = self->missing->len;
  guint n_unlisted = self->unlisted->len;

  if (n_missing > 0 && self->model->is_part)
    warn_of_part (self);
  else if (n_missing > 0)
    {
      g_autofree char *names = list_names (self->missing);

      warn (
          self->model,
          g_strdup_printf (ngettext ("%u shard is missing, and its tensors are not listed: %s.",
                                     "%u shards are missing, and their tensors are not listed: %s.",
                                     n_missing),
                           n_missing, names));
    }
  if (n_unlisted > 0)
    {
      g_autofree char *names = list_names (self->unlisted);

      warn (self->model,
            g_strdup_printf (
                ngettext ("%u tensor is in a shard but not in the index, and is left out: %s.",
                          "%u tensors are in shards but not in the index, and are left out: %s.",
                          n_unlisted),
                n_unlisted, names));
    }
  if (self->files->is_part)
    warn (self->model,
          g_strdup (_ ("This file is one shard of several: the others are not listed.")));
}

static gboolean
load_files (WsModel *self, const WsModelFiles *files, gboolean allow_missing,
            GCancellable *cancellable, GError **error)
{
  g_auto (Loading) loading = {
    .model = self,
    .files = files,
    .allow_missing = allow_missing,
    .cancellable = cancellable,
    .sources = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_source_unref),
    .missing = g_ptr_array_new (),
    .unlisted = g_ptr_array_new_with_free_func (g_free),
    .is_found = files->index_name ? g_new0 (guint8, files->index.entries->len) : NULL,
    .is_missing = g_new0 (guint8, files->names->len),
  };

  g_ptr_array_set_size (loading.sources, (int) files->names->len);
  for (guint i = 0; i < files->names->len; i++)
    if (!open_shard (&loading, i, error))
      return FALSE;
  for (guint i = 0; i < files->names->len; i++)
    if (!load_shard (&loading, i, error))
      return FALSE;
  if (!check_shards_are_there (&loading, error) || !check_index_is_met (&loading, error) ||
      !check_names_differ (self, error))
    return FALSE;
  warn_of_gaps (&loading);
  ws_model_derive_facts (self, loading.missing->len == 0 && !files->is_part);
  return TRUE;
}

static void
read_config (WsModel *self, const WsFolder *folder)
{
  g_autoptr (GError) error = NULL;

  if (!ws_config_read (&self->config, folder, &error))
    warn (self, g_strdup_printf (_ ("The configuration is not used: %s."), error->message));
}

static void
take_facts (WsModel *self, const WsFolder *folder)
{
  self->model_id = g_strdup (folder->model_id);
  self->revision = g_strdup (folder->revision);
  for (guint i = 0; i < folder->warnings->len; i++)
    warn (self, g_strdup (folder->warnings->pdata[i]));
}

static char *
make_title (const WsModel *self, const WsModelFiles *files)
{
  g_autofree char *name =
      g_path_get_basename (files->index_name ? files->folder->path : self->path);

  return self->model_id ? g_strdup (self->model_id) : ws_format_name (name);
}

WsModel *
ws_model_open_in (WsFolder *folder, const char *name, gboolean allow_missing,
                  GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (folder != NULL, NULL);

  g_autoptr (WsModel) self = g_new0 (WsModel, 1);
  g_auto (WsModelFiles) files = { 0 };

  self->ref_count = 1;
  self->folder = ws_folder_ref (folder);
  self->path = name ? g_build_filename (folder->path, name, NULL) : g_strdup (folder->path);
  self->tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_tensor_free);
  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_source_unref);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->notes = g_ptr_array_new_with_free_func (g_free);

  take_facts (self, folder);
  if (!ws_model_files_find (&files, folder, name, cancellable, error))
    return NULL;
  read_config (self, folder);
  self->title = make_title (self, &files);
  if (!load_files (self, &files, allow_missing, cancellable, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The folder of a path of the file system. @name: (out) (transfer full): NULL: the folder itself */
static WsFolder *
open_local_folder (const char *path, char **name, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder_path = NULL;
  WsFolder *folder;

  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    folder_path = ws_hub_folder_resolve (path, cancellable, error);
  else
    {
      folder_path = g_path_get_dirname (path);
      *name = g_path_get_basename (path);
    }
  if (!folder_path)
    return NULL;
  folder = ws_folder_new_local (folder_path);
  ws_hub_folder_parse (folder_path, &folder->model_id, &folder->revision);
  return folder;
}

WsModel *
ws_model_open (const char *path, gboolean allow_missing, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *name = NULL;
  g_autoptr (WsFolder) folder = open_local_folder (absolute, &name, cancellable, error);
  WsModel *self =
      folder ? ws_model_open_in (folder, name, allow_missing, cancellable, error) : NULL;

  if (self)
    {
      /* not the snapshot that the root of a cached model stands for */
      g_free (self->path);
      self->path = g_steal_pointer (&absolute);
    }
  return self;
}

char *
ws_model_find_sample (GError **error)
{
  const char *named = g_getenv ("WEIGHTSCOPE_SAMPLE");
  const char *const folders[] = { WS_SOURCE_SAMPLE_DIR, WS_DATA_DIR "/sample" };

  if (named)
    {
      if (g_file_test (named, G_FILE_TEST_EXISTS))
        return g_strdup (named);
      g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                   _ ("'%s', named by WEIGHTSCOPE_SAMPLE, is not there"), named);
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    if (g_file_test (folders[i], G_FILE_TEST_IS_DIR))
      return g_strdup (folders[i]);
  g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND, _ ("the sample model is not installed in '%s'"),
               WS_DATA_DIR "/sample");
  return NULL;
}

WsModel *
ws_model_ref (WsModel *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_model_unref (WsModel *self)
{
  if (!self || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_clear_pointer (&self->tensors, g_ptr_array_unref);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->notes, g_ptr_array_unref);
  g_clear_pointer (&self->folder, ws_folder_unref);
  ws_config_clear (&self->config);
  g_free (self->embedding_shard);
  g_free (self->path);
  g_free (self->title);
  g_free (self->model_id);
  g_free (self->revision);
  g_free (self);
}
