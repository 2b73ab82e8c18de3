/* SPDX-License-Identifier: MIT */
/* k-means for every k worth looking at: the curve that a number of clusters is chosen on. */
#pragma once

#include "cluster/criteria.h"
#include "cluster/kmeans.h"
#include "cluster/silhouette.h"

G_BEGIN_DECLS

/* All that is known of one k. Immutable once made. */
typedef struct
{
  WsClustering *clustering; /* (owned) */
  WsCriteria criteria;
  WsSilhouette silhouette; /* (owned) */
  double seconds;          /* of all three */
  int ref_count;           /* atomic */
} WsSweepEntry;

WsSweepEntry *ws_sweep_entry_ref (WsSweepEntry *self);
void ws_sweep_entry_unref (WsSweepEntry *self);

typedef struct
{
  guint k;      /* 0: a sweep; else this one alone, with the same numbers as in a sweep */
  guint k_max;  /* of a sweep; default 100 */
  guint64 seed; /* default 0 */
  guint n_init; /* as for ws_kmeans_compute */
  guint n_iterations_max;
  guint64 n_silhouette; /* points of the sample; default WS_SILHOUETTE_N_SAMPLE; 0: all */
  guint64 memory_limit; /* bytes that ws_sweep_get_required_bytes may say; 0: no limit */
  guint64 spare_bytes;  /* that may be taken beyond those, which saves time; default: no limit */
} WsSweepOptions;

void ws_sweep_options_init (WsSweepOptions *self);

/* Every k up to 20, then in steps of a fifth up to k_max: what a sweep of @n points goes through
 * before it refines. (transfer full) (element-type guint), ascending. */
GArray *ws_sweep_list_k (gsize n, const WsSweepOptions *options);

/* What a sweep that has @curve does next: the least k of the list that is missing; when none is,
 * one between two of the curve next to where it bends or where a criterion is best, until no gap is
 * left there.
 * @curve: (element-type WsSweepEntry): k ascending; others than those that this function asked for
 *   are not looked at
 * Returns: 0: the curve is complete. */
guint ws_sweep_get_next_k (gsize n, const WsSweepOptions *options, const GPtrArray *curve);

typedef struct
{
  double share;        /* of the time of the whole sweep, in [0, 1], not decreasing */
  double seconds_left; /* < 0: not known yet */
  guint k;             /* that is computed */
  guint n_done;        /* entries of the curve */
  guint n_total;       /* as far as is known: refining adds some */
} WsSweepProgress;

/* Each may be NULL. Called by the thread that called ws_sweep_run, which holds no lock; progress
 * several times a second. */
typedef struct
{
  void (*entry) (WsSweepEntry *entry, gpointer user_data); /* also those that were known */
  void (*progress) (const WsSweepProgress *progress, gpointer user_data);
  gpointer user_data;
} WsSweepCallbacks;

/* Bytes that a sweep takes beside the points, the entries of its curve included.
 * @n_threads: that work on it */
guint64 ws_sweep_get_required_bytes (gsize n, gsize d, const WsSweepOptions *options,
                                     guint n_threads);

/* Computes what ws_sweep_get_next_k asks for, one after the other. The curve ends before k_max
 * where there are no more different points than that. An entry is a function of the points and of
 * k, seed, n_init, n_iterations_max and n_silhouette alone: not of other entries, of @known, @team
 * or memory.
 * @points: normalized
 * @known: (nullable) (element-type WsSweepEntry): of the same points and options, in any order;
 *   those that the sweep asks for are taken over
 * @curve: (out) (nullable) (transfer full) (element-type WsSweepEntry): k ascending
 * @team: (nullable): the same bits without
 * Errors: WS_ERROR_ARGUMENT: options.k cannot be; WS_ERROR_UNSUPPORTED: more memory than allowed;
 * G_IO_ERROR: cancelled (within 0.5 s), no memory. What was told by callbacks remains good. */
gboolean ws_sweep_run (const WsPoints *points, const WsSweepOptions *options,
                       const GPtrArray *known, const WsSweepCallbacks *callbacks, WsTeam *team,
                       GPtrArray **curve, GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsSweepEntry, ws_sweep_entry_unref)

G_END_DECLS
