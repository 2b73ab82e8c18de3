/* SPDX-License-Identifier: MIT */
/* The files that are chosen, against what is on the disk. */
#pragma once

#include "disk-room.h"
#include "file-list.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_bytes_missing; /* to be fetched */
  guint64 n_bytes_lacking; /* of room for them */
  gboolean can_be_opened;  /* all stand under their names, with weights that can be opened */
} WsHubTotal;

/* @room: (nullable): nothing is known of the disk yet */
WsHubTotal ws_hub_total_count (WsFileList *files, const WsDiskRoom *room);

/* "7.9 GB of 24 GB · 51 GB free on /home" (transfer full) */
char *ws_hub_total_describe (const WsHubTotal *self, WsFileList *files, const WsDiskRoom *room);

G_END_DECLS
