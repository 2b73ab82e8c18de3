/* SPDX-License-Identifier: MIT */
/* How much memory the machine has, from POSIX's sysconf. */
#include "base/memory.h"

#include <unistd.h>

guint64
ws_memory_get_total (void)
{
  long n_pages = sysconf (_SC_PHYS_PAGES);
  long page_size = sysconf (_SC_PAGESIZE);

  if (n_pages <= 0 || page_size <= 0)
    return G_GUINT64_CONSTANT (4) << 30;
  return (guint64) n_pages * (guint64) page_size;
}
