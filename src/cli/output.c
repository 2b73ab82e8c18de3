/* SPDX-License-Identifier: MIT */
/* Where a result goes and in what form. */
#include "cli/output.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic-file.h"
#include "base/error.h"
#include "base/format.h"
#include "cli/terminal.h"

/* What stands behind the last dot of a path's last name; NULL: nothing that could be the name of a
 * kind of file ("results", "results-1.5", "/dev/null"). */
static const char *
find_extension (const char *path)
{
  const char *slash = strrchr (path, G_DIR_SEPARATOR);
  const char *name = slash ? slash + 1 : path;
  const char *dot = strrchr (name, '.');

  return dot && dot != name && g_ascii_isalpha (dot[1]) ? dot + 1 : NULL;
}

/* A reader would take a table under another extension for what it is not. */
static gboolean
choose_format_from_path (WsTableFormat *format, const char *path, GError **error)
{
  const char *extension = find_extension (path);
  g_autofree char *key = extension ? g_ascii_strdown (extension, -1) : NULL;
  g_autofree char *shown = NULL;

  *format = WS_TABLE_CSV;
  if (key == NULL || (ws_table_format_from_key (key, format) && *format != WS_TABLE_SEED_CSV))
    return TRUE;
  shown = ws_format_name (path);
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("--out '%s': tables are written as .csv, .json, .jsonl or .tsv; for another "
                  "extension say which with --format"),
               shown);
  return FALSE;
}

gboolean
cli_check_is_npz (const char *path, GError **error)
{
  const char *extension = find_extension (path);
  g_autofree char *shown = NULL;

  if (extension && g_ascii_strcasecmp (extension, "npz") == 0)
    return TRUE;
  shown = ws_format_name (path);
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("--spectra '%s': the file is a NumPy archive, so its name must end in .npz"),
               shown);
  return FALSE;
}

gboolean
cli_choose_form (CliForm *form, const CliOptions *options, gboolean seed, GError **error)
{
  g_autofree char *shown = NULL;

  *form = (CliForm){ FALSE, WS_TABLE_CSV };
  if (options->format == NULL)
    {
      form->for_people = options->out == NULL && cli_is_terminal (STDOUT_FILENO);
      return options->out == NULL || choose_format_from_path (&form->format, options->out, error);
    }
  form->for_people = strcmp (options->format, "table") == 0;
  if (form->for_people || (ws_table_format_from_key (options->format, &form->format) &&
                           (seed || form->format != WS_TABLE_SEED_CSV)))
    return TRUE;
  shown = ws_format_name (options->format);
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT, _ ("--format does not take '%s': expected %s"),
               shown,
               seed ? "table, csv, json, jsonl, tsv, seed-csv" : "table, csv, json, jsonl, tsv");
  return FALSE;
}

static gboolean
is_same_file (const char *path, const struct stat *status)
{
  struct stat other;

  return stat (path, &other) == 0 && other.st_dev == status->st_dev &&
         other.st_ino == status->st_ino;
}

/* The files that stand beside the weights and belong to the model, as far as names tell. */
static gboolean
is_companion (const char *path, const WsModel *model)
{
  static const char *const patterns[] = { "config.json",    "generation_config.json",
                                          "*.index.json",   "tokenizer*",
                                          "vocab.*",        "merges.txt",
                                          "added_tokens.*", "special_tokens_map.json" };
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  struct stat status;

  if (stat (folder, &status) != 0)
    return FALSE;
  for (guint i = 0; i < model->sources->len; i++)
    {
      const WsFileIdentity *file = ws_source_get_identity (g_ptr_array_index (model->sources, i));
      g_autofree char *own_folder = file ? g_path_get_dirname (file->path) : NULL;

      if (own_folder == NULL ||
          !(is_same_file (own_folder, &status) || is_same_file (model->path, &status)))
        continue;
      for (gsize j = 0; j < G_N_ELEMENTS (patterns); j++)
        if (g_pattern_match_simple (patterns[j], name))
          return TRUE;
    }
  return FALSE;
}

static gboolean
is_weight_file (const struct stat *status, const WsModel *model)
{
  for (guint i = 0; i < model->sources->len; i++)
    {
      const WsFileIdentity *file = ws_source_get_identity (g_ptr_array_index (model->sources, i));

      if (file != NULL && is_same_file (file->path, status))
        return TRUE;
    }
  return FALSE;
}

gboolean
cli_check_not_of_model (const char *option, const char *path, const WsModel *model, GError **error)
{
  struct stat status;
  g_autofree char *shown = ws_format_name (path);

  if (stat (path, &status) != 0 || !(is_weight_file (&status, model) || is_companion (path, model)))
    return TRUE;
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("--%s '%s' is a file of the model itself: it would be overwritten"), option,
               shown);
  return FALSE;
}

gboolean
cli_check_writable (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  const char *subject = folder;
  struct stat status;
  int saved_errno;

  if (stat (path, &status) == 0 && !S_ISREG (status.st_mode))
    {
      subject = path;
      if (S_ISDIR (status.st_mode))
        {
          ws_error_set_errno (error, EISDIR, _ ("cannot write"), path);
          return FALSE;
        }
    }
  if (access (subject, W_OK) == 0)
    return TRUE;
  saved_errno = errno;
  ws_error_set_errno (error, saved_errno, _ ("cannot write to"), subject);
  return FALSE;
}

gboolean
cli_check_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0777) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot create the folder"), path);
      return FALSE;
    }
  if (access (path, W_OK | X_OK) == 0)
    return TRUE;
  ws_error_set_errno (error, errno, _ ("cannot write to"), path);
  return FALSE;
}

static gboolean
flush (FILE *stream, const char *path, GError **error)
{
  errno = 0;
  if (fflush (stream) == 0 && !ferror (stream))
    return TRUE;
  ws_error_set_errno (error, errno ? errno : EIO, _ ("cannot write"), path);
  return FALSE;
}

/* The writer of a table sees a stream and cannot say which. */
static void
prefix_path (GError **error, const char *path)
{
  g_autofree char *shown = ws_format_name (path);

  g_prefix_error (error, "'%s': ", shown);
}

/* A pipe or a device cannot be replaced by a file, only written to. */
static gboolean
write_special (const char *path, CliWriteFunc write, gpointer user_data, GError **error)
{
  FILE *stream = g_fopen (path, "we");
  gboolean written;

  if (stream == NULL)
    {
      ws_error_set_errno (error, errno, _ ("cannot open"), path);
      return FALSE;
    }
  written = write (stream, cli_get_terminal_width (fileno (stream)), user_data, error);
  if (!written)
    prefix_path (error, path);
  written = written && flush (stream, path, error);
  fclose (stream);
  return written;
}

static gboolean
write_file (const char *path, CliWriteFunc write, gpointer user_data, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  if (write (ws_atomic_file_get_stream (file), 0, user_data, error))
    return ws_atomic_file_commit (file, error);
  prefix_path (error, path);
  return FALSE;
}

gboolean
cli_write_output (const char *path, CliWriteFunc write, gpointer user_data, GError **error)
{
  struct stat status;

  if (path == NULL)
    return write (stdout, cli_get_terminal_width (STDOUT_FILENO), user_data, error) &&
           flush (stdout, _ ("standard output"), error);
  if (stat (path, &status) == 0 && !S_ISREG (status.st_mode))
    return write_special (path, write, user_data, error);
  return write_file (path, write, user_data, error);
}
