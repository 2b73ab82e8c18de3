/* SPDX-License-Identifier: MIT */
/* weightscope-cli --version: what the program was built from, and what it finds to compute on. */
#include "cli/version.h"

#include <stdio.h>

#include "analysis/record.h"
#include "cuda/cuda.h"

/* A broken driver may never answer; one that has to wake several GPUs first takes seconds. */
#define LOOK_USEC (5 * G_USEC_PER_SEC)

typedef struct
{
  GMutex mutex;
  GCond looked;
  char *facts; /* NULL: not looked yet */
} Look;

static gpointer
look (gpointer data)
{
  Look *self = data;
  char *facts = ws_cuda_get_facts ();

  g_mutex_lock (&self->mutex);
  self->facts = facts;
  g_cond_signal (&self->looked);
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* The thread may go on until the program ends: what it works on is never freed. (transfer full) */
static char *
find_cuda_facts (void)
{
  static Look self;
  gint64 deadline = g_get_monotonic_time () + LOOK_USEC;
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_try_new ("cuda-facts", look, &self, &error);
  char *facts;

  if (thread == NULL)
    return g_strdup_printf ("not looked for: %s", error->message);
  g_thread_unref (thread);
  g_mutex_lock (&self.mutex);
  while (self.facts == NULL && g_cond_wait_until (&self.looked, &self.mutex, deadline))
    ;
  facts = g_strdup (self.facts != NULL ? self.facts : "no answer from the driver");
  g_mutex_unlock (&self.mutex);
  return facts;
}

CliStatus
cli_print_version (void)
{
  g_autofree char *build = ws_record_get_build_facts ();
  g_autofree char *cuda = find_cuda_facts ();
  g_auto (GStrv) facts = g_strsplit (cuda, "\n", -1);

  printf ("%s\n", build);
  for (char **fact = facts; *fact != NULL; fact++)
    if (**fact != '\0')
      printf ("CUDA: %s\n", *fact);
  return CLI_DONE;
}
