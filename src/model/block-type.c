/* SPDX-License-Identifier: MIT */
/* The vocabulary of block types, and the reading of all names of a checkpoint. */
#include "model/block-type.h"

#include <string.h>

#include "model/block-rules.h"
#include "model/block-siblings.h"

/* Judgement: several times the longest names seen (under 200 bytes, 20 parts). */
#define MAX_NAME_LENGTH 1024
#define MAX_TOKENS 64

static const struct
{
  const char *key;
  const char *coarse;
} vocabulary[WS_N_BLOCK_TYPES] = {
  [WS_BLOCK_OTHER] = { "other", "other" },
  [WS_BLOCK_EMBEDDING] = { "embedding", "embedding" },
  [WS_BLOCK_POSITION_EMBEDDING] = { "position_embedding", "embedding" },
  [WS_BLOCK_TOKEN_TYPE_EMBEDDING] = { "token_type_embedding", "embedding" },
  [WS_BLOCK_PATCH_EMBEDDING] = { "patch_embedding", "embedding" },
  [WS_BLOCK_SPECIAL_EMBEDDING] = { "special_embedding", "embedding" },
  [WS_BLOCK_Q_PROJ] = { "q_proj", "q_proj" },
  [WS_BLOCK_K_PROJ] = { "k_proj", "k_proj" },
  [WS_BLOCK_V_PROJ] = { "v_proj", "v_proj" },
  [WS_BLOCK_O_PROJ] = { "o_proj", "o_proj" },
  [WS_BLOCK_QKV_PROJ] = { "qkv_proj", "other" },
  [WS_BLOCK_Q_A_PROJ] = { "q_a_proj", "other" },
  [WS_BLOCK_Q_B_PROJ] = { "q_b_proj", "other" },
  [WS_BLOCK_KV_A_PROJ] = { "kv_a_proj", "other" },
  [WS_BLOCK_KV_B_PROJ] = { "kv_b_proj", "other" },
  [WS_BLOCK_ATTN_GATE] = { "attn_gate", "other" },
  [WS_BLOCK_ATTN_SINK] = { "attn_sink", "other" },
  [WS_BLOCK_POSITION_BIAS] = { "position_bias", "other" },
  [WS_BLOCK_GATE_PROJ] = { "gate_proj", "other" },
  [WS_BLOCK_UP_PROJ] = { "up_proj", "other" },
  [WS_BLOCK_DOWN_PROJ] = { "down_proj", "other" },
  [WS_BLOCK_GATE_UP_PROJ] = { "gate_up_proj", "other" },
  [WS_BLOCK_MOE_ROUTER] = { "moe_router", "moe" },
  [WS_BLOCK_MOE_EXPERT_GATE] = { "moe_expert_gate", "moe" },
  [WS_BLOCK_MOE_EXPERT_UP] = { "moe_expert_up", "moe" },
  [WS_BLOCK_MOE_EXPERT_DOWN] = { "moe_expert_down", "moe" },
  [WS_BLOCK_MOE_EXPERT_GATE_UP] = { "moe_expert_gate_up", "moe" },
  [WS_BLOCK_MOE_SHARED_GATE] = { "moe_shared_gate", "moe" },
  [WS_BLOCK_MOE_SHARED_UP] = { "moe_shared_up", "moe" },
  [WS_BLOCK_MOE_SHARED_DOWN] = { "moe_shared_down", "moe" },
  [WS_BLOCK_MOE_SHARED_GATE_UP] = { "moe_shared_gate_up", "moe" },
  [WS_BLOCK_MOE_SHARED_ROUTER] = { "moe_shared_router", "moe" },
  [WS_BLOCK_NORM] = { "norm", "norm" },
  [WS_BLOCK_OUTPUT] = { "output", "output" },
  [WS_BLOCK_HEAD] = { "head", "other" },
  [WS_BLOCK_SSM_IN_PROJ] = { "ssm_in_proj", "other" },
  [WS_BLOCK_SSM_X_PROJ] = { "ssm_x_proj", "other" },
  [WS_BLOCK_SSM_DT_PROJ] = { "ssm_dt_proj", "other" },
  [WS_BLOCK_SSM_CONV] = { "ssm_conv", "other" },
  [WS_BLOCK_SSM_OUT_PROJ] = { "ssm_out_proj", "other" },
  [WS_BLOCK_SSM_PARAM] = { "ssm_param", "other" },
  [WS_BLOCK_RECEPTANCE] = { "receptance", "other" },
  [WS_BLOCK_PROJECTOR] = { "projector", "other" },
  [WS_BLOCK_CONV] = { "conv", "other" },
  [WS_BLOCK_PROJ] = { "proj", "other" },
  [WS_BLOCK_BIAS] = { "bias", "other" },
  [WS_BLOCK_SCALE] = { "scale", "other" },
  [WS_BLOCK_QUANT_AUX] = { "quant_aux", "other" },
  [WS_BLOCK_BUFFER] = { "buffer", "other" },
  [WS_BLOCK_LORA_A] = { "lora_a", "other" },
  [WS_BLOCK_LORA_B] = { "lora_b", "other" },
};

const char *
ws_block_type_get_key (WsBlockType type)
{
  g_return_val_if_fail ((guint) type < WS_N_BLOCK_TYPES, "other");

  return vocabulary[type].key;
}

gboolean
ws_block_type_from_key (const char *key, WsBlockType *type)
{
  for (guint i = 0; i < WS_N_BLOCK_TYPES; i++)
    if (strcmp (key, vocabulary[i].key) == 0)
      {
        *type = (WsBlockType) i;
        return TRUE;
      }
  return FALSE;
}

const char *
ws_block_type_get_coarse (WsBlockType type)
{
  g_return_val_if_fail ((guint) type < WS_N_BLOCK_TYPES, "other");

  return vocabulary[type].coarse;
}

void
ws_block_class_clear (WsBlockClass *self)
{
  g_clear_pointer (&self->stack, g_free);
}

/* One name cut at its dots. Two names with equal patterns have equal roles. */
typedef struct
{
  char lower[MAX_NAME_LENGTH + 1]; /* the tokens, a NUL after each */
  char pattern[MAX_NAME_LENGTH + 1];
  const char *tokens[MAX_TOKENS]; /* in lower[], integers as WS_BLOCK_INTEGER */
  guint starts[MAX_TOKENS];       /* byte in the name */
  guint n_tokens;
} Name;

/* A memoised reading: a checkpoint of 90,000 names has some fifty patterns. */
typedef struct
{
  WsBlockRole role;
  char *word;
} Pattern;

static void
pattern_free (gpointer data)
{
  Pattern *pattern = data;

  g_free (pattern->word);
  g_free (pattern);
}

static gboolean
is_index (const char *token)
{
  gsize length = strspn (token, "0123456789");

  /* Nine digits always fit an int. */
  return length > 0 && length <= 9 && token[length] == '\0';
}

static int
index_at (const Name *name, guint i)
{
  return (int) g_ascii_strtoll (name->lower + name->starts[i], NULL, 10);
}

static void
append_to_pattern (Name *name, gsize *length, const char *token)
{
  gsize n = strlen (token);

  if (*length > 0)
    name->pattern[(*length)++] = '.';
  memcpy (name->pattern + *length, token, n + 1);
  *length += n;
}

/* Returns: FALSE if the name is longer than any name of a model. */
static gboolean
name_read (Name *self, const char *text)
{
  gsize length = strnlen (text, MAX_NAME_LENGTH + 1);
  gsize pattern_length = 0;

  if (length > MAX_NAME_LENGTH)
    return FALSE;
  self->n_tokens = 0;
  self->pattern[0] = '\0';
  for (gsize start = 0, end = 0; end <= length; end++)
    {
      const char *token = self->lower + start;

      self->lower[end] = text[end] == '.' ? '\0' : g_ascii_tolower (text[end]);
      if (self->lower[end] != '\0')
        continue;
      if (self->n_tokens == MAX_TOKENS)
        return FALSE;
      self->starts[self->n_tokens] = (guint) start;
      self->tokens[self->n_tokens] = is_index (token) ? WS_BLOCK_INTEGER : token;
      append_to_pattern (self, &pattern_length, self->tokens[self->n_tokens]);
      self->n_tokens++;
      start = end + 1;
    }
  return TRUE;
}

static const Pattern *
look_up_pattern (GHashTable *patterns, const Name *name)
{
  Pattern *pattern = g_hash_table_lookup (patterns, name->pattern);

  if (pattern == NULL)
    {
      pattern = g_new0 (Pattern, 1);
      pattern->role = ws_block_rules_match (name->tokens, name->n_tokens);
      pattern->word = g_strdup (name->tokens[pattern->role.leaf]);
      g_hash_table_insert (patterns, g_strdup (name->pattern), pattern);
    }
  return pattern;
}

/* "expert_12" of Switch Transformers. */
static gboolean
read_joined_expert (const char *token, int *expert_index)
{
  const char *number;

  if (!g_str_has_prefix (token, "expert_"))
    return FALSE;
  number = token + strlen ("expert_");
  if (!is_index (number))
    return FALSE;
  *expert_index = (int) g_ascii_strtoll (number, NULL, 10);
  return TRUE;
}

static void
find_indexes (const Name *name, const char *text, WsBlockClass *class)
{
  for (guint i = 0; i < name->n_tokens; i++)
    {
      gboolean counts =
          i + 1 < name->n_tokens && strcmp (name->tokens[i + 1], WS_BLOCK_INTEGER) == 0;

      if (counts && class->layer_index < 0 && ws_block_token_counts_layers (name->tokens[i]))
        {
          class->layer_index = index_at (name, i + 1);
          class->stack = g_strndup (text, name->starts[i] - (i > 0));
        }
      else if (counts && class->expert_index < 0 && ws_block_token_counts_experts (name->tokens[i]))
        class->expert_index = index_at (name, i + 1);
      else if (class->expert_index < 0)
        read_joined_expert (name->tokens[i], &class->expert_index);
    }
}

static void
classify_name (const Name *name, const char *text, const Pattern *pattern, WsBlockClass *class)
{
  const WsBlockRole *role = &pattern->role;

  find_indexes (name, text, class);
  class->type = ws_block_role_get_type (role, role->role);
  class->packed = role->suffix == WS_BLOCK_SUFFIX_PACKED;
  class->rule = role->rule;
}

void
ws_block_types_classify (const WsBlockInput *inputs, gsize n, guint64 n_vocab,
                         WsBlockClass *classes)
{
  g_autoptr (GHashTable) patterns =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pattern_free);
  g_autofree WsBlockReading *readings = g_new0 (WsBlockReading, n);
  Name name;

  for (gsize i = 0; i < n; i++)
    {
      const Pattern *pattern;

      classes[i] = (WsBlockClass){ .layer_index = -1, .expert_index = -1, .rule = -1 };
      if (name_read (&name, inputs[i].name))
        {
          pattern = look_up_pattern (patterns, &name);
          classify_name (&name, inputs[i].name, pattern, &classes[i]);
          readings[i] =
              (WsBlockReading){ &pattern->role, pattern->word, name.starts[pattern->role.leaf] };
        }
      if (classes[i].stack == NULL)
        classes[i].stack = g_strdup ("");
    }
  ws_block_siblings_apply (inputs, readings, n, n_vocab, classes);
}
