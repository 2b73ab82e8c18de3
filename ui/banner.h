/* SPDX-License-Identifier: MIT */
/* A bar with one message about the page below it, and a button that closes it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  WS_BANNER_WARNING,
  WS_BANNER_ERROR,
} WsBannerKind;

#define WS_TYPE_BANNER (ws_banner_get_type ())
G_DECLARE_FINAL_TYPE (WsBanner, ws_banner, WS, BANNER, GtkWidget)

/* Replaces what was shown. @text: valid UTF-8; each line is shown as a sentence, with a capital
 * and a full stop. */
void ws_banner_show (WsBanner *self, WsBannerKind kind, const char *text);
void ws_banner_hide (WsBanner *self);
/* The text that is shown; NULL when hidden. */
const char *ws_banner_get_text (WsBanner *self);

G_END_DECLS
