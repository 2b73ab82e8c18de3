/* SPDX-License-Identifier: MIT */
/* What the stand-in libraries share; all of it lies in their libcuda.so.1. */
#pragma once

#include "cuda/cuda-api.h"
#include "standin.h"

/* Prototypes of what the libraries define between them. */
#define STANDIN_DECLARE(symbol, result, arguments) result symbol arguments;
WS_CUDA_FUNCTIONS (STANDIN_DECLARE)
#undef STANDIN_DECLARE

typedef enum
{
  STANDIN_ALLOCATIONS,
  STANDIN_BYTES,
  STANDIN_PINNED,
  STANDIN_STREAMS,
  STANDIN_EVENTS,
  STANDIN_MODULES,
  STANDIN_HANDLES,
  STANDIN_CONTEXTS,
  STANDIN_VIOLATIONS,
  STANDIN_ALLOCATED,
  STANDIN_PAGEABLE,
  STANDIN_UPLOADED,
  STANDIN_SOLVED,
  STANDIN_LAUNCHED,
  STANDIN_PEAK_BYTES,
  STANDIN_UNDONE,
  STANDIN_N_COUNTS,
} StandinCount;

void standin_count (StandinCount what, gint64 change);
void standin_count_peak (StandinCount what, StandinCount peak);
void standin_set_faults (const char *faults);
guint64 standin_get_count (const char *what);

/* A rule was broken: counted, told, and the device is dead from then on. */
void standin_violate (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* The number of a fault that has one; @fallback if it was not asked for. */
guint64 standin_get_number (const char *fault, guint64 fallback);
/* Counts one more occasion: whether this one is to fail. */
gboolean standin_strikes (const char *fault);
/* Does not return. */
void standin_block (void) G_GNUC_NORETURN;

/* What every call has to return before anything else: the sticky error, or a missing context. */
WsCuResult standin_begin (const char *function);
WsCuContext standin_get_context (void);
void standin_die (WsCuResult code);
WsCuResult standin_get_sticky (void);

/* Handles of cuBLAS and cuSOLVER, and parameters. Checked: is alive, and of the current context;
 * FALSE after a violation. Removed: everything in all streams is waited for before. */
void standin_handle_add (void *handle);
gboolean standin_handle_check (const char *function, const void *handle);
gboolean standin_handle_remove (const char *function, const void *handle);

/* Where @n_bytes of the device really lie; NULL, after a violation, if they are not all in one
 * allocation that is alive. Only while work is done, not while it is put into a stream. */
void *standin_device (const void *pointer, gsize n_bytes);
/* The same, and the allocation that they are in: where it begins on the device, how long it is and,
 * as result, where it really lies. It stays while work is done. */
void *standin_device_block (const void *pointer, gsize n_bytes, guint64 *start,
                            gsize *n_bytes_block);
/* Whether such a pointer is of the device at all, for what is checked at once. */
gboolean standin_is_device (const void *pointer);
gboolean standin_is_pinned (const void *pointer, gsize n_bytes);

/* FALSE, after a violation: it is none that is open. */
gboolean standin_stream_check (const char *function, WsCuStream stream);
/* Puts work into the stream.
 * @arguments: copied, @n_bytes */
typedef void (*StandinWork) (void *arguments);
void standin_push (WsCuStream stream, StandinWork work, const void *arguments, gsize n_bytes);
/* Waits for all that is in the stream now, or in all streams. */
void standin_wait (WsCuStream stream);
void standin_wait_all (void);
