/* SPDX-License-Identifier: MIT */
/* What the subcommands share: opening MODEL, and complaining. */
#include "cli/commands.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "cli/remote.h"
#include "cli/terminal.h"

static WsModel *
open_sample (GCancellable *cancellable, GError **error)
{
  g_autofree char *path = ws_model_find_sample (error);

  return path ? ws_model_open (path, FALSE, cancellable, error) : NULL;
}

/* Whether @text is what the Hub calls a model: "org/name", or an address. */
static gboolean
names_remote_model (const char *text)
{
  static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  gsize n = strspn (text, letters);

  if (g_str_has_prefix (text, "http://") || g_str_has_prefix (text, "https://"))
    return TRUE;
  return *text != '.' && n > 0 && text[n] == '/' && text[n + 1] != '\0' &&
         text[n + 1 + strspn (text + n + 1, letters)] == '\0';
}

/* Adds to @error, of opening @text, what may help. */
static void
add_hint (GError **error, const char *text, GCancellable *cancellable)
{
  g_autoptr (GError) cause = g_steal_pointer (error);
  g_autoptr (WsModel) part = NULL;

  if (g_error_matches (cause, WS_ERROR, WS_ERROR_NOT_FOUND))
    part = ws_model_open (text, TRUE, cancellable, NULL);
  if (part && part->n_shards_missing > 0 && part->model_id != NULL)
    /* Translators: what is missing; the ID and the commit of the model */
    g_set_error (error, cause->domain, cause->code,
                 _ ("%s; 'download %s --revision %s' fetches the rest, --allow-missing goes on "
                    "without"),
                 cause->message, part->model_id, part->revision);
  else if (part && part->n_shards_missing > 0)
    g_set_error (error, cause->domain, cause->code, _ ("%s; --allow-missing goes on without"),
                 cause->message);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) && names_remote_model (text))
    g_set_error (error, cause->domain, cause->code,
                 _ ("%s; a model on the Hub is written as hf:org/name"), cause->message);
  else
    g_propagate_error (error, g_steal_pointer (&cause));
}

WsModel *
cli_open_model (const CliOptions *options, WsHub **hub, GCancellable *cancellable, GError **error)
{
  const char *text = options->model;
  g_autoptr (GError) cause = NULL;
  WsModel *model;

  *hub = NULL;
  if (strcmp (text, "sample") == 0)
    return open_sample (cancellable, error);
  if (ws_hub_name_is_remote (text))
    return cli_open_remote_model (options, hub, cancellable, error);
  model = ws_model_open (text, options->allow_missing, cancellable, &cause);
  if (model == NULL)
    {
      add_hint (&cause, text, cancellable);
      g_propagate_error (error, g_steal_pointer (&cause));
    }
  return model;
}

const char *
cli_get_revision (const CliOptions *options, const WsModel *model, const WsHub *hub)
{
  return options->revision && hub == NULL ? options->revision : model->revision;
}

CliStatus
cli_get_model_status (const WsModel *model)
{
  return model->n_shards_missing > 0 && !model->is_part ? CLI_INCOMPLETE : CLI_DONE;
}

void
cli_set_no_match_error (const char *filter, GError **error)
{
  g_autofree char *shown = ws_format_name (filter);

  g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND, _ ("no tensor matches the filter '%s'"), shown);
}

CliStatus
cli_report_error (const GError *error)
{
  cli_print_message ("%s", error->message);
  return g_error_matches (error, WS_ERROR, WS_ERROR_ARGUMENT) ||
                 g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME)
             ? CLI_WRONG_USAGE
             : CLI_FAILED;
}

void
cli_print_warnings (const WsModel *model)
{
  for (guint i = 0; i < model->warnings->len; i++)
    cli_print_message (_ ("warning: %s"), (const char *) g_ptr_array_index (model->warnings, i));
}

void
cli_print_notes (FILE *stream, const WsModel *model)
{
  for (guint i = 0; i < model->notes->len; i++)
    fprintf (stream, "%s\n", (const char *) g_ptr_array_index (model->notes, i));
}

char *
cli_get_layer_heading (int layer_index)
{
  return layer_index < 0 ? g_strdup (_ ("no layer"))
                         : g_strdup_printf (_ ("layer %d"), layer_index);
}
