/* SPDX-License-Identifier: MIT */
/* What libFuzzer calls, and our replay program too. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);
