/* SPDX-License-Identifier: MIT */
/* What of a model on the Hub is on this machine already: in the cache that is shared with
 * huggingface_hub, or in a plain folder. Only looks: makes no folder, asks nobody, and judges files
 * by their size; whether the bytes are right a download finds out. */
#pragma once

#include "base/source.h"
#include "hub/hub.h"

G_BEGIN_DECLS

/* The folder of a commit of the model @id in the shared cache, be it there or not. (transfer full)
 */
char *ws_cached_model_dup_snapshot (const WsHubSettings *settings, const char *id,
                                    const char *commit);
/* The commit that the shared cache knows @name as. (transfer full) (nullable) */
char *ws_cached_model_find_commit (const WsHubSettings *settings, const WsHubName *name);
/* The files of a commit as huggingface_hub and we note them there after a download.
 * (transfer full): NULL if they did not, or if that is no sound list. */
WsHubListing *ws_cached_model_read_listing (const WsHubSettings *settings, const char *id,
                                            const char *commit);

/* Where the files of a commit are, or would be. */
typedef struct
{
  char *folder; /* (owned): to be opened */
  char *blobs;  /* (owned) (nullable): where the cache keeps contents by their hash */
} WsModelPlace;

/* @folder: (nullable): a plain folder; NULL: the shared cache */
void ws_model_place_init (WsModelPlace *self, const WsHubSettings *settings,
                          const WsHubListing *listing, const char *folder);
void ws_model_place_clear (WsModelPlace *self);
/* Whether @file stands under its name. */
gboolean ws_model_place_has (const WsModelPlace *self, const WsHubFile *file);
/* Whether nothing of it would have to be fetched. */
gboolean ws_model_place_has_contents (const WsModelPlace *self, const WsHubFile *file);

/* (nullable): @file of that commit, if the shared cache has it whole. (transfer full) */
WsSource *ws_cached_model_open_file (const WsHubSettings *settings, const char *id,
                                     const char *commit, const WsHubFile *file);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsModelPlace, ws_model_place_clear)

G_END_DECLS
