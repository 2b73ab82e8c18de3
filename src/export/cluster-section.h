/* SPDX-License-Identifier: MIT */
/* What a report says of the clusters of an embedding. English, as all files are. */
#pragma once

#include "analysis/cluster-run.h"
#include "export/document.h"

G_BEGIN_DECLS

/* Adds headings of level 2: what was clustered, how the number of clusters was chosen, the
 * clusters, and what stands out among the tokens.
 * @n_members: of each cluster, that are shown
 * @figures: (nullable): the folder that ws_cluster_figures_save has written to, relative to that of
 *   the document; "" if it is the same; NULL: there are no figures */
void ws_cluster_section_add (WsDocument *document, const WsClusterStudy *study, guint n_members,
                             const char *figures);

G_END_DECLS
