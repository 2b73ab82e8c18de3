/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or a list of files whose names are safe, sorted, and each its own. */
#include "fuzz.h"

#include "hub/hub-private.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) reason = NULL;
  g_autoptr (WsHubListing) listing =
      _ws_hub_listing_new ("org/name", "0123456789012345678901234567890123456789");
  g_auto (WsListingBuilder) builder = { 0 };
  gboolean is_read;

  _ws_listing_builder_init (&builder, listing);
  is_read = _ws_listing_builder_add_page (&builder, n_bytes > 0 ? (const char *) data : "", n_bytes,
                                          &reason);
  g_assert (is_read == (reason == NULL));
  _ws_listing_builder_sort (&builder);
  for (guint i = 0; i < listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (listing->files, i);

      g_assert (ws_hub_path_check (file->path, NULL));
      g_assert (ws_hub_is_commit (file->git_oid));
      g_assert (file->sha256 == NULL || strlen (file->sha256) == 64);
      g_assert (file->n_bytes <= G_GUINT64_CONSTANT (1) << 53);
      g_assert (ws_hub_listing_find (listing, file->path) == file);
    }
  for (guint i = 0; i < listing->refusals->len; i++)
    g_assert (g_utf8_validate (((WsHubRefusal *) g_ptr_array_index (listing->refusals, i))->name,
                               -1, NULL));
  return 0;
}
