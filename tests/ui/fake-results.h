/* SPDX-License-Identifier: MIT */
/* Results made by hand, of tensors that lie in no file: for tests of lists and tables. */
#pragma once

#include "analysis/result.h"
#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *tensors; /* WsTensor */
  GPtrArray *results; /* WsResult */
} FakeResults;

FakeResults *fake_results_new (void);
void fake_results_free (FakeResults *self);

/* Adds a finished result of a BF16 tensor "model.layers.L.NAME"; without a layer (-1) just NAME.
 * @rank90 also stands for actual_rank; NAN: unknown. Its state is OK. */
WsResult *fake_results_add (FakeResults *self, int layer, WsBlockType type, const char *name,
                            guint64 n_rows, guint64 n_cols, double rank90, double std);
/* Another result of the same matrix as @result, with another rank90. */
WsResult *fake_results_redo (FakeResults *self, const WsResult *result, double rank90);
/* As a model of @n_layers layers with seven matrices each: 4 of attention, 3 of the block. */
void fake_results_add_model (FakeResults *self, guint n_layers);

/* A GListStore of WsResultItem. (transfer full) */
GListStore *fake_results_dup_items (FakeResults *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeResults, fake_results_free)

G_END_DECLS
