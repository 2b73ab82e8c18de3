/* SPDX-License-Identifier: MIT */
/* Names on the Hub: what people paste is understood, what could do harm is refused. */
#include "hub/hub-name.h"

#include "hub/hub-error.h"

#include <string.h>

#define ENDPOINT "https://mirror.example/hub"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

typedef struct
{
  const char *text;
  const char *id, *revision, *path, *variant;
} Case;

static const Case cases[] = {
  { "gpt2", "gpt2" },
  { "org/name", "org/name" },
  { "  org/name\n", "org/name" },
  { "Qwen/Qwen3-4B_x.1", "Qwen/Qwen3-4B_x.1" },
  { "org/name@main", "org/name", "main" },
  { "org/name@refs/pr/1", "org/name", "refs/pr/1" },
  { "org/name@feature/half", "org/name", "feature/half" },
  { "org/name@" COMMIT, "org/name", COMMIT },
  { "org/name:Q4_K_M", "org/name", NULL, NULL, "Q4_K_M" },
  { "hf:org/name", "org/name" },
  { "hf:org/name@v1.0", "org/name", "v1.0" },
  { "hf:org/name@v1.0/sub/model.safetensors", "org/name", "v1.0", "sub/model.safetensors" },
  { "hf:org/name/model.safetensors", "org/name", NULL, "model.safetensors" },
  { "hf://org/name", "org/name" },
  { "hf://models/org/name@refs/pr/2/a", "org/name", "refs/pr/2", "a" },
  { "https://huggingface.co/org/name", "org/name" },
  { "https://huggingface.co/org/name/", "org/name" },
  { "HTTPS://HuggingFace.co/org/name", "org/name" },
  { "https://huggingface.co/gpt2", "gpt2" },
  { "https://huggingface.co/gpt2/tree/main", "gpt2", "main" },
  { "https://huggingface.co/org/name/tree/main/sub folder", "org/name", "main", "sub folder" },
  { "https://huggingface.co/org/name/tree/refs%2Fpr%2F1", "org/name", "refs/pr/1" },
  { "https://huggingface.co/org/name/blob/main/a%20b%23.json", "org/name", "main", "a b#.json" },
  { "https://huggingface.co/org/name/resolve/" COMMIT "/m.safetensors?download=true", "org/name",
    COMMIT, "m.safetensors" },
  { "https://huggingface.co/org/name/commit/" COMMIT "#d2h", "org/name", COMMIT },
  { "https://huggingface.co/org/name/discussions/3", "org/name" },
  { "huggingface.co/org/name", "org/name" },
  { "hf.co/org/name", "org/name" },
  { "https://mirror.example/hub/org/name/tree/dev", "org/name", "dev" },
};

static void
test_what_people_paste_is_understood (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (WsHubName) name = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", cases[i].text);
      ws_hub_name_parse (&name, cases[i].text, ENDPOINT, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (name.id, ==, cases[i].id);
      g_assert_cmpstr (name.revision, ==, cases[i].revision);
      g_assert_cmpstr (name.path, ==, cases[i].path);
      g_assert_cmpstr (name.variant, ==, cases[i].variant);
    }
}

static void
test_what_is_no_name_is_refused (void)
{
  const char *const texts[] = {
    "",
    " ",
    "/",
    "org/",
    "/name",
    "org//name",
    "org name",
    "../name",
    "org/..",
    "org/na--me",
    "org/na..me",
    "org/name.git",
    "-org/name",
    "org/name-",
    "org/.name",
    "org/name@",
    "org/name@../x",
    "org/name@a b",
    "org/name@main/../../etc/passwd",
    "org/name\nInjected: header",
    "org/n\xc3\xa4me",
    "\xff\xfe",
    "hf:",
    "hf://",
    "datasets/org/name",
    "https://huggingface.co/datasets/org/name",
    "https://huggingface.co/spaces/org/name",
    "https://example.org/org/name",
    "https://huggingface.co.evil.example/org/name",
    "https://huggingface.co/",
    "https://huggingface.co/org/name/tree/%2e%2e",
    "https://huggingface.co/org/name/blob/main/%00",
    "file:///etc/passwd",
    "org/"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaa",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (WsHubName) name = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", texts[i]);
      g_assert_false (ws_hub_name_parse (&name, texts[i], ENDPOINT, &error));
      g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME);
      g_assert_null (name.id);
      g_assert_null (strchr (error->message, '\n'));
    }
}

static void
test_datasets_are_called_datasets (void)
{
  g_auto (WsHubName) name = { 0 };
  g_autoptr (GError) error = NULL;

  ws_hub_name_parse (&name, "https://huggingface.co/datasets/org/name", ENDPOINT, &error);
  g_assert_nonnull (strstr (error->message, "dataset"));
}

static void
test_ordinary_paths_may_become_files (void)
{
  const char *const paths[] = {
    "model.safetensors", "a/b/c.json", "with space.txt",
    "100%.txt",          "a+b#c?.txt", ".gitattributes",
    "console.txt",       "com10",      "\xe6\xa8\xa1\xe5\x9e\x8b.json",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      ws_hub_path_check (paths[i], &error);
      g_assert_no_error (error);
    }
}

static void
test_hostile_paths_are_refused (void)
{
  g_autofree char *long_part = g_strnfill (256, 'a');
  g_autofree char *many_parts = g_strnfill (1025, 'a');
  const char *const paths[] = {
    "",
    "/etc/passwd",
    "../x",
    "a/../../x",
    "a/./b",
    "a//b",
    "a/",
    "a\\b",
    "..\\x",
    "C:x",
    "a:stream",
    "a\nb",
    "a\x7f",
    "a\xc2\x85",
    "\xff",
    "con",
    "CON.txt",
    "x/nul.a.b",
    "aux",
    "Lpt1",
    "com9.x",
    "dot.",
    "space ",
    "sub./x",
    ".git/config",
    ".GIT/x",
    long_part,
    many_parts,
    ".cache/huggingface/download/x",
  };

  for (gsize i = 4; i < 1025; i += 5)
    many_parts[i] = '/';
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", paths[i]);
      g_assert_false (ws_hub_path_check (paths[i], &error));
      g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NAME);
    }
}

static void
test_hashes_are_lower_case_hex (void)
{
  g_assert_true (ws_hub_is_commit (COMMIT));
  g_assert_true (ws_hub_is_etag (COMMIT));
  g_assert_true (ws_hub_is_etag (COMMIT "0123456789abcdef01234567"));
  g_assert_false (ws_hub_is_commit (COMMIT "0"));
  g_assert_false (ws_hub_is_commit ("main"));
  g_assert_false (ws_hub_is_etag ("../" COMMIT));
  g_assert_false (ws_hub_is_commit ("0123456789ABCDEF0123456789abcdef01234567"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hub-name/what-people-paste/is-understood",
                   test_what_people_paste_is_understood);
  g_test_add_func ("/hub-name/what-is-no-name/is-refused", test_what_is_no_name_is_refused);
  g_test_add_func ("/hub-name/datasets/are-called-datasets", test_datasets_are_called_datasets);
  g_test_add_func ("/hub-path/ordinary/may-become-files", test_ordinary_paths_may_become_files);
  g_test_add_func ("/hub-path/hostile/are-refused", test_hostile_paths_are_refused);
  g_test_add_func ("/hub-path/hashes/are-lower-case-hex", test_hashes_are_lower_case_hex);
  return g_test_run ();
}
