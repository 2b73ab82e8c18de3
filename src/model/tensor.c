/* SPDX-License-Identifier: MIT */
/* The end of a tensor's life. */
#include "model/tensor.h"

void
ws_tensor_free (WsTensor *self)
{
  if (!self)
    return;
  ws_block_class_clear (&self->block);
  g_clear_pointer (&self->source, ws_source_unref);
  g_free (self->name);
  g_free (self);
}
