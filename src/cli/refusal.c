/* SPDX-License-Identifier: MIT */
/* Refusals of the Hub, with names that may have been meant and the ways of a token. */
#include "cli/refusal.h"

#include <glib/gi18n-lib.h>

/* "'a', 'b'" (transfer full): NULL: there are none. */
static char *
list_names (char **names)
{
  g_autofree char *joined = g_strjoinv ("', '", names);

  return *names ? g_strdup_printf ("'%s'", joined) : NULL;
}

/* Where the token comes from that was sent, or would be sent. (transfer full) */
static char *
describe_token (WsHub *hub)
{
  const WsHubSettings *settings = ws_hub_get_settings (hub);

  if (settings->token == NULL)
    /* Translators: %s is a file, then an address */
    return g_strdup_printf (_ ("a token is taken from HF_TOKEN, or from the file '%s'; get one at "
                               "%s/settings/tokens"),
                            settings->token_path, settings->endpoint);
  if (settings->token_origin == WS_TOKEN_ENVIRONMENT)
    /* Translators: %s is an address */
    return g_strdup_printf (_ ("the token sent is that of HF_TOKEN; see %s/settings/tokens"),
                            settings->endpoint);
  /* Translators: %s is a file, then an address */
  return g_strdup_printf (_ ("the token sent is that of the file '%s'; see %s/settings/tokens"),
                          settings->token_path, settings->endpoint);
}

/* The likeliest first: a name that was mistyped. */
static void
explain_no_model (GError **error, WsHub *hub, const char *id, GCancellable *cancellable)
{
  g_auto (GStrv) names = ws_hub_suggest (hub, id, cancellable);
  g_autofree char *near = list_names (names);
  g_autofree char *token = describe_token (hub);
  const int code = (*error)->code;

  g_clear_error (error);
  if (near != NULL)
    /* Translators: a name, names that are near, and where a token comes from */
    g_set_error (
        error, WS_HUB_ERROR, code,
        _ ("there is no model '%s' on the Hub: did you mean %s? Of a private model the Hub "
           "says the same to those who may not read it: %s"),
        id, near, token);
  else
    g_set_error (error, WS_HUB_ERROR, code,
                 _ ("there is no model '%s' on the Hub: check the name. Of a private model the Hub "
                    "says the same to those who may not read it: %s"),
                 id, token);
}

void
cli_explain_refusal (GError **error, WsHub *hub, const char *id, GCancellable *cancellable)
{
  g_autoptr (GError) cause = NULL;
  g_autofree char *page = ws_hub_get_page_url (hub, id);
  g_autofree char *token = describe_token (hub);

  if (*error == NULL || (*error)->domain != WS_HUB_ERROR)
    return;
  switch ((WsHubError) (*error)->code)
    {
    case WS_HUB_ERROR_NO_MODEL:
      explain_no_model (error, hub, id, cancellable);
      break;
    case WS_HUB_ERROR_GATED:
    case WS_HUB_ERROR_FORBIDDEN:
      cause = g_steal_pointer (error);
      /* Translators: why not, the address of a page, where a token comes from */
      g_set_error (error, cause->domain, cause->code, _ ("%s; access is asked for at %s; %s"),
                   cause->message, page, token);
      break;
    case WS_HUB_ERROR_BAD_TOKEN:
    case WS_HUB_ERROR_RATE_LIMIT:
      cause = g_steal_pointer (error);
      g_set_error (error, cause->domain, cause->code, "%s; %s", cause->message, token);
      break;
    default:
      break;
    }
}
