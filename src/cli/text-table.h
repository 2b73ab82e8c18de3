/* SPDX-License-Identifier: MIT */
/* A table of text for people: aligned columns, headings between the rows. */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *title; /* N_() */
  gboolean right;    /* aligned: numbers */
  gboolean flexible; /* shortened in the middle when the terminal is narrow */
} CliTextColumn;

typedef struct _CliTextTable CliTextTable;

/* @columns: borrowed. */
CliTextTable *cli_text_table_new (const CliTextColumn *columns, guint n_columns);
void cli_text_table_free (CliTextTable *self);

void cli_text_table_add_heading (CliTextTable *self, const char *heading);
/* @cells: (transfer full) one string for each column. */
void cli_text_table_add_row (CliTextTable *self, char **cells);

/* @columns: (borrowed) numbers of those that may be left out, the least important first. */
void cli_text_table_set_spare_columns (CliTextTable *self, const guint *columns, guint n_columns);

/* @width: columns of the terminal; 0: as wide as it gets. What does not fit loses, in this order,
 * what the cells of the flexible column begin with in common, up to a dot; spare columns; the
 * middle of flexible cells. The first two are told, above and below the table. */
void cli_text_table_print (CliTextTable *self, FILE *stream, guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliTextTable, cli_text_table_free)

G_END_DECLS
