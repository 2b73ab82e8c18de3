/* SPDX-License-Identifier: MIT */
/* How a person last had embeddings clustered. */
#include "cluster-settings.h"

#include "remote-model.h"
#include "settings.h"

void
ws_cluster_settings_get (WsClusterOptions *options)
{
  GSettings *settings = ws_settings_get_default ();

  ws_cluster_options_init (options);
  options->normalization = g_settings_get_enum (settings, "cluster-normalization");
  options->criterion = g_settings_get_enum (settings, "cluster-criterion");
  options->k = g_settings_get_uint (settings, "cluster-k");
  options->k_max = g_settings_get_uint (settings, "cluster-k-max");
  ws_cluster_settings_get_machine (options, FALSE);
}

void
ws_cluster_settings_save (const WsClusterOptions *options)
{
  GSettings *settings = ws_settings_get_default ();

  g_settings_set_enum (settings, "cluster-normalization", options->normalization);
  g_settings_set_enum (settings, "cluster-criterion", options->criterion);
  g_settings_set_uint (settings, "cluster-k", options->k);
  g_settings_set_uint (settings, "cluster-k-max", options->k_max);
}

void
ws_cluster_settings_get_machine (WsClusterOptions *options, gboolean is_remote)
{
  WsAnalysisOptions machine;

  ws_settings_get_analysis_options (&machine);
  if (is_remote)
    ws_remote_model_reserve (&machine);
  options->n_threads = machine.n_threads;
  options->memory_limit = machine.memory_limit;
}
