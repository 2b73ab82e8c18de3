/* SPDX-License-Identifier: MIT */
/* Words for people about where numbers are computed: all translated, all (transfer full) unless
 * const. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

/* Of WsSpectrum.backend: "GPU", "Processor"; "—" for NULL. */
const char *ws_backend_get_title (const char *key);

/* "NVIDIA H200 and 15 threads", "Processor, 2 threads". @device: NULL: none but the processor.
 * @n_threads: 0: one for each core. */
char *ws_device_describe (const char *device, guint n_threads);

/* What of @results was meant for the GPU and computed by the processor, and why: a sentence for
 * each reason, "\n" between them; NULL if nothing was. Those from the store do not count, nor those
 * of a GPU that was lost: the run tells of that when it happens. */
char *ws_faults_describe (GPtrArray *results);

G_END_DECLS
