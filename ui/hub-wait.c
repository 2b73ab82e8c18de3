/* SPDX-License-Identifier: MIT */
/* Waits for the Hub, by their numbers. */
#include "hub-wait.h"

#include "download-words.h"
#include "sentence.h"

/* Answers that refuse have a body too. */
#define MIN_MOVED_BYTES 65536

typedef struct
{
  gint64 until_usec; /* by the monotonic clock; 0: none so far */
  int code;          /* a WsHubError */
  char *reason;
  gboolean is_new;         /* not described yet */
  guint64 n_bytes_at_once; /* received when it was described first */
} Wait;

static GMutex mutex;
static GHashTable *waits; /* (element-type guint Wait), guarded by @mutex */
static guint last_number;

static void
wait_free (gpointer data)
{
  Wait *wait = data;

  g_free (wait->reason);
  g_free (wait);
}

guint
ws_hub_wait_register (void)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  if (waits == NULL)
    waits = g_hash_table_new_full (NULL, NULL, NULL, wait_free);
  last_number++;
  g_hash_table_insert (waits, GUINT_TO_POINTER (last_number), g_new0 (Wait, 1));
  return last_number;
}

void
ws_hub_wait_forget (guint number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);

  g_hash_table_remove (waits, GUINT_TO_POINTER (number));
}

void
ws_hub_wait_begin (double seconds, const GError *failure, gpointer number)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Wait *wait = g_hash_table_lookup (waits, number);

  if (wait == NULL)
    return;
  wait->until_usec = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  wait->code = failure->code;
  g_free (wait->reason);
  wait->reason = ws_sentence_make (failure->message);
  wait->is_new = TRUE;
}

char *
ws_hub_wait_describe (guint number, guint64 n_bytes, char **reason)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  Wait *wait = g_hash_table_lookup (waits, GUINT_TO_POINTER (number));
  const gint64 now_usec = g_get_monotonic_time ();

  if (wait == NULL || now_usec >= wait->until_usec)
    return NULL;
  if (wait->is_new)
    wait->n_bytes_at_once = n_bytes;
  wait->is_new = FALSE;
  if (n_bytes > wait->n_bytes_at_once + MIN_MOVED_BYTES)
    return NULL;
  *reason = g_strdup (wait->reason);
  return ws_download_words_describe_wait (wait->code,
                                          (wait->until_usec - now_usec) / (double) G_USEC_PER_SEC);
}
