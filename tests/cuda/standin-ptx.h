/* SPDX-License-Identifier: MIT */
/* PTX as the stand-in driver takes it: the text that is shipped is what runs, thread by thread.
 *
 * Only the instructions that our kernels consist of are known. What they mean is from NVIDIA's
 * description of PTX ("Parallel Thread Execution ISA"); any other one makes the text invalid, as
 * does a register that was not declared. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _StandinPtx StandinPtx;
typedef struct _StandinEntry StandinEntry;

#define STANDIN_MOST_PARAMETERS 8

/* NULL with @reason (owned) set. */
StandinPtx *standin_ptx_new (const char *text, char **reason);
void standin_ptx_free (StandinPtx *self);

/* What the text declares: 60 for .version 6.0, 50 for .target sm_50. */
guint standin_ptx_get_version (const StandinPtx *self);
guint standin_ptx_get_target (const StandinPtx *self);

/* NULL: there is none of that name. */
const StandinEntry *standin_ptx_find (const StandinPtx *self, const char *name);
guint standin_entry_get_n_parameters (const StandinEntry *self);

/* All threads of all blocks, one after the other; until the first violation. */
void standin_entry_run (const StandinEntry *self, guint n_blocks, guint n_threads,
                        const guint64 *parameters);

G_END_DECLS
