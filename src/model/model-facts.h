/* SPDX-License-Identifier: MIT */
/* What follows from the tensors of a model taken together. */
#pragma once

#include "model/model.h"

G_BEGIN_DECLS

/* Classifies and sorts the tensors of @self, marks those that cannot be analysed, adds up the
 * totals, and adds the warnings and notes that follow. Called once, before anyone else sees @self.
 * @is_complete: no tensor is known to be missing, so that what is absent says something. */
void ws_model_derive_facts (WsModel *self, gboolean is_complete);

G_END_DECLS
