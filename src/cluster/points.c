/* SPDX-License-Identifier: MIT */
/* The rows of a matrix as points. */
#include "cluster/points.h"

#include "base/error.h"
#include "base/format.h"
#include "cluster/points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Values of a block that is read at once. */
#define BLOCK_VALUES ((gsize) 1 << 20)
/* Rows that one thread widens; and values, through a buffer on its stack. */
#define PART_VALUES ((gsize) 1 << 16)
#define CHUNK 512

static const char *const keys[] = {
  [WS_NORMALIZATION_ZSCORE] = "zscore",
  [WS_NORMALIZATION_UNIT] = "unit",
  [WS_NORMALIZATION_CENTER] = "center",
  [WS_NORMALIZATION_NONE] = "none",
};

const char *
ws_normalization_get_key (WsNormalization normalization)
{
  return keys[normalization];
}

gboolean
ws_normalization_from_key (const char *key, WsNormalization *normalization)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (strcmp (key, keys[i]) == 0)
      {
        *normalization = i;
        return TRUE;
      }
  return FALSE;
}

void
ws_points_clear (WsPoints *self)
{
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->rows, g_free);
  g_clear_pointer (&self->sq_norms, g_free);
  g_clear_pointer (&self->mean, g_free);
  self->n = 0;
}

static gsize
get_rows_of_block (const WsMatrix *matrix)
{
  return CLAMP (BLOCK_VALUES / MAX (matrix->n_cols, 1), 1, MAX (matrix->n_rows, 1));
}

static guint64
get_block_bytes (const WsMatrix *matrix)
{
  return ws_matrix_get_scratch (matrix, get_rows_of_block (matrix), matrix->n_cols);
}

guint64
ws_points_get_required_bytes (const WsMatrix *matrix)
{
  const guint64 n = matrix->n_rows, d = matrix->n_cols;

  return n * d * sizeof (float) + n * (sizeof (double) + sizeof (guint32)) +
         d * 4 * sizeof (double) + 2 * get_block_bytes (matrix);
}

/* Reading */

typedef struct
{
  WsPoints *points;
  const WsMatrix *matrix;
  gsize n_step;    /* rows of every block but the last */
  guint8 *buffers; /* two blocks as stored */
  gsize buffer_bytes;
  gsize rows_of_part;
  guint64 row, n_rows; /* of the block that is widened */
  guint64 next_row;    /* of the block that is read meanwhile */
  gboolean *is_finite; /* of the rows of the block */
  GCancellable *cancellable;
  GError *error; /* of reading */
} Reader;

static guint8 *
get_buffer (const Reader *self, guint64 row)
{
  return self->buffers + row / self->n_step % 2 * self->buffer_bytes;
}

static void
read_next (Reader *self)
{
  const WsMatrix *matrix = self->matrix;
  const WsSource *source = matrix->tensor->source;
  const guint64 row = self->next_row,
                n_rows = MIN (self->n_step, matrix->n_rows - MIN (row, matrix->n_rows));
  const guint64 n_ahead = MAX (ws_source_get_n_ahead (source) + ws_source_get_n_at_once (source),
                               4 * self->buffer_bytes);
  const guint64 start = ws_matrix_get_scratch (matrix, row, matrix->n_cols);

  if (n_rows == 0)
    return;
  ws_source_prefetch (
      matrix->tensor->source, matrix->offset + start,
      MIN (n_ahead, ws_matrix_get_scratch (matrix, matrix->n_rows, matrix->n_cols) - start));
  ws_matrix_read_stored (matrix, row, n_rows, 0, matrix->n_cols, get_buffer (self, row),
                         self->cancellable, &self->error);
}

/* Returns: FALSE if one of the values is not finite. */
static gboolean
widen_row (const WsMatrix *matrix, const guint8 *stored, guint64 row, float *dst)
{
  const gsize d = matrix->n_cols;
  double chunk[CHUNK];
  gboolean is_finite = TRUE;

  for (gsize start = 0; start < d; start += CHUNK)
    {
      const gsize n = MIN (CHUNK, d - start);

      ws_dtype_widen (matrix->tensor->dtype,
                      stored + ws_matrix_get_scratch (matrix, 1, row * d + start), chunk, n);
      for (gsize i = 0; i < n; i++)
        dst[start + i] = chunk[i];
      for (gsize i = 0; i < n; i++)
        is_finite &= isfinite (dst[start + i]) != 0;
    }
  return is_finite;
}

/* The next block is read while this one is widened. */
static void
run_part (gsize index, gpointer user_data)
{
  Reader *self = user_data;
  const gsize start = (index - 1) * self->rows_of_part;
  float *dst = self->points->values + self->points->n * self->points->d;

  if (index == 0)
    {
      read_next (self);
      return;
    }
  for (gsize i = start; i < MIN (start + self->rows_of_part, self->n_rows); i++)
    self->is_finite[i] =
        widen_row (self->matrix, get_buffer (self, self->row), i, dst + i * self->points->d);
}

/* Rows are told by number from the first one on that was left out. */
static void
begin_rows (WsPoints *points)
{
  points->rows = g_new (guint32, points->n_rows);
  for (gsize i = 0; i < points->n; i++)
    points->rows[i] = i;
}

/* Closes the gaps that rows leave which are not finite. */
static void
keep_finite (Reader *self)
{
  WsPoints *points = self->points;
  const gsize first = points->n;

  for (gsize i = 0; i < self->n_rows; i++)
    {
      if (!self->is_finite[i])
        {
          if (points->rows == NULL)
            begin_rows (points);
          points->n_not_finite++;
          continue;
        }
      if (points->n != first + i)
        memcpy (points->values + points->n * points->d, points->values + (first + i) * points->d,
                points->d * sizeof (float));
      if (points->rows != NULL)
        points->rows[points->n] = self->row + i;
      points->n++;
    }
}

static gboolean
read_blocks (Reader *self, WsWork *work, GError **error)
{
  read_next (self);
  while (self->error == NULL && self->row < self->matrix->n_rows)
    {
      self->n_rows = MIN (self->n_step, self->matrix->n_rows - self->row);
      self->next_row = self->row + self->n_step;
      ws_team_run (work->team, 1 + (self->n_rows + self->rows_of_part - 1) / self->rows_of_part,
                   run_part, self);
      if (self->error != NULL)
        break;
      keep_finite (self);
      self->row = self->next_row;
      ws_work_advance (work, self->n_rows, &self->error);
    }
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, self->error);
  return FALSE;
}

static gboolean
check_matrix (const WsMatrix *matrix, guint64 memory_limit, GError **error)
{
  const WsTensor *tensor = matrix->tensor;
  const guint64 n_bytes = ws_points_get_required_bytes (matrix);
  g_autofree char *name = ws_format_name (tensor->name);
  g_autofree char *needed = ws_format_bytes (n_bytes);
  g_autofree char *limit = ws_format_bytes (memory_limit);

  if (ws_dtype_get_kind (tensor->dtype) == WS_DTYPE_KIND_LISTED || tensor->not_analysed != NULL)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED, N_ ("the values of '%s' are not read"), name);
      return FALSE;
    }
  if (matrix->n_rows == 0 || matrix->n_cols == 0)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED, N_ ("'%s' is empty: there is nothing to cluster"),
                    name);
      return FALSE;
    }
  if (matrix->n_rows > G_MAXUINT32 || matrix->n_cols > G_MAXINT32)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("'%s' has too many rows or columns to cluster"), name);
      return FALSE;
    }
  if (memory_limit > 0 && n_bytes > memory_limit)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("clustering '%s' needs %s of memory, the limit is %s"), name, needed,
                    limit);
      return FALSE;
    }
  return TRUE;
}

float *
_ws_points_allocate (gsize n, gsize d, GError **error)
{
  float *values = NULL;
  gsize n_values;

  if (g_size_checked_mul (&n_values, n, d) && n_values <= G_MAXSIZE / sizeof (float))
    values = g_try_malloc_n (n_values, sizeof (float));
  if (values == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 _ ("not enough memory for %zu × %zu numbers"), n, d);
  return values;
}

/* Gives what rows that were left out do not need back. */
static gboolean
finish_reading (WsPoints *self, const WsMatrix *matrix, WsWork *work, GError **error)
{
  if (self->n == 0)
    {
      g_autofree char *name = ws_format_name (matrix->tensor->name);

      ws_error_set (error, WS_ERROR_UNSUPPORTED, N_ ("no row of '%s' is finite"), name);
      return FALSE;
    }
  self->sq_norms = g_try_new (double, self->n);
  self->mean = g_new (double, self->d);
  if (self->sq_norms == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("not enough memory for %zu × %zu numbers"), self->n, (gsize) 1);
      return FALSE;
    }
  return _ws_points_measure (self, work, error);
}

gboolean
ws_points_read (WsPoints *self, const WsMatrix *matrix, guint64 memory_limit, WsTeam *team,
                WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                GError **error)
{
  WsWork work = { .total = matrix->n_rows * 1.5,
                  .share_func = share_func,
                  .user_data = user_data,
                  .team = team,
                  .cancellable = cancellable };
  Reader reader = { .points = self, .matrix = matrix, .cancellable = cancellable };
  g_autofree guint8 *buffers = NULL;
  g_autofree gboolean *is_finite = NULL;

  *self = (WsPoints){ .normalization = WS_NORMALIZATION_NONE };
  if (!check_matrix (matrix, memory_limit, error))
    return FALSE;
  self->n_rows = matrix->n_rows;
  self->d = matrix->n_cols;
  self->values = _ws_points_allocate (matrix->n_rows, matrix->n_cols, error);
  if (self->values == NULL)
    return FALSE;
  reader.n_step = get_rows_of_block (matrix);
  reader.buffer_bytes = get_block_bytes (matrix);
  reader.buffers = buffers = g_malloc (2 * reader.buffer_bytes);
  reader.is_finite = is_finite = g_new (gboolean, reader.n_step);
  reader.rows_of_part = MAX (PART_VALUES / self->d, 1);
  if (read_blocks (&reader, &work, error) && finish_reading (self, matrix, &work, error))
    return TRUE;
  ws_points_clear (self);
  return FALSE;
}

void
ws_points_init (WsPoints *self, gsize n, gsize d, const float *values)
{
  WsWork work = { .total = n };

  *self = (WsPoints){ .n = n, .d = d, .n_rows = n, .normalization = WS_NORMALIZATION_NONE };
  self->values = g_memdup2 (values, n * d * sizeof (float));
  self->sq_norms = g_new (double, n);
  self->mean = g_new (double, d);
  _ws_points_measure (self, &work, NULL);
}

/* Distinct points */

typedef struct
{
  const float *values;
  gsize d;
} Row;

static guint
hash_row (gconstpointer key)
{
  const Row *row = key;
  guint64 hash = 0;

  for (gsize j = 0; j < row->d; j++)
    {
      guint32 bits;

      memcpy (&bits, row->values + j, sizeof bits);
      hash = (hash ^ bits) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
      hash ^= hash >> 29;
    }
  return hash ^ hash >> 32;
}

static gboolean
equal_rows (gconstpointer a, gconstpointer b)
{
  const Row *x = a, *y = b;

  return memcmp (x->values, y->values, x->d * sizeof (float)) == 0;
}

gsize
ws_points_count_distinct (const WsPoints *self, gsize most)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (hash_row, equal_rows, g_free, NULL);

  for (gsize i = 0; i < self->n && g_hash_table_size (seen) < most; i++)
    {
      Row *row = g_new (Row, 1);

      *row = (Row){ .values = self->values + i * self->d, .d = self->d };
      g_hash_table_add (seen, row);
    }
  return g_hash_table_size (seen);
}
