/* SPDX-License-Identifier: MIT */
/* Distances between points, which the silhouettes of several clusterings have in common. */
#pragma once

#include "cluster/points.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* Points on a side of a tile of distances. */
#define WS_PAIRS_SIDE ((gsize) 240)

/* Points in blocks of a side each: first those of a sample that all clusterings share, then, in
 * blocks of their own, what one clustering needs beside them. A place is the number of a point in
 * this order; between the two some may be free. */
typedef struct
{
  gsize n_shared, n_own;
  gsize n_shared_blocks, n_blocks;
  guint32 *members; /* (owned) n_blocks * WS_PAIRS_SIDE: the point at each place */
  double *sq_norms; /* (owned) the same: squared distances from the mean of all points */
} WsPlaces;

void ws_places_clear (WsPlaces *self);
/* Points of block @block. */
gsize ws_places_count (const WsPlaces *self, gsize block);

typedef struct
{
  const WsPoints *points; /* borrowed */
  guint64 n_sample;       /* that was asked for */
  guint64 seed;
  gboolean is_exact; /* of all points, in float64 */
  gboolean keeps;
  WsPlaces shared; /* without own points */
  guint32 *places; /* (owned) of each point; G_MAXUINT32: not in the sample */
  float *tiles;    /* (owned) (nullable) of the shared points, once they are computed */
  double seconds;  /* that this took */
} WsPairs;

/* Of random numbers, for this use: the points with the least are drawn. */
#define WS_PAIRS_STREAM 0x73696c68

/* @points: borrowed
 * @n_sample: points to draw; 0, or no less than there are: all
 * @keep: whether the distances of a sample are computed once only, if there is memory for
 *   ws_pairs_get_kept_bytes. The numbers are the same either way. */
WsPairs *ws_pairs_new (const WsPoints *points, guint64 n_sample, guint64 seed, gboolean keep);
void ws_pairs_free (WsPairs *self);

guint64 ws_pairs_get_kept_bytes (gsize n, guint64 n_sample);
/* Bytes for ws_pairs_compute_tile. */
guint64 ws_pairs_get_tile_bytes (gsize d);

/* Multiply-adds of the products that ws_pairs_prepare has still to make, and of those that each
 * clustering takes. */
double ws_pairs_estimate_first_work (const WsPairs *self);
double ws_pairs_estimate_work (const WsPairs *self);

/* Computes what is kept, once. Advances @work by ws_pairs_estimate_first_work.
 * Errors: cancelled. */
gboolean ws_pairs_prepare (WsPairs *self, WsWork *work, GError **error);

/* The places of the sample and of @n_own more points, @own. */
void ws_pairs_list_places (const WsPairs *self, const guint32 *own, gsize n_own, WsPlaces *places,
                           WsTeam *team);

/* Distances of the points of block @row, <= @col, to those of block @col, row-major, each row as
 * long as block @col: a sample as float, all points as double, with nothing lost but in the last
 * digits of products. Any thread.
 * @distances: room for them, WS_PAIRS_SIDE², which may not be needed
 * Returns: @distances, or what is kept of them */
const void *ws_pairs_get_tile (const WsPairs *self, const WsPlaces *places, gsize row, gsize col,
                               void *distances);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsPairs, ws_pairs_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsPlaces, ws_places_clear)

G_END_DECLS
