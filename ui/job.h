/* SPDX-License-Identifier: MIT */
/* Core code on a thread: the one door between the window and what blocks. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WsJob WsJob;

/* What a job does. The worker and the main thread share @data only: what they both change in it
 * they guard themselves. */
typedef struct
{
  /* On a thread: the work. Returns FALSE with @error set on failure. */
  gboolean (*run) (WsJob *job, gpointer data, GError **error);
  /* On the main thread, some time after ws_job_report; NULL if the job has nothing to report.
   * Returns TRUE to be called again when the main loop is idle (there was more than fits a frame).
   */
  gboolean (*report) (gpointer owner, gpointer data);
  /* On the main thread, once, after the last report; @error is NULL on success. */
  void (*done) (gpointer owner, gpointer data, const GError *error);
  /* On any thread, when nothing looks at @data any more. */
  GDestroyNotify free_data;
} WsJobKind;

/* Begins a job for @owner, a GObject, that is not kept alive by it: when it is gone, or
 * ws_job_abandon was called, nothing of the job arrives any more. Takes @data. @kind is static.
 * The program does not end before the job has. (transfer full) */
WsJob *ws_job_start (const WsJobKind *kind, gpointer owner, gpointer data);
void ws_job_unref (WsJob *self);

GCancellable *ws_job_get_cancellable (WsJob *self);
gpointer ws_job_get_data (WsJob *self);

/* On the worker: have `report` called. However often this is called, one idle is pending at most.
 */
void ws_job_report (WsJob *self);

/* Main thread: ask the work to end; `done` is still called. */
void ws_job_cancel (WsJob *self);
/* Main thread: cancel, and let nothing of it arrive. */
void ws_job_abandon (WsJob *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsJob, ws_job_unref)

G_END_DECLS
