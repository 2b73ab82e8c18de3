/* SPDX-License-Identifier: MIT */
/* Where a request may go, and whether the token may go with it. */
#include "hub/http-url.h"

#include "hub/hub-error.h"

#include <curl/curl.h>
#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CURLU, curl_url_cleanup)

/* NULL if it is no URL. */
static CURLU *
parse (const char *url)
{
  g_autoptr (CURLU) parsed = curl_url ();

  if (parsed == NULL || curl_url_set (parsed, CURLUPART_URL, url, 0) != CURLUE_OK)
    return NULL;
  return g_steal_pointer (&parsed);
}

/* (transfer full) (nullable) */
static char *
dup_part (CURLU *url, CURLUPart part)
{
  const guint flags = part == CURLUPART_PORT ? CURLU_DEFAULT_PORT : 0;
  char *text = NULL, *copy;

  if (url == NULL || curl_url_get (url, part, &text, flags) != CURLUE_OK)
    return NULL;
  copy = g_strdup (text);
  curl_free (text);
  return copy;
}

static gboolean
has_same_part (CURLU *a, CURLU *b, CURLUPart part)
{
  g_autofree char *x = dup_part (a, part);
  g_autofree char *y = dup_part (b, part);

  return x != NULL && y != NULL && g_ascii_strcasecmp (x, y) == 0;
}

char *
ws_http_url_dup_host (const char *url)
{
  g_autoptr (CURLU) parsed = parse (url);
  char *host = dup_part (parsed, CURLUPART_HOST);

  return host ? host : g_strdup (url);
}

char *
ws_http_url_follow (const char *url, const char *location, GError **error)
{
  g_autoptr (CURLU) target = parse (url);
  g_autofree char *old_scheme = dup_part (target, CURLUPART_SCHEME);
  g_autofree char *scheme = NULL;

  if (target == NULL || curl_url_set (target, CURLUPART_URL, location, 0) != CURLUE_OK)
    {
      g_autofree char *host = ws_http_url_dup_host (url);

      g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                   _ ("a redirect of '%s' leads to what is no address"), host);
      return NULL;
    }
  scheme = dup_part (target, CURLUPART_SCHEME);
  if (g_strcmp0 (scheme, "https") != 0 &&
      (g_strcmp0 (scheme, "http") != 0 || g_strcmp0 (old_scheme, "https") == 0))
    {
      g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_PROTOCOL,
                   _ ("a redirect leads from %s to %s, where we do not follow"), old_scheme,
                   scheme);
      return NULL;
    }
  return dup_part (target, CURLUPART_URL);
}

gboolean
ws_http_url_is_hub (const char *url, const char *endpoint)
{
  const char *const hosts[] = { "huggingface.co", "hf.co" };
  g_autoptr (CURLU) parsed = parse (url);
  g_autoptr (CURLU) own = parse (endpoint);
  g_autofree char *scheme = dup_part (parsed, CURLUPART_SCHEME);
  g_autofree char *host = dup_part (parsed, CURLUPART_HOST);
  g_autofree char *port = dup_part (parsed, CURLUPART_PORT);

  if (has_same_part (parsed, own, CURLUPART_SCHEME) &&
      has_same_part (parsed, own, CURLUPART_HOST) && has_same_part (parsed, own, CURLUPART_PORT))
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    if (host != NULL && g_ascii_strcasecmp (host, hosts[i]) == 0)
      return g_strcmp0 (scheme, "https") == 0 && g_strcmp0 (port, "443") == 0;
  return FALSE;
}
