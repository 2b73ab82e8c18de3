/* SPDX-License-Identifier: MIT */
/* A team whose helpers wait for steps for as long as it exists. */
#include "cluster/crew.h"

struct _WsCrew
{
  WsTeam *team;
  guint ticket;       /* taken before the helpers are started: none of them can come too late */
  GPtrArray *helpers; /* (element-type GThread) */
};

static gpointer
help (gpointer data)
{
  WsCrew *self = data;

  ws_team_help (self->team, self->ticket);
  return NULL;
}

WsCrew *
ws_crew_new (guint n_threads)
{
  WsCrew *self = g_new0 (WsCrew, 1);

  if (n_threads == 0)
    n_threads = g_get_num_processors ();
  self->team = ws_team_new ();
  self->ticket = ws_team_get_ticket (self->team);
  self->helpers = g_ptr_array_new ();
  while (self->helpers->len + 1 < n_threads)
    {
      GThread *thread = g_thread_try_new ("crew", help, self, NULL);

      if (thread == NULL)
        break;
      g_ptr_array_add (self->helpers, thread);
    }
  return self;
}

void
ws_crew_free (WsCrew *self)
{
  if (self == NULL)
    return;
  ws_team_release (self->team);
  for (guint i = 0; i < self->helpers->len; i++)
    g_thread_join (g_ptr_array_index (self->helpers, i));
  g_ptr_array_unref (self->helpers);
  ws_team_free (self->team);
  g_free (self);
}

WsTeam *
ws_crew_get_team (WsCrew *self)
{
  return self->team;
}
