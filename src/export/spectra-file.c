/* SPDX-License-Identifier: MIT */
/* Singular values as a NumPy archive. The format:
 *
 * 1. a zip archive, entries stored, zip64 where sizes ask for it; fixed times, so that the same
 *    spectra give the same bytes;
 * 2. each entry is "NAME.npy", as npy.c writes it, of float64 values.
 *
 * An entry's name is the tensor's, so that numpy.load (file)[name] finds it. What could be taken
 * for a path, or not be shown, is written as %XX (its UTF-8 bytes): control characters / \ : and
 * % itself. A name longer than 1000 bytes is cut and ends in "%" and its SHA-256. */
#include "export/spectra-file.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <string.h>

#include "base/atomic-file.h"
#include "export/npy.h"

#define MAX_NAME_BYTES 1000
/* What is kept of a longer one; with the sum it stays below the limit. */
#define CUT_NAME_BYTES 900

typedef struct archive WsArchive;
typedef struct archive_entry WsArchiveEntry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsArchive, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsArchiveEntry, archive_entry_free)

/* "NAME" or "NAME[3]", without what a zip reader could misunderstand, and ".npy". */
static char *
dup_entry_name (const WsResult *result)
{
  const char *name = result->tensor->name;
  GString *text = g_string_new (NULL);

  for (const char *p = name; *p != '\0'; p++)
    if ((guchar) *p < 0x20 || *p == 0x7F || strchr ("/\\:%", *p) != NULL)
      g_string_append_printf (text, "%%%02X", (guchar) *p);
    else
      g_string_append_c (text, *p);
  if (text->len > MAX_NAME_BYTES)
    {
      g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, name, -1);
      const char *end = g_utf8_find_prev_char (text->str, text->str + CUT_NAME_BYTES);

      g_string_truncate (text, end ? (gsize) (end - text->str) : CUT_NAME_BYTES);
      g_string_append_printf (text, "%%%s", sum);
    }
  if (result->slice >= 0)
    g_string_append_printf (text, "[%d]", result->slice);
  g_string_append (text, ".npy");
  return g_string_free (text, FALSE);
}

static gboolean
write_data (struct archive *archive, const void *data, gsize n_bytes)
{
  return archive_write_data (archive, data, n_bytes) == (la_ssize_t) n_bytes;
}

static gboolean
write_spectrum (struct archive *archive, const WsResult *result)
{
  g_autoptr (WsArchiveEntry) entry = archive_entry_new ();
  g_autofree char *name = dup_entry_name (result);
  const WsSpectrum *spectrum = &result->spectrum;
  GString *header = ws_npy_new_header (WS_NPY_FLOAT64, &(guint64){ spectrum->n_sigma }, 1);
  gsize n_bytes = spectrum->n_sigma * sizeof (double);
  gboolean written;

  /* No time is set: the archive then holds the earliest that zip knows, in every time zone. */
  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, header->len + n_bytes);
  written = archive_write_header (archive, entry) == ARCHIVE_OK &&
            write_data (archive, header->str, header->len) &&
            write_data (archive, spectrum->sigma, n_bytes);
  g_string_free (header, TRUE);
  return written;
}

static gboolean
write_archive (struct archive *archive, FILE *stream, GPtrArray *results)
{
  if (archive_write_set_format_zip (archive) != ARCHIVE_OK ||
      archive_write_set_options (archive, "zip:compression=store") != ARCHIVE_OK ||
      archive_write_set_bytes_in_last_block (archive, 1) != ARCHIVE_OK ||
      archive_write_open_FILE (archive, stream) != ARCHIVE_OK)
    return FALSE;
  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      if (result->spectrum.n_sigma > 0 && !write_spectrum (archive, result))
        return FALSE;
    }
  return archive_write_close (archive) == ARCHIVE_OK;
}

static locale_t
new_utf8_locale (void)
{
  static const char *const names[] = { "C.UTF-8", "en_US.UTF-8", "UTF-8" };
  locale_t utf8 = (locale_t) 0;

  for (gsize i = 0; i < G_N_ELEMENTS (names) && !utf8; i++)
    utf8 = newlocale (LC_CTYPE_MASK, names[i], (locale_t) 0);
  return utf8;
}

/* libarchive asks the locale whether names are UTF-8; here they are, whatever the user's is. */
static gboolean
write_archive_utf8 (struct archive *archive, FILE *stream, GPtrArray *results)
{
  locale_t utf8 = new_utf8_locale ();
  locale_t before = utf8 ? uselocale (utf8) : (locale_t) 0;
  gboolean written = write_archive (archive, stream, results);

  if (utf8)
    {
      uselocale (before);
      freelocale (utf8);
    }
  return written;
}

gboolean
ws_spectra_file_save (const char *path, GPtrArray *results, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);
  g_autoptr (WsArchive) archive = NULL;

  if (file == NULL)
    return FALSE;
  archive = archive_write_new ();
  if (!write_archive_utf8 (archive, ws_atomic_file_get_stream (file), results))
    {
      /* libarchive's own sentence for a full disk is "Write error" */
      const char *reason = archive_errno (archive) > 0 ? g_strerror (archive_errno (archive))
                                                       : archive_error_string (archive);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("cannot write '%s': %s"), path,
                   reason ? reason : _ ("the archive could not be made"));
      return FALSE;
    }
  return ws_atomic_file_commit (file, error);
}
