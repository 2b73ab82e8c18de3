/* SPDX-License-Identifier: MIT */
/* How long a GPU may take, guessed from what it says about itself. */
#include "cuda/cuda-speed.h"

/* All of these are judgements from data sheets, none was measured. */
#define CLOCK_HZ 1.5e9
/* H200 32e9, H100 25e9, A100 14e9, V100 11e9, GeForce 4090 8e9 */
#define MULTIPROCESSOR_BYTES_PER_SECOND 12e9
/* PCI Express 3 of 16 lanes, from memory that is not paged */
#define UPLOAD_BYTES_PER_SECOND 12e9
/* Of the rate on paper: products of blocks as low as 512 */
#define EFFICIENCY 0.6
/* Each column of a reduction waits for the one before: kernels that depend on each other. */
#define COLUMN_SECONDS 15e-6
/* Small matrices that a batch solves beside each other */
#define BATCH_WIDTH 8.0
/* Handing over, and what a first call loads */
#define TASK_SECONDS 2e-3

/* Multiplications and additions of float64 per second. */
static double
get_rate (const WsCudaGpu *gpu)
{
  const guint major = gpu->capability / 10;
  const gboolean is_data_center = gpu->float_to_double <= 4;
  /* lanes of float32 in a multiprocessor */
  const double n_lanes = major == 7 || gpu->capability == 60 || gpu->capability == 80 ? 64 : 128;
  /* tensor cores for float64 double what the lanes do */
  const double tensor = is_data_center && gpu->capability >= 80 ? 2.0 : 1.0;

  return gpu->n_multiprocessors * n_lanes * 2.0 * CLOCK_HZ * tensor * EFFICIENCY /
         MAX (gpu->float_to_double, 1);
}

/* Both reductions do half of their work in products with a vector, for which the rest of the
 * matrix is read once for every column: p^3 / 3 elements, of which a symmetric one needs half. */
static double
estimate_reduction (const WsCudaGpu *gpu, double p, double n_bytes_per_element)
{
  const double n_bytes = n_bytes_per_element * p * p * p / 3.0;

  return p * COLUMN_SECONDS + n_bytes / (gpu->n_multiprocessors * MULTIPROCESSOR_BYTES_PER_SECOND);
}

double
ws_cuda_estimate_seconds (const WsCudaGpu *gpu, const WsTaskShape *shape)
{
  const double p = shape->p, q = shape->q, n = shape->n_matrices;
  const double rate = get_rate (gpu);
  double seconds =
      TASK_SECONDS + n * p * q * ws_dtype_get_n_bits (shape->dtype) / 8.0 / UPLOAD_BYTES_PER_SECOND;

  if (shape->is_direct)
    return seconds + 2.0 * p * p * q / rate + 2.0 * estimate_reduction (gpu, p, 16.0);
  seconds += n * p * p * q / rate;
  return seconds + n / MIN (n, BATCH_WIDTH) * estimate_reduction (gpu, p, 4.0);
}
