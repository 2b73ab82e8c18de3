/* SPDX-License-Identifier: MIT */
/* All singular values of a matrix and the statistics of its elements, from the stored bytes. */
#pragma once

#include "matrix/matrix.h"
#include "matrix/moments.h"
#include "spectra/backend.h"
#include "spectra/team.h"

G_BEGIN_DECLS

/* Part of every key in the result store: raise it when any computed value may change. */
#define WS_METHOD_VERSION 6

typedef enum
{
  WS_METHOD_NONE,   /* no spectrum was computed */
  WS_METHOD_GRAM64, /* eigenvalues of the float64 Gram matrix, certified */
  WS_METHOD_SVD64,  /* direct float64 singular value decomposition */
} WsMethod;

/* "", "gram64", "svd64" */
const char *ws_method_get_key (WsMethod method);

typedef struct
{
  double zero_eps;      /* |x| <= zero_eps counts as near zero; default 1e-8 */
  double rank_tol;      /* relative tolerance of actual_rank; default 1e-6; the certificate must
                         * vouch for it */
  guint64 memory_limit; /* bytes that this one computation may use; 0: no limit */
} WsSpectrumOptions;

void ws_spectrum_options_init (WsSpectrumOptions *self);

typedef struct
{
  WsMoments moments;
  gsize n_sigma; /* min(rows, cols), or 0: not finite, or values not asked for */
  double *sigma; /* (owned) descending, >= 0 */
  WsMethod method;
  const char *backend; /* static: "cpu", "cuda" */
  WsFault fault;       /* why it was not computed on the device that it was meant for */
  double sigma_error;  /* estimated absolute error of each sigma, in units of sigma_1 */
  double seconds;
} WsSpectrum;

void ws_spectrum_clear (WsSpectrum *self);

/* Resident bytes that ws_spectrum_compute takes for @matrix under @options. */
guint64 ws_spectrum_get_required_bytes (const WsMatrix *matrix, gboolean values,
                                        const WsSpectrumOptions *options);

/* Work in units of one multiply-add of the Gram matrix, which takes rows x cols x short side; the
 * reduction and the reading are weighted by the time they take. */
typedef struct
{
  double reading; /* with widening and the statistics */
  double gram;    /* or the QR of the direct way */
  double reduction;
} WsStages;

void ws_spectrum_estimate_stages (const WsMatrix *matrix, gboolean values, WsStages *stages);
/* All stages together. For progress. */
double ws_spectrum_estimate_work (const WsMatrix *matrix, gboolean values);

/* Where to compute. NULL, or all zero: on the calling thread. */
typedef struct
{
  WsBackend *backend; /* (nullable): NULL: the processor */
  WsTeam *team;       /* (nullable): threads that may help; the same bits without */
} WsPlace;

/* Told the share of this matrix's work that is done, in [0, 1], not decreasing; any thread. */
typedef void (*WsShareFunc) (double share, gpointer user_data);

/* How often at most ws_spectrum_compute reads the bytes of @matrix from their source: exact
 * quantiles of wide types take further passes, and the direct route, which matrices with a small
 * side may need, one. Not counted: a larger Gram matrix that turns out to be uncertified, which is
 * rare. A source is told of it beforehand (ws_source_keep). */
guint ws_spectrum_count_reads (const WsMatrix *matrix, gboolean values,
                               const WsSpectrumOptions *options);

/* Reads @matrix as often as ws_spectrum_count_reads says, fills @self.
 * @values: FALSE for statistics only (vectors, biases).
 * A NaN or Inf anywhere: n_sigma is 0 and moments say how many; that is not an error.
 * Deterministic: the same bytes give the same bits, whatever runs beside it.
 * Looks at @cancellable between blocks and panels: under 0.5 s.
 * @place: (nullable); with a backend that accepts the matrix but does not do it: WS_FAULT_ERROR as
 *   for ws_spectrum_compute_batch. A device differs from the processor by rounding only.
 * Errors: G_IO_ERROR (also G_IO_ERROR_CANCELLED), WS_ERROR_NUMERIC, WS_FAULT_ERROR; @self is then
 * left cleared. */
gboolean ws_spectrum_compute (WsSpectrum *self, const WsMatrix *matrix, gboolean values,
                              const WsSpectrumOptions *options, const WsPlace *place,
                              WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                              GError **error);

/* What a device is asked to do for @matrix.
 * Returns: FALSE: it is for the processor in any case: small, of 64-bit elements, or without values
 */
gboolean ws_spectrum_get_task_shape (const WsMatrix *matrix, gboolean values, WsTaskShape *shape);

/* Resident bytes that a task for @n such matrices takes, with what the device holds of this
 * machine's memory. */
guint64 ws_spectrum_get_task_bytes (const WsMatrix *matrix, guint n,
                                    const WsSpectrumOptions *options);

/* One of the matrices of a task. */
typedef struct
{
  const WsMatrix *matrix;
  WsSpectrum spectrum; /* (out) */
  GError *error;       /* (out) (owned): then the spectrum is cleared */
} WsBatchItem;

/* Computes matrices of the same task shape together on a device, from their bytes as
 * ws_spectrum_compute does. Each one has its own outcome. Nothing that the device says is believed
 * before it has passed checks against what the processor knows.
 * @share_func: told of all of them together
 * Errors: as ws_spectrum_compute; WS_FAULT_ERROR with the code NONE: the device did not fail, but
 * its way cannot vouch for this matrix: it is for the processor. */
void ws_spectrum_compute_batch (WsBatchItem *items, guint n, const WsSpectrumOptions *options,
                                WsBackend *backend, WsShareFunc share_func, gpointer user_data,
                                GCancellable *cancellable);

/* Call once at start, before any thread: one BLAS thread each, with kernels for this processor. */
void ws_spectrum_init_blas (void);
/* e.g. "OpenBLAS 0.3.21 ... Zen"; static. */
const char *ws_spectrum_get_blas_name (void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSpectrum, ws_spectrum_clear)

G_END_DECLS
