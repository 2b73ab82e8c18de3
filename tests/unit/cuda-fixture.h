/* SPDX-License-Identifier: MIT */
/* Folders of stand-in libraries, in all states that a machine may have them. */
#pragma once

#include <glib.h>

/* A temporary folder, whole or with a fault; removed by cuda_fixture_clear.
 * @version: 12, 13; 0: the driver only; both: CUDA_FIXTURE_BOTH */
typedef struct
{
  char *folder;
} CudaFixture;

#define CUDA_FIXTURE_BOTH 25

void cuda_fixture_init (CudaFixture *self, guint version);
void cuda_fixture_clear (CudaFixture *self);

/* @name: "libcublas.so.13" */
void cuda_fixture_remove (CudaFixture *self, const char *name);
/* Puts something in its place that is no library. */
void cuda_fixture_break (CudaFixture *self, const char *name);
/* Puts a library in its place that has none of its functions. */
void cuda_fixture_empty (CudaFixture *self, const char *name);
/* Puts a link to that file in its place. */
void cuda_fixture_link (CudaFixture *self, const char *target, const char *name);
/* Moves it into a folder inside: "cublas/lib". */
void cuda_fixture_move (CudaFixture *self, const char *name, const char *subfolder);

/* Sets the variables of the environment; before anything of CUDA is called. */
void cuda_fixture_use (const CudaFixture *self, const char *faults);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CudaFixture, cuda_fixture_clear)
