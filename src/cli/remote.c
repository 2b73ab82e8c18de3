/* SPDX-License-Identifier: MIT */
/* Models on the Hub, read by ranges. */
#include "cli/remote.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "analysis/traffic.h"
#include "base/format.h"
#include "base/memory.h"
#include "cli/refusal.h"
#include "cli/status-line.h"
#include "cli/terminal.h"
#include "hub/remote-folder.h"

/* Of the memory limit: what is read ahead competes with the matrices themselves. */
#define SHARE_AHEAD 8
/* What is read ahead is 64 MiB; the rest keeps what some statistics read a second time. */
#define MAX_AHEAD ((guint64) 1 << 30)
/* For a network that is away while a model is read. */
#define PATIENCE_SECONDS 300

static WsHub *
new_hub (const CliOptions *options)
{
  g_auto (WsHubSettings) settings = { 0 };

  ws_hub_settings_init (&settings);
  settings.is_offline |= options->no_network;
  settings.patience_seconds = PATIENCE_SECONDS;
  return ws_hub_new (&settings);
}

char *
cli_describe_wait (int code, double seconds)
{
  g_autofree char *shown = ws_format_duration (ceil (seconds));

  switch (code)
    {
    case -1:
      return g_strdup (_ ("waiting for another program that fetches it"));
    case WS_HUB_ERROR_NETWORK:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("waiting for the network, retry in %s"), shown);
    case WS_HUB_ERROR_SERVER:
    case WS_HUB_ERROR_RATE_LIMIT:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("waiting for the server, retry in %s"), shown);
    default:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("retry in %s"), shown);
    }
}

void
cli_print_wait (double seconds, const GError *failure, gpointer user_data)
{
  g_autofree char *wait = cli_describe_wait (failure->code, seconds);
  CliStatusLine line;

  cli_status_line_init (&line);
  line.is_shown = line.is_possible;
  cli_status_line_clear (&line);
  /* Translators: "waiting for the network, retry in 8 s", then why */
  cli_print_message (_ ("%s: %s"), wait, failure->message);
}

guint64
cli_get_ahead_bytes (const CliOptions *options)
{
  const guint64 limit = options->analysis.memory_limit;

  return MIN ((limit > 0 ? limit : ws_memory_get_total () / 2) / SHARE_AHEAD, MAX_AHEAD);
}

void
cli_leave_ahead_bytes (const CliOptions *options, WsAnalysisOptions *analysis)
{
  analysis->memory_limit =
      (analysis->memory_limit > 0 ? analysis->memory_limit : ws_memory_get_total () / 2) -
      cli_get_ahead_bytes (options);
}

/* Of asking for options->model. */
static void
explain (const CliOptions *options, WsHub *hub, GCancellable *cancellable, GError **error)
{
  g_auto (WsHubName) name = { 0 };

  if (ws_hub_name_parse (&name, options->model, ws_hub_get_settings (hub)->endpoint, NULL))
    cli_explain_refusal (error, hub, name.id, cancellable);
}

WsModel *
cli_open_remote_model (const CliOptions *options, WsHub **hub, GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (WsFolder) folder = NULL;
  g_autoptr (GError) refusal = NULL;
  WsModel *model = NULL;

  *hub = new_hub (options);
  if (!options->quiet)
    ws_hub_set_wait_func (*hub, cli_print_wait, NULL);
  folder = ws_remote_folder_open (*hub, options->model, options->revision,
                                  cli_get_ahead_bytes (options), &name, cancellable, &refusal);
  if (folder != NULL)
    model = ws_model_open_in (folder, name, options->allow_missing, cancellable, &refusal);
  if (model != NULL)
    return model;
  explain (options, *hub, cancellable, &refusal);
  g_propagate_error (error, g_steal_pointer (&refusal));
  return NULL;
}

static void
print_again (const WsTraffic *traffic)
{
  g_autofree char *again = ws_format_bytes (traffic->n_again_bytes);
  g_autofree char *kept = ws_format_bytes (traffic->n_kept_bytes);

  /* Translators: both %s are "1.2 GB" */
  cli_print_message (_ ("%s of what is read from the Hub have to be fetched again, because the "
                        "disk of the download cache has no room to keep %s meanwhile"),
                     again, kept);
}

gboolean
cli_check_traffic (const CliOptions *options, GPtrArray *results, GError **error)
{
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();
  WsAnalysisOptions analysis = options->analysis;
  g_autofree char *needed = NULL;
  g_autofree char *allowed = NULL;
  WsTraffic traffic;

  for (guint i = 0; i < results->len; i++)
    if (ws_result_needs_run (g_ptr_array_index (results, i)))
      g_ptr_array_add (pending, g_ptr_array_index (results, i));
  cli_leave_ahead_bytes (options, &analysis);
  ws_traffic_count (&traffic, pending, &analysis, cli_get_ahead_bytes (options));
  if (traffic.n_again_bytes > 0 && !options->quiet)
    print_again (&traffic);
  if (options->max_traffic == 0 || traffic.n_bytes <= options->max_traffic)
    return TRUE;
  needed = ws_format_bytes (traffic.n_bytes);
  allowed = ws_format_bytes (options->max_traffic);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("this would read %s from the Hub, and --max-traffic allows %s: choose less with "
                  "--filter, or allow more"),
               needed, allowed);
  return FALSE;
}

void
cli_print_traffic (const CliOptions *options, WsHub *hub)
{
  const guint64 n_bytes = hub ? ws_http_get_n_bytes_received (ws_hub_get_http (hub)) : 0;
  g_autofree char *shown = ws_format_bytes (n_bytes);

  if (n_bytes > 0 && !options->quiet)
    cli_print_message (_ ("read %s from the Hub, in parts, which have no hash to verify them by"),
                       shown);
}
