/* SPDX-License-Identifier: MIT */
/* Names from files stay text in Markdown and in HTML. */
#include "export/document.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
write_markdown (WsDocument *document)
{
  char *text = NULL;
  size_t n;
  FILE *stream = open_memstream (&text, &n);

  ws_document_write_markdown (document, stream);
  fclose (stream);
  return text;
}

static char *
write_html (WsDocument *document, const char *folder, GError **error)
{
  char *text = NULL;
  size_t n;
  FILE *stream = open_memstream (&text, &n);

  if (!ws_document_write_html (document, folder, stream, error))
    {
      fclose (stream);
      free (text);
      return NULL;
    }
  fclose (stream);
  return text;
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("'%s' is not in:\n%s", part, text);
}

static void
test_markdown_has_the_parts_in_order (void)
{
  static const WsDocumentColumn columns[] = { { "Block" }, { "Rank", TRUE } };
  g_autoptr (WsDocument) document = ws_document_new ("Weights");
  g_autofree char *text = NULL;

  ws_document_add_heading (document, 2, "Layers");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "%d of ", 3);
  ws_document_add_code (document, "q_proj");
  ws_document_begin_item (document);
  ws_document_add_strong (document, "one");
  ws_document_begin_item (document);
  ws_document_add_text (document, "two");
  ws_document_begin_table (document, columns, 2);
  ws_document_add_cell (document, "a");
  ws_document_add_cell (document, NULL);
  ws_document_add_figure (document, "figures/a.png", NULL, "A figure");
  text = write_markdown (document);
  g_assert_cmpstr (text, ==,
                   "# Weights\n\n"
                   "## Layers\n\n"
                   "3 of `q_proj`\n\n"
                   "- **one**\n"
                   "- two\n\n"
                   "| Block | Rank |\n"
                   "|---|--:|\n"
                   "| a | — |\n\n"
                   "![A figure](figures/a.png)\n\n");
}

static void
test_markdown_escapes_what_would_be_markup (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("a_b*c");
  g_autofree char *text = NULL;

  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "%s", "<b>[x](y)|`\\\nz");
  text = write_markdown (document);
  g_assert_cmpstr (text, ==, "# a\\_b\\*c\n\n\\<b\\>\\[x\\](y)\\|\\`\\\\ z\n\n");
}

/* CommonMark 6.1: a code span ends with as many backquotes as it began with. */
static void
test_markdown_code_outlasts_its_own_backquotes (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("t");
  g_autofree char *text = NULL;

  ws_document_begin_paragraph (document);
  ws_document_add_code (document, "a``b`c");
  ws_document_add_code (document, "`x");
  ws_document_add_code (document, "a|b");
  text = write_markdown (document);
  assert_contains (text, "```a``b`c```");
  assert_contains (text, "`` `x ``");
  assert_contains (text, "`a\\|b`");
}

static void
test_line_ends_in_names_are_shown (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("two\nlines");
  g_autofree char *text = NULL;

  ws_document_begin_paragraph (document);
  ws_document_add_code (document, "q\nproj");
  text = write_markdown (document);
  g_assert_cmpstr (text, ==, "# two\\\\x0Alines\n\n`q\\x0Aproj`\n\n");
}

static void
test_html_escapes_what_would_be_markup (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("</title><script>x</script>");
  g_autofree char *text = NULL;

  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "%s", "a < b & \"c\"");
  ws_document_add_code (document, "<img src=x>");
  text = write_html (document, "/", NULL);
  g_assert_null (strstr (text, "<script"));
  g_assert_null (strstr (text, "<img"));
  assert_contains (text, "<p>a &lt; b &amp; &quot;c&quot;<code>&lt;img src=x&gt;</code></p>");
}

static void
test_html_table_and_list_are_closed (void)
{
  static const WsDocumentColumn columns[] = { { "Block" }, { "Rank", TRUE } };
  g_autoptr (WsDocument) document = ws_document_new ("t");
  g_autofree char *text = NULL;

  ws_document_begin_item (document);
  ws_document_add_text (document, "one");
  ws_document_begin_item (document);
  ws_document_add_text (document, "two");
  ws_document_begin_table (document, columns, 2);
  ws_document_add_cell (document, "a");
  ws_document_add_cell (document, "1");
  text = write_html (document, "/", NULL);
  assert_contains (text, "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n");
  assert_contains (text, "<tr><td>a</td><td class=\"n\">1</td></tr>\n</tbody></table>");
}

/* "AAEC" is the base64 of the bytes 0, 1, 2. */
static void
test_html_holds_its_figures (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("t");
  g_autofree char *folder = g_dir_make_tmp ("weightscope-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.svg", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "\0\1\2", 3, NULL));
  ws_document_add_figure (document, "a.png", "a.svg", "An \"a\"");
  text = write_html (document, folder, NULL);
  assert_contains (text, "src=\"data:image/svg+xml;base64,AAEC\" alt=\"An &quot;a&quot;\"");
  g_remove (path);
  g_rmdir (folder);
}

static void
test_missing_figure_is_an_error (void)
{
  g_autoptr (WsDocument) document = ws_document_new ("t");
  g_autoptr (GError) error = NULL;

  ws_document_add_figure (document, "none.png", NULL, "none");
  g_assert_null (write_html (document, "/nonexistent", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/document/markdown/has-the-parts-in-order",
                   test_markdown_has_the_parts_in_order);
  g_test_add_func ("/document/markdown/escapes-what-would-be-markup",
                   test_markdown_escapes_what_would_be_markup);
  g_test_add_func ("/document/markdown/code-outlasts-its-own-backquotes",
                   test_markdown_code_outlasts_its_own_backquotes);
  g_test_add_func ("/document/names/line-ends-are-shown", test_line_ends_in_names_are_shown);
  g_test_add_func ("/document/html/escapes-what-would-be-markup",
                   test_html_escapes_what_would_be_markup);
  g_test_add_func ("/document/html/table-and-list-are-closed", test_html_table_and_list_are_closed);
  g_test_add_func ("/document/html/holds-its-figures", test_html_holds_its_figures);
  g_test_add_func ("/document/html/missing-figure-is-an-error", test_missing_figure_is_an_error);
  return g_test_run ();
}
