/* SPDX-License-Identifier: MIT */
/* Sorting many rows by several keys. */
#include "result-order.h"

#include "base/natural-order.h"
#include <math.h>
#include <stdlib.h>

/* What is compared lies together; the second key and on are looked at only for ties. */
typedef struct
{
  double first;
  guint row;
} Entry;

typedef struct
{
  const WsOrderKey *keys;
  guint n_keys;
} Keys;

static int
compare_values (double a, double b, gboolean descending)
{
  if (G_UNLIKELY (isnan (a) || isnan (b)))
    return !!isnan (a) - !!isnan (b);
  if (a == b)
    return 0;
  return (a < b) != descending ? -1 : 1;
}

static int
compare_entries (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Entry *x = a;
  const Entry *y = b;
  const Keys *keys = user_data;
  int order = compare_values (x->first, y->first, keys->keys[0].descending);

  for (guint i = 1; order == 0 && i < keys->n_keys; i++)
    order = compare_values (keys->keys[i].values[x->row], keys->keys[i].values[y->row],
                            keys->keys[i].descending);
  return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

void
ws_result_order_sort (guint *order, guint n, const WsOrderKey *keys, guint n_keys)
{
  g_autofree Entry *entries = NULL;
  Keys all = { keys, n_keys };

  for (guint i = 0; i < n; i++)
    order[i] = i;
  if (n_keys == 0)
    return;
  entries = g_new (Entry, n);
  for (guint i = 0; i < n; i++)
    entries[i] = (Entry){ keys[0].values[i], i };
  g_qsort_with_data (entries, n, sizeof *entries, compare_entries, &all);
  for (guint i = 0; i < n; i++)
    order[i] = entries[i].row;
}

typedef struct
{
  const char *text;
  guint row;
} Text;

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return ws_compare_natural (((const Text *) a)->text, ((const Text *) b)->text);
}

double *
ws_result_order_rank_texts (const char *const *texts, guint n)
{
  g_autofree Text *sorted = g_new (Text, n);
  double *ranks = g_new (double, n);
  double rank = 0;

  for (guint i = 0; i < n; i++)
    sorted[i] = (Text){ texts[i], i };
  qsort (sorted, n, sizeof *sorted, compare_texts);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0 && !g_str_equal (sorted[i - 1].text, sorted[i].text))
        rank++;
      ranks[sorted[i].row] = rank;
    }
  return ranks;
}
