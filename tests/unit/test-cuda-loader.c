/* SPDX-License-Identifier: MIT */
/* Every state that the driver, the libraries and the GPU may be in has its own sentence. Each is
 * tried in a process of its own, since what was opened stays open. */
#include <string.h>

#include "base/error.h"
#include "cuda-fixture.h"
#include "cuda/cuda-loader.h"
#include "cuda/cuda-private.h"
#include "cuda/cuda.h"

typedef struct
{
  const char *name;
  guint version; /* of the stand-in libraries, see cuda_fixture_init */
  const char *faults;
  void (*spoil) (CudaFixture *fixture);
  WsError code;
  const char *pattern; /* of the sentence */
} State;

static void
break_driver (CudaFixture *fixture)
{
  cuda_fixture_break (fixture, "libcuda.so.1");
}

static void
empty_driver (CudaFixture *fixture)
{
  cuda_fixture_empty (fixture, "libcuda.so.1");
}

static void
remove_cublas (CudaFixture *fixture)
{
  cuda_fixture_remove (fixture, "libcublas.so.13");
}

static void
remove_cusolver (CudaFixture *fixture)
{
  cuda_fixture_remove (fixture, "libcusolver.so.12");
}

static void
break_cusparse (CudaFixture *fixture)
{
  cuda_fixture_break (fixture, "libcusparse.so.12");
}

static void
empty_cublas (CudaFixture *fixture)
{
  cuda_fixture_empty (fixture, "libcublas.so.13");
}

static void
empty_cusolver (CudaFixture *fixture)
{
  cuda_fixture_empty (fixture, "libcusolver.so.12");
}

static const State states[] = {
  { "no-driver", 13, NULL, break_driver, WS_ERROR_NOT_FOUND,
    "no NVIDIA driver: */libcuda.so.1: *" },
  { "driver-without-functions", 13, NULL, empty_driver, WS_ERROR_UNSUPPORTED,
    "'libcuda.so.1' has no function 'cuInit': the NVIDIA driver is too old or damaged" },
  { "no-gpu", 13, "devices=0", NULL, WS_ERROR_NOT_FOUND, "the NVIDIA driver finds no GPU" },
  { "stub", 13, "init=34", NULL, WS_ERROR_UNSUPPORTED,
    "'libcuda.so.1' is not a driver but the stub for linking *LD_LIBRARY_PATH" },
  { "driver-just-updated", 13, "init=803", NULL, WS_ERROR_UNSUPPORTED,
    "'libcuda.so.1' is not of the NVIDIA driver that runs: restart the computer" },
  { "driver-error", 13, "init=999", NULL, WS_ERROR_UNSUPPORTED,
    "the NVIDIA driver does not start: CUDA_ERROR (999)" },
  { "driver-of-11", 13, "version=11080", NULL, WS_ERROR_UNSUPPORTED,
    "NVIDIA driver too old for CUDA 12: *needs 525.60 or newer*" },
  { "driver-of-12-libraries-of-13", 13, "version=12020", NULL, WS_ERROR_UNSUPPORTED,
    "NVIDIA driver too old for CUDA 13: *needs 580 or newer*" },
  { "no-libraries", 0, NULL, NULL, WS_ERROR_UNSUPPORTED,
    "no cuBLAS and cuSOLVER of CUDA 12 or 13 in '*', which WEIGHTSCOPE_CUDA_PATH names" },
  { "no-cublas", 13, NULL, remove_cublas, WS_ERROR_UNSUPPORTED,
    "cannot open '*/libcublas.so.13' of CUDA 13: *No such file*; repair its installation*" },
  { "no-cusolver", 13, NULL, remove_cusolver, WS_ERROR_UNSUPPORTED,
    "cannot open '*/libcusolver.so.12' of CUDA 13: *No such file*; repair its installation*" },
  { "broken-cusparse", 13, NULL, break_cusparse, WS_ERROR_UNSUPPORTED,
    "cannot open '*/libcusparse.so.12' of CUDA 13: *; repair its installation*" },
  { "cublas-without-functions", 13, NULL, empty_cublas, WS_ERROR_UNSUPPORTED,
    "'*/libcublas.so.13' has no function 'cublasCreate_v2': it is too old or damaged*" },
  { "cusolver-without-functions", 13, NULL, empty_cusolver, WS_ERROR_UNSUPPORTED,
    "'*/libcusolver.so.12' has no function 'cusolverGetProperty': it is too old or damaged*" },
  { "old-gpu", 13, "capability=35", NULL, WS_ERROR_UNSUPPORTED,
    "CUDA 13 is not for this GPU (compute capability 3.5, needs 7.5 or newer): install *CUDA 12" },
  { "gpu-older-than-12", 12, "capability=37", NULL, WS_ERROR_UNSUPPORTED,
    "'Stand-in 0' is too old for CUDA 12: compute capability 3.7, needs 5.0 or newer" },
  { "gpu-of-12-libraries-of-13", 13, "capability=70", NULL, WS_ERROR_UNSUPPORTED,
    "CUDA 13 is not for this GPU (compute capability 7.0, needs 7.5 or newer): install *CUDA 12" },
  { "prohibited", 13, "prohibited=1", NULL, WS_ERROR_UNSUPPORTED,
    "'Stand-in 0' is set to refuse computations (compute mode 'prohibited')" },
  { "busy", 13, "retain=46", NULL, WS_ERROR_UNSUPPORTED,
    "'Stand-in 0' is busy: another program has it to itself" },
  { "no-memory", 13, "retain=2", NULL, WS_ERROR_UNSUPPORTED, "'Stand-in 0' has no free memory" },
  { "gpu-error", 13, "retain=214", NULL, WS_ERROR_UNSUPPORTED,
    "'Stand-in 0' cannot be used: CUDA_ERROR_ECC_UNCORRECTABLE (214)" },
};

/* In a process that opens nothing else. */
static void
list_in_state (gconstpointer data)
{
  const State *state = data;
  g_auto (CudaFixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  cuda_fixture_init (&fixture, state->version);
  if (state->spoil != NULL)
    state->spoil (&fixture);
  cuda_fixture_use (&fixture, state->faults);
  g_assert_null (ws_cuda_list_devices (&error));
  g_assert_error (error, WS_ERROR, state->code);
  if (!g_pattern_match_simple (state->pattern, error->message))
    g_error ("%s", error->message);
}

static void
test_state (gconstpointer data)
{
  const State *state = data;
  g_autofree char *path = g_strdup_printf ("/cuda-loader/%s/subprocess/alone", state->name);

  g_test_trap_subprocess (path, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

/* Whatever a test is to try in a process of its own. */
#define IN_SUBPROCESS()                                                                            \
  if (!g_test_subprocess ())                                                                       \
    {                                                                                              \
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);                          \
      g_test_trap_assert_passed ();                                                                \
      return;                                                                                      \
    }

static void
assert_facts (const char *pattern)
{
  g_autofree char *facts = ws_cuda_get_facts ();

  if (!g_pattern_match_simple (pattern, facts))
    g_error ("%s", facts);
}

static void
test_newest_libraries_are_taken (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, CUDA_FIXTURE_BOTH);
  cuda_fixture_use (&fixture, NULL);
  assert_facts ("NVIDIA driver * for CUDA 13.0\ncuBLAS 13.1.0 and cuSOLVER 12.6.4 of CUDA 13 in *\n"
                "GPU 0: Stand-in 0, 1.1 GB, 1.1 GB free\n");
}

static void
test_old_driver_takes_older_libraries (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, CUDA_FIXTURE_BOTH);
  cuda_fixture_use (&fixture, "version=12020");
  assert_facts ("NVIDIA driver * for CUDA 12.2\ncuBLAS 12.1.0 and cuSOLVER 11.6.4 of CUDA 12 in *\n"
                "GPU 0: *\n");
}

static void
test_old_gpu_takes_older_libraries (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, CUDA_FIXTURE_BOTH);
  cuda_fixture_use (&fixture, "capability=70");
  assert_facts ("NVIDIA driver * for CUDA 13.0\ncuBLAS 12.1.0 and cuSOLVER 11.6.4 of CUDA 12 in *\n"
                "GPU 0: *\n");
}

/* Float64 must not be what somebody asked other programs to take for it. */
static void
test_emulation_is_refused (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 13);
  cuda_fixture_use (&fixture, NULL);
  g_setenv ("CUBLAS_EMULATE_DOUBLE_PRECISION", "1", TRUE);
  assert_facts ("*\nGPU 0: *\n");
  g_assert_cmpstr (g_getenv ("CUBLAS_EMULATE_DOUBLE_PRECISION"), ==, "0");
}

static void
test_damaged_set_makes_room_for_older_one (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, CUDA_FIXTURE_BOTH);
  cuda_fixture_remove (&fixture, "libcublasLt.so.13");
  cuda_fixture_use (&fixture, NULL);
  assert_facts ("*of CUDA 12 in *\nGPU 0: *\n");
}

static void
test_wheels_have_folder_for_each_library (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 12);
  cuda_fixture_move (&fixture, "libnvJitLink.so.12", "nvjitlink/lib");
  cuda_fixture_move (&fixture, "libcublas.so.12", "cublas/lib");
  cuda_fixture_move (&fixture, "libcublasLt.so.12", "cublas/lib");
  cuda_fixture_move (&fixture, "libcusparse.so.12", "cusparse/lib");
  cuda_fixture_move (&fixture, "libcusolver.so.11", "cusolver/lib");
  cuda_fixture_use (&fixture, NULL);
  assert_facts ("*of CUDA 12 in */cublas/lib\nGPU 0: *\n");
}

static void
test_batches_are_not_in_every_library (void)
{
  g_auto (CudaFixture) fixture = { NULL };
  const WsCudaApi *api;

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 12);
  cuda_fixture_use (&fixture, NULL);
  api = ws_cuda_get_api (NULL, NULL);
  g_assert_nonnull (api);
  g_assert_null (api->cusolverDnXsyevBatched);
  g_assert_null (api->cusolverDnSetDeterministicMode);
  g_assert_nonnull (api->cusolverDnXsyevd);
}

static void
test_facts_tell_reason (void)
{
  g_auto (CudaFixture) fixture = { NULL };

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 13);
  cuda_fixture_use (&fixture, "retain=46");
  assert_facts ("NVIDIA driver *\ncuBLAS *\nno GPU: 'Stand-in 0' is busy: *\n");
}

static void
test_every_device_is_listed (void)
{
  g_auto (CudaFixture) fixture = { NULL };
  g_autoptr (GPtrArray) devices = NULL;
  const WsCudaDevice *second;

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 13);
  cuda_fixture_use (&fixture, "devices=2,memory=3000000000");
  devices = ws_cuda_list_devices (NULL);
  g_assert_nonnull (devices);
  g_assert_cmpuint (devices->len, ==, 2);
  second = devices->pdata[1];
  g_assert_cmpuint (second->index, ==, 1);
  g_assert_cmpstr (second->name, ==, "Stand-in 1");
  g_assert_cmpuint (second->n_bytes_total, ==, 3000000000);
  g_assert_cmpuint (second->n_bytes_free, ==, 3000000000);
}

static void
test_gpu_that_is_not_there_is_told (void)
{
  g_auto (CudaFixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 13);
  cuda_fixture_use (&fixture, "devices=2");
  g_assert_null (ws_cuda_gpu_open (2, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_NOT_FOUND);
  g_assert_cmpstr (error->message, ==, "there is no GPU 2, the last one is 1");
}

/* The file that every toolkit has for linking on machines without a driver. */
static void
test_stub_of_toolkit_is_recognised (void)
{
  static const char stub[] = "/usr/local/cuda/lib64/stubs/libcuda.so";
  g_auto (CudaFixture) fixture = { NULL };
  g_autoptr (GError) error = NULL;

  if (!g_file_test (stub, G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no CUDA toolkit");
      return;
    }
  IN_SUBPROCESS ();
  cuda_fixture_init (&fixture, 0);
  cuda_fixture_link (&fixture, stub, "libcuda.so.1");
  cuda_fixture_use (&fixture, NULL);
  g_assert_null (ws_cuda_list_devices (&error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_assert_nonnull (strstr (error->message, "is not a driver but the stub"));
}

static void
test_release_is_read_from_either_driver (void)
{
  g_autofree char *closed = ws_cuda_driver_parse_release (
      "NVRM version: NVIDIA UNIX x86_64 Kernel Module  525.60.13  Wed Nov 30 06:39:21 UTC 2022\n"
      "GCC version:  gcc version 11.3.0 (Ubuntu 11.3.0-1ubuntu1~22.04) \n");
  g_autofree char *open =
      ws_cuda_driver_parse_release ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  "
                                    "580.65.06  Release Build  (root@a)\n"
                                    "GCC version:  gcc version 13.2.0\n");

  g_assert_cmpstr (closed, ==, "525.60.13");
  g_assert_cmpstr (open, ==, "580.65.06");
  g_assert_null (ws_cuda_driver_parse_release ("GCC version:  gcc version 13.2.0\n"));
}

static void
test_old_driver_is_named_by_release (void)
{
  WsCudaDriver driver = { .version = 12000, .release = (char *) "525.60.13" };
  g_autoptr (GError) error = NULL;

  g_assert_true (ws_cuda_driver_check (&driver, 12, &error));
  g_assert_false (ws_cuda_driver_check (&driver, 13, &error));
  g_assert_cmpstr (error->message, ==,
                   "NVIDIA driver too old for CUDA 13: 525.60.13, needs 580 or newer");
}

static void
test_old_driver_without_release_is_named_by_cuda (void)
{
  WsCudaDriver driver = { .version = 11040 };
  g_autoptr (GError) error = NULL;

  g_assert_false (ws_cuda_driver_check (&driver, 12, &error));
  g_assert_cmpstr (error->message, ==,
                   "NVIDIA driver too old for CUDA 12: needs 525.60 or newer, this one is for "
                   "CUDA 11.4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      g_autofree char *path = g_strdup_printf ("/cuda-loader/%s", states[i].name);
      g_autofree char *alone = g_strconcat (path, "/subprocess/alone", NULL);

      g_test_add_data_func (path, &states[i], test_state);
      g_test_add_data_func (alone, &states[i], list_in_state);
    }
  g_test_add_func ("/cuda-loader/newest-libraries-are-taken", test_newest_libraries_are_taken);
  g_test_add_func ("/cuda-loader/old-driver-takes-older-libraries",
                   test_old_driver_takes_older_libraries);
  g_test_add_func ("/cuda-loader/old-gpu-takes-older-libraries",
                   test_old_gpu_takes_older_libraries);
  g_test_add_func ("/cuda-loader/emulation-of-float64-is-refused", test_emulation_is_refused);
  g_test_add_func ("/cuda-loader/damaged-set-makes-room-for-older-one",
                   test_damaged_set_makes_room_for_older_one);
  g_test_add_func ("/cuda-loader/wheels-have-folder-for-each-library",
                   test_wheels_have_folder_for_each_library);
  g_test_add_func ("/cuda-loader/batches-are-not-in-every-library",
                   test_batches_are_not_in_every_library);
  g_test_add_func ("/cuda-loader/facts-tell-reason", test_facts_tell_reason);
  g_test_add_func ("/cuda-loader/every-device-is-listed", test_every_device_is_listed);
  g_test_add_func ("/cuda-loader/gpu-that-is-not-there-is-told",
                   test_gpu_that_is_not_there_is_told);
  g_test_add_func ("/cuda-loader/stub-of-toolkit-is-recognised",
                   test_stub_of_toolkit_is_recognised);
  g_test_add_func ("/cuda-loader/release-is-read-from-either-driver",
                   test_release_is_read_from_either_driver);
  g_test_add_func ("/cuda-loader/old-driver-is-named-by-release",
                   test_old_driver_is_named_by_release);
  g_test_add_func ("/cuda-loader/old-driver-without-release-is-named-by-cuda",
                   test_old_driver_without_release_is_named_by_cuda);
  return g_test_run ();
}
