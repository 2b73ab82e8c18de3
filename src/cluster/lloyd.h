/* SPDX-License-Identifier: MIT */
/* Lloyd's iteration on rows in memory, and the distances that it and its starts need. */
#pragma once

#include "cluster/kernel.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* Rows whose nearest centres are found together. The partition depends on nothing else, so that
 * products have the same bits for any number of threads. */
#define WS_LLOYD_ROWS WS_KERNEL_ROWS
/* What a row costs beside the products with all centres, in multiply-adds for each column. */
#define WS_LLOYD_ROW_WORK 12.0

/* Points, or a sample of them. Borrowed. */
typedef struct
{
  gsize n, d;
  const float *values;    /* n x d */
  const double *sq_norms; /* n: squared distances from the mean */
  const double *mean;     /* d: distances are computed around it, which keeps their digits */
  double mean_norm;       /* its length */
} WsRows;

/* Centres in the form in which rows are multiplied with them: |x - c|² - |x - m|² is
 * offset + factor · x. */
typedef struct
{
  guint k;
  gsize d;
  float *factors;      /* (owned) most x d: -2 (c - m) */
  float *offsets;      /* (owned) most: |c - m|² + 2 m · (c - m) */
  float *constants;    /* (owned) most, and slopes: what the score of a row x may err is */
  float *slopes;       /* (owned) constant + slope · |x| */
  float most_constant; /* the greatest of them */
  float most_slope;
  const float *values; /* k x d: the centres themselves, borrowed */
} WsCentres;

gboolean ws_centres_init (WsCentres *self, guint most, gsize d, GError **error);
void ws_centres_clear (WsCentres *self);
/* @values: k x d, not to be changed while they are multiplied */
void ws_centres_set (WsCentres *self, const float *values, guint k, const WsRows *rows);
/* Rows [first, first + n_rows) with all centres into @scores (n_rows x k). */
void ws_centres_multiply (const WsCentres *self, const WsRows *rows, gsize first, gsize n_rows,
                          float *scores);
/* What the score of row @row and centre @c may err: a bound of all its roundings. */
float ws_centres_get_error (const WsCentres *self, const WsRows *rows, gsize row, guint c);
/* From @scores of all centres @bounds (k) below the distances. */
void ws_centres_bound (const WsCentres *self, const WsRows *rows, gsize row, const float *scores,
                       float *bounds);
/* The nearest centre of row @row. Where scores leave in doubt which, squared distances in float64
 * decide; of equal ones the first.
 * @chosen: (nullable): n different centres, one of which is the nearest; NULL: all
 * @scores: n, of the row and of these
 * Returns: its place in @chosen */
gsize ws_centres_find_nearest (const WsCentres *self, const WsRows *rows, gsize row,
                               const guint32 *chosen, const float *scores, gsize n);
/* The squared distance of row @row and centre @c: as the score tells, or in float64 where that
 * would have few digits left. */
double ws_centres_get_square (const WsCentres *self, const WsRows *rows, gsize row, guint c,
                              float score);

typedef struct
{
  const WsRows *rows;
  guint k;
  float *centroids;  /* (owned) k x d */
  guint32 *labels;   /* (owned) n */
  guint32 *previous; /* (owned) n: those that the sums are of; G_MAXUINT32: of none */
  double *sums;      /* (owned) k x d */
  guint64 *sizes;    /* (owned) k */
  gsize *changed;    /* (owned) n: the rows that moved */
  gsize n_changed;
  WsCentres centres;
  float *bounds;     /* (owned) (nullable) n x k: no centre is nearer to a row than that */
  float *before;     /* (owned) (nullable) k x d: where the centres were when rows were assigned */
  float *moves;      /* (owned) k: how far they have come since */
  gboolean is_bound; /* the bounds hold */
  double *parts;     /* (owned) of the inertia, for each strip of columns */
  double inertia;    /* of the last assignment, around the means of the members */
  guint n_iterations;
  gboolean converged;
} WsLloyd;

gboolean ws_lloyd_init (WsLloyd *self, const WsRows *rows, guint k, GError **error);
void ws_lloyd_clear (WsLloyd *self);

/* Iterates from self->centroids until no row moves, the inertia twice does not fall by @tolerance
 * of itself below the least so far, or @n_most times. In float64 it never rises: no centre of
 * float32 is better than the mean rounded to it, column by column. So this ends. Then the centroids
 * are the means of the members; a cluster is empty only if there are fewer different rows than
 * clusters. Advances @work by n d (k + WS_LLOYD_ROW_WORK) for each iteration. */
gboolean ws_lloyd_run (WsLloyd *self, guint n_most, double tolerance, WsWork *work, GError **error);

/* The distances of rows to their own centroids, in float64, and the sum of their squares.
 * Returns: FALSE with @error: cancelled. */
gboolean ws_lloyd_measure (const WsLloyd *self, float *distances, double *inertia, WsWork *work,
                           GError **error);

/* Puts each row to its nearest centre. With bounds, only those are looked at that may be it: the
 * same labels as without. */
gboolean _ws_lloyd_assign (WsLloyd *self, WsWork *work, GError **error);
/* Whether memory for bounds, 4 n k bytes, pays: they are at most half of what the rows take. */
gboolean _ws_lloyd_has_bounds (gsize d, guint k);

guint64 ws_lloyd_get_required_bytes (gsize n, gsize d, guint k);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCentres, ws_centres_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsLloyd, ws_lloyd_clear)

G_END_DECLS
