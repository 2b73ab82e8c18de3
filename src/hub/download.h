/* SPDX-License-Identifier: MIT */
/* Fetching a model: many files, several connections each, verified, and resumed where it was
 * broken off - by the user, the line, or the end of the program. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef enum
{
  WS_FILE_WAITING,   /* its turn has not come */
  WS_FILE_RESOLVING, /* asking where its bytes are */
  WS_FILE_FETCHING,
  WS_FILE_STALLED,  /* no byte for 5 s */
  WS_FILE_RETRYING, /* waits before the next try; see retry_seconds */
  WS_FILE_CHECKING, /* its hash is being taken */
  WS_FILE_DONE,
  WS_FILE_FAILED,
} WsFileState;

typedef struct
{
  const char *path; /* valid while the download is */
  WsFileState state;
  guint64 n_bytes, n_bytes_done; /* done: on disk */
  double retry_seconds;          /* of RETRYING: until the next try */
  char *message;                 /* (owned) (nullable): of RETRYING and FAILED: why */
  int code;                      /* of RETRYING: a WsHubError; -1: another program has the file */
} WsFileProgress;

typedef struct
{
  guint n_files, n_files_done, n_files_failed;
  guint64 n_bytes, n_bytes_done; /* of all files; done: on disk, also from earlier runs */
  double bytes_per_second;       /* over the last 10 s; 0: nothing comes */
  double seconds_left;           /* < 0: not known */
  gboolean is_paused;
  GArray
      *files; /* (element-type WsFileProgress) (owned): those that are neither waiting nor done */
} WsDownloadProgress;

void ws_download_progress_clear (WsDownloadProgress *self);

typedef struct
{
  const char *id;
  const char *revision;  /* (nullable): as the user named it: written to refs/ */
  WsHubListing *listing; /* of the commit */
  GPtrArray *files;      /* (element-type WsHubFile): of the listing: to be fetched */
  const char *folder;    /* (nullable): a plain folder; NULL: the shared cache of the settings */
  gboolean ignore_free_space; /* begin although the disk seems too small */
  double retry_seconds;       /* before the second try, up to eight times that later; 0: 1 s */
} WsDownloadRequest;

typedef struct
{
  /* At most 20 times a second, on any thread, one at a time; (nullable) */
  void (*progress) (const WsDownloadProgress *progress, gpointer user_data);
  /* For people, once each; (nullable) */
  void (*warning) (const char *sentence, gpointer user_data);
  gpointer user_data;
} WsDownloadCallbacks;

typedef struct _WsDownload WsDownload;

WsDownload *ws_download_new (WsHub *hub, const WsDownloadRequest *request,
                             const WsDownloadCallbacks *callbacks);
void ws_download_free (WsDownload *self);

/* Blocks until all is there or nothing more can be had: that is after five tries at a file without
 * a byte, or, where the settings of the Hub have patience, after that time. What is there already
 * and right is not fetched again. Cancel keeps the parts (ws_download_delete_parts deletes them).
 * Returns: the folder to open (transfer full); NULL with @error set: that of the first file that
 * failed; the others were fetched all the same. G_IO_ERROR_NO_SPACE: before the first byte, with
 * how much is missing; or later, with the name of a file, where others have filled the disk. */
char *ws_download_run (WsDownload *self, GCancellable *cancellable, GError **error);

/* Any thread. */
void ws_download_set_paused (WsDownload *self, gboolean paused);
/* After a run that was broken off: gives up what it has kept. */
void ws_download_delete_parts (WsDownload *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsDownload, ws_download_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsDownloadProgress, ws_download_progress_clear)

G_END_DECLS
