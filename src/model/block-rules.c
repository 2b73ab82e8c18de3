/* SPDX-License-Identifier: MIT */
/* The static tables that read the role of a tensor from its name, and how they are searched. */
#include "model/block-rules.h"

#include <string.h>

/* In the tables a field is a list of words between blanks; in a word '*' stands for any bytes, '?'
 * for one. The first row that matches wins, so the special comes before the general. */

enum
{
  LAYER = WS_BLOCK_IN_LAYER,
  ATTN = WS_BLOCK_IN_ATTENTION,
  MLP = WS_BLOCK_IN_MLP,
  MOE = WS_BLOCK_IN_MOE,
  EXPERT = WS_BLOCK_IN_EXPERT,
  SHARED = WS_BLOCK_IN_SHARED_EXPERT,
  SSM = WS_BLOCK_IN_SSM,
  MIXER = WS_BLOCK_IN_MIXER,
  VISION = WS_BLOCK_IN_VISION,
  PROJECTOR = WS_BLOCK_IN_PROJECTOR,
  PATCHES = WS_BLOCK_IN_PATCHES,
  HEAD = WS_BLOCK_IN_HEAD,
  TOP = WS_BLOCK_AT_TOP,
};

/* No word of the tables is longer. The bound keeps the search linear in the bytes of a file. */
#define MAX_TOKEN_LENGTH 64

static const char wrappers[] = "module _orig_mod _fsdp_wrapped_module base_model model";
static const char layer_counters[] =
    "layers layer h block blocks blk resblocks decoder_layer mtp_layers albert_layers";
static const char expert_counters[] = "experts local_experts ffn_gate ffn_up ffn_down";

static const struct
{
  const char *tokens;
  guint context;
} context_table[] = {
  { "linear_attn mamba mamba2 ssm delta_net temporal_block rg_lru shortconv conv", SSM },
  { "mixer", MIXER },
  { "*attn* *attention* att", ATTN },
  { "shared_expert shared_experts shared_mlp", SHARED },
  { "experts local_experts expert_*", EXPERT },
  { "*moe*", MOE },
  { "*projector* *merger* *connector* mm mlp1 aligner modality_projection *adapter*", PROJECTOR },
  { "patch_embed* patch_conv", PATCHES },
  { "*mlp* ffn ffns ff feed_forward feedforward densereludense intermediate", MLP },
  { "vision* visual* v image_encoder", VISION },
  { "lm_head* cls *predictions pooler *classifier* score head *_head", HEAD },
};

/* The ends of names, after the last dot. */
static const struct
{
  const char *tokens;
  WsBlockSuffix suffix;
} suffix_table[] = {
  { "weight gamma base_layer original_module", WS_BLOCK_SUFFIX_WEIGHT },
  { "bias beta", WS_BLOCK_SUFFIX_BIAS },
  { "qweight weight_packed q_weight trellis codes w_q", WS_BLOCK_SUFFIX_PACKED },
  { "scale", WS_BLOCK_SUFFIX_SCALE },
  { "weight_scale* weight_zero_point weight_g_idx weight_shape weight_global_scale weight_format "
    "input_scale* input_global_scale input_zero_point output_scale act_scale* k_scale v_scale "
    "qzeros scales g_idx biases scb absmax quant_map quant_state* bitsandbytes__* nested_* "
    "codebooks suh svh mcg mul1 q_scale q_scale_max q_groups q_group_map q_invperm q_perm "
    "scale_inv",
    WS_BLOCK_SUFFIX_QUANT_AUX },
};

/* Ends that are joined to the role: "gate_up_proj_blocks". */
static const struct
{
  const char *end;
  WsBlockSuffix suffix;
} joined_suffix_table[] = {
  { "_weight", WS_BLOCK_SUFFIX_WEIGHT },       { "_bias", WS_BLOCK_SUFFIX_BIAS },
  { "_blocks", WS_BLOCK_SUFFIX_PACKED },       { "_scales", WS_BLOCK_SUFFIX_QUANT_AUX },
  { "_scale_inv", WS_BLOCK_SUFFIX_QUANT_AUX }, { "_scale", WS_BLOCK_SUFFIX_QUANT_AUX },
};

static const struct
{
  const char *token;
  WsBlockSuffix suffix;
} adapter_table[] = {
  { "modules_to_save", WS_BLOCK_SUFFIX_WEIGHT },
  { "lora_a", WS_BLOCK_SUFFIX_LORA_A },
  { "lora_b", WS_BLOCK_SUFFIX_LORA_B },
  { "lora_embedding_a", WS_BLOCK_SUFFIX_LORA_A },
  { "lora_embedding_b", WS_BLOCK_SUFFIX_LORA_B },
  { "lora_magnitude_vector", WS_BLOCK_SUFFIX_LORA_GAIN },
};

typedef struct
{
  guint required; /* contexts, all of them */
  guint forbidden;
  const char *parents; /* NULL: any, even none */
  const char *leaves;
  WsBlockType type;
} Rule;

static const Rule rules[] = {
  /* Not learned. */
  { 0, 0, NULL,
    "inv_freq original_inv_freq rope_freqs rope_factors_* freqs_cis position_ids token_type_ids "
    "masked_bias alibi* slopes cos_cached sin_cached running_mean running_var num_batches_tracked "
    "relative_position_index causal_mask attn_mask attention_mask _float_tensor",
    WS_BLOCK_BUFFER },
  { 0, 0, "rope rotary_emb rotary_pos_emb", "*", WS_BLOCK_BUFFER },

  { 0, 0, NULL, "*norm* ln ln_* ln? *_ln", WS_BLOCK_NORM },

  /* To the vocabulary. The rest of a head is further down. */
  { 0, 0, "lm_head", "decoder linear", WS_BLOCK_OUTPUT },
  { 0, 0, "shared_head", "head", WS_BLOCK_OUTPUT },
  { 0, 0, NULL,
    "lm_head lm_heads *_lm_head embed_out output_layer vocab_projector shared_head_head",
    WS_BLOCK_OUTPUT },
  { 0, LAYER, NULL, "decoder ff_out", WS_BLOCK_OUTPUT },
  /* Old Phi files number the head like a layer. */
  { LAYER, 0, "layers", "linear", WS_BLOCK_OUTPUT },

  /* Embeddings. */
  { PATCHES, 0, NULL, "*", WS_BLOCK_PATCH_EMBEDDING },
  { 0, 0, NULL, "patch_emb* patch_conv", WS_BLOCK_PATCH_EMBEDDING },
  { VISION, LAYER, NULL, "conv1", WS_BLOCK_PATCH_EMBEDDING },
  { 0, 0, "*positional_embedding", "gate", WS_BLOCK_SCALE },
  { 0, 0, "*positional_embedding", "embedding tile_embedding", WS_BLOCK_POSITION_EMBEDDING },
  { 0, 0, NULL,
    "wpe *position_emb* *positional_emb* embed_positions pos_emb* abs_pos_emb* rel_embeddings",
    WS_BLOCK_POSITION_EMBEDDING },
  { 0, 0, NULL, "token_type_embeddings token_types segment_embeddings",
    WS_BLOCK_TOKEN_TYPE_EMBEDDING },
  { 0, 0, NULL, "embed_tokens_per_layer per_layer_token_embd", WS_BLOCK_SPECIAL_EMBEDDING },
  { 0, 0, NULL,
    "embed_tokens wte word_embedding word_embeddings tok_embeddings tok_emb token_embd "
    "token_embedding token_embeddings embed_in embedding embeddings new_embedding emb shared",
    WS_BLOCK_EMBEDDING },
  { 0, 0, NULL,
    "*_token *_tokens class_emb* class_embd latents probe *newline *separator *seperator "
    "img_break_embd",
    WS_BLOCK_SPECIAL_EMBEDDING },

  { 0, 0, NULL,
    "logit_scale layer_scale* skip_scale lambda* ls? gamma_? cross_attn_*_gate gate_attn gate_ffn "
    "alpha alpha_? *_alpha",
    WS_BLOCK_SCALE },

  /* State spaces and recurrences. GGUF calls the RWKV matrices what others call their mixes. */
  { 0, 0, "rg_lru", "*", WS_BLOCK_SSM_PARAM },
  { 0, ATTN | MLP, NULL, "time_mix_receptance channel_mix_receptance", WS_BLOCK_RECEPTANCE },
  { 0, ATTN | MLP, NULL, "time_mix_key", WS_BLOCK_K_PROJ },
  { 0, ATTN | MLP, NULL, "time_mix_value", WS_BLOCK_V_PROJ },
  { 0, ATTN | MLP, NULL, "time_mix_output", WS_BLOCK_O_PROJ },
  { 0, ATTN | MLP, NULL, "time_mix_gate", WS_BLOCK_ATTN_GATE },
  { 0, ATTN | MLP, NULL, "channel_mix_key", WS_BLOCK_UP_PROJ },
  { 0, ATTN | MLP, NULL, "channel_mix_value", WS_BLOCK_DOWN_PROJ },
  { 0, 0, NULL, "a_log dt_bias time_* ssm_a ssm_d", WS_BLOCK_SSM_PARAM },
  { SSM, 0, NULL, "d", WS_BLOCK_SSM_PARAM },
  { MIXER, 0, NULL, "d", WS_BLOCK_SSM_PARAM },
  { 0, 0, NULL, "receptance", WS_BLOCK_RECEPTANCE },
  { SSM, 0, NULL, "in_proj in_proj_* linear_x linear_y", WS_BLOCK_SSM_IN_PROJ },
  { MIXER, 0, NULL, "in_proj", WS_BLOCK_SSM_IN_PROJ },
  { 0, 0, NULL, "ssm_in ssm_ba ssm_beta_alpha", WS_BLOCK_SSM_IN_PROJ },
  { 0, 0, NULL, "x_proj ssm_x", WS_BLOCK_SSM_X_PROJ },
  { 0, 0, NULL, "dt_proj ssm_dt", WS_BLOCK_SSM_DT_PROJ },
  { SSM | LAYER, 0, NULL, "conv conv_1d", WS_BLOCK_SSM_CONV },
  { LAYER, VISION, NULL, "*conv1d", WS_BLOCK_SSM_CONV },
  { SSM, 0, NULL, "out_proj linear_out", WS_BLOCK_SSM_OUT_PROJ },
  { MIXER, 0, NULL, "out_proj", WS_BLOCK_SSM_OUT_PROJ },
  { 0, 0, NULL, "ssm_out", WS_BLOCK_SSM_OUT_PROJ },

  /* Attention. */
  { 0, 0, NULL, "sinks attn_sinks", WS_BLOCK_ATTN_SINK },
  { 0, 0, NULL, "relative_attention_bias relative_position_bias* rel_pos_? pos_bias_? *attn_rel_b",
    WS_BLOCK_POSITION_BIAS },
  { 0, 0, "indexer", "wq_b wk weights_proj", WS_BLOCK_PROJ },
  { 0, 0, NULL, "q_a_proj wq_a attn_q_a", WS_BLOCK_Q_A_PROJ },
  { 0, 0, NULL, "q_b_proj wq_b attn_q_b", WS_BLOCK_Q_B_PROJ },
  { 0, 0, NULL, "kv_a_proj kv_a_proj_with_mqa wkv_a attn_kv_a_mqa", WS_BLOCK_KV_A_PROJ },
  { 0, 0, NULL, "kv_b_proj wkv_b attn_kv_b attn_k_b attn_v_b", WS_BLOCK_KV_B_PROJ },
  { 0, 0, NULL,
    "qkv qkv_proj wqkv attn_qkv c_attn query_key_value w_pack att_proj kv kv_proj key_value",
    WS_BLOCK_QKV_PROJ },
  { ATTN, 0, NULL, "in_proj", WS_BLOCK_QKV_PROJ },
  { 0, 0, NULL, "q_proj wq q_lin query_proj attn_q cross_attn_q to_q", WS_BLOCK_Q_PROJ },
  { 0, 0, NULL, "k_proj wk k_lin key_proj attn_k cross_attn_k to_k", WS_BLOCK_K_PROJ },
  { 0, 0, NULL, "v_proj wv v_lin value_proj attn_v cross_attn_v to_v", WS_BLOCK_V_PROJ },
  { 0, 0, NULL, "o_proj out_lin attn_output attn_out attn_o cross_attn_o to_out", WS_BLOCK_O_PROJ },
  { ATTN, 0, NULL, "q query", WS_BLOCK_Q_PROJ },
  { ATTN, 0, NULL, "k key", WS_BLOCK_K_PROJ },
  { ATTN, 0, NULL, "v value", WS_BLOCK_V_PROJ },
  { ATTN, 0, NULL, "o out_proj wo c_proj proj dense output linear_out", WS_BLOCK_O_PROJ },
  { ATTN, 0, NULL, "gate gate_proj g_proj g_a_proj g_b_proj", WS_BLOCK_ATTN_GATE },
  { 0, 0, NULL, "attn_gate", WS_BLOCK_ATTN_GATE },

  /* From one kind of input to another. A projector that has layers has ordinary ones. */
  { PROJECTOR, LAYER, NULL, "*", WS_BLOCK_PROJECTOR },
  { 0, LAYER, NULL,
    "mm mlp1 *projector aligner language_projection img_projection vision_proj "
    "embedding_projection",
    WS_BLOCK_PROJECTOR },

  /* Mixtures of experts: what is in an expert has the type of the dense matrix here, see
   * in_expert(). */
  { 0, 0, NULL, "shared_expert_gate ffn_gate_inp_shexp", WS_BLOCK_MOE_SHARED_ROUTER },
  { 0, 0, "router", "layer classifier proj gate", WS_BLOCK_MOE_ROUTER },
  { 0, 0, "gate", "wg", WS_BLOCK_MOE_ROUTER },
  { MLP, 0, NULL, "gate", WS_BLOCK_MOE_ROUTER },
  { MOE, 0, NULL, "gate", WS_BLOCK_MOE_ROUTER },
  { 0, 0, NULL, "router ffn_gate_inp", WS_BLOCK_MOE_ROUTER },
  { 0, 0, NULL, "ffn_gate_exps", WS_BLOCK_MOE_EXPERT_GATE },
  { 0, 0, NULL, "ffn_up_exps", WS_BLOCK_MOE_EXPERT_UP },
  { 0, 0, NULL, "ffn_down_exps", WS_BLOCK_MOE_EXPERT_DOWN },
  { 0, 0, NULL, "ffn_gate_up_exps", WS_BLOCK_MOE_EXPERT_GATE_UP },
  { 0, 0, NULL, "ffn_gate_shexp", WS_BLOCK_MOE_SHARED_GATE },
  { 0, 0, NULL, "ffn_up_shexp", WS_BLOCK_MOE_SHARED_UP },
  { 0, 0, NULL, "ffn_down_shexp", WS_BLOCK_MOE_SHARED_DOWN },
  { EXPERT, 0, NULL, "linear", WS_BLOCK_GATE_PROJ },
  { EXPERT, 0, NULL, "linear_v", WS_BLOCK_UP_PROJ },
  { EXPERT, 0, NULL, "linear_1", WS_BLOCK_DOWN_PROJ },

  /* Dense blocks. */
  { 0, 0, NULL, "gate_up_proj gate_and_up_proj gated_layers input_linear ff_proj proj_1 w12",
    WS_BLOCK_GATE_UP_PROJ },
  { 0, 0, NULL, "gate_proj ffn_gate w1 wi_0 c_fc_0 c_fc2 fc12 fc1_g", WS_BLOCK_GATE_PROJ },
  { 0, 0, NULL,
    "up_proj ffn_up w3 v1 wi wi_1 c_fc c_fc_1 fc0 fc1 fc11 fc1_x fc_in lin1 linear1 linear_fc1 "
    "dense_h_to_4h",
    WS_BLOCK_UP_PROJ },
  { 0, 0, NULL,
    "down_proj ffn_down w2 fc2 fc_out lin2 linear2 linear_fc2 dense_4h_to_h ffn_output proj_2 "
    "output_linear ff_out",
    WS_BLOCK_DOWN_PROJ },
  { MLP, 0, NULL, "c_proj wo", WS_BLOCK_DOWN_PROJ },
  { MLP, ATTN, NULL, "key", WS_BLOCK_UP_PROJ },
  { MLP, ATTN, NULL, "value", WS_BLOCK_DOWN_PROJ },
  { LAYER, 0, NULL, "ffn", WS_BLOCK_UP_PROJ },
  { 0, 0, "intermediate", "dense", WS_BLOCK_UP_PROJ },
  { LAYER, ATTN, "output", "dense", WS_BLOCK_DOWN_PROJ },

  /* Heads of tasks. */
  { HEAD, LAYER, NULL, "dense* linear* out_proj transform summary output seq_relationship",
    WS_BLOCK_HEAD },
  { 0, LAYER, NULL,
    "score *classifier* pooler vocab_transform qa_outputs summary head *_head cls out_proj",
    WS_BLOCK_HEAD },
  { 0, LAYER, NULL, "output proj_out", WS_BLOCK_OUTPUT },

  /* What is left has at least a kind. */
  { 0, 0, NULL, "*_bias exp_probs_b", WS_BLOCK_BIAS },
  { 0, 0, NULL, "*conv* neck", WS_BLOCK_CONV },
  { 0, 0, NULL, "*proj* dense fc linear* *_mapping_in *_lin", WS_BLOCK_PROJ },
};

/* Does @length bytes of @glob match all of @text? The usual walk back to the last '*': linear in
 * practice, length times strlen (@text) at worst, and both are short. */
static gboolean
glob_matches (const char *glob, gsize length, const char *text)
{
  const char *end = glob + length;
  const char *star = NULL, *retry = NULL;

  while (*text != '\0')
    {
      if (glob < end && *glob == '*')
        {
          star = glob++;
          retry = text;
        }
      else if (glob < end && (*glob == '?' || *glob == *text))
        {
          glob++;
          text++;
        }
      else if (star != NULL)
        {
          glob = star + 1;
          text = ++retry;
        }
      else
        return FALSE;
    }
  while (glob < end && *glob == '*')
    glob++;
  return glob == end;
}

static gboolean
words_match (const char *words, const char *token)
{
  if (strnlen (token, MAX_TOKEN_LENGTH + 1) > MAX_TOKEN_LENGTH)
    return FALSE;
  while (*words != '\0')
    {
      const char *word = words;

      while (*words != '\0' && *words != ' ')
        words++;
      /* The first byte, never a '?' in the tables, rules out most words. */
      if ((*word == *token || *word == '*') && glob_matches (word, (gsize) (words - word), token))
        return TRUE;
      if (*words == ' ')
        words++;
    }
  return FALSE;
}

static gboolean
is_integer (const char *token)
{
  return strcmp (token, WS_BLOCK_INTEGER) == 0;
}

gboolean
ws_block_token_counts_layers (const char *token)
{
  return words_match (layer_counters, token);
}

gboolean
ws_block_token_counts_experts (const char *token)
{
  return words_match (expert_counters, token);
}

/* Cuts what an adapter appends ("lora_a.NAME.weight") and the suffixes from the end.
 * Returns: how many of the @n tokens name the role. */
static guint
peel_suffixes (const char *const *tokens, guint n, WsBlockSuffix *suffix)
{
  *suffix = WS_BLOCK_SUFFIX_WEIGHT;
  for (guint i = n > 3 ? n - 3 : 0; i < n; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (adapter_table); k++)
      if (strcmp (tokens[i], adapter_table[k].token) == 0)
        {
          *suffix = adapter_table[k].suffix;
          n = i;
        }
  while (n > 0)
    {
      gsize k = 0;

      while (k < G_N_ELEMENTS (suffix_table) &&
             !words_match (suffix_table[k].tokens, tokens[n - 1]))
        k++;
      if (k == G_N_ELEMENTS (suffix_table))
        break;
      *suffix = MAX (*suffix, suffix_table[k].suffix);
      n--;
    }
  return n;
}

static guint
token_context (const char *token)
{
  for (gsize k = 0; k < G_N_ELEMENTS (context_table); k++)
    if (words_match (context_table[k].tokens, token))
      return context_table[k].context;
  return 0;
}

/* What the modules in front of tokens[leaf] are. The layer number and that of an old GGUF expert
 * ("ffn_gate.3") may follow the leaf. */
static guint
collect_context (const char *const *tokens, guint n, guint leaf)
{
  guint context = leaf == 0 ? TOP : 0;

  for (guint i = 0; i < leaf; i++)
    {
      context |= token_context (tokens[i]);
      if (i + 1 < n && is_integer (tokens[i + 1]) && ws_block_token_counts_layers (tokens[i]))
        context |= LAYER;
    }
  if (leaf + 1 < n && is_integer (tokens[leaf + 1]) && ws_block_token_counts_experts (tokens[leaf]))
    context |= EXPERT;
  return context;
}

static int
find_rule (guint context, const char *parent, const char *leaf)
{
  for (gsize k = 0; k < G_N_ELEMENTS (rules); k++)
    {
      const Rule *rule = &rules[k];

      if ((context & rule->required) != rule->required || (context & rule->forbidden) != 0)
        continue;
      if (rule->parents != NULL && (parent == NULL || !words_match (rule->parents, parent)))
        continue;
      if (words_match (rule->leaves, leaf))
        return (int) k;
    }
  return -1;
}

/* Reads "gate_up_proj_bias" as gate_up_proj and its suffix, if the rest is a role. */
static int
find_joined_rule (guint context, const char *parent, const char *leaf, WsBlockSuffix *suffix)
{
  for (gsize k = 0; k < G_N_ELEMENTS (joined_suffix_table); k++)
    {
      g_autofree char *rest = NULL;
      int rule;

      if (!g_str_has_suffix (leaf, joined_suffix_table[k].end))
        continue;
      rest = g_strndup (leaf, strlen (leaf) - strlen (joined_suffix_table[k].end));
      rule = find_rule (context, parent, rest);
      if (rule >= 0 && rules[rule].type != WS_BLOCK_SSM_PARAM)
        {
          *suffix = MAX (*suffix, joined_suffix_table[k].suffix);
          return rule;
        }
    }
  return -1;
}

static guint
count_wrappers (const char *const *tokens, guint n)
{
  guint count = 0;

  while (count < n && words_match (wrappers, tokens[count]))
    count++;
  return count;
}

WsBlockRole
ws_block_rules_match (const char *const *tokens, guint n)
{
  WsBlockRole role = { .role = WS_BLOCK_OTHER, .rule = -1 };
  guint n_wrappers, leaf;
  const char *parent = NULL;

  n = peel_suffixes (tokens, n, &role.suffix);
  n_wrappers = count_wrappers (tokens, n);
  tokens += n_wrappers;
  n -= n_wrappers;
  leaf = n;
  /* An integer is the place in a sequence of modules: the sequence has the role. */
  while (leaf > 0 && is_integer (tokens[leaf - 1]))
    leaf--;
  if (leaf == 0)
    return role;
  leaf--;
  for (guint i = leaf; i > 0 && parent == NULL; i--)
    if (!is_integer (tokens[i - 1]))
      parent = tokens[i - 1];

  role.leaf = n_wrappers + leaf;
  role.in_sequence = leaf + 1 < n;
  role.context = collect_context (tokens, n, leaf);
  role.rule = find_joined_rule (role.context, parent, tokens[leaf], &role.suffix);
  if (role.rule < 0)
    role.rule = find_rule (role.context, parent, tokens[leaf]);
  if (role.rule >= 0)
    role.role = rules[role.rule].type;
  /* The "bias" of an attention module itself is the causal mask of GPT-2 and GPT-NeoX. */
  else if (role.suffix == WS_BLOCK_SUFFIX_BIAS && token_context (tokens[leaf]) == ATTN)
    role.role = WS_BLOCK_BUFFER;
  return role;
}

/* The four matrices of a dense block, as they are called in an expert. */
static WsBlockType
in_expert (WsBlockType type, gboolean shared)
{
  switch (type)
    {
    case WS_BLOCK_GATE_PROJ:
      return shared ? WS_BLOCK_MOE_SHARED_GATE : WS_BLOCK_MOE_EXPERT_GATE;
    case WS_BLOCK_UP_PROJ:
      return shared ? WS_BLOCK_MOE_SHARED_UP : WS_BLOCK_MOE_EXPERT_UP;
    case WS_BLOCK_DOWN_PROJ:
      return shared ? WS_BLOCK_MOE_SHARED_DOWN : WS_BLOCK_MOE_EXPERT_DOWN;
    case WS_BLOCK_GATE_UP_PROJ:
      return shared ? WS_BLOCK_MOE_SHARED_GATE_UP : WS_BLOCK_MOE_EXPERT_GATE_UP;
    default:
      return type;
    }
}

static WsBlockType
weight_type (guint context, WsBlockType type)
{
  if ((context & SHARED) != 0)
    return in_expert (type, TRUE);
  if ((context & (EXPERT | MOE)) != 0)
    return in_expert (type, FALSE);
  return type;
}

WsBlockType
ws_block_role_get_type (const WsBlockRole *role, WsBlockType type)
{
  switch (role->suffix)
    {
    case WS_BLOCK_SUFFIX_WEIGHT:
    case WS_BLOCK_SUFFIX_PACKED:
      return weight_type (role->context, type);
    case WS_BLOCK_SUFFIX_BIAS:
      return type == WS_BLOCK_NORM || type == WS_BLOCK_BUFFER ? type : WS_BLOCK_BIAS;
    case WS_BLOCK_SUFFIX_SCALE:
      return type == WS_BLOCK_NORM ? WS_BLOCK_NORM : WS_BLOCK_QUANT_AUX;
    case WS_BLOCK_SUFFIX_LORA_A:
      return WS_BLOCK_LORA_A;
    case WS_BLOCK_SUFFIX_LORA_B:
      return WS_BLOCK_LORA_B;
    case WS_BLOCK_SUFFIX_LORA_GAIN:
      return WS_BLOCK_SCALE;
    case WS_BLOCK_SUFFIX_QUANT_AUX:
      return WS_BLOCK_QUANT_AUX;
    }
  return WS_BLOCK_OTHER;
}
