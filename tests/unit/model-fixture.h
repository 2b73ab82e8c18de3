/* SPDX-License-Identifier: MIT */
/* A folder of checkpoints for a test, and what is found in it. */
#pragma once

#include "model/model.h"

#define INDEX "model.safetensors.index.json"
#define SHARD_1 "model-00001-of-00002.safetensors"
#define SHARD_2 "model-00002-of-00002.safetensors"

typedef struct
{
  char *folder;
} Fixture;

void set_up (Fixture *self, gconstpointer data);
void tear_down (Fixture *self, gconstpointer data);

void write_text (Fixture *self, const char *name, const char *text);
/* A file of tensors, one for each of @entries (NULL at the end): "name" is F32 of 2 x 3, and
 * "name:DTYPE:BYTES:SHAPE" what it says. */
void write_tensors (Fixture *self, const char *name, const char *const *entries);
#define WRITE(self, name, ...)                                                                     \
  write_tensors (self, name, (const char *const[]){ __VA_ARGS__, NULL })

/* Opens @name in the folder; "" is the folder itself. */
WsModel *open_name (Fixture *self, const char *name, gboolean allow_missing, GError **error);
WsModel *open_folder (Fixture *self);
void assert_refused (Fixture *self, const char *name, GQuark domain, int code, const char *part);

const WsTensor *get_tensor (const WsModel *model, guint i);
const WsTensor *find_tensor (const WsModel *model, const char *name);
gboolean has_sentence (GPtrArray *sentences, const char *part);
gboolean has_warning (const WsModel *model, const char *part);
