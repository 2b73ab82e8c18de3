/* SPDX-License-Identifier: MIT */
/* Shows a file in the file manager. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Selects @path in the file manager; where there is none that can, opens its folder. */
void ws_show_in_files (GtkWindow *parent, const char *path);

G_END_DECLS
