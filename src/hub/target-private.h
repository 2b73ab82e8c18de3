/* SPDX-License-Identifier: MIT */
/* What the files about the target share. */
#pragma once

#include "hub/target.h"

G_BEGIN_DECLS

struct _WsTarget
{
  gboolean is_cache;
  gboolean has_links; /* the cache's disk takes links; else files stand in snapshots/ themselves */
  char *commit;
  char *root_path; /* models--org--name of the cache, or the plain folder */
  char *prefix;    /* of the files, below the root: "snapshots/COMMIT/" or "" */
  char *folder;    /* to be opened */
  int root;        /* of root_path */
  int parts;       /* where parts are kept */
  int locks;       /* where those of the cache are; -1 if there cannot be any */
};

/* Where huggingface_hub and we keep notes on the files of a plain folder. */
#define WS_TARGET_NOTES ".cache/huggingface/"

/* The note on @file in a plain folder: "", ".metadata" or ".lock" behind it. (transfer full) */
char *_ws_target_make_note_path (const WsHubFile *file, const char *suffix);

/* Writes @text unless it stands there already. */
gboolean _ws_target_write (WsTarget *self, const char *path, const char *text, GError **error);

G_END_DECLS
