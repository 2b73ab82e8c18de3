/* SPDX-License-Identifier: MIT */
/* Downloads from the Hub of the tests. What arrived is judged by GLib's checksums and the hashes of
 * the server's own listing, not by what the program says of it. */
#include "download-fixture.h"

#include <string.h>

static void
keep_progress (const WsDownloadProgress *progress, gpointer user_data)
{
  Fetched *self = user_data;

  for (guint i = 0; i < progress->files->len; i++)
    {
      const WsFileProgress *file = &g_array_index (progress->files, WsFileProgress, i);

      if (file->state == WS_FILE_RETRYING)
        {
          g_free (self->retry_message);
          self->retry_message = g_strdup (file->message);
        }
    }
  ws_download_progress_clear (&self->last);
  self->last = *progress;
  self->last.files = NULL;
}

static void
keep_warning (const char *sentence, gpointer user_data)
{
  Fetched *self = user_data;

  g_ptr_array_add (self->warnings, g_strdup (sentence));
}

void
fetched_init (Fetched *self, HubFixture *fixture, const char *id, const char *const *paths,
              const WsHubSettings *settings)
{
  g_auto (WsHubSettings) own = { 0 };
  g_autoptr (GError) error = NULL;
  WsHubModel *model;

  hub_fixture_init_settings (fixture, &own);
  *self = (Fetched){ .hub = ws_hub_new (settings ? settings : &own),
                     .files = g_ptr_array_new (),
                     .warnings = g_ptr_array_new_with_free_func (g_free) };
  model = ws_hub_read_model (self->hub, id, NULL, NULL, &error);
  g_assert_no_error (error);
  self->listing = ws_hub_read_listing (self->hub, model->id, model->commit, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < self->listing->files->len; i++)
    {
      WsHubFile *file = g_ptr_array_index (self->listing->files, i);

      if (paths == NULL || g_strv_contains (paths, file->path))
        g_ptr_array_add (self->files, file);
    }
  self->request = (WsDownloadRequest){
    .id = "the model", .listing = self->listing, .files = self->files, .retry_seconds = 0.02
  };
  ws_hub_model_free (model);
}

void
fetched_prepare (Fetched *self)
{
  const WsDownloadCallbacks callbacks = { keep_progress, keep_warning, self };

  if (self->download == NULL)
    self->download = ws_download_new (self->hub, &self->request, &callbacks);
}

void
fetched_run (Fetched *self, GCancellable *cancellable)
{
  fetched_prepare (self);
  g_clear_error (&self->error);
  g_free (self->folder);
  self->folder = ws_download_run (self->download, cancellable, &self->error);
}

void
fetched_clear (Fetched *self)
{
  g_clear_pointer (&self->download, ws_download_free);
  ws_download_progress_clear (&self->last);
  g_clear_pointer (&self->retry_message, g_free);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_pointer (&self->folder, g_free);
  g_clear_error (&self->error);
}

void
fetched_get (Fetched *self, HubFixture *fixture, const char *id)
{
  fetched_init (self, fixture, id, NULL, NULL);
  fetched_run (self, NULL);
}

/* (transfer full) */
static char *
hash (const WsHubFile *file, const char *bytes, gsize n_bytes)
{
  g_autoptr (GChecksum) checksum =
      g_checksum_new (file->sha256 ? G_CHECKSUM_SHA256 : G_CHECKSUM_SHA1);

  if (file->sha256 == NULL)
    {
      g_autofree char *head = g_strdup_printf ("blob %zu", n_bytes);

      g_checksum_update (checksum, (const guint8 *) head, strlen (head) + 1);
    }
  g_checksum_update (checksum, (const guint8 *) bytes, n_bytes);
  return g_strdup (g_checksum_get_string (checksum));
}

void
fetched_assert_right (Fetched *self, HubFixture *fixture)
{
  g_assert_no_error (self->error);
  g_assert_nonnull (self->folder);
  for (guint i = 0; i < self->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (self->files, i);
      g_autofree char *path = g_build_filename (self->folder, file->path, NULL);
      g_autofree char *bytes = NULL;
      g_autofree char *found = NULL;
      g_autoptr (GError) error = NULL;
      gsize n_bytes;

      g_file_get_contents (path, &bytes, &n_bytes, &error);
      g_assert_no_error (error);
      found = hash (file, bytes, n_bytes);
      g_assert_cmpstr (found, ==, file->sha256 ? file->sha256 : file->git_oid);
    }
  g_assert_cmpint (hub_fixture_count (fixture, NULL, "tokens_leaked"), ==, 0);
}

gint64
fetched_count_cdn_bytes (HubFixture *fixture)
{
  return hub_fixture_count (fixture, "cdn", "bytes");
}
