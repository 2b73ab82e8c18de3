/* SPDX-License-Identifier: MIT */
/* GGUF metadata through a window, so that a file of gigabytes, here or on a server, costs no more
 * than what is asked of it. */
#include "model/gguf-metadata.h"

#include "base/error.h"
#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Read at once. */
#define WINDOW_BYTES ((gsize) 1 << 20)
/* Of all metadata; the largest have some 20 MB. */
#define MAX_METADATA_BYTES ((guint64) 256 << 20)
#define MAX_KEY_BYTES 65535

/* 0: not of one size */
static const guint8 type_sizes[WS_GGUF_N_TYPES] = {
  [WS_GGUF_U8] = 1,  [WS_GGUF_I8] = 1,  [WS_GGUF_U16] = 2, [WS_GGUF_I16] = 2,
  [WS_GGUF_U32] = 4, [WS_GGUF_I32] = 4, [WS_GGUF_F32] = 4, [WS_GGUF_BOOL] = 1,
  [WS_GGUF_U64] = 8, [WS_GGUF_I64] = 8, [WS_GGUF_F64] = 8,
};

/* Always FALSE. */
static gboolean G_GNUC_PRINTF (3, 4)
    fail (const WsGgufReader *self, GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("'%s' is not a sound GGUF file: %s"),
               self->file, reason);
  return FALSE;
}

static gboolean
fail_end (const WsGgufReader *self, GError **error)
{
  return fail (self, error, _ ("its metadata end too early, at byte %" PRIu64), self->position);
}

/* --- bytes --- */

static guint64
count_left (const WsGgufReader *self)
{
  return self->n_bytes - self->position;
}

/* @n_bytes, at most a window, at the position, which moves behind them. NULL with @error set. */
static const guint8 *
read_bytes (WsGgufReader *self, gsize n_bytes, GError **error)
{
  if (n_bytes > count_left (self))
    {
      fail_end (self, error);
      return NULL;
    }
  if (self->position < self->window_at ||
      self->position + n_bytes > self->window_at + self->n_window)
    {
      const gsize n = (gsize) MIN (WINDOW_BYTES, count_left (self));

      self->n_window = 0;
      if (!ws_source_read (self->source, self->position, self->window, n, self->cancellable, error))
        return NULL;
      self->window_at = self->position;
      self->n_window = n;
    }
  const guint8 *bytes = self->window + (self->position - self->window_at);
  self->position += n_bytes;
  return bytes;
}

static gboolean
skip_bytes (WsGgufReader *self, guint64 n_bytes, GError **error)
{
  if (n_bytes > count_left (self))
    return fail_end (self, error);
  self->position += n_bytes;
  return TRUE;
}

gboolean
ws_gguf_reader_read_u32 (WsGgufReader *self, guint32 *value, GError **error)
{
  const guint8 *bytes = read_bytes (self, sizeof *value, error);

  if (!bytes)
    return FALSE;
  memcpy (value, bytes, sizeof *value);
  *value = GUINT32_FROM_LE (*value);
  return TRUE;
}

gboolean
ws_gguf_reader_read_u64 (WsGgufReader *self, guint64 *value, GError **error)
{
  const guint8 *bytes = read_bytes (self, sizeof *value, error);

  if (!bytes)
    return FALSE;
  memcpy (value, bytes, sizeof *value);
  *value = GUINT64_FROM_LE (*value);
  return TRUE;
}

gboolean
ws_gguf_reader_read_string (WsGgufReader *self, gsize max_length, GError **error)
{
  guint64 length;

  if (!ws_gguf_reader_read_u64 (self, &length, error))
    return FALSE;
  if (length > count_left (self))
    return fail_end (self, error);
  if (length > max_length)
    return fail (self, error, _ ("a text of %" PRIu64 " bytes is too long"), length);
  g_string_truncate (self->text, 0);
  while (self->text->len < length)
    {
      const gsize n = (gsize) MIN (length - self->text->len, WINDOW_BYTES);
      const guint8 *bytes = read_bytes (self, n, error);

      if (!bytes)
        return FALSE;
      g_string_append_len (self->text, (const char *) bytes, (gssize) n);
    }
  return TRUE;
}

static gboolean
skip_string (WsGgufReader *self, GError **error)
{
  guint64 length;

  return ws_gguf_reader_read_u64 (self, &length, error) && skip_bytes (self, length, error);
}

/* --- values --- */

gboolean
ws_gguf_reader_read_array_head (WsGgufReader *self, guint32 *type, guint64 *n, GError **error)
{
  if (!ws_gguf_reader_read_u32 (self, type, error) || !ws_gguf_reader_read_u64 (self, n, error))
    return FALSE;
  if (*type >= WS_GGUF_N_TYPES || *type == WS_GGUF_ARRAY)
    return fail (self, error, _ ("a list in its metadata is of type %u"), *type);
  /* A string has its length at least. */
  if (*n > count_left (self) / (type_sizes[*type] > 0 ? type_sizes[*type] : sizeof (guint64)))
    return fail_end (self, error);
  return TRUE;
}

gboolean
ws_gguf_reader_skip_value (WsGgufReader *self, guint32 type, GError **error)
{
  guint64 n = 1;

  if (type == WS_GGUF_ARRAY && !ws_gguf_reader_read_array_head (self, &type, &n, error))
    return FALSE;
  if (type >= WS_GGUF_N_TYPES)
    return fail (self, error, _ ("an entry of its metadata is of type %u"), type);
  if (type != WS_GGUF_STRING)
    return skip_bytes (self, n * type_sizes[type], error);
  for (guint64 i = 0; i < n; i++)
    if (!skip_string (self, error))
      return FALSE;
  return TRUE;
}

gboolean
ws_gguf_reader_read_key (WsGgufReader *self, guint32 *type, GError **error)
{
  return ws_gguf_reader_read_string (self, MAX_KEY_BYTES, error) &&
         ws_gguf_reader_read_u32 (self, type, error);
}

/* --- the beginning --- */

static gboolean
check_version (const WsGgufReader *self, guint32 version, GError **error)
{
  if (version == 2 || version == 3)
    return TRUE;
  g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
               _ ("'%s' is GGUF of version %u, which is not read"), self->file, version);
  return FALSE;
}

gboolean
ws_gguf_reader_init (WsGgufReader *self, WsSource *source, guint64 *n_entries,
                     GCancellable *cancellable, GError **error)
{
  const guint8 *magic;
  guint64 n_tensors;
  guint32 version;

  *self = (WsGgufReader){
    .source = source,
    .cancellable = cancellable,
    .file = ws_format_name (ws_source_get_name (source)),
    .n_bytes = MIN (ws_source_get_n_bytes (source), MAX_METADATA_BYTES),
    .text = g_string_new (NULL),
  };
  self->window = g_malloc (MIN (WINDOW_BYTES, self->n_bytes));
  if (!(magic = read_bytes (self, 4, error)))
    return FALSE;
  if (memcmp (magic, "GGUF", 4) != 0)
    return fail (self, error, _ ("it does not begin with GGUF"));
  return ws_gguf_reader_read_u32 (self, &version, error) && check_version (self, version, error) &&
         ws_gguf_reader_read_u64 (self, &n_tensors, error) &&
         ws_gguf_reader_read_u64 (self, n_entries, error);
}

void
ws_gguf_reader_clear (WsGgufReader *self)
{
  g_clear_pointer (&self->window, g_free);
  g_clear_pointer (&self->file, g_free);
  if (self->text)
    g_string_free (self->text, TRUE);
  self->text = NULL;
}
