/* SPDX-License-Identifier: MIT */
/* What stands already in a folder that a command is to write into. A file that the user names is
 * replaced; of the files in a folder only those that an earlier run has written for the same model,
 * unless --force is given. */
#pragma once

#include "cli/options.h"
#include "model/model.h"

G_BEGIN_DECLS

/* Whether the files may be written into options->out; tells when they replace earlier ones.
 * @names: NULL-ended: of files and folders that will be written there
 * @record: the one of them that tells by its head whose they are
 * Returns: FALSE with WS_ERROR_ARGUMENT: some are there, and are not of @model. */
gboolean cli_check_earlier_output (const CliOptions *options, const char *const *names,
                                   const char *record, const WsModel *model, GError **error);

G_END_DECLS
