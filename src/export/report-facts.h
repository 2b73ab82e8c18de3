/* SPDX-License-Identifier: MIT */
/* What a report says of the results of a model, as numbers: by layer, by block type, what two
 * factors would save, and what stands out. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

#define WS_REPORT_N_ENERGIES 3
/* A judgement: with fewer matrices the spread of a block type is not known. */
#define WS_REPORT_MIN_PEERS 8
/* .90, .95, .99 */
extern const double ws_report_energies[WS_REPORT_N_ENERGIES];

/* Medians are over the matrices that have a spectrum; NAN where none has. */
typedef struct
{
  guint n_matrices; /* with a spectrum */
  guint64 n_elements;
  guint64 n_bytes;
  double ratio_90; /* 90 % energy rank / short side */
  double stable_rank;
  double erank_ratio; /* effective rank / short side */
  double std;
} WsReportSummary;

typedef struct
{
  const char *stack; /* borrowed from the model */
  int layer_index;
  WsReportSummary summary;
} WsReportLayer;

/* What is left when every matrix is kept to the rank of an energy, as two factors of its own type
 * wherever they hold fewer numbers than it does. */
typedef struct
{
  guint n_smaller;      /* matrices that factors make smaller */
  double ratio;         /* median of energy rank / short side; NAN if none is known */
  guint64 n_bytes_kept; /* of the matrices with a spectrum */
} WsReportSaving;

typedef struct
{
  WsBlockType type;
  WsReportSummary summary;
  WsReportSaving savings[WS_REPORT_N_ENERGIES];
} WsReportBlock;

/* A value far from those of its block type: more than three times their median absolute deviation
 * (scaled by 1.4826, so that it is the standard deviation where they are Gaussian) from their
 * median, and more than a tenth of it. Asked of block types with at least WS_REPORT_MIN_PEERS known
 * values. */
typedef struct
{
  const WsResult *result; /* borrowed */
  const char *key;        /* of the metric */
  double value, median;
  double n_deviations; /* > 3; INFINITY where all others are the same */
  guint n_peers;       /* values of its block type, itself included */
} WsReportOutlier;

typedef struct
{
  GArray *layers;   /* (element-type WsReportLayer) in the order of the results */
  GArray *blocks;   /* (element-type WsReportBlock) of those with a spectrum, most bytes first */
  GArray *outliers; /* (element-type WsReportOutlier) the furthest first */
  WsReportSummary all;
  WsReportSaving savings[WS_REPORT_N_ENERGIES]; /* of all matrices with a spectrum */
} WsReportFacts;

/* @results: (element-type WsResult) in the order of ws_result_compare; must outlive @self */
void ws_report_facts_init (WsReportFacts *self, GPtrArray *results);
void ws_report_facts_clear (WsReportFacts *self);

/* The median over the matrices of @type in a layer of rank / short side at 90 % of the energy; NAN:
 * none. @stack: as in a WsReportLayer */
double ws_report_get_ratio (GPtrArray *results, const char *stack, int layer_index,
                            WsBlockType type);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsReportFacts, ws_report_facts_clear)

G_END_DECLS
