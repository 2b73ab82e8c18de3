/* SPDX-License-Identifier: MIT */
/* Stored elements widened to double, exactly. nvcc turns this into cuda-kernels-ptx.h; see
 * make-ptx.py for how and when.
 *
 * Instructions of compute capability 5.0 and PTX 6.0 only: the driver of any GPU since 2014 can
 * compile them. All bit work is on integers, so that a subnormal is not flushed and a NaN stays
 * one, and the rest is one conversion that is exact. */

typedef unsigned long long Index;

/* Elements that thread, block and grid give to this thread: every n_threads-th. */
#define FOR_EACH_ELEMENT(i, n)                                                                     \
  for (Index i = blockIdx.x * (Index) blockDim.x + threadIdx.x,                                    \
             n_threads = gridDim.x * (Index) blockDim.x;                                           \
       i < n; i += n_threads)

/* Inlined assembly, because a header for half would bring newer instructions with it. */
static __device__ __forceinline__ float
half_to_float (unsigned short bits)
{
  float value;

  asm ("{ .reg .b16 h; mov.b16 h, %1; cvt.f32.f16 %0, h; }" : "=f"(value) : "h"(bits));
  return value;
}

/* The upper half of an F16 has the layout of an E5M2. */
static __device__ __forceinline__ float
e5m2_to_float (unsigned char bits)
{
  return half_to_float ((unsigned short) (bits << 8));
}

/* In the place of a half's exponent and mantissa E4M3 reads as 2^-8 of its value (biases 15 and
 * 7), subnormals included; only the NaN of all ones is no half's NaN. */
static __device__ __forceinline__ float
e4m3_to_float (unsigned char bits)
{
  unsigned short half = (unsigned short) ((bits & 0x80) << 8 | (bits & 0x7f) << 7);

  return (bits & 0x7f) == 0x7f ? __int_as_float (0x7fffffff) : half_to_float (half) * 256;
}

extern "C" __global__ void
widen_bf16 (double *dst, const unsigned short *src, Index n)
{
  FOR_EACH_ELEMENT (i, n)
    dst[i] = __int_as_float (src[i] << 16);
}

extern "C" __global__ void
widen_f16 (double *dst, const unsigned short *src, Index n)
{
  FOR_EACH_ELEMENT (i, n)
    dst[i] = half_to_float (src[i]);
}

extern "C" __global__ void
widen_f32 (double *dst, const float *src, Index n)
{
  FOR_EACH_ELEMENT (i, n)
    dst[i] = src[i];
}

extern "C" __global__ void
widen_e4m3 (double *dst, const unsigned char *src, Index n)
{
  FOR_EACH_ELEMENT (i, n)
    dst[i] = e4m3_to_float (src[i]);
}

extern "C" __global__ void
widen_e5m2 (double *dst, const unsigned char *src, Index n)
{
  FOR_EACH_ELEMENT (i, n)
    dst[i] = e5m2_to_float (src[i]);
}
