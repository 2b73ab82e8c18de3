/* SPDX-License-Identifier: MIT */
/* What the environment says about the Hub, read as huggingface_hub reads it. */
#include "hub/settings.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define ENDPOINT "https://huggingface.co"
#define STALL_SECONDS 20
#define N_CONNECTIONS 8
/* A token has some 40 characters. */
#define MAX_TOKEN_FILE 65536

/* NULL if it is not set, or empty. */
static const char *
get_variable (const char *name)
{
  const char *value = g_getenv (name);

  return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The first of @names, which end with NULL, that is set. */
static const char *
get_first_variable (const char *const *names)
{
  for (guint i = 0; names[i] != NULL; i++)
    if (get_variable (names[i]) != NULL)
      return get_variable (names[i]);
  return NULL;
}

static gboolean
is_true (const char *name)
{
  const char *value = get_variable (name);
  const char *const words[] = { "1", "on", "yes", "true" };

  for (guint i = 0; value != NULL && i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (value, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* Appends what the variable at @text, behind its '$', stands for; as it stands if it is not set.
 * Returns: the rest of @text. */
static const char *
append_variable (GString *path, const char *text)
{
  const gboolean has_brace = *text == '{';
  const char *begin = text + has_brace, *end = begin;
  g_autofree char *name = NULL;

  while (is_name_char (*end))
    end++;
  name = g_strndup (begin, end - begin);
  if (has_brace)
    end += *end == '}' ? 1 : 0;
  if (name[0] != '\0' && g_getenv (name) != NULL && (!has_brace || end[-1] == '}'))
    g_string_append (path, g_getenv (name));
  else
    g_string_append_len (g_string_append_c (path, '$'), text, end - text);
  return end;
}

/* "~" at the beginning, and "$NAME" and "${NAME}" everywhere. (transfer full) */
static char *
expand (const char *text)
{
  GString *path = g_string_new (NULL);

  if (text[0] == '~' && (text[1] == '/' || text[1] == '\0'))
    {
      g_string_append (path, g_get_home_dir ());
      text++;
    }
  while (*text != '\0')
    if (*text == '$')
      text = append_variable (path, text + 1);
    else
      g_string_append_c (path, *text++);
  return g_string_free (path, FALSE);
}

/* (transfer full) */
static char *
dup_home (void)
{
  const char *cache = get_variable ("XDG_CACHE_HOME");
  g_autofree char *folder = NULL;

  if (get_variable ("HF_HOME"))
    return expand (get_variable ("HF_HOME"));
  folder = cache ? expand (cache) : g_build_filename (g_get_home_dir (), ".cache", NULL);
  return g_build_filename (folder, "huggingface", NULL);
}

/* (transfer full) */
static char *
dup_cache_folder (const char *home)
{
  const char *const names[] = { "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", NULL };
  const char *value = get_first_variable (names);

  return value ? expand (value) : g_build_filename (home, "hub", NULL);
}

/* (transfer full) */
static char *
dup_endpoint (void)
{
  char *endpoint =
      g_strdup (get_variable ("HF_ENDPOINT") ? get_variable ("HF_ENDPOINT") : ENDPOINT);

  for (gsize n = strlen (endpoint); n > 0 && endpoint[n - 1] == '/'; n--)
    endpoint[n - 1] = '\0';
  return endpoint;
}

/* Without the white space around it, which editors leave behind. (transfer full): NULL if nothing
 * is left, or if it cannot stand in a header. */
static char *
dup_token (const char *text)
{
  g_autofree char *token = text ? g_strstrip (g_strdup (text)) : NULL;

  if (token == NULL || token[0] == '\0')
    return NULL;
  for (const char *c = token; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return NULL;
  return g_steal_pointer (&token);
}

/* (transfer full): NULL if there is none. */
static char *
read_token_file (const char *path)
{
  g_autofree char *text = NULL;
  GStatBuf status;
  gsize n_bytes;

  if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode) || status.st_size > MAX_TOKEN_FILE ||
      !g_file_get_contents (path, &text, &n_bytes, NULL) || strlen (text) != n_bytes)
    return NULL;
  return dup_token (text);
}

static void
find_token (WsHubSettings *self)
{
  const char *const names[] = { "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", NULL };

  if (is_true ("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
    return;
  self->token = dup_token (get_first_variable (names));
  self->token_origin = WS_TOKEN_ENVIRONMENT;
  if (self->token)
    return;
  self->token = read_token_file (self->token_path);
  self->token_origin = self->token ? WS_TOKEN_FILE : WS_TOKEN_NONE;
}

static guint
get_stall_seconds (void)
{
  const char *value = get_variable ("HF_HUB_DOWNLOAD_TIMEOUT");
  const double seconds = value ? g_ascii_strtod (value, NULL) : 0;

  return seconds >= 1 && seconds <= 3600 ? (guint) seconds : STALL_SECONDS;
}

void
ws_hub_settings_init (WsHubSettings *self)
{
  const char *const certificates[] = { "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE",
                                       NULL };
  const char *token_path = get_variable ("HF_TOKEN_PATH");
  g_autofree char *home = dup_home ();

  *self = (WsHubSettings){
    .endpoint = dup_endpoint (),
    .cache_folder = dup_cache_folder (home),
    .token_path = token_path ? expand (token_path) : g_build_filename (home, "token", NULL),
    .certificate_file = g_strdup (get_first_variable (certificates)),
    .is_offline = is_true ("HF_HUB_OFFLINE") || is_true ("TRANSFORMERS_OFFLINE"),
    .stall_seconds = get_stall_seconds (),
    .n_connections = N_CONNECTIONS,
  };
  find_token (self);
}

void
ws_hub_settings_copy (WsHubSettings *self, const WsHubSettings *other)
{
  *self = *other;
  self->endpoint = g_strdup (other->endpoint);
  self->cache_folder = g_strdup (other->cache_folder);
  self->token = g_strdup (other->token);
  self->token_path = g_strdup (other->token_path);
  self->certificate_file = g_strdup (other->certificate_file);
}

/* So that a secret is not left in memory that others are given. */
static void
wipe (char *text)
{
  volatile char *c = text;

  while (c != NULL && *c != '\0')
    *c++ = '\0';
}

void
ws_hub_settings_clear (WsHubSettings *self)
{
  wipe (self->token);
  g_clear_pointer (&self->endpoint, g_free);
  g_clear_pointer (&self->cache_folder, g_free);
  g_clear_pointer (&self->token, g_free);
  g_clear_pointer (&self->token_path, g_free);
  g_clear_pointer (&self->certificate_file, g_free);
}
