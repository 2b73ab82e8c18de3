/* SPDX-License-Identifier: MIT */
/* A note beside a model that was downloaded in part on purpose: the files of weights that were left
 * out. Whoever opens the folder tells by it what was not wanted from what was lost.
 *
 * A plain folder has it at WS_PART_NOTE, a snapshot of the shared cache beside the snapshots:
 *
 *   FOLDER/.cache/huggingface/weightscope.part
 *   models--ORG--NAME/.weightscope/COMMIT.part
 *
 * A path for each line, in UTF-8. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Below a plain folder. */
#define WS_PART_NOTE ".cache/huggingface/weightscope.part"

/* The path below the root of a cached model. (transfer full) */
char *ws_part_note_make_cache_path (const char *commit);

/* The paths that the note beside @folder tells. (transfer full) (nullable): there is none */
char **ws_part_note_read (const char *folder);

G_END_DECLS
