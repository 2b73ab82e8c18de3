/* SPDX-License-Identifier: MIT */
/* What people type and paste to name a model on the Hub. */
#include "hub/hub-name.h"

#include "base/format.h"
#include "hub/hub-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_PART 96

void
ws_hub_name_clear (WsHubName *self)
{
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->revision, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->variant, g_free);
}

gboolean
ws_hub_name_is_remote (const char *text)
{
  return g_str_has_prefix (text, "hf:");
}

static gboolean
is_end_char (char c)
{
  return g_ascii_isalnum (c) || c == '_';
}

/* The Hub's own rule: letters, digits, '_', '-', '.', and none of the latter two at an end. */
static gboolean
is_id_part (const char *part)
{
  const gsize n = strlen (part);

  for (gsize i = 0; i < n; i++)
    if (!is_end_char (part[i]) && part[i] != '-' && part[i] != '.')
      return FALSE;
  return n > 0 && n <= MAX_PART && is_end_char (part[0]) && is_end_char (part[n - 1]) &&
         !strstr (part, "--") && !strstr (part, "..") && !g_str_has_suffix (part, ".git");
}

/* Takes the words that mark an id: one part, or two. Returns: how many; 0: it is none. */
static guint
take_id (WsHubName *self, char **parts, guint n_parts)
{
  for (guint i = 0; i < n_parts; i++)
    if (!is_id_part (parts[i]))
      return 0;
  if (n_parts == 0 || n_parts > 2)
    return 0;
  self->id = n_parts == 1 ? g_strdup (parts[0]) : g_strjoin ("/", parts[0], parts[1], NULL);
  return n_parts;
}

/* A revision, which may have slashes only as "refs/pr/1" has, and the path behind it. */
static gboolean
take_revision (WsHubName *self, char **parts, GError **error)
{
  const guint n_parts = g_strv_length (parts);
  const gboolean is_long = n_parts >= 3 && strcmp (parts[0], "refs") == 0;

  if (n_parts == 0)
    return TRUE;
  self->revision =
      is_long ? g_strjoin ("/", parts[0], parts[1], parts[2], NULL) : g_strdup (parts[0]);
  parts += is_long ? 3 : 1;
  if (*parts != NULL)
    self->path = g_strjoinv ("/", parts);
  return ws_hub_revision_check (self->revision, error) &&
         (self->path == NULL || ws_hub_path_check (self->path, error));
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME, reason);
  return FALSE;
}

static gboolean
refuse_id (GError **error)
{
  return refuse (error, _ ("a model is named as 'org/name', 'org/name@revision' or by its URL"));
}

/* What is not a model although its name looks like one. */
static gboolean
check_kind (const char *part, GError **error)
{
  if (strcmp (part, "datasets") == 0)
    return refuse (error, _ ("it is a dataset; only models can be opened"));
  if (strcmp (part, "spaces") == 0)
    return refuse (error, _ ("it is a Space; only models can be opened"));
  return TRUE;
}

/* "org/name[@revision][/path]" or "org/name:variant". @has_path: a path may stand behind the
 * revision; else all of it is the revision. */
static gboolean
parse_plain (WsHubName *self, const char *text, gboolean has_path, GError **error)
{
  const char *at = strchr (text, '@');
  g_autofree char *left = at ? g_strndup (text, at - text) : g_strdup (text);
  char *colon = strchr (left, ':');
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) rest = g_strsplit (at ? at + 1 : "", "/", has_path ? -1 : 1);
  guint n_parts;

  if (colon != NULL)
    {
      *colon = '\0';
      self->variant = g_strdup (colon + 1);
      if (!is_id_part (self->variant))
        return refuse_id (error);
    }
  parts = g_strsplit (left, "/", -1);
  n_parts = g_strv_length (parts);
  if (n_parts > 0 && !check_kind (parts[0], error))
    return FALSE;
  if (take_id (self, parts, at ? n_parts : MIN (n_parts, 2)) == 0 || (at != NULL && at[1] == '\0'))
    return refuse_id (error);
  if (!at && n_parts > 2)
    self->path = g_strjoinv ("/", parts + 2);
  return (self->path == NULL || ws_hub_path_check (self->path, error)) &&
         take_revision (self, rest, error);
}

static gboolean
is_page (const char *part)
{
  const char *const pages[] = { "tree", "blob", "resolve", "raw", "commit", "commits" };

  for (guint i = 0; part != NULL && i < G_N_ELEMENTS (pages); i++)
    if (strcmp (part, pages[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
unescape (char **parts, GError **error)
{
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *part = g_uri_unescape_string (parts[i], NULL);

      if (part == NULL)
        return refuse_id (error);
      g_free (parts[i]);
      parts[i] = part;
    }
  return TRUE;
}

/* What follows the host in a URL: "org/name[/tree/revision[/path]][?...][#...]". */
static gboolean
parse_url_path (WsHubName *self, const char *text, GError **error)
{
  g_autofree char *path = g_strndup (text, strcspn (text, "?#"));
  g_autofree char *revision = NULL;
  g_auto (GStrv) parts = NULL;
  g_auto (GStrv) rest = NULL;
  guint n_parts, n_id;

  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  parts = g_strsplit (path, "/", -1);
  n_parts = g_strv_length (parts);
  if (!unescape (parts, error) || (n_parts > 0 && !check_kind (parts[0], error)))
    return FALSE;
  n_id = n_parts > 1 && is_page (parts[1]) ? 1 : MIN (n_parts, 2);
  if (take_id (self, parts, n_id) == 0)
    return refuse_id (error);
  if (n_parts <= n_id + 1 || !is_page (parts[n_id]))
    return TRUE;
  /* a revision with slashes comes as one part, its slashes escaped */
  revision = g_strjoinv ("/", parts + n_id + 1);
  rest = g_strsplit (revision, "/", -1);
  return take_revision (self, rest, error);
}

/* What of @text follows the host and its slash; NULL if it is not a URL of the Hub. */
static const char *
skip_host (const char *text, const char *endpoint)
{
  const char *const hosts[] = { "huggingface.co", "hf.co", "www.huggingface.co" };
  const char *own = strstr (endpoint, "://");
  const char *scheme = strstr (text, "://");

  if (scheme != NULL)
    text = scheme + 3;
  for (guint i = 0; i <= G_N_ELEMENTS (hosts); i++)
    {
      const char *host = i < G_N_ELEMENTS (hosts) ? hosts[i] : own != NULL ? own + 3 : endpoint;
      const gsize n = strlen (host);

      if (n > 0 && g_ascii_strncasecmp (text, host, n) == 0 && text[n] == '/')
        return text + n + 1;
    }
  return NULL;
}

static gboolean
parse (WsHubName *self, const char *text, const char *endpoint, GError **error)
{
  const char *path = skip_host (text, endpoint);
  const gboolean is_remote = ws_hub_name_is_remote (text);

  if (g_str_has_prefix (text, "hf://"))
    text += strlen ("hf://");
  else if (g_str_has_prefix (text, "hf:"))
    text += strlen ("hf:");
  else if (path != NULL)
    return parse_url_path (self, path, error);
  else if (strstr (text, "://"))
    return refuse (error, _ ("it is a URL of another site than the Hub"));
  if (g_str_has_prefix (text, "models/"))
    text += strlen ("models/");
  return parse_plain (self, text, is_remote, error);
}

gboolean
ws_hub_name_parse (WsHubName *self, const char *text, const char *endpoint, GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_auto (WsHubName) name = { 0 };
  g_autofree char *shown = NULL;

  if (parse (&name, stripped, endpoint, error))
    {
      *self = name;
      name = (WsHubName){ 0 };
      return TRUE;
    }
  shown = ws_format_name (stripped);
  g_prefix_error (error, _ ("'%s' does not name a model on the Hub: "), shown);
  return FALSE;
}
