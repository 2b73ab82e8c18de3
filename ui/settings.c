/* SPDX-License-Identifier: MIT */
/* What is remembered between starts: one GSettings object for the program. */
#include "settings.h"

#include "config.h"

static gboolean
runs_from_build_tree (void)
{
  /* Where there is no /proc the installed schema is used. */
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL && g_str_has_prefix (program, WS_BUILD_ROOT G_DIR_SEPARATOR_S);
}

/* The schema of the build tree goes before an installed one, which may be of another version. */
static GSettingsSchema *
look_up_schema (void)
{
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) built = NULL;

  if (runs_from_build_tree ())
    built =
        g_settings_schema_source_new_from_directory (WS_BUILD_SCHEMA_DIR, installed, TRUE, NULL);
  if (built == NULL && installed == NULL)
    return NULL;
  return g_settings_schema_source_lookup (built != NULL ? built : installed, WS_APPLICATION_ID,
                                          TRUE);
}

GSettings *
ws_settings_get_default (void)
{
  static GSettings *settings;

  if (settings == NULL)
    {
      g_autoptr (GSettingsSchema) schema = look_up_schema ();

      if (schema == NULL)
        g_error ("the settings schema " WS_APPLICATION_ID " is not installed");
      settings = g_settings_new_full (schema, NULL, NULL);
    }
  return settings;
}

void
ws_settings_get_analysis_options (WsAnalysisOptions *options)
{
  GSettings *settings = ws_settings_get_default ();
  g_autofree char *device = g_settings_get_string (settings, "device");

  ws_analysis_options_init (options);
  /* Words that are none, set by hand, leave it automatic. */
  ws_device_parse (device, &options->device_kind, &options->device_index);
  options->n_threads = g_settings_get_uint (settings, "threads");
  options->memory_limit = g_settings_get_uint64 (settings, "memory-limit");
}
