/* SPDX-License-Identifier: MIT */
/* SHA-256 and git's SHA-1 by libcrypto, which uses the processor's instructions for them. */
#include "hub/digest.h"

#include "base/error.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Fits the caches of a core. */
#define CHUNK_BYTES (256u << 10)

struct _WsDigest
{
  const WsHubFile *file;
  EVP_MD_CTX *context;
};

const char *
ws_digest_get_listed (const WsHubFile *file)
{
  return file->sha256 ? file->sha256 : file->git_oid;
}

WsDigest *
ws_digest_new (const WsHubFile *file)
{
  WsDigest *self = g_new0 (WsDigest, 1);

  self->file = file;
  self->context = EVP_MD_CTX_new ();
  ws_digest_begin_anew (self);
  return self;
}

void
ws_digest_free (WsDigest *self)
{
  if (self == NULL)
    return;
  EVP_MD_CTX_free (self->context);
  g_free (self);
}

void
ws_digest_begin_anew (WsDigest *self)
{
  EVP_DigestInit_ex (self->context, self->file->sha256 ? EVP_sha256 () : EVP_sha1 (), NULL);
  if (self->file->sha256 == NULL)
    {
      /* git hashes the kind and length of an object before its bytes */
      g_autofree char *head = g_strdup_printf ("blob %" PRIu64, self->file->n_bytes);

      ws_digest_update (self, head, strlen (head) + 1);
    }
}

void
ws_digest_update (WsDigest *self, const void *bytes, gsize n_bytes)
{
  EVP_DigestUpdate (self->context, bytes, n_bytes);
}

char *
ws_digest_finish (WsDigest *self)
{
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned int n_bytes = 0;
  GString *text = g_string_new (NULL);

  EVP_DigestFinal_ex (self->context, bytes, &n_bytes);
  for (unsigned int i = 0; i < n_bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

gboolean
ws_digest_check_file (const WsHubFile *file, int fd, GCancellable *cancellable, GError **error)
{
  g_autoptr (WsDigest) digest = ws_digest_new (file);
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  g_autofree char *found = NULL;
  guint64 offset = 0;
  gssize n;

  while ((n = pread (fd, chunk, CHUNK_BYTES, offset)) != 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (n < 0 && errno != EINTR)
        {
          ws_error_set_errno (error, errno, _ ("cannot read"), file->path);
          return FALSE;
        }
      if (n > 0)
        ws_digest_update (digest, chunk, n);
      offset += MAX (n, 0);
    }
  found = ws_digest_finish (digest);
  return offset == file->n_bytes && strcmp (found, ws_digest_get_listed (file)) == 0;
}
