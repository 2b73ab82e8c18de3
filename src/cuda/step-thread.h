/* SPDX-License-Identifier: MIT */
/* A thread of its own that takes steps, one after the other, for callers who do not wait longer
 * than they want to: calls of a driver cannot be interrupted and may never return.
 *
 * A step that does not end in time makes the thread lost. It is left alone then, with everything
 * that its steps have in hand: nobody waits for it again, nothing of it is ever freed. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WsStepThread WsStepThread;

typedef void (*WsStepFunc) (gpointer data);

/* Returns: NULL with @error set when no thread can be started. */
WsStepThread *ws_step_thread_new (const char *name, GError **error);

/* @seconds: a guess of how long it takes; 20 times that and 30 s is too long
 * Returns: the number of the step, for ws_step_thread_wait. */
guint64 ws_step_thread_push (WsStepThread *self, WsStepFunc func, gpointer data, double seconds);

/* Until the step of that number has ended, and so all before it; number 0 has. Sees @cancellable
 * within 0.1 s; the steps go on.
 * Returns: FALSE with @error set: cancelled, or WS_FAULT_TIMEOUT: the thread is lost. */
gboolean ws_step_thread_wait (WsStepThread *self, guint64 number, GCancellable *cancellable,
                              GError **error);

/* Whether a step has taken too long, now or before. */
gboolean ws_step_thread_is_lost (WsStepThread *self);

/* Steps pushed before are still taken, then @func, then the thread ends and @self is freed. Does
 * not wait. Nothing happens to a lost thread. */
void ws_step_thread_close (WsStepThread *self, WsStepFunc func, gpointer data);

/* Waits until no thread is in a step or has one to take.
 * Returns: FALSE if that is not so after @seconds. */
gboolean ws_step_threads_settle (double seconds);

/* Counts a thread of somebody else's among those that settle waits for. */
void ws_step_threads_enter (void);
void ws_step_threads_leave (void);

/* Of all threads: a step that takes no longer is not too long. 30 s; less in tests. */
void ws_step_threads_set_patience (double seconds);

G_END_DECLS
