/* SPDX-License-Identifier: MIT */
/* Threads that share the tiles of one step. */
#include "spectra/team.h"

/* On the stack of the thread that runs it, which leaves when nobody else looks at it. */
typedef struct
{
  WsTileFunc func;
  gpointer user_data;
  gsize n;
  gsize next;   /* atomic: the first tile that nobody has taken */
  guint n_busy; /* helpers in it; guarded by the mutex of the team */
} Step;

struct _WsTeam
{
  GMutex mutex;
  GCond changed;
  GPtrArray *steps; /* (element-type Step) that may have tiles left; borrowed */
  guint n_helpers;  /* waiting or busy */
  guint n_releases;
};

WsTeam *
ws_team_new (void)
{
  WsTeam *self = g_new0 (WsTeam, 1);

  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->steps = g_ptr_array_new ();
  return self;
}

void
ws_team_free (WsTeam *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->steps);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static void
take_tiles (Step *step)
{
  gsize i;

  while ((i = g_atomic_pointer_add (&step->next, 1)) < step->n)
    step->func (i, step->user_data);
}

static gboolean
has_tiles (Step *step)
{
  return (gsize) g_atomic_pointer_get (&step->next) < step->n;
}

static void
announce (WsTeam *self, Step *step)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->steps, step);
  if (self->n_helpers > 0)
    g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static void
withdraw (WsTeam *self, Step *step)
{
  g_mutex_lock (&self->mutex);
  g_ptr_array_remove_fast (self->steps, step);
  while (step->n_busy > 0)
    g_cond_wait (&self->changed, &self->mutex);
  g_mutex_unlock (&self->mutex);
}

void
ws_team_run (WsTeam *self, gsize n, WsTileFunc func, gpointer user_data)
{
  Step step = { .func = func, .user_data = user_data, .n = n };

  if (self == NULL || n < 2)
    {
      take_tiles (&step);
      return;
    }
  announce (self, &step);
  take_tiles (&step);
  withdraw (self, &step);
}

/* NULL: there is nothing to help with. */
static Step *
find_step (WsTeam *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    if (has_tiles (g_ptr_array_index (self->steps, i)))
      return g_ptr_array_index (self->steps, i);
  return NULL;
}

guint
ws_team_get_ticket (WsTeam *self)
{
  guint ticket;

  g_mutex_lock (&self->mutex);
  ticket = self->n_releases;
  g_mutex_unlock (&self->mutex);
  return ticket;
}

void
ws_team_help (WsTeam *self, guint ticket)
{
  g_mutex_lock (&self->mutex);
  self->n_helpers++;
  while (self->n_releases == ticket)
    {
      Step *step = find_step (self);

      if (step == NULL)
        {
          g_cond_wait (&self->changed, &self->mutex);
          continue;
        }
      step->n_busy++;
      g_mutex_unlock (&self->mutex);
      take_tiles (step);
      g_mutex_lock (&self->mutex);
      step->n_busy--;
      g_cond_broadcast (&self->changed);
    }
  self->n_helpers--;
  g_mutex_unlock (&self->mutex);
}

void
ws_team_release (WsTeam *self)
{
  g_mutex_lock (&self->mutex);
  self->n_releases++;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}
