/* SPDX-License-Identifier: MIT */
/* What an answer says beside its body. */
#include "hub/http.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A server that asks for more is not believed. */
#define MAX_RETRY_SECONDS 3600.0

void
ws_http_reply_clear (WsHttpReply *self)
{
  g_clear_pointer (&self->url, g_free);
  g_clear_pointer (&self->headers, g_hash_table_unref);
  g_clear_pointer (&self->redirect_headers, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  self->status = 0;
}

const char *
ws_http_reply_get (const WsHttpReply *self, const char *lower_case_name)
{
  return self->headers ? g_hash_table_lookup (self->headers, lower_case_name) : NULL;
}

/* A decimal at @text that ends with @end. Returns: what follows it; NULL if it is none. */
static const char *
parse_number (const char *text, char end, guint64 *number)
{
  const gsize n = strspn (text, "0123456789");
  g_autofree char *digits = g_strndup (text, n);

  if (text[n] != end || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT64, number, NULL))
    return NULL;
  return text + n + (end != '\0');
}

gboolean
ws_http_reply_get_range (const WsHttpReply *self, guint64 *first, guint64 *last, guint64 *total)
{
  const char *text = ws_http_reply_get (self, "content-range");

  if (text == NULL || !g_str_has_prefix (text, "bytes "))
    return FALSE;
  text = parse_number (text + strlen ("bytes "), '-', first);
  text = text ? parse_number (text, '/', last) : NULL;
  text = text ? parse_number (text, '\0', total) : NULL;
  return text != NULL && *first <= *last && *last < *total;
}

/* The number after "@name=" in a list like '"api";r=0;t=55'. Returns: < 0 if it is not there. */
static double
find_number (const char *list, const char *name)
{
  const char *found = strstr (list, name);

  return found ? g_ascii_strtod (found + strlen (name), NULL) : -1;
}

/* "Wed, 21 Oct 2026 07:28:00 GMT". (transfer full): NULL if it is not such a date. */
static GDateTime *
parse_date (const char *text)
{
  const char *const months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const char *place;
  char month[4];
  int day, year, hour, minute, second;

  if (sscanf (text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, month, &year, &hour, &minute,
              &second) != 6 ||
      strlen (month) != 3 || (place = strstr (months, month)) == NULL)
    return NULL;
  return g_date_time_new_utc (year, (place - months) / 3 + 1, day, hour, minute, second);
}

/* By the server's own clock where it tells it. Returns: >= 0. */
static double
get_seconds_until (const char *text, const char *now_text)
{
  g_autoptr (GDateTime) date = parse_date (text);
  g_autoptr (GDateTime) told = now_text ? parse_date (now_text) : NULL;
  g_autoptr (GDateTime) now = told ? g_date_time_ref (told) : g_date_time_new_now_utc ();

  if (date == NULL)
    return 0;
  return fmax (g_date_time_difference (date, now) / (double) G_TIME_SPAN_SECOND, 0);
}

double
ws_http_reply_get_retry_seconds (const WsHttpReply *self)
{
  const char *limit = ws_http_reply_get (self, "ratelimit");
  const char *after = ws_http_reply_get (self, "retry-after");
  double seconds = -1;

  /* a window of requests that is used up: until the next begins */
  if (limit != NULL && find_number (limit, ";r=") == 0)
    seconds = find_number (limit, ";t=") + 1;
  if (seconds <= 0 && after != NULL)
    seconds = g_ascii_isdigit (after[0])
                  ? g_ascii_strtod (after, NULL)
                  : get_seconds_until (after, ws_http_reply_get (self, "date"));
  return seconds < 0 ? -1 : fmin (seconds, MAX_RETRY_SECONDS);
}
