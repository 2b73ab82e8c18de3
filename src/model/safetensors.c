/* SPDX-License-Identifier: MIT */
/* The safetensors format, and what is checked of it:
 *
 *   1. u64, little-endian: N, the length of the header; at most 100,000,000
 *   2. N bytes: strict JSON in UTF-8, white space around it allowed, depth at most 127
 *   3. the rest of the file: the data
 *
 * The header is one object. Its key "__metadata__" is absent, null, or an object of strings; every
 * other key is the name of a tensor, and its value an object of
 *
 *   4. "dtype": a known type, in capitals
 *   5. "shape": an array of u64; [] is a scalar, and a 0 in it means no bytes
 *   6. "data_offsets": [begin, end], counted from the start of the data
 *   7. anything else: ignored
 *
 * Sorted by (begin, end), the tensors fill the data without hole or overlap, to the last byte of
 * the file; each has exactly the bytes that its dtype and shape ask for; no step of a product
 * overflows. Elements are row-major and little-endian. Nothing guarantees alignment.
 *
 * Reference: safetensors/src/tensor.rs. Where we are stricter: a duplicate key is refused (there,
 * the last tensor of a name wins), as is an entry written as an array, a name with a NUL (ours are
 * C strings), and a shape of more than WS_MAX_DIMS.
 */
#include "model/safetensors.h"

#include "base/error.h"
#include "base/format.h"
#include "base/json-reader.h"
#include "model/file-kind.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#define METADATA "__metadata__"

typedef struct
{
  WsSource *source;
  char *file;         /* its name, safe to show */
  guint64 data_start; /* from the start of the file */
  WsJsonReader reader;
  gboolean has_metadata;
  GPtrArray *tensors; /* (element-type WsTensor) offsets are from data_start until the end */
} Parser;

static void
parser_clear (Parser *self)
{
  ws_json_reader_clear (&self->reader);
  g_clear_pointer (&self->tensors, g_ptr_array_unref);
  g_free (self->file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* Always FALSE, with @error set for the file, or for the tensor @name of it. */
static gboolean G_GNUC_PRINTF (5, 6) fail (const Parser *self, WsError code, const char *name,
                                           GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  if (!name)
    {
      g_set_error (error, WS_ERROR, code, _ ("'%s' is not a sound safetensors file: %s"),
                   self->file, reason);
      return FALSE;
    }
  g_autofree char *shown = ws_format_name (name);
  g_set_error (error, WS_ERROR, code, _ ("tensor '%s' in '%s': %s"), shown, self->file, reason);
  return FALSE;
}

/* --- the bytes of the header --- */

static gboolean
is_json_start (guint8 byte)
{
  return byte == '{' || byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Whoever gives a note or a script as MODEL knows nothing of headers. */
static gboolean
fail_not_checkpoint (const Parser *self, GError **error)
{
  g_set_error (error, WS_ERROR, WS_ERROR_FORMAT,
               _ ("'%s' is not a checkpoint: it does not begin as a safetensors file does"),
               self->file);
  return FALSE;
}

/* Rule 1. A file of another kind nearly always breaks it, and deserves a better sentence. */
static gboolean
check_header_length (Parser *self, guint64 length, const guint8 *prefix, gsize n_prefix,
                     GError **error)
{
  guint64 n_bytes = ws_source_get_n_bytes (self->source);
  gboolean fits = length <= WS_SAFETENSORS_MAX_HEADER && length <= n_bytes - sizeof length;

  if (!fits || (n_prefix > sizeof length && !is_json_start (prefix[sizeof length])))
    if (ws_file_kind_set_error (ws_file_kind_recognise (prefix, n_prefix), self->file, error))
      return FALSE;
  if (!fits && !g_str_has_suffix (self->file, ".safetensors"))
    return fail_not_checkpoint (self, error);
  if (length > WS_SAFETENSORS_MAX_HEADER)
    return fail (self, WS_ERROR_FORMAT, NULL, error,
                 _ ("its header claims %" PRIu64 " bytes, more than %" PRIu64), length,
                 WS_SAFETENSORS_MAX_HEADER);
  if (!fits)
    return fail (self, WS_ERROR_FORMAT, NULL, error,
                 _ ("it ends at byte %" PRIu64 ", inside its header of %" PRIu64
                    " bytes (is the download complete?)"),
                 n_bytes, length);
  return TRUE;
}

/* @text: (out) (transfer full): the header, @length bytes. */
static gboolean
read_header (Parser *self, char **text, gsize *length, GCancellable *cancellable, GError **error)
{
  guint64 n_bytes = ws_source_get_n_bytes (self->source);
  guint8 prefix[WS_FILE_KIND_PREFIX];
  gsize n_prefix = MIN (n_bytes, sizeof prefix);
  guint64 n_header;

  if (!ws_source_read (self->source, 0, prefix, n_prefix, cancellable, error))
    return FALSE;
  if (n_bytes < sizeof n_header && n_bytes > 0 && !g_str_has_suffix (self->file, ".safetensors"))
    return fail_not_checkpoint (self, error);
  if (n_bytes < sizeof n_header)
    return fail (self, WS_ERROR_FORMAT, NULL, error,
                 n_bytes == 0 ? _ ("it is empty") : _ ("it is shorter than 8 bytes"));
  memcpy (&n_header, prefix, sizeof n_header);
  n_header = GUINT64_FROM_LE (n_header);
  if (!check_header_length (self, n_header, prefix, n_prefix, error))
    return FALSE;

  g_autofree char *bytes = g_try_malloc (n_header + 1); /* + 1: never NULL for an empty header */
  if (!bytes)
    return fail (self, WS_ERROR_FORMAT, NULL, error,
                 _ ("there is no memory for its header of %" PRIu64 " bytes"), n_header);
  if (!ws_source_read (self->source, sizeof n_header, bytes, n_header, cancellable, error))
    return FALSE;
  self->data_start = sizeof n_header + n_header;
  *text = g_steal_pointer (&bytes);
  *length = n_header;
  return TRUE;
}

/* --- the JSON of the header --- */

static WsJsonEvent
next_event (Parser *self, GError **error)
{
  WsJsonEvent event = ws_json_reader_next (&self->reader, error);

  if (event == WS_JSON_ERROR)
    g_prefix_error (error, _ ("header of '%s': "), self->file);
  return event;
}

/* Like next_event, but anything else than @expected fails with @complaint. */
static gboolean
expect_event (Parser *self, WsJsonEvent expected, const char *name, const char *complaint,
              GError **error)
{
  WsJsonEvent event = next_event (self, error);

  if (event != expected && event != WS_JSON_ERROR)
    fail (self, WS_ERROR_FORMAT, name, error, "%s", complaint);
  return event == expected;
}

static gboolean
skip_value (Parser *self, GError **error)
{
  if (next_event (self, error) == WS_JSON_ERROR)
    return FALSE;
  if (ws_json_reader_skip (&self->reader, error))
    return TRUE;
  g_prefix_error (error, _ ("header of '%s': "), self->file);
  return FALSE;
}

/* The whole text counts: "F32\0" is not F32. */
static gboolean
text_is (const Parser *self, const char *expected)
{
  gsize length;
  const char *text = ws_json_reader_get_text (&self->reader, &length);

  return length == strlen (expected) && memcmp (text, expected, length) == 0;
}

static gboolean
parse_dtype (Parser *self, WsTensor *tensor, GError **error)
{
  if (!expect_event (self, WS_JSON_STRING, tensor->name, _ ("its dtype is not a string"), error))
    return FALSE;

  const char *text = ws_json_reader_get_text (&self->reader, NULL);
  if (ws_dtype_from_name (text, &tensor->dtype) && text_is (self, text))
    return TRUE;
  g_autofree char *shown = ws_format_name (text);
  return fail (self, WS_ERROR_UNSUPPORTED, tensor->name, error, _ ("dtype '%s' is not known"),
               shown);
}

static gboolean
parse_shape (Parser *self, WsTensor *tensor, GError **error)
{
  if (!expect_event (self, WS_JSON_ARRAY_BEGIN, tensor->name, _ ("its shape is not an array"),
                     error))
    return FALSE;
  for (;;)
    {
      guint64 n;
      WsJsonEvent event = next_event (self, error);

      if (event == WS_JSON_ERROR)
        return FALSE;
      if (event == WS_JSON_ARRAY_END)
        return TRUE;
      if (!ws_json_reader_get_u64 (&self->reader, &n))
        return fail (self, WS_ERROR_FORMAT, tensor->name, error,
                     _ ("its shape holds what is not a whole number of 64 bits"));
      if (tensor->n_dims == WS_MAX_DIMS)
        return fail (self, WS_ERROR_UNSUPPORTED, tensor->name, error,
                     _ ("its shape has more than %d dimensions"), WS_MAX_DIMS);
      tensor->dims[tensor->n_dims++] = n;
    }
}

static gboolean
parse_data_offsets (Parser *self, WsTensor *tensor, GError **error)
{
  const char *complaint = _ ("its data_offsets are not two whole numbers of 64 bits");
  guint64 offsets[2];

  if (!expect_event (self, WS_JSON_ARRAY_BEGIN, tensor->name, complaint, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      if (next_event (self, error) == WS_JSON_ERROR)
        return FALSE;
      if (!ws_json_reader_get_u64 (&self->reader, &offsets[i]))
        return fail (self, WS_ERROR_FORMAT, tensor->name, error, "%s", complaint);
    }
  if (!expect_event (self, WS_JSON_ARRAY_END, tensor->name, complaint, error))
    return FALSE;

  if (offsets[1] < offsets[0])
    return fail (self, WS_ERROR_FORMAT, tensor->name, error,
                 _ ("it ends at byte %" PRIu64 ", before it begins, at byte %" PRIu64), offsets[1],
                 offsets[0]);
  tensor->offset = offsets[0];
  tensor->n_bytes = offsets[1] - offsets[0];
  return TRUE;
}

static const struct
{
  const char *key;
  gboolean (*parse) (Parser *self, WsTensor *tensor, GError **error);
} fields[] = {
  { "dtype", parse_dtype },
  { "shape", parse_shape },
  { "data_offsets", parse_data_offsets },
};

/* After a key of an entry. @seen: which of the fields stood there already. */
static gboolean
parse_field (Parser *self, WsTensor *tensor, gboolean seen[G_N_ELEMENTS (fields)], GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      if (!text_is (self, fields[i].key))
        continue;
      if (seen[i])
        return fail (self, WS_ERROR_FORMAT, tensor->name, error, _ ("its %s stands there twice"),
                     fields[i].key);
      seen[i] = TRUE;
      return fields[i].parse (self, tensor, error);
    }
  return skip_value (self, error);
}

static gboolean
parse_entry (Parser *self, WsTensor *tensor, GError **error)
{
  gboolean seen[G_N_ELEMENTS (fields)] = { FALSE };
  WsJsonEvent event;

  if (!expect_event (self, WS_JSON_OBJECT_BEGIN, tensor->name, _ ("its entry is not an object"),
                     error))
    return FALSE;
  while ((event = next_event (self, error)) == WS_JSON_KEY)
    if (!parse_field (self, tensor, seen, error))
      return FALSE;
  if (event == WS_JSON_ERROR)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!seen[i])
      return fail (self, WS_ERROR_FORMAT, tensor->name, error, _ ("its %s is missing"),
                   fields[i].key);
  return TRUE;
}

/* After a key of the root: a tensor of that name. */
static gboolean
parse_tensor (Parser *self, GError **error)
{
  g_autoptr (WsTensor) tensor = g_new0 (WsTensor, 1);
  gsize length;

  tensor->name = g_strdup (ws_json_reader_get_text (&self->reader, &length));
  tensor->source = ws_source_ref (self->source);
  tensor->block.layer_index = tensor->block.expert_index = tensor->block.rule = -1;
  if (strlen (tensor->name) != length)
    return fail (self, WS_ERROR_UNSUPPORTED, tensor->name, error,
                 _ ("its name goes on after a NUL character"));
  if (!parse_entry (self, tensor, error))
    return FALSE;
  g_ptr_array_add (self->tensors, g_steal_pointer (&tensor));
  return TRUE;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

static gboolean
check_metadata_keys (const Parser *self, GPtrArray *keys, GError **error)
{
  g_ptr_array_sort (keys, compare_keys);
  for (guint i = 1; i < keys->len; i++)
    if (g_bytes_equal (keys->pdata[i - 1], keys->pdata[i]))
      return fail (self, WS_ERROR_FORMAT, NULL, error, _ ("a key of its %s stands there twice"),
                   METADATA);
  return TRUE;
}

/* After the key: null, or an object of strings. Nothing in it is needed. */
static gboolean
parse_metadata (Parser *self, GError **error)
{
  const char *complaint = _ ("its __metadata__ is not an object of strings");
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  if (self->has_metadata)
    return fail (self, WS_ERROR_FORMAT, NULL, error, _ ("its %s stands there twice"), METADATA);
  self->has_metadata = TRUE;

  WsJsonEvent event = next_event (self, error);
  if (event == WS_JSON_NULL || event == WS_JSON_ERROR)
    return event == WS_JSON_NULL;
  if (event != WS_JSON_OBJECT_BEGIN)
    return fail (self, WS_ERROR_FORMAT, NULL, error, "%s", complaint);
  while ((event = next_event (self, error)) == WS_JSON_KEY)
    {
      gsize length;
      const char *key = ws_json_reader_get_text (&self->reader, &length);

      g_ptr_array_add (keys, g_bytes_new (key, length));
      if (!expect_event (self, WS_JSON_STRING, NULL, complaint, error))
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END && check_metadata_keys (self, keys, error);
}

static gboolean
parse_header (Parser *self, const char *text, gsize length, GError **error)
{
  WsJsonEvent event;

  if (!ws_json_reader_init (&self->reader, text, length, error))
    {
      g_prefix_error (error, _ ("header of '%s': "), self->file);
      return FALSE;
    }
  if (!expect_event (self, WS_JSON_OBJECT_BEGIN, NULL, _ ("its header is not a JSON object"),
                     error))
    return FALSE;
  while ((event = next_event (self, error)) == WS_JSON_KEY)
    if (!(text_is (self, METADATA) ? parse_metadata (self, error) : parse_tensor (self, error)))
      return FALSE;
  return event == WS_JSON_OBJECT_END && next_event (self, error) == WS_JSON_END;
}

/* --- what the tensors are together --- */

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(WsTensor *const *) a)->name, (*(WsTensor *const *) b)->name);
}

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const WsTensor *first = *(WsTensor *const *) a;
  const WsTensor *second = *(WsTensor *const *) b;

  if (first->offset != second->offset)
    return first->offset < second->offset ? -1 : 1;
  if (first->n_bytes != second->n_bytes)
    return first->n_bytes < second->n_bytes ? -1 : 1;
  return 0;
}

/* By sorting, not hashing: names can be chosen to collide. */
static gboolean
check_names_differ (Parser *self, GError **error)
{
  g_ptr_array_sort (self->tensors, compare_names);
  for (guint i = 1; i < self->tensors->len; i++)
    {
      const WsTensor *tensor = self->tensors->pdata[i];

      if (strcmp (((WsTensor *) self->tensors->pdata[i - 1])->name, tensor->name) == 0)
        return fail (self, WS_ERROR_FORMAT, tensor->name, error, _ ("its name stands there twice"));
    }
  return TRUE;
}

/* Its bytes are as many as dtype and shape ask for. */
static gboolean
check_size (const Parser *self, WsTensor *tensor, GError **error)
{
  guint64 n_bits;

  tensor->n_elements = 1;
  for (guint i = 0; i < tensor->n_dims; i++)
    if (!g_uint64_checked_mul (&tensor->n_elements, tensor->n_elements, tensor->dims[i]))
      return fail (self, WS_ERROR_FORMAT, tensor->name, error,
                   _ ("the product of its shape is beyond 64 bits"));
  if (!g_uint64_checked_mul (&n_bits, tensor->n_elements, ws_dtype_get_n_bits (tensor->dtype)))
    return fail (self, WS_ERROR_FORMAT, tensor->name, error, _ ("its size is beyond 64 bits"));
  if (n_bits % 8 != 0)
    return fail (self, WS_ERROR_FORMAT, tensor->name, error,
                 _ ("its %" PRIu64 " bits do not fill whole bytes"), n_bits);
  if (n_bits / 8 != tensor->n_bytes)
    return fail (
        self, WS_ERROR_FORMAT, tensor->name, error,
        _ ("its dtype and shape ask for %" PRIu64 " bytes, its data_offsets span %" PRIu64),
        n_bits / 8, tensor->n_bytes);
  return TRUE;
}

/* No hole, no overlap. @previous: the tensor before, or NULL; @expected: where that one ends. */
static gboolean
check_place (const Parser *self, const WsTensor *tensor, const WsTensor *previous, guint64 expected,
             GError **error)
{
  if (tensor->offset == expected)
    return TRUE;
  if (!previous)
    return fail (self, WS_ERROR_FORMAT, tensor->name, error,
                 _ ("it is the first but begins at byte %" PRIu64 " of the data, not 0"),
                 tensor->offset);
  g_autofree char *shown = ws_format_name (previous->name);
  return fail (self, WS_ERROR_FORMAT, tensor->name, error,
               tensor->offset < expected
                   ? _ ("it begins at byte %" PRIu64 " of the data, inside tensor '%s', which ends "
                        "at byte %" PRIu64)
                   : _ ("it begins at byte %" PRIu64 " of the data, after a hole: tensor '%s' "
                        "before it ends at byte %" PRIu64),
               tensor->offset, shown, expected);
}

/* Rule 7: the last tensor, at @end, ends with the file. */
static gboolean
check_end (const Parser *self, const WsTensor *last, guint64 end, GError **error)
{
  guint64 n_data = ws_source_get_n_bytes (self->source) - self->data_start;

  if (end > n_data)
    return fail (self, WS_ERROR_FORMAT, last->name, error,
                 _ ("it ends at byte %" PRIu64 " of the data, the file at byte %" PRIu64
                    " (is the download complete?)"),
                 end, n_data);
  if (end < n_data)
    return fail (self, WS_ERROR_FORMAT, NULL, error, _ ("%" PRIu64 " bytes follow its last tensor"),
                 n_data - end);
  return TRUE;
}

/* Also turns offsets from those of the data to those of the file. */
static gboolean
check_layout (Parser *self, GError **error)
{
  WsTensor *previous = NULL;
  guint64 end = 0;

  g_ptr_array_sort (self->tensors, compare_places);
  for (guint i = 0; i < self->tensors->len; i++)
    {
      WsTensor *tensor = self->tensors->pdata[i];

      if (!check_place (self, tensor, previous, end, error) || !check_size (self, tensor, error))
        return FALSE;
      end += tensor->n_bytes; /* is data_offsets[1], so it cannot overflow */
      previous = tensor;
    }
  if (!check_end (self, previous, end, error))
    return FALSE;
  for (guint i = 0; i < self->tensors->len; i++)
    ((WsTensor *) self->tensors->pdata[i])->offset += self->data_start;
  return TRUE;
}

GPtrArray *
ws_safetensors_read (WsSource *source, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (source != NULL, NULL);

  g_auto (Parser) parser = {
    .source = source,
    .file = ws_format_name (ws_source_get_name (source)),
    .tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_tensor_free),
  };
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!read_header (&parser, &text, &length, cancellable, error) ||
      !parse_header (&parser, text, length, error) || !check_names_differ (&parser, error) ||
      !check_layout (&parser, error))
    return NULL;
  return g_steal_pointer (&parser.tensors);
}
