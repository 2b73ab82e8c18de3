/* SPDX-License-Identifier: MIT */
/* What the files of a run share; and the seam between a run and the numerics, where a test gives
 * matrices that are slow, fail or hang. */
#pragma once

#include "analysis/analysis.h"
#include "analysis/read-ahead.h"

G_BEGIN_DECLS

/* As ws_spectrum_compute. */
typedef gboolean (*WsComputeFunc) (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                                   const WsSpectrumOptions *options, const WsPlace *place,
                                   WsShareFunc share_func, gpointer user_data,
                                   GCancellable *cancellable, GError **error);

/* Two locks: `mutex` guards the state and is held for moments; `telling` is held while a callback
 * runs, so that callbacks come one at a time and a slow one stops nobody who has nothing to tell.
 */
struct _WsAnalysis
{
  WsAnalysisOptions options;
  WsStore *store; /* (nullable) borrowed */
  WsAnalysisCallbacks callbacks;
  WsComputeFunc compute;
  GCancellable *cancellable; /* (nullable) borrowed, of the run */
  WsTeam *team;

  GMutex telling;

  GMutex mutex; /* guards all below */
  GCond changed;
  WsSchedule schedule;
  WsReadAhead read_ahead;
  double share; /* largest so far */
  gboolean paused;
  guint n_workers;      /* threads that are alive */
  guint n_on_processor; /* of them: working for the processor */
  guint n_helping;      /* of them: without a job, sharing that of another one */
  const WsTensor *current;

  WsBackend *backend; /* (owned) (nullable): kept when it has stopped, for its name */
  gboolean device_stopped;
  guint n_failures_in_a_row; /* of the solutions of the device */
  char *device_note;         /* (owned) (nullable) */
  guint n_on_device, n_faults;
  WsSpeed device_speed; /* all lanes together; all zero: nothing has been computed there */
  guint n_learnt;       /* matrices that the speed of the processor was learnt from */

  GPtrArray *unsaved; /* (element-type WsResult) that the store refused */
  gint64 store_retry_usec;
  gboolean store_warned;
};

/* Before the run: instead of the device that the options ask for. @backend: borrowed. */
void _ws_analysis_set_backend (WsAnalysis *self, WsBackend *backend);

/* Before the run. */
void _ws_analysis_set_compute (WsAnalysis *self, WsComputeFunc compute);

/* With the mutex: the state has changed; all that wait or help look again. */
void _ws_analysis_notify (WsAnalysis *self);

/* Saves and tells. Without the mutex. */
void _ws_analysis_finish_job (WsAnalysis *self, WsJob *job, WsResult *result);
void _ws_analysis_warn (WsAnalysis *self, const char *sentence);

/* The body of a thread, until there is nothing left to do.
 * @is_lane: it takes tasks for the device, as long as there are any */
void _ws_analysis_work (WsAnalysis *self, gboolean is_lane);

G_END_DECLS
