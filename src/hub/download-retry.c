/* SPDX-License-Identifier: MIT */
/* When a failed try is followed by another one, and when not. */
#include "hub/download-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Tries without getting anywhere. */
#define MAX_TRIES 5u
/* Of what another answer of the same server will hardly change. */
#define MAX_DOUBTFUL_TRIES 3u
/* Times the first pause; the second for those who have patience. */
#define MAX_BACK_OFF 8.0
#define MAX_LONG_BACK_OFF 32.0
/* A try that brought so much was none that failed. */
#define PROGRESS_BYTES ((guint64) 64 << 10)
#define SOON_SECONDS 0.1
/* How often to look after another program, and how long it may write nothing. */
#define LOOK_SECONDS 0.25
#define MAX_SILENCE_SECONDS 30.0

static guint
get_max_tries (const GError *failure)
{
  if (failure->domain != WS_HUB_ERROR)
    return 0;
  switch ((WsHubError) failure->code)
    {
    case WS_HUB_ERROR_NETWORK:
    case WS_HUB_ERROR_SERVER:
    case WS_HUB_ERROR_RATE_LIMIT:
      return MAX_TRIES;
    case WS_HUB_ERROR_PROTOCOL:
    case WS_HUB_ERROR_CHANGED:
      return MAX_DOUBTFUL_TRIES;
    default:
      return 0;
    }
}

static gint64
after (double seconds)
{
  return g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
}

/* Not all at the same time as others who were turned away. */
static double
add_jitter (double seconds)
{
  return seconds * g_random_double_range (1.0, 1.25);
}

static guint
get_patience (const WsContent *self)
{
  return ws_hub_get_settings (self->download->hub)->patience_seconds;
}

static double
get_back_off (const WsContent *self)
{
  const double most = get_patience (self) > 0 ? MAX_LONG_BACK_OFF : MAX_BACK_OFF;

  return add_jitter (self->download->retry_seconds * fmin (exp2 (self->n_tries - 1), most));
}

/* Whether the try before the next one, in @seconds, was the last. */
static gboolean
is_enough (const WsContent *self, guint max_tries, double seconds)
{
  const double elapsed = (g_get_monotonic_time () - self->first_failed_usec) / 1e6;

  if (max_tries == MAX_TRIES && get_patience (self) > 0)
    return elapsed + seconds > get_patience (self);
  return self->n_tries >= max_tries;
}

/* A server that is overtaxed is asked by fewer connections; where nothing comes at all, the other
 * files need not try meanwhile. */
static void
go_easy (WsDownload *self, const WsContent *content, const WsTry *failed, int code)
{
  const gboolean is_still = self->moved_usec < failed->began_usec;

  if (code == WS_HUB_ERROR_RATE_LIMIT || code == WS_HUB_ERROR_SERVER)
    self->n_allowed = MAX (self->n_allowed / 2, 1);
  if (code == WS_HUB_ERROR_RATE_LIMIT ||
      (is_still && (code == WS_HUB_ERROR_SERVER || code == WS_HUB_ERROR_NETWORK)))
    self->ready_usec = MAX (self->ready_usec, content->ready_usec);
}

void
_ws_content_give_up (WsContent *self, GError *failure)
{
  g_autofree char *name = ws_format_name (self->path);

  /* what concerns the whole model says so itself */
  if (get_max_tries (failure) > 0 || g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE))
    g_prefix_error (&failure, _ ("cannot fetch '%s': "), name);
  _ws_content_fail (self, failure);
}

void
_ws_content_retry (WsContent *self, WsTry *failed)
{
  g_autoptr (GError) failure = g_steal_pointer (&failed->failure);
  const guint max_tries = get_max_tries (failure);
  double seconds;

  if (_ws_content_is_over (self) || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (self->n_since_failure >= PROGRESS_BYTES)
    self->n_tries = 0;
  /* several connections that fail together are one failed try */
  if (max_tries > 0 && failed->began_usec < self->failed_usec && self->n_tries > 0)
    return;
  if (self->n_tries == 0)
    self->first_failed_usec = g_get_monotonic_time ();
  self->n_tries++;
  self->failed_usec = g_get_monotonic_time ();
  seconds = failed->seconds >= 0        ? add_jitter (failed->seconds)
            : self->n_since_failure > 0 ? SOON_SECONDS
                                        : get_back_off (self);
  if (is_enough (self, max_tries, seconds))
    {
      _ws_content_give_up (self, g_steal_pointer (&failure));
      return;
    }
  self->ready_usec = after (seconds);
  self->n_since_failure = 0;
  g_free (self->message);
  self->message = g_strdup (failure->message);
  self->wait_code = failure->code;
  go_easy (self->download, self, failed, failure->code);
}

void
_ws_content_wait_for_other (WsContent *self)
{
  g_autofree char *name = ws_format_name (self->path);

  if (self->busy_since_usec == 0)
    {
      self->busy_since_usec = g_get_monotonic_time ();
      _ws_download_warn (
          self->download,
          g_strdup_printf (_ ("another program is fetching '%s': waiting for it"), name));
    }
  g_free (self->message);
  self->message = g_strdup (_ ("another program is fetching it"));
  self->wait_code = -1;
  self->ready_usec = after (LOOK_SECONDS);
  /* it may be there then */
  self->stage = WS_STAGE_NEW;
}

gboolean
_ws_content_has_waited (const WsContent *self)
{
  const double seconds = (g_get_monotonic_time () - self->busy_since_usec) / 1e6;

  return self->busy_since_usec > 0 && seconds > MAX_SILENCE_SECONDS &&
         ws_target_get_part_age (self->download->target, self->files) > MAX_SILENCE_SECONDS;
}
