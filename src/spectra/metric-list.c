/* SPDX-License-Identifier: MIT */
/* The one list of metrics: what each is called, how it is defined and who defined it. */
#include "spectra/metrics.h"

#include <glib/gi18n-lib.h>

#define STATISTICS N_ ("Statistics")
#define NORMS N_ ("Norms")
#define RANKS N_ ("Ranks")
#define ENERGY N_ ("Energy")
#define METHOD N_ ("Method")

#define ROW(field, title, formula, unit, source, group, kind)                                      \
  {                                                                                                \
#field, title, formula, unit, source, group, kind, G_STRUCT_OFFSET(WsMetrics, field)           \
  }
#define REAL(field, title, formula, unit, source, group)                                           \
  ROW (field, title, formula, unit, source, group, WS_METRIC_REAL)
#define COUNT(field, title, formula, unit, source, group)                                          \
  ROW (field, title, formula, unit, source, group, WS_METRIC_COUNT)

static const WsMetricInfo fixed[] = {
  COUNT (count, N_ ("Elements"), "N", "", "", STATISTICS),
  COUNT (n_nonfinite, N_ ("Not finite"), "#{NaN, ±Inf}", "", "", STATISTICS),
  REAL (mean, N_ ("Mean"), "μ = Σw/N", "", "", STATISTICS),
  REAL (std, N_ ("Standard deviation"), "√var", "", "", STATISTICS),
  REAL (var, N_ ("Variance"), "Σ(w−μ)²/N", "", "", STATISTICS),
  REAL (min, N_ ("Minimum"), "min w", "", "", STATISTICS),
  REAL (max, N_ ("Maximum"), "max w", "", "", STATISTICS),
  REAL (absmax, N_ ("Largest magnitude"), "max |w|", "", "", STATISTICS),
  REAL (rms, N_ ("Root mean square"), "‖W‖_F/√N", "", "", STATISTICS),
  REAL (skew, N_ ("Skewness"), "m₃/std³", "", "", STATISTICS),
  REAL (kurtosis, N_ ("Excess kurtosis"), "m₄/var² − 3", "", "", STATISTICS),
  REAL (sparsity, N_ ("Sparsity"), "#{|w| ≤ z}/N", "", "", STATISTICS),
  REAL (zero_fraction, N_ ("Exact zeros"), "#{w = 0}/N", "", "", STATISTICS),
  REAL (outlier_ratio, N_ ("Outlier ratio"), "max|w|/rms", "", "", STATISTICS),
  /* xgettext:no-c-format */
  REAL (q001, N_ ("0.1 % quantile"), "Q(0.001)", "", "Hyndman & Fan 1996, type 7", STATISTICS),
  /* xgettext:no-c-format */
  REAL (q01, N_ ("1 % quantile"), "Q(0.01)", "", "Hyndman & Fan 1996, type 7", STATISTICS),
  REAL (q50, N_ ("Median"), "Q(0.5)", "", "Hyndman & Fan 1996, type 7", STATISTICS),
  /* xgettext:no-c-format */
  REAL (q99, N_ ("99 % quantile"), "Q(0.99)", "", "Hyndman & Fan 1996, type 7", STATISTICS),
  /* xgettext:no-c-format */
  REAL (q999, N_ ("99.9 % quantile"), "Q(0.999)", "", "Hyndman & Fan 1996, type 7", STATISTICS),

  REAL (fro, N_ ("Frobenius norm"), "‖W‖_F = √Σw²", "", "", NORMS),
  REAL (log_norm, N_ ("Log norm"), "log₁₀ ‖W‖_F²", "", "WeightWatcher", NORMS),
  REAL (spectral, N_ ("Spectral norm"), "σ₁", "", "", NORMS),
  REAL (log_spectral_norm, N_ ("Log spectral norm"), "log₁₀ σ₁²", "", "WeightWatcher", NORMS),
  REAL (nuclear, N_ ("Nuclear norm"), "Σσ", "", "", NORMS),

  COUNT (rank, N_ ("Rank"), "#{σ > τ}, τ = max(m, n)·ε·σ₁", "", "numpy.linalg.matrix_rank", RANKS),
  REAL (rank_tau, N_ ("Rank threshold"), "τ = max(m, n)·ε·σ₁", "", "numpy.linalg.matrix_rank",
        RANKS),
  COUNT (actual_rank, N_ ("Rank at the relative tolerance"), "#{σ > tol·σ₁}", "", "", RANKS),
  COUNT (rank_storage, N_ ("Rank above rounding"), "#{σ > √(mean(ulp²)/12)·(√m + √n)}", "", "",
         RANKS),
  REAL (stable_rank, N_ ("Stable rank"), "Σσ²/σ₁²", "", "Rudelson & Vershynin 2007", RANKS),
  REAL (erank, N_ ("Effective rank"), "exp(−Σ p ln p), p = σ/Σσ", "", "Roy & Vetterli 2007", RANKS),
  REAL (erank_energy, N_ ("Effective rank of the energy"), "exp(−Σ p ln p), p = σ²/Σσ²", "", "",
        RANKS),
  REAL (matrix_entropy, N_ ("Matrix entropy"), "ln(effective rank of the energy)/ln(rank)", "",
        "WeightWatcher", RANKS),
  REAL (participation_ratio, N_ ("Participation ratio"), "(Σσ²)²/Σσ⁴", "", "", RANKS),
  REAL (nuclear_rank, N_ ("Nuclear rank"), "Σσ/σ₁", "", "", RANKS),
  COUNT (gd_rank, N_ ("Gavish-Donoho rank"), "#{σ > ω(β)·median(σ)}, β = min(m, n)/max(m, n)", "",
         "Gavish & Donoho 2014", RANKS),
  REAL (cond, N_ ("Condition number"), "σ₁/σ_q, q = min(m, n)", "", "", RANKS),
  REAL (cond_rank, N_ ("Condition number within the rank"), "σ₁/σ_rank", "", "", RANKS),
  COUNT (break_even_rank, N_ ("Break-even rank"), "⌊mn/(m + n)⌋", "", "", RANKS),

  REAL (sigma_err, N_ ("Error of the singular values"), "max |δσ|/σ₁, estimated", "", "", METHOD),
  REAL (fro_check, N_ ("Frobenius check"), "|√Σσ²/‖W‖_F − 1|", "", "", METHOD),
};

/* Swallows @text. */
static const char *
intern (char *text)
{
  const char *interned = g_intern_string (text);

  g_free (text);
  return interned;
}

/* The three rows of one energy, e.g. "90" or "97.5" per cent. */
static void
append_energy (GArray *infos, guint index, double fraction)
{
  char percent[G_ASCII_DTOSTR_BUF_SIZE];
  WsMetricInfo rows[3];

  g_ascii_formatd (percent, sizeof percent, "%.12g", fraction * 100.0);
  rows[0] = (WsMetricInfo){
    .key = intern (g_strconcat ("rank_energy_", percent, NULL)),
    /* Translators: %s is a number: the rank that holds this share of the energy */
    .title = intern (g_strdup_printf (_ ("Rank at %s %% energy"), percent)),
    .formula = intern (g_strdup_printf ("min k: Σ_{i≤k} σ² ≥ %s %% of Σσ²", percent)),
    .kind = WS_METRIC_COUNT,
    .offset = G_STRUCT_OFFSET (WsMetrics, rank_energy) + index * sizeof (double),
  };
  rows[1] = (WsMetricInfo){
    .key = intern (g_strconcat ("ratio_", percent, NULL)),
    /* Translators: %s is a number: rank at this share of the energy, as a share of the full rank */
    .title = intern (g_strdup_printf (_ ("Share of rank at %s %% energy"), percent)),
    .formula = intern (g_strdup_printf ("rank_energy_%s/min(m, n)", percent)),
    .kind = WS_METRIC_REAL,
    .offset = G_STRUCT_OFFSET (WsMetrics, ratio) + index * sizeof (double),
  };
  rows[2] = (WsMetricInfo){
    .key = intern (g_strconcat ("bytes_saved_", percent, NULL)),
    /* Translators: %s is a number: bytes saved by factors that keep this share of the energy */
    .title = intern (g_strdup_printf (_ ("Saved at %s %% energy"), percent)),
    .formula = intern (g_strdup_printf ("(mn − r(m + n))·item size, r = rank_energy_%s", percent)),
    .unit = N_ ("bytes"),
    .kind = WS_METRIC_COUNT,
    .offset = G_STRUCT_OFFSET (WsMetrics, bytes_saved) + index * sizeof (double),
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      rows[i].unit = rows[i].unit ? rows[i].unit : "";
      rows[i].source = "";
      rows[i].group = ENERGY;
      g_array_append_val (infos, rows[i]);
    }
}

GArray *
ws_metric_infos (const WsMetricOptions *options)
{
  GArray *infos = g_array_new (FALSE, FALSE, sizeof (WsMetricInfo));

  g_return_val_if_fail (options->n_energies <= WS_MAX_ENERGIES, infos);

  g_array_append_vals (infos, fixed, G_N_ELEMENTS (fixed));
  for (guint i = 0; i < options->n_energies; i++)
    append_energy (infos, i, options->energy[i]);
  return infos;
}

double
ws_metric_get (const WsMetrics *metrics, const WsMetricInfo *info)
{
  return *(const double *) ((const char *) metrics + info->offset);
}
