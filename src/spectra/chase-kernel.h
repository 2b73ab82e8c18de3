/* SPDX-License-Identifier: MIT */
/* The inner loops of band -> tridiagonal, built once for each kind of vector unit. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The half-bandwidth, a multiple of the lanes of any vector unit. At p = 2560 with 32, 48, 64 the
 * chase took 0.075, 0.12, 0.145 s with AVX-512; the products are as fast with any. */
#define WS_BAND_WIDTH 32
/* The longest vector. */
#define WS_BAND_LANES 8
/* Element (i, j) is at [j * WS_BAND_STRIDE + i]: in every column row i is at the same place of a
 * vector. A column holds rows j - WIDTH + 1 to j + 2 WIDTH - 1, and what a vector reads beside. */
#define WS_BAND_STRIDE (3 * WS_BAND_WIDTH + 2 * WS_BAND_LANES)

/* Sweeps that follow each other through the band, one block apart, while that part of it is in the
 * cache. */
#define WS_CHASE_SWEEPS 8
/* Blocks that one call moves them by. */
#define WS_CHASE_BLOCKS 16

/* A reflector 1 - tau v v' on its way down. */
typedef struct
{
  /* v, from the vector on that holds its first row, zeros around it */
  _Alignas(64) double v[WS_BAND_WIDTH + WS_BAND_LANES];
  double tau;
  gsize row; /* the first that it acts on; p or more: the sweep is over */
} WsReflector;

typedef struct
{
  double *band; /* aligned to 64 bytes; both halves of the blocks on the diagonal, zeros below p */
  gsize p;
  double *e; /* the elements below the diagonal, set when a sweep begins */
  WsReflector *reflectors;
  gsize n_reflectors; /* that of sweep s is [s % n_reflectors] */
} WsChase;

/* Moves the sweeps @sweep ... @sweep + WS_CHASE_SWEEPS - 1 on. The first of them is at blocks
 * @block ... @block + WS_CHASE_BLOCKS - 1, each further one a block behind. */
typedef void (*WsChaseFunc) (const WsChase *chase, gsize sweep, gsize block);

void ws_chase_move_2 (const WsChase *chase, gsize sweep, gsize block);
void ws_chase_move_4 (const WsChase *chase, gsize sweep, gsize block);
void ws_chase_move_8 (const WsChase *chase, gsize sweep, gsize block);

G_END_DECLS
