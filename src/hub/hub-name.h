/* SPDX-License-Identifier: MIT */
/* Names on the Hub: what people type and paste, and what listings may contain. All of it is hostile
 * until it was checked here. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *id;       /* (owned): "org/name" or "name" */
  char *revision; /* (owned) (nullable): branch, tag or commit, as given */
  char *path;     /* (owned) (nullable): a file or folder within, from a URL of one */
  char *variant;  /* (owned) (nullable): "Q4_K_M" of "org/name:Q4_K_M": one GGUF file of several */
} WsHubName;

/* "org/name", "org/name@revision", "hf:org/name[@revision][/path]", "hf://[models/]org/name...",
 * and URLs of @endpoint, huggingface.co and hf.co: /org/name[/tree|blob|resolve/revision[/path]].
 * Errors: WS_HUB_ERROR_NAME, with a word on datasets and spaces. */
gboolean ws_hub_name_parse (WsHubName *self, const char *text, const char *endpoint,
                            GError **error);
void ws_hub_name_clear (WsHubName *self);

/* Whether @text begins as the name of a model on the Hub must on the command line: "hf:". */
gboolean ws_hub_name_is_remote (const char *text);

/* Whether a path of a listing may become a path below our folders: relative, no "..", no control
 * characters, no names that some system keeps to itself; see hub.md section 11 for all rules.
 * Errors: WS_HUB_ERROR_NAME, which names the rule. */
gboolean ws_hub_path_check (const char *path, GError **error);
/* The same for what becomes part of a path: 40 hex digits; 40 or 64 hex digits; a revision. */
gboolean ws_hub_is_commit (const char *text);
gboolean ws_hub_is_etag (const char *text);
gboolean ws_hub_revision_check (const char *revision, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsHubName, ws_hub_name_clear)

G_END_DECLS
