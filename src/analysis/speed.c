/* SPDX-License-Identifier: MIT */
/* How fast this machine is. */
#include "analysis/speed.h"

#include "spectra/blas.h"

#include <cblas.h>
#include <math.h>

/* Sides of the matrices that are multiplied to see how fast that goes, and for how long. */
#define PROBE_SIDE 256
#define PROBE_USEC 20000

/* Seconds for a unit where nothing can be multiplied: none will be computed either. */
#define UNKNOWN_SPEED 1e-10

/* Of the difference between what was expected and what was seen, what one matrix changes. */
#define LEARNING 0.3

/* What is expected to take less tells little: most of it is the start of a computation, and what
 * else the machine does meanwhile. */
#define SHORT_SECONDS 0.02

/* A result may be this far from what was expected before it is taken for an accident. */
#define MAX_RATIO 20.0

typedef enum
{
  UNKNOWN,
  PROBED, /* a first look */
  LEARNT,
} Knowledge;

typedef struct
{
  const char *key; /* of the backend */
  WsSpeed speed;
  Knowledge knowledge;
} Known;

static GMutex mutex; /* guards both */
static Known processor = { .key = "cpu" };
static Known device = { .key = "cuda" };

void
ws_speed_init_uniform (WsSpeed *self, double seconds_per_unit)
{
  *self = (WsSpeed){ seconds_per_unit, seconds_per_unit, seconds_per_unit };
}

/* Seconds for a unit: the Gram matrix is made at the speed of a product, and only half of it. */
static double
probe (void)
{
  const gsize n = PROBE_SIDE;
  g_autofree double *numbers = g_new (double, 3 * n * n);
  double least = INFINITY;
  gint64 begin = g_get_monotonic_time (), last = begin, now = begin;

  if (ws_blas_reserve (1) == 0)
    return UNKNOWN_SPEED;
  for (gsize i = 0; i < 3 * n * n; i++)
    numbers[i] = 1.0;
  while (now - begin < PROBE_USEC)
    {
      cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1.0, numbers, n,
                   numbers + n * n, n, 0.0, numbers + 2 * n * n, n);
      now = g_get_monotonic_time ();
      least = fmin (least, (now - last) * 1e-6);
      last = now;
    }
  return fmax (least, 1e-6) / (2.0 * n * n * n);
}

void
ws_speed_init_processor (WsSpeed *self)
{
  g_mutex_lock (&mutex);
  if (processor.knowledge == UNKNOWN)
    {
      ws_speed_init_uniform (&processor.speed, probe ());
      processor.knowledge = PROBED;
    }
  *self = processor.speed;
  g_mutex_unlock (&mutex);
}

gboolean
ws_speed_init_device (WsSpeed *self)
{
  gboolean is_known;

  g_mutex_lock (&mutex);
  is_known = device.knowledge == LEARNT;
  *self = device.speed;
  g_mutex_unlock (&mutex);
  return is_known;
}

static void
remember (Known *known, const WsSpeed *speed)
{
  g_mutex_lock (&mutex);
  known->speed = *speed;
  known->knowledge = LEARNT;
  g_mutex_unlock (&mutex);
}

void
ws_speed_remember_processor (const WsSpeed *self)
{
  remember (&processor, self);
}

void
ws_speed_remember_device (const WsSpeed *self)
{
  remember (&device, self);
}

double
ws_speed_get_seconds (const WsSpeed *self, const WsStages *stages)
{
  return self->reading * stages->reading + self->gram * stages->gram +
         self->reduction * stages->reduction;
}

void
ws_speed_learn (WsSpeed *self, const WsStages *stages, double seconds)
{
  const double expected = ws_speed_get_seconds (self, stages);
  double ratio;

  if (!(expected > 0.0) || !(seconds > 0.0))
    return;
  ratio = LEARNING * expected / (expected + SHORT_SECONDS) *
          log (CLAMP (seconds / expected, 1.0 / MAX_RATIO, MAX_RATIO));
  self->reading *= exp (ratio * self->reading * stages->reading / expected);
  self->gram *= exp (ratio * self->gram * stages->gram / expected);
  self->reduction *= exp (ratio * self->reduction * stages->reduction / expected);
}

static char *
to_text (const WsSpeed *self)
{
  char reading[G_ASCII_DTOSTR_BUF_SIZE], gram[G_ASCII_DTOSTR_BUF_SIZE],
      reduction[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup_printf ("%s %s %s",
                          g_ascii_formatd (reading, sizeof reading, "%.3e", self->reading),
                          g_ascii_formatd (gram, sizeof gram, "%.3e", self->gram),
                          g_ascii_formatd (reduction, sizeof reduction, "%.3e", self->reduction));
}

/* Between a machine of a thousand years ago and one of a thousand years from now. */
static gboolean
is_plausible (double seconds)
{
  return seconds > 1e-16 && seconds < 1e-3;
}

static gboolean
from_text (WsSpeed *self, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  WsSpeed speed;

  if (g_strv_length (words) != 3)
    return FALSE;
  speed = (WsSpeed){ g_ascii_strtod (words[0], NULL), g_ascii_strtod (words[1], NULL),
                     g_ascii_strtod (words[2], NULL) };
  if (!is_plausible (speed.reading) || !is_plausible (speed.gram) ||
      !is_plausible (speed.reduction))
    return FALSE;
  *self = speed;
  return TRUE;
}

/* A store may be shared by machines. */
static char *
dup_key (const Known *known)
{
  return g_strdup_printf ("speed of %s on %s", known->key, g_get_host_name ());
}

static void
recall (WsStore *store, Known *known)
{
  g_autofree char *key = dup_key (known);
  g_autofree char *text = ws_store_dup_meta (store, key);
  WsSpeed speed;

  if (text == NULL || !from_text (&speed, text))
    return;
  g_mutex_lock (&mutex);
  if (known->knowledge != LEARNT)
    {
      known->speed = speed;
      known->knowledge = LEARNT;
    }
  g_mutex_unlock (&mutex);
}

static void
save (WsStore *store, const Known *known)
{
  g_autofree char *key = dup_key (known);
  g_autofree char *text = NULL;

  g_mutex_lock (&mutex);
  if (known->knowledge == LEARNT)
    text = to_text (&known->speed);
  g_mutex_unlock (&mutex);
  if (text != NULL)
    ws_store_set_meta (store, key, text);
}

void
ws_speeds_recall (WsStore *store)
{
  recall (store, &processor);
  recall (store, &device);
}

void
ws_speeds_save (WsStore *store)
{
  save (store, &processor);
  save (store, &device);
}
