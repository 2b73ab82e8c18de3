/* SPDX-License-Identifier: MIT */
/* How much room there is where a model is to be saved, and what of it is there already. */
#pragma once

#include "hub/hub.h"
#include "job.h"

G_BEGIN_DECLS

/* The worker fills it; the main thread takes from it when the work is done. */
typedef struct
{
  WsHubListing *listing;
  char *folder; /* (nullable): the cache shared with huggingface_hub */

  guint64 n_bytes_free; /* for us; G_MAXUINT64: not known */
  char *disk;           /* (nullable): where it is mounted: "/home" */
  /* (element-type utf8): paths of the listing whose contents are there in full size, and those that
   * are so under their names */
  GHashTable *present, *in_place;
  char *model_folder; /* (nullable): where the model is, or would be */
} WsDiskRoom;

WsDiskRoom *ws_disk_room_new (WsHubListing *listing, const char *folder);
/* Any thread. */
void ws_disk_room_free (WsDiskRoom *self);

/* The work of a job with a WsDiskRoom as data. Makes no folder. */
gboolean ws_disk_room_execute (WsJob *job, gpointer data, GError **error);

G_END_DECLS
