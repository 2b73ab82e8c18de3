/* SPDX-License-Identifier: MIT */
/* The Hub of the tests (tests/hub/server.py) as a child process. */
#pragma once

#include "hub/settings.h"

#include <gio/gio.h>

typedef struct
{
  GSubprocess *process;
  char *hub, *cdn, *stranger, *proxy, *control; /* base URLs */
  char *token_full, *token_unlisted, *token_limited, *token_revoked;
  char *folder; /* empty at the start of each test; deleted at its end */
} HubFixture;

/* Starts the server on first use in this program; at the start of each test it is as new. */
void hub_fixture_set_up (HubFixture *self, gconstpointer data);
void hub_fixture_tear_down (HubFixture *self, gconstpointer data);
/* Call before main returns. */
void hub_fixture_stop_server (void);

/* Settings of a user who knows this Hub only; the cache is in the folder of the test. */
void hub_fixture_init_settings (HubFixture *self, WsHubSettings *settings);

/* Adds a fault; see tests/hub/README.md: {"kind": "drop", "path": "*.safetensors"}. */
void hub_fixture_add_fault (HubFixture *self, const char *json);
/* Answer to another order: "GET", "/_control/counters", NULL. (transfer full) */
char *hub_fixture_order (HubFixture *self, const char *method, const char *path, const char *body);
/* A counter of a listener: "hub", "requests". */
gint64 hub_fixture_count (HubFixture *self, const char *listener, const char *counter);
