/* SPDX-License-Identifier: MIT */
/* Running of PTX. */
#include <math.h>
#include <string.h>

#include "standin-core.h"
#include "standin-ptx-private.h"

/* What was found last: threads go through memory in order. */
typedef struct
{
  guint64 address;
  gsize n_bytes;
  guint8 *bytes;
} Window;

#define N_WINDOWS 2

typedef struct
{
  const StandinEntry *entry;
  const guint64 *parameters;
  guint64 *registers;
  Window windows[N_WINDOWS];
  guint next_window;
  gboolean is_broken;
} Machine;

/* Where @n_bytes really lie; NULL after a violation. */
static void *
reach (Machine *self, guint64 address, gsize n_bytes)
{
  Window *window;

  if (address % n_bytes != 0)
    {
      standin_violate ("%s: address %#" G_GINT64_MODIFIER "x is not aligned to %zu",
                       self->entry->name, address, n_bytes);
      return NULL;
    }
  for (guint i = 0; i < N_WINDOWS; i++)
    {
      window = &self->windows[i];
      if (address >= window->address && address - window->address < window->n_bytes &&
          n_bytes <= window->n_bytes - (address - window->address))
        return window->bytes + (address - window->address);
    }
  window = &self->windows[self->next_window++ % N_WINDOWS];
  window->bytes = standin_device_block ((const void *) (gsize) address, n_bytes, &window->address,
                                        &window->n_bytes);
  if (window->bytes == NULL)
    {
      *window = (Window){ 0 };
      return NULL;
    }
  return window->bytes + (address - window->address);
}

static guint64
load (Machine *self, guint64 address, gsize n_bytes)
{
  const void *bytes = reach (self, address, n_bytes);
  guint64 value = 0;

  self->is_broken = bytes == NULL;
  if (bytes != NULL)
    memcpy (&value, bytes, n_bytes); /* of a machine with the low byte first, like a GPU */
  return value;
}

static void
store (Machine *self, guint64 address, guint64 value)
{
  void *bytes = reach (self, address, sizeof value);

  self->is_broken = bytes == NULL;
  if (bytes != NULL)
    memcpy (bytes, &value, sizeof value);
}

static float
as_float (guint64 bits)
{
  const guint32 low = (guint32) bits;
  float value;

  memcpy (&value, &low, sizeof value);
  return value;
}

static guint64
float_bits (float value)
{
  guint32 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

static guint64
double_bits (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits;
}

/* 1 sign, 5 bits of exponent with bias 15, 10 of mantissa; subnormals are kept. */
static float
half_to_float (guint bits)
{
  const guint exponent = bits >> 10 & 0x1f, mantissa = bits & 0x3ff;
  const float sign = bits >> 15 & 1 ? -1.0f : 1.0f;

  if (exponent == 0x1f)
    return mantissa != 0 ? NAN : sign * INFINITY;
  if (exponent == 0)
    return sign * ldexpf ((float) mantissa, -24);
  return sign * ldexpf ((float) (mantissa | 0x400), (int) exponent - 25);
}

static guint64
compute (Machine *self, StandinOp op, guint64 a, guint64 b)
{
  switch (op)
    {
    case STANDIN_LD_PARAM_U64:
      return self->parameters[a];
    case STANDIN_LD_U8:
      return load (self, a, 1);
    case STANDIN_LD_U16:
      return load (self, a, 2);
    case STANDIN_LD_F32:
      return load (self, a, 4);
    case STANDIN_CVTA:
      return a;
    case STANDIN_MOV_B16:
    case STANDIN_CVT_U16_U32:
    case STANDIN_CVT_U32_U16:
      return (guint16) a;
    case STANDIN_MOV_U32:
    case STANDIN_MOV_B32:
    case STANDIN_MOV_F32:
    case STANDIN_CVT_U64_U32:
      return (guint32) a;
    case STANDIN_CVT_F32_F16:
      return float_bits (half_to_float ((guint16) a));
    case STANDIN_CVT_F64_F32:
      return double_bits ((double) as_float (a));
    case STANDIN_ADD_S64:
      return a + b;
    case STANDIN_MUL_LO_S64:
      return a * b;
    case STANDIN_MUL_WIDE_U32:
      return (guint64) (guint32) a * (guint32) b;
    case STANDIN_MUL_F32:
      return float_bits (as_float (a) * as_float (b));
    case STANDIN_SHL_B16:
      return b < 16 ? (guint16) (a << b) : 0;
    case STANDIN_SHL_B32:
      return b < 32 ? (guint32) (a << b) : 0;
    case STANDIN_SHL_B64:
      return b < 64 ? a << b : 0;
    case STANDIN_AND_B16:
      return (guint16) (a & b);
    case STANDIN_AND_B32:
      return (guint32) (a & b);
    case STANDIN_OR_B32:
      return (guint32) (a | b);
    case STANDIN_SETP_GE_U64:
      return a >= b;
    case STANDIN_SETP_LT_U64:
      return a < b;
    case STANDIN_SETP_EQ_S16:
      return (guint16) a == (guint16) b;
    default:
      g_assert_not_reached ();
    }
}

static guint64
get (const Machine *self, const StandinOperand *operand)
{
  return operand->is_constant ? operand->constant : self->registers[operand->number];
}

static void
run_thread (Machine *self)
{
  const StandinInstruction *instructions = (gpointer) self->entry->instructions->data;
  guint i = 0;

  while (!self->is_broken && i < self->entry->instructions->len)
    {
      const StandinInstruction *at = &instructions[i++];
      const StandinOperand *operands = at->operands;

      if (at->is_conditional && !self->registers[at->predicate])
        continue;
      if (at->op == STANDIN_RET)
        return;
      if (at->op == STANDIN_BRA)
        i = at->target;
      else if (at->op == STANDIN_ST_F64)
        store (self, get (self, &operands[0]), get (self, &operands[1]));
      else
        self->registers[operands[0].number] =
            compute (self, at->op, get (self, &operands[1]), get (self, &operands[2]));
    }
}

void
standin_entry_run (const StandinEntry *self, guint n_blocks, guint n_threads,
                   const guint64 *parameters)
{
  g_autofree guint64 *registers = g_new (guint64, self->n_registers);
  Machine machine = { .entry = self, .parameters = parameters, .registers = registers };

  for (guint block = 0; block < n_blocks; block++)
    for (guint thread = 0; thread < n_threads && !machine.is_broken; thread++)
      {
        /* what is in a register before it is written is nothing to go by */
        memset (registers, 0x5a, self->n_registers * sizeof *registers);
        registers[STANDIN_TID] = thread;
        registers[STANDIN_NTID] = n_threads;
        registers[STANDIN_CTAID] = block;
        registers[STANDIN_NCTAID] = n_blocks;
        run_thread (&machine);
      }
}
