/* SPDX-License-Identifier: MIT */
/* A device beside the processor that takes Gram matrices and their singular values.
 *
 * The processor reads the blocks, takes the statistics of their elements, checks what comes back
 * and decides; a device only multiplies and solves. It may fail in any way: then the matrix is
 * computed by the processor instead, and its result says so. */
#pragma once

#include "matrix/blocks.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Why a matrix was not computed on the device that it was meant for. */
typedef enum
{
  WS_FAULT_NONE,
  WS_FAULT_MEMORY,  /* it does not fit the memory of the device */
  WS_FAULT_NUMERIC, /* the solver failed, or its values did not pass the checks */
  WS_FAULT_STOPPED, /* the device reported an error after which it cannot be used any more */
  WS_FAULT_TIMEOUT, /* the device did not answer */
  WS_N_FAULTS,
} WsFault;

/* "", "memory", "numeric", "stopped", "timeout" */
const char *ws_fault_get_key (WsFault fault);
gboolean ws_fault_from_key (const char *key, WsFault *fault);
/* For people: "did not fit the memory of the GPU"; NULL for NONE. @translated: FALSE for files. */
const char *ws_fault_get_sentence (WsFault fault, gboolean translated);

/* What a failing task sets; the codes are those of WsFault. */
#define WS_FAULT_ERROR (ws_fault_error_quark ())
GQuark ws_fault_error_quark (void);

/* A task: matrices of one shape that are solved together; mostly one. */
typedef struct
{
  WsDtype dtype;
  gsize p;        /* short side */
  guint64 q;      /* long side */
  guint64 n_step; /* of the blocks, see WsBlocks */
  gboolean by_columns;
  guint n_matrices;
  gboolean is_direct; /* without squaring: a direct SVD, where the Gram matrix cannot vouch */
} WsTaskShape;

typedef struct _WsBackend WsBackend;
typedef struct _WsTask WsTask;

/* All functions are called on worker threads; several tasks at a time, each on one thread. Those
 * that may wait look at @cancellable and return within 0.2 s of it, whatever the device does.
 * Errors: WS_FAULT_ERROR, or G_IO_ERROR_CANCELLED. After STOPPED or TIMEOUT no task is begun. */
typedef struct
{
  /* Whether tasks of this shape are worth the trip: small matrices are not. */
  gboolean (*accepts) (WsBackend *self, const WsTaskShape *shape);
  /* How many matrices of this shape are best solved together; 1: no batches. */
  guint (*get_batch) (WsBackend *self, const WsTaskShape *shape);
  /* Seconds for the whole task, a guess before anything was measured. */
  double (*estimate_seconds) (WsBackend *self, const WsTaskShape *shape);

  /* Reserves the memory that the task needs: MEMORY if it is not there. */
  WsTask *(*begin) (WsBackend *self, const WsTaskShape *shape, GCancellable *cancellable,
                    GError **error);
  /* Where the next block is to be read: room for its bytes as stored, owned by the task. It may
   * hold one that is still on its way to the device, so this waits. NULL on failure. */
  void *(*get_buffer) (WsTask *task, GCancellable *cancellable, GError **error);
  /* Adds a block to the Gram matrix of matrix @index of the task. block->stored: as get_buffer
   * returned it, not changed by the caller any more. Returns before the device has done it.
   * block->values: needed only if task->needs_values. */
  gboolean (*add_block) (WsTask *task, guint index, const WsBlock *block, GCancellable *cancellable,
                         GError **error);
  /* @sigma: (out): n_matrices x p, each descending
   * @gram_norm: (out): n_matrices: Frobenius norm of each Gram matrix, taken on the device before
   *   it was solved; NAN for a direct task */
  gboolean (*compute_values) (WsTask *task, double *sigma, double *gram_norm,
                              GCancellable *cancellable, GError **error);
  /* At any time, also after a failure. */
  void (*end) (WsTask *task);

  void (*close) (WsBackend *self);
} WsBackendFuncs;

/* Base of every backend. */
struct _WsBackend
{
  const WsBackendFuncs *funcs;
  const char *key; /* static, recorded with every result: "cuda" */
  char *name;      /* (owned): "NVIDIA H200" */
  guint n_lanes;   /* tasks that are worth running at the same time */
  int ref_count;
};

/* Base of every task. */
struct _WsTask
{
  WsBackend *backend;
  WsTaskShape shape;
  gboolean needs_values; /* the device cannot widen this type itself */
};

WsBackend *ws_backend_ref (WsBackend *self);
/* The last one closes it. */
void ws_backend_unref (WsBackend *self);

/* NONE if @error is not of a device. */
WsFault ws_fault_from_error (const GError *error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsBackend, ws_backend_unref)

G_END_DECLS
