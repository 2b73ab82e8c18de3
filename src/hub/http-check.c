/* SPDX-License-Identifier: MIT */
/* The sentence for an answer that is no success: what it means for a model, and what to do. */
#include "hub/http.h"
#include "hub/hub-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The Hub marks some answers by a word of their own, which is safer than the status. */
static const struct
{
  const char *word;
  WsHubError code;
} marks[] = {
  { "RepoNotFound", WS_HUB_ERROR_NO_MODEL }, { "RevisionNotFound", WS_HUB_ERROR_NO_REVISION },
  { "EntryNotFound", WS_HUB_ERROR_NO_FILE }, { "GatedRepo", WS_HUB_ERROR_GATED },
  { "DisabledRepo", WS_HUB_ERROR_DISABLED },
};

/* In the header for messages, or in the body. */
static gboolean
says (const WsHttpReply *reply, const char *words)
{
  const char *message = ws_http_reply_get (reply, "x-error-message");
  gsize n_bytes;
  const char *body = reply->body ? g_bytes_get_data (reply->body, &n_bytes) : NULL;

  return (message && strstr (message, words)) ||
         (body && g_strstr_len (body, n_bytes, words) != NULL);
}

static WsHubError
get_code_of_401 (const WsHttpReply *reply)
{
  return says (reply, "Invalid credentials in Authorization header") ? WS_HUB_ERROR_BAD_TOKEN
                                                                     : WS_HUB_ERROR_NO_MODEL;
}

static WsHubError
get_code (const WsHttpReply *reply)
{
  const char *mark = ws_http_reply_get (reply, "x-error-code");

  for (guint i = 0; mark && i < G_N_ELEMENTS (marks); i++)
    if (strcmp (mark, marks[i].word) == 0)
      return marks[i].code;
  if (says (reply, "Access to this resource is disabled"))
    return WS_HUB_ERROR_DISABLED;
  switch (reply->status)
    {
    case 401:
      return get_code_of_401 (reply);
    case 403:
      return WS_HUB_ERROR_FORBIDDEN;
    case 404:
      return WS_HUB_ERROR_NO_MODEL;
    case 407:
      return WS_HUB_ERROR_PROXY;
    case 410:
    case 451:
      return WS_HUB_ERROR_LEGAL;
    case 429:
      return WS_HUB_ERROR_RATE_LIMIT;
    case 408:
    case 500:
    case 502:
    case 503:
    case 504:
      return WS_HUB_ERROR_SERVER;
    default:
      return WS_HUB_ERROR_PROTOCOL;
    }
}

static void
set_rate_limit (const WsHttpReply *reply, const char *subject, GError **error)
{
  const double seconds = ws_http_reply_get_retry_seconds (reply);

  if (seconds < 0)
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT,
                 _ ("the Hub takes no more requests for '%s' for now; a token raises the limit"),
                 subject);
  else
    g_set_error (
        error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT,
        _ ("the Hub takes no more requests for '%s' for another %.0f s; a token raises the "
           "limit"),
        subject, seconds);
}

/* What is said of the server itself, where the model is not to blame. */
static void
set_status (const WsHttpReply *reply, WsHubError code, const char *subject, GError **error)
{
  const char *request_id = ws_http_reply_get (reply, "x-request-id");

  g_set_error (error, WS_HUB_ERROR, code, _ ("the server answered %u for '%s' (request %s)"),
               reply->status, subject, request_id ? request_id : "-");
}

gboolean
ws_http_check (const WsHttpReply *reply, const char *subject, GError **error)
{
  const WsHubError code = get_code (reply);

  if (reply->status == 200 || reply->status == 206)
    return TRUE;
  switch (code)
    {
    case WS_HUB_ERROR_RATE_LIMIT:
      set_rate_limit (reply, subject, error);
      break;
    case WS_HUB_ERROR_NO_MODEL:
      g_set_error (
          error, WS_HUB_ERROR, code,
          _ ("there is no model '%s' on the Hub, or it is private: check the name, or give a "
             "token that may read it"),
          subject);
      break;
    case WS_HUB_ERROR_NO_REVISION:
      g_set_error (error, WS_HUB_ERROR, code, _ ("'%s' has no such branch, tag or commit"),
                   subject);
      break;
    case WS_HUB_ERROR_NO_FILE:
      g_set_error (error, WS_HUB_ERROR, code, _ ("'%s' has no such file"), subject);
      break;
    case WS_HUB_ERROR_GATED:
      g_set_error (
          error, WS_HUB_ERROR, code,
          _ ("'%s' is gated: accept its terms on its page, and give a token of that account"),
          subject);
      break;
    case WS_HUB_ERROR_BAD_TOKEN:
      g_set_error (
          error, WS_HUB_ERROR, code,
          _ ("the Hub does not know the token, for '%s': it is wrong, expired or revoked; enter "
             "another, or go on without"),
          subject);
      break;
    case WS_HUB_ERROR_FORBIDDEN:
      g_set_error (error, WS_HUB_ERROR, code,
                   _ ("the token may not read '%s': it lacks the right to do so"), subject);
      break;
    case WS_HUB_ERROR_DISABLED:
      g_set_error (error, WS_HUB_ERROR, code, _ ("'%s' was disabled by the Hub"), subject);
      break;
    case WS_HUB_ERROR_LEGAL:
      g_set_error (error, WS_HUB_ERROR, code,
                   _ ("'%s' was removed from the Hub, or may not be shown here"), subject);
      break;
    case WS_HUB_ERROR_PROXY:
      g_set_error (error, WS_HUB_ERROR, code,
                   _ ("the proxy asks for a password, for '%s': put it into HTTPS_PROXY"), subject);
      break;
    default:
      set_status (reply, code, subject, error);
      break;
    }
  return FALSE;
}
