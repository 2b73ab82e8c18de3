/* SPDX-License-Identifier: MIT */
/* Pieces in no order: they are few, and each stands for many bytes. */
#include "hub/relay.h"

typedef struct
{
  gconstpointer owner;
  WsRelayPiece piece;
} Held;

struct _WsRelay
{
  GArray *held;       /* (element-type Held) */
  GPtrArray *buffers; /* (owned): empty ones */
  guint n_pieces;
  gboolean is_idle;
};

WsRelay *
ws_relay_new (guint n_pieces)
{
  WsRelay *self = g_new0 (WsRelay, 1);

  self->held = g_array_new (FALSE, FALSE, sizeof (Held));
  self->buffers = g_ptr_array_new_with_free_func (g_free);
  self->n_pieces = n_pieces;
  return self;
}

void
ws_relay_free (WsRelay *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < self->held->len; i++)
    g_free (g_array_index (self->held, Held, i).piece.buffer);
  g_array_unref (self->held);
  g_ptr_array_unref (self->buffers);
  g_free (self);
}

void
ws_relay_set_idle (WsRelay *self, gboolean is_idle)
{
  self->is_idle = is_idle;
  if (is_idle)
    g_ptr_array_set_size (self->buffers, 0);
}

guint
ws_relay_get_n_empty (const WsRelay *self)
{
  return self->buffers->len;
}

char *
ws_relay_take_buffer (WsRelay *self)
{
  if (self->buffers->len == 0)
    return g_malloc (WS_RELAY_BUFFER_BYTES);
  /* the last one given back may still be in the caches */
  return g_ptr_array_steal_index_fast (self->buffers, self->buffers->len - 1);
}

void
ws_relay_give_buffer (WsRelay *self, char *buffer)
{
  if (self->is_idle)
    g_free (buffer);
  else
    g_ptr_array_add (self->buffers, buffer);
}

gboolean
ws_relay_pass (WsRelay *self, gconstpointer owner, WsRelayPiece *piece)
{
  if (self->held->len >= self->n_pieces)
    return FALSE;
  g_array_append_val (self->held, ((Held){ owner, *piece }));
  piece->buffer = ws_relay_take_buffer (self);
  return TRUE;
}

gboolean
ws_relay_take (WsRelay *self, gconstpointer owner, guint64 at, WsRelayPiece *piece, guint64 *next)
{
  *next = G_MAXUINT64;
  for (guint i = self->held->len; i-- > 0;)
    {
      const Held held = g_array_index (self->held, Held, i);

      if (held.owner != owner)
        continue;
      if (held.piece.offset > at)
        {
          *next = MIN (*next, held.piece.offset);
          continue;
        }
      g_array_remove_index_fast (self->held, i);
      if (held.piece.offset == at)
        {
          *piece = held.piece;
          return TRUE;
        }
      ws_relay_give_buffer (self, held.piece.buffer);
    }
  return FALSE;
}

guint64
ws_relay_get_n_held (const WsRelay *self, gconstpointer owner, guint64 begin, guint64 end)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->held->len; i++)
    {
      const Held *held = &g_array_index (self->held, Held, i);
      const guint64 first = MAX (held->piece.offset, begin);
      const guint64 last = MIN (held->piece.offset + held->piece.n_bytes, end);

      n_bytes += held->owner == owner && last > first ? last - first : 0;
    }
  return n_bytes;
}

void
ws_relay_forget (WsRelay *self, gconstpointer owner)
{
  for (guint i = self->held->len; i-- > 0;)
    if (g_array_index (self->held, Held, i).owner == owner)
      {
        ws_relay_give_buffer (self, g_array_index (self->held, Held, i).piece.buffer);
        g_array_remove_index_fast (self->held, i);
      }
  if (self->held->len == 0)
    g_ptr_array_set_size (self->buffers, 0);
}
