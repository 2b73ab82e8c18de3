/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub: each byte once, of wide types that do not fit twice. */
#include "analysis/traffic.h"
#include "hub/remote-source.h"

#include <glib/gstdio.h>

#define AHEAD ((guint64) 1000)

static WsSource *
make_remote_source (void)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (WsHub) hub = NULL;
  g_autoptr (WsRemotePool) pool = NULL;
  char path[] = "model.safetensors", oid[] = "0123456789012345678901234567890123456789";
  const WsHubFile file = { path, 100000, oid, NULL };

  ws_hub_settings_init (&settings);
  hub = ws_hub_new (&settings);
  pool = ws_remote_pool_new (hub, AHEAD);
  return ws_remote_source_new (pool, ws_remote_file_new (hub, "org/name", oid, &file), path,
                               file.n_bytes);
}

static guint64
count (WsSource *source, WsDtype dtype, guint64 n_bytes)
{
  WsTensor tensor = { .dtype = dtype, .source = source, .n_bytes = n_bytes };
  const WsResult result = { .tensor = &tensor, .slice = -1 };

  return ws_traffic_count (&result, AHEAD);
}

static void
test_bytes_are_counted_as_they_are_read (void)
{
  g_autoptr (WsSource) source = make_remote_source ();

  g_assert_cmpuint (count (source, WS_DTYPE_BF16, 5000), ==, 5000);
  g_assert_cmpuint (count (source, WS_DTYPE_F16, 5000), ==, 5000);
  g_assert_cmpuint (count (source, WS_DTYPE_F32, 1000), ==, 1000);
  g_assert_cmpuint (count (source, WS_DTYPE_F32, 1001), ==, 2002);
  g_assert_cmpuint (count (source, WS_DTYPE_F64, 5000), ==, 10000);
}

static void
test_what_is_here_costs_nothing (void)
{
  g_autoptr (WsSource) source = NULL;
  g_autofree char *path = NULL;
  const int fd = g_file_open_tmp (NULL, &path, NULL);

  g_close (fd, NULL);
  source = ws_source_open_file (path, NULL);
  g_unlink (path);
  g_assert_nonnull (source);
  g_assert_cmpuint (count (source, WS_DTYPE_F32, 5000), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/traffic/bytes/are-counted-as-they-are-read",
                   test_bytes_are_counted_as_they_are_read);
  g_test_add_func ("/traffic/what-is-here/costs-nothing", test_what_is_here_costs_nothing);
  return g_test_run ();
}
