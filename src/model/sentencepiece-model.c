/* SPDX-License-Identifier: MIT */
/* tokenizer.model of SentencePiece, a protocol buffer:
 *
 *   message  = field...
 *   field    = varint (number << 3 | wire type), value
 *   value    = 0 varint | 1 eight bytes | 2 varint length, bytes | 5 four bytes
 *   model    = 1 (bytes) a piece, in the order of the ids; the others are not looked at
 *   piece    = 1 (bytes) its text | 2 (four bytes) score | 3 (varint) type
 *   type     = 1 normal, when not said | 2 unknown | 3 control | 4 user defined | 5 unused | 6 byte
 */
#include "base/error.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

enum
{
  WIRE_VARINT,
  WIRE_64,
  WIRE_BYTES,
  WIRE_32 = 5,
};

enum
{
  PIECE_UNKNOWN = 2,
  PIECE_CONTROL,
  PIECE_USER_DEFINED,
  PIECE_UNUSED,
  PIECE_BYTE,
};

/* What is left of a message. */
typedef struct
{
  const guint8 *at;
  const guint8 *end;
} Message;

typedef struct
{
  guint64 number;
  guint wire;
  guint64 value; /* of a varint */
  Message bytes; /* of WIRE_BYTES */
} Field;

static gboolean
read_varint (Message *self, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; shift < 64 && self->at < self->end; shift += 7)
    {
      const guint8 byte = *self->at++;

      *value |= (guint64) (byte & 0x7f) << shift;
      if (byte < 0x80)
        return TRUE;
    }
  return FALSE;
}

/* Returns: FALSE if it is not well formed, or is not all there. */
static gboolean
read_field (Message *self, Field *field)
{
  guint64 tag, length;

  if (!read_varint (self, &tag))
    return FALSE;
  field->number = tag >> 3;
  field->wire = tag & 7;
  switch (field->wire)
    {
    case WIRE_VARINT:
      return field->number > 0 && read_varint (self, &field->value);
    case WIRE_64:
      length = 8;
      break;
    case WIRE_32:
      length = 4;
      break;
    case WIRE_BYTES:
      if (!read_varint (self, &length))
        return FALSE;
      break;
    default: /* groups, which nobody writes any more */
      return FALSE;
    }
  if (field->number == 0 || length > (guint64) (self->end - self->at))
    return FALSE;
  field->bytes = (Message){ self->at, self->at + length };
  self->at += length;
  return TRUE;
}

static guint8
get_flags (guint64 type)
{
  switch (type)
    {
    case PIECE_UNKNOWN:
    case PIECE_CONTROL:
      return TOKEN_IS_SPECIAL;
    case PIECE_UNUSED:
      return TOKEN_IS_UNUSED;
    default:
      return 0;
    }
}

static gboolean
read_piece (WsTokenizer *self, Message message, guint64 id, GError **error)
{
  Message text = { NULL, NULL };
  guint64 type = 1;

  while (message.at < message.end)
    {
      Field field;

      if (!read_field (&message, &field))
        return tokenizer_fail (self, error, _ ("token %" PRIu64 " is not well formed"), id);
      if (field.number == 1 && field.wire == WIRE_BYTES)
        text = field.bytes;
      else if (field.number == 3 && field.wire == WIRE_VARINT)
        type = field.value;
    }
  if (text.at == NULL)
    return tokenizer_fail (self, error, _ ("token %" PRIu64 " has no text"), id);
  if (!g_utf8_validate_len ((const char *) text.at, (gsize) (text.end - text.at), NULL))
    return tokenizer_fail (self, error, _ ("token %" PRIu64 " is not UTF-8"), id);
  self->has_byte_fallback |= type == PIECE_BYTE;
  return tokenizer_add (self, id, (const char *) text.at, (gsize) (text.end - text.at),
                        get_flags (type), error);
}

gboolean
tokenizer_read_sentencepiece (WsTokenizer *self, const char *bytes, gsize n_bytes, GError **error)
{
  Message model = { (const guint8 *) bytes, (const guint8 *) bytes + n_bytes };
  guint64 id = 0;

  self->has_meta_space = TRUE;
  while (model.at < model.end)
    {
      const gsize at = (gsize) (model.at - (const guint8 *) bytes);
      Field field;

      if (!read_field (&model, &field))
        return tokenizer_fail (self, error, _ ("what is at byte %zu is not well formed"), at);
      if (field.number != 1)
        continue;
      if (field.wire != WIRE_BYTES)
        return tokenizer_fail (self, error, _ ("token %" PRIu64 " is not well formed"), id);
      if (id % 1024 == 0 && g_cancellable_set_error_if_cancelled (self->cancellable, error))
        return FALSE;
      if (!read_piece (self, field.bytes, id++, error))
        return FALSE;
    }
  return TRUE;
}
