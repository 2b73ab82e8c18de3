/* SPDX-License-Identifier: MIT */
/* JSON written as it comes, so that a table of any length takes no memory. Numbers are the shortest
 * that read back, which json-glib's own generator does not do. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* "null" for NULL. Bytes that are not UTF-8 become U+FFFD, as a JSON text must be UTF-8. */
void ws_json_write_string (FILE *stream, const char *text);
/* "null" for anything that is not finite. */
void ws_json_write_number (FILE *stream, double value);
/* Any tree, members in their order, indented by @depth levels of two spaces after line ends. */
void ws_json_write_node (FILE *stream, JsonNode *node, guint depth);

G_END_DECLS
