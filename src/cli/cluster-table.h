/* SPDX-License-Identifier: MIT */
/* Clusters as a table of text for people. */
#pragma once

#include "analysis/cluster-run.h"
#include <stdio.h>

G_BEGIN_DECLS

/* What was clustered, why into so many, and the clusters with the tokens nearest to their centres.
 * @width: columns of the terminal; 0: as wide as it gets */
void cli_print_clusters (FILE *stream, guint width, const WsClusterStudy *study, guint n_members);

G_END_DECLS
