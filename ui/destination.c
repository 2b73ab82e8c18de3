/* SPDX-License-Identifier: MIT */
/* Where a model is saved. */
#include "destination.h"

#include "dialogs.h"
#include "settings.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WsDestination
{
  GtkBox parent_instance;

  GtkLabel *place;
  GtkWidget *use_cache;
  WsHubListing *listing;  /* (nullable) */
  WsJob *job;             /* (nullable): that looks or has looked there */
  const WsDiskRoom *room; /* (nullable): its data, once it has */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsDestination, ws_destination, GTK_TYPE_BOX)

char *
ws_destination_dup_folder (WsDestination *self)
{
  g_autofree char *chosen = g_settings_get_string (ws_settings_get_default (), "download-folder");
  const char *name = self->listing != NULL ? strrchr (self->listing->id, '/') : NULL;

  if (chosen[0] == '\0')
    return NULL;
  if (self->listing == NULL)
    return g_steal_pointer (&chosen);
  return g_build_filename (chosen, name != NULL ? name + 1 : self->listing->id, NULL);
}

const WsDiskRoom *
ws_destination_get_room (WsDestination *self)
{
  return self->room;
}

/* Looking */

static gboolean
look_in_thread (WsJob *job, gpointer data, GError **error)
{
  return ws_disk_room_execute (job, data, error);
}

static void
look_free (gpointer data)
{
  ws_disk_room_free (data);
}

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  WsDestination *self = owner;

  self->room = error == NULL ? data : NULL;
  g_signal_emit (self, signals[CHANGED], 0);
}

static const WsJobKind look_kind = { look_in_thread, NULL, on_looked, look_free };

static void
forget_room (WsDestination *self)
{
  self->room = NULL;
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
}

static void
look (WsDestination *self)
{
  g_autofree char *folder = ws_destination_dup_folder (self);

  forget_room (self);
  if (self->listing != NULL)
    self->job = ws_job_start (&look_kind, self, ws_disk_room_new (self->listing, folder));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The place */

static void
show_place (WsDestination *self)
{
  g_autofree char *folder = ws_destination_dup_folder (self);
  g_autofree char *name = folder != NULL ? ws_format_name (folder) : NULL;

  gtk_label_set_text (self->place, name != NULL ? name : _ ("Shared Hugging Face cache"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->place),
                               name != NULL ? name : _ ("Where transformers finds it too"));
  gtk_widget_set_visible (self->use_cache, folder != NULL);
}

static void
on_place_changed (WsDestination *self)
{
  show_place (self);
  look (self);
}

void
ws_destination_set_listing (WsDestination *self, WsHubListing *listing)
{
  ws_hub_listing_ref (listing);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  self->listing = listing;
  on_place_changed (self);
}

static void
on_folder_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (WsDestination) self = user_data;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    g_settings_set_string (ws_settings_get_default (), "download-folder", path);
}

static void
on_change (WsDestination *self)
{
  ws_dialogs_open_folder (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                          _ ("Where to Save Models"), on_folder_chosen, g_object_ref (self));
}

static void
on_use_cache (WsDestination *self)
{
  g_settings_set_string (ws_settings_get_default (), "download-folder", "");
}

static void
ws_destination_dispose (GObject *object)
{
  WsDestination *self = WS_DESTINATION (object);

  forget_room (self);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DESTINATION);
  G_OBJECT_CLASS (ws_destination_parent_class)->dispose (object);
}

static void
ws_destination_class_init (WsDestinationClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_destination_dispose;
  signals[CHANGED] = g_signal_new ("changed", WS_TYPE_DESTINATION, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/destination.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDestination, place);
  gtk_widget_class_bind_template_child (widget_class, WsDestination, use_cache);
  gtk_widget_class_bind_template_callback (widget_class, on_change);
  gtk_widget_class_bind_template_callback (widget_class, on_use_cache);
}

static void
ws_destination_init (WsDestination *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (ws_settings_get_default (), "changed::download-folder",
                           G_CALLBACK (on_place_changed), self, G_CONNECT_SWAPPED);
  show_place (self);
}
