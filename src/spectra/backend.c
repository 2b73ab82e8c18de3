/* SPDX-License-Identifier: MIT */
/* What all backends have in common, and the words for their faults. */
#include "spectra/backend.h"

#include <glib/gi18n-lib.h>

G_DEFINE_QUARK (ws - fault - error - quark, ws_fault_error)

static const struct
{
  const char *key;
  const char *sentence;
} fault_words[WS_N_FAULTS] = {
  [WS_FAULT_NONE] = { "", NULL },
  [WS_FAULT_MEMORY] = { "memory", N_ ("did not fit the memory of the GPU") },
  [WS_FAULT_NUMERIC] = { "numeric", N_ ("the values from the GPU did not pass the checks") },
  [WS_FAULT_STOPPED] = { "stopped", N_ ("the GPU stopped with an error") },
  [WS_FAULT_TIMEOUT] = { "timeout", N_ ("the GPU did not answer") },
};

const char *
ws_fault_get_key (WsFault fault)
{
  return fault_words[fault].key;
}

gboolean
ws_fault_from_key (const char *key, WsFault *fault)
{
  for (guint i = 0; i < WS_N_FAULTS; i++)
    if (g_str_equal (fault_words[i].key, key))
      {
        *fault = i;
        return TRUE;
      }
  return FALSE;
}

const char *
ws_fault_get_sentence (WsFault fault, gboolean translated)
{
  const char *sentence = fault_words[fault].sentence;

  return sentence != NULL && translated ? _ (sentence) : sentence;
}

WsFault
ws_fault_from_error (const GError *error)
{
  return error != NULL && error->domain == WS_FAULT_ERROR ? (WsFault) error->code : WS_FAULT_NONE;
}

WsBackend *
ws_backend_ref (WsBackend *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_backend_unref (WsBackend *self)
{
  if (self != NULL && g_atomic_int_dec_and_test (&self->ref_count))
    self->funcs->close (self);
}
