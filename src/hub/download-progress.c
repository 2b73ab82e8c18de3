/* SPDX-License-Identifier: MIT */
/* How far a download is, as told to people: bytes on the disk, and a rate that does not jump. */
#include "hub/download-private.h"

#include <string.h>

#define RATE_USEC ((gint64) 10 * G_USEC_PER_SEC)
#define SAMPLE_USEC (G_USEC_PER_SEC / 2)
#define N_SAMPLES (RATE_USEC / SAMPLE_USEC + 1)
#define STALL_USEC (5 * G_USEC_PER_SEC)
/* Before that, a guess is worth nothing. */
#define MIN_GUESS_USEC G_USEC_PER_SEC

/* Bytes that had come at the last moments, the oldest first. */
struct _WsRate
{
  gint64 usec[N_SAMPLES];
  guint64 n_bytes[N_SAMPLES];
  guint n;
};

WsRate *
_ws_rate_new (void)
{
  return g_new0 (WsRate, 1);
}

void
_ws_rate_free (WsRate *self)
{
  g_free (self);
}

static void
take_sample (WsRate *self, gint64 now_usec, guint64 n_bytes)
{
  if (self->n > 0 && now_usec - self->usec[self->n - 1] < SAMPLE_USEC)
    return;
  if (self->n == N_SAMPLES)
    {
      self->n--;
      memmove (self->usec, self->usec + 1, self->n * sizeof self->usec[0]);
      memmove (self->n_bytes, self->n_bytes + 1, self->n * sizeof self->n_bytes[0]);
    }
  self->usec[self->n] = now_usec;
  self->n_bytes[self->n++] = n_bytes;
}

static double
get_rate (const WsRate *self, gint64 now_usec, guint64 n_bytes)
{
  const gint64 elapsed_usec = self->n > 0 ? now_usec - self->usec[0] : 0;

  return elapsed_usec >= MIN_GUESS_USEC ? (n_bytes - self->n_bytes[0]) * 1e6 / elapsed_usec : 0;
}

void
ws_download_progress_clear (WsDownloadProgress *self)
{
  for (guint i = 0; self->files && i < self->files->len; i++)
    g_free (g_array_index (self->files, WsFileProgress, i).message);
  g_clear_pointer (&self->files, g_array_unref);
}

/* What @content is at. Returns: WAITING or DONE if that is not worth a line. */
static WsFileState
get_state (const WsContent *content, gint64 now_usec)
{
  if (content->stage == WS_STAGE_DONE)
    return WS_FILE_DONE;
  if (content->stage == WS_STAGE_FAILED)
    return WS_FILE_FAILED;
  /* other connections may bring it meanwhile */
  if (content->ready_usec > now_usec &&
      (content->n_workers == 0 || now_usec - content->last_byte_usec > STALL_USEC))
    return WS_FILE_RETRYING;
  if (content->part == NULL)
    return content->stage == WS_STAGE_BUSY && !_ws_content_is_small (content) ? WS_FILE_CHECKING
                                                                              : WS_FILE_WAITING;
  if (ws_segments_get_n_done (&content->segments) == content->n_bytes)
    return WS_FILE_CHECKING;
  if (content->n_workers == 0)
    return WS_FILE_WAITING;
  if (content->url == NULL)
    return WS_FILE_RESOLVING;
  return now_usec - content->last_byte_usec > STALL_USEC ? WS_FILE_STALLED : WS_FILE_FETCHING;
}

static void
add_file (WsDownloadProgress *progress, const WsContent *content, WsFileState state,
          gint64 now_usec)
{
  WsFileProgress file = { .path = content->path,
                          .state = state,
                          .n_bytes = content->n_bytes,
                          .n_bytes_done = _ws_content_get_n_done (content) };

  if (state == WS_FILE_RETRYING)
    {
      file.retry_seconds = (content->ready_usec - now_usec) / 1e6;
      file.message = g_strdup (content->message);
      file.code = content->wait_code;
    }
  else if (state == WS_FILE_FAILED)
    file.message = g_strdup (content->error->message);
  g_array_append_val (progress->files, file);
}

static void
add_content (WsDownloadProgress *progress, const WsContent *content, gint64 now_usec)
{
  const WsFileState state = get_state (content, now_usec);

  progress->n_files += content->files->len;
  progress->n_files_done += state == WS_FILE_DONE ? content->files->len : 0;
  progress->n_files_failed += state == WS_FILE_FAILED ? content->files->len : 0;
  progress->n_bytes += content->n_bytes;
  progress->n_bytes_done += _ws_content_get_n_done (content);
  if (state != WS_FILE_DONE && state != WS_FILE_WAITING)
    add_file (progress, content, state, now_usec);
}

void
_ws_download_get_progress (WsDownload *self, WsDownloadProgress *progress)
{
  const gint64 now_usec = g_get_monotonic_time ();

  *progress = (WsDownloadProgress){ .is_paused = self->is_paused,
                                    .files = g_array_new (FALSE, FALSE, sizeof (WsFileProgress)) };
  for (guint i = 0; i < self->contents->len; i++)
    add_content (progress, g_ptr_array_index (self->contents, i), now_usec);
  take_sample (self->rate, now_usec, self->n_fetched);
  progress->bytes_per_second = get_rate (self->rate, now_usec, self->n_fetched);
  progress->seconds_left =
      progress->bytes_per_second > 0
          ? (progress->n_bytes - progress->n_bytes_done) / progress->bytes_per_second
          : -1;
}
