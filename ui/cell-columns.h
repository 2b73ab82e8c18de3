/* SPDX-License-Identifier: MIT */
/* Columns of a column view from a table in C: how a cell is made and filled, what sorts the rows.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title;   /* N_() */
  const char *tooltip; /* N_(); NULL: none */
  int width;           /* px with a font of 10 pt, see ws_cell_width; -1: the rest */
  GtkWidget *(*make) (void);
  void (*fill) (gpointer owner, GtkWidget *cell, gpointer item);
  double (*get) (gpointer item); /* what is sorted by, NAN: unknown; NULL: nothing is */
} WsCellColumn;

/* @columns: static; @owner: what is passed to fill, for the life of @view */
void ws_cell_columns_append (GtkColumnView *view, const WsCellColumn *columns, guint n_columns,
                             gpointer owner);
/* Gives the titles their tooltips, and puts those of numbers over the ends of these. To be called
 * when @view is mapped. */
void ws_cell_columns_dress (GtkColumnView *view, const WsCellColumn *columns, guint n_columns);

/* @width as it is with the font of @widget, so that large text is not cut. */
int ws_cell_width (GtkWidget *widget, int width);

/* That @text needs in a cell of @view, with a swatch before it or none. */
int ws_cell_measure (GtkWidget *view, const char *text, gboolean has_swatch);

/* What cells are made of: a number, or a name behind the swatch of its cluster. */
GtkWidget *ws_cell_new_number (void);
GtkWidget *ws_cell_new_name (void);
/* @cluster: -1: none; @tooltip: NULL: the same as @name */
void ws_cell_set_name (GtkWidget *cell, int cluster, const char *name, const char *tooltip);
/* As it is drawn in the present theme. */
void ws_cell_get_cluster_color (guint cluster, GdkRGBA *color);

G_END_DECLS
