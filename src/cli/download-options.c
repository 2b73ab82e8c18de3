/* SPDX-License-Identifier: MIT */
/* The command line of download as a struct. */
#include "cli/download-options.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "cli/options.h"

#define MAX_JOBS 64
/* For a network that is away. */
#define MAX_WAIT_SECONDS (30 * 60)
#define LONGEST_WAIT_SECONDS (7 * 24 * 60 * 60)

/* The words as they were given; FILENAME means bytes as they are. */
typedef struct
{
  char *out, *only, *revision, *endpoint, *jobs, *limit_rate, *max_wait;
  char **include, **exclude, **rest;
  gboolean all_files, dry_run, ignore_free_space, quiet, no_network, help;
} Words;

static void
words_clear (Words *self)
{
  g_free (self->out);
  g_free (self->only);
  g_free (self->revision);
  g_free (self->endpoint);
  g_free (self->jobs);
  g_free (self->limit_rate);
  g_free (self->max_wait);
  g_strfreev (self->include);
  g_strfreev (self->exclude);
  g_strfreev (self->rest);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static GOptionContext *
new_context (Words *words)
{
  const GOptionEntry entries[] = {
    { "out", 'o', 0, G_OPTION_ARG_FILENAME, &words->out,
      N_ ("Put the files into this folder instead of the shared cache"), N_ ("FOLDER") },
    { "revision", 0, 0, G_OPTION_ARG_FILENAME, &words->revision,
      N_ ("Branch, tag or commit (main)"), N_ ("REV") },
    { "only", 0, 0, G_OPTION_ARG_FILENAME, &words->only,
      N_ ("weights, embeddings, one-layer or small-files (weights)"), N_ ("PART") },
    { "include", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->include,
      N_ ("Only files whose path fits; may be given several times"), N_ ("GLOB") },
    { "exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->exclude,
      N_ ("No files whose path fits; may be given several times"), N_ ("GLOB") },
    { "all-files", 0, 0, G_OPTION_ARG_NONE, &words->all_files,
      N_ ("Everything, also the same weights in other formats"), NULL },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &words->dry_run,
      N_ ("List what would be fetched, and how much it is"), NULL },
    { "jobs", 'j', 0, G_OPTION_ARG_FILENAME, &words->jobs, N_ ("Connections at the same time (8)"),
      N_ ("N") },
    { "limit-rate", 0, 0, G_OPTION_ARG_FILENAME, &words->limit_rate,
      N_ ("At most so many bytes a second, such as 5M"), N_ ("SIZE") },
    { "max-wait", 0, 0, G_OPTION_ARG_FILENAME, &words->max_wait,
      N_ ("Give up when nothing has come for so long (1800)"), N_ ("SECONDS") },
    { "endpoint", 0, 0, G_OPTION_ARG_FILENAME, &words->endpoint,
      N_ ("The Hub, or a mirror of it (HF_ENDPOINT)"), N_ ("URL") },
    { "ignore-free-space", 0, 0, G_OPTION_ARG_NONE, &words->ignore_free_space,
      N_ ("Begin although the disk seems too small"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &words->quiet, N_ ("No progress"), NULL },
    { "no-network", 0, 0, G_OPTION_ARG_NONE, &words->no_network, N_ ("Never open a connection"),
      NULL },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &words->help, N_ ("Show this text"), NULL },
    { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->rest, NULL, N_ ("ID") },
    G_OPTION_ENTRY_NULL
  };
  GOptionContext *context = g_option_context_new (NULL);

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  /* GOption would print the help by itself and exit, with no look at whether it could. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  return context;
}

static gboolean
refuse (GError **error, const char *option, const char *value, const char *accepted)
{
  g_autofree char *shown = ws_format_name (value);

  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT, _ ("--%s does not take '%s': expected %s"),
               option, shown, accepted);
  return FALSE;
}

static gboolean
take_endpoint (WsHubSettings *settings, const char *text, GError **error)
{
  gsize n;

  if (text == NULL)
    return TRUE;
  if (!g_uri_is_valid (text, G_URI_FLAGS_NONE, NULL) ||
      !(g_str_has_prefix (text, "https://") || g_str_has_prefix (text, "http://")))
    return refuse (error, "endpoint", text, _ ("a URL such as https://huggingface.co"));
  g_free (settings->endpoint);
  settings->endpoint = g_strdup (text);
  for (n = strlen (text); n > 0 && settings->endpoint[n - 1] == '/'; n--)
    settings->endpoint[n - 1] = '\0';
  return TRUE;
}

static gboolean
take_settings (WsHubSettings *settings, const Words *words, GError **error)
{
  guint64 n_jobs = settings->n_connections, n_seconds = MAX_WAIT_SECONDS;

  if (words->jobs && !g_ascii_string_to_unsigned (words->jobs, 10, 1, MAX_JOBS, &n_jobs, NULL))
    return refuse (error, "jobs", words->jobs, _ ("a whole number from 1 to 64"));
  if (words->limit_rate &&
      !ws_parse_size (words->limit_rate, &settings->max_bytes_per_second, error))
    {
      g_prefix_error (error, "--limit-rate: ");
      return FALSE;
    }
  if (words->max_wait &&
      !g_ascii_string_to_unsigned (words->max_wait, 10, 0, LONGEST_WAIT_SECONDS, &n_seconds, NULL))
    return refuse (error, "max-wait", words->max_wait,
                   _ ("a whole number of seconds, at most 604800"));
  settings->patience_seconds = n_seconds;
  settings->n_connections = n_jobs;
  settings->is_offline |= words->no_network;
  return take_endpoint (settings, words->endpoint, error);
}

/* ID is one word. */
static gboolean
take_name (CliDownloadOptions *self, Words *words, GError **error)
{
  const guint n = words->rest ? g_strv_length (words->rest) : 0;

  if (n != 1)
    {
      g_set_error_literal (
          error, WS_ERROR, WS_ERROR_ARGUMENT,
          n == 0 ? _ ("no ID is given: org/name, org/name@revision, or an address of the Hub")
                 : _ ("one ID is expected"));
      return FALSE;
    }
  if (!ws_hub_name_parse (&self->name, words->rest[0], self->settings.endpoint, error))
    return FALSE;
  if (words->revision == NULL)
    return TRUE;
  if (self->name.revision && strcmp (self->name.revision, words->revision) != 0)
    return refuse (error, "revision", words->revision, _ ("no other revision in ID"));
  g_free (self->name.revision);
  self->name.revision = g_strdup (words->revision);
  return ws_hub_revision_check (words->revision, error);
}

/* All of what tells which files. */
static gboolean
take_part (CliDownloadOptions *self, const Words *words, GError **error)
{
  self->part = words->all_files ? WS_MODEL_PART_ALL : WS_MODEL_PART_WEIGHTS;
  if (words->only == NULL)
    return TRUE;
  if (!ws_model_part_from_key (words->only, &self->part) || self->part == WS_MODEL_PART_ALL)
    return refuse (error, "only", words->only, _ ("weights, embeddings, one-layer or small-files"));
  if (!words->all_files && !words->include && !self->name.path && !self->name.variant)
    return TRUE;
  g_set_error_literal (error, WS_ERROR, WS_ERROR_ARGUMENT,
                       _ ("--only does not go with --all-files, --include, or a file or a variant "
                          "in ID: each of them tells which files"));
  return FALSE;
}

gboolean
cli_download_options_parse (CliDownloadOptions *self, char **arguments, GError **error)
{
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = new_context (&words);
  g_auto (GStrv) copies = g_strdupv (arguments);

  *self = (CliDownloadOptions){ 0 };
  ws_hub_settings_init (&self->settings);
  cli_normalise_option_names (copies);
  if (!g_option_context_parse_strv (context, &copies, error))
    return FALSE;
  self->help = words.help;
  if (!self->help && !(take_settings (&self->settings, &words, error) &&
                       take_name (self, &words, error) && take_part (self, &words, error)))
    return FALSE;
  self->dry_run = words.dry_run;
  self->ignore_free_space = words.ignore_free_space;
  self->quiet = words.quiet;
  self->out = g_steal_pointer (&words.out);
  self->include = g_steal_pointer (&words.include);
  self->exclude = g_steal_pointer (&words.exclude);
  return TRUE;
}

char *
cli_download_options_get_help (const char *summary)
{
  g_auto (Words) words = { 0 };
  g_autoptr (GOptionContext) context = new_context (&words);

  /* GOption knows no commands: it takes the name of the program from the process. */
  g_set_prgname ("weightscope-cli download");
  g_option_context_set_summary (context, summary);
  return g_option_context_get_help (context, TRUE, NULL);
}

void
cli_download_options_clear (CliDownloadOptions *self)
{
  ws_hub_settings_clear (&self->settings);
  ws_hub_name_clear (&self->name);
  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->include, g_strfreev);
  g_clear_pointer (&self->exclude, g_strfreev);
}
