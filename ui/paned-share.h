/* SPDX-License-Identifier: MIT */
/* The place of a pane's line as a share of its room, not pixels: the window may come back smaller.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Puts the line where the setting @key has it, as soon as there is a size; from then on the pane
 * keeps its share by itself. @key: static */
void ws_paned_share_restore (GtkPaned *paned, const char *key);
/* Nothing is saved of a pane that never had a size. */
void ws_paned_share_save (GtkPaned *paned, const char *key);

G_END_DECLS
