/* SPDX-License-Identifier: MIT */
/* weightscope-cli help filter: how the expressions of --filter are written. */
#include "cli/filter-help.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *text;
  const char *meaning; /* N_() */
} Line;

static const Line terms[] = {
  { "WORD", N_ ("the name contains it, in capitals or not") },
  { "*.q_proj.*", N_ ("with * or ?: a pattern for the whole name") },
  { "type:q_proj", N_ ("that block type, as in the column block_type") },
  { "coarse:moe", N_ ("that type, as in the column coarse_type") },
  { "layer:3  layer:0-3  layer:-", N_ ("that layer, those layers, no layer") },
  { "expert:7  expert:0-3  expert:-", N_ ("that expert, those experts, no expert") },
  { "dtype:BF16", N_ ("stored in that type") },
  { "state:nonfinite", N_ ("that state, as in the column state") },
  { "stack:vision", N_ ("the stack's name contains it") },
  { "KEY<NUMBER", N_ ("also <= > >= = !=; KEY is rows, cols or a key of help metrics") },
  { "KEY<0.5q", N_ ("times the short side of the matrix") },
  { "KEY<50%", N_ ("hundredths") },
};

static const Line examples[] = {
  { "type:q_proj|k_proj layer:0-3", N_ ("two block types in the first four layers") },
  { "rank90<0.5q", N_ ("nine tenths of the energy in fewer than half of the singular values") },
  { "state:nonfinite", N_ ("tensors with NaN or Inf") },
  { "!dtype:F32 rows>=1000", N_ ("large matrices that are not F32") },
};

static void
print_lines (FILE *stream, const Line *lines, gsize n_lines, int width)
{
  for (gsize i = 0; i < n_lines; i++)
    fprintf (stream, "  %-*s  %s\n", width, lines[i].text, _ (lines[i].meaning));
}

void
cli_print_filter_grammar (FILE *stream)
{
  const int width = 32; /* of the longest term */

  fprintf (stream, "%s\n\n", _ ("--filter takes terms, separated by commas or spaces:"));
  print_lines (stream, terms, G_N_ELEMENTS (terms), width);
  fprintf (stream, "\n%s\n\n",
           _ ("Words of one term are separated by |, and ! before a term negates it. Terms of one "
              "kind\nare alternatives; different kinds, comparisons and negated terms must all "
              "hold. A\ncomparison with an unknown value never holds. Comparisons of metrics, and "
              "most states,\nare known only after the run of analyze: inspect refuses them."));
  fprintf (stream, "%s\n\n", _ ("Examples:"));
  print_lines (stream, examples, G_N_ELEMENTS (examples), width);
}
