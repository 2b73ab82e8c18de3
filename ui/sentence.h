/* SPDX-License-Identifier: MIT */
/* Messages of the library as sentences. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* With a capital and a full stop: messages begin small and end without a stop, to be put into
 * others. @message: valid UTF-8. (transfer full) */
char *ws_sentence_make (const char *message);

G_END_DECLS
