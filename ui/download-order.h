/* SPDX-License-Identifier: MIT */
/* What is to be fetched, as it is remembered over the end of the program. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  char *revision; /* (nullable): as the user named it */
  char *commit;   /* 40 hex digits */
  char **paths;   /* of the files */
  char *folder;   /* (nullable): NULL: the cache shared with huggingface_hub */
  guint64 n_bytes;
  WsHubListing *listing; /* (nullable): of the commit; NULL after a restart */
} WsDownloadOrder;

/* @files: (element-type WsHubFile): of @listing */
WsDownloadOrder *ws_download_order_new (WsHubListing *listing, const char *revision,
                                        GPtrArray *files, guint64 n_bytes, const char *folder);
WsDownloadOrder *ws_download_order_copy (const WsDownloadOrder *self);
void ws_download_order_free (WsDownloadOrder *self);

/* Whether weights that can be opened are among the files. */
gboolean ws_download_order_has_weights (const WsDownloadOrder *self);

/* The same contents to the same place. */
gboolean ws_download_order_equal (const WsDownloadOrder *a, const WsDownloadOrder *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsDownloadOrder, ws_download_order_free)

G_END_DECLS
