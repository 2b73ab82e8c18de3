/* SPDX-License-Identifier: MIT */
/* Models that are not here: opening them, and what reading them costs. */
#include "remote-model.h"

#include "base/memory.h"
#include "hub-access.h"
#include "hub-wait.h"
#include "hub/remote-folder.h"

/* Of the memory limit, as the command line has it: what is read ahead competes with the matrices
 * themselves. */
#define SHARE_AHEAD 8
#define MAX_AHEAD ((guint64) 1 << 30)
/* For a network that is away, as the command line has it: the wait is told, and can be broken off.
 */
#define PATIENCE_SECONDS 300

static guint64
get_limit (const WsAnalysisOptions *options)
{
  return options->memory_limit > 0 ? options->memory_limit : ws_memory_get_total () / 2;
}

static guint64
get_ahead_bytes (const WsAnalysisOptions *options)
{
  return MIN (get_limit (options) / SHARE_AHEAD, MAX_AHEAD);
}

void
ws_remote_model_reserve (WsAnalysisOptions *options)
{
  options->memory_limit = get_limit (options) - get_ahead_bytes (options);
}

WsModel *
ws_remote_model_open (const char *name, const WsAnalysisOptions *options, guint wait_number,
                      WsHub **hub, GCancellable *cancellable, GError **error)
{
  g_autoptr (WsHub) shared = ws_hub_access_dup_hub (cancellable);
  WsHubSettings settings = *ws_hub_get_settings (shared); /* its strings are copied below */
  g_autoptr (WsHub) own = NULL;
  g_autofree char *file = NULL;
  g_autoptr (WsFolder) folder = NULL;
  WsModel *model;

  settings.patience_seconds = PATIENCE_SECONDS;
  own = ws_hub_new (&settings);
  ws_hub_set_wait_func (own, ws_hub_wait_begin, GUINT_TO_POINTER (wait_number));
  folder =
      ws_remote_folder_open (own, name, NULL, get_ahead_bytes (options), &file, cancellable, error);
  if (folder == NULL)
    return NULL;
  model = ws_model_open_in (folder, file, TRUE, cancellable, error);
  if (model != NULL)
    *hub = g_steal_pointer (&own);
  return model;
}

void
ws_remote_model_count_traffic (const WsAnalysisOptions *options, GPtrArray *results,
                               WsTraffic *traffic)
{
  WsAnalysisOptions of_run = *options;

  ws_remote_model_reserve (&of_run);
  ws_traffic_count (traffic, results, &of_run, get_ahead_bytes (options));
}
