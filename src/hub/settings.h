/* SPDX-License-Identifier: MIT */
/* What the environment and the user say about the Hub: where it is, who asks, how hard to pull. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_TOKEN_NONE,
  WS_TOKEN_ENVIRONMENT, /* HF_TOKEN, HUGGING_FACE_HUB_TOKEN */
  WS_TOKEN_KEYRING,
  WS_TOKEN_FILE, /* HF_TOKEN_PATH, else $HF_HOME/token */
} WsTokenOrigin;

/* Variables and defaults are those of huggingface_hub, so that both find the same models. */
typedef struct
{
  char *endpoint;     /* (owned): "https://huggingface.co", no slash at the end; HF_ENDPOINT */
  char *cache_folder; /* (owned): HF_HUB_CACHE, else $HF_HOME/hub, else ~/.cache/huggingface/hub */
  char *token;        /* (owned) (nullable): a secret: never printed, logged, stored or exported */
  WsTokenOrigin token_origin;
  char *token_path; /* (owned): where the token file is, or would be */
  /* (owned) (nullable): of the authorities to trust: SSL_CERT_FILE, CURL_CA_BUNDLE, ... */
  char *certificate_file;
  gboolean is_offline; /* HF_HUB_OFFLINE, TRANSFORMERS_OFFLINE: no connection is ever opened */
  guint stall_seconds; /* without a byte until a connection is given up; default 20 */
  /* to go on trying while the network is away or the Hub asks us to wait; 0, the default: a few
   * tries within seconds */
  guint patience_seconds;
  guint n_connections;          /* at the same time, over all files; default 8 */
  guint64 max_bytes_per_second; /* over all connections; 0: no limit */
} WsHubSettings;

/* From the environment and the token file. Reads files; never fails: a token file that cannot be
 * read is no token. */
void ws_hub_settings_init (WsHubSettings *self);
void ws_hub_settings_copy (WsHubSettings *self, const WsHubSettings *other);
void ws_hub_settings_clear (WsHubSettings *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsHubSettings, ws_hub_settings_clear)

G_END_DECLS
