/* SPDX-License-Identifier: MIT */
/* Corrections that need the neighbours in the same module, or the shapes. */
#include "model/block-siblings.h"

#include <string.h>

/* Words whose meaning depends on which of the others stand beside them. */
enum
{
  W1,
  W2,
  W3,
  W12,
  V1,
  C_PROJ,
  FC0,
  FC1,
  FC2,
  WI,
  WO,
  FF_PROJ,
  FF_OUT,
  PROJ_1,
  PROJ_2,
  DENSE_H_TO_4H,
  DENSE_4H_TO_H,
  FFN_UP,
  FFN_DOWN,
  QUERY,
  OUT_PROJ,
  N_WORDS,
  NO_WORD = N_WORDS,
};

static const struct
{
  const char *text;
  guint word;
} words[] = {
  { "w1", W1 },
  { "w2", W2 },
  { "w3", W3 },
  { "w12", W12 },
  { "v1", V1 },
  { "c_proj", C_PROJ },
  { "fc0", FC0 },
  { "fc1", FC1 },
  { "fc2", FC2 },
  { "wi", WI },
  { "wo", WO },
  { "ff_proj", FF_PROJ },
  { "ff_out", FF_OUT },
  { "proj_1", PROJ_1 },
  { "proj_2", PROJ_2 },
  { "dense_h_to_4h", DENSE_H_TO_4H },
  { "dense_4h_to_h", DENSE_4H_TO_H },
  { "ffn_up", FFN_UP },
  { "ffn_down", FFN_DOWN },
  { "q_proj", QUERY },
  { "wqkv", QUERY },
  { "out_proj", OUT_PROJ },
};

#define BIT(word) (1u << (word))

/* Only what differs from the table of single names, where w1, w2, w3 are gate, down, up. */
static const struct
{
  guint present;
  guint absent;
  guint word;
  WsBlockType type;
} sibling_rules[] = {
  { BIT (W1) | BIT (W2) | BIT (C_PROJ), 0, W1, WS_BLOCK_UP_PROJ }, /* Qwen1 */
  { BIT (W1) | BIT (W2) | BIT (C_PROJ), 0, W2, WS_BLOCK_GATE_PROJ },
  { BIT (W1) | BIT (W2), BIT (W3) | BIT (V1) | BIT (C_PROJ), W1, WS_BLOCK_UP_PROJ },
  { BIT (W12) | BIT (W3), 0, W3, WS_BLOCK_DOWN_PROJ }, /* DINOv2 */
  { BIT (FC0) | BIT (FC1), BIT (FC2), FC1, WS_BLOCK_DOWN_PROJ },
  { BIT (OUT_PROJ) | BIT (QUERY), 0, OUT_PROJ, WS_BLOCK_O_PROJ }, /* a mixer that attends */
};

/* Up has twice the rows that down has columns: gate and up in one. As many: up alone. */
static const struct
{
  guint up;
  guint down;
} halves[] = {
  { FC1, FC2 },       { WI, WO },           { FF_PROJ, FF_OUT },
  { PROJ_1, PROJ_2 }, { FFN_UP, FFN_DOWN }, { DENSE_H_TO_4H, DENSE_4H_TO_H },
};

/* The members of one module (of one expert, of one layer). */
typedef struct
{
  guint present; /* BIT of each word */
  guint64 up_rows;
  guint64 down_columns;
} Family;

static guint
find_word (const char *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i].text, text) == 0)
      return words[i].word;
  return NO_WORD;
}

static gboolean
is_matrix_weight (const WsBlockInput *input, const WsBlockRole *role)
{
  return role->suffix == WS_BLOCK_SUFFIX_WEIGHT && input->dims != NULL && input->n_dims == 2;
}

static void
family_add (Family *self, guint word, const WsBlockInput *input, const WsBlockRole *role)
{
  self->present |= BIT (word);
  if (!is_matrix_weight (input, role))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    if (halves[i].up == word)
      self->up_rows = input->dims[0];
    else if (halves[i].down == word)
      self->down_columns = input->dims[1];
}

/* Returns: what @word is in this family, or @type if the family says nothing about it. */
static WsBlockType
family_get_role (const Family *self, guint word, WsBlockType type)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sibling_rules); i++)
    if (sibling_rules[i].word == word &&
        (self->present & sibling_rules[i].present) == sibling_rules[i].present &&
        (self->present & sibling_rules[i].absent) == 0)
      return sibling_rules[i].type;
  for (gsize i = 0; i < G_N_ELEMENTS (halves); i++)
    if (halves[i].up == word && (self->present & BIT (halves[i].down)) != 0 && self->up_rows > 0)
      {
        /* Halving the even side cannot overflow, doubling could. */
        if (self->up_rows % 2 == 0 && self->up_rows / 2 == self->down_columns)
          return WS_BLOCK_GATE_UP_PROJ;
        if (self->up_rows == self->down_columns)
          return WS_BLOCK_UP_PROJ;
      }
  return type;
}

static Family *
look_up_family (GHashTable *families, const char *name, gsize parent_length)
{
  g_autofree char *parent = g_strndup (name, parent_length);
  Family *family = g_hash_table_lookup (families, parent);

  if (family == NULL)
    {
      family = g_new0 (Family, 1);
      g_hash_table_insert (families, g_steal_pointer (&parent), family);
    }
  return family;
}

static void
apply_families (const WsBlockInput *inputs, const WsBlockReading *readings, gsize n,
                WsBlockClass *classes)
{
  g_autoptr (GHashTable) families = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree Family **family_of = g_new0 (Family *, n);
  g_autofree guint8 *word_of = g_new (guint8, n);

  for (gsize i = 0; i < n; i++)
    {
      word_of[i] = readings[i].role != NULL ? find_word (readings[i].word) : NO_WORD;
      if (word_of[i] == NO_WORD)
        continue;
      family_of[i] = look_up_family (families, inputs[i].name, readings[i].parent_length);
      family_add (family_of[i], word_of[i], &inputs[i], readings[i].role);
    }
  for (gsize i = 0; i < n; i++)
    if (family_of[i] != NULL)
      {
        const WsBlockRole *role = readings[i].role;
        WsBlockType type = family_get_role (family_of[i], word_of[i], role->role);

        classes[i].type = ws_block_role_get_type (role, type);
      }
}

static char *
dup_module (const char *name)
{
  const char *dot = strrchr (name, '.');

  return g_strndup (name, dot != NULL ? (gsize) (dot - name) : 0);
}

/* Of the modules in a sequence, numbered and not named, the one whose weight is a vector is a norm
 * (the first of InternVL's "mlp1", every other of SAM's "neck"), and so is its bias. */
static void
apply_sequences (const WsBlockInput *inputs, const WsBlockReading *readings, gsize n,
                 WsBlockClass *classes)
{
  g_autoptr (GHashTable) norms = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (gsize i = 0; i < n; i++)
    {
      const WsBlockRole *role = readings[i].role;

      if (role == NULL || !role->in_sequence || role->suffix != WS_BLOCK_SUFFIX_WEIGHT ||
          inputs[i].dims == NULL || inputs[i].n_dims != 1)
        continue;
      classes[i].type = WS_BLOCK_NORM;
      g_hash_table_add (norms, dup_module (inputs[i].name));
    }
  if (g_hash_table_size (norms) == 0)
    return;
  for (gsize i = 0; i < n; i++)
    if (classes[i].type == WS_BLOCK_BIAS && readings[i].role->in_sequence)
      {
        g_autofree char *module = dup_module (inputs[i].name);

        if (g_hash_table_contains (norms, module))
          classes[i].type = WS_BLOCK_NORM;
      }
}

static guint64
count_vocabulary (const WsBlockInput *inputs, gsize n, const WsBlockClass *classes)
{
  guint64 n_rows = 0;

  for (gsize i = 0; i < n; i++)
    if (classes[i].type == WS_BLOCK_EMBEDDING && inputs[i].dims != NULL && inputs[i].n_dims == 2)
      n_rows = MAX (n_rows, inputs[i].dims[0]);
  return n_rows;
}

/* A matrix called "head" at the top may lead to the vocabulary or to the classes of a task. */
static void
apply_vocabulary (const WsBlockInput *inputs, const WsBlockReading *readings, gsize n,
                  guint64 n_vocab, WsBlockClass *classes)
{
  if (n_vocab == 0)
    n_vocab = count_vocabulary (inputs, n, classes);
  if (n_vocab == 0)
    return;
  for (gsize i = 0; i < n; i++)
    {
      const WsBlockRole *role = readings[i].role;

      if (role == NULL || (role->context & WS_BLOCK_AT_TOP) == 0 ||
          !is_matrix_weight (&inputs[i], role))
        continue;
      if (strcmp (readings[i].word, "head") != 0 && strcmp (readings[i].word, "decoder") != 0 &&
          strcmp (readings[i].word, "out_proj") != 0)
        continue;
      /* Vocabularies are padded, or cut, by far less than half. */
      classes[i].type = inputs[i].dims[0] >= n_vocab / 2 ? WS_BLOCK_OUTPUT : WS_BLOCK_HEAD;
    }
}

void
ws_block_siblings_apply (const WsBlockInput *inputs, const WsBlockReading *readings, gsize n,
                         guint64 n_vocab, WsBlockClass *classes)
{
  apply_families (inputs, readings, n, classes);
  apply_sequences (inputs, readings, n, classes);
  apply_vocabulary (inputs, readings, n, n_vocab, classes);
}
