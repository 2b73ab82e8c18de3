/* SPDX-License-Identifier: MIT */
/* The error domain of the Hub. */
#include "hub/hub-error.h"

G_DEFINE_QUARK (ws - hub - error - quark, ws_hub_error)
