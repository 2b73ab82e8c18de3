/* SPDX-License-Identifier: MIT */
/* How far one computation has come, and whether it should go on. */
#pragma once

#include "spectra/spectrum.h"

G_BEGIN_DECLS

/* Work is counted in multiply-adds of the Gram matrix, weighted by the time that they take. The
 * reduction to bidiagonal form reads memory for half of what it does: 6 p^3 (measured at p = 2560:
 * 2.4 s, where p^3 took 0.38 s); QR takes twice the Gram matrix. */
#define WS_BIDIAGONAL_WORK 6.0
#define WS_QR_WORK 2.0
/* Widening, counting and adding up one element. */
#define WS_READ_WORK 16.0

typedef struct
{
  double total; /* multiply-adds that are to be done; may grow when a fallback is taken */
  double done;
  double share; /* told last */
  WsShareFunc share_func;
  gpointer user_data;
  WsTeam *team; /* (nullable) */
  GCancellable *cancellable;
} WsWork;

/* Returns: FALSE with G_IO_ERROR_CANCELLED when the user has had enough. */
gboolean ws_work_advance (WsWork *self, double amount, GError **error);

/* The first element that lies at a multiple of @alignment bytes. */
static inline double *
ws_align (double *values, gsize alignment)
{
  return (double *) (((gsize) values + alignment - 1) / alignment * alignment);
}

/* Zeroed. Returns: NULL with @error set when there is no memory. */
double *ws_work_allocate (gsize n, gsize m, GError **error);

G_END_DECLS
