/* SPDX-License-Identifier: MIT */
/* Words for people about where numbers are computed. */
#include "analysis/device-words.h"

#include <glib/gi18n-lib.h>

const char *
ws_backend_get_title (const char *key)
{
  if (key == NULL)
    return "—";
  return g_str_equal (key, "cpu") ? _ ("Processor") : _ ("GPU");
}

char *
ws_device_describe (const char *device, guint n_threads)
{
  guint n = n_threads > 0 ? n_threads : g_get_num_processors ();

  if (device == NULL)
    /* Translators: where the matrices are computed: on the CPU, by so many threads */
    return g_strdup_printf (ngettext ("Processor, %u thread", "Processor, %u threads", n), n);
  /* Translators: where the matrices are computed: "NVIDIA H200 and 15 threads" */
  return g_strdup_printf (ngettext ("%s and %u thread", "%s and %u threads", n), device, n);
}

static char *
describe_fault (WsFault fault, guint n)
{
  switch (fault)
    {
    case WS_FAULT_MEMORY:
      return g_strdup_printf (
          ngettext (
              "%u matrix did not fit the memory of the GPU and was computed by the processor",
              "%u matrices did not fit the memory of the GPU and were computed by the processor",
              n),
          n);
    case WS_FAULT_NUMERIC:
      return g_strdup_printf (
          ngettext ("the values of %u matrix from the GPU did not pass the checks; it was "
                    "computed by the processor",
                    "the values of %u matrices from the GPU did not pass the checks; they were "
                    "computed by the processor",
                    n),
          n);
    case WS_FAULT_STOPPED:
    case WS_FAULT_TIMEOUT:
    case WS_FAULT_NONE:
    case WS_N_FAULTS:
      break;
    }
  return NULL;
}

char *
ws_faults_describe (GPtrArray *results)
{
  guint counts[WS_N_FAULTS] = { 0 };
  g_autoptr (GPtrArray) sentences = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      counts[result->from_store ? WS_FAULT_NONE : result->spectrum.fault]++;
    }
  for (WsFault fault = WS_FAULT_NONE + 1; fault < WS_N_FAULTS; fault++)
    {
      char *sentence = counts[fault] > 0 ? describe_fault (fault, counts[fault]) : NULL;

      if (sentence != NULL)
        g_ptr_array_add (sentences, sentence);
    }
  if (sentences->len == 0)
    return NULL;
  g_ptr_array_add (sentences, NULL);
  return g_strjoinv ("\n", (char **) sentences->pdata);
}
