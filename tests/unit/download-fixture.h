/* SPDX-License-Identifier: MIT */
/* Downloads from the Hub of the tests, and what came of them. */
#pragma once

#include "hub-fixture.h"

#include "hub/download.h"

typedef struct
{
  WsHub *hub;
  WsHubListing *listing;
  GPtrArray *files;
  WsDownloadRequest request; /* to be changed before the run */
  WsDownload *download;      /* from the run on */
  WsDownloadProgress last;   /* the last progress told */
  char *retry_message;       /* of the last file that was told to wait for another try */
  GPtrArray *warnings;
  char *folder;
  GError *error;
} Fetched;

/* @paths: NULL-ended: which files; NULL: all. @settings: (nullable): other than the fixture's. */
void fetched_init (Fetched *self, HubFixture *fixture, const char *id, const char *const *paths,
                   const WsHubSettings *settings);
/* Makes the download, so that another thread may meddle with it. */
void fetched_prepare (Fetched *self);
void fetched_run (Fetched *self, GCancellable *cancellable);
void fetched_clear (Fetched *self);
/* All in one, of all files into the cache of the fixture. */
void fetched_get (Fetched *self, HubFixture *fixture, const char *id);

/* Every file that was asked for is there with the bytes that the server has. */
void fetched_assert_right (Fetched *self, HubFixture *fixture);
/* Bytes of bodies that the content network sent since the counters were cleared. */
gint64 fetched_count_cdn_bytes (HubFixture *fixture);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fetched, fetched_clear)
