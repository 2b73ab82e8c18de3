/* SPDX-License-Identifier: MIT */
/* The command line of download as a struct: every value checked, every complaint a sentence. */
#pragma once

#include "analysis/shard-parts.h"
#include "hub/settings.h"

G_BEGIN_DECLS

typedef struct
{
  WsHubSettings settings; /* of the environment, and what the options change */
  WsHubName name;
  char *out;                 /* (nullable): a plain folder */
  char **include, **exclude; /* (nullable) */
  WsModelPart part;
  gboolean dry_run, ignore_free_space, quiet, help;
} CliDownloadOptions;

void cli_download_options_clear (CliDownloadOptions *self);

/* Parses @arguments (the command and what follows it).
 * Returns: FALSE with @error (G_OPTION_ERROR, WS_ERROR_ARGUMENT, WS_HUB_ERROR_NAME): wrong usage.
 * With --help among them, TRUE and nothing else is checked. */
gboolean cli_download_options_parse (CliDownloadOptions *self, char **arguments, GError **error);

/* The text of "download --help". @summary: one sentence. (transfer full) */
char *cli_download_options_get_help (const char *summary);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliDownloadOptions, cli_download_options_clear)

G_END_DECLS
