/* SPDX-License-Identifier: MIT */
/* What the files about downloads share: a download, its contents, and who does what when.
 *
 * A number of threads take tasks from one list: look whether a file is there, open its part, ask
 * where it is, fetch a segment of it. Each large file has one more thread that hashes along behind
 * the first gap. All members are guarded by the mutex of the download unless said otherwise. */
#pragma once

#include "hub/digest.h"
#include "hub/download.h"
#include "hub/relay.h"
#include "hub/target.h"

G_BEGIN_DECLS

typedef enum
{
  WS_STAGE_NEW,     /* not looked at */
  WS_STAGE_MISSING, /* not there */
  WS_STAGE_OPEN,    /* its part is open: segments of it can be fetched */
  WS_STAGE_BUSY,    /* a thread does with it what one must do alone */
  WS_STAGE_DONE,
  WS_STAGE_FAILED,
} WsStage;

typedef struct _WsRate WsRate;

/* What the hashes of large contents cost, all runs together. */
typedef struct
{
  guint n_pieces;            /* hashed from memory */
  guint64 n_bytes_read_back; /* hashed from the disk */
  guint n_waits;             /* of connections for a hash */
  guint64 n_bytes_beside;    /* that came while what an earlier run has left was hashed */
} WsDownloadCounts;

/* Equal files of the listing, fetched once. */
typedef struct
{
  WsDownload *download;
  GPtrArray *files; /* (element-type WsHubFile): of the listing; at least one */
  const char *hash; /* of the first, as all that follows */
  const char *path;
  guint64 n_bytes;
  WsStage stage;
  GError *error; /* of FAILED */

  WsPart *part;        /* (nullable) */
  WsSegments segments; /* while there is a part */
  WsSums sums;         /* of a large one: of the bytes that are there */
  gboolean has_sums;   /* of all of them */
  gboolean is_mended;  /* what the disk had changed was fetched once more */
  guint64 n_kept;      /* while there is none: bytes that an earlier run has left */
  guint n_workers;     /* threads that fetch it */
  gint64 last_byte_usec;

  guint n_wanted;    /* connections that bring as much as can be hashed, as far as is known */
  gboolean is_paced; /* something has come */
  gint64 pace_usec;  /* since when the following two are counted */
  guint64 n_paced_bytes;
  gint64 paced_wait_usec;     /* of all connections together, for the server */
  int n_writing;              /* (atomic): connections that write, or wait for the disk */
  double hash_bytes_per_usec; /* 0: not known */

  guint64 n_recorded; /* bytes there when the record was written last */
  gint64 recorded_usec;
  gboolean is_recording; /* a thread is writing it */

  char *url;          /* (nullable): where its bytes are; NULL: ask the Hub */
  gint64 url_usec;    /* when it was told */
  char *validator;    /* (nullable): for If-Range */
  gboolean is_asking; /* a thread asks the Hub */
  gboolean is_whole;  /* the server gives it from the beginning only */
  gboolean is_second; /* it came wrong once: now over one connection */
  guint n_detours;    /* times that the server had to be asked in another way */

  guint64 n_hashed;
  gboolean hash_anew;       /* what was hashed before does not count */
  gboolean is_hash_waiting; /* a thread waits for more to hash */
  GCond grown;              /* there is more to hash, or it is over */
  gboolean is_full;         /* connections wait for the hash */
  GCond hashed;             /* they need not, or it is over */

  guint n_tries;            /* that failed since something came */
  guint64 n_since_failure;  /* bytes */
  gint64 failed_usec;       /* the last that was counted */
  gint64 first_failed_usec; /* of those that are counted */
  gint64 ready_usec;        /* not to be touched before */
  gint64 busy_since_usec;   /* when another program was met; 0: none */
  char *message;            /* (nullable): why it waits */
  int wait_code;            /* a WsHubError; -1: for another program */
} WsContent;

struct _WsDownload
{
  WsHub *hub;
  WsHubListing *listing;
  GPtrArray *files;             /* (element-type WsHubFile): of the listing */
  char *id, *revision, *folder; /* the last two: (nullable) */
  gboolean ignore_free_space;
  double retry_seconds;
  WsDownloadCallbacks callbacks;

  GPtrArray *contents; /* (element-type WsContent) (owned): small ones first */
  WsTarget *target;    /* (nullable): from the first run on */
  WsRate *rate;
  WsRelay *relay; /* owners: contents */
  WsDownloadCounts counts;
  int is_syncing; /* (atomic): a thread has the disk begin */

  GMutex mutex;
  GCond changed;      /* of anything that a thread may wait for */
  GCancellable *stop; /* (owned): of the requests on their way; another one after each pause */
  GError *failure;    /* that concerns all contents */
  gboolean is_paused, is_cancelled, is_ended;
  gboolean may_fetch;    /* all were looked at, and the disk has room */
  guint first_open;      /* contents before this one are over */
  guint n_allowed;       /* connections now; fewer after a server was overtaxed */
  guint n_busy;          /* connections in use */
  guint n_hashers;       /* threads */
  gint64 ready_usec;     /* the Hub wants to be left alone until then */
  gint64 moved_usec;     /* when a byte came last */
  guint64 n_fetched;     /* bytes in this run */
  double latency_usec;   /* from asking to the first byte, lately; 0: not known */
  double bytes_per_usec; /* of a connection after that, lately; 0: not known */
  GHashTable *said;      /* (element-type utf8) (owned): warnings that were given */
  GPtrArray *warnings;   /* (element-type utf8) (owned): to be given */
};

/* download-contents.c: without the mutex unless it says so */

/* Equal contents once, small ones first. (element-type WsContent) (transfer full) */
GPtrArray *_ws_contents_new (WsDownload *download, GPtrArray *files);
gboolean _ws_content_is_small (const WsContent *self);
/* The following two: with the mutex. */
gboolean _ws_content_is_over (const WsContent *self);
/* Bytes on the disk. */
guint64 _ws_content_get_n_done (const WsContent *self);
/* Looks whether it is there. */
void _ws_content_look (WsContent *self);
/* Opens its part, and starts the thread that hashes along if it is a large one. */
void _ws_content_open (WsContent *self);
/* Closes its part if it is open. With the mutex; no thread may use it. */
void _ws_content_close (WsContent *self);
/* It cannot be had, for now or ever. With the mutex. @failure: (transfer full) */
void _ws_content_fail (WsContent *self, GError *failure);
/* Said once to the user. With the mutex. @sentence: (transfer full) */
void _ws_download_warn (WsDownload *self, char *sentence);

/* download-check.c */

/* Hashes what is there, and waits for more, until all is there: then puts it in place. Ends early
 * if it is over. Without the mutex. */
void _ws_content_check (WsContent *self);
/* From its part. Returns: FALSE with errno set. */
gboolean _ws_content_read (const WsContent *self, char *bytes, gsize n_bytes, guint64 offset);

/* download-pace.c: with the mutex */

/* @n_bytes have come. */
void _ws_content_count_bytes (WsContent *self, guint64 n_bytes);
/* After more has come, or was hashed: whether the hash has enough to do for a while, from memory.
 * Those who waited for it are woken when it has no more. */
void _ws_content_update_full (WsContent *self);
/* Whether another connection would bring it sooner. */
gboolean _ws_content_wants_more (const WsContent *self);
/* Whether there is so much to be hashed that the thread that does it should be woken up; in any
 * case it is at the end of each segment. */
gboolean _ws_content_is_worth_hashing (const WsContent *self);
/* Waits while there is more to hash than keeps the hash busy, and the server waits with us: so it
 * finds in memory what it needs. Returns: how long. */
gint64 _ws_content_wait_for_hash (WsContent *self, GCancellable *stop);
/* The first answer begins: the wait for it says nothing of what comes then. */
void _ws_content_begin_pace (WsContent *self, gint64 latency_usec);
/* @n_bytes have come over a connection, after @waited_usec in which there was nothing to read. */
void _ws_content_keep_pace (WsContent *self, guint64 n_bytes, gint64 waited_usec);
/* What was hashed does not count: from the first byte again. */
void _ws_content_hash_anew (WsContent *self);
/* The next @n_bytes were hashed, in @usec. */
void _ws_content_advance_hash (WsContent *self, guint64 n_bytes, gint64 usec);
/* A connection has brought @n_bytes in @usec, after @latency_usec.
 * @held_usec: of these, when it waited for the hash, which says nothing of how fast it is */
void _ws_download_keep_pace (WsDownload *self, guint64 n_bytes, gint64 usec, gint64 held_usec,
                             gint64 latency_usec);

/* download-mend.c */

/* After the hash of a large content was wrong: takes back the pieces that the disk has changed, so
 * that they are fetched again. With the mutex, which is let go of meanwhile.
 * Returns: FALSE if there are none: it came wrong. */
gboolean _ws_content_mend (WsContent *self);

/* download-fetch.c */

/* Fetches @segment and gives it back. Without the mutex. @stop: to break off */
void _ws_content_fetch (WsContent *self, WsSegment *segment, GCancellable *stop);

/* download-retry.c: with the mutex */

/* One try at a content. */
typedef struct
{
  GError *failure; /* (owned) */
  double seconds;  /* that the server asks to wait; < 0: it does not */
  gint64 began_usec;
} WsTry;

/* After a try that failed: another one later, or none. */
void _ws_content_retry (WsContent *self, WsTry *failed);
/* No other try: fails with a sentence that names the file. @failure: (transfer full) */
void _ws_content_give_up (WsContent *self, GError *failure);
/* Another program has its part. */
void _ws_content_wait_for_other (WsContent *self);
/* Whether that has taken too long. */
gboolean _ws_content_has_waited (const WsContent *self);

/* download-work.c */

/* Takes tasks until all is over. @download: WsDownload. */
gpointer _ws_download_work (gpointer download);

/* download-progress.c */

WsRate *_ws_rate_new (void);
void _ws_rate_free (WsRate *self);
/* With the mutex. Clears @progress first. */
void _ws_download_get_progress (WsDownload *self, WsDownloadProgress *progress);

G_END_DECLS
