/* SPDX-License-Identifier: MIT */
/* How a person last had embeddings clustered. */
#pragma once

#include "analysis/cluster-run.h"

G_BEGIN_DECLS

/* The options of the last time; without a tensor. */
void ws_cluster_settings_get (WsClusterOptions *options);
void ws_cluster_settings_save (const WsClusterOptions *options);
/* Threads and memory as in the preferences. @is_remote: some is taken by what is read ahead. */
void ws_cluster_settings_get_machine (WsClusterOptions *options, gboolean is_remote);

G_END_DECLS
