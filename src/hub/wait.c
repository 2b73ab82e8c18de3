/* SPDX-License-Identifier: MIT */
/* Waiting that ends when it is cancelled. */
#include "hub/wait.h"

gboolean
ws_wait (double seconds, GCancellable *cancellable, GError **error)
{
  const gint64 until_usec = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  gint64 left_usec = until_usec - g_get_monotonic_time ();
  GPollFD fd;
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &fd);

  while (left_usec > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      g_poll (&fd, has_fd ? 1 : 0, (gint) MIN (left_usec / 1000 + 1, G_MAXINT));
      left_usec = until_usec - g_get_monotonic_time ();
    }
  if (has_fd)
    g_cancellable_release_fd (cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
