/* SPDX-License-Identifier: MIT */
/* What reading and running of PTX share. */
#pragma once

#include "standin-ptx.h"

G_BEGIN_DECLS

/* X (constant, name in PTX) */
#define STANDIN_OPS(X)                                                                             \
  X (STANDIN_LD_PARAM_U64, "ld.param.u64")                                                         \
  X (STANDIN_LD_U8, "ld.global.u8")                                                                \
  X (STANDIN_LD_U16, "ld.global.u16")                                                              \
  X (STANDIN_LD_F32, "ld.global.f32")                                                              \
  X (STANDIN_ST_F64, "st.global.f64")                                                              \
  X (STANDIN_CVTA, "cvta.to.global.u64")                                                           \
  X (STANDIN_MOV_B16, "mov.b16")                                                                   \
  X (STANDIN_MOV_U32, "mov.u32")                                                                   \
  X (STANDIN_MOV_B32, "mov.b32")                                                                   \
  X (STANDIN_MOV_F32, "mov.f32")                                                                   \
  X (STANDIN_CVT_U16_U32, "cvt.u16.u32")                                                           \
  X (STANDIN_CVT_U32_U16, "cvt.u32.u16")                                                           \
  X (STANDIN_CVT_U64_U32, "cvt.u64.u32")                                                           \
  X (STANDIN_CVT_F32_F16, "cvt.f32.f16")                                                           \
  X (STANDIN_CVT_F64_F32, "cvt.f64.f32")                                                           \
  X (STANDIN_ADD_S64, "add.s64")                                                                   \
  X (STANDIN_MUL_LO_S64, "mul.lo.s64")                                                             \
  X (STANDIN_MUL_WIDE_U32, "mul.wide.u32")                                                         \
  X (STANDIN_MUL_F32, "mul.f32")                                                                   \
  X (STANDIN_SHL_B16, "shl.b16")                                                                   \
  X (STANDIN_SHL_B32, "shl.b32")                                                                   \
  X (STANDIN_SHL_B64, "shl.b64")                                                                   \
  X (STANDIN_AND_B16, "and.b16")                                                                   \
  X (STANDIN_AND_B32, "and.b32")                                                                   \
  X (STANDIN_OR_B32, "or.b32")                                                                     \
  X (STANDIN_SETP_GE_U64, "setp.ge.u64")                                                           \
  X (STANDIN_SETP_LT_U64, "setp.lt.u64")                                                           \
  X (STANDIN_SETP_EQ_S16, "setp.eq.s16")                                                           \
  X (STANDIN_BRA, "bra")                                                                           \
  X (STANDIN_RET, "ret")

#define STANDIN_DECLARE_OP(op, name) op,
typedef enum
{
  STANDIN_OPS (STANDIN_DECLARE_OP) STANDIN_N_OPS
} StandinOp;
#undef STANDIN_DECLARE_OP

/* The first registers. */
enum
{
  STANDIN_TID,
  STANDIN_NTID,
  STANDIN_CTAID,
  STANDIN_NCTAID,
  STANDIN_N_SPECIAL,
};

#define STANDIN_MOST_OPERANDS 3

typedef struct
{
  gboolean is_constant;
  guint number; /* of a register */
  guint64 constant;
} StandinOperand;

typedef struct
{
  StandinOp op;
  gboolean is_conditional;
  guint predicate; /* its register */
  guint target;    /* of a branch: index of an instruction */
  guint n_operands;
  StandinOperand operands[STANDIN_MOST_OPERANDS]; /* what is written is the first, as in PTX */
} StandinInstruction;

struct _StandinEntry
{
  char *name;
  guint n_parameters;
  guint n_registers;
  GArray *instructions;
};

struct _StandinPtx
{
  guint version, target;
  GPtrArray *entries;
};

G_END_DECLS
