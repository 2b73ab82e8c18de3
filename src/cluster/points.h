/* SPDX-License-Identifier: MIT */
/* The rows of a matrix as points: one copy in float32, standardised in place. */
#pragma once

#include "spectra/spectrum.h"

G_BEGIN_DECLS

typedef enum
{
  WS_NORMALIZATION_ZSCORE, /* each column: minus its mean, over its standard deviation (÷ N); a
                            * column of equal values becomes 0 */
  WS_NORMALIZATION_UNIT,   /* each row over its length; a row of zeros stays as it is */
  WS_NORMALIZATION_CENTER, /* each column minus its mean */
  WS_NORMALIZATION_NONE,
  WS_N_NORMALIZATIONS
} WsNormalization;

/* "zscore", "unit", "center", "none" */
const char *ws_normalization_get_key (WsNormalization normalization);
/* Returns: FALSE if @key is none of them (then @normalization is left alone). */
gboolean ws_normalization_from_key (const char *key, WsNormalization *normalization);

typedef struct
{
  gsize n;              /* points, at least 1 */
  gsize d;              /* columns, at least 1 */
  float *values;        /* (owned) n x d, row-major, finite */
  guint32 *rows;        /* (owned) (nullable) n: the row of the matrix, ascending; NULL: point i is
                         * row i */
  guint64 n_rows;       /* of the matrix */
  guint64 n_not_finite; /* rows left out: with a NaN, an infinity or what float32 cannot hold */
  guint64 n_constant;   /* columns that the z-score made 0 */
  WsNormalization normalization; /* NONE until ws_points_normalize */
  double *sq_norms;              /* (owned) n: of the points as they are now */
  double *mean;                  /* (owned) d: of the points as they are now */
} WsPoints;

/* Bytes that ws_points_read takes, most of which the points keep: 4 for each value. */
guint64 ws_points_get_required_bytes (const WsMatrix *matrix);

/* Reads all of @matrix once.
 * @memory_limit: bytes that ws_points_get_required_bytes may say; 0: no limit
 * @team: (nullable): the same bits without
 * @share_func: (nullable): as for ws_spectrum_compute
 * Looks at @cancellable between blocks: under 0.5 s.
 * Errors: G_IO_ERROR (also G_IO_ERROR_CANCELLED), WS_ERROR_UNSUPPORTED: nothing to cluster: no
 * finite row, a type that is not read, no memory; @self is then left cleared. */
gboolean ws_points_read (WsPoints *self, const WsMatrix *matrix, guint64 memory_limit, WsTeam *team,
                         WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                         GError **error);

/* Copies @values (n x d, finite): for tests and for points that come from elsewhere. */
void ws_points_init (WsPoints *self, gsize n, gsize d, const float *values);
void ws_points_clear (WsPoints *self);

/* In place, once; float64 sums in the order of the rows, so the same bits for any @team.
 * Errors: G_IO_ERROR_CANCELLED, after which the points are of no use; WS_ERROR_UNSUPPORTED where
 * squares of what comes out of UNIT, CENTER or NONE would leave float32. */
gboolean ws_points_normalize (WsPoints *self, WsNormalization normalization, WsTeam *team,
                              WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                              GError **error);

/* The number of different points, or @most if there are more. Takes time for few different ones
 * only. */
gsize ws_points_count_distinct (const WsPoints *self, gsize most);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsPoints, ws_points_clear)

G_END_DECLS
