/* SPDX-License-Identifier: MIT */
/* Where singular values are computed: a list of what was found, and why there is no more. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DEVICE_CHOOSER (ws_device_chooser_get_type ())
G_DECLARE_FINAL_TYPE (WsDeviceChooser, ws_device_chooser, WS, DEVICE_CHOOSER, GtkWidget)

/* Stands for the key "device" of the settings. Looks for GPUs, on a thread. */

/* Shows what a look has found. @devices: (element-type WsCudaDevice) (nullable): NULL: @error says
 * why there are none. */
void ws_device_chooser_show_found (WsDeviceChooser *self, GPtrArray *devices, const GError *error);

G_END_DECLS
