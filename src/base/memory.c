/* SPDX-License-Identifier: MIT */
/* How much memory the machine has, from POSIX's sysconf, and what glibc does with freed memory. */
#include "base/memory.h"

#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* A worker that goes on with smaller matrices holds so much that nobody counts: little. */
#define MOST_KEPT (16 << 20)
/* Larger blocks go back at once: the most that glibc takes. */
#define LARGEST_KEPT (32 << 20)

guint64
ws_memory_get_total (void)
{
  long n_pages = sysconf (_SC_PHYS_PAGES);
  long page_size = sysconf (_SC_PAGESIZE);

  if (n_pages <= 0 || page_size <= 0)
    return G_GUINT64_CONSTANT (4) << 30;
  return (guint64) n_pages * (guint64) page_size;
}

void
ws_memory_init (void)
{
#ifdef __GLIBC__
  mallopt (M_TRIM_THRESHOLD, MOST_KEPT);
  mallopt (M_MMAP_THRESHOLD, LARGEST_KEPT);
#endif
}
