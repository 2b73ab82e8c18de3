/* SPDX-License-Identifier: MIT */
/* Ctrl-C as a cancellation. A handler may do next to nothing, and the BLAS has threads of its own
 * that would receive a blocked signal: so the handler writes to a pipe, and a thread reads it. */
#include "cli/interrupt.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>

#include "cli/options.h"

struct _CliInterrupt
{
  GCancellable *cancellable;
  GThread *thread;
  int read_fd, write_fd;
  struct sigaction old_int, old_term;
};

static int interrupt_fd = -1;
static volatile sig_atomic_t interrupted;

static void
on_signal (int number)
{
  if (interrupted)
    _exit (CLI_INTERRUPTED);
  interrupted = 1;
  /* Cannot fail: the pipe holds more than this one byte. */
  if (write (interrupt_fd, "!", 1) != 1)
    _exit (CLI_INTERRUPTED);
}

static gpointer
wait_for_signal (gpointer data)
{
  CliInterrupt *self = data;
  char byte;
  gssize n;

  do
    n = read (self->read_fd, &byte, 1);
  while (n < 0);
  /* Nothing is read when the pipe is closed at the end. */
  if (n == 1)
    g_cancellable_cancel (self->cancellable);
  return NULL;
}

static void
release (CliInterrupt *self)
{
  close (self->write_fd);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  close (self->read_fd);
  g_object_unref (self->cancellable);
  g_free (self);
}

CliInterrupt *
cli_interrupt_new (GCancellable *cancellable, GError **error)
{
  struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
  CliInterrupt *self;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return NULL;
  self = g_new0 (CliInterrupt, 1);
  self->cancellable = g_object_ref (cancellable);
  self->read_fd = fds[0];
  self->write_fd = interrupt_fd = fds[1];
  interrupted = 0;
  self->thread = g_thread_try_new ("interrupt", wait_for_signal, self, error);
  if (self->thread == NULL)
    {
      release (self);
      return NULL;
    }
  sigaction (SIGINT, &action, &self->old_int);
  sigaction (SIGTERM, &action, &self->old_term);
  return self;
}

void
cli_interrupt_free (CliInterrupt *self)
{
  sigaction (SIGINT, &self->old_int, NULL);
  sigaction (SIGTERM, &self->old_term, NULL);
  release (self);
}
