/* SPDX-License-Identifier: MIT */
/* How a person last had embeddings clustered. */
#include "cluster-settings.h"

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
  ws_cluster_settings_get_machine (options);
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
ws_cluster_settings_get_machine (WsClusterOptions *options)
{
  GSettings *settings = ws_settings_get_default ();

  options->n_threads = g_settings_get_uint (settings, "threads");
  options->memory_limit = g_settings_get_uint64 (settings, "memory-limit");
}
