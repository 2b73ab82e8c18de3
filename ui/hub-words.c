/* SPDX-License-Identifier: MIT */
/* Sentences about the Hub and its models. */
#include "hub-words.h"

#include "sentence.h"

#include "hub/http-url.h"

#include <glib/gi18n-lib.h>

/* What is shorter needs no word: one would only flicker. */
#define PATIENCE_MS 1000

/* Of weights that cannot be opened. (transfer full) (nullable) */
static char *
describe_format (const WsHubLook *look)
{
  const char *format = ws_choice_get_foreign_format (look->choice);

  if (look->is_of_pickles && look->conversion != NULL)
    return g_strdup (_ ("The weights are Python pickles, which Weightscope does not read. The "
                        "Hub's bot offers them as safetensors, in an open pull request."));
  if (look->is_of_pickles)
    return g_strdup (_ ("The weights are Python pickles, which Weightscope does not read."));
  if (format != NULL)
    /* Translators: %s is the name of a format of files, "GGUF" */
    return g_strdup_printf (_ ("The weights are %s files, which Weightscope does not read."),
                            format);
  return NULL;
}

/* (transfer full) (nullable) */
static char *
describe_absence (const WsHubLook *look)
{
  g_autofree char *reason = NULL;

  if (look->absence == NULL)
    return NULL;
  if (g_error_matches (look->absence, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE))
    return g_strdup (_ ("Offline: these are the files as they are known on this machine."));
  reason = ws_sentence_make (look->absence->message);
  /* Translators: %s is a sentence: why the Hub cannot be asked */
  return g_strdup_printf (_ ("%s These are the files as they are known on this machine."), reason);
}

char *
ws_hub_words_describe_notice (const WsHubLook *look)
{
  g_autofree char *format = describe_format (look);
  g_autofree char *absence = describe_absence (look);

  if (format != NULL && absence != NULL)
    return g_strconcat (absence, "\n", format, NULL);
  return format != NULL ? g_steal_pointer (&format) : g_steal_pointer (&absence);
}

static gboolean
on_late (gpointer label)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *host = NULL;
  g_autofree char *text = NULL;

  ws_hub_settings_init (&settings);
  host = ws_http_url_dup_host (settings.endpoint);
  /* Translators: %s is the name of a server */
  text = g_strdup_printf (_ ("No answer from %s yet…"), host);
  gtk_label_set_text (GTK_LABEL (label), text);
  return G_SOURCE_CONTINUE;
}

guint
ws_hub_words_begin_wait (GtkLabel *label)
{
  return g_timeout_add (PATIENCE_MS, on_late, label);
}
