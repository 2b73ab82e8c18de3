/* SPDX-License-Identifier: MIT */
/* Libraries with the names and the functions of NVIDIA's, over LAPACK, for machines without a GPU:
 * what the tests see of them. Found through WEIGHTSCOPE_CUDA_PATH like any others; a folder with
 * those of CUDA 13 and one with those of CUDA 12.
 *
 * They are as unkind as the contract allows:
 * - memory of the device has addresses that the host cannot read, is full of NaN when fresh, and an
 *   address is never given twice;
 * - a stream does nothing until somebody waits for it or asks whether it is done, and then no more
 *   than was asked for: a buffer that is used again too early has the wrong content by then;
 * - every stream has a thread of its own;
 * - the kernels that run are the PTX that is shipped, see standin-ptx.h;
 * - what a solver may destroy is destroyed, its work space too; eigenvalues of zeros are NaN;
 * - a wrong pointer, a missing context, the default stream, rows shorter than they may be, a work
 *   space that was not asked for, a handle that is none or of another context, a context that ends
 *   with something left: CUDA_ERROR_ILLEGAL_ADDRESS or another error, and a violation that is
 *   counted and told on stderr. */
#pragma once

#include <glib.h>

/* Faults, in the variable of the environment or by standin_set_faults:
 * "name=value,name=value". N counts from 1; "N-": the N-th and all after it.
 *
 * devices=K          number of GPUs (1); with 0, cuInit fails with 100
 * init=CODE          cuInit fails: 34 stub, 803 mismatch, 999
 * version=V          of the driver, 12020 for 12.2 (13000, or 12000 beside CUDA 12)
 * capability=C       90 for 9.0 (90)
 * multiprocessors=N  of each device (132)
 * ratio=N            how many times faster float is than double (2)
 * prohibited=1       compute mode
 * retain=CODE        no context: 46 in exclusive use, 2 no memory
 * ptx=CODE           the kernels are not compiled: 209, 218, 222
 * launch=CODE        they are not launched, since they are compiled by then only
 * memory=BYTES       of each device (1 GiB)
 * alloc=N            allocation on the device fails: out of memory
 * alloc-above=BYTES  larger ones fail
 * host-alloc=N       pinned allocation fails
 * create=N           creation of a cuBLAS or cuSOLVER handle fails: not enough memory, which
 *                    cuBLAS calls CUBLAS_STATUS_NOT_INITIALIZED, as the real one may
 * query-above=K      work space of the solvers for sides above K: invalid value
 * upload=N           a copy to the device arrives with its first byte changed
 * gemm=N             a multiplication returns CUBLAS_STATUS_EXECUTION_FAILED
 * solve=N            a solver returns CUSOLVER_STATUS_EXECUTION_FAILED
 * solve-alloc=N      a solver returns CUSOLVER_STATUS_ALLOC_FAILED
 * info=N             a solver does not converge: info is 1, its values could be right
 * scale=N            values of a solver are 0.1 % too large
 * diagonal=N         values of a solver are the diagonal of its matrix, sorted
 * nan=N              the last value of a solver is NaN
 * negative=N         its smallest one is negative, by 1e-6 of the largest
 * slow=MS            every solver takes that much longer
 * sticky=N           work in a stream ends with 700, and so does every call from then on
 * hang=N             work in a stream never ends
 * block=N            the call of a solver never returns
 */
#define STANDIN_FAULTS "WEIGHTSCOPE_STANDIN_FAULTS"

/* Symbols of its libcuda.so.1. The first also forgets how often each fault was asked for. */
typedef void (*StandinSetFaults) (const char *faults);
#define STANDIN_SET_FAULTS "standin_set_faults"

/* "violations"; what is alive: "allocations", "bytes", "pinned", "streams", "events", "modules",
 * "handles" (of cuBLAS and cuSOLVER, with parameters), "contexts"; what was done: "allocated"
 * (calls), "pageable" (copies from or to memory that is not pinned), "uploaded" (bytes), "solved"
 * (matrices), "launched" (kernels), "peak-bytes"; what is put into streams and "undone". */
typedef guint64 (*StandinGetCount) (const char *what);
#define STANDIN_GET_COUNT "standin_get_count"

/* Where to write all counts when the process exits, "name value" a line. */
#define STANDIN_REPORT "WEIGHTSCOPE_STANDIN_REPORT"
