/* SPDX-License-Identifier: MIT */
/* Commits and lists of files, asked for or remembered. */
#include "hub/remote-names.h"

#include "hub/cached-model.h"
#include "hub/head-cache.h"
#include "hub/hub-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* id, commit, and when the Hub said so */
#define COMMIT_FORMAT "(ssx)"
/* id, and of each file its path, size, git hash, and SHA-256 or nothing */
#define LISTING_FORMAT "(sa(stss))"

/* (transfer full) (nullable): floating is sunk */
static GVariant *
load (const char *key, const char *format)
{
  g_autoptr (GBytes) bytes = ws_head_cache_load (key);
  g_autoptr (GVariantType) type = g_variant_type_new (format);

  return bytes ? g_variant_ref_sink (g_variant_new_from_bytes (type, bytes, FALSE)) : NULL;
}

static void
save (const char *key, GVariant *value)
{
  g_autoptr (GVariant) sunk = g_variant_ref_sink (value);
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (sunk);

  ws_head_cache_save (key, bytes);
}

static char *
make_key (WsHub *hub, const char *kind, const char *id, const char *revision)
{
  return g_strjoin (" ", kind, ws_hub_get_settings (hub)->endpoint, id, revision, NULL);
}

/* What a revision means */

typedef struct
{
  char *id, *commit; /* (owned) */
} Meaning;

static void
meaning_clear (Meaning *self)
{
  g_free (self->id);
  g_free (self->commit);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Meaning, meaning_clear)

gboolean
ws_remote_is_of_network (const GError *failure)
{
  static const WsHubError codes[] = { WS_HUB_ERROR_OFFLINE,   WS_HUB_ERROR_NETWORK,
                                      WS_HUB_ERROR_TLS,       WS_HUB_ERROR_PROXY,
                                      WS_HUB_ERROR_NOT_A_HUB, WS_HUB_ERROR_SERVER,
                                      WS_HUB_ERROR_RATE_LIMIT };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (failure, WS_HUB_ERROR, (int) codes[i]))
      return TRUE;
  return FALSE;
}

static gboolean
remember (const char *key, Meaning *self, gint64 *seconds)
{
  g_autoptr (GVariant) value = load (key, COMMIT_FORMAT);

  if (value == NULL)
    return FALSE;
  meaning_clear (self);
  g_variant_get (value, COMMIT_FORMAT, &self->id, &self->commit, seconds);
  return TRUE;
}

static void
save_meaning (const char *key, const Meaning *self)
{
  save (key,
        g_variant_new (COMMIT_FORMAT, self->id, self->commit, g_get_real_time () / G_USEC_PER_SEC));
}

/* That what is shown may be old. Whoever asked for no network knows that there is none. */
static void
warn_of_age (gint64 seconds, const GError *failure, GPtrArray *warnings)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);
  g_autofree char *date = time ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("?");

  if (g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE))
    g_ptr_array_add (
        warnings,
        g_strdup_printf (_ ("The Hub was not asked: this is the model as it was on %s."), date));
  else
    g_ptr_array_add (warnings, g_strdup_printf (_ ("This is the model as it was on %s: %s."), date,
                                                failure->message));
}

static gboolean
find_commit (WsHub *hub, const WsHubName *name, Meaning *self, GPtrArray *warnings,
             GCancellable *cancellable, GError **error)
{
  const char *revision = name->revision ? name->revision : "main";
  g_autofree char *key = make_key (hub, "commit", name->id, revision);
  g_autoptr (GError) failure = NULL;
  g_autoptr (WsHubModel) model = NULL;
  gint64 seconds = 0;

  /* a commit never means anything else */
  if (ws_hub_is_commit (revision) && remember (key, self, &seconds))
    return TRUE;
  model = ws_hub_read_model (hub, name->id, name->revision, cancellable, &failure);
  if (model)
    {
      g_autofree char *own_key = make_key (hub, "commit", model->id, model->commit);

      *self = (Meaning){ g_strdup (model->id), g_strdup (model->commit) };
      save_meaning (key, self);
      save_meaning (own_key, self);
      return TRUE;
    }
  if (ws_remote_is_of_network (failure) && remember (key, self, &seconds))
    {
      warn_of_age (seconds, failure, warnings);
      return TRUE;
    }
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Its files */

static WsHubListing *
load_listing (const char *key, const char *commit)
{
  g_autoptr (GVariant) value = load (key, LISTING_FORMAT);
  g_autoptr (GVariantIter) files = NULL;
  const char *id, *path, *git_oid, *sha256;
  WsHubListing *listing;
  guint64 n_bytes;

  if (value == NULL)
    return NULL;
  g_variant_get (value, "(&sa(stss))", &id, &files);
  listing = _ws_hub_listing_new (id, commit);
  while (g_variant_iter_next (files, "(&st&s&s)", &path, &n_bytes, &git_oid, &sha256))
    {
      WsHubFile *file = g_new0 (WsHubFile, 1);

      *file = (WsHubFile){ g_strdup (path), n_bytes, g_strdup (git_oid),
                           *sha256 != '\0' ? g_strdup (sha256) : NULL };
      g_ptr_array_add (listing->files, file);
    }
  return listing;
}

static void
save_listing (const char *key, const WsHubListing *listing)
{
  GVariantBuilder files;

  g_variant_builder_init (&files, G_VARIANT_TYPE ("a(stss)"));
  for (guint i = 0; i < listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (listing->files, i);

      g_variant_builder_add (&files, "(stss)", file->path, file->n_bytes, file->git_oid,
                             file->sha256 ? file->sha256 : "");
    }
  save (key, g_variant_new (LISTING_FORMAT, listing->id, &files));
}

WsHubListing *
ws_remote_listing_open (WsHub *hub, const WsHubName *name, GPtrArray *warnings,
                        GCancellable *cancellable, GError **error)
{
  g_auto (Meaning) meaning = { 0 };
  g_autofree char *key = NULL;
  WsHubListing *listing;

  if (!find_commit (hub, name, &meaning, warnings, cancellable, error))
    return NULL;
  if (strcmp (meaning.id, name->id) != 0)
    g_ptr_array_add (
        warnings, g_strdup_printf (_ ("The model '%s' is called '%s' now."), name->id, meaning.id));
  key = make_key (hub, "files", meaning.id, meaning.commit);
  listing = load_listing (key, meaning.commit);
  if (listing)
    return listing;
  listing = ws_hub_read_listing (hub, meaning.id, meaning.commit, cancellable, error);
  if (listing)
    save_listing (key, listing);
  return listing;
}

void
ws_remote_listing_keep (WsHub *hub, const WsHubName *name, const WsHubListing *listing)
{
  const Meaning meaning = { listing->id, listing->commit };
  g_autofree char *key = make_key (hub, "commit", name->id, name->revision ?: "main");
  g_autofree char *own_key = make_key (hub, "commit", listing->id, listing->commit);
  g_autofree char *files_key = make_key (hub, "files", listing->id, listing->commit);

  /* what is kept does not tell of refusals, and must not pass for the whole */
  if (listing->refusals->len > 0)
    return;
  save_meaning (key, &meaning);
  save_meaning (own_key, &meaning);
  save_listing (files_key, listing);
}

/* Of a commit that is known. */
static WsHubListing *
recall_files (WsHub *hub, const char *id, const char *commit)
{
  g_autofree char *key = make_key (hub, "files", id, commit);
  WsHubListing *listing = load_listing (key, commit);

  return listing ?: ws_cached_model_read_listing (ws_hub_get_settings (hub), id, commit);
}

WsHubListing *
ws_remote_listing_recall (WsHub *hub, const WsHubName *name)
{
  g_autofree char *commit = ws_cached_model_find_commit (ws_hub_get_settings (hub), name);
  g_autofree char *key = make_key (hub, "commit", name->id, name->revision ?: "main");
  g_auto (Meaning) meaning = { 0 };
  WsHubListing *listing = commit ? recall_files (hub, name->id, commit) : NULL;
  gint64 seconds;

  if (listing == NULL && remember (key, &meaning, &seconds))
    listing = recall_files (hub, meaning.id, meaning.commit);
  return listing;
}
