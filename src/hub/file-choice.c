/* SPDX-License-Identifier: MIT */
/* Which files of a model are worth fetching. Repositories hold the same weights in up to six
 * formats, and each of them costs as much as the model. */
#include "hub/file-choice.h"

#include <fnmatch.h>
#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum
{
  KIND_OTHER, /* pictures, code */
  KIND_SMALL, /* configuration, tokenizer, licence */
  KIND_SAFETENSORS,
  KIND_GGUF,
  KIND_PICKLE,
  KIND_FOREIGN, /* weights for programs that we are not */
} Kind;

/* The first that fits; names are matched without their folder, in lower case. No wild cards but
 * '*'. */
static const struct
{
  const char *pattern;
  Kind kind;
  const char *format; /* of weights that nothing here can open */
} kinds[] = {
  { "*.safetensors.index.json", KIND_SMALL, NULL },
  { "*.bin.index.json", KIND_PICKLE, NULL },
  { "*.safetensors", KIND_SAFETENSORS, NULL },
  { "*.gguf", KIND_GGUF, "GGUF" },
  { "*.bin", KIND_PICKLE, "PyTorch" },
  { "*.pt", KIND_PICKLE, "PyTorch" },
  { "*.pth", KIND_PICKLE, "PyTorch" },
  { "*.ckpt", KIND_PICKLE, "PyTorch" },
  { "*.h5", KIND_FOREIGN, "Keras" },
  { "*.msgpack", KIND_FOREIGN, "Flax" },
  { "*.ot", KIND_FOREIGN, "Torch" },
  { "*.onnx*", KIND_FOREIGN, "ONNX" },
  { "*.tflite", KIND_FOREIGN, "TensorFlow Lite" },
  { "*.mlmodel*", KIND_FOREIGN, "Core ML" },
  { "*.nemo", KIND_FOREIGN, "NeMo" },
  { "*.npz", KIND_FOREIGN, "NumPy" },
  { "*.json", KIND_SMALL, NULL },
  { "*.txt", KIND_SMALL, NULL },
  { "*.model", KIND_SMALL, NULL },
  { "*.jinja", KIND_SMALL, NULL },
  { "*.tiktoken", KIND_SMALL, NULL },
  { "tokenizer*", KIND_SMALL, NULL },
  { "vocab*", KIND_SMALL, NULL },
  { "license*", KIND_SMALL, NULL },
  { "readme.md", KIND_SMALL, NULL },
};

/* Folders that hold the same model for other programs. */
static const char *const foreign_folders[] = { "original/", "metal/", "openvino/", "coreml/",
                                               "onnx/",     "flax/",  "tf/",       "gguf/" };

/* What is known of the whole listing before a file is judged. */
typedef struct
{
  const WsHubListing *listing;
  Kind *kinds;           /* (owned): of its files */
  Kind format;           /* of the weights to fetch; KIND_OTHER: there are none */
  gboolean has_shards;   /* in that format, "-00001-of-00003" */
  gboolean has_own_name; /* a file "model*", which a "consolidated*" repeats */
  char *quantisation;    /* (owned) (nullable): of the GGUF files to fetch: the end of their name */
} Survey;

static const char *
get_name (const char *path)
{
  const char *slash = strrchr (path, '/');

  return slash ? slash + 1 : path;
}

static gboolean
matches (const char *pattern, const char *text)
{
  return fnmatch (pattern, text, FNM_NOESCAPE) == 0;
}

/* The same where '*' is the only wild card: fnmatch would hold up a window over 5,000 files. */
static gboolean
fits (const char *pattern, const char *text)
{
  const char *star = NULL, *again = NULL;

  while (*text != '\0')
    if (*pattern == '*')
      {
        star = pattern++;
        again = text;
      }
    else if (*pattern == *text)
      {
        pattern++;
        text++;
      }
    else if (star != NULL)
      {
        pattern = star + 1;
        text = ++again;
      }
    else
      return FALSE;
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

/* @format: (out) (optional): of weights that nothing here can open; else NULL */
static Kind
find_kind (const char *path, const char **format)
{
  g_autofree char *name = g_ascii_strdown (get_name (path), -1);
  guint i;

  for (i = 0; i < G_N_ELEMENTS (kinds) && !fits (kinds[i].pattern, name); i++)
    ;
  if (format != NULL)
    *format = i < G_N_ELEMENTS (kinds) ? kinds[i].format : NULL;
  return i < G_N_ELEMENTS (kinds) ? kinds[i].kind : KIND_OTHER;
}

static Kind
get_kind (const char *path)
{
  return find_kind (path, NULL);
}

/* GGUF files are ours wherever they are. */
static gboolean
is_in_foreign_folder (const char *path, Kind kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (foreign_folders); i++)
    if (g_str_has_prefix (path, foreign_folders[i]))
      return kind != KIND_GGUF;
  return FALSE;
}

static gboolean
is_shard (const char *path)
{
  return strstr (path, "-of-") &&
         matches ("*-[0-9][0-9][0-9][0-9][0-9]-of-[0-9][0-9][0-9][0-9][0-9].*", path);
}

/* A second precision beside the full one: "model.fp16.safetensors". */
static gboolean
is_variant (const char *path)
{
  return strstr (path, ".fp16.") || strstr (path, ".bf16.") || strstr (path, ".fp16-0") ||
         strstr (path, ".non_ema.");
}

/* What tells one quantisation from another: "Q4_K_M" of "name-Q4_K_M-00001-of-00002.gguf".
 * (transfer full) */
static char *
dup_quantisation (const char *path)
{
  g_autofree char *name = g_strdup (get_name (path));
  char *end = strrchr (name, '.');

  if (end != NULL)
    *end = '\0';
  if (is_shard (path))
    name[strlen (name) - strlen ("-00001-of-00002")] = '\0';
  end = strpbrk (name, "-.");
  for (char *next; end != NULL && (next = strpbrk (end + 1, "-.")) != NULL;)
    end = next;
  return g_strdup (end ? end + 1 : name);
}

/* The usual compromise where there is one. */
static void
prefer_quantisation (Survey *self, const char *path)
{
  g_autofree char *quantisation = dup_quantisation (path);

  if (self->quantisation == NULL || g_ascii_strcasecmp (quantisation, "Q4_K_M") == 0)
    {
      g_free (self->quantisation);
      self->quantisation = g_steal_pointer (&quantisation);
    }
}

/* Safetensors, else GGUF, else pickles, else what there is. */
static Kind
find_format (const Survey *self)
{
  Kind best = KIND_OTHER;

  for (guint i = 0; i < self->listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (self->listing->files, i);
      const Kind kind = self->kinds[i];

      if (kind >= KIND_SAFETENSORS && !is_in_foreign_folder (file->path, kind) &&
          (best == KIND_OTHER || kind < best))
        best = kind;
    }
  return best;
}

static void
survey_init (Survey *self, const WsHubListing *listing)
{
  *self = (Survey){ .listing = listing, .kinds = g_new (Kind, listing->files->len) };
  for (guint i = 0; i < listing->files->len; i++)
    self->kinds[i] = get_kind (((WsHubFile *) g_ptr_array_index (listing->files, i))->path);
  self->format = find_format (self);
  for (guint i = 0; i < listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (listing->files, i);

      if (self->kinds[i] != self->format)
        continue;
      if (self->format == KIND_GGUF)
        prefer_quantisation (self, file->path);
      if (strchr (file->path, '/') != NULL)
        continue;
      self->has_shards |= is_shard (file->path) && g_str_has_prefix (file->path, "model");
      self->has_own_name |= g_str_has_prefix (file->path, "model");
    }
}

static void
survey_clear (Survey *self)
{
  g_free (self->kinds);
  g_free (self->quantisation);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Survey, survey_clear)

/* Whether the full precision of @file lies beside it. */
static gboolean
has_full_precision (const WsHubListing *listing, const WsHubFile *file)
{
  const char *const marks[] = { ".fp16", ".bf16", ".non_ema" };

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      g_auto (GStrv) parts = g_strsplit (file->path, marks[i], -1);
      g_autofree char *full = g_strjoinv ("", parts);

      if (strcmp (full, file->path) != 0 && ws_hub_listing_find (listing, full))
        return TRUE;
    }
  return FALSE;
}

/* Why a file of weights in the right format is one too many; NULL: it is not. */
static const char *
judge_weights (const Survey *self, const WsHubFile *file)
{
  const gboolean is_at_root = strchr (file->path, '/') == NULL;
  g_autofree char *quantisation = NULL;

  if (self->format == KIND_GGUF)
    {
      quantisation = dup_quantisation (file->path);
      return strcmp (quantisation, self->quantisation) == 0
                 ? NULL
                 : _ ("another quantisation of the same weights");
    }
  if (is_variant (file->path) && has_full_precision (self->listing, file))
    return _ ("another precision of the same weights");
  if (is_at_root && self->has_own_name && g_str_has_prefix (file->path, "consolidated"))
    return _ ("the same weights once more");
  if (is_at_root && self->has_shards && g_str_has_prefix (file->path, "model.") &&
      !g_str_has_suffix (file->path, ".json"))
    return _ ("the same weights once more, in one file");
  return NULL;
}

/* Why @file is not fetched; NULL: it is. */
static const char *
judge (const Survey *self, guint i, WsChoicePreset preset)
{
  const WsHubFile *file = g_ptr_array_index (self->listing->files, i);
  const Kind kind = self->kinds[i];

  if (preset == WS_CHOICE_ALL)
    return NULL;
  if (is_in_foreign_folder (file->path, kind) || (kind == KIND_FOREIGN && kind != self->format))
    return _ ("for other programs");
  if (kind == KIND_SMALL)
    return NULL;
  if (kind == KIND_OTHER)
    return _ ("not needed to read the weights");
  if (preset == WS_CHOICE_SMALL)
    return _ ("weights");
  if (kind != self->format)
    return _ ("the same weights in another format");
  return judge_weights (self, file);
}

static gboolean
matches_any (const char *const *patterns, const char *path)
{
  for (guint i = 0; patterns[i] != NULL; i++)
    {
      const gboolean is_folder = g_str_has_suffix (patterns[i], "/");
      g_autofree char *pattern = g_strconcat (patterns[i], is_folder ? "*" : "", NULL);

      if (matches (pattern, path))
        return TRUE;
    }
  return FALSE;
}

GPtrArray *
ws_choice_new (const WsHubListing *listing, WsChoicePreset preset, const char *const *include,
               const char *const *exclude)
{
  GPtrArray *rows = g_ptr_array_new_full (listing->files->len, g_free);
  g_auto (Survey) survey = { 0 };

  survey_init (&survey, listing);
  for (guint i = 0; i < listing->files->len; i++)
    {
      WsChoiceRow *row = g_new0 (WsChoiceRow, 1);

      row->file = g_ptr_array_index (listing->files, i);
      find_kind (row->file->path, &row->format);
      if (include == NULL)
        row->reason = judge (&survey, i, preset);
      else if (!matches_any (include, row->file->path))
        row->reason = _ ("not among what was asked for");
      if (exclude != NULL && matches_any (exclude, row->file->path))
        row->reason = _ ("excluded");
      row->is_chosen = row->reason == NULL;
      g_ptr_array_add (rows, row);
    }
  return rows;
}

const char *
ws_choice_get_foreign_format (GPtrArray *rows)
{
  const char *format = NULL;

  for (guint i = 0; i < rows->len; i++)
    {
      const WsChoiceRow *row = g_ptr_array_index (rows, i);

      if (row->is_chosen && get_kind (row->file->path) == KIND_SAFETENSORS)
        return NULL;
      if (row->is_chosen && format == NULL)
        format = row->format;
    }
  return format;
}

gboolean
ws_choice_is_of_pickles (const WsHubListing *listing)
{
  g_auto (Survey) survey = { 0 };

  survey_init (&survey, listing);
  return survey.format == KIND_PICKLE;
}

char *
ws_choice_make_variant_pattern (const char *variant)
{
  GString *pattern = g_string_new ("*[-.]");

  for (const char *c = variant; *c != '\0'; c++)
    g_string_append_printf (pattern, "[%c%c]", g_ascii_tolower (*c), g_ascii_toupper (*c));
  return g_string_free (g_string_append (pattern, "[-.]*"), FALSE);
}

void
ws_choice_keep (GPtrArray *rows, const char *const *paths)
{
  for (guint i = 0; i < rows->len; i++)
    {
      WsChoiceRow *row = g_ptr_array_index (rows, i);

      if (!row->is_chosen || get_kind (row->file->path) != KIND_SAFETENSORS ||
          g_strv_contains (paths, row->file->path))
        continue;
      row->is_chosen = FALSE;
      row->reason = _ ("other parts of the model");
    }
}

GPtrArray *
ws_choice_get_files (GPtrArray *rows)
{
  GPtrArray *files = g_ptr_array_new ();

  for (guint i = 0; i < rows->len; i++)
    {
      const WsChoiceRow *row = g_ptr_array_index (rows, i);

      if (row->is_chosen)
        g_ptr_array_add (files, (gpointer) row->file);
    }
  return files;
}

guint64
ws_choice_get_n_bytes (GPtrArray *rows)
{
  g_autoptr (GHashTable) contents = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 n_bytes = 0;

  for (guint i = 0; i < rows->len; i++)
    {
      const WsChoiceRow *row = g_ptr_array_index (rows, i);
      const WsHubFile *file = row->file;

      if (row->is_chosen &&
          g_hash_table_add (contents, file->sha256 ? file->sha256 : file->git_oid))
        n_bytes += file->n_bytes;
    }
  return n_bytes;
}
