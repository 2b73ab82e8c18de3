/* SPDX-License-Identifier: MIT */
/* A checkpoint that was opened: its tensors and facts. Only headers have been read. */
#pragma once

#include "model/config.h"
#include "model/tensor.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;     /* as given, made absolute; of a model elsewhere: "hf:org/name@commit" */
  char *title;    /* for people: folder or file name, or the Hub id for a cache snapshot */
  char *model_id; /* from the folder's own metadata (Hub cache layout), else NULL; never guessed */
  char *revision; /* commit, from the same, else NULL */
  GPtrArray *tensors;  /* (element-type WsTensor) sorted: layer ascending, 0 first, no layer last,
                        * then by name (ws_compare_natural) */
  GPtrArray *sources;  /* (element-type WsSource) the files, in the order of their names */
  GPtrArray *warnings; /* (element-type utf8) translated sentences on what needs attention:
                        * unlisted tensors, config unreadable, ... */
  GPtrArray *notes;    /* (element-type utf8) translated sentences on what is as it should be:
                        * output tied to the embedding */
  WsFolder *folder;    /* (owned reference) where the files are, and what lies beside them */
  WsConfig config;
  guint64 n_parameters;    /* elements of all tensors but buffers and quant_aux */
  guint64 n_bytes;         /* of all tensors */
  guint n_shards_missing;  /* their tensors are not listed */
  guint n_tensors_missing; /* in those shards, as far as an index tells */
  gboolean is_part;        /* they were left out on purpose when the model was downloaded */
  char *embedding_shard;   /* (owned) (nullable): the first of them that holds token embeddings */
  gboolean output_tied;    /* no output matrix of its own, and config or the absence says tied */
  int ref_count;
} WsModel;

/* Opens a folder (with or without an index), the root folder of a model in the Hub's cache, an
 * index file or one checkpoint file. Reads headers only. A shard that is missing is an error,
 * unless @allow_missing, or unless those that are were left out on purpose (base/part-note.h): then
 * a warning, and the tensors of the other shards are listed. Tensors that a shard has but the index
 * lacks are left out, with a warning. Errors: WS_ERROR_FORMAT, _UNSUPPORTED, _NOT_FOUND, _ARGUMENT
 * (a folder with several checkpoints or snapshots: the user must say which); G_IO_ERROR. */
WsModel *ws_model_open (const char *path, gboolean allow_missing, GCancellable *cancellable,
                        GError **error);

/* The same for what is in @folder, wherever it lies.
 * @name: (nullable): the index or the checkpoint in it */
WsModel *ws_model_open_in (WsFolder *folder, const char *name, gboolean allow_missing,
                           GCancellable *cancellable, GError **error);

/* The folder of the model shipped with the program: $WEIGHTSCOPE_SAMPLE, the build's source tree
 * when run from there, else the installed data folder. (transfer full); NULL if not found. */
char *ws_model_find_sample (GError **error);

/* Thread-safe; a model never changes once opened. */
WsModel *ws_model_ref (WsModel *self);
void ws_model_unref (WsModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsModel, ws_model_unref)

G_END_DECLS
