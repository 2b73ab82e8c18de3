/* SPDX-License-Identifier: MIT */
/* The filter of the table: a text in the grammar of analysis/filter.h, and quick choices as chips.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_FILTER_BAR (ws_filter_bar_get_type ())
G_DECLARE_FINAL_TYPE (WsFilterBar, ws_filter_bar, WS, FILTER_BAR, GtkBox)

/* Signal "changed". */
GtkWidget *ws_filter_bar_new (void);

/* @source: (nullable) of WsResultItem: the choices offered are what occurs there. */
void ws_filter_bar_set_source (WsFilterBar *self, GListModel *source);
/* The texts that must all hold. (transfer full) */
GStrv ws_filter_bar_dup_texts (WsFilterBar *self);
void ws_filter_bar_set_text (WsFilterBar *self, const char *text);
/* Text and choices. */
void ws_filter_bar_clear (WsFilterBar *self);
/* @sentence: (nullable) what is wrong with the text; shown below it. */
void ws_filter_bar_set_error (WsFilterBar *self, const char *sentence);
void ws_filter_bar_focus (WsFilterBar *self);

G_END_DECLS
