/* SPDX-License-Identifier: MIT */
/* Where the translated sentences are, and when they are not wanted. */
#pragma once

#include <glib.h>
#include <locale.h>

G_BEGIN_DECLS

/* Makes _() speak the language of the locale, which the caller has set (setlocale). A program that
 * runs from its build tree uses the translations built there, an installed one those installed. */
void ws_translations_init (void);

/* From here on, on this thread, sentences are English and numbers those of the C locale: for files
 * whose bytes must not depend on who writes them.
 * Returns: what ws_translations_resume takes when they are written. */
locale_t ws_translations_suspend (void);
void ws_translations_resume (locale_t previous);

G_END_DECLS
