/* SPDX-License-Identifier: MIT */
/* The environment says the same to us as to huggingface_hub. */
#include "hub/settings.h"

#include <glib/gstdio.h>

typedef struct
{
  char *folder;
} Fixture;

static const char *const variables[] = {
  "HF_ENDPOINT",
  "HF_HOME",
  "HF_HUB_CACHE",
  "HF_TOKEN",
  "HF_TOKEN_PATH",
  "HUGGING_FACE_HUB_TOKEN",
  "HF_HUB_OFFLINE",
  "TRANSFORMERS_OFFLINE",
  "HF_HUB_DISABLE_IMPLICIT_TOKEN",
  "SSL_CERT_FILE",
  "CURL_CA_BUNDLE",
  "REQUESTS_CA_BUNDLE",
  "XDG_CACHE_HOME",
  "HUGGINGFACE_HUB_CACHE",
  "HF_HUB_DOWNLOAD_TIMEOUT",
};

static void
set_up (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    g_unsetenv (variables[i]);
  self->folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);
  g_setenv ("HF_HOME", self->folder, TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autofree char *token = g_build_filename (self->folder, "token", NULL);

  g_remove (token);
  g_rmdir (self->folder);
  g_free (self->folder);
}

static void
write_token (Fixture *self, const char *text, gssize n_bytes)
{
  g_autofree char *path = g_build_filename (self->folder, "token", NULL);

  g_assert_true (g_file_set_contents (path, text, n_bytes, NULL));
}

static void
test_nothing_set_is_the_public_hub (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *cache = g_build_filename (g_get_home_dir (), ".cache/huggingface/hub", NULL);

  g_unsetenv ("HF_HOME");
  ws_hub_settings_init (&settings);
  g_assert_cmpstr (settings.endpoint, ==, "https://huggingface.co");
  g_assert_cmpstr (settings.cache_folder, ==, cache);
  g_assert_false (settings.is_offline);
  g_assert_cmpuint (settings.n_connections, ==, 8);
  g_assert_cmpuint (settings.stall_seconds, ==, 20);
}

static void
test_folders_follow_the_variables (Fixture *self, gconstpointer data)
{
  const struct
  {
    const char *name, *value, *cache;
  } cases[] = {
    { "XDG_CACHE_HOME", "/xdg", "/xdg/huggingface/hub" },
    { "HF_HOME", "/home", "/home/hub" },
    { "HF_HOME", "$WS_PLACE/x${WS_PLACE}$$WS_NONE", "/place/x/place$$WS_NONE/hub" },
    { "HUGGINGFACE_HUB_CACHE", "/legacy", "/legacy" },
    { "HF_HUB_CACHE", "/cache", "/cache" },
  };

  g_setenv ("WS_PLACE", "/place", TRUE);
  g_unsetenv ("HF_HOME");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsHubSettings) settings = { 0 };

      g_setenv (cases[i].name, cases[i].value, TRUE);
      ws_hub_settings_init (&settings);
      g_assert_cmpstr (settings.cache_folder, ==, cases[i].cache);
    }
}

static void
test_tilde_is_the_home (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autofree char *expected = g_build_filename (g_get_home_dir (), "hub", NULL);

  g_setenv ("HF_HUB_CACHE", "~/hub", TRUE);
  ws_hub_settings_init (&settings);
  g_assert_cmpstr (settings.cache_folder, ==, expected);
}

static void
test_endpoint_loses_its_slashes (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };

  g_setenv ("HF_ENDPOINT", "http://127.0.0.1:8000//", TRUE);
  ws_hub_settings_init (&settings);
  g_assert_cmpstr (settings.endpoint, ==, "http://127.0.0.1:8000");
}

static void
test_token_of_the_environment_beats_the_file (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) from_file = { 0 };
  g_auto (WsHubSettings) from_environment = { 0 };

  write_token (self, " hf_file\r\n", -1);
  ws_hub_settings_init (&from_file);
  g_assert_cmpstr (from_file.token, ==, "hf_file");
  g_assert_cmpint (from_file.token_origin, ==, WS_TOKEN_FILE);
  g_setenv ("HF_TOKEN", "hf_environment", TRUE);
  ws_hub_settings_init (&from_environment);
  g_assert_cmpstr (from_environment.token, ==, "hf_environment");
  g_assert_cmpint (from_environment.token_origin, ==, WS_TOKEN_ENVIRONMENT);
}

static void
test_what_cannot_stand_in_a_header_is_no_token (Fixture *self, gconstpointer data)
{
  const struct
  {
    const char *text;
    gssize n_bytes;
  } cases[] = { { "", 0 },    { " \n", 2 },  { "a\nb", 3 },
                { "a b", 3 }, { "a\0b", 3 }, { "\xc3\xa4", 2 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsHubSettings) settings = { 0 };

      write_token (self, cases[i].text, cases[i].n_bytes);
      ws_hub_settings_init (&settings);
      g_assert_null (settings.token);
      g_assert_cmpint (settings.token_origin, ==, WS_TOKEN_NONE);
    }
}

static void
test_token_is_not_sent_unasked (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };

  g_setenv ("HF_TOKEN", "hf_environment", TRUE);
  g_setenv ("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1", TRUE);
  ws_hub_settings_init (&settings);
  g_assert_null (settings.token);
}

static void
test_offline_in_any_word (Fixture *self, gconstpointer data)
{
  const char *const words[] = { "1", "ON", "yes", "True" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_auto (WsHubSettings) settings = { 0 };

      g_setenv (i % 2 ? "HF_HUB_OFFLINE" : "TRANSFORMERS_OFFLINE", words[i], TRUE);
      ws_hub_settings_init (&settings);
      g_assert_true (settings.is_offline);
      g_unsetenv ("HF_HUB_OFFLINE");
      g_unsetenv ("TRANSFORMERS_OFFLINE");
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/hub-settings/nothing-set/is-the-public-hub", test_nothing_set_is_the_public_hub);
  ADD ("/hub-settings/folders/follow-the-variables", test_folders_follow_the_variables);
  ADD ("/hub-settings/tilde/is-the-home", test_tilde_is_the_home);
  ADD ("/hub-settings/endpoint/loses-its-slashes", test_endpoint_loses_its_slashes);
  ADD ("/hub-settings/token/of-the-environment-beats-the-file",
       test_token_of_the_environment_beats_the_file);
  ADD ("/hub-settings/token/what-cannot-stand-in-a-header-is-none",
       test_what_cannot_stand_in_a_header_is_no_token);
  ADD ("/hub-settings/token/is-not-sent-unasked", test_token_is_not_sent_unasked);
  ADD ("/hub-settings/offline/in-any-word", test_offline_in_any_word);
  return g_test_run ();
}
