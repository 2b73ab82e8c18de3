/* SPDX-License-Identifier: MIT */
/* Band -> tridiagonal: which sweep moves when, see chase-kernel.c for what it does. */
#include "spectra/band.h"
#include "spectra/chase-kernel.h"
#include "spectra/lanes.h"

#define WIDTH WS_BAND_WIDTH
#define STRIDE WS_BAND_STRIDE
#define ALIGNMENT 64

/* Sweeps go in groups, a group goes in tiles, and it may take a tile when the group before has
 * taken the next. Wave w is of all tiles with tile + 2 group = w: they are a tile apart, which is
 * longer than the group, so that they touch different elements. */
typedef struct
{
  WsChase chase;
  WsChaseFunc func;
  gsize wave;
  gsize first_group; /* of the wave */
  GCancellable *cancellable;
} Wave;

static WsChaseFunc
choose_func (void)
{
#if defined(__x86_64__)
  const guint n_lanes = ws_lanes_get_most ();

  if (n_lanes == 8)
    return ws_chase_move_8;
  if (n_lanes == 4)
    return ws_chase_move_4;
#endif
  return ws_chase_move_2;
}

static gsize
divide_up (gsize n, gsize m)
{
  return (n + m - 1) / m;
}

/* Of a group: until its last sweep is over. */
static gsize
count_tiles (gsize p)
{
  return divide_up (divide_up (p, WIDTH) + WS_CHASE_SWEEPS, WS_CHASE_BLOCKS);
}

/* Those of all groups that are under way, and one more. */
static gsize
count_reflectors (gsize p)
{
  return WS_CHASE_SWEEPS * (count_tiles (p) / 2 + 2);
}

/* Blocks reach below the last row and column. */
static gsize
count_elements (gsize p)
{
  return (p + WIDTH) * STRIDE + p + 2 * WIDTH + ALIGNMENT / sizeof (double);
}

guint64
ws_band_get_required_bytes (gsize p)
{
  return MAX (ws_band_get_reduce_bytes (p),
              sizeof (double) * count_elements (p) + sizeof (WsReflector) * count_reflectors (p));
}

/* The upper half only where a block on the diagonal may lie. */
static void
copy_band (double *band, const double *a, gsize p)
{
  for (gsize j = 0; j < p; j++)
    for (gsize i = j; i < MIN (j + WIDTH + 1, p); i++)
      {
        band[j * STRIDE + i] = a[j * p + i];
        if (i < j + WIDTH)
          band[i * STRIDE + j] = a[j * p + i];
      }
}

static void
move_tile (gsize index, gpointer data)
{
  const Wave *wave = data;
  const gsize group = wave->first_group + index, tile = wave->wave - 2 * group;

  if (!g_cancellable_is_cancelled (wave->cancellable))
    wave->func (&wave->chase, group * WS_CHASE_SWEEPS, tile * WS_CHASE_BLOCKS);
}

/* Of what is left when @n waves of @n_waves are: sweeps get shorter. */
static double
get_work (gsize p, double n, double n_waves)
{
  return WS_CHASE_WORK * p * p * (n / n_waves) * (n / n_waves);
}

static gboolean
run_waves (Wave *wave, WsWork *work, GError **error)
{
  const gsize p = wave->chase.p;
  const gsize n_groups = divide_up (p, WS_CHASE_SWEEPS);
  const gsize n_tiles = count_tiles (p);
  const gsize n_waves = n_tiles + 2 * (n_groups - 1);

  for (gsize i = 0; i < n_waves; i++)
    {
      const gsize end = MIN (i / 2 + 1, n_groups);

      wave->wave = i;
      wave->first_group = i < n_tiles ? 0 : (i - n_tiles) / 2 + 1;
      if (wave->first_group < end)
        ws_team_run (work->team, end - wave->first_group, move_tile, wave);
      if (!ws_work_advance (
              work, get_work (p, n_waves - i, n_waves) - get_work (p, n_waves - i - 1, n_waves),
              error))
        return FALSE;
    }
  return TRUE;
}

gboolean
ws_band_chase (const double *a, gsize p, double *d, double *e, WsWork *work, GError **error)
{
  g_autofree double *values = ws_work_allocate (count_elements (p), 1, error);
  Wave wave = { .func = choose_func (), .cancellable = work->cancellable };
  double *band = ws_align (values, ALIGNMENT);
  gboolean is_done;

  if (!values)
    return FALSE;
  copy_band (band, a, p);
  wave.chase = (WsChase){ .band = band, .p = p, .e = e, .n_reflectors = count_reflectors (p) };
  wave.chase.reflectors =
      g_aligned_alloc0 (wave.chase.n_reflectors, sizeof (WsReflector), ALIGNMENT);
  is_done = run_waves (&wave, work, error);
  g_aligned_free (wave.chase.reflectors);
  for (gsize i = 0; is_done && i < p; i++)
    d[i] = band[i * STRIDE + i];
  if (is_done && p > 1)
    e[p - 2] = band[(p - 2) * STRIDE + p - 1];
  return is_done;
}
