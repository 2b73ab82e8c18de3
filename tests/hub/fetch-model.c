/* SPDX-License-Identifier: MIT */
/* Fetches a model as the program would, for tests that drive it from outside:
 *
 *   fetch-model [--revision R] [--folder F] [--retry SECONDS] [--connections N] ID [PATH...]
 *
 * The environment says where the Hub and the cache are. Prints the folder, or the error and exits
 * with 1; "done BYTES" lines go to stderr as bytes come to lie on the disk. */
#include "hub/download.h"

#include <stdio.h>

static char *revision, *folder;
static double retry_seconds;
static int n_connections;
static char **words;

static const GOptionEntry entries[] = {
  { "revision", 0, 0, G_OPTION_ARG_STRING, &revision, NULL, NULL },
  { "folder", 0, 0, G_OPTION_ARG_FILENAME, &folder, NULL, NULL },
  { "retry", 0, 0, G_OPTION_ARG_DOUBLE, &retry_seconds, NULL, NULL },
  { "connections", 0, 0, G_OPTION_ARG_INT, &n_connections, NULL, NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, NULL },
  G_OPTION_ENTRY_NULL,
};

static void
tell_progress (const WsDownloadProgress *progress, gpointer user_data)
{
  guint64 *told = user_data;

  if (progress->n_bytes_done != *told)
    fprintf (stderr, "done %" G_GUINT64_FORMAT "\n", progress->n_bytes_done);
  *told = progress->n_bytes_done;
}

static void
tell_warning (const char *sentence, gpointer user_data)
{
  fprintf (stderr, "warning: %s\n", sentence);
}

/* Those named on the command line; all if none is. */
static GPtrArray *
choose (WsHubListing *listing)
{
  GPtrArray *files = g_ptr_array_new ();

  for (guint i = 0; i < listing->files->len; i++)
    {
      WsHubFile *file = g_ptr_array_index (listing->files, i);

      if (words[1] == NULL || g_strv_contains ((const char *const *) words + 1, file->path))
        g_ptr_array_add (files, file);
    }
  return files;
}

static char *
fetch (WsHub *hub, GError **error)
{
  const WsDownloadCallbacks callbacks = { tell_progress, tell_warning, &(guint64){ 0 } };
  WsHubModel *model = ws_hub_read_model (hub, words[0], revision, NULL, error);
  g_autofree char *commit = model ? g_strdup (model->commit) : NULL;
  g_autoptr (WsHubListing) listing = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autoptr (WsDownload) download = NULL;

  if (model == NULL)
    return NULL;
  ws_hub_model_free (model);
  listing = ws_hub_read_listing (hub, words[0], commit, NULL, error);
  if (listing == NULL)
    return NULL;
  files = choose (listing);
  download = ws_download_new (hub,
                              &(WsDownloadRequest){ .id = words[0],
                                                    .revision = revision,
                                                    .listing = listing,
                                                    .files = files,
                                                    .folder = folder,
                                                    .retry_seconds = retry_seconds },
                              &callbacks);
  return ws_download_run (download, NULL, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("ID [PATH...]");
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (WsHub) hub = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *found = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || words == NULL)
    {
      fprintf (stderr, "fetch-model: %s\n", error ? error->message : "which model?");
      return 2;
    }
  ws_hub_settings_init (&settings);
  if (n_connections > 0)
    settings.n_connections = n_connections;
  hub = ws_hub_new (&settings);
  found = fetch (hub, &error);
  if (found == NULL)
    {
      fprintf (stderr, "fetch-model: %s\n", error->message);
      return 1;
    }
  puts (found);
  return 0;
}
