/* SPDX-License-Identifier: MIT */
/* What is to be downloaded: the list of a model's files, which of them are wanted, and which are
 * here already. */
#pragma once

#include "cli/download-options.h"
#include "hub/hub.h"

G_BEGIN_DECLS

typedef struct
{
  const CliDownloadOptions *options;
  GCancellable *cancellable; /* (owned) */
  WsHub *hub;
  WsHubListing *listing;
  GPtrArray *rows; /* (element-type WsChoiceRow) of the listing */
  GError
      *absence; /* (nullable): why the Hub could not be asked: the listing is what it said before */
  guint n_files, n_files_here;   /* of the chosen ones */
  guint64 n_bytes, n_bytes_here; /* the same contents counted once */
} CliDownloadChoice;

/* @self: zeroed but for options and cancellable. Says on stderr what should be known before.
 * Returns: FALSE with @error set: there is no such model, nothing is wanted, or nobody can be asked
 * and not all of it is here. */
gboolean cli_download_choice_make (CliDownloadChoice *self, GError **error);
void cli_download_choice_clear (CliDownloadChoice *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliDownloadChoice, cli_download_choice_clear)

G_END_DECLS
