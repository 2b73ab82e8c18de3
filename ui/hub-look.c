/* SPDX-License-Identifier: MIT */
/* What the page of a model on the Hub shows. */
#include "hub-look.h"

#include "hub-access.h"

#include "hub/remote-names.h"

#include <glib/gi18n-lib.h>

WsHubLook *
ws_hub_look_new (const WsHubName *name)
{
  WsHubLook *self = g_new0 (WsHubLook, 1);

  self->id = g_strdup (name->id);
  self->revision = g_strdup (name->revision);
  self->path = g_strdup (name->path);
  self->variant = g_strdup (name->variant);
  return self;
}

void
ws_hub_look_free (WsHubLook *self)
{
  g_free (self->id);
  g_free (self->revision);
  g_free (self->path);
  g_free (self->variant);
  g_free (self->conversion);
  g_strfreev (self->suggestions);
  g_clear_error (&self->absence);
  ws_shard_parts_clear (&self->parts);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_pointer (&self->model, ws_hub_model_free);
  g_clear_pointer (&self->refs, g_ptr_array_unref);
  g_clear_pointer (&self->choice, g_ptr_array_unref);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_clear_error (&self->denial);
  g_free (self);
}

/* The list of a gated model is public, its bytes are not: asking where one file is tells. */
static gboolean
try_a_file (WsHubLook *look, GCancellable *cancellable, GError **error)
{
  g_auto (WsHubLocation) location = { 0 };
  const WsHubFile *file;

  if (look->model->gate == WS_GATE_NONE || look->listing->files->len == 0)
    return TRUE;
  file = g_ptr_array_index (look->listing->files, 0);
  if (ws_hub_resolve (look->hub, look->model->id, look->model->commit, file->path, &location,
                      cancellable, &look->denial))
    return TRUE;
  if (g_error_matches (look->denial, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&look->denial));
      return FALSE;
    }
  return TRUE;
}

/* Here, for with thousands of files it takes as long as a frame. */
static gboolean
choose_files (WsHubLook *look, GError **error)
{
  g_autofree char *below = look->path != NULL ? g_strconcat (look->path, "/", NULL) : NULL;
  g_autofree char *variant =
      look->variant != NULL ? ws_choice_make_variant_pattern (look->variant) : NULL;
  const char *patterns[] = { variant != NULL ? variant : look->path, below, NULL };
  g_autoptr (GPtrArray) files = NULL;

  look->choice =
      ws_choice_new (look->listing, WS_CHOICE_WEIGHTS, patterns[0] != NULL ? patterns : NULL, NULL);
  files = ws_choice_get_files (look->choice);
  if (look->variant == NULL || files->len > 0)
    return TRUE;
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
               _ ("'%s' has no variant '%s': without ':%s', all its files are listed"),
               look->model->id, look->variant, look->variant);
  return FALSE;
}

/* Without it there are fewer presets. */
static void
read_parts (WsHubLook *look, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (look->denial == NULL &&
      !ws_shard_parts_read (&look->parts, look->hub, look->listing, cancellable, &error))
    g_info ("%s", error->message);
}

/* Without an answer there is nothing to offer. */
static void
find_conversion (WsHubLook *look, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  look->is_of_pickles = ws_choice_is_of_pickles (look->listing);
  if (look->is_of_pickles && look->absence == NULL)
    look->conversion = ws_hub_find_conversion (look->hub, look->model->id, cancellable, &error);
  if (error != NULL)
    g_info ("%s", error->message);
}

/* The model and its files, as they are known here. Returns: FALSE: they are not. */
static gboolean
recall (WsHubLook *look, const WsHubName *name)
{
  look->listing = ws_remote_listing_recall (look->hub, name);
  if (look->listing == NULL)
    return FALSE;
  look->model = g_new0 (WsHubModel, 1);
  look->model->id = g_strdup (look->listing->id);
  look->model->commit = g_strdup (look->listing->commit);
  return TRUE;
}

static gboolean
ask (WsHubLook *look, const WsHubName *name, GCancellable *cancellable, GError **error)
{
  look->model = ws_hub_read_model (look->hub, look->id, look->revision, cancellable, error);
  if (look->model == NULL)
    return FALSE;
  look->listing =
      ws_hub_read_listing (look->hub, look->model->id, look->model->commit, cancellable, error);
  if (look->listing == NULL)
    return FALSE;
  ws_remote_listing_keep (look->hub, name, look->listing);
  return TRUE;
}

/* Asked for, or recalled where nobody answers. */
static gboolean
find_files (WsHubLook *look, GCancellable *cancellable, GError **error)
{
  const WsHubName name = { look->id, look->revision, NULL, NULL };
  g_autoptr (GError) failure = NULL;

  if (ask (look, &name, cancellable, &failure))
    return TRUE;
  g_clear_pointer (&look->model, ws_hub_model_free);
  if (ws_remote_is_of_network (failure) && recall (look, &name))
    {
      look->absence = g_steal_pointer (&failure);
      return TRUE;
    }
  if (g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL))
    look->suggestions = ws_hub_suggest (look->hub, look->id, cancellable);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* What only the Hub knows. Without the list of revisions one can still be typed. */
static gboolean
ask_more (WsHubLook *look, GCancellable *cancellable, GError **error)
{
  if (look->absence == NULL)
    look->refs = ws_hub_read_refs (look->hub, look->model->id, cancellable, NULL);
  if (look->refs == NULL)
    look->refs = g_ptr_array_new ();
  return look->absence != NULL || try_a_file (look, cancellable, error);
}

gboolean
ws_hub_look_execute (WsJob *job, gpointer data, GError **error)
{
  WsHubLook *look = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);

  look->hub = ws_hub_access_dup_hub (cancellable);
  if (!find_files (look, cancellable, error) || !choose_files (look, error) ||
      !ask_more (look, cancellable, error))
    return FALSE;
  read_parts (look, cancellable);
  find_conversion (look, cancellable);
  return TRUE;
}
