/* SPDX-License-Identifier: MIT */
/* weightscope-cli: finds the subcommand and hands over. */
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "base/memory.h"
#include "base/translations.h"
#include "cli/commands.h"
#include "cli/filter-help.h"
#include "cli/metrics-help.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "cuda/cuda.h"
#include "spectra/blas.h"

typedef struct
{
  const char *name;
  const char *summary; /* N_() */
  CliOptionGroups groups;
  CliStatus (*run) (const CliOptions *options);
  CliStatus (*fetch) (const CliDownloadOptions *options); /* instead of run */
} Command;

static const Command commands[] = {
  { "inspect",
    N_ ("List every tensor: layer, block type, shape, dtype. Reads headers only, no weights."),
    CLI_OPTIONS_INSPECT, cli_inspect },
  { "analyze", N_ ("Compute spectra, ranks, metrics and statistics of every tensor."),
    CLI_OPTIONS_ANALYZE, cli_analyze },
  { "report",
    N_ ("Analyze and cluster, and write a report, its figures and all numbers to a folder."),
    CLI_OPTIONS_ANALYZE | CLI_OPTIONS_CLUSTERS | CLI_OPTIONS_FOLDER, cli_report },
  { "cluster",
    N_ ("Cluster the tokens by the rows of the embedding, and find how many clusters there are."),
    CLI_OPTIONS_RUN | CLI_OPTIONS_CLUSTERS | CLI_OPTIONS_FOLDER, cli_cluster },
  { "download", N_ ("Fetch a model from the Hub, verified, and resumed where it was broken off."),
    .fetch = cli_download },
};

/* Planned, and named in papers' scripts already: a sentence, not "unknown". */
static const char *const future_commands[] = { "compare", "plot", "verify", NULL };

static const Command *
find_command (const char *name)
{
  /* as the British write it */
  if (strcmp (name, "analyse") == 0)
    name = "analyze";
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
print_usage (FILE *stream)
{
  fprintf (stream, "%s\n\n", _ ("Usage: weightscope-cli COMMAND [OPTION…] MODEL"));
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    fprintf (stream, "  %-10s %s\n", commands[i].name, _ (commands[i].summary));
  fprintf (stream, "  %-10s %s\n\n", "help",
           _ ("Show this text; help COMMAND: its options; help metrics: what the columns mean;\n"
              "             help filter: how --filter is written."));
  fprintf (stream, "%s\n",
           _ ("MODEL is a folder, an index file, a checkpoint file, hf:org/name[@revision] on the "
              "Hub, or\n"
              "the word sample; for download the ID of a model on the Hub, such as org/name.\n"
              "--version tells what this program was built from."));
}

static CliStatus
print_command_help (const Command *command)
{
  const char *summary = _ (command->summary);
  g_autofree char *help = command->fetch
                              ? cli_download_options_get_help (summary)
                              : cli_options_get_help (command->name, command->groups, summary);

  fputs (help, stdout);
  return CLI_DONE;
}

static CliStatus
refuse_command (const char *name)
{
  g_autofree char *shown = ws_format_name (name);

  if (g_strv_contains (future_commands, name))
    cli_print_message (_ ("the command '%s' is not part of this version yet"), shown);
  else
    cli_print_message (_ ("there is no command '%s'; see weightscope-cli help"), shown);
  return CLI_WRONG_USAGE;
}

/* Scripts of old, which had one command each, begin with an option or the model. */
static gboolean
is_option_or_model (const char *word)
{
  return *word == '-' || strcmp (word, "sample") == 0 || g_str_has_prefix (word, "hf:") ||
         g_file_test (word, G_FILE_TEST_EXISTS);
}

static CliStatus
ask_for_command (const char *word, const char *next)
{
  g_autofree char *shown = ws_format_name (word);
  g_autofree char *shown_next = next ? ws_format_name (next) : NULL;

  cli_print_message (_ ("give a command first, as in: weightscope-cli analyze %s%s%s"), shown,
                     next ? " " : "", next ? shown_next : "");
  return CLI_WRONG_USAGE;
}

static CliStatus
print_help (const char *name)
{
  const Command *command;

  if (g_strcmp0 (name, "--help") == 0 || g_strcmp0 (name, "-h") == 0 ||
      g_strcmp0 (name, "help") == 0)
    name = NULL;
  command = name ? find_command (name) : NULL;
  if (g_strcmp0 (name, "metrics") == 0)
    {
      cli_print_metrics (stdout);
      return CLI_DONE;
    }
  if (g_strcmp0 (name, "filter") == 0)
    {
      cli_print_filter_grammar (stdout);
      return CLI_DONE;
    }
  if (name && !command)
    return refuse_command (name);
  if (command)
    return print_command_help (command);
  print_usage (stdout);
  return CLI_DONE;
}

static CliStatus
refuse_usage (const Command *command, const GError *error)
{
  cli_print_message ("%s", error->message);
  cli_print_message (_ ("see weightscope-cli %s --help"), command->name);
  return CLI_WRONG_USAGE;
}

static CliStatus
run_command (const Command *command, char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_auto (CliOptions) options = { 0 };

  if (!cli_options_parse (&options, arguments, command->groups, &error))
    return refuse_usage (command, error);
  return options.help ? print_command_help (command) : command->run (&options);
}

static CliStatus
run_fetch (const Command *command, char **arguments)
{
  g_autoptr (GError) error = NULL;
  g_auto (CliDownloadOptions) options = { 0 };

  if (!cli_download_options_parse (&options, arguments, &error))
    return refuse_usage (command, error);
  return options.help ? print_command_help (command) : command->fetch (&options);
}

static CliStatus
dispatch (int argc, char *argv[])
{
  const char *word = argc > 1 ? argv[1] : NULL;
  const Command *command = word ? find_command (word) : NULL;

  if (command)
    return command->fetch ? run_fetch (command, argv + 1) : run_command (command, argv + 1);
  if (word == NULL)
    {
      print_usage (stderr);
      return CLI_WRONG_USAGE;
    }
  if (strcmp (word, "--version") == 0)
    return cli_print_version ();
  if (strcmp (word, "help") == 0 || strcmp (word, "--help") == 0 || strcmp (word, "-h") == 0)
    return print_help (argc > 2 ? argv[2] : NULL);
  if (is_option_or_model (word))
    return ask_for_command (word, argv[2]);
  return refuse_command (word);
}

int
main (int argc, char *argv[])
{
  CliStatus status;

  cli_occupy_standard_streams ();
  setlocale (LC_ALL, "");
  ws_translations_init ();
  /* A parent may have ignored it; a reader that has seen enough is no failure of ours. */
  signal (SIGPIPE, SIG_DFL);
  /* Past a limit on the size of files, writing fails with a reason; death would tell none. */
  signal (SIGXFSZ, SIG_IGN);
  ws_memory_init ();
  ws_spectrum_init_blas ();

  status = dispatch (argc, argv);
  if (fflush (stdout) != 0 && status == CLI_DONE)
    {
      cli_print_message (_ ("cannot write to standard output"));
      status = CLI_FAILED;
    }
  if (ws_cuda_is_busy () || ws_blas_may_wait ())
    _exit (status);
  return status;
}
