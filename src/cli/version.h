/* SPDX-License-Identifier: MIT */
/* weightscope-cli --version. */
#pragma once

#include "cli/options.h"

G_BEGIN_DECLS

CliStatus cli_print_version (void);

G_END_DECLS
