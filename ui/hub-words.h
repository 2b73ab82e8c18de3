/* SPDX-License-Identifier: MIT */
/* What is said of the Hub and its models beside what the library says. */
#pragma once

#include "hub-look.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What should be known of a model before its files come: that the Hub was not asked, or that its
 * weights cannot be opened. Sentences. (transfer full) (nullable) */
char *ws_hub_words_describe_notice (const WsHubLook *look);

/* Has @label say after a second that the Hub has not answered yet. Returns: a source, to be removed
 * as soon as it has, or when @label goes. */
guint ws_hub_words_begin_wait (GtkLabel *label);

G_END_DECLS
