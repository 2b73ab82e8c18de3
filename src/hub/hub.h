/* SPDX-License-Identifier: MIT */
/* What the Hub tells about models: search, revisions, files, and where their bytes are.
 *
 * All functions block, are thread-safe, retry what is worth it (a few times, with back-off; as long
 * as the settings have patience once the Hub has answered at all), and set WS_HUB_ERROR or
 * G_IO_ERROR_CANCELLED. */
#pragma once

#include "hub/http.h"
#include "hub/hub-error.h"
#include "hub/hub-name.h"

G_BEGIN_DECLS

typedef struct _WsHub WsHub;

/* @settings: copied */
WsHub *ws_hub_new (const WsHubSettings *settings);
WsHub *ws_hub_ref (WsHub *self);
void ws_hub_unref (WsHub *self);
const WsHubSettings *ws_hub_get_settings (const WsHub *self);
WsHttp *ws_hub_get_http (WsHub *self);
/* Told when a wait of some seconds begins that the user should know of; not another one until that
 * is over. On any thread. */
typedef void (*WsHubWaitFunc) (double seconds, const GError *failure, gpointer user_data);
/* Before the first request. */
void ws_hub_set_wait_func (WsHub *self, WsHubWaitFunc func, gpointer user_data);
/* Of the model's page, for people. (transfer full) */
char *ws_hub_get_page_url (const WsHub *self, const char *id);

/* Whose token it is: a test of the token. (transfer full); WS_HUB_ERROR_BAD_TOKEN also if there is
 * none. */
char *ws_hub_read_user (WsHub *self, GCancellable *cancellable, GError **error);

typedef enum
{
  WS_GATE_NONE,
  WS_GATE_AUTO,   /* open to all who accept the terms */
  WS_GATE_MANUAL, /* its owners decide */
} WsGate;

/* Fields that the Hub left out are NULL, 0 or FALSE. */
typedef struct
{
  char *id;     /* (owned): as it is now; another than was asked for if it was renamed */
  char *commit; /* (owned) (nullable in search results): 40 hex digits */
  WsGate gate;
  gboolean is_private, is_disabled;
  guint64 n_downloads, n_likes;
  guint64 n_parameters;
  guint64 n_weight_bytes; /* of the safetensors, from their parameters by type */
  char *main_dtype;       /* (owned) (nullable): of most parameters: "BF16" */
  char *license;          /* (owned) (nullable): "apache-2.0" */
  char *task;             /* (owned) (nullable): "text-generation" */
  char *modified;         /* (owned) (nullable): RFC 3339 */
  gboolean has_safetensors, has_gguf;
} WsHubModel;

void ws_hub_model_free (WsHubModel *self);

/* @revision: NULL: main. */
WsHubModel *ws_hub_read_model (WsHub *self, const char *id, const char *revision,
                               GCancellable *cancellable, GError **error);
/* Best first, at most @limit. (element-type WsHubModel) (transfer full) */
GPtrArray *ws_hub_search (WsHub *self, const char *words, guint limit, GCancellable *cancellable,
                          GError **error);

/* Models whose names are near to @id, which does not exist: the nearest first, at most three. Asks
 * once, and waits 3 s at most. Never fails. (transfer full): NULL-ended, may be empty */
char **ws_hub_suggest (WsHub *self, const char *id, GCancellable *cancellable);

typedef struct
{
  char *name;   /* (owned): "main", "refs/pr/1" */
  char *commit; /* (owned) */
  gboolean is_tag;
} WsHubRef;

void ws_hub_ref_free (WsHubRef *self);
/* Branches, then tags. (element-type WsHubRef) (transfer full) */
GPtrArray *ws_hub_read_refs (WsHub *self, const char *id, GCancellable *cancellable,
                             GError **error);

/* For a model without safetensors: the newest pull request, still open, in which the Hub's bot
 * offers its weights as such. What is in it nobody has accepted. Returns: (transfer full): a
 * revision: "refs/pr/5". NULL without @error: there is none. */
char *ws_hub_find_conversion (WsHub *self, const char *id, GCancellable *cancellable,
                              GError **error);

typedef struct
{
  char *path; /* (owned): checked by ws_hub_path_check, unique also without case */
  guint64 n_bytes;
  char *git_oid; /* (owned): SHA-1 of the git blob; of the pointer for an LFS file */
  char *sha256;  /* (owned) (nullable): of an LFS file */
} WsHubFile;

typedef struct
{
  char *name;   /* (owned): escaped, for people */
  char *reason; /* (owned): translated */
} WsHubRefusal;

/* All files of one commit; never changes. */
typedef struct
{
  char *id, *commit;   /* (owned) */
  GPtrArray *files;    /* (element-type WsHubFile), in the order of their paths */
  GPtrArray *refusals; /* (element-type WsHubRefusal): names that may not become files here */
  int ref_count;
} WsHubListing;

/* @commit: 40 hex digits. Follows all pages. */
WsHubListing *ws_hub_read_listing (WsHub *self, const char *id, const char *commit,
                                   GCancellable *cancellable, GError **error);
WsHubListing *ws_hub_listing_ref (WsHubListing *self);
void ws_hub_listing_unref (WsHubListing *self);
/* (nullable): borrowed */
const WsHubFile *ws_hub_listing_find (const WsHubListing *self, const char *path);

/* Where the bytes of a file are now. */
typedef struct
{
  char *url;        /* (owned): with a signature that expires within the hour: not for the record */
  char *etag;       /* (owned) (nullable): SHA-256 or git SHA-1 of the contents */
  guint64 n_bytes;  /* G_MAXUINT64: not told */
  gint64 made_usec; /* monotonic time */
} WsHubLocation;

void ws_hub_location_clear (WsHubLocation *self);
gboolean ws_hub_resolve (WsHub *self, const char *id, const char *commit, const char *path,
                         WsHubLocation *location, GCancellable *cancellable, GError **error);

/* For a model whose weights are pickles only: a sentence that says so, and where the Hub's bot
 * offers them as safetensors, if it does. (transfer full) (nullable) */
char *ws_hub_describe_pickles (WsHub *self, const WsHubListing *listing, GCancellable *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsHub, ws_hub_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsHubModel, ws_hub_model_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsHubListing, ws_hub_listing_unref)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsHubLocation, ws_hub_location_clear)

G_END_DECLS
