/* SPDX-License-Identifier: MIT */
/* Signatures of the files that are found where a checkpoint should be. */
#include "model/file-kind.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const struct
{
  WsFileKind kind;
  const char *signature; /* letters match in either case */
} signatures[] = {
  { WS_FILE_KIND_LFS_POINTER, "version https://git-lfs" },
  { WS_FILE_KIND_HTML, "<!doctype" },
  { WS_FILE_KIND_HTML, "<html" },
  { WS_FILE_KIND_JSON, "{" },
  { WS_FILE_KIND_ZIP, "PK\003\004" },
  { WS_FILE_KIND_PICKLE, "\200\002" }, /* protocols 2 to 5 */
  { WS_FILE_KIND_PICKLE, "\200\003" },
  { WS_FILE_KIND_PICKLE, "\200\004" },
  { WS_FILE_KIND_PICKLE, "\200\005" },
  { WS_FILE_KIND_GGUF, "GGUF" },
};

static const struct
{
  WsError code;
  const char *description;
} kinds[] = {
  [WS_FILE_KIND_LFS_POINTER] = { WS_ERROR_FORMAT,
                                 N_ ("a git-lfs pointer, not the file itself: run git lfs pull") },
  [WS_FILE_KIND_HTML] = { WS_ERROR_FORMAT,
                          N_ ("a web page, not the file itself: download it again") },
  [WS_FILE_KIND_JSON] = { WS_ERROR_FORMAT, N_ ("a JSON text, not a file of tensors") },
  [WS_FILE_KIND_ZIP] = { WS_ERROR_UNSUPPORTED,
                         N_ ("a zip archive (PyTorch or NumPy), which is not read yet") },
  [WS_FILE_KIND_PICKLE] = { WS_ERROR_UNSUPPORTED,
                            N_ ("a Python pickle (old PyTorch), which is not read") },
  [WS_FILE_KIND_GGUF] = { WS_ERROR_UNSUPPORTED, N_ ("a GGUF file, which is not read yet") },
};

static gboolean
begins_with (const guint8 *bytes, gsize n_bytes, const char *signature)
{
  gsize length = strlen (signature);

  return n_bytes >= length && g_ascii_strncasecmp ((const char *) bytes, signature, length) == 0;
}

WsFileKind
ws_file_kind_recognise (const guint8 *prefix, gsize n_bytes)
{
  while (n_bytes > 0 && g_ascii_isspace (*prefix)) /* web servers put line feeds before a page */
    {
      prefix++;
      n_bytes--;
    }
  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    if (begins_with (prefix, n_bytes, signatures[i].signature))
      return signatures[i].kind;
  return WS_FILE_KIND_UNKNOWN;
}

gboolean
ws_file_kind_set_error (WsFileKind kind, const char *file, GError **error)
{
  if (kind == WS_FILE_KIND_UNKNOWN)
    return FALSE;
  /* Translators: a file name, then what it is: "a web page, not the file itself: ...". */
  g_set_error (error, WS_ERROR, kinds[kind].code, _ ("'%s' is %s"), file,
               _ (kinds[kind].description));
  return TRUE;
}
