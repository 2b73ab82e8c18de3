/* SPDX-License-Identifier: MIT */
/* Where numbers come from. Keys and values are for machines: never translated. */
#include "analysis/record.h"

#include <sqlite3.h>
#include <string.h>

#include "base/json-members.h"
#include "config.h"

/* An instant of the year 9999, the last that RFC 3339 can say. */
#define MAX_EPOCH G_GINT64_CONSTANT (253402300799)

char *
ws_record_get_time (void)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  g_autoptr (GDateTime) time = NULL;
  guint64 seconds;

  if (epoch != NULL && g_ascii_string_to_unsigned (epoch, 10, 0, MAX_EPOCH, &seconds, NULL))
    time = g_date_time_new_from_unix_utc ((gint64) seconds);
  else
    time = g_date_time_new_now_utc ();
  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

/* The Hub's cache names a large file by the SHA-256 of its content: snapshots/REVISION/NAME is a
 * link to blobs/SHA256. */
static char *
dup_sha256 (const WsSource *source)
{
  const WsFileIdentity *identity = ws_source_get_identity (source);
  g_autofree char *blob = identity != NULL ? g_path_get_basename (identity->path) : NULL;
  g_autofree char *folder = identity != NULL ? g_path_get_dirname (identity->path) : NULL;

  if (blob == NULL || !is_sha256 (blob) || !g_str_has_suffix (folder, G_DIR_SEPARATOR_S "blobs"))
    return NULL;
  return g_steal_pointer (&blob);
}

static void
add_files (JsonBuilder *builder, const WsModel *model)
{
  json_builder_set_member_name (builder, "files");
  json_builder_begin_array (builder);
  for (guint i = 0; i < model->sources->len; i++)
    {
      const WsSource *source = g_ptr_array_index (model->sources, i);
      g_autofree char *sha256 = dup_sha256 (source);

      json_builder_begin_object (builder);
      ws_json_add_text (builder, "name", ws_source_get_name (source));
      ws_json_add_count (builder, "size", ws_source_get_n_bytes (source));
      ws_json_add_text (builder, "sha256", sha256);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_spectrum_options (JsonBuilder *builder, const WsAnalysisOptions *options)
{
  json_builder_set_member_name (builder, "energy");
  json_builder_begin_array (builder);
  for (guint i = 0; i < options->metrics.n_energies; i++)
    json_builder_add_double_value (builder, options->metrics.energy[i]);
  json_builder_end_array (builder);
  ws_json_add_real (builder, "rank_tol", options->metrics.rank_tol);
  json_builder_set_member_name (builder, "rank_k");
  if (options->metrics.rank_cap > 0)
    json_builder_add_int_value (builder, (gint64) options->metrics.rank_cap);
  else
    json_builder_add_null_value (builder);
  ws_json_add_real (builder, "zero_eps", options->spectrum.zero_eps);
  ws_json_add_count (builder, "method_version", WS_METHOD_VERSION);
}

/* @n: 0: null: chosen, or no limit. */
static void
add_count_unless_0 (JsonBuilder *builder, const char *key, guint64 n)
{
  json_builder_set_member_name (builder, key);
  if (n > 0)
    json_builder_add_int_value (builder, (gint64) n);
  else
    json_builder_add_null_value (builder);
}

static void
add_cluster_options (JsonBuilder *builder, const WsClusterOptions *options)
{
  ws_json_add_text (builder, "tensor", options->tensor != NULL ? options->tensor->name : NULL);
  ws_json_add_text (builder, "normalize", ws_normalization_get_key (options->normalization));
  add_count_unless_0 (builder, "k", options->k);
  ws_json_add_count (builder, "max_k", options->k_max);
  ws_json_add_text (builder, "criterion", ws_criterion_get_key (options->criterion));
  ws_json_add_count (builder, "seed", options->seed);
  ws_json_add_count (builder, "n_init", options->n_init);
  ws_json_add_count (builder, "n_iterations_max", options->n_iterations_max);
  add_count_unless_0 (builder, "n_silhouette", options->n_silhouette);
  ws_json_add_count (builder, "method_version", WS_CLUSTER_METHOD_VERSION);
}

/* With spectra those of the clusters are an object of their own among them. */
static void
add_options (JsonBuilder *builder, const WsRecordInput *input)
{
  json_builder_set_member_name (builder, "options");
  json_builder_begin_object (builder);
  if (input->options != NULL)
    add_spectrum_options (builder, input->options);
  if (input->options != NULL && input->clusters != NULL)
    {
      json_builder_set_member_name (builder, "clusters");
      json_builder_begin_object (builder);
      add_cluster_options (builder, input->clusters);
      json_builder_end_object (builder);
    }
  else if (input->clusters != NULL)
    add_cluster_options (builder, input->clusters);
  json_builder_end_object (builder);
}

static guint
get_n_threads (const WsRecordInput *input)
{
  const guint n = input->options != NULL ? input->options->n_threads : input->clusters->n_threads;

  return n > 0 ? n : g_get_num_processors ();
}

JsonNode *
ws_record_new (const WsModel *model, const WsRecordInput *input)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  g_return_val_if_fail (input->options != NULL || input->clusters != NULL, NULL);
  json_builder_begin_object (builder);
  ws_json_add_text (builder, "program", "weightscope");
  ws_json_add_text (builder, "version", WS_VERSION);
  ws_json_add_text (builder, "build", WS_BUILD_TYPE ", " WS_COMPILER);
  ws_json_add_text (builder, "model_id", input->model_id);
  ws_json_add_text (builder, "revision", input->revision);
  add_files (builder, model);
  add_options (builder, input);
  ws_json_add_text (builder, "device", input->device != NULL ? input->device : "cpu");
  ws_json_add_text (builder, "device_note", input->device_note);
  ws_json_add_text (builder, "blas", ws_spectrum_get_blas_name ());
  ws_json_add_count (builder, "threads", get_n_threads (input));
  ws_json_add_text (builder, "started", input->started);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

char *
ws_record_get_build_facts (void)
{
  return g_strdup_printf ("weightscope %s\nbuild: %s\ncompiler: %s\nBLAS: %s\nSQLite: %s\n"
                          "GLib: %u.%u.%u",
                          WS_VERSION, WS_BUILD_TYPE, WS_COMPILER, ws_spectrum_get_blas_name (),
                          sqlite3_libversion (), glib_major_version, glib_minor_version,
                          glib_micro_version);
}
