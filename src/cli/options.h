/* SPDX-License-Identifier: MIT */
/* The command line as a struct: every value checked, every complaint a sentence. */
#pragma once

#include "analysis/analysis.h"
#include "analysis/cluster-run.h"

G_BEGIN_DECLS

/* What a run of the program may end with: a contract with scripts. */
typedef enum
{
  CLI_DONE = 0,
  CLI_FAILED = 1,
  CLI_WRONG_USAGE = 2,
  CLI_INCOMPLETE = 3, /* some tensors could not be analysed, or are not there */
  CLI_INTERRUPTED = 130,
} CliStatus;

typedef struct
{
  char *model; /* as given */
  char *out;
  char *format;
  char *filter;
  char *spectra;
  char *model_id;
  char *revision; /* of a model on the Hub that names none: the one to read; else as model_id */
  gboolean allow_missing; /* shards */
  gboolean force;         /* replace what others have written */
  gboolean fresh, quiet, verbose;
  gboolean no_network;
  guint64 max_traffic; /* bytes from the Hub; 0: no limit */
  gboolean help;
  WsAnalysisOptions analysis;
  WsClusterOptions clusters; /* without the tensor: */
  char *tensor;              /* (nullable) its name */
  guint n_representatives;   /* of each cluster */
} CliOptions;

/* Which options a command has, beside those of all. */
typedef enum
{
  CLI_OPTIONS_INSPECT = 0,
  CLI_OPTIONS_RUN = 1 << 0,     /* threads, memory, seed, store: whatever computes */
  CLI_OPTIONS_SPECTRA = 1 << 1, /* energies, tolerances */
  CLI_OPTIONS_CLUSTERS = 1 << 2,
  CLI_OPTIONS_FOLDER = 1 << 3, /* --out is a folder */
  CLI_OPTIONS_ANALYZE = CLI_OPTIONS_RUN | CLI_OPTIONS_SPECTRA,
} CliOptionGroups;

void cli_options_clear (CliOptions *self);

/* Parses @arguments (a command and what follows it) for that command.
 * Returns: FALSE with @error (G_OPTION_ERROR or WS_ERROR_ARGUMENT): wrong usage. With --help
 * among them, TRUE and nothing else is checked. */
gboolean cli_options_parse (CliOptions *self, char **arguments, CliOptionGroups groups,
                            GError **error);

/* "--model_path=a_b" becomes "--model-path=a_b": command lines of the seed's scripts work. */
void cli_normalise_option_names (char **arguments);

/* The text of "COMMAND --help". @summary: one sentence. (transfer full) */
char *cli_options_get_help (const char *command, CliOptionGroups groups, const char *summary);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliOptions, cli_options_clear)

G_END_DECLS
