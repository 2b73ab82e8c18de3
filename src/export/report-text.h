/* SPDX-License-Identifier: MIT */
/* The sections of a report, in words and tables. English, as all files are. */
#pragma once

#include "analysis/record.h"
#include "export/document.h"
#include "export/report-facts.h"

G_BEGIN_DECLS

/* What the model is: from its headers and config.json. */
void ws_report_add_model (WsDocument *document, const WsModel *model, const WsRecordInput *record);
/* The few sentences that somebody reads who reads no more. */
void ws_report_add_summary (WsDocument *document, const WsModel *model, GPtrArray *results,
                            const WsReportFacts *facts);
/* The table of block types; the caller adds the figures. */
void ws_report_add_blocks (WsDocument *document, const WsReportFacts *facts);
void ws_report_add_layers (WsDocument *document, GPtrArray *results, const WsReportFacts *facts);
void ws_report_add_outliers (WsDocument *document, const WsReportFacts *facts);
void ws_report_add_savings (WsDocument *document, const WsReportFacts *facts);
/* Why nothing was clustered. @reason: (nullable): not asked for */
void ws_report_add_no_embedding (WsDocument *document, const char *reason);
/* What was not analysed, and why. */
void ws_report_add_missing (WsDocument *document, const WsModel *model, GPtrArray *results);
/* How the numbers were computed, by what, and where the rest of them is. */
void ws_report_add_method (WsDocument *document, const WsModel *model, const WsRecordInput *record);

G_END_DECLS
