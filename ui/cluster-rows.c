/* SPDX-License-Identifier: MIT */
/* What the page says of each cluster of a clustering, computed once for each k. */
#include "cluster-rows.h"

#include "base/format.h"
#include "base/median.h"
#include "cluster/members.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Words of a name, and how many of the nearest tokens are looked at for them. */
#define NAME_WORDS 3
#define NAME_TOKENS 24

WsClusterRows *
ws_cluster_rows_ref (WsClusterRows *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_cluster_rows_unref (WsClusterRows *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  for (guint i = 0; i < self->k; i++)
    g_free (self->rows[i].name);
  g_free (self->rows);
  g_free (self->order);
  g_free (self->starts);
  ws_sweep_entry_unref (self->entry);
  g_free (self);
}

char *
ws_token_dup_label (const WsTokenizer *tokenizer, guint32 id)
{
  if (tokenizer == NULL)
    return g_strdup_printf ("#%u", id);
  return ws_tokenizer_dup_reading (tokenizer, id);
}

char *
ws_token_dup_piece (const WsTokenizer *tokenizer, guint32 id)
{
  const char *piece = tokenizer != NULL ? ws_tokenizer_get_piece (tokenizer, id) : NULL;

  return piece != NULL ? ws_format_name (piece) : NULL;
}

char *
ws_token_dup_tooltip (const WsTokenizer *tokenizer, guint32 id)
{
  g_autofree char *label = ws_token_dup_label (tokenizer, id);
  g_autofree char *piece = ws_token_dup_piece (tokenizer, id);

  if (piece == NULL || g_str_equal (piece, label))
    return g_steal_pointer (&label);
  /* Translators: a token as it is read, as it is written in a file, and the name of that file */
  return g_strdup_printf (_ ("%s\n%s in %s"), label, piece, ws_tokenizer_get_file (tokenizer));
}

static gboolean
is_readable (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return FALSE;
  return *text != '\0';
}

/* The token as a word: what it stands for without the spaces around it; NULL if there is none, as
 * of a lone byte. */
static char *
dup_word (const WsTokenizer *tokenizer, guint32 id)
{
  g_autofree char *text = NULL;
  g_autofree char *word = NULL;
  gsize n_bytes;

  if (tokenizer == NULL || id >= ws_tokenizer_get_n_tokens (tokenizer))
    return g_strdup_printf ("#%u", id);
  text = ws_tokenizer_dup_text (tokenizer, id, &n_bytes);
  if (text == NULL || n_bytes == 0 || !g_utf8_validate (text, (gssize) n_bytes, NULL))
    return NULL;
  word = g_strstrip (g_strndup (text, n_bytes));
  return is_readable (word) ? ws_format_name (word) : NULL;
}

/* "The" and "the" are one word in a name. */
static gboolean
has_word (GPtrArray *words, const char *word)
{
  g_autofree char *folded = g_utf8_casefold (word, -1);

  for (guint i = 0; i < words->len; i++)
    {
      g_autofree char *other = g_utf8_casefold (g_ptr_array_index (words, i), -1);

      if (g_str_equal (folded, other))
        return TRUE;
    }
  return FALSE;
}

/* Each token as lists have it. */
static char *
make_name (const guint32 *members, gsize n, const WsTokenizer *tokenizer, const guint32 *token_ids)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);

  for (gsize i = 0; i < n && i < NAME_TOKENS && words->len < NAME_WORDS; i++)
    {
      guint32 id = token_ids != NULL ? token_ids[members[i]] : members[i];
      g_autofree char *word = dup_word (tokenizer, id);

      if (word == NULL || has_word (words, word))
        continue;
      g_ptr_array_add (words, g_steal_pointer (&word));
      g_ptr_array_add (labels, ws_token_dup_label (tokenizer, id));
    }
  /* only bytes and spaces */
  if (labels->len == 0 && n > 0)
    g_ptr_array_add (
        labels,
        ws_token_dup_label (tokenizer, token_ids != NULL ? token_ids[members[0]] : members[0]));
  g_ptr_array_add (labels, NULL);
  return g_strjoinv (" · ", (char **) labels->pdata);
}

static double
find_median_norm (const WsEmbeddingFacts *facts, const guint32 *members, gsize n)
{
  g_autofree double *norms = NULL;

  if (facts == NULL || n == 0)
    return NAN;
  norms = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    norms[i] = facts->norms[members[i]];
  return ws_median_compute (norms, n);
}

static void
describe_cluster (WsClusterRows *self, guint cluster, const WsEmbeddingFacts *facts,
                  const WsTokenizer *tokenizer, const guint32 *token_ids)
{
  const WsSilhouette *silhouette = &self->entry->silhouette;
  const guint32 *members = self->order + self->starts[cluster];
  gsize n = self->starts[cluster + 1] - self->starts[cluster];
  WsClusterRow *row = &self->rows[cluster];

  row->name = make_name (members, n, tokenizer, token_ids);
  row->share = self->n > 0 ? n / (double) self->n : NAN;
  row->silhouette = silhouette->of_cluster != NULL ? silhouette->of_cluster[cluster] : NAN;
  row->median_norm = find_median_norm (facts, members, n);
}

WsClusterRows *
ws_cluster_rows_compute (WsSweepEntry *entry, const WsEmbeddingFacts *facts,
                         const WsTokenizer *tokenizer, const guint32 *token_ids,
                         GCancellable *cancellable, GError **error)
{
  const WsClustering *clustering = entry->clustering;
  g_autoptr (WsClusterRows) self = g_new0 (WsClusterRows, 1);

  self->ref_count = 1;
  self->entry = ws_sweep_entry_ref (entry);
  self->k = clustering->k;
  self->n = clustering->n;
  self->order = g_new (guint32, MAX (self->n, 1));
  self->starts = g_new0 (gsize, self->k + 1);
  self->rows = g_new0 (WsClusterRow, self->k);
  for (guint cluster = 0; cluster < self->k; cluster++)
    {
      gsize n;
      g_autofree guint32 *members = ws_members_sort (clustering, cluster, &n);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (n > 0)
        memcpy (self->order + self->starts[cluster], members, n * sizeof *members);
      self->starts[cluster + 1] = self->starts[cluster] + n;
      describe_cluster (self, cluster, facts, tokenizer, token_ids);
    }
  return g_steal_pointer (&self);
}
