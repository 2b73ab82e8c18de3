/* SPDX-License-Identifier: MIT */
/* An array as NumPy stores it: \x93NUMPY, version 1.0, u16 length of the header, the header (a
 * Python dictionary, padded so that the data begin at a multiple of 64), the values. */
#include "export/npy.h"

#include "base/atomic-file.h"
#include "export/table.h"

#define NPY_ALIGNMENT 64
#define NPY_MAGIC "\x93NUMPY\x01\x00"
#define NPY_MAGIC_BYTES 8

static gsize
get_size (WsNpyType type)
{
  return type == WS_NPY_FLOAT32 ? sizeof (float) : sizeof (double);
}

GString *
ws_npy_new_header (WsNpyType type, const guint64 *dims, guint n_dims)
{
  GString *header = g_string_new_len (NPY_MAGIC "\0\0", NPY_MAGIC_BYTES + 2);
  g_autofree char *shape = ws_table_dup_shape (dims, n_dims);
  gsize length;

  g_string_append_printf (
      header, "{'descr': '%cf%" G_GSIZE_FORMAT "', 'fortran_order': False, 'shape': %s, }",
      G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>', get_size (type), shape);
  while ((header->len + 1) % NPY_ALIGNMENT != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');
  length = header->len - NPY_MAGIC_BYTES - 2;
  header->str[NPY_MAGIC_BYTES] = (char) (length & 0xFF);
  header->str[NPY_MAGIC_BYTES + 1] = (char) (length >> 8);
  return header;
}

gboolean
ws_npy_save (const char *path, WsNpyType type, const guint64 *dims, guint n_dims,
             const void *values, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);
  GString *header;
  gsize n = 1;

  if (file == NULL)
    return FALSE;
  for (guint i = 0; i < n_dims; i++)
    n *= dims[i];
  header = ws_npy_new_header (type, dims, n_dims);
  /* A failure stays in the stream, where commit looks. */
  fwrite (header->str, 1, header->len, ws_atomic_file_get_stream (file));
  if (n > 0)
    fwrite (values, get_size (type), n, ws_atomic_file_get_stream (file));
  g_string_free (header, TRUE);
  return ws_atomic_file_commit (file, error);
}
