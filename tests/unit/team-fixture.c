/* SPDX-License-Identifier: MIT */
/* A team and threads that help it, and which lanes this machine has. */
#include "team-fixture.h"

static gpointer
help (gpointer data)
{
  Helpers *self = data;

  ws_team_help (self->team, self->ticket);
  return NULL;
}

void
helpers_init (Helpers *self)
{
  self->team = ws_team_new ();
  self->ticket = ws_team_get_ticket (self->team);
  self->threads = g_ptr_array_new ();
}

void
helpers_add (Helpers *self)
{
  g_ptr_array_add (self->threads, g_thread_new ("helper", help, self));
}

void
helpers_clear (Helpers *self)
{
  ws_team_release (self->team);
  for (guint i = 0; i < self->threads->len; i++)
    g_thread_join (self->threads->pdata[i]);
  g_ptr_array_unref (self->threads);
  ws_team_free (self->team);
}

gboolean
has_lanes (guint lanes)
{
#if defined(__x86_64__)
  if (lanes == 8)
    return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma");
  if (lanes == 4)
    return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma");
#endif
  return lanes == 2;
}
