/* SPDX-License-Identifier: MIT */
/* The dialog that gets a model, before the Hub of the tests. */
#pragma once

#include "../unit/hub-fixture.h"
#include "get-dialog.h"
#include "hub-page.h"
#include "ui-harness.h"

typedef struct
{
  HubFixture server;
  WsWindow *window;
  GtkWidget *dialog;
  GtkWidget *page;
} GetModel;

void get_model_set_up (GetModel *self, gconstpointer data);
void get_model_tear_down (GetModel *self, gconstpointer data);

/* As a person does. */
void get_model_type (GetModel *self, const char *text);
void get_model_press_enter (GetModel *self);
/* To the server: see tests/hub/README.md. */
void get_model_add_repository (GetModel *self, const char *description);

/* As ui_find; what is on a page of a stack that is not shown does not count. */
gboolean get_model_is_shown (gpointer root, GType type, const char *text);
void get_model_wait_for (gpointer root, GType type, const char *text);
/* A label that is shown below @root and has @words in it. */
gboolean get_model_says (GtkWidget *root, const char *words);
void get_model_wait_to_say (GetModel *self, const char *words);
/* A UiCondition. @page: WsHubPage */
gboolean get_model_has_order (gpointer page);
/* (transfer full) */
WsDownloadOrder *get_model_wait_for_order (GetModel *self);
