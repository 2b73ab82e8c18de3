/* SPDX-License-Identifier: MIT */
/* What the page of a model on the Hub shows: the model, its revisions, its files, and whether we
 * may have them. */
#pragma once

#include "analysis/shard-parts.h"
#include "hub/file-choice.h"
#include "job.h"

G_BEGIN_DECLS

/* The worker fills it; the main thread takes from it when the work is done. */
typedef struct
{
  char *id;
  char *revision; /* (nullable): main */
  char *path;     /* (nullable): of the one file or folder that is wanted */
  char *variant;  /* (nullable): the quantisation that is wanted: "Q4_K_M" */

  WsHub *hub; /* who was asked */
  WsHubModel *model;
  GPtrArray *refs; /* (element-type WsHubRef): empty if they could not be had */
  WsHubListing *listing;
  GError *absence; /* (nullable): why the Hub could not be asked: @listing is what is known here */
  char **suggestions; /* (nullable): where there is no such model: names that are near */
  GPtrArray *choice;  /* (element-type WsChoiceRow): the weights, or what @path or @variant name */
  gboolean is_of_pickles; /* its weights are there as pickles only */
  char *conversion;       /* (nullable): the revision in which the Hub's bot offers safetensors */
  GError *denial;         /* (nullable): why its files are refused although they are listed */
  WsShardParts parts;     /* which files hold what */
} WsHubLook;

/* @name: copied */
WsHubLook *ws_hub_look_new (const WsHubName *name);
/* Any thread. */
void ws_hub_look_free (WsHubLook *self);

/* The work of a job with a WsHubLook as data. */
gboolean ws_hub_look_execute (WsJob *job, gpointer data, GError **error);

G_END_DECLS
