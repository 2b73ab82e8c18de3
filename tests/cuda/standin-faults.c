/* SPDX-License-Identifier: MIT */
/* What is to go wrong, what was done, and what was done wrong. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "standin-core.h"

typedef struct
{
  guint64 number;
  gboolean is_open; /* "N-" */
  guint64 n_occasions;
} Fault;

static const char *const count_names[STANDIN_N_COUNTS] = {
  [STANDIN_ALLOCATIONS] = "allocations", [STANDIN_BYTES] = "bytes",
  [STANDIN_PINNED] = "pinned",           [STANDIN_STREAMS] = "streams",
  [STANDIN_EVENTS] = "events",           [STANDIN_MODULES] = "modules",
  [STANDIN_HANDLES] = "handles",         [STANDIN_CONTEXTS] = "contexts",
  [STANDIN_VIOLATIONS] = "violations",   [STANDIN_ALLOCATED] = "allocated",
  [STANDIN_PAGEABLE] = "pageable",       [STANDIN_UPLOADED] = "uploaded",
  [STANDIN_SOLVED] = "solved",           [STANDIN_LAUNCHED] = "launched",
  [STANDIN_PEAK_BYTES] = "peak-bytes",   [STANDIN_UNDONE] = "undone",
};

static GMutex mutex;
static GHashTable *faults; /* name -> Fault */
static gint64 counts[STANDIN_N_COUNTS];

static GHashTable *
parse (const char *text)
{
  GHashTable *table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", 0);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *equals = strchr (parts[i], '=');
      Fault *fault;
      char *end;

      if (parts[i][0] == '\0')
        continue;
      g_assert_nonnull (equals);
      fault = g_new0 (Fault, 1);
      fault->number = strtoull (equals + 1, &end, 10);
      fault->is_open = *end == '-';
      g_hash_table_insert (table, g_strndup (parts[i], equals - parts[i]), fault);
    }
  return table;
}

void
standin_set_faults (const char *text)
{
  GHashTable *table = parse (text);

  g_mutex_lock (&mutex);
  g_clear_pointer (&faults, g_hash_table_unref);
  faults = table;
  g_mutex_unlock (&mutex);
}

guint64
standin_get_number (const char *name, guint64 fallback)
{
  const Fault *fault;

  g_mutex_lock (&mutex);
  fault = g_hash_table_lookup (faults, name);
  fallback = fault != NULL ? fault->number : fallback;
  g_mutex_unlock (&mutex);
  return fallback;
}

gboolean
standin_strikes (const char *name)
{
  gboolean strikes = FALSE;
  Fault *fault;

  g_mutex_lock (&mutex);
  fault = g_hash_table_lookup (faults, name);
  if (fault != NULL)
    {
      fault->n_occasions++;
      strikes = fault->is_open ? fault->n_occasions >= fault->number
                               : fault->n_occasions == fault->number;
    }
  g_mutex_unlock (&mutex);
  return strikes;
}

void
standin_block (void)
{
  GMutex never;
  GCond cond;

  g_mutex_init (&never);
  g_cond_init (&cond);
  g_mutex_lock (&never);
  for (;;)
    g_cond_wait (&cond, &never);
}

void
standin_count (StandinCount what, gint64 change)
{
  g_mutex_lock (&mutex);
  counts[what] += change;
  g_mutex_unlock (&mutex);
}

void
standin_count_peak (StandinCount what, StandinCount peak)
{
  g_mutex_lock (&mutex);
  counts[peak] = MAX (counts[peak], counts[what]);
  g_mutex_unlock (&mutex);
}

guint64
standin_get_count (const char *what)
{
  gint64 count = -1;

  g_mutex_lock (&mutex);
  for (guint i = 0; i < STANDIN_N_COUNTS; i++)
    if (strcmp (what, count_names[i]) == 0)
      count = counts[i];
  g_mutex_unlock (&mutex);
  g_assert_cmpint (count, >=, 0);
  return count;
}

void
standin_violate (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "stand-in CUDA: %s\n", text);
  standin_count (STANDIN_VIOLATIONS, 1);
  standin_die (WS_CUDA_ERROR_ILLEGAL_ADDRESS);
}

__attribute__ ((constructor)) static void
begin (void)
{
  standin_set_faults (getenv (STANDIN_FAULTS));
}

__attribute__ ((destructor)) static void
end (void)
{
  const char *path = getenv (STANDIN_REPORT);
  FILE *file = path != NULL ? fopen (path, "w") : NULL;

  if (file == NULL)
    return;
  for (guint i = 0; i < STANDIN_N_COUNTS; i++)
    fprintf (file, "%s %" G_GINT64_FORMAT "\n", count_names[i], counts[i]);
  fclose (file);
}
