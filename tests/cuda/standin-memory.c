/* SPDX-License-Identifier: MIT */
/* Memory of the device, at addresses of its own, and pinned memory of the host. */
#include <stdlib.h>
#include <string.h>

#include "standin-core.h"

/* No address of a process; the gap keeps neighbours from being reached by mistake. */
#define FIRST_ADDRESS G_GUINT64_CONSTANT (0x4000000000000000)
#define GAP G_GUINT64_CONSTANT (0x100000000)

typedef struct
{
  guint64 address;
  gsize n_bytes;
  void *bytes; /* (owned) NULL once freed: the entry stays, to tell what was freed too early */
} Block;

static GMutex mutex;
static GArray *blocks;     /* of Block, ascending */
static GHashTable *pinned; /* address -> size */
static guint64 n_bytes_used;

static WsCuResult
allocate (WsCuPointer *pointer, gsize n_bytes)
{
  Block block = { .n_bytes = n_bytes };

  if (blocks == NULL)
    blocks = g_array_new (FALSE, FALSE, sizeof (Block));
  if (n_bytes > standin_get_number ("memory", G_GUINT64_CONSTANT (1) << 30) - n_bytes_used)
    return WS_CUDA_ERROR_OUT_OF_MEMORY;
  block.bytes = malloc (n_bytes);
  g_assert_nonnull (block.bytes);
  /* All ones is NaN in every floating point type. */
  memset (block.bytes, 0xff, n_bytes);
  block.address = FIRST_ADDRESS;
  if (blocks->len > 0)
    {
      const Block *last = &g_array_index (blocks, Block, blocks->len - 1);

      block.address = last->address + (last->n_bytes / GAP + 2) * GAP;
    }
  n_bytes_used += n_bytes;
  g_array_append_val (blocks, block);
  *pointer = block.address;
  return WS_CUDA_SUCCESS;
}

WsCuResult
cuMemAlloc_v2 (WsCuPointer *pointer, size_t n_bytes)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  if (n_bytes == 0)
    return WS_CUDA_ERROR_INVALID_VALUE;
  standin_count (STANDIN_ALLOCATED, 1);
  if (standin_strikes ("alloc") || n_bytes > standin_get_number ("alloc-above", G_MAXUINT64))
    return WS_CUDA_ERROR_OUT_OF_MEMORY;
  g_mutex_lock (&mutex);
  code = allocate (pointer, n_bytes);
  g_mutex_unlock (&mutex);
  if (code == WS_CUDA_SUCCESS)
    {
      standin_count (STANDIN_ALLOCATIONS, 1);
      standin_count (STANDIN_BYTES, n_bytes);
      standin_count_peak (STANDIN_BYTES, STANDIN_PEAK_BYTES);
    }
  return code;
}

/* The last block that begins at or before it; the lock is held. */
static Block *
find (guint64 address)
{
  guint low = 0, high = blocks != NULL ? blocks->len : 0;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (blocks, Block, middle).address <= address)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? &g_array_index (blocks, Block, low - 1) : NULL;
}

WsCuResult
cuMemFree_v2 (WsCuPointer pointer)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  gsize n_bytes = 0;
  Block *block;

  if (code != WS_CUDA_SUCCESS || pointer == 0)
    return code;
  standin_wait_all ();
  g_mutex_lock (&mutex);
  block = find (pointer);
  if (block != NULL && block->address == pointer && block->bytes != NULL)
    {
      n_bytes = block->n_bytes;
      n_bytes_used -= n_bytes;
      g_clear_pointer (&block->bytes, free);
    }
  g_mutex_unlock (&mutex);
  if (n_bytes == 0)
    {
      standin_violate ("cuMemFree of %#llx, which is no allocation", pointer);
      return WS_CUDA_ERROR_INVALID_VALUE;
    }
  standin_count (STANDIN_ALLOCATIONS, -1);
  standin_count (STANDIN_BYTES, -(gint64) n_bytes);
  return standin_get_sticky ();
}

WsCuResult
cuMemGetInfo_v2 (size_t *n_bytes_free, size_t *n_bytes_total)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  g_mutex_lock (&mutex);
  *n_bytes_total = standin_get_number ("memory", G_GUINT64_CONSTANT (1) << 30);
  *n_bytes_free = *n_bytes_total - n_bytes_used;
  g_mutex_unlock (&mutex);
  return code;
}

gboolean
standin_is_device (const void *pointer)
{
  return (guint64) (gsize) pointer >= FIRST_ADDRESS;
}

void *
standin_device_block (const void *pointer, gsize n_bytes, guint64 *start, gsize *n_bytes_block)
{
  guint64 address = (guint64) (gsize) pointer;
  const char *fault = NULL;
  void *bytes = NULL;
  const Block *block;

  g_mutex_lock (&mutex);
  block = find (address);
  if (block == NULL || address - block->address >= block->n_bytes)
    fault = standin_is_device (pointer) ? "outside every allocation" : "of the host";
  else if (block->bytes == NULL)
    fault = "freed";
  else if (n_bytes > block->n_bytes - (address - block->address))
    fault = "too short";
  else
    {
      bytes = block->bytes;
      *start = block->address;
      *n_bytes_block = block->n_bytes;
    }
  g_mutex_unlock (&mutex);
  if (fault != NULL)
    standin_violate ("pointer %p for %zu bytes of the device is %s", pointer, n_bytes, fault);
  return bytes;
}

void *
standin_device (const void *pointer, gsize n_bytes)
{
  guint64 start;
  gsize n_bytes_block;
  guint8 *bytes = standin_device_block (pointer, n_bytes, &start, &n_bytes_block);

  return bytes != NULL ? bytes + ((guint64) (gsize) pointer - start) : NULL;
}

WsCuResult
cuMemHostAlloc (void **pointer, size_t n_bytes, guint flags)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  if (n_bytes == 0)
    return WS_CUDA_ERROR_INVALID_VALUE;
  if (standin_strikes ("host-alloc"))
    return WS_CUDA_ERROR_OUT_OF_MEMORY;
  *pointer = malloc (n_bytes);
  g_assert_nonnull (*pointer);
  memset (*pointer, 0xff, n_bytes);
  g_mutex_lock (&mutex);
  if (pinned == NULL)
    pinned = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (pinned, *pointer, GSIZE_TO_POINTER (n_bytes));
  g_mutex_unlock (&mutex);
  standin_count (STANDIN_PINNED, 1);
  return WS_CUDA_SUCCESS;
}

WsCuResult
cuMemFreeHost (void *pointer)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  gboolean found;

  if (code != WS_CUDA_SUCCESS)
    return code;
  standin_wait_all ();
  g_mutex_lock (&mutex);
  found = pinned != NULL && g_hash_table_remove (pinned, pointer);
  g_mutex_unlock (&mutex);
  if (!found)
    {
      standin_violate ("cuMemFreeHost of %p, which is no allocation", pointer);
      return WS_CUDA_ERROR_INVALID_VALUE;
    }
  free (pointer);
  standin_count (STANDIN_PINNED, -1);
  return standin_get_sticky ();
}

gboolean
standin_is_pinned (const void *pointer, gsize n_bytes)
{
  GHashTableIter iter;
  gpointer start, size;
  gboolean found = FALSE;

  g_mutex_lock (&mutex);
  if (pinned != NULL)
    {
      g_hash_table_iter_init (&iter, pinned);
      while (!found && g_hash_table_iter_next (&iter, &start, &size))
        found = (gsize) pointer >= (gsize) start &&
                (gsize) pointer + n_bytes <= (gsize) start + GPOINTER_TO_SIZE (size);
    }
  g_mutex_unlock (&mutex);
  return found;
}
