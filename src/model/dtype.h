/* SPDX-License-Identifier: MIT */
/* Stored element types and their exact widening. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_DTYPE_BOOL,
  WS_DTYPE_U8,
  WS_DTYPE_I8,
  WS_DTYPE_U16,
  WS_DTYPE_I16,
  WS_DTYPE_U32,
  WS_DTYPE_I32,
  WS_DTYPE_U64,
  WS_DTYPE_I64,
  WS_DTYPE_F64,
  WS_DTYPE_F32,
  WS_DTYPE_F16,
  WS_DTYPE_BF16,
  WS_DTYPE_F8_E4M3,
  WS_DTYPE_F8_E5M2,
  WS_DTYPE_F8_E4M3FNUZ,
  WS_DTYPE_F8_E5M2FNUZ,
  WS_DTYPE_F8_E8M0,
  WS_DTYPE_F4,
  WS_DTYPE_F6_E2M3,
  WS_DTYPE_F6_E3M2,
  WS_DTYPE_C64,
  WS_N_DTYPES
} WsDtype;

/* What can be done with elements of a type. */
typedef enum
{
  WS_DTYPE_KIND_FLOAT,       /* F64 F32 F16 BF16: analysed as stored */
  WS_DTYPE_KIND_SMALL_FLOAT, /* F8 and F4: values are exact, but weights need their scales */
  WS_DTYPE_KIND_INTEGER,     /* integers and BOOL */
  WS_DTYPE_KIND_LISTED,      /* F6, C64: size known, never read */
} WsDtypeKind;

/* The name used in files, "BF16". */
const char *ws_dtype_get_name (WsDtype dtype);
/* Case-sensitive. Returns: FALSE if @name is not a known type (then @dtype is left alone). */
gboolean ws_dtype_from_name (const char *name, WsDtype *dtype);
guint ws_dtype_get_n_bits (WsDtype dtype);
WsDtypeKind ws_dtype_get_kind (WsDtype dtype);
/* Why elements of a LISTED type are not read: static message id (N_); NULL for all others. */
const char *ws_dtype_get_reason (WsDtype dtype);

/* Widens @n little-endian elements to double, exactly (U64 and I64 beyond 2^53 are rounded to
 * nearest). @src needs no alignment. For F4 the first element is the low nibble of the first byte,
 * and @src must begin on a byte. Not for LISTED types (asserted). */
void ws_dtype_widen (WsDtype dtype, const void *src, double *dst, gsize n);

G_END_DECLS
