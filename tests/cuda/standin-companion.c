/* SPDX-License-Identifier: MIT */
/* The libraries that are only needed by others: one symbol, so that there is a file. */
extern const char standin_companion[];
const char standin_companion[] = "stand-in";
