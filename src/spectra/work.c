/* SPDX-License-Identifier: MIT */
/* How far one computation has come, and whether it should go on. */
#include "spectra/work.h"

#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

gboolean
ws_work_advance (WsWork *self, double amount, GError **error)
{
  double share;

  self->done += amount;
  share = CLAMP (self->done / self->total, self->share, 1.0);
  if (self->share_func && share > self->share)
    self->share_func (share, self->user_data);
  self->share = share;
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

double *
ws_work_allocate (gsize n, gsize m, GError **error)
{
  gsize n_elements;
  double *values = NULL;

  if (g_size_checked_mul (&n_elements, n, m) && n_elements <= G_MAXSIZE / sizeof (double))
    values = g_try_malloc0_n (n_elements, sizeof (double));
  if (values)
    ws_memory_advise_large (values, n_elements * sizeof (double));
  if (!values && n > 0 && m > 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("not enough memory for %zu × %zu numbers"), n, m);
  return values;
}
