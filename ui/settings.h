/* SPDX-License-Identifier: MIT */
/* What is remembered between starts: one GSettings object for the program. */
#pragma once

#include "analysis/analysis.h"

G_BEGIN_DECLS

#define WS_APPLICATION_ID "org.weightscope.Weightscope"

/* Works installed, and from the build tree without installing. (transfer none) */
GSettings *ws_settings_get_default (void);

/* Options of a run as the preferences have them. */
void ws_settings_get_analysis_options (WsAnalysisOptions *options);

G_END_DECLS
