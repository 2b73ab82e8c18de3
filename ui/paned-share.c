/* SPDX-License-Identifier: MIT */
/* The place of a pane's line as a share of its room, not pixels. */
#include "paned-share.h"

#include "settings.h"

#define RESTORED_KEY "ws-paned-share"

static gboolean
get_limits (GtkPaned *paned, int *min, int *max)
{
  g_object_get (paned, "min-position", min, "max-position", max, NULL);
  return *max > *min && *max != G_MAXINT;
}

static gboolean
is_restored (GtkPaned *paned)
{
  return g_object_get_data (G_OBJECT (paned), RESTORED_KEY) != NULL;
}

static void
restore (GtkPaned *paned, GParamSpec *pspec, const char *key)
{
  int min, max;

  if (is_restored (paned) || !get_limits (paned, &min, &max))
    return;
  g_object_set_data (G_OBJECT (paned), RESTORED_KEY, paned);
  gtk_paned_set_position (paned, min + g_settings_get_double (ws_settings_get_default (), key) *
                                           (max - min));
}

void
ws_paned_share_restore (GtkPaned *paned, const char *key)
{
  g_signal_connect (paned, "notify::max-position", G_CALLBACK (restore), (gpointer) key);
}

void
ws_paned_share_save (GtkPaned *paned, const char *key)
{
  int min, max;

  if (!is_restored (paned) || !get_limits (paned, &min, &max))
    return;
  g_settings_set_double (
      ws_settings_get_default (), key,
      CLAMP ((gtk_paned_get_position (paned) - min) / (double) (max - min), 0, 1));
}
