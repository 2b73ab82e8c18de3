/* SPDX-License-Identifier: MIT */
/* The run: from pending results to finished ones, on worker threads, in any order, same numbers. */
#pragma once

#include "analysis/device.h"
#include "analysis/store.h"

G_BEGIN_DECLS

typedef struct
{
  WsDeviceKind device_kind;
  guint device_index;   /* of WS_DEVICE_CUDA */
  guint n_threads;      /* of the processor; 0: one per core */
  guint64 memory_limit; /* bytes for the run; 0: half of RAM */
  WsSpectrumOptions spectrum;
  WsMetricOptions metrics;
} WsAnalysisOptions;

/* All cores, half of RAM, the defaults of spectrum and metrics. */
void ws_analysis_options_init (WsAnalysisOptions *self);

/* A copy of the run's state, consistent. */
typedef struct
{
  guint n_done, n_total;   /* results that needed a run */
  double share;            /* of the work, in [0, 1], not decreasing */
  double seconds_left;     /* < 0: not known yet, or nothing is left */
  guint n_active;          /* matrices in work now */
  const WsTensor *current; /* the one begun last, of the model; NULL if none */
  const char *device;      /* name of the GPU that takes part, valid while the run is; NULL: none */
  guint n_on_device;       /* of n_done: computed there */
  guint n_faults;          /* of n_done: meant for it, computed by the processor */
  gboolean paused;
} WsProgress;

/* Called on worker threads and on that of ws_analysis_run, one at a time. Any may be NULL. */
typedef struct
{
  /* A finished result (transfer none), committed to the store already; @index in the list given.
   * Those of small matrices come together, within a fifth of a second. */
  void (*result) (WsResult *result, guint index, gpointer user_data);
  /* At most 20 times a second, and once at the end. */
  void (*progress) (const WsProgress *progress, gpointer user_data);
  /* For people, e.g. that the store is full; once each. */
  void (*warning) (const char *sentence, gpointer user_data);
  gpointer user_data;
} WsAnalysisCallbacks;

typedef struct _WsAnalysis WsAnalysis;

/* The rows of a model: a result for every tensor, or for every slice of a packed one, in the order
 * of ws_result_compare; those that need no run have their final state. (element-type WsResult)
 * (transfer full) */
GPtrArray *ws_analysis_plan (WsModel *model, const WsMetricOptions *options);

/* Seconds a run of the pending ones among @results would take here; a coarse guess from shapes. A
 * GPU counts once a run has learnt how fast it is; before, it only makes the run shorter than said.
 * Not for the main thread. */
double ws_analysis_estimate_seconds (GPtrArray *results, const WsAnalysisOptions *options);

/* @results: (element-type WsResult), borrowed while the run lasts, not changed by it.
 * @store: (nullable) borrowed. */
WsAnalysis *ws_analysis_new (GPtrArray *results, const WsAnalysisOptions *options, WsStore *store,
                             const WsAnalysisCallbacks *callbacks);
void ws_analysis_free (WsAnalysis *self);

/* Computes every pending result; blocks until done or cancelled. Longest first; one BLAS thread
 * per worker; a matrix is begun only when its memory fits the limit beside the others; one that
 * does not fit alone is a result with state TOO_LARGE. A result that the store refuses is offered
 * to it again at the end.
 * A matrix that fails is a result with state ERROR and its message; FALSE means that the run itself
 * stopped: G_IO_ERROR_CANCELLED within 0.5 s, or no thread could be started. */
gboolean ws_analysis_run (WsAnalysis *self, GCancellable *cancellable, GError **error);

/* After the run. Why it was computed where it was, in English, for the record: "no NVIDIA driver";
 * NULL: nothing to be said. */
const char *ws_analysis_get_device_note (const WsAnalysis *self);
/* "NVIDIA H200", "cpu". After the run. */
const char *ws_analysis_get_device_name (const WsAnalysis *self);

/* Any thread. While paused no matrix is begun; those in work are finished. */
void ws_analysis_set_paused (WsAnalysis *self, gboolean paused);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsAnalysis, ws_analysis_free)

G_END_DECLS
