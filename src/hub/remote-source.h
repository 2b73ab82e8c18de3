/* SPDX-License-Identifier: MIT */
/* The bytes of a file on the Hub, read by ranges: headers and single tensors, nothing whole. */
#pragma once

#include "base/source.h"
#include "hub/hub.h"

G_BEGIN_DECLS

/* @listing: the file's commit, held while the source is
 * Reads are cut into ranges, fetched over several connections, checked (Content-Range, ETag), and
 * retried; ws_source_prefetch fetches ahead. Short reads near each other (a header) are answered
 * from one request. What was read of the first megabytes is kept in the folder of the program's
 * data by the file's hash, so that a second look costs nothing.
 * Its identity is the hash of its contents. */
WsSource *ws_remote_source_new (WsHub *hub, WsHubListing *listing, const WsHubFile *file);

G_END_DECLS
