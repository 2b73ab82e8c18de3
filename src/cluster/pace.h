/* SPDX-License-Identifier: MIT */
/* How long a sweep still takes, from how long it took so far. */
#pragma once

#include "cluster/sweep.h"

G_BEGIN_DECLS

/* What a sweep that has @curve will still go through as far as can be told: the rest of its list,
 * and something for refining. (transfer full) (element-type guint) */
GArray *_ws_sweep_list_expected (gsize n, const WsSweepOptions *options, const GPtrArray *curve);

typedef gboolean (*WsKnownFunc) (guint k, gpointer user_data);
/* How much is to be done for @k, in any unit. */
typedef double (*WsWorkFunc) (guint k, gpointer user_data);

typedef struct
{
  gsize n;
  WsSweepOptions options;
  WsKnownFunc is_known;
  WsWorkFunc estimate_work;
  gpointer user_data;
  GArray *left;     /* (element-type guint) k that will be computed, the present one first */
  guint k;          /* present */
  gboolean is_free; /* it was known */
  gint64 start;     /* of it, us */
  gint64 start_of_all;
  double work;      /* of it */
  double work_done; /* for those before */
  guint n_timed;
  double s, sk, skk, st, skt; /* weighted sums over what was computed: of 1, k, k², t, k t */
  double share;               /* told last */
} WsPace;

void ws_pace_init (WsPace *self, gsize n, const WsSweepOptions *options, WsKnownFunc is_known,
                   WsWorkFunc estimate_work, gpointer user_data);
void ws_pace_clear (WsPace *self);

/* What is still to be computed after @curve. */
void ws_pace_plan (WsPace *self, const GPtrArray *curve);
/* @work: of this one, with what no other k will take */
void ws_pace_begin (WsPace *self, guint k, gboolean is_known, double work);
/* @aside: seconds of it that no other k will take */
void ws_pace_end (WsPace *self, double aside);

guint ws_pace_count_left (const WsPace *self);
/* @share_of_k: that is done of the present one. Returns: < 0: not known yet. */
double ws_pace_get_seconds_left (const WsPace *self, double share_of_k);
double ws_pace_get_share (WsPace *self, double share_of_k);

G_END_DECLS
