/* SPDX-License-Identifier: MIT */
/* Which files of a model on the Hub are wanted, and which of them are here already. */
#include "cli/download-choice.h"

#include <glib/gi18n-lib.h>

#include "base/format.h"
#include "cli/remote.h"
#include "cli/terminal.h"
#include "hub/cached-model.h"
#include "hub/digest.h"
#include "hub/remote-folder.h"
#include "hub/remote-names.h"
#include "model/model.h"

void
cli_download_choice_clear (CliDownloadChoice *self)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_error (&self->absence);
  g_clear_object (&self->cancellable);
}

/* A file that was named by its address, or one quantisation of several. (transfer full): NULL: the
 * options decide. */
static char **
dup_include (const CliDownloadOptions *options)
{
  g_autoptr (GStrvBuilder) patterns = g_strv_builder_new ();

  if (options->include)
    return g_strdupv (options->include);
  if (options->name.path)
    g_strv_builder_add (patterns, options->name.path);
  else if (options->name.variant)
    {
      g_autofree char *weights = ws_choice_make_variant_pattern (options->name.variant);

      g_strv_builder_add (patterns, weights);
    }
  else
    return NULL;
  return g_strv_builder_end (patterns);
}

static void
print_refusals (const WsHubListing *listing)
{
  for (guint i = 0; i < listing->refusals->len; i++)
    {
      const WsHubRefusal *refusal = g_ptr_array_index (listing->refusals, i);

      cli_print_message (_ ("the file '%s' is left out: %s"), refusal->name, refusal->reason);
    }
}

static gboolean
is_of_part (const WsTensor *tensor, gboolean is_layer)
{
  return is_layer ? tensor->block.layer_index == 0 : tensor->block.type == WS_BLOCK_EMBEDDING;
}

/* Why the part is not in files of its own, with the command that reads it, if anything does. Looks
 * into the model: a command that finds nothing would be no help. */
static void
set_no_part (const CliDownloadChoice *self, gboolean is_layer, GError **error)
{
  const char *revision = self->options->name.revision;
  g_autofree char *id = revision ? g_strdup_printf ("%s@%s", self->listing->id, revision)
                                 : g_strdup (self->listing->id);
  g_autofree char *path = g_strdup_printf ("hf:%s@%s", self->listing->id, self->listing->commit);
  g_autofree char *name = NULL;
  g_autoptr (GError) failure = NULL;
  g_autoptr (WsFolder) folder =
      ws_remote_folder_open (self->hub, path, NULL, 0, &name, self->cancellable, &failure);
  g_autoptr (WsModel) model =
      folder ? ws_model_open_in (folder, name, TRUE, self->cancellable, &failure) : NULL;
  gboolean has_part = FALSE;

  for (guint i = 0; model && i < model->tensors->len; i++)
    has_part |= is_of_part (g_ptr_array_index (model->tensors, i), is_layer);
  if (model == NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  else if (!has_part)
    /* Translators: the second %s is the ID again, in a command: leave that as it is */
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
                 is_layer ? _ ("'%s' has no layers; 'inspect hf:%s' lists its tensors")
                          : _ ("'%s' has no token embedding; 'inspect hf:%s' lists its tensors"),
                 id, id);
  else
    /* Translators: the second %s is the ID again, the third a part of a command: leave as it is */
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
                 is_layer ? _ ("'%s' has no files that hold one layer and not the others; 'analyze "
                               "hf:%s --filter %s' reads it alone, without a download")
                          : _ ("'%s' has no files that hold the token embedding and not the rest; "
                               "'analyze hf:%s --filter %s' reads it alone, without a download"),
                 id, id, is_layer ? "layer:0" : "type:embedding");
}

/* The files of the part that was asked for, or of the patterns. */
static GPtrArray *
choose_files (CliDownloadChoice *self, GError **error)
{
  const CliDownloadOptions *options = self->options;
  const char *const *exclude = (const char *const *) options->exclude;
  const gboolean is_layer = options->part == WS_MODEL_PART_LAYER;
  g_auto (GStrv) include = dup_include (options);
  g_auto (WsShardParts) parts = { 0 };
  GPtrArray *rows;

  if (include != NULL)
    return ws_choice_new (self->listing, WS_CHOICE_WEIGHTS, (const char *const *) include, exclude);
  if ((is_layer || options->part == WS_MODEL_PART_EMBEDDINGS) &&
      !ws_shard_parts_read (&parts, self->hub, self->listing, self->cancellable, error))
    return NULL;
  rows = ws_shard_parts_choose (&parts, self->listing, options->part, exclude);
  if (rows == NULL)
    set_no_part (self, is_layer, error);
  return rows;
}

/* What the Hub says. */
static WsHubListing *
ask (CliDownloadChoice *self, GError **error)
{
  const WsHubName *name = &self->options->name;
  g_autoptr (WsHubModel) model =
      ws_hub_read_model (self->hub, name->id, name->revision, self->cancellable, error);
  WsHubListing *listing;

  if (model == NULL)
    return NULL;
  if (g_strcmp0 (model->id, name->id) != 0)
    cli_print_message (_ ("'%s' is called '%s' now"), name->id, model->id);
  listing = ws_hub_read_listing (self->hub, model->id, model->commit, self->cancellable, error);
  if (listing != NULL)
    ws_remote_listing_keep (self->hub, name, listing);
  return listing;
}

/* The list of the files; of a Hub that cannot be reached what it said before. */
static gboolean
find_listing (CliDownloadChoice *self, GError **error)
{
  self->hub = ws_hub_new (&self->options->settings);
  if (!self->options->quiet)
    ws_hub_set_wait_func (self->hub, cli_print_wait, NULL);
  self->listing = ask (self, &self->absence);
  if (self->listing == NULL && ws_remote_is_of_network (self->absence))
    self->listing = ws_remote_listing_recall (self->hub, &self->options->name);
  else if (self->listing != NULL)
    print_refusals (self->listing);
  if (self->listing != NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (self->absence));
  if (ws_remote_is_of_network (self->absence))
    /* Translators: a model, then why the Hub cannot be asked */
    g_prefix_error (error, _ ("'%s' is not on this machine; "), self->options->name.id);
  return FALSE;
}

/* How much of what is wanted is here. */
static void
count (CliDownloadChoice *self)
{
  g_autoptr (GPtrArray) files = ws_choice_get_files (self->rows);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (WsModelPlace) place = { 0 };

  ws_model_place_init (&place, ws_hub_get_settings (self->hub), self->listing, self->options->out);
  self->n_files = files->len;
  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);
      const gboolean is_here = ws_model_place_has_contents (&place, file);

      self->n_files_here += is_here;
      if (!g_hash_table_add (seen, (gpointer) ws_digest_get_listed (file)))
        continue;
      self->n_bytes += file->n_bytes;
      self->n_bytes_here += is_here ? file->n_bytes : 0;
    }
}

/* Where nobody can be asked, all must be here.
 * Returns: FALSE with @error set if it is not. */
static gboolean
check_absence (CliDownloadChoice *self, GError **error)
{
  const char *id = self->listing->id;
  g_autofree char *here = ws_format_bytes (self->n_bytes_here);
  g_autofree char *all = ws_format_bytes (self->n_bytes);

  if (self->absence == NULL)
    return TRUE;
  if (self->n_files_here < self->n_files && !self->options->dry_run)
    {
      /* Translators: the model, bytes that are here and in all, then why the Hub cannot be asked */
      g_set_error (error, self->absence->domain, self->absence->code,
                   _ ("of '%s' only %s of %s is on this machine; %s"), id, here, all,
                   self->absence->message);
      return FALSE;
    }
  if (self->options->quiet)
    return TRUE;
  cli_print_message ("%s", self->absence->message);
  if (self->n_files_here == self->n_files)
    cli_print_message (_ ("what was asked for of '%s' is here, as of commit %.7s"), id,
                       self->listing->commit);
  else
    cli_print_message (_ ("of '%s' commit %.7s is the last that is known here"), id,
                       self->listing->commit);
  return TRUE;
}

/* Whoever wants to look into the model should know before it comes. */
static void
warn_of_format (const CliDownloadChoice *self)
{
  const char *format = ws_choice_get_foreign_format (self->rows);

  if (format != NULL)
    /* Translators: %s is the name of a format of files, "GGUF" */
    cli_print_message (_ ("%s files cannot be opened here: only safetensors are read"), format);
}

gboolean
cli_download_choice_make (CliDownloadChoice *self, GError **error)
{
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *pickles = NULL;

  if (!find_listing (self, error))
    return FALSE;
  self->rows = choose_files (self, error);
  if (self->rows == NULL)
    return FALSE;
  pickles = ws_hub_describe_pickles (self->hub, self->listing, self->cancellable);
  if (pickles != NULL)
    cli_print_message ("%s", pickles);
  else
    warn_of_format (self);
  files = ws_choice_get_files (self->rows);
  count (self);
  if (files->len > 0)
    return check_absence (self, error);
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
               _ ("'%s' has no file that fits what was asked for; --dry-run --all-files lists all"),
               self->listing->id);
  return FALSE;
}
