/* SPDX-License-Identifier: MIT */
/* Which words name a device. */
#include "analysis/device.h"

static void
assert_parsed (const char *text, WsDeviceKind expected_kind, guint expected_index, const char *key)
{
  g_autofree char *again = NULL;
  WsDeviceKind kind;
  guint index;

  g_assert_true (ws_device_parse (text, &kind, &index));
  g_assert_cmpint (kind, ==, expected_kind);
  g_assert_cmpuint (index, ==, expected_index);
  again = ws_device_dup_key (kind, index);
  g_assert_cmpstr (again, ==, key);
}

static void
test_words (void)
{
  assert_parsed ("auto", WS_DEVICE_AUTO, 0, "auto");
  assert_parsed ("cpu", WS_DEVICE_CPU, 0, "cpu");
  assert_parsed ("cuda", WS_DEVICE_CUDA, 0, "cuda:0");
  assert_parsed ("cuda:0", WS_DEVICE_CUDA, 0, "cuda:0");
  assert_parsed ("cuda:13", WS_DEVICE_CUDA, 13, "cuda:13");
}

static void
test_other_words (void)
{
  static const char *const words[] = { "",        "gpu",    "CUDA",     "cuda:",   "cuda:-1",
                                       "cuda:+1", "cuda:x", "cuda:256", "cuda:1 ", "cpu:0" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      WsDeviceKind kind = WS_DEVICE_CPU;
      guint index = 7;

      g_assert_false (ws_device_parse (words[i], &kind, &index));
      g_assert_cmpint (kind, ==, WS_DEVICE_CPU);
      g_assert_cmpuint (index, ==, 7);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device/words", test_words);
  g_test_add_func ("/device/other-words", test_other_words);
  return g_test_run ();
}
