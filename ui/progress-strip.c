/* SPDX-License-Identifier: MIT */
/* The strip at the bottom while a model is being analysed. */
#include "progress-strip.h"

#include "analysis/device-words.h"
#include "base/format.h"
#include "hub/hub-name.h"

#include <glib/gi18n-lib.h>

struct _WsProgressStrip
{
  GtkBox parent_instance;

  GtkLabel *what;
  GtkProgressBar *bar;
  GtkLabel *left;
  GtkButton *toggle;
  GtkWidget *cancel;
  WsModelSession *session;
  guint tick; /* while a wait for the Hub may begin */
};

/* A wait is counted down by the second, and begins on no signal. */
#define TICK_MS 500

G_DEFINE_FINAL_TYPE (WsProgressStrip, ws_progress_strip, GTK_TYPE_BOX)

/* "Layer 14 · v_proj"; layers are counted from 0, as in the table. */
static char *
describe_current (const WsTensor *tensor)
{
  const char *type = ws_block_type_get_key (tensor->block.type);

  if (tensor->block.layer_index < 0)
    return g_strdup (type);
  /* Translators: %d is the number of a layer of a network, %s the kind of the matrix in it */
  return g_strdup_printf (_ ("Layer %d · %s"), tensor->block.layer_index, type);
}

/* @wait: (nullable): why nothing comes */
static char *
describe_progress (WsSessionState state, const WsProgress *progress, const char *wait)
{
  g_autofree char *count =
      g_strdup_printf (ngettext ("%u of %u tensor", "%u of %u tensors", progress->n_total),
                       progress->n_done, progress->n_total);
  g_autofree char *current = NULL;

  if (state == WS_SESSION_STOPPING)
    return g_strdup_printf (_ ("Stopping · %s"), count);
  if (state == WS_SESSION_PAUSED)
    return g_strdup_printf (_ ("Paused · %s"), count);
  if (wait != NULL)
    return g_strdup_printf ("%s · %s", wait, count);
  if (progress->current == NULL)
    return g_steal_pointer (&count);
  current = describe_current (progress->current);
  return g_strdup_printf ("%s · %s", current, count);
}

/* "NVIDIA H200 and 15 threads · 134 MB read from the Hub, not verified" */
static char *
describe_means (WsModelSession *session, const WsProgress *progress)
{
  g_autofree char *where =
      ws_device_describe (progress->device, ws_model_session_get_n_threads (session));
  g_autofree char *traffic = NULL;
  g_autofree char *read = NULL;

  if (!ws_model_session_is_remote (session))
    return g_steal_pointer (&where);
  traffic = ws_format_bytes (ws_model_session_get_traffic (session));
  /* Translators: parts of a file have no hash that they could be verified by */
  read = g_strdup_printf (_ ("%s read from the Hub, not verified"), traffic);
  return g_strdup_printf ("%s · %s", where, read);
}

/* "2 min 10 s left · NVIDIA H200 and 15 threads"; how long is not known while nothing comes. */
static char *
describe_rest (WsModelSession *session, WsSessionState state, const WsProgress *progress,
               gboolean waits)
{
  g_autofree char *where = describe_means (session, progress);
  g_autofree char *duration = NULL;
  g_autofree char *left = NULL;

  if (state != WS_SESSION_RUNNING || progress->seconds_left < 0 || waits)
    return g_steal_pointer (&where);
  duration = ws_format_duration (progress->seconds_left);
  /* Translators: %s is a duration, "2 min 10 s" */
  left = g_strdup_printf (_ ("%s left"), duration);
  return g_strdup_printf ("%s · %s", left, where);
}

static void
update_progress (WsProgressStrip *self)
{
  const WsProgress *progress = ws_model_session_get_progress (self->session);
  WsSessionState state = ws_model_session_get_state (self->session);
  g_autofree char *reason = NULL;
  g_autofree char *wait = ws_model_session_describe_wait (self->session, &reason);
  g_autofree char *what = describe_progress (state, progress, wait);
  g_autofree char *left = describe_rest (self->session, state, progress, wait != NULL);

  gtk_label_set_text (self->what, state == WS_SESSION_OPENING && wait != NULL ? wait : what);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->what), reason);
  if (state == WS_SESSION_PAUSED || wait != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->bar), "paused");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->bar), "paused");
  gtk_label_set_text (self->left, left);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->left), left);
  gtk_progress_bar_set_fraction (self->bar, CLAMP (progress->share, 0, 1));
}

/* Opening is told elsewhere, but for a wait. */
static gboolean
is_waiting_to_open (WsProgressStrip *self)
{
  g_autofree char *reason = NULL;
  g_autofree char *wait = ws_model_session_describe_wait (self->session, &reason);

  return wait != NULL;
}

static gboolean on_tick (gpointer user_data);

static void
update_state (WsProgressStrip *self)
{
  WsSessionState state =
      self->session != NULL ? ws_model_session_get_state (self->session) : WS_SESSION_READY;
  gboolean opening = state == WS_SESSION_OPENING;
  gboolean working =
      state == WS_SESSION_RUNNING || state == WS_SESSION_PAUSED || state == WS_SESSION_STOPPING;
  gboolean may_wait = (opening || state == WS_SESSION_RUNNING) &&
                      ws_hub_name_is_remote (ws_model_session_get_path (self->session));

  if (may_wait && self->tick == 0)
    self->tick = g_timeout_add (TICK_MS, on_tick, self);
  else if (!may_wait)
    g_clear_handle_id (&self->tick, g_source_remove);
  working |= opening && may_wait && is_waiting_to_open (self);
  gtk_widget_set_visible (GTK_WIDGET (self), working);
  if (!working)
    return;
  gtk_button_set_label (self->toggle, state == WS_SESSION_PAUSED ? _ ("Resume") : _ ("Pause"));
  gtk_widget_set_visible (GTK_WIDGET (self->toggle), !opening);
  gtk_widget_set_visible (self->cancel, !opening);
  gtk_widget_set_visible (GTK_WIDGET (self->bar), !opening);
  gtk_widget_set_visible (GTK_WIDGET (self->left), !opening);
  update_progress (self);
}

static gboolean
on_tick (gpointer user_data)
{
  update_state (user_data);
  return G_SOURCE_CONTINUE;
}

static void
ws_progress_strip_dispose (GObject *object)
{
  WsProgressStrip *self = WS_PROGRESS_STRIP (object);

  ws_progress_strip_set_session (self, NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_PROGRESS_STRIP);
  G_OBJECT_CLASS (ws_progress_strip_parent_class)->dispose (object);
}

static void
ws_progress_strip_class_init (WsProgressStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_progress_strip_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/progress-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, WsProgressStrip, what);
  gtk_widget_class_bind_template_child (widget_class, WsProgressStrip, bar);
  gtk_widget_class_bind_template_child (widget_class, WsProgressStrip, left);
  gtk_widget_class_bind_template_child (widget_class, WsProgressStrip, toggle);
  gtk_widget_class_bind_template_child (widget_class, WsProgressStrip, cancel);
}

static void
ws_progress_strip_init (WsProgressStrip *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
ws_progress_strip_set_session (WsProgressStrip *self, WsModelSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_set_object (&self->session, session);
  if (session != NULL)
    {
      g_signal_connect_swapped (session, "notify::state", G_CALLBACK (update_state), self);
      g_signal_connect_swapped (session, "progress", G_CALLBACK (update_progress), self);
      update_state (self);
    }
  else
    {
      g_clear_handle_id (&self->tick, g_source_remove);
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
    }
}
