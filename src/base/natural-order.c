/* SPDX-License-Identifier: MIT */
/* Order of names as people count. */
#include "base/natural-order.h"

#include <string.h>

static gsize
count_digits (const char *text)
{
  gsize n = 0;

  while (g_ascii_isdigit (text[n]))
    n++;
  return n;
}

/* Without leading zeros the longer number is the larger one, however long it is. */
static int
compare_numbers (const char *a, gsize n_a, const char *b, gsize n_b)
{
  for (; n_a > 1 && *a == '0'; n_a--)
    a++;
  for (; n_b > 1 && *b == '0'; n_b--)
    b++;
  if (n_a != n_b)
    return n_a < n_b ? -1 : 1;
  return memcmp (a, b, n_a);
}

int
ws_compare_natural (const char *a, const char *b)
{
  const char *from_a = a;
  const char *from_b = b;

  while (*a != '\0' && *b != '\0')
    {
      gsize n_a = count_digits (a);
      gsize n_b = count_digits (b);

      if (n_a > 0 && n_b > 0)
        {
          int order = compare_numbers (a, n_a, b, n_b);

          if (order != 0)
            return order;
          a += n_a;
          b += n_b;
        }
      else if (*a != *b)
        return (guchar) *a < (guchar) *b ? -1 : 1;
      else
        {
          a++;
          b++;
        }
    }
  if (*a != *b)
    return *a == '\0' ? -1 : 1;
  return strcmp (from_a, from_b);
}
