/* SPDX-License-Identifier: MIT */
/* The options of clusters. */
#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "cli/options-private.h"

/* Far beyond what k-means could do in a lifetime, and what fits the files. */
#define MAX_K 1000000
#define MAX_REPRESENTATIVES 1000000

void
_cli_cluster_words_clear (CliClusterWords *self)
{
  g_free (self->k);
  g_free (self->max_k);
  g_free (self->criterion);
  g_free (self->normalize);
  g_free (self->tensor);
  g_free (self->representatives);
}

void
_cli_cluster_words_add_entries (CliClusterWords *self, GOptionContext *context)
{
  const GOptionEntry entries[] = {
    { "k", 'k', 0, G_OPTION_ARG_FILENAME, &self->k,
      N_ ("Make this many clusters (as many as --criterion finds)"), N_ ("N") },
    { "max-k", 0, 0, G_OPTION_ARG_FILENAME, &self->max_k, N_ ("Try no more clusters (100)"),
      N_ ("N") },
    { "criterion", 0, 0, G_OPTION_ARG_FILENAME, &self->criterion,
      N_ ("What decides how many: elbow, f-ratio or silhouette (elbow)"), N_ ("CRITERION") },
    { "normalize", 0, 0, G_OPTION_ARG_FILENAME, &self->normalize,
      N_ ("What is done to the rows first: zscore, unit, center or none (zscore)"), N_ ("HOW") },
    { "tensor", 0, 0, G_OPTION_ARG_FILENAME, &self->tensor,
      N_ ("The matrix whose rows are clustered (the embedding of the tokens)"), N_ ("NAME") },
    { "representatives", 0, 0, G_OPTION_ARG_FILENAME, &self->representatives,
      N_ ("Show this many tokens of each cluster, the nearest to its centre (10)"), N_ ("N") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

gboolean
_cli_cluster_words_parse (CliClusterWords *self, CliOptions *options, GError **error)
{
  WsClusterOptions *clusters = &options->clusters;
  guint64 k = clusters->k, k_max = clusters->k_max, n = options->n_representatives;

  if (!_cli_options_parse_integer ("k", self->k, 1, MAX_K, &k, error) ||
      !_cli_options_parse_integer ("max-k", self->max_k, 1, MAX_K, &k_max, error) ||
      !_cli_options_parse_integer ("representatives", self->representatives, 1, MAX_REPRESENTATIVES,
                                   &n, error))
    return FALSE;
  if (self->criterion && !ws_criterion_from_key (self->criterion, &clusters->criterion))
    return _cli_options_refuse (error, "criterion", self->criterion,
                                _ ("elbow, f-ratio or silhouette"));
  if (self->normalize && !ws_normalization_from_key (self->normalize, &clusters->normalization))
    return _cli_options_refuse (error, "normalize", self->normalize,
                                _ ("zscore, unit, center or none"));
  if (self->k && self->max_k)
    {
      g_set_error_literal (error, WS_ERROR, WS_ERROR_ARGUMENT,
                           _ ("--k and --max-k exclude each other: --k is how many clusters are "
                              "made, --max-k how many are tried at most"));
      return FALSE;
    }
  clusters->k = k;
  clusters->k_max = k_max;
  options->n_representatives = n;
  options->tensor = g_steal_pointer (&self->tensor);
  return TRUE;
}
