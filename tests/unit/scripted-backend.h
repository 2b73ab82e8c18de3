/* SPDX-License-Identifier: MIT */
/* A device that does as it is told: what it is asked, with plain LAPACK and none of our code; or
 * what devices do on bad days. */
#pragma once

#include "spectra/backend.h"

/* Tasks and solutions are counted from 1; 0: never. */
typedef struct
{
  guint n_lanes;       /* 0: 1 */
  guint batch;         /* matrices that are best solved together; 0: 1 */
  gsize least_side;    /* of what it accepts */
  gboolean has_direct; /* whether it has a way without squaring */
  double seconds;      /* that it promises for a task */

  guint memory_at;        /* the task that does not fit */
  gsize memory_above;     /* numbers of the Gram matrices of a task; 0: as many as you like */
  gboolean memory_of_two; /* two tasks at a time are too many */
  guint numeric_at;       /* the solution that fails */
  guint numeric_from;     /* the first of those that all fail */
  guint scaled_at;        /* that is 1 + 1e-9 times too large */
  guint diagonal_at;      /* that is the diagonal: the solver did nothing */
  guint nan_at;           /* that is NaN */
  guint stop_at;          /* that brings the device down */
  guint hang_at;          /* that never comes */
  guint hang_msec;        /* until the device is given up; 0: never */
  guint slow_msec;        /* that every solution takes */
  void (*on_hang) (void); /* called when it begins to hang */
} Script;

/* What was asked of it. */
typedef struct
{
  int n_begun, n_solved; /* tasks */
  int n_matrices;        /* in the tasks that were begun */
  int n_under_way;       /* at a time; tasks that have not ended */
  int most_under_way;
  int n_closed;
  int n_nonfinite; /* NaN or Inf that the solver was given */
} ScriptedCounts;

WsBackend *scripted_backend_new (const Script *script, ScriptedCounts *counts);
