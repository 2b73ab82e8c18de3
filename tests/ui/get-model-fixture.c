/* SPDX-License-Identifier: MIT */
/* The dialog that gets a model, before the Hub of the tests. */
#include "get-model-fixture.h"

#include "hub-page.h"

#include <string.h>

void
get_model_set_up (GetModel *self, gconstpointer data)
{
  hub_fixture_set_up (&self->server, data);
  g_setenv ("HF_ENDPOINT", self->server.hub, TRUE);
  self->window = ui_window_new ();
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.get-model", NULL);
  self->dialog = ui_wait_toplevel (WS_TYPE_GET_DIALOG);
  self->page = ui_get (self->dialog, WS_TYPE_HUB_PAGE, NULL);
}

void
get_model_tear_down (GetModel *self, gconstpointer data)
{
  ui_window_free (self->window);
  hub_fixture_tear_down (&self->server, data);
}

void
get_model_type (GetModel *self, const char *text)
{
  ws_get_dialog_look_for (WS_GET_DIALOG (self->dialog), text);
}

void
get_model_press_enter (GetModel *self)
{
  g_signal_emit_by_name (ui_get (self->dialog, GTK_TYPE_SEARCH_ENTRY, NULL), "activate");
}

typedef struct
{
  gpointer root;
  GType type;
  const char *text;
} Wanted;

/* What is on a page of a stack that is not shown does not count. */
static gboolean
is_there (gpointer data)
{
  Wanted *wanted = data;
  GtkWidget *found = ui_find (wanted->root, wanted->type, wanted->text);

  return found != NULL && gtk_widget_get_mapped (found);
}

gboolean
get_model_is_shown (gpointer root, GType type, const char *text)
{
  Wanted wanted = { root, type, text };

  return is_there (&wanted);
}

void
get_model_wait_for (gpointer root, GType type, const char *text)
{
  Wanted wanted = { root, type, text };

  ui_wait (is_there, &wanted, text != NULL ? text : g_type_name (type));
}

gboolean
get_model_has_order (gpointer page)
{
  g_autoptr (WsDownloadOrder) order = ws_hub_page_dup_order (page);

  return order != NULL;
}

/* (transfer full) */
WsDownloadOrder *
get_model_wait_for_order (GetModel *self)
{
  ui_wait (get_model_has_order, self->page, "files can be fetched");
  return ws_hub_page_dup_order (WS_HUB_PAGE (self->page));
}

/* A label that is shown below @root and has @words in it. */
gboolean
get_model_says (GtkWidget *root, const char *words)
{
  if (!gtk_widget_get_visible (root) || !gtk_widget_get_child_visible (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), words) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (get_model_says (child, words))
      return TRUE;
  return FALSE;
}

static gboolean
has_said (gpointer data)
{
  Wanted *wanted = data;

  return get_model_says (wanted->root, wanted->text);
}

void
get_model_wait_to_say (GetModel *self, const char *words)
{
  Wanted wanted = { self->dialog, G_TYPE_NONE, words };

  ui_wait (has_said, &wanted, words);
}

void
get_model_add_repository (GetModel *self, const char *description)
{
  g_autofree char *answer =
      hub_fixture_order (&self->server, "POST", "/_control/repositories", description);
}
