/* SPDX-License-Identifier: MIT */
/* A folder of checkpoints for a test, and what is found in it. */
#include "model-fixture.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("ws-model-XXXXXX", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

void
tear_down (Fixture *self, gconstpointer data)
{
  remove_all (self->folder);
  g_free (self->folder);
}

void
write_text (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A file of tensors, one for each of @entries (NULL at the end): "name" is F32 of 2 x 3, and
 * "name:DTYPE:BYTES:SHAPE" what it says. */
void
write_tensors (Fixture *self, const char *name, const char *const *entries)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  guint64 end = 0;

  for (guint i = 0; entries[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (entries[i], ":", 4);
      gboolean plain = g_strv_length (parts) == 1;
      guint64 n_bytes = plain ? 24 : g_ascii_strtoull (parts[2], NULL, 10);

      g_string_append_printf (
          header,
          "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%" G_GUINT64_FORMAT
          ",%" G_GUINT64_FORMAT "]}",
          i ? "," : "", parts[0], plain ? "F32" : parts[1], plain ? "[2,3]" : parts[3], end,
          end + n_bytes);
      end += n_bytes;
    }
  g_string_append_c (header, '}');

  guint64 length = GUINT64_TO_LE ((guint64) header->len);
  FILE *file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  fwrite (&length, sizeof length, 1, file);
  fwrite (header->str, header->len, 1, file);
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_cmpint (truncate (path, 8 + header->len + end), ==, 0); /* zeros */
}

/* Opens @name in the folder; "" is the folder itself. */
WsModel *
open_name (Fixture *self, const char *name, gboolean allow_missing, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, *name ? name : NULL, NULL);

  return ws_model_open (path, allow_missing, NULL, error);
}

WsModel *
open_folder (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  WsModel *model = open_name (self, "", FALSE, &error);

  g_assert_no_error (error);
  return model;
}

void
assert_refused (Fixture *self, const char *name, GQuark domain, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, name, FALSE, &error);

  g_assert_null (model);
  g_assert_error (error, domain, code);
  if (!strstr (error->message, part))
    g_error ("'%s' should say '%s'", error->message, part);
}

const WsTensor *
get_tensor (const WsModel *model, guint i)
{
  g_assert_cmpuint (i, <, model->tensors->len);
  return model->tensors->pdata[i];
}

const WsTensor *
find_tensor (const WsModel *model, const char *name)
{
  for (guint i = 0; i < model->tensors->len; i++)
    if (strcmp (get_tensor (model, i)->name, name) == 0)
      return get_tensor (model, i);
  g_error ("no tensor '%s'", name);
}

gboolean
has_sentence (GPtrArray *sentences, const char *part)
{
  for (guint i = 0; i < sentences->len; i++)
    if (strstr (sentences->pdata[i], part))
      return TRUE;
  return FALSE;
}

gboolean
has_warning (const WsModel *model, const char *part)
{
  return has_sentence (model->warnings, part);
}
