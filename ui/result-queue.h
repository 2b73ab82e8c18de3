/* SPDX-License-Identifier: MIT */
/* Results on their way from the threads of a run to the main thread. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef struct _WsResultQueue WsResultQueue;

typedef void (*WsTakeFunc) (guint index, WsResult *result, gpointer user_data);

WsResultQueue *ws_result_queue_new (void);
void ws_result_queue_free (WsResultQueue *self);

/* Any thread. @index: of the run's list. */
void ws_result_queue_add (WsResultQueue *self, guint index, WsResult *result);

/* Main thread: hands results over in the order they came, at least one if there is any, until the
 * monotonic clock shows @deadline_usec.
 * Returns: FALSE: at the last look there was none left, whatever came meanwhile. */
gboolean ws_result_queue_take (WsResultQueue *self, gint64 deadline_usec, WsTakeFunc take,
                               gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsResultQueue, ws_result_queue_free)

G_END_DECLS
