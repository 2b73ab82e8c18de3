/* SPDX-License-Identifier: MIT */
/* Where the translated sentences are. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes _() speak the language of the locale, which the caller has set (setlocale). A program that
 * runs from its build tree uses the translations built there, an installed one those installed. */
void ws_translations_init (void);

G_END_DECLS
