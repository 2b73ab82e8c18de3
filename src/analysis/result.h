/* SPDX-License-Identifier: MIT */
/* What is known of one matrix: a row of every table. Immutable once shared between threads. */
#pragma once

#include "model/model.h"
#include "spectra/metrics.h"

G_BEGIN_DECLS

typedef enum
{
  WS_STATE_PENDING, /* not computed yet */
  WS_STATE_OK,
  WS_STATE_VECTOR,      /* 1-D, 0-D or a stack of biases: statistics, no spectrum */
  WS_STATE_BUFFER,      /* not learned, or quantisation data: its elements are not read */
  WS_STATE_EMPTY,       /* no elements */
  WS_STATE_ZERO,        /* every element is 0 */
  WS_STATE_NONFINITE,   /* NaN or Inf: statistics over finite values, no spectrum */
  WS_STATE_UNSUPPORTED, /* quantised without known scales, or a type that is not read */
  WS_STATE_TOO_LARGE,   /* does not fit the memory limit */
  WS_STATE_ERROR,
  WS_STATE_CANCELLED, /* this run was interrupted before it was done */
} WsState;

/* "pending", "ok", "vector", ... */
const char *ws_state_get_key (WsState state);
gboolean ws_state_from_key (const char *key, WsState *state);
/* For people, translated: "done", "vector", "not finite", ... */
const char *ws_state_get_title (WsState state);

typedef struct
{
  WsModel *model;         /* (owned reference) */
  const WsTensor *tensor; /* of @model */
  int slice;              /* -1, or the expert of a packed tensor */
  guint64 n_rows, n_cols; /* of the matrix view */
  WsState state;
  char *error_message;                   /* (owned) of state ERROR; else NULL */
  guint64 n_bytes_needed, n_bytes_limit; /* of state TOO_LARGE; else 0 */
  WsSpectrum spectrum;
  WsMetrics metrics;   /* NAN while pending */
  gboolean from_store; /* not computed in this session */
  int ref_count;
} WsResult;

/* A result as its header decides: mostly pending; EMPTY, BUFFER and UNSUPPORTED are final. Metrics
 * that need no weights (break_even_rank, count) are there already. */
WsResult *ws_result_new_pending (WsModel *model, const WsTensor *tensor, int slice);
/* What @pending becomes with its numbers: OK, VECTOR, ZERO or NONFINITE, as the moments say.
 * @spectrum: taken; left cleared. */
WsResult *ws_result_new_finished (const WsResult *pending, WsSpectrum *spectrum,
                                  const WsMetricOptions *options);
/* What @pending becomes without numbers. @state: ERROR (with @message), CANCELLED. */
WsResult *ws_result_new_failed (const WsResult *pending, WsState state, const char *message);
WsResult *ws_result_new_too_large (const WsResult *pending, guint64 n_bytes_needed,
                                   guint64 n_bytes_limit);
WsResult *ws_result_ref (WsResult *self);
void ws_result_unref (WsResult *self);

/* Why the state is what it is, in a sentence: "3 not finite, first at row 0, column 17"; NULL if
 * nothing is to be said. @translated: FALSE for files (English), TRUE for people. (transfer full)
 */
char *ws_result_dup_note (const WsResult *self, gboolean translated);
/* The expert, from the name or the slice; -1: none. */
int ws_result_get_expert (const WsResult *self);
/* The short side: the most that a rank can be (design_rank); 0 for vectors and empty ones. */
guint64 ws_result_get_max_rank (const WsResult *self);
/* Statistics only: 0-D, 1-D, or a stack of biases. */
gboolean ws_result_is_vector (const WsResult *self);
/* Whether a run would compute anything for it: it is pending, or was interrupted. */
gboolean ws_result_needs_run (const WsResult *self);

/* Order of rows everywhere: layer ascending, 0 first, no layer last; then name, then slice. */
int ws_result_compare (const WsResult *a, const WsResult *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsResult, ws_result_unref)

G_END_DECLS
