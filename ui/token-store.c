/* SPDX-License-Identifier: MIT */
/* Where the user's token of the Hub is kept. */
#include "token-store.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/write.h"

#ifdef WS_HAVE_LIBSECRET

#include <libsecret/secret.h>

static const SecretSchema schema = {
  "org.weightscope.Weightscope.HubToken",
  SECRET_SCHEMA_NONE,
  { { "endpoint", SECRET_SCHEMA_ATTRIBUTE_STRING } },
};

char *
ws_token_store_read (const char *endpoint, GCancellable *cancellable)
{
  char *secret =
      secret_password_lookup_sync (&schema, cancellable, NULL, "endpoint", endpoint, NULL);
  char *token = g_strdup (secret);

  /* libsecret's copy is in memory that is locked and wiped */
  secret_password_free (secret);
  return token;
}

static gboolean
save_to_keyring (const char *endpoint, const char *token, GCancellable *cancellable)
{
  /* Translators: the name of a password in the keyring; %s is the address of a server */
  g_autofree char *label = g_strdup_printf (_ ("Token of %s"), endpoint);

  return secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, token, cancellable,
                                     NULL, "endpoint", endpoint, NULL);
}

#else

char *
ws_token_store_read (const char *endpoint, GCancellable *cancellable)
{
  return NULL;
}

static gboolean
save_to_keyring (const char *endpoint, const char *token, GCancellable *cancellable)
{
  return FALSE;
}

#endif

/* Beside the file and renamed: at no moment is there a token that others may read, or half of one.
 */
static gboolean
save_to_file (const char *path, const char *token, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *beside = g_strdup_printf ("%s.XXXXXX", path);
  int fd = -1;
  gboolean ok;

  if (g_mkdir_with_parents (folder, 0700) != 0 || (fd = g_mkstemp_full (beside, O_RDWR, 0600)) < 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot keep the token in"), path);
      return FALSE;
    }
  ok = ws_write_all (fd, token, strlen (token)) && fsync (fd) == 0;
  ok = close (fd) == 0 && ok;
  ok = ok && g_rename (beside, path) == 0;
  if (!ok)
    {
      ws_error_set_errno (error, errno, _ ("cannot keep the token in"), path);
      g_unlink (beside);
    }
  return ok;
}

gboolean
ws_token_store_save (const WsHubSettings *settings, const char *token, WsTokenOrigin *origin,
                     GCancellable *cancellable, GError **error)
{
  if (save_to_keyring (settings->endpoint, token, cancellable))
    {
      *origin = WS_TOKEN_KEYRING;
      return TRUE;
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !save_to_file (settings->token_path, token, error))
    return FALSE;
  *origin = WS_TOKEN_FILE;
  return TRUE;
}
