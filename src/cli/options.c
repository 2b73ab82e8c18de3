/* SPDX-License-Identifier: MIT */
/* The command line as a struct. GOption splits it; what the words mean is checked here, so that a
 * message can quote the value and say what is accepted. */
#include "cli/options-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "base/sort.h"
#include "export/cluster-files.h"

#define MAX_THREADS 4096
/* The program alone takes as much; a matrix of 256 x 256 still fits. */
#define MIN_MEMORY_LIMIT (16u << 20)
#define LOW_MEMORY_LIMIT (1ull << 30)

/* The words as they were given. FILENAME in the tables below means bytes as they are: STRING would
 * refuse what the locale cannot decode. */
typedef struct
{
  char *model_path;
  char *out, *format, *filter, *where, *spectra, *model_id, *revision;
  char *device, *threads, *memory_limit, *energy, *rank_tol, *rank_k, *zero_eps, *seed,
      *max_traffic;
  gboolean no_gpu, low_memory, resume, fresh, quiet, verbose, no_network, allow_missing, force,
      help;
  char **rest;
  CliClusterWords clusters;
} Words;

static void
words_clear (Words *self)
{
  char *const owned[] = { self->model_path, self->out,     self->format,       self->filter,
                          self->where,      self->spectra, self->model_id,     self->revision,
                          self->device,     self->threads, self->memory_limit, self->energy,
                          self->rank_tol,   self->rank_k,  self->zero_eps,     self->seed,
                          self->max_traffic };

  for (gsize i = 0; i < G_N_ELEMENTS (owned); i++)
    g_free (owned[i]);
  g_strfreev (self->rest);
  _cli_cluster_words_clear (&self->clusters);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static void
add_common_entries (GOptionContext *context, Words *words, CliOptionGroups groups)
{
  const gboolean to_folder = (groups & CLI_OPTIONS_FOLDER) != 0;
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &words->out,
      to_folder ? N_ ("Write the files into this folder")
                : N_ ("Write the result to this file instead of standard output"),
      to_folder ? N_ ("FOLDER") : N_ ("FILE") },
    { "output-dir", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &words->out, NULL, NULL },
    { "format", 'f', to_folder && groups & CLI_OPTIONS_SPECTRA ? G_OPTION_FLAG_HIDDEN : 0,
      G_OPTION_ARG_FILENAME, &words->format,
      to_folder ? N_ ("table, csv or json: what is printed where there is no --out")
      : groups & CLI_OPTIONS_SPECTRA
          ? N_ ("table, csv, json, jsonl, tsv or seed-csv; from the extension of FILE if not "
                "given")
          : N_ ("table, csv, json, jsonl or tsv; from the extension of FILE if not given"),
      N_ ("FORMAT") },
    { "model-id", 0, 0, G_OPTION_ARG_FILENAME, &words->model_id,
      N_ ("Written to the column model_id"), N_ ("ID") },
    { "revision", 0, 0, G_OPTION_ARG_FILENAME, &words->revision,
      N_ ("Written to the column revision; of a model on the Hub: the one to read"), N_ ("REV") },
    { "allow-missing", 0, 0, G_OPTION_ARG_NONE, &words->allow_missing,
      N_ ("Go on with the other shards when some are missing"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &words->quiet,
      N_ ("No progress, and no warnings about the model"), NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &words->verbose, N_ ("Say more on standard error"),
      NULL },
    { "no-network", 0, 0, G_OPTION_ARG_NONE, &words->no_network, N_ ("Never open a connection"),
      NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &words->help, N_ ("Show this text"), NULL },
    { "model-path", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &words->model_path, NULL,
      NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->rest, NULL, N_ ("MODEL") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* Of the commands that look at many tensors. */
static void
add_filter_entries (GOptionContext *context, Words *words)
{
  const GOptionEntry entries[] = {
    { "filter", 0, 0, G_OPTION_ARG_FILENAME, &words->filter,
      N_ ("Only these tensors: part of a name or a glob on it, type:, coarse:, layer:, expert:, "
          "dtype:, state:, stack:, KEY<NUMBER; ! negates; see help filter"),
      N_ ("EXPR") },
    { "where", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &words->where, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* Of the commands that compute anything. Clusters are computed by the processor, whatever is asked
 * for: command lines for all that compute are taken. */
static void
add_run_entries (GOptionContext *context, Words *words, CliOptionGroups groups)
{
  const int of_device = groups & CLI_OPTIONS_SPECTRA ? 0 : G_OPTION_FLAG_HIDDEN;
  const GOptionEntry entries[] = {
    { "device", 0, of_device, G_OPTION_ARG_FILENAME, &words->device,
      N_ ("Where singular values are computed: auto, cpu or cuda[:N] (auto)"), N_ ("DEVICE") },
    { "no-gpu", 0, of_device, G_OPTION_ARG_NONE, &words->no_gpu, N_ ("The same as --device cpu"),
      NULL },
    { "threads", 0, 0, G_OPTION_ARG_FILENAME, &words->threads, N_ ("CPU threads (all cores)"),
      N_ ("N") },
    { "memory-limit", 0, 0, G_OPTION_ARG_FILENAME, &words->memory_limit,
      N_ ("Memory the run may use, such as 512M or 8G (half of it)"), N_ ("SIZE") },
    { "low-memory", 0, 0, G_OPTION_ARG_NONE, &words->low_memory,
      N_ ("The same as --memory-limit 1G"), NULL },
    { "low-cpu-mem-usage", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, &words->low_memory, NULL,
      NULL },
    { "max-traffic", 0, 0, G_OPTION_ARG_FILENAME, &words->max_traffic,
      N_ ("Read no more from the Hub than this, such as 2G (no limit)"), N_ ("SIZE") },
    { "seed", 0, 0, G_OPTION_ARG_FILENAME, &words->seed, N_ ("Random seed (42)"), N_ ("N") },
    { "random-state", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &words->seed, NULL, NULL },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &words->resume,
      N_ ("Take finished rows from the result store (the default)"), NULL },
    { "fresh", 0, 0, G_OPTION_ARG_NONE, &words->fresh,
      N_ ("Compute everything again, whatever the result store holds"), NULL },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* Of the commands that write several files. */
static void
add_folder_entries (GOptionContext *context, Words *words)
{
  const GOptionEntry entries[] = { { "force", 0, 0, G_OPTION_ARG_NONE, &words->force,
                                     N_ ("Replace files in FOLDER that are not from this model"),
                                     NULL },
                                   G_OPTION_ENTRY_NULL };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static void
add_spectra_entries (GOptionContext *context, Words *words)
{
  const GOptionEntry entries[] = {
    { "spectra", 0, 0, G_OPTION_ARG_FILENAME, &words->spectra,
      N_ ("Also write all singular values, as a NumPy archive"), N_ ("FILE.npz") },
    { "energy", 0, 0, G_OPTION_ARG_FILENAME, &words->energy,
      N_ ("Energy fractions for the energy ranks (0.5,0.9,0.95,0.99)"), N_ ("X[,X…]") },
    { "rank-tol", 0, 0, G_OPTION_ARG_FILENAME, &words->rank_tol,
      N_ ("Relative tolerance of actual_rank (1e-6)"), N_ ("X") },
    { "rank-k", 0, 0, G_OPTION_ARG_FILENAME, &words->rank_k,
      N_ ("Count actual_rank only up to this (no cap)"), N_ ("K") },
    { "zero-eps", 0, 0, G_OPTION_ARG_FILENAME, &words->zero_eps,
      N_ ("An element counts as zero up to this size (1e-8)"), N_ ("X") },
    G_OPTION_ENTRY_NULL
  };

  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

static GOptionContext *
new_context (Words *words, CliOptionGroups groups)
{
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  /* GOption would print the help by itself and exit, with no look at whether it could. */
  g_option_context_set_help_enabled (context, FALSE);
  add_common_entries (context, words, groups);
  if (groups == CLI_OPTIONS_INSPECT || groups & CLI_OPTIONS_SPECTRA)
    add_filter_entries (context, words);
  if (groups & CLI_OPTIONS_FOLDER)
    add_folder_entries (context, words);
  if (groups & CLI_OPTIONS_SPECTRA)
    add_spectra_entries (context, words);
  if (groups & CLI_OPTIONS_RUN)
    add_run_entries (context, words, groups);
  if (groups & CLI_OPTIONS_CLUSTERS)
    _cli_cluster_words_add_entries (&words->clusters, context);
  return context;
}

void
cli_normalise_option_names (char **arguments)
{
  for (; *arguments != NULL && strcmp (*arguments, "--") != 0; arguments++)
    if (g_str_has_prefix (*arguments, "--"))
      for (char *p = *arguments; *p != '\0' && *p != '='; p++)
        if (*p == '_')
          *p = '-';
}

gboolean
_cli_options_refuse (GError **error, const char *option, const char *value, const char *accepted)
{
  g_autofree char *shown = ws_format_name (value);

  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT, _ ("--%s does not take '%s': expected %s"),
               option, shown, accepted);
  return FALSE;
}

gboolean
_cli_options_parse_integer (const char *option, const char *text, guint64 min, guint64 max,
                            guint64 *value, GError **error)
{
  char least[WS_FORMAT_SIZE], most[WS_FORMAT_SIZE];
  g_autofree char *accepted = NULL;

  if (text == NULL || g_ascii_string_to_unsigned (text, 10, min, max, value, NULL))
    return TRUE;
  accepted = g_strdup_printf (_ ("a whole number from %s to %s"), ws_format_machine (least, min),
                              ws_format_machine (most, max));
  return _cli_options_refuse (error, option, text, accepted);
}

/* A finite number and nothing else. */
static gboolean
read_real (const char *text, double *value)
{
  char *end = NULL;

  *value = g_ascii_strtod (text, &end);
  return *text != '\0' && !g_ascii_isspace (*text) && *end == '\0' && isfinite (*value);
}

static gboolean
parse_rank_tol (const char *text, double *value, GError **error)
{
  double parsed = 0;

  if (text == NULL)
    return TRUE;
  if (!read_real (text, &parsed) || !(parsed > 0 && parsed < 1))
    return _cli_options_refuse (error, "rank-tol", text,
                                _ ("a number between 0 and 1, such as 1e-6"));
  *value = parsed;
  return TRUE;
}

static gboolean
parse_zero_eps (const char *text, double *value, GError **error)
{
  double parsed = 0;

  if (text == NULL)
    return TRUE;
  if (!read_real (text, &parsed) || parsed < 0)
    return _cli_options_refuse (error, "zero-eps", text,
                                _ ("a number that is not negative, such as 1e-8"));
  *value = parsed;
  return TRUE;
}

/* Fractions in any order, with repetitions, become ascending and distinct: also to the 12 digits
 * that the names of their columns have. */
static gboolean
parse_energy (const char *text, WsMetricOptions *options, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text ? text : "", ",", -1);
  double fractions[WS_MAX_ENERGIES];
  guint n = 0;

  if (text == NULL)
    return TRUE;
  for (char **part = parts; *part != NULL; part++)
    {
      double fraction;

      if (!read_real (g_strstrip (*part), &fraction) || !(fraction > 0 && fraction <= 1))
        return _cli_options_refuse (error, "energy", *part,
                                    _ ("fractions above 0, up to 1, such as 0.5,0.9"));
      if (n == WS_MAX_ENERGIES)
        return _cli_options_refuse (error, "energy", text, _ ("at most 16 fractions"));
      fractions[n++] = fraction;
    }
  if (n == 0)
    return _cli_options_refuse (error, "energy", text,
                                _ ("fractions above 0, up to 1, such as 0.5,0.9"));
  ws_sort_doubles (fractions, n);
  options->n_energies = 0;
  for (guint i = 0; i < n; i++)
    if (i == 0 || fractions[i] > fractions[i - 1] * (1.0 + 1e-11))
      options->energy[options->n_energies++] = fractions[i];
  return TRUE;
}

static gboolean
parse_memory_limit (const Words *words, guint64 *limit, GError **error)
{
  if (words->low_memory)
    *limit = LOW_MEMORY_LIMIT;
  if (words->memory_limit == NULL)
    return TRUE;
  if (!ws_parse_size (words->memory_limit, limit, error))
    {
      g_prefix_error (error, "--memory-limit: ");
      return FALSE;
    }
  if (*limit < MIN_MEMORY_LIMIT)
    return _cli_options_refuse (error, "memory-limit", words->memory_limit, _ ("at least 16M"));
  return TRUE;
}

static gboolean
parse_device (const Words *words, WsAnalysisOptions *options, GError **error)
{
  if (words->device &&
      !ws_device_parse (words->device, &options->device_kind, &options->device_index))
    return _cli_options_refuse (error, "device", words->device, _ ("auto, cpu, cuda or cuda:N"));
  if (!words->no_gpu)
    return TRUE;
  if (options->device_kind == WS_DEVICE_CUDA)
    return _cli_options_refuse (error, "no-gpu", words->device, _ ("no --device cuda beside it"));
  options->device_kind = WS_DEVICE_CPU;
  return TRUE;
}

static gboolean
parse_analysis (WsAnalysisOptions *options, const Words *words, GError **error)
{
  guint64 n_threads = options->n_threads;

  if (!_cli_options_parse_integer ("threads", words->threads, 1, MAX_THREADS, &n_threads, error) ||
      !_cli_options_parse_integer ("rank-k", words->rank_k, 1, G_MAXUINT32,
                                   &options->metrics.rank_cap, error) ||
      !parse_rank_tol (words->rank_tol, &options->metrics.rank_tol, error) ||
      !parse_zero_eps (words->zero_eps, &options->spectrum.zero_eps, error) ||
      !parse_energy (words->energy, &options->metrics, error) ||
      !parse_memory_limit (words, &options->memory_limit, error))
    return FALSE;
  options->n_threads = n_threads;
  options->spectrum.rank_tol = options->metrics.rank_tol;
  return TRUE;
}

static gboolean
parse_max_traffic (const char *text, guint64 *n_bytes, GError **error)
{
  if (text == NULL || ws_parse_size (text, n_bytes, error))
    return TRUE;
  g_prefix_error (error, "--max-traffic: ");
  return FALSE;
}

/* After the groups whose options hold for clusters as well. */
static gboolean
parse_clusters (CliOptions *self, Words *words, GError **error)
{
  WsClusterOptions *options = &self->clusters;

  options->n_threads = self->analysis.n_threads;
  options->memory_limit = self->analysis.memory_limit;
  options->max_traffic = self->max_traffic;
  options->fresh = words->fresh;
  return _cli_options_parse_integer ("seed", words->seed, 0, G_MAXUINT32, &options->seed, error) &&
         _cli_cluster_words_parse (&words->clusters, self, error);
}

/* MODEL is one word, or the value of --model-path. */
static gboolean
take_model (CliOptions *self, Words *words, GError **error)
{
  guint n = words->rest ? g_strv_length (words->rest) : 0;

  if (n + (words->model_path != NULL) > 1)
    {
      g_autofree char *shown = ws_format_name (words->rest[n - 1]);

      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("one MODEL is expected; '%s' is one too many"), shown);
      return FALSE;
    }
  self->model = words->model_path ? g_steal_pointer (&words->model_path)
                                  : g_strdup (n > 0 ? words->rest[0] : NULL);
  if (self->model != NULL && *self->model != '\0')
    return TRUE;
  g_set_error (
      error, WS_ERROR, WS_ERROR_ARGUMENT,
      _ ("no MODEL is given: a folder, a checkpoint file, hf:org/name, or the word sample"));
  return FALSE;
}

/* --filter and --where are one option with two names. */
static gboolean
take_filter (CliOptions *self, Words *words, GError **error)
{
  char **word = words->filter ? &words->filter : &words->where;

  if (words->filter && words->where)
    return _cli_options_refuse (error, "where", words->where,
                                _ ("no --filter beside it: they are the same"));
  if (*word && !g_utf8_validate (*word, -1, NULL))
    return _cli_options_refuse (error, "filter", *word, _ ("text in UTF-8"));
  self->filter = g_steal_pointer (word);
  return TRUE;
}

static gboolean
check_words (CliOptions *self, Words *words, GError **error)
{
  if (words->quiet && words->verbose)
    return _cli_options_refuse (error, "quiet", "--verbose", _ ("one of the two"));
  if (words->resume && words->fresh)
    return _cli_options_refuse (error, "resume", "--fresh", _ ("one of the two"));
  return take_model (self, words, error) && take_filter (self, words, error) &&
         parse_device (words, &self->analysis, error) &&
         parse_max_traffic (words->max_traffic, &self->max_traffic, error) &&
         parse_analysis (&self->analysis, words, error) && parse_clusters (self, words, error);
}

gboolean
cli_options_parse (CliOptions *self, char **arguments, CliOptionGroups groups, GError **error)
{
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = new_context (&words, groups);
  g_auto (GStrv) copies = g_strdupv (arguments);

  *self = (CliOptions){ 0 };
  self->n_representatives = WS_CLUSTER_N_MEMBERS;
  ws_analysis_options_init (&self->analysis);
  ws_cluster_options_init (&self->clusters);
  cli_normalise_option_names (copies);
  if (!g_option_context_parse_strv (context, &copies, error))
    return FALSE;
  self->help = words.help;
  if (!self->help && !check_words (self, &words, error))
    return FALSE;
  self->allow_missing = words.allow_missing;
  self->force = words.force;
  self->fresh = words.fresh;
  self->no_network = words.no_network;
  self->quiet = words.quiet;
  self->verbose = words.verbose;
  /* "-" for standard output, as other programs have it */
  if (groups & CLI_OPTIONS_FOLDER || g_strcmp0 (words.out, "-") != 0)
    self->out = g_steal_pointer (&words.out);
  self->format = g_steal_pointer (&words.format);
  self->spectra = g_steal_pointer (&words.spectra);
  self->model_id = g_steal_pointer (&words.model_id);
  self->revision = g_steal_pointer (&words.revision);
  return TRUE;
}

char *
cli_options_get_help (const char *command, CliOptionGroups groups, const char *summary)
{
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = new_context (&words, groups);
  g_autofree char *program = g_strdup_printf ("weightscope-cli %s", command);

  /* GOption knows no commands: it takes the name of the program from the process. */
  g_set_prgname (program);
  g_option_context_set_summary (context, summary);
  return g_option_context_get_help (context, TRUE, NULL);
}

void
cli_options_clear (CliOptions *self)
{
  g_free (self->model);
  g_free (self->out);
  g_free (self->format);
  g_free (self->filter);
  g_free (self->spectra);
  g_free (self->model_id);
  g_free (self->revision);
  g_free (self->tensor);
}
