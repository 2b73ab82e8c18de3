/* SPDX-License-Identifier: MIT */
/* Which of the files beside a model has its vocabulary, and those that add to it. */
#include "base/error.h"
#include "base/format.h"
#include "model/file-kind.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Of files that are looked into in vain: parts without vocabulary, such as projectors. */
#define MAX_GGUF_FILES 4

typedef gboolean (*ReadFunc) (WsTokenizer *self, const char *text, gsize n_bytes, GError **error);

static gboolean
read_vocab_json (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  if (!tokenizer_read_vocab_json (self, text, n_bytes, 0, error))
    return FALSE;
  tokenizer_guess_kind (self);
  return TRUE;
}

static gboolean
read_added_tokens (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  return tokenizer_read_vocab_json (self, text, n_bytes, TOKEN_IS_ADDED, error);
}

/* Some give the files of tiktoken the name that those of SentencePiece have. */
static gboolean
read_model (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  return tokenizer_is_tiktoken (text, n_bytes)
             ? tokenizer_read_tiktoken (self, text, n_bytes, error)
             : tokenizer_read_sentencepiece (self, text, n_bytes, error);
}

/* The first that is there is read. sentencepiece.bpe.model is not among them: models that have it
 * number their tokens in another way than it does. */
static const struct
{
  const char *name;
  ReadFunc read;
} files[] = {
  { "tokenizer.json", tokenizer_read_json },        { "vocab.json", read_vocab_json },
  { "vocab.txt", tokenizer_read_vocab_text },       { "tokenizer.model", read_model },
  { "spiece.model", tokenizer_read_sentencepiece }, { "spm.model", tokenizer_read_sentencepiece },
  { "tiktoken.model", tokenizer_read_tiktoken },    { "qwen.tiktoken", tokenizer_read_tiktoken },
};

/* All that are there add to it. */
static const struct
{
  const char *name;
  ReadFunc read;
} additions[] = {
  { "added_tokens.json", read_added_tokens },
  { "tokenizer_config.json", tokenizer_read_config },
  { "special_tokens_map.json", tokenizer_read_config },
};

/* The whole of a small file that is what it seems to be. (transfer full) */
static char *
read_text (WsSource *source, gsize *n_bytes, GCancellable *cancellable, GError **error)
{
  g_autofree char *text =
      ws_source_read_all (source, TOKENIZER_MAX_BYTES, n_bytes, cancellable, error);
  WsFileKind kind;

  if (!text)
    return NULL;
  kind = ws_file_kind_recognise ((const guint8 *) text, MIN (*n_bytes, WS_FILE_KIND_PREFIX));
  if (kind == WS_FILE_KIND_LFS_POINTER || kind == WS_FILE_KIND_HTML)
    {
      ws_file_kind_set_error (kind, ws_source_get_name (source), error);
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* Opens @name. Returns: FALSE with @error set, but for a file that is not there: then @source is
 * NULL. */
static gboolean
open_if_there (const WsFolder *folder, const char *name, WsSource **source,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local_error = NULL;

  *source = ws_folder_open (folder, name, cancellable, &local_error);
  if (*source || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
add_file (WsTokenizer *self, WsSource *source, ReadFunc read, GError **error)
{
  g_autofree char *file = self->file;
  gsize n_bytes;
  g_autofree char *text = NULL;
  gboolean is_read;

  self->file = ws_format_name (ws_source_get_name (source));
  text = read_text (source, &n_bytes, self->cancellable, error);
  is_read = text && read (self, text, n_bytes, error);
  g_free (self->file);
  self->file = g_steal_pointer (&file);
  return is_read;
}

/* What is wrong with an addition costs its marks, not the vocabulary.
 * Returns: FALSE with @error set if it was cancelled */
static gboolean
add_additions (WsTokenizer *self, const WsFolder *folder, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (additions); i++)
    {
      g_autoptr (WsSource) source = NULL;
      g_autoptr (GError) local_error = NULL;

      if ((open_if_there (folder, additions[i].name, &source, self->cancellable, &local_error) &&
           source == NULL) ||
          (source && add_file (self, source, additions[i].read, &local_error)))
        continue;
      if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      if (self->warning == NULL)
        self->warning = g_strdup_printf (_ ("Not all is known of added and special tokens: %s."),
                                         local_error->message);
    }
  return TRUE;
}

static WsTokenizer *
read_file (const WsFolder *folder, WsSource *source, ReadFunc read, GCancellable *cancellable,
           GError **error)
{
  g_autoptr (WsTokenizer) self = tokenizer_new (ws_source_get_name (source), cancellable);

  if (!add_file (self, source, read, error) || !add_additions (self, folder, error) ||
      !tokenizer_finish (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static WsTokenizer *
read_gguf (WsSource *source, GCancellable *cancellable, GError **error)
{
  g_autoptr (WsTokenizer) self = tokenizer_new (ws_source_get_name (source), cancellable);

  return tokenizer_read_gguf (self, source, error) && tokenizer_finish (self, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/* The first that has a vocabulary. NULL without @error set: there is no such file. */
static WsTokenizer *
read_any_gguf (const WsFolder *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) names = ws_folder_list_names (folder, cancellable, error);
  g_autoptr (GError) first_error = NULL;
  WsTokenizer *self = NULL;
  guint n = 0;

  for (guint i = 0; names && i < names->len && n < MAX_GGUF_FILES && !self; i++)
    {
      g_autoptr (WsSource) source = NULL;
      GError **failure = first_error == NULL ? &first_error : NULL;

      if (!g_str_has_suffix (names->pdata[i], ".gguf") || strstr (names->pdata[i], "mmproj"))
        continue;
      n++;
      source = ws_folder_open (folder, names->pdata[i], cancellable, failure);
      self = source ? read_gguf (source, cancellable, failure) : NULL;
    }
  if (!self && first_error)
    g_propagate_error (error, g_steal_pointer (&first_error));
  return self;
}

WsTokenizer *
ws_tokenizer_read (const WsFolder *folder, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (folder != NULL, NULL);

  g_autoptr (GError) local_error = NULL;
  WsTokenizer *self;

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autoptr (WsSource) source = NULL;

      if (!open_if_there (folder, files[i].name, &source, cancellable, error))
        return NULL;
      if (source)
        return read_file (folder, source, files[i].read, cancellable, error);
    }
  self = read_any_gguf (folder, cancellable, &local_error);
  if (!self && local_error)
    g_propagate_error (error, g_steal_pointer (&local_error));
  else if (!self)
    g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                 _ ("there is no vocabulary in '%s': no tokenizer.json or other file of one"),
                 folder->path);
  return self;
}

WsTokenizer *
ws_tokenizer_read_model (const WsModel *model, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (model != NULL && model->folder != NULL, NULL);

  if (model->sources->len > 0 &&
      g_str_has_suffix (ws_source_get_name (model->sources->pdata[0]), ".gguf"))
    return read_gguf (model->sources->pdata[0], cancellable, error);
  return ws_tokenizer_read (model->folder, cancellable, error);
}
