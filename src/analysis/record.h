/* SPDX-License-Identifier: MIT */
/* Where numbers come from: program, files, options, machine. Written beside every result. */
#pragma once

#include "analysis/analysis.h"
#include "analysis/cluster-run.h"
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *model_id; /* from the user, else the model's own, else NULL */
  const char *revision;
  const char *started;              /* RFC 3339, Z */
  const WsAnalysisOptions *options; /* (nullable): of the spectra, if there are any */
  const char *device;               /* ws_analysis_get_device_name; NULL: "cpu" */
  const char *device_note; /* why it was computed where it was, in English; NULL: as asked for */
  const WsClusterOptions *clusters; /* (nullable): of the clusters, if there are any */
} WsRecordInput;

/* Now, or SOURCE_DATE_EPOCH, as "2026-11-23T01:02:03Z". (transfer full) */
char *ws_record_get_time (void);

/* The `record` object of the JSON results. (transfer full) */
JsonNode *ws_record_new (const WsModel *model, const WsRecordInput *input);

/* Facts for --version and the About dialog: version, build type, compiler, BLAS, SQLite. One fact
 * a line. (transfer full) */
char *ws_record_get_build_facts (void);

G_END_DECLS
