/* SPDX-License-Identifier: MIT */
/* Every number that is shown, and the one list that columns, headers, tooltips and the manual
 * are made from. A new metric is one field, one row, one test. */
#pragma once

#include "spectra/spectrum.h"

G_BEGIN_DECLS

#define WS_MAX_ENERGIES 16

/* Unknown is NAN. Counts are exact in double. */
typedef struct
{
  /* statistics */
  double count, n_nonfinite;
  double mean, std, var, min, max, absmax, rms, skew, kurtosis;
  double sparsity, zero_fraction, outlier_ratio;
  double q001, q01, q50, q99, q999;
  /* norms */
  double fro, log_norm, spectral, log_spectral_norm, nuclear;
  /* ranks */
  double rank, rank_tau, actual_rank, rank_storage;
  double stable_rank, erank, erank_energy, matrix_entropy, participation_ratio, nuclear_rank;
  double gd_rank, cond, cond_rank, break_even_rank;
  double sigma_err, fro_check; /* fro_check: |sqrt(sum sigma^2) / fro - 1| */
  /* energy ranks, in the order of the options */
  guint n_energies;
  double energy[WS_MAX_ENERGIES];
  double rank_energy[WS_MAX_ENERGIES];
  double ratio[WS_MAX_ENERGIES]; /* rank_energy / min(rows, cols) */
  double bytes_saved[WS_MAX_ENERGIES];
} WsMetrics;

typedef enum
{
  WS_METRIC_REAL,
  WS_METRIC_COUNT,
} WsMetricKind;

typedef struct
{
  const char *key;     /* column and JSON key */
  const char *title;   /* N_(), short: column title */
  const char *formula; /* as in the manual, Unicode */
  const char *unit;    /* N_(), "" if none */
  const char *source;  /* reference, or "" */
  const char *group;   /* N_(): Statistics, Norms, Ranks, Energy, Method */
  WsMetricKind kind;
  gsize offset; /* in WsMetrics */
} WsMetricInfo;

typedef struct
{
  guint n_energies;
  double energy[WS_MAX_ENERGIES]; /* each in (0, 1], ascending, no two equal */
  double rank_tol;
  guint64 rank_cap; /* actual_rank is min(rank, cap); 0: no cap */
} WsMetricOptions;

/* .5 .9 .95 .99, 1e-6, no cap */
void ws_metric_options_init (WsMetricOptions *self);

/* The list for these options: the fixed rows, then rank_energy_P, ratio_P, bytes_saved_P for each
 * energy, P in per cent ("90", "97.5"). All strings live as long as the program; the titles of the
 * energies are translated already. (element-type WsMetricInfo) (transfer full) */
GArray *ws_metric_infos (const WsMetricOptions *options);
double ws_metric_get (const WsMetrics *metrics, const WsMetricInfo *info);

/* Every number unknown, no energies. */
void ws_metrics_init (WsMetrics *self);

/* All metrics of a spectrum. With n_sigma 0 the spectral ones are NAN; those of the elements and of
 * the shape alone (break_even_rank) are there all the same.
 * @dtype: as stored, for bytes_saved and for the epsilon of `rank`. */
void ws_metrics_compute (WsMetrics *self, const WsSpectrum *spectrum, guint64 n_rows,
                         guint64 n_cols, WsDtype dtype, const WsMetricOptions *options);

/* Building blocks, with the tests of the design's tables.
 * @sigma: n values, descending, >= 0 (not checked). */

/* Smallest k with sum_{i<=k} sigma_i^2 >= fraction * sum sigma_i^2 (slack 1e-12 relative, so that
 * exact ties count); 0 for a zero matrix. */
gsize ws_energy_rank (const double *sigma, gsize n, double fraction);
/* Cumulative energy in [0, 1] of each i into @energy (n values); zeros for a zero matrix. */
void ws_cumulative_energy (const double *sigma, gsize n, double *energy);

/* The largest rank whose two factors hold no more numbers than the matrix: floor (mn / (m + n));
 * NAN for an empty one. */
double ws_break_even_rank (guint64 n_rows, guint64 n_cols);
/* #{sigma_i > threshold} */
gsize ws_count_above (const double *sigma, gsize n, double threshold);
/* sum(sigma_i^2) / sigma_1^2, in [1, n]; NAN for a zero matrix. */
double ws_stable_rank (const double *sigma, gsize n);
/* sum(sigma_i) / sigma_1, in [1, n]; NAN for a zero matrix. */
double ws_nuclear_rank (const double *sigma, gsize n);
/* (sum lambda)^2 / sum lambda^2 with lambda = sigma^2, in [1, n]; NAN for a zero matrix. */
double ws_participation_ratio (const double *sigma, gsize n);
/* exp of the entropy of p_i = sigma_i^power / sum sigma^power, in [1, n]; power 1: Roy & Vetterli
 * 2007, power 2: of the energies. NAN for a zero matrix. */
double ws_effective_rank (const double *sigma, gsize n, int power);

/* The largest singular value that rounding to the stored type alone may leave, for a root mean
 * square of its units in the last place of @rms_ulp: NAN if that is. */
double ws_storage_noise_edge (double rms_ulp, double n_rows, double n_cols);

/* Median of the Marchenko-Pastur law of variance 1 and ratio @beta, 0 < beta <= 1. */
double ws_marchenko_pastur_median (double beta);
/* omega(beta): the optimal hard threshold for singular values, in units of their median, when the
 * noise level is unknown. Source: Gavish & Donoho, IEEE Trans. Inf. Theory 60(8), 2014. */
double ws_gavish_donoho_omega (double beta);

G_END_DECLS
