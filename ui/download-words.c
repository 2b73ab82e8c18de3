/* SPDX-License-Identifier: MIT */
/* How a download goes, in words. Nothing is said that is not known: no time left before some
 * seconds were measured, and none while nothing comes. */
#include "download-words.h"

#include "amounts.h"
#include "sentence.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MEASURE_SECONDS 10

static double
get_seconds_until (gint64 usec)
{
  return MAX (usec - g_get_monotonic_time (), 0) / (double) G_USEC_PER_SEC;
}

char *
ws_download_words_describe_wait (int code, double n_seconds)
{
  g_autofree char *seconds = ws_format_duration (ceil (n_seconds));

  switch (code)
    {
    case -1:
      return g_strdup (_ ("Waiting for another program that fetches it"));
    case WS_HUB_ERROR_NETWORK:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("Waiting for network, retry in %s"), seconds);
    case WS_HUB_ERROR_SERVER:
    case WS_HUB_ERROR_RATE_LIMIT:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("Waiting for the server, retry in %s"), seconds);
    default:
      /* Translators: %s is "8 s" */
      return g_strdup_printf (_ ("Retry in %s"), seconds);
    }
}

/* (nullable): the one that all wait for */
static const WsFileNews *
find_file (const WsFetchNews *news, WsFileState state)
{
  for (guint i = 0; i < news->files->len; i++)
    {
      const WsFileNews *file = g_ptr_array_index (news->files, i);

      if (file->state == state)
        return file;
    }
  return NULL;
}

/* Why nothing comes although it runs. */
static char *
describe_standstill (const WsFetchNews *news)
{
  const WsFileNews *waiting = find_file (news, WS_FILE_RETRYING);

  if (waiting != NULL)
    return ws_download_words_describe_wait (waiting->code, get_seconds_until (waiting->retry_usec));
  if (find_file (news, WS_FILE_CHECKING) != NULL)
    return g_strdup (_ ("Checking…"));
  if (find_file (news, WS_FILE_STALLED) != NULL)
    return g_strdup (_ ("Nothing comes for the moment"));
  return g_strdup (_ ("Asking the Hub…"));
}

static char *
describe_amount (WsDownloadItem *item)
{
  const WsFetchNews *news = ws_download_item_get_news (item);
  guint64 total = news != NULL ? news->n_bytes : ws_download_item_get_order (item)->n_bytes;

  return ws_amounts_format_share (ws_download_item_get_n_bytes_done (item), total);
}

static char *
describe_running (WsDownloadItem *item, gboolean shortly)
{
  const WsFetchNews *news = ws_download_item_get_news (item);
  g_autofree char *amount = describe_amount (item);
  g_autofree char *rate = NULL;
  g_autofree char *left = NULL;
  g_autofree char *standstill = NULL;

  if (news == NULL)
    return g_strdup (_ ("Asking the Hub…"));
  /* the speed is that of the last seconds: it outlives what came */
  if (!(news->bytes_per_second > 0) ||
      (find_file (news, WS_FILE_RETRYING) && !find_file (news, WS_FILE_FETCHING)))
    {
      standstill = describe_standstill (news);
      return shortly ? g_steal_pointer (&standstill)
                     : g_strdup_printf ("%s · %s", amount, standstill);
    }
  rate = ws_amounts_format_rate (news->bytes_per_second);
  if (shortly || news->seconds_left < 0 ||
      ws_download_item_get_run_seconds (item) < MEASURE_SECONDS)
    return g_strdup_printf ("%s · %s", amount, rate);
  left = ws_format_duration (news->seconds_left);
  /* Translators: "7.1 of 16.4 GB · 42.3 MB/s · 3 min 40 s left" */
  return g_strdup_printf (_ ("%s · %s · %s left"), amount, rate, left);
}

static char *
describe_error (WsDownloadItem *item)
{
  const GError *error = ws_download_item_get_error (item);

  return error != NULL ? ws_sentence_make (error->message) : g_strdup (_ ("Failed"));
}

static char *
describe (WsDownloadItem *item, gboolean shortly)
{
  g_autofree char *amount = describe_amount (item);
  g_autofree char *text = NULL;

  switch (ws_download_item_get_state (item))
    {
    case WS_DOWNLOAD_QUEUED:
      return g_strdup_printf ("%s · %s", amount, _ ("queued"));
    case WS_DOWNLOAD_RUNNING:
      return describe_running (item, shortly);
    case WS_DOWNLOAD_WAITING:
      return ws_download_words_describe_wait (ws_download_item_get_error (item)->code,
                                              ws_download_item_get_retry_seconds (item));
    case WS_DOWNLOAD_PAUSED:
      return g_strdup_printf ("%s · %s", amount, _ ("paused"));
    case WS_DOWNLOAD_FAILED:
      return describe_error (item);
    case WS_DOWNLOAD_DONE:
      text = ws_format_bytes (ws_download_item_get_order (item)->n_bytes);
      return g_strdup_printf ("%s · %s", text, _ ("complete"));
    case WS_DOWNLOAD_ENDING:
    case WS_DOWNLOAD_GONE:
    default:
      return g_strdup (_ ("Ending…"));
    }
}

char *
ws_download_words_describe (WsDownloadItem *item)
{
  return describe (item, FALSE);
}

char *
ws_download_words_describe_shortly (WsDownloadItem *item)
{
  return describe (item, TRUE);
}

char *
ws_download_words_describe_file (const WsFileNews *file)
{
  switch (file->state)
    {
    case WS_FILE_RESOLVING:
      return g_strdup (_ ("Asking the Hub…"));
    case WS_FILE_STALLED:
      return g_strdup (_ ("Nothing comes for the moment"));
    case WS_FILE_RETRYING:
      return ws_download_words_describe_wait (file->code, get_seconds_until (file->retry_usec));
    case WS_FILE_CHECKING:
      return g_strdup (_ ("Checking…"));
    case WS_FILE_FAILED:
      return file->message != NULL ? ws_sentence_make (file->message) : g_strdup (_ ("Failed"));
    case WS_FILE_WAITING:
    case WS_FILE_FETCHING:
    case WS_FILE_DONE:
    default:
      return g_strdup ("");
    }
}

double
ws_download_words_get_share (WsDownloadItem *item)
{
  const WsFetchNews *news = ws_download_item_get_news (item);
  guint64 total = news != NULL ? news->n_bytes : ws_download_item_get_order (item)->n_bytes;

  if (ws_download_item_get_state (item) == WS_DOWNLOAD_DONE)
    return 1;
  if (total == 0)
    return 0;
  return CLAMP ((double) ws_download_item_get_n_bytes_done (item) / total, 0, 1);
}

gboolean
ws_download_words_is_moving (WsDownloadItem *item)
{
  const WsFetchNews *news = ws_download_item_get_news (item);

  if (ws_download_item_get_state (item) == WS_DOWNLOAD_DONE)
    return TRUE;
  return ws_download_item_get_state (item) == WS_DOWNLOAD_RUNNING && news != NULL &&
         (news->bytes_per_second > 0 || find_file (news, WS_FILE_CHECKING) != NULL);
}
