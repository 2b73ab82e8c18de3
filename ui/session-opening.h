/* SPDX-License-Identifier: MIT */
/* Opening a model: headers, the plan, and what the store knows already. */
#pragma once

#include "analysis/analysis.h"
#include "hub/hub.h"
#include "job.h"

G_BEGIN_DECLS

/* The worker fills it; the main thread takes from it when the work is done. */
typedef struct
{
  char *path;
  WsAnalysisOptions options;
  guint wait_number; /* of the waits for the Hub */
  WsModel *model;
  WsHub *hub;          /* (nullable): what it is read through */
  GPtrArray *results;  /* (element-type WsResult) */
  GPtrArray *items;    /* (element-type WsResultItem) one for each of @results */
  GPtrArray *warnings; /* (element-type utf8) */
  char *subtitle;      /* "4.02 B · BF16 · 8.04 GB" */
} WsOpening;

/* @wait_number: of ws_hub_wait_register */
WsOpening *ws_opening_new (const char *path, const WsAnalysisOptions *options, guint wait_number);
/* Any thread. */
void ws_opening_free (WsOpening *self);

/* The work of a job with a WsOpening as data. */
gboolean ws_opening_execute (WsJob *job, gpointer data, GError **error);

G_END_DECLS
