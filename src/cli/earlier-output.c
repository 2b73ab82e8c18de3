/* SPDX-License-Identifier: MIT */
/* Whose files stand in a folder that a command is to write into. */
#include "cli/earlier-output.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "base/json-reader.h"
#include "base/source.h"
#include "cli/terminal.h"
#include "export/table.h"

/* Far more than the record of a model of 10,000 files, with which each of our files begins. */
#define MAX_HEAD_BYTES ((gsize) 4 << 20)

/* What is there already. (nullable): borrowed */
static const char *
find_present (const char *folder, const char *const *names)
{
  for (; *names != NULL; names++)
    {
      g_autofree char *path = g_build_filename (folder, *names, NULL);

      if (g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        return *names;
    }
  return NULL;
}

/* The beginning of the file @name. (transfer full) (nullable) */
static char *
read_head (const char *folder, const char *name, gsize *n_bytes)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (WsSource) source = ws_source_open_file (path, NULL);
  g_autofree char *head = NULL;
  const char *end;

  if (source == NULL)
    return NULL;
  *n_bytes = MIN (ws_source_get_n_bytes (source), MAX_HEAD_BYTES);
  head = g_malloc (*n_bytes + 1);
  if (!ws_source_read (source, 0, head, *n_bytes, NULL, NULL))
    return NULL;
  /* not to the middle of a character */
  g_utf8_validate_len (head, *n_bytes, &end);
  *n_bytes = (gsize) (end - head);
  return g_steal_pointer (&head);
}

/* The record's sizes of files, then the path of the model: those of @model. */
static gboolean
tells_of (WsJsonReader *reader, const WsModel *model)
{
  g_autofree char *path = ws_table_dup_public_path (model->path);
  gboolean in_files = TRUE;
  WsJsonEvent event;
  guint n = 0;

  while ((event = ws_json_reader_next (reader, NULL)) != WS_JSON_ERROR && event != WS_JSON_END)
    {
      g_autofree char *key =
          event == WS_JSON_KEY ? g_strdup (ws_json_reader_get_text (reader, NULL)) : NULL;
      guint64 size;

      if (key == NULL)
        continue;
      if (strcmp (key, "options") == 0)
        in_files = FALSE;
      if (strcmp (key, "model_path") == 0)
        return n == model->sources->len && ws_json_reader_next (reader, NULL) == WS_JSON_STRING &&
               strcmp (ws_json_reader_get_text (reader, NULL), path) == 0;
      if (!in_files || strcmp (key, "size") != 0)
        continue;
      if (ws_json_reader_next (reader, NULL) != WS_JSON_NUMBER ||
          !ws_json_reader_get_u64 (reader, &size) || n >= model->sources->len ||
          size != ws_source_get_n_bytes (g_ptr_array_index (model->sources, n)))
        return FALSE;
      n++;
    }
  return FALSE;
}

static gboolean
is_of_model (const char *folder, const char *record, const WsModel *model)
{
  gsize n_bytes;
  g_autofree char *head = read_head (folder, record, &n_bytes);
  g_auto (WsJsonReader) reader = { 0 };

  return head != NULL && ws_json_reader_init (&reader, head, n_bytes, NULL) &&
         tells_of (&reader, model);
}

gboolean
cli_check_earlier_output (const CliOptions *options, const char *const *names, const char *record,
                          const WsModel *model, GError **error)
{
  const char *present = find_present (options->out, names);
  g_autofree char *shown = ws_format_name (options->out);

  if (present == NULL || options->force)
    return TRUE;
  if (is_of_model (options->out, record, model))
    {
      if (!options->quiet)
        /* Translators: the name of a folder */
        cli_print_message (_ ("what an earlier run wrote of this model into %s is replaced"),
                           shown);
      return TRUE;
    }
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               /* Translators: the name of a folder, then of a file in it */
               _ ("'%s' already holds '%s', which is not from this model: name another folder, or "
                  "let --force replace it"),
               shown, present);
  return FALSE;
}
