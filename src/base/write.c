/* SPDX-License-Identifier: MIT */
/* Writing to a file descriptor to the end. */
#include "base/write.h"

#include <errno.h>
#include <unistd.h>

gboolean
ws_write_all (int fd, const char *bytes, gsize n_bytes)
{
  while (n_bytes > 0)
    {
      const gssize n = write (fd, bytes, n_bytes);

      if (n < 0 && errno != EINTR)
        return FALSE;
      bytes += MAX (n, 0);
      n_bytes -= MAX (n, 0);
    }
  return TRUE;
}
