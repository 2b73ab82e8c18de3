/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or a list of tensors that fill the file to its end. */
#include "fuzz.h"

#include "model/safetensors.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, n_bytes);
  g_autoptr (WsSource) source = ws_source_new_bytes ("fuzz", bytes);
  g_autoptr (GPtrArray) tensors = ws_safetensors_read (source, NULL, &error);

  g_assert ((tensors == NULL) == (error != NULL));
  if (!tensors)
    {
      g_assert (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }

  guint64 end = 0;
  for (guint i = 0; i < tensors->len; i++)
    {
      const WsTensor *tensor = tensors->pdata[i];

      g_assert (i == 0 || tensor->offset == end);
      g_assert (g_utf8_validate (tensor->name, -1, NULL));
      end = tensor->offset + tensor->n_bytes;
      g_assert (end <= n_bytes);
    }
  g_assert (tensors->len == 0 || end == n_bytes);
  return 0;
}
