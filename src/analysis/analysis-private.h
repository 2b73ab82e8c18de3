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

/* What has been computed and is to be saved, then told. */
typedef struct
{
  WsResult *result; /* (owned) */
  guint index;      /* in the list of results */
  gboolean on_device;
  gboolean is_fault; /* meant for the device, computed by the processor */
} WsFinished;

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

  GMutex mutex;  /* guards all below */
  GCond changed; /* for those who work */
  GCond watched; /* for the one who watches them */
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

  GArray *finished;     /* (element-type WsFinished) not saved yet */
  gint64 finished_usec; /* when the first of them was */
  guint n_untold;       /* of those that are done for the schedule */
  GPtrArray *unsaved;   /* (element-type WsResult) that the store refused */
  gint64 store_retry_usec;
  gboolean store_warned;
};

/* Before the run: instead of the device that the options ask for. @backend: borrowed. */
void _ws_analysis_set_backend (WsAnalysis *self, WsBackend *backend);

/* Before the run. */
void _ws_analysis_set_compute (WsAnalysis *self, WsComputeFunc compute);

/* With the mutex: the state has changed; all that wait or help look again. */
void _ws_analysis_notify (WsAnalysis *self);
/* With the mutex: and the one who watches them, who otherwise looks every so often. */
void _ws_analysis_rouse (WsAnalysis *self);

/* @result is saved and told: at once if it took long, else together with those that come within a
 * fifth of a second. Without the mutex. */
void _ws_analysis_finish_job (WsAnalysis *self, WsJob *job, WsResult *result);
/* Saves and tells all that wait for it. Without the mutex. */
void _ws_analysis_deliver (WsAnalysis *self);
void _ws_analysis_warn (WsAnalysis *self, const char *sentence);

/* The body of a thread, until there is nothing left to do.
 * @is_lane: it takes tasks for the device, as long as there are any */
void _ws_analysis_work (WsAnalysis *self, gboolean is_lane);

G_END_DECLS
