/* SPDX-License-Identifier: MIT */
/* Handles of the libraries: which are alive, and in which context they were made. */
#include "standin-core.h"

static GMutex mutex;
static GHashTable *contexts; /* of a handle that is alive */

void
standin_handle_add (void *handle)
{
  g_mutex_lock (&mutex);
  if (contexts == NULL)
    contexts = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (contexts, handle, standin_get_context ());
  g_mutex_unlock (&mutex);
  standin_count (STANDIN_HANDLES, 1);
}

gboolean
standin_handle_check (const char *function, const void *handle)
{
  gpointer context = NULL;
  gboolean found;

  g_mutex_lock (&mutex);
  found = contexts != NULL && g_hash_table_lookup_extended (contexts, handle, NULL, &context);
  g_mutex_unlock (&mutex);
  if (!found)
    standin_violate ("%s with handle %p, which is none", function, handle);
  else if (context != standin_get_context ())
    standin_violate ("%s with a handle of another context than the current one", function);
  return found && context == standin_get_context ();
}

gboolean
standin_handle_remove (const char *function, const void *handle)
{
  if (!standin_handle_check (function, handle))
    return FALSE;
  /* as the real ones do, which is why a program must not be surprised that it takes long */
  standin_wait_all ();
  g_mutex_lock (&mutex);
  g_hash_table_remove (contexts, handle);
  g_mutex_unlock (&mutex);
  standin_count (STANDIN_HANDLES, -1);
  return TRUE;
}
