/* SPDX-License-Identifier: MIT */
/* Asks for a token of the Hub, tries it, and has it kept. */
#include "token-pane.h"

#include "hub-access.h"
#include "job.h"
#include "sentence.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

struct _WsTokenPane
{
  GtkBox parent_instance;

  GtkLabel *title;
  GtkLabel *advice;
  GtkWidget *open_page;
  GtkPasswordEntry *entry;
  GtkWidget *test;
  GtkLabel *status;
  char *page_url;
  WsJob *job; /* NULL: none in work */
};

enum
{
  SIGNED_IN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsTokenPane, ws_token_pane, GTK_TYPE_BOX)

/* Testing */

typedef struct
{
  char *token;
  char *user;   /* whose it is */
  GError *loss; /* (nullable): why it could not be kept */
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_free (test->token);
  g_free (test->user);
  g_clear_error (&test->loss);
  g_free (test);
}

static gboolean
test_in_thread (WsJob *job, gpointer data, GError **error)
{
  Test *test = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (WsHub) hub = NULL;

  ws_hub_settings_init (&settings);
  g_free (settings.token);
  settings.token = g_strdup (test->token);
  hub = ws_hub_new (&settings);
  test->user = ws_hub_read_user (hub, cancellable, error);
  if (test->user == NULL)
    return FALSE;
  ws_hub_access_take_token (test->token, cancellable, &test->loss);
  return TRUE;
}

static void
show_status (WsTokenPane *self, const char *text, const char *css_class)
{
  const char *const classes[] = { "dim", "ok-text", "error-text" };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), classes[i]);
  gtk_widget_add_css_class (GTK_WIDGET (self->status), css_class);
  gtk_label_set_text (self->status, text);
  gtk_widget_set_visible (GTK_WIDGET (self->status), text[0] != '\0');
}

static void
show_signed_in (WsTokenPane *self, const Test *test)
{
  g_autofree char *user = ws_format_name (test->user);
  g_autofree char *text = test->loss == NULL
                              ? g_strdup_printf (_ ("Signed in as %s"), user)
                              : g_strdup_printf (_ ("Signed in as %s until the program ends: %s"),
                                                 user, test->loss->message);

  show_status (self, text, "ok-text");
}

/* The library would speak of the account that was asked for, and of going on without a token. */
static void
show_error (WsTokenPane *self, const GError *error)
{
  g_autofree char *sentence =
      g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_BAD_TOKEN)
          ? g_strdup (_ ("The Hub does not know this token: it is wrong, expired or revoked."))
          : ws_sentence_make (error->message);

  show_status (self, sentence, "error-text");
}

static void
update_test (WsTokenPane *self)
{
  gtk_widget_set_sensitive (self->test, self->job == NULL && gtk_editable_get_text (GTK_EDITABLE (
                                                                 self->entry))[0] != '\0');
}

static void
on_tested (gpointer owner, gpointer data, const GError *error)
{
  WsTokenPane *self = owner;
  Test *test = data;

  g_clear_pointer (&self->job, ws_job_unref);
  update_test (self);
  if (error != NULL)
    {
      show_error (self, error);
      return;
    }
  show_signed_in (self, test);
  /* It is where it belongs now; here it would only lie about. */
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  g_signal_emit (self, signals[SIGNED_IN], 0);
}

static const WsJobKind test_kind = { test_in_thread, NULL, on_tested, test_free };

static void
on_test (WsTokenPane *self)
{
  g_autofree char *token =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));
  Test *test;

  if (self->job != NULL || token[0] == '\0')
    return;
  test = g_new0 (Test, 1);
  test->token = g_steal_pointer (&token);
  show_status (self, _ ("Asking the Hub…"), "dim");
  self->job = ws_job_start (&test_kind, self, test);
  update_test (self);
}

static void
on_open_page (WsTokenPane *self)
{
  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->page_url,
                GDK_CURRENT_TIME);
}

/* What is said */

gboolean
ws_token_pane_can_help (const GError *error)
{
  return g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_GATED) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_FORBIDDEN) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_BAD_TOKEN) ||
         g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL);
}

static const char *
get_title (const GError *error)
{
  if (g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_BAD_TOKEN))
    return _ ("The token is not valid");
  if (g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_MODEL))
    return _ ("Private models need a token");
  return _ ("This model needs approval");
}

/* Where the token in use comes from. (transfer full) */
static char *
describe_origin (const WsHubSettings *settings)
{
  switch (settings->token_origin)
    {
    case WS_TOKEN_ENVIRONMENT:
      return g_strdup (_ ("The token in use comes from HF_TOKEN."));
    case WS_TOKEN_KEYRING:
      return g_strdup (_ ("The token in use comes from the keyring."));
    case WS_TOKEN_FILE:
      {
        g_autofree char *path = ws_format_name (settings->token_path);

        return g_strdup_printf (_ ("The token in use comes from %s."), path);
      }
    case WS_TOKEN_NONE:
    default:
      return g_strdup (_ ("No token is in use."));
    }
}

static char *
make_advice (WsHub *hub, const GError *error)
{
  g_autofree char *origin = describe_origin (ws_hub_get_settings (hub));
  gboolean needs_approval = g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_GATED) ||
                            g_error_matches (error, WS_HUB_ERROR, WS_HUB_ERROR_FORBIDDEN);

  if (!needs_approval)
    return g_strdup_printf ("%s %s", _ ("Enter a token that may read it."), origin);
  return g_strdup_printf (
      "%s %s", _ ("Ask for access on its page, then enter a token with the right to read it."),
      origin);
}

void
ws_token_pane_show (WsTokenPane *self, WsHub *hub, const char *id, const GError *error)
{
  g_autofree char *advice = make_advice (hub, error);

  g_free (self->page_url);
  self->page_url = ws_hub_get_page_url (hub, id);
  gtk_label_set_text (self->title, get_title (error));
  gtk_label_set_text (self->advice, advice);
  show_status (self, "", "dim");
  update_test (self);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

static void
ws_token_pane_dispose (GObject *object)
{
  WsTokenPane *self = WS_TOKEN_PANE (object);

  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  g_clear_pointer (&self->page_url, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_TOKEN_PANE);
  G_OBJECT_CLASS (ws_token_pane_parent_class)->dispose (object);
}

static void
ws_token_pane_class_init (WsTokenPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_token_pane_dispose;
  signals[SIGNED_IN] = g_signal_new ("signed-in", WS_TYPE_TOKEN_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/token-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, title);
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, advice);
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, open_page);
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, entry);
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, test);
  gtk_widget_class_bind_template_child (widget_class, WsTokenPane, status);
  gtk_widget_class_bind_template_callback (widget_class, update_test);
  gtk_widget_class_bind_template_callback (widget_class, on_test);
  gtk_widget_class_bind_template_callback (widget_class, on_open_page);
}

static void
ws_token_pane_init (WsTokenPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
