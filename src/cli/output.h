/* SPDX-License-Identifier: MIT */
/* Where a result goes and in what form. */
#pragma once

#include "cli/options.h"
#include "export/table.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean for_people; /* a text table; else: */
  WsTableFormat format;
} CliForm;

/* From --format, else the extension of --out (CSV without one), else a text table on a terminal and
 * CSV elsewhere. An extension of another kind of file needs --format.
 * @seed: whether seed-csv makes sense here. Returns: FALSE with WS_ERROR_ARGUMENT. */
gboolean cli_choose_form (CliForm *form, const CliOptions *options, gboolean seed, GError **error);

/* Whether --spectra @path has the extension of what is written there. WS_ERROR_ARGUMENT. */
gboolean cli_check_is_npz (const char *path, GError **error);

/* Refuses to write over what @model was read from. @option: "out". WS_ERROR_ARGUMENT. */
gboolean cli_check_not_of_model (const char *option, const char *path, const WsModel *model,
                                 GError **error);
/* Whether a file could be written at @path: found out before hours of work, not after. */
gboolean cli_check_writable (const char *path, GError **error);

/* The same for a folder of files, which is made if it is not there. */
gboolean cli_check_folder (const char *path, GError **error);

/* Writes to @stream; @width: columns of the terminal, 0 if it is none. */
typedef gboolean (*CliWriteFunc) (FILE *stream, guint width, gpointer user_data, GError **error);

/* Lets @write write to the file @path, whole or not at all, or to standard output if it is NULL.
 * Pipes and devices are written as they are. */
gboolean cli_write_output (const char *path, CliWriteFunc write, gpointer user_data,
                           GError **error);

G_END_DECLS
