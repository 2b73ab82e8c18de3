/* SPDX-License-Identifier: MIT */
/* What the files of the options share. */
#pragma once

#include "cli/options.h"

G_BEGIN_DECLS

/* Sets @error to "--OPTION does not take 'VALUE': expected ACCEPTED". Returns: FALSE. */
gboolean _cli_options_refuse (GError **error, const char *option, const char *value,
                              const char *accepted);
/* @text: NULL: @value is left alone. */
gboolean _cli_options_parse_integer (const char *option, const char *text, guint64 min, guint64 max,
                                     guint64 *value, GError **error);

/* The words of CLI_OPTIONS_CLUSTERS as they were given. */
typedef struct
{
  char *k, *max_k, *criterion, *normalize, *tensor, *representatives;
} CliClusterWords;

void _cli_cluster_words_clear (CliClusterWords *self);
void _cli_cluster_words_add_entries (CliClusterWords *self, GOptionContext *context);
/* What of the clusters @options has from other groups is taken over. */
gboolean _cli_cluster_words_parse (CliClusterWords *self, CliOptions *options, GError **error);

G_END_DECLS
