/* SPDX-License-Identifier: MIT */
/* A name server that does not answer holds nobody up who cancels. */
#include "hub/http.h"

#include <netdb.h>

static GMutex mutex;
static GCond changed;
static gboolean is_asked, is_over, is_answered; /* with the mutex */

/* In place of the one of the system: silent until the test is over. */
int
getaddrinfo (const char *name, const char *service, const struct addrinfo *hints,
             struct addrinfo **addresses)
{
  g_mutex_lock (&mutex);
  is_asked = TRUE;
  g_cond_broadcast (&changed);
  while (!is_over)
    g_cond_wait (&changed, &mutex);
  is_answered = TRUE;
  g_cond_broadcast (&changed);
  g_mutex_unlock (&mutex);
  return EAI_AGAIN;
}

static gpointer
cancel_when_asked (gpointer cancellable)
{
  g_mutex_lock (&mutex);
  while (!is_asked)
    g_cond_wait (&changed, &mutex);
  g_mutex_unlock (&mutex);
  g_cancellable_cancel (cancellable);
  return NULL;
}

static void
test_cancel_does_not_wait_for_an_answer (void)
{
  const WsHubSettings settings = { .endpoint = (char *) "http://nowhere.invalid",
                                   .stall_seconds = 60 };
  const WsHttpRequest request = { .url = "http://nowhere.invalid/x" };
  g_autoptr (WsHttp) http = ws_http_new (&settings);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread = g_thread_new ("cancel", cancel_when_asked, cancellable);
  WsHttpReply reply;

  g_assert_false (ws_http_perform (http, &request, &reply, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* nobody has answered yet: else this line would never have been reached */
  g_thread_join (thread);
  g_mutex_lock (&mutex);
  g_assert_false (is_answered);
  is_over = TRUE;
  g_cond_broadcast (&changed);
  while (!is_answered)
    g_cond_wait (&changed, &mutex);
  g_mutex_unlock (&mutex);
}

int
main (int argc, char **argv)
{
  g_unsetenv ("http_proxy");
  g_unsetenv ("all_proxy");
  g_unsetenv ("ALL_PROXY");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/http-names/cancel/does-not-wait-for-an-answer",
                   test_cancel_does_not_wait_for_an_answer);
  return g_test_run ();
}
