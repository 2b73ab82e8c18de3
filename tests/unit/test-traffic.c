/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub: each byte once while there is room, else as often as it
 * is looked at. */
#include "analysis/traffic.h"
#include "hub/remote-source.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>

/* The memory of the reader, of which half counts. */
#define AHEAD ((guint64) 200000)

static WsSource *
make_remote_source (void)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (WsHub) hub = NULL;
  g_autoptr (WsRemotePool) pool = NULL;
  char path[] = "model.safetensors", oid[] = "0123456789012345678901234567890123456789";
  const WsHubFile file = { path, 1 << 30, oid, NULL };

  ws_hub_settings_init (&settings);
  hub = ws_hub_new (&settings);
  pool = ws_remote_pool_new (hub, AHEAD);
  return ws_remote_source_new (pool, ws_remote_file_new (hub, "org/name", oid, &file), path,
                               file.n_bytes);
}

/* @n_tensors matrices of one shape, on @n_threads threads. */
static WsTraffic
count (WsSource *source, WsDtype dtype, guint64 n_rows, guint64 n_cols, guint n_tensors,
       guint n_threads)
{
  const guint64 dims[] = { n_rows, n_cols };
  WsTensor tensor = { .dtype = dtype,
                      .source = source,
                      .n_dims = 2,
                      .n_elements = n_rows * n_cols,
                      .n_bytes = n_rows * n_cols * ws_dtype_get_n_bits (dtype) / 8 };
  WsResult result = { .tensor = &tensor, .slice = -1 };
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  WsAnalysisOptions options;
  WsTraffic traffic;

  memcpy (tensor.dims, dims, sizeof dims);
  ws_analysis_options_init (&options);
  options.n_threads = n_threads;
  options.memory_limit = 1 << 30;
  for (guint i = 0; i < n_tensors; i++)
    g_ptr_array_add (results, &result);
  ws_traffic_count (&traffic, results, &options, AHEAD);
  return traffic;
}

/* Files no longer than that: so much room there is, if the disk has it. */
static void
limit_room (rlim_t n_bytes)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  limit.rlim_cur = n_bytes;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
test_room_saves_reading_again (void)
{
  g_autoptr (WsSource) source = make_remote_source ();
  WsTraffic traffic;

  if (ws_source_get_room (source) < 2000000)
    {
      g_test_skip ("the disk has no room");
      return;
    }
  /* 1 MB each, of which two threads work on two */
  limit_room (2000000);
  traffic = count (source, WS_DTYPE_F32, 1000, 250, 3, 2);
  g_assert_cmpuint (traffic.n_bytes, ==, 3000000);
  g_assert_cmpuint (traffic.n_again_bytes, ==, 0);
  g_assert_cmpuint (traffic.n_kept_bytes, ==, 2000000);
  limit_room (1999999);
  traffic = count (source, WS_DTYPE_F32, 1000, 250, 3, 2);
  g_assert_cmpuint (traffic.n_bytes, ==, 6000000);
  g_assert_cmpuint (traffic.n_again_bytes, ==, 3000000);
  traffic = count (source, WS_DTYPE_F32, 1000, 250, 3, 1);
  g_assert_cmpuint (traffic.n_bytes, ==, 3000000);
  limit_room (RLIM_INFINITY);
}

static void
test_without_room_bytes_are_counted_as_they_are_read (void)
{
  g_autoptr (WsSource) source = make_remote_source ();
  const struct
  {
    WsDtype dtype;
    guint64 n_rows, n_cols;
    guint n_reads;
  } cases[] = {
    { WS_DTYPE_BF16, 1000, 250, 1 }, /* statistics and Gram matrix in one pass */
    { WS_DTYPE_BF16, 4000, 100, 2 }, /* a small side may have to go the direct way then */
    { WS_DTYPE_F32, 1000, 250, 2 },  /* 16 bits of the quantiles in each pass */
    { WS_DTYPE_F32, 4000, 100, 3 },  /* and then perhaps directly */
    { WS_DTYPE_F64, 1000, 250, 5 },  /* four times 16 bits, and always directly */
    { WS_DTYPE_F32, 250, 1000, 1 },  /* wide: its bytes are held */
    { WS_DTYPE_F64, 250, 1000, 1 },
    { WS_DTYPE_F32, 100, 250, 1 }, /* 100 kB: the memory keeps them */
  };

  limit_room (0);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint64 n_bytes =
          cases[i].n_rows * cases[i].n_cols * ws_dtype_get_n_bits (cases[i].dtype) / 8;
      const WsTraffic traffic =
          count (source, cases[i].dtype, cases[i].n_rows, cases[i].n_cols, 1, 4);

      g_assert_cmpuint (traffic.n_bytes, ==, cases[i].n_reads * n_bytes);
      g_assert_cmpuint (traffic.n_again_bytes, ==, (cases[i].n_reads - 1) * n_bytes);
    }
  limit_room (RLIM_INFINITY);
}

/* Its Gram matrix of 3.2 GB alone is more than the limit of 1 GiB. */
static void
test_what_does_not_fit_memory_is_not_read (void)
{
  g_autoptr (WsSource) source = make_remote_source ();

  g_assert_cmpuint (count (source, WS_DTYPE_F32, 20000, 20000, 1, 1).n_bytes, ==, 0);
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
  g_assert_cmpuint (count (source, WS_DTYPE_F32, 1000, 250, 1, 1).n_bytes, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/traffic/room/saves-reading-again", test_room_saves_reading_again);
  g_test_add_func ("/traffic/without-room/bytes-are-counted-as-they-are-read",
                   test_without_room_bytes_are_counted_as_they_are_read);
  g_test_add_func ("/traffic/what-does-not-fit-memory/is-not-read",
                   test_what_does_not_fit_memory_is_not_read);
  g_test_add_func ("/traffic/what-is-here/costs-nothing", test_what_is_here_costs_nothing);
  return g_test_run ();
}
