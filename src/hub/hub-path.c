/* SPDX-License-Identifier: MIT */
/* Whether names from a listing may become paths below our folders. */
#include "hub/hub-error.h"
#include "hub/hub-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What the file systems of our users can hold. */
#define MAX_PATH 1024
#define MAX_SEGMENT 255

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME, reason);
  return FALSE;
}

static gboolean
is_hex (const char *text, gsize n)
{
  return strlen (text) == n && strspn (text, "0123456789abcdef") == n;
}

gboolean
ws_hub_is_commit (const char *text)
{
  return is_hex (text, 40);
}

gboolean
ws_hub_is_etag (const char *text)
{
  return is_hex (text, 40) || is_hex (text, 64);
}

static gboolean
has_control_char (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return TRUE;
  return FALSE;
}

/* Names that Windows keeps to itself, with any extension: "con", "Lpt1.txt". */
static gboolean
is_device_name (const char *segment)
{
  const char *const names[] = { "con", "prn", "aux", "nul" };
  const gsize n = strcspn (segment, ".");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (n == 3 && g_ascii_strncasecmp (segment, names[i], 3) == 0)
      return TRUE;
  return n == 4 && segment[3] >= '1' && segment[3] <= '9' &&
         (g_ascii_strncasecmp (segment, "com", 3) == 0 ||
          g_ascii_strncasecmp (segment, "lpt", 3) == 0);
}

static gboolean
check_segment (const char *segment, GError **error)
{
  const gsize n = strlen (segment);

  if (n == 0)
    return refuse (error, _ ("an empty part between two slashes, or a path that is absolute"));
  if (strcmp (segment, ".") == 0 || strcmp (segment, "..") == 0)
    return refuse (error, _ ("'.' or '..' as a part, which would lead out of the folder"));
  if (n > MAX_SEGMENT)
    return refuse (error, _ ("a part of more than 255 bytes"));
  if (segment[n - 1] == '.' || segment[n - 1] == ' ')
    return refuse (error, _ ("a part that ends with a dot or a space"));
  if (is_device_name (segment))
    return refuse (error, _ ("a name that Windows keeps for a device"));
  return TRUE;
}

/* Where git and the cache itself keep their books. */
static gboolean
is_reserved (char **segments)
{
  if (g_ascii_strcasecmp (segments[0], ".git") == 0)
    return TRUE;
  return segments[1] != NULL && g_ascii_strcasecmp (segments[0], ".cache") == 0 &&
         g_ascii_strcasecmp (segments[1], "huggingface") == 0;
}

gboolean
ws_hub_path_check (const char *path, GError **error)
{
  g_auto (GStrv) segments = NULL;

  if (!g_utf8_validate (path, -1, NULL))
    return refuse (error, _ ("bytes that are not UTF-8"));
  if (has_control_char (path))
    return refuse (error, _ ("a control character"));
  if (strpbrk (path, "\\:"))
    return refuse (error, _ ("a backslash or a colon"));
  if (strlen (path) > MAX_PATH)
    return refuse (error, _ ("more than 1024 bytes"));
  if (path[0] == '\0')
    return refuse (error, _ ("an empty name"));
  segments = g_strsplit (path, "/", -1);
  for (guint i = 0; segments[i] != NULL; i++)
    if (!check_segment (segments[i], error))
      return FALSE;
  return !is_reserved (segments) || refuse (error, _ ("a folder that is kept for other things"));
}

gboolean
ws_hub_revision_check (const char *revision, GError **error)
{
  g_autoptr (GError) reason = NULL;

  /* what git allows in a name is less than what a path may hold */
  if (ws_hub_path_check (revision, &reason) && !strpbrk (revision, " ~^?*["))
    return TRUE;
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME,
               _ ("'%s' is not the name of a branch, a tag or a commit"), revision);
  return FALSE;
}
