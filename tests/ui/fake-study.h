/* SPDX-License-Identifier: MIT */
/* Studies of embeddings made by hand: tokens in groups on a map, and the curve over k. */
#pragma once

#include "analysis/cluster-run.h"

G_BEGIN_DECLS

/* n points in @n_groups groups whose centres lie on a circle; clusterings for k = 1, 2 … 12, of
 * which that of k = n_groups has the groups as its clusters, group 0 the greatest; token i is of
 * group i mod n_groups, or, so that sizes differ, of group 0 where i is a multiple of 7. The two
 * last points are possibly untrained. Without a model and a tensor.
 * @tokenizer: (nullable) */
WsClusterStudy *fake_study_new (gsize n, guint n_groups, WsTokenizer *tokenizer);
/* The group of a point. */
guint fake_study_get_group (gsize point, guint n_groups);

/* @n tokens "word0", "word1" … read from a file below @folder. */
WsTokenizer *fake_tokenizer_new (const char *folder, guint n);

G_END_DECLS
