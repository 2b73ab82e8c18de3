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

/* NULL: the driver does not answer in time; the thread then goes on until the program ends, so that
 * what it works on is never freed. */
static const char *
find_cuda_facts (void)
{
  static Look self;
  gint64 deadline = g_get_monotonic_time () + LOOK_USEC;
  const char *facts;

  g_thread_unref (g_thread_new ("cuda-facts", look, &self));
  g_mutex_lock (&self.mutex);
  while (self.facts == NULL && g_cond_wait_until (&self.looked, &self.mutex, deadline))
    ;
  facts = self.facts;
  g_mutex_unlock (&self.mutex);
  return facts;
}

CliStatus
cli_print_version (void)
{
  g_autofree char *build = ws_record_get_build_facts ();
  const char *cuda = find_cuda_facts ();
  g_auto (GStrv) facts = g_strsplit (cuda != NULL ? cuda : "no answer from the driver", "\n", -1);

  printf ("%s\n", build);
  for (char **fact = facts; *fact != NULL; fact++)
    if (**fact != '\0')
      printf ("CUDA: %s\n", *fact);
  return CLI_DONE;
}
