/* SPDX-License-Identifier: MIT */
/* How much memory the machine has, from POSIX's sysconf, and what glibc does with freed memory. */
#include "base/memory.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* A worker that goes on with smaller matrices holds so much that nobody counts: little. */
#define MOST_KEPT (16 << 20)
/* Larger blocks go back at once: the most that glibc takes. */
#define LARGEST_KEPT (32 << 20)

/* The size of a large page, and what is not worth one. */
#define LARGE_PAGE ((gsize) 2 << 20)
#define LEAST_LARGE (2 * LARGE_PAGE)

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

gboolean
ws_memory_has_address_limit (void)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

gboolean
ws_memory_can_map (gsize n_bytes)
{
  gpointer block = mmap (NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (block == MAP_FAILED)
    return FALSE;
  munmap (block, n_bytes);
  return TRUE;
}

void
ws_memory_advise_large (gpointer memory, gsize n_bytes)
{
#ifdef MADV_HUGEPAGE
  gsize begin = ((gsize) memory + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
  gsize end = ((gsize) memory + n_bytes) / LARGE_PAGE * LARGE_PAGE;

  if (n_bytes >= LEAST_LARGE && end > begin)
    madvise ((gpointer) begin, end - begin, MADV_HUGEPAGE);
#endif
}
