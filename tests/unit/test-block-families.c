/* SPDX-License-Identifier: MIT */
/* Names of each architecture get the layer and the type that they have there. The expected values
 * are from the modelling code of each family, listed in the design page on formats. */
#include "model/block-type.h"

#include <string.h>

typedef struct
{
  const char *name;
  const char *type;
  int layer;
  int expert;
  guint64 dims[3]; /* 0: none */
} Case;

typedef struct
{
  const char *path;
  const Case *cases;
  gsize n_cases;
} Family;

#define NONE (-1)

static const Case t5[] = {
  { "shared.weight", "embedding", NONE, NONE, { 32128, 512 } },
  { "encoder.block.0.layer.0.SelfAttention.q.weight", "q_proj", 0, NONE },
  { "encoder.block.5.layer.0.SelfAttention.k.weight", "k_proj", 5, NONE },
  { "encoder.block.5.layer.0.SelfAttention.v.weight", "v_proj", 5, NONE },
  { "encoder.block.5.layer.0.SelfAttention.o.weight", "o_proj", 5, NONE },
  { "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight", "position_bias", 0,
    NONE },
  { "encoder.block.5.layer.0.layer_norm.weight", "norm", 5, NONE },
  { "encoder.block.5.layer.1.DenseReluDense.wi_0.weight", "gate_proj", 5, NONE },
  { "encoder.block.5.layer.1.DenseReluDense.wi_1.weight", "up_proj", 5, NONE },
  { "encoder.block.5.layer.1.DenseReluDense.wo.weight", "down_proj", 5, NONE },
  { "decoder.block.3.layer.1.EncDecAttention.q.weight", "q_proj", 3, NONE },
  { "decoder.block.3.layer.1.EncDecAttention.o.weight", "o_proj", 3, NONE },
  { "decoder.block.3.layer.2.DenseReluDense.wi.weight", "up_proj", 3, NONE, { 2048, 512 } },
  { "decoder.block.3.layer.2.DenseReluDense.wo.weight", "down_proj", 3, NONE, { 512, 2048 } },
  { "decoder.final_layer_norm.weight", "norm", NONE, NONE },
  { "lm_head.weight", "output", NONE, NONE },
};

static const Case bart[] = {
  { "model.shared.weight", "embedding", NONE, NONE },
  { "model.encoder.embed_positions.weight", "position_embedding", NONE, NONE },
  { "model.encoder.layernorm_embedding.weight", "norm", NONE, NONE },
  { "model.encoder.layers.0.self_attn.out_proj.weight", "o_proj", 0, NONE },
  { "model.decoder.layers.0.encoder_attn.q_proj.weight", "q_proj", 0, NONE },
  { "model.decoder.layers.0.encoder_attn_layer_norm.bias", "norm", 0, NONE },
  { "model.decoder.layers.11.fc1.weight", "up_proj", 11, NONE, { 4096, 1024 } },
  { "model.decoder.layers.11.fc1.bias", "bias", 11, NONE, { 4096 } },
  { "model.decoder.layers.11.fc2.weight", "down_proj", 11, NONE, { 1024, 4096 } },
  { "model.decoder.layers.11.final_layer_norm.weight", "norm", 11, NONE },
  { "final_logits_bias", "bias", NONE, NONE },
  { "classification_head.dense.weight", "head", NONE, NONE },
  { "classification_head.out_proj.weight", "head", NONE, NONE },
};

static const Case whisper[] = {
  { "model.encoder.conv1.weight", "conv", NONE, NONE },
  { "model.encoder.conv2.bias", "bias", NONE, NONE },
  { "model.encoder.embed_positions.weight", "position_embedding", NONE, NONE },
  { "model.encoder.layers.3.self_attn.k_proj.weight", "k_proj", 3, NONE },
  { "model.decoder.embed_tokens.weight", "embedding", NONE, NONE },
  { "model.decoder.layers.3.encoder_attn.v_proj.weight", "v_proj", 3, NONE },
  { "proj_out.weight", "output", NONE, NONE },
};

static const Case opt[] = {
  { "model.decoder.project_in.weight", "proj", NONE, NONE },
  { "model.decoder.project_out.weight", "proj", NONE, NONE },
  { "model.decoder.layers.0.self_attn_layer_norm.weight", "norm", 0, NONE },
  { "model.decoder.layers.0.fc2.weight", "down_proj", 0, NONE },
};

static const Case bert_relatives[] = {
  { "bert.embeddings.LayerNorm.gamma", "norm", NONE, NONE },
  { "bert.embeddings.LayerNorm.beta", "norm", NONE, NONE },
  { "cls.predictions.transform.dense.weight", "head", NONE, NONE },
  { "cls.predictions.transform.LayerNorm.weight", "norm", NONE, NONE },
  { "cls.seq_relationship.weight", "head", NONE, NONE },
  { "roberta.encoder.layer.2.output.dense.weight", "down_proj", 2, NONE },
  { "lm_head.dense.weight", "head", NONE, NONE },
  { "lm_head.layer_norm.weight", "norm", NONE, NONE },
  { "lm_head.decoder.weight", "output", NONE, NONE },
  { "lm_head.bias", "bias", NONE, NONE },
  { "classifier.dense.weight", "head", NONE, NONE },
  { "classifier.out_proj.weight", "head", NONE, NONE },
  { "qa_outputs.weight", "head", NONE, NONE },
  { "generator_lm_head.weight", "output", NONE, NONE },
  { "discriminator_predictions.dense.weight", "head", NONE, NONE },
  { "electra.embeddings_project.weight", "proj", NONE, NONE },
};

static const Case distilbert[] = {
  { "distilbert.embeddings.word_embeddings.weight", "embedding", NONE, NONE },
  { "distilbert.transformer.layer.0.attention.q_lin.weight", "q_proj", 0, NONE },
  { "distilbert.transformer.layer.0.attention.k_lin.weight", "k_proj", 0, NONE },
  { "distilbert.transformer.layer.0.attention.v_lin.weight", "v_proj", 0, NONE },
  { "distilbert.transformer.layer.0.attention.out_lin.weight", "o_proj", 0, NONE },
  { "distilbert.transformer.layer.0.sa_layer_norm.weight", "norm", 0, NONE },
  { "distilbert.transformer.layer.0.ffn.lin1.weight", "up_proj", 0, NONE },
  { "distilbert.transformer.layer.0.ffn.lin2.weight", "down_proj", 0, NONE },
  { "distilbert.transformer.layer.0.output_layer_norm.weight", "norm", 0, NONE },
  { "pre_classifier.weight", "head", NONE, NONE },
  { "vocab_transform.weight", "head", NONE, NONE },
  { "vocab_layer_norm.weight", "norm", NONE, NONE },
  { "vocab_projector.weight", "output", NONE, NONE },
  { "vocab_projector.bias", "bias", NONE, NONE },
};

#define ALBERT "albert.encoder.albert_layer_groups.0.albert_layers.0."
static const Case albert[] = {
  { "albert.encoder.embedding_hidden_mapping_in.weight", "proj", NONE, NONE },
  { ALBERT "attention.query.weight", "q_proj", 0, NONE },
  { ALBERT "attention.dense.weight", "o_proj", 0, NONE },
  { ALBERT "attention.LayerNorm.weight", "norm", 0, NONE },
  { ALBERT "ffn.weight", "up_proj", 0, NONE },
  { ALBERT "ffn_output.weight", "down_proj", 0, NONE },
  { ALBERT "full_layer_layer_norm.bias", "norm", 0, NONE },
  { "albert.pooler.weight", "head", NONE, NONE },
  { "predictions.dense.weight", "head", NONE, NONE },
  { "predictions.decoder.weight", "output", NONE, NONE },
};

static const Case deberta[] = {
  { "deberta.encoder.rel_embeddings.weight", "position_embedding", NONE, NONE },
  { "deberta.encoder.layer.1.attention.self.query_proj.weight", "q_proj", 1, NONE },
  { "deberta.encoder.layer.1.attention.self.key_proj.weight", "k_proj", 1, NONE },
  { "deberta.encoder.layer.1.attention.self.value_proj.weight", "v_proj", 1, NONE },
  { "deberta.encoder.layer.1.attention.self.in_proj.weight", "qkv_proj", 1, NONE },
  { "deberta.encoder.layer.1.attention.self.q_bias", "bias", 1, NONE },
  { "deberta.encoder.layer.1.attention.self.pos_proj.weight", "proj", 1, NONE },
  { "deberta.encoder.layer.1.attention.output.dense.weight", "o_proj", 1, NONE },
  { "deberta.encoder.conv.conv.weight", "conv", NONE, NONE },
};

static const Case modernbert[] = {
  { "model.embeddings.tok_embeddings.weight", "embedding", NONE, NONE, { 50368, 768 } },
  { "model.layers.0.attn.Wqkv.weight", "qkv_proj", 0, NONE },
  { "model.layers.0.attn.Wo.weight", "o_proj", 0, NONE, { 768, 768 } },
  { "model.layers.0.mlp.Wi.weight", "gate_up_proj", 0, NONE, { 2304, 768 } },
  { "model.layers.0.mlp.Wo.weight", "down_proj", 0, NONE, { 768, 1152 } },
  { "head.dense.weight", "head", NONE, NONE, { 768, 768 } },
  { "head.norm.weight", "norm", NONE, NONE },
  { "decoder.weight", "output", NONE, NONE, { 50368, 768 } },
  { "decoder.bias", "bias", NONE, NONE },
};

static const Case mamba[] = {
  { "backbone.embeddings.weight", "embedding", NONE, NONE },
  { "backbone.layers.0.norm.weight", "norm", 0, NONE },
  { "backbone.layers.0.mixer.in_proj.weight", "ssm_in_proj", 0, NONE },
  { "backbone.layers.0.mixer.conv1d.weight", "ssm_conv", 0, NONE, { 1536, 1, 4 } },
  { "backbone.layers.0.mixer.conv1d.bias", "bias", 0, NONE },
  { "backbone.layers.0.mixer.x_proj.weight", "ssm_x_proj", 0, NONE },
  { "backbone.layers.0.mixer.dt_proj.weight", "ssm_dt_proj", 0, NONE },
  { "backbone.layers.0.mixer.dt_proj.bias", "bias", 0, NONE },
  { "backbone.layers.0.mixer.A_log", "ssm_param", 0, NONE, { 1536, 16 } },
  { "backbone.layers.0.mixer.D", "ssm_param", 0, NONE },
  { "backbone.layers.0.mixer.dt_bias", "ssm_param", 0, NONE },
  { "backbone.layers.0.mixer.out_proj.weight", "ssm_out_proj", 0, NONE },
  { "backbone.norm_f.weight", "norm", NONE, NONE },
};

static const Case nemotron_h[] = {
  { "backbone.layers.0.mixer.in_proj.weight", "ssm_in_proj", 0, NONE },
  { "backbone.layers.0.mixer.out_proj.weight", "ssm_out_proj", 0, NONE },
  { "backbone.layers.1.mixer.up_proj.weight", "up_proj", 1, NONE },
  { "backbone.layers.1.mixer.down_proj.weight", "down_proj", 1, NONE },
  { "backbone.layers.7.mixer.q_proj.weight", "q_proj", 7, NONE },
  { "backbone.layers.7.mixer.o_proj.weight", "o_proj", 7, NONE },
};

static const Case phi_old[] = {
  { "layers.0.wte.weight", "embedding", 0, NONE },
  { "layers.1.mixer.Wqkv.weight", "qkv_proj", 1, NONE },
  { "layers.1.mixer.out_proj.weight", "o_proj", 1, NONE },
  { "layers.1.mixer.out_proj.bias", "bias", 1, NONE },
  { "layers.1.mlp.fc1.weight", "up_proj", 1, NONE },
  { "layers.1.ln.weight", "norm", 1, NONE },
  { "layers.33.linear.weight", "output", 33, NONE },
};

static const Case jamba[] = {
  { "model.layers.0.mamba.in_proj.weight", "ssm_in_proj", 0, NONE },
  { "model.layers.0.mamba.conv1d.weight", "ssm_conv", 0, NONE },
  { "model.layers.0.mamba.dt_layernorm.weight", "norm", 0, NONE },
  { "model.layers.0.mamba.A_log", "ssm_param", 0, NONE },
  { "model.layers.0.mamba.D", "ssm_param", 0, NONE },
  { "model.layers.0.mamba.out_proj.weight", "ssm_out_proj", 0, NONE },
  { "model.layers.0.feed_forward.gate_proj.weight", "gate_proj", 0, NONE },
  { "model.layers.1.feed_forward.router.weight", "moe_router", 1, NONE },
  { "model.layers.1.feed_forward.experts.15.down_proj.weight", "moe_expert_down", 1, 15 },
  { "model.layers.4.self_attn.q_proj.weight", "q_proj", 4, NONE },
  { "model.final_layernorm.weight", "norm", NONE, NONE },
};

static const Case qwen3_next[] = {
  { "model.layers.0.linear_attn.in_proj_qkvz.weight", "ssm_in_proj", 0, NONE },
  { "model.layers.0.linear_attn.in_proj_ba.weight", "ssm_in_proj", 0, NONE },
  { "model.layers.0.linear_attn.conv1d.weight", "ssm_conv", 0, NONE },
  { "model.layers.0.linear_attn.A_log", "ssm_param", 0, NONE },
  { "model.layers.0.linear_attn.dt_bias", "ssm_param", 0, NONE },
  { "model.layers.0.linear_attn.norm.weight", "norm", 0, NONE },
  { "model.layers.0.linear_attn.out_proj.weight", "ssm_out_proj", 0, NONE },
  { "model.layers.0.mlp.gate.weight", "moe_router", 0, NONE },
  { "model.layers.0.mlp.shared_expert.up_proj.weight", "moe_shared_up", 0, NONE },
  { "model.layers.0.mlp.shared_expert_gate.weight", "moe_shared_router", 0, NONE },
  { "model.layers.0.mlp.experts.511.gate_proj.weight", "moe_expert_gate", 0, 511 },
  { "mtp.fc.weight", "proj", NONE, NONE },
  { "mtp.pre_fc_norm_hidden.weight", "norm", NONE, NONE },
  { "mtp.layers.0.self_attn.q_proj.weight", "q_proj", 0, NONE },
};

static const Case other_hybrids[] = {
  { "model.layers.2.conv.in_proj.weight", "ssm_in_proj", 2, NONE },
  { "model.layers.2.conv.conv.weight", "ssm_conv", 2, NONE },
  { "model.layers.2.conv.out_proj.weight", "ssm_out_proj", 2, NONE },
  { "model.layers.3.self_attn.out_proj.weight", "o_proj", 3, NONE },
  { "model.layers.0.temporal_block.linear_x.weight", "ssm_in_proj", 0, NONE },
  { "model.layers.0.temporal_block.linear_out.weight", "ssm_out_proj", 0, NONE },
  { "model.layers.0.temporal_block.conv_1d.weight", "ssm_conv", 0, NONE },
  { "model.layers.0.temporal_block.rg_lru.recurrent_param", "ssm_param", 0, NONE },
  { "model.layers.0.temporal_block.rg_lru.input_gate_weight", "ssm_param", 0, NONE },
  { "model.layers.0.temporal_block.rg_lru.input_gate_bias", "ssm_param", 0, NONE },
  { "model.layers.0.mlp_block.gate_proj.weight", "gate_proj", 0, NONE },
};

static const Case rwkv[] = {
  { "rwkv.embeddings.weight", "embedding", NONE, NONE, { 50277, 768 } },
  { "rwkv.blocks.0.pre_ln.weight", "norm", 0, NONE },
  { "rwkv.blocks.0.ln1.bias", "norm", 0, NONE },
  { "rwkv.blocks.0.attention.time_decay", "ssm_param", 0, NONE },
  { "rwkv.blocks.0.attention.time_mix_key", "ssm_param", 0, NONE },
  { "rwkv.blocks.0.attention.receptance.weight", "receptance", 0, NONE },
  { "rwkv.blocks.0.attention.key.weight", "k_proj", 0, NONE },
  { "rwkv.blocks.0.attention.value.weight", "v_proj", 0, NONE },
  { "rwkv.blocks.0.attention.output.weight", "o_proj", 0, NONE },
  { "rwkv.blocks.0.attention.gate.weight", "attn_gate", 0, NONE },
  { "rwkv.blocks.0.feed_forward.key.weight", "up_proj", 0, NONE },
  { "rwkv.blocks.0.feed_forward.value.weight", "down_proj", 0, NONE },
  { "rwkv.blocks.0.feed_forward.receptance.weight", "receptance", 0, NONE },
  { "rwkv.ln_out.weight", "norm", NONE, NONE },
  { "head.weight", "output", NONE, NONE, { 50277, 768 } },
};

/* A file of the GGUF kind names the matrices as others name their mixes. */
static const Case rwkv_gguf[] = {
  { "blk.0.time_mix_key.weight", "k_proj", 0, NONE },
  { "blk.0.time_mix_value.weight", "v_proj", 0, NONE },
  { "blk.0.time_mix_output.weight", "o_proj", 0, NONE },
  { "blk.0.time_mix_receptance.weight", "receptance", 0, NONE },
  { "blk.0.time_mix_lerp_x.weight", "ssm_param", 0, NONE },
  { "blk.0.time_mix_ln.weight", "norm", 0, NONE },
  { "blk.0.channel_mix_key.weight", "up_proj", 0, NONE },
  { "blk.0.channel_mix_value.weight", "down_proj", 0, NONE },
};

static const Case vision[] = {
  { "vision_model.embeddings.class_embedding", "special_embedding", NONE, NONE },
  { "vision_model.embeddings.patch_embedding.weight", "patch_embedding", NONE, NONE },
  { "vision_model.embeddings.position_embedding.weight", "position_embedding", NONE, NONE },
  { "vision_model.embeddings.position_ids", "buffer", NONE, NONE },
  { "vision_model.pre_layrnorm.weight", "norm", NONE, NONE },
  { "vision_model.encoder.layers.0.self_attn.out_proj.weight", "o_proj", 0, NONE },
  { "vision_model.encoder.layers.0.layer_norm1.weight", "norm", 0, NONE },
  { "vision_model.encoder.layers.0.mlp.fc1.weight", "up_proj", 0, NONE },
  { "text_model.embeddings.token_embedding.weight", "embedding", NONE, NONE },
  { "logit_scale", "scale", NONE, NONE },
  { "text_projection.weight", "proj", NONE, NONE },
  { "visual_projection.weight", "proj", NONE, NONE },
  { "visual.conv1.weight", "patch_embedding", NONE, NONE },
  { "visual.proj", "proj", NONE, NONE },
  { "visual.transformer.resblocks.3.attn.in_proj_weight", "qkv_proj", 3, NONE },
  { "visual.transformer.resblocks.3.attn.in_proj_bias", "bias", 3, NONE },
  { "visual.transformer.resblocks.3.mlp.c_proj.weight", "down_proj", 3, NONE },
  { "vit.embeddings.cls_token", "special_embedding", NONE, NONE },
  { "vit.embeddings.patch_embeddings.projection.weight", "patch_embedding", NONE, NONE },
  { "vit.encoder.layer.1.attention.attention.query.weight", "q_proj", 1, NONE },
  { "vit.encoder.layer.1.attention.output.dense.weight", "o_proj", 1, NONE },
  { "vit.encoder.layer.1.output.dense.weight", "down_proj", 1, NONE },
  { "vit.encoder.layer.1.layer_scale1.lambda1", "scale", 1, NONE },
  { "blocks.2.ls1.gamma", "scale", 2, NONE },
  { "blocks.2.mlp.w12.weight", "gate_up_proj", 2, NONE },
  { "blocks.2.mlp.w3.weight", "down_proj", 2, NONE },
  { "image_encoder.blocks.2.attn.rel_pos_h", "position_bias", 2, NONE },
  { "image_encoder.blocks.2.attn.qkv.weight", "qkv_proj", 2, NONE },
  { "image_encoder.blocks.2.attn.proj.weight", "o_proj", 2, NONE },
  { "image_encoder.patch_embed.proj.bias", "bias", NONE, NONE },
  { "image_encoder.neck.1.weight", "norm", NONE, NONE, { 256 } },
  { "image_encoder.neck.2.weight", "conv", NONE, NONE, { 256, 256, 9 } },
};

static const Case multimodal[] = {
  { "visual.patch_embed.proj.weight", "patch_embedding", NONE, NONE },
  { "visual.blocks.0.attn.proj.weight", "o_proj", 0, NONE },
  { "visual.merger.ln_q.weight", "norm", NONE, NONE },
  { "visual.merger.mlp.0.weight", "projector", NONE, NONE },
  { "visual.deepstack_merger_list.1.linear_fc1.weight", "projector", NONE, NONE },
  { "multi_modal_projector.linear_1.weight", "projector", NONE, NONE },
  { "multi_modal_projector.linear_1.bias", "bias", NONE, NONE },
  { "multi_modal_projector.mm_input_projection_weight", "projector", NONE, NONE },
  { "model.mm_projector.0.weight", "projector", NONE, NONE },
  { "mlp1.0.weight", "norm", NONE, NONE, { 4096 } },
  { "mlp1.0.bias", "norm", NONE, NONE, { 4096 } },
  { "mlp1.1.weight", "projector", NONE, NONE, { 4096, 4096 } },
  { "mlp1.1.bias", "bias", NONE, NONE, { 4096 } },
  { "model.image_newline", "special_embedding", NONE, NONE },
  { "language_model.model.layers.0.cross_attn_attn_gate", "scale", 0, NONE },
  { "language_model.lm_head.weight", "output", NONE, NONE },
};

static const Case llama4[] = {
  { "language_model.model.layers.1.feed_forward.experts.gate_up_proj",
    "moe_expert_gate_up",
    1,
    NONE,
    { 16, 5120, 16384 } },
  { "language_model.model.layers.1.feed_forward.experts.down_proj", "moe_expert_down", 1, NONE },
  { "language_model.model.layers.1.feed_forward.router.weight", "moe_router", 1, NONE },
  { "language_model.model.layers.1.feed_forward.shared_expert.gate_proj.weight", "moe_shared_gate",
    1, NONE },
  { "language_model.model.layers.0.feed_forward.gate_proj.weight", "gate_proj", 0, NONE },
  { "vision_model.patch_embedding.linear.weight", "patch_embedding", NONE, NONE },
};

static const Case gpt_oss[] = {
  { "model.layers.0.self_attn.sinks", "attn_sink", 0, NONE },
  { "model.layers.0.mlp.router.weight", "moe_router", 0, NONE },
  { "model.layers.0.mlp.router.bias", "bias", 0, NONE },
  { "model.layers.0.mlp.experts.gate_up_proj_blocks", "moe_expert_gate_up", 0, NONE },
  { "model.layers.0.mlp.experts.gate_up_proj_scales", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.experts.gate_up_proj_bias", "bias", 0, NONE },
  { "model.layers.0.mlp.experts.down_proj_blocks", "moe_expert_down", 0, NONE },
  { "model.layers.0.mlp.experts.down_proj", "moe_expert_down", 0, NONE },
};

static const Case dbrx[] = {
  { "transformer.blocks.0.norm_attn_norm.attn.Wqkv.weight", "qkv_proj", 0, NONE },
  { "transformer.blocks.0.norm_attn_norm.attn.out_proj.weight", "o_proj", 0, NONE },
  { "transformer.blocks.0.norm_attn_norm.norm_1.weight", "norm", 0, NONE },
  { "transformer.blocks.0.ffn.router.layer.weight", "moe_router", 0, NONE },
  { "transformer.blocks.0.ffn.experts.mlp.w1", "moe_expert_gate", 0, NONE },
  { "transformer.blocks.0.ffn.experts.mlp.v1", "moe_expert_up", 0, NONE },
  { "transformer.blocks.0.ffn.experts.mlp.w2", "moe_expert_down", 0, NONE },
};

static const Case other_moe[] = {
  { "model.layers.0.block_sparse_moe.input_linear.weight", "moe_expert_gate_up", 0, NONE },
  { "model.layers.0.block_sparse_moe.output_linear.weight", "moe_expert_down", 0, NONE },
  { "model.layers.0.block_sparse_moe.router.layer.weight", "moe_router", 0, NONE },
  { "model.layers.0.shared_mlp.input_linear.weight", "moe_shared_gate_up", 0, NONE },
  { "model.layers.1.mlp.moe_statics.e_score_correction_bias", "bias", 1, NONE },
  { "encoder.block.1.layer.1.mlp.router.classifier.weight", "moe_router", 1, NONE },
  { "encoder.block.1.layer.1.mlp.experts.expert_12.wi.weight", "moe_expert_up", 1, 12 },
  { "encoder.block.1.layer.1.mlp.experts.expert_12.wo.weight", "moe_expert_down", 1, 12 },
  { "model.layers.2.mlp.gate.wg.weight", "moe_router", 2, NONE },
};

static const Case qwen1[] = {
  { "transformer.h.0.attn.c_attn.weight", "qkv_proj", 0, NONE },
  { "transformer.h.0.attn.c_proj.weight", "o_proj", 0, NONE },
  { "transformer.h.0.mlp.w1.weight", "up_proj", 0, NONE },
  { "transformer.h.0.mlp.w2.weight", "gate_proj", 0, NONE },
  { "transformer.h.0.mlp.c_proj.weight", "down_proj", 0, NONE },
};

static const Case internlm2[] = {
  { "model.tok_embeddings.weight", "embedding", NONE, NONE },
  { "model.layers.0.attention.wqkv.weight", "qkv_proj", 0, NONE },
  { "model.layers.0.attention.wo.weight", "o_proj", 0, NONE },
  { "model.layers.0.feed_forward.w1.weight", "gate_proj", 0, NONE },
  { "model.layers.0.feed_forward.w2.weight", "down_proj", 0, NONE },
  { "model.layers.0.feed_forward.w3.weight", "up_proj", 0, NONE },
  { "output.weight", "output", NONE, NONE },
};

static const Case chatglm2[] = {
  { "transformer.embedding.word_embeddings.weight", "embedding", NONE, NONE },
  { "transformer.rotary_pos_emb.inv_freq", "buffer", NONE, NONE },
  { "transformer.encoder.layers.0.self_attention.query_key_value.weight", "qkv_proj", 0, NONE },
  { "transformer.encoder.layers.0.self_attention.dense.weight", "o_proj", 0, NONE },
  /* f = 13696: two halves of f rows */
  { "transformer.encoder.layers.0.mlp.dense_h_to_4h.weight",
    "gate_up_proj",
    0,
    NONE,
    { 27392, 4096 } },
  { "transformer.encoder.layers.0.mlp.dense_4h_to_h.weight",
    "down_proj",
    0,
    NONE,
    { 4096, 13696 } },
  { "transformer.output_layer.weight", "output", NONE, NONE },
};

static const Case falcon_bloom_mpt[] = {
  { "transformer.word_embeddings_layernorm.weight", "norm", NONE, NONE },
  { "transformer.h.0.self_attention.query_key_value.weight", "qkv_proj", 0, NONE },
  { "transformer.h.0.self_attention.dense.weight", "o_proj", 0, NONE },
  { "transformer.h.0.ln_attn.weight", "norm", 0, NONE },
  { "transformer.h.0.mlp.dense_h_to_4h.weight", "up_proj", 0, NONE, { 16384, 4096 } },
  { "transformer.h.0.mlp.dense_4h_to_h.weight", "down_proj", 0, NONE, { 4096, 16384 } },
  { "transformer.blocks.0.attn.Wqkv.weight", "qkv_proj", 0, NONE },
  { "transformer.blocks.0.attn.out_proj.weight", "o_proj", 0, NONE },
  { "transformer.blocks.0.ffn.up_proj.weight", "up_proj", 0, NONE },
  { "transformer.h.1.attn.c_attn.weight", "qkv_proj", 1, NONE },
  { "transformer.h.1.attn.bias", "buffer", 1, NONE },
  { "model.layers.0.self_attn.W_pack.weight", "qkv_proj", 0, NONE },
};

static const Case fused_gates[] = {
  { "model.transformer.ff_out.weight", "output", NONE, NONE, { 50304, 2048 } },
  { "model.transformer.blocks.0.att_proj.weight", "qkv_proj", 0, NONE },
  { "model.transformer.blocks.0.attn_out.weight", "o_proj", 0, NONE },
  { "model.transformer.blocks.0.ff_proj.weight", "gate_up_proj", 0, NONE, { 16384, 2048 } },
  { "model.transformer.blocks.0.ff_out.weight", "down_proj", 0, NONE, { 2048, 8192 } },
  { "transformer.layers.0.ffn.proj_1.weight", "gate_up_proj", 0, NONE, { 3072, 1280 } },
  { "transformer.layers.0.ffn.proj_2.weight", "down_proj", 0, NONE, { 1280, 1536 } },
  { "encoder.layer.0.mlp.gated_layers.weight", "gate_up_proj", 0, NONE },
  { "encoder.layer.0.mlp.wo.weight", "down_proj", 0, NONE },
  { "encoder.layers.0.mlp.fc11.weight", "up_proj", 0, NONE },
  { "encoder.layers.0.mlp.fc12.weight", "gate_proj", 0, NONE },
  { "encoder.layers.0.mlp.fc2.weight", "down_proj", 0, NONE },
  { "transformer.h.0.mlp.c_fc_0.weight", "gate_proj", 0, NONE },
  { "transformer.h.0.mlp.c_fc_1.weight", "up_proj", 0, NONE },
  { "transformer.h.1.mlp.c_fc.weight", "up_proj", 1, NONE },
  { "transformer.h.1.mlp.c_fc2.weight", "gate_proj", 1, NONE },
  { "vision.blocks.0.mlp.fc0.weight", "up_proj", 0, NONE },
  { "vision.blocks.0.mlp.fc1.weight", "down_proj", 0, NONE },
  { "decoder.layers.0.mlp.w1.weight", "up_proj", 0, NONE },
  { "decoder.layers.0.mlp.w2.weight", "down_proj", 0, NONE },
};

static const Case gguf[] = {
  { "token_embd.weight", "embedding", NONE, NONE },
  { "output.weight", "output", NONE, NONE },
  { "output_norm.weight", "norm", NONE, NONE },
  { "rope_freqs.weight", "buffer", NONE, NONE },
  { "blk.0.attn_q.weight", "q_proj", 0, NONE },
  { "blk.0.attn_k.bias", "bias", 0, NONE },
  { "blk.0.attn_qkv.weight", "qkv_proj", 0, NONE },
  { "blk.0.attn_output.weight", "o_proj", 0, NONE },
  { "blk.0.attn_norm.weight", "norm", 0, NONE },
  { "blk.0.attn_q_a.weight", "q_a_proj", 0, NONE },
  { "blk.0.attn_q_b.weight", "q_b_proj", 0, NONE },
  { "blk.0.attn_kv_a_mqa.weight", "kv_a_proj", 0, NONE },
  { "blk.0.attn_kv_b.weight", "kv_b_proj", 0, NONE },
  { "blk.0.attn_kv_a_norm.weight", "norm", 0, NONE },
  { "blk.0.ffn_gate.weight", "gate_proj", 0, NONE },
  { "blk.0.ffn_up.weight", "up_proj", 0, NONE, { 11008, 4096 } },
  { "blk.0.ffn_down.weight", "down_proj", 0, NONE, { 4096, 11008 } },
  { "blk.1.ffn_up.weight", "gate_up_proj", 1, NONE, { 16384, 3072 } },
  { "blk.1.ffn_down.weight", "down_proj", 1, NONE, { 3072, 8192 } },
  { "blk.3.ffn_gate_inp.weight", "moe_router", 3, NONE },
  { "blk.3.ffn_gate_exps.weight", "moe_expert_gate", 3, NONE },
  { "blk.3.ffn_down_exps.weight", "moe_expert_down", 3, NONE },
  { "blk.3.ffn_up_shexp.weight", "moe_shared_up", 3, NONE },
  { "blk.3.ffn_gate_inp_shexp.weight", "moe_shared_router", 3, NONE },
  { "blk.3.exp_probs_b.bias", "bias", 3, NONE },
  { "blk.4.ffn_gate.7.weight", "moe_expert_gate", 4, 7 },
  { "blk.5.ssm_in.weight", "ssm_in_proj", 5, NONE },
  { "blk.5.ssm_conv1d.weight", "ssm_conv", 5, NONE },
  { "blk.5.ssm_a", "ssm_param", 5, NONE },
  { "blk.5.ssm_out.weight", "ssm_out_proj", 5, NONE },
  { "enc.blk.2.attn_rel_b.weight", "position_bias", 2, NONE },
  { "dec.blk.2.cross_attn_q.weight", "q_proj", 2, NONE },
  { "v.blk.6.attn_out.weight", "o_proj", 6, NONE },
  { "v.patch_embd.weight", "patch_embedding", NONE, NONE },
  { "mm.0.weight", "projector", NONE, NONE },
};

static const Case adapters[] = {
  { "base_model.model.model.layers.2.self_attn.q_proj.lora_A.weight", "lora_a", 2, NONE },
  { "base_model.model.model.layers.2.self_attn.q_proj.lora_B.default.weight", "lora_b", 2, NONE },
  { "base_model.model.model.layers.2.self_attn.q_proj.base_layer.weight", "q_proj", 2, NONE },
  { "base_model.model.model.layers.2.self_attn.q_proj.lora_magnitude_vector.default.weight",
    "scale", 2, NONE },
  { "base_model.model.model.embed_tokens.lora_embedding_A.default", "lora_a", NONE, NONE },
  { "base_model.model.model.embed_tokens.lora_embedding_B.default", "lora_b", NONE, NONE },
  { "base_model.model.lm_head.modules_to_save.default.weight", "output", NONE, NONE },
  { "blk.2.attn_q.weight.lora_a", "lora_a", 2, NONE },
};

static const Case mtp[] = {
  { "model.layers.61.enorm.weight", "norm", 61, NONE },
  { "model.layers.61.hnorm.weight", "norm", 61, NONE },
  { "model.layers.61.eh_proj.weight", "proj", 61, NONE },
  { "model.layers.61.embed_tokens.weight", "embedding", 61, NONE },
  { "model.layers.61.shared_head.norm.weight", "norm", 61, NONE },
  { "model.layers.61.shared_head.head.weight", "output", 61, NONE },
  { "model.mtp_layers.0.input_proj.weight", "proj", 0, NONE },
  { "model.layers.0.self_attn.indexer.wk.weight", "proj", 0, NONE },
};

static const Case quantised[] = {
  { "model.layers.0.self_attn.q_proj.qweight", "q_proj", 0, NONE },
  { "model.layers.0.self_attn.q_proj.qzeros", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.q_proj.scales", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.q_proj.g_idx", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_proj.weight_packed", "k_proj", 0, NONE },
  { "model.layers.0.self_attn.k_proj.weight_scale", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_proj.weight_shape", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_proj.weight_zero_point", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_proj.weight_global_scale", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_proj.input_scale", "quant_aux", 0, NONE },
  { "model.layers.0.self_attn.k_scale", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.up_proj.weight", "up_proj", 0, NONE },
  { "model.layers.0.mlp.up_proj.weight.absmax", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.up_proj.weight.quant_map", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.up_proj.weight.nested_absmax", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.up_proj.weight.quant_state.bitsandbytes__nf4", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.down_proj.SCB", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.down_proj.weight_format", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.gate_proj.biases", "quant_aux", 0, NONE },
  { "model.layers.0.mlp.gate_proj.q_weight", "gate_proj", 0, NONE },
  { "layers.0.attn_norm.scale", "norm", 0, NONE },
  { "layers.0.attn.wq_a.scale", "quant_aux", 0, NONE },
};

static const Case wrapped[] = {
  { "module.model.layers.3.mlp.down_proj.weight", "down_proj", 3, NONE },
  { "_orig_mod.transformer.h.3.mlp.c_proj.weight", "down_proj", 3, NONE },
  { "module._orig_mod.head.weight", "output", NONE, NONE, { 100, 8 } },
  { "_fsdp_wrapped_module.emb.weight", "embedding", NONE, NONE, { 100, 8 } },
};

static const Case task_head[] = {
  { "emb.weight", "embedding", NONE, NONE, { 50000, 64 } },
  { "head.weight", "head", NONE, NONE, { 10, 64 } },
};

#define FAMILY(path, cases)                                                                        \
  {                                                                                                \
    "/block-families/" path, cases, G_N_ELEMENTS (cases)                                           \
  }
static const Family families[] = {
  FAMILY ("t5", t5),
  FAMILY ("bart", bart),
  FAMILY ("whisper", whisper),
  FAMILY ("opt", opt),
  FAMILY ("bert-relatives", bert_relatives),
  FAMILY ("distilbert", distilbert),
  FAMILY ("albert", albert),
  FAMILY ("deberta", deberta),
  FAMILY ("modernbert", modernbert),
  FAMILY ("mamba", mamba),
  FAMILY ("nemotron-h", nemotron_h),
  FAMILY ("phi-with-numbered-embedding", phi_old),
  FAMILY ("jamba", jamba),
  FAMILY ("qwen3-next", qwen3_next),
  FAMILY ("other-hybrids", other_hybrids),
  FAMILY ("rwkv", rwkv),
  FAMILY ("rwkv-gguf", rwkv_gguf),
  FAMILY ("vision", vision),
  FAMILY ("multimodal", multimodal),
  FAMILY ("llama4", llama4),
  FAMILY ("gpt-oss", gpt_oss),
  FAMILY ("dbrx", dbrx),
  FAMILY ("other-mixtures-of-experts", other_moe),
  FAMILY ("qwen1", qwen1),
  FAMILY ("internlm2", internlm2),
  FAMILY ("chatglm2", chatglm2),
  FAMILY ("falcon-bloom-mpt", falcon_bloom_mpt),
  FAMILY ("fused-gates", fused_gates),
  FAMILY ("gguf", gguf),
  FAMILY ("adapters", adapters),
  FAMILY ("multi-token-prediction", mtp),
  FAMILY ("quantised", quantised),
  FAMILY ("wrapped", wrapped),
  FAMILY ("task-head", task_head),
};

static WsBlockInput
case_input (const Case *self)
{
  guint n_dims = 0;

  while (n_dims < G_N_ELEMENTS (self->dims) && self->dims[n_dims] > 0)
    n_dims++;
  return (WsBlockInput){ self->name, n_dims > 0 ? self->dims : NULL, n_dims };
}

static void
test_family_has_its_types (gconstpointer data)
{
  const Family *family = data;
  g_autofree WsBlockInput *inputs = g_new0 (WsBlockInput, family->n_cases);
  g_autofree WsBlockClass *classes = g_new0 (WsBlockClass, family->n_cases);
  guint n_wrong = 0;

  for (gsize i = 0; i < family->n_cases; i++)
    inputs[i] = case_input (&family->cases[i]);
  ws_block_types_classify (inputs, family->n_cases, 0, classes);
  for (gsize i = 0; i < family->n_cases; i++)
    {
      const Case *wanted = &family->cases[i];
      const char *key = ws_block_type_get_key (classes[i].type);

      if (strcmp (key, wanted->type) == 0 && classes[i].layer_index == wanted->layer &&
          classes[i].expert_index == wanted->expert)
        continue;
      g_test_message ("%s: %s, layer %d, expert %d (row %d), wanted %s, %d, %d", wanted->name, key,
                      classes[i].layer_index, classes[i].expert_index, classes[i].rule,
                      wanted->type, wanted->layer, wanted->expert);
      n_wrong++;
    }
  for (gsize i = 0; i < family->n_cases; i++)
    ws_block_class_clear (&classes[i]);
  g_assert_cmpuint (n_wrong, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    g_test_add_data_func (families[i].path, &families[i], test_family_has_its_types);
  return g_test_run ();
}
