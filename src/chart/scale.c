/* SPDX-License-Identifier: MIT */
/* An axis: linear or logarithmic, and its ticks. */
#include "chart/scale.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Closer minor ticks are a smear: about the width of three of them. */
#define MINOR_GAP 3.5
/* With decades further apart than this many gaps, 2 and 5 get a text too. */
#define DECADE_GAPS 3.0
/* No axis has room for more; also ends a loop over numbers too near each other for a double. */
#define MAX_TICKS 1000

double
ws_scale_map (const WsScale *self, double value)
{
  double share;

  if (!isfinite (value) || (self->log && value <= 0))
    return NAN;
  if (self->log)
    share = (log10 (value) - log10 (self->min)) / (log10 (self->max) - log10 (self->min));
  else
    share = (value - self->min) / (self->max - self->min);
  return self->from + share * (self->to - self->from);
}

double
ws_scale_unmap (const WsScale *self, double position)
{
  double share = (position - self->from) / (self->to - self->from);

  if (self->log)
    return self->min * pow (10, share * (log10 (self->max) - log10 (self->min)));
  return self->min + share * (self->max - self->min);
}

/* The powers of ten are integers here, so that 0.3 does not become 0.30000000000000004. */
static double
get_power (int exponent)
{
  return exponent < 0 ? 1 / pow (10, -exponent) : pow (10, exponent);
}

/* The least of 1, 2, 5 × 10^n that is >= @least. */
static double
get_nice_step (double least)
{
  static const double factors[] = { 1, 2, 5, 10 };
  int exponent = (int) floor (log10 (least));

  for (guint i = 0; i < G_N_ELEMENTS (factors); i++)
    {
      double step = factors[i] * pow (10, exponent);

      if (step >= least * (1 - 1e-9))
        return step;
    }
  return pow (10, exponent + 1);
}

/* How the numbers of one axis are written, so that all are alike. */
typedef struct
{
  WsTickStyle style;
  int decimals;
  int exponent;    /* common factor 10^exponent on a linear axis */
  gboolean powers; /* on a log axis: 10^n instead of digits */
} NumberForm;

static void
append_superscript (GString *text, int number)
{
  static const char *const superscripts[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
  char digits[16];

  g_snprintf (digits, sizeof digits, "%d", number);
  for (const char *p = digits; *p; p++)
    g_string_append (text, *p == '-' ? "⁻" : superscripts[*p - '0']);
}

static void
append_decimal (GString *text, double value, int decimals)
{
  if (decimals == 0 && fabs (value) < 1e15)
    {
      g_autofree char *count = ws_format_count ((guint64) llround (fabs (value)));

      g_string_append (text, value <= -0.5 ? "−" : "");
      g_string_append (text, count);
    }
  else
    {
      g_string_append (text, value < 0 ? "−" : "");
      g_string_append_printf (text, "%.*f", decimals, fabs (value));
    }
}

static void
write_text (WsTick *tick, const NumberForm *form)
{
  g_autoptr (GString) text = g_string_new (NULL);
  double value = tick->value;

  if (form->style == WS_TICKS_PERCENT)
    {
      append_decimal (text, value * 100, MAX (form->decimals - 2, 0));
      /* Translators: after a number, with the space of your language */
      g_string_append (text, _ ("\u202f%"));
    }
  else if (form->powers)
    {
      int exponent = (int) floor (log10 (value) + 1e-9);
      double mantissa = value / pow (10, exponent);

      if (fabs (mantissa - 1) > 1e-6)
        {
          append_decimal (text, mantissa, form->decimals);
          g_string_append (text, "×");
        }
      g_string_append (text, "10");
      append_superscript (text, exponent);
    }
  else if (form->exponent != 0 && value != 0)
    {
      append_decimal (text, value / pow (10, form->exponent), form->decimals);
      g_string_append (text, "×10");
      append_superscript (text, form->exponent);
    }
  else
    append_decimal (text, value, form->decimals);
  g_strlcpy (tick->text, text->str, sizeof tick->text);
}

static int
get_decimals (double step)
{
  return CLAMP ((int) -floor (log10 (step) + 1e-9), 0, 17);
}

static void
add_tick (GArray *ticks, const WsScale *self, double value, const NumberForm *form)
{
  WsTick tick = { .value = value, .position = ws_scale_map (self, value) };

  if (form)
    write_text (&tick, form);
  g_array_append_val (ticks, tick);
}

static gboolean
is_inside (const WsScale *self, double value)
{
  double slack = 1e-9 * (self->log ? value : self->max - self->min);

  return value >= self->min - slack && value <= self->max + slack;
}

static NumberForm
choose_linear_form (const WsScale *self, double step, WsTickStyle style)
{
  NumberForm form = { .style = style };
  double largest = MAX (fabs (self->min), fabs (self->max));

  if (style == WS_TICKS_NUMBER && (largest > 1e5 || largest < 1e-3))
    form.exponent = (int) floor (log10 (largest));
  form.decimals = get_decimals (step / pow (10, form.exponent));
  return form;
}

/* Multiples of @step, and its parts as minor ticks where they have room. */
static void
add_multiples (GArray *ticks, const WsScale *self, double step, double step_length,
               WsTickStyle style)
{
  NumberForm form = choose_linear_form (self, step, style);
  int leading = (int) lround (step / pow (10, floor (log10 (step) + 1e-9)));
  int n_parts = leading == 2 ? 4 : 5;
  double first;

  if (step_length / n_parts < MINOR_GAP || (style == WS_TICKS_COUNT && step < n_parts) || self->log)
    n_parts = 1;
  first = ceil (self->min / step * n_parts - 1e-9);
  for (int i = 0; i < MAX_TICKS; i++)
    {
      double multiple = first + i;
      double value = multiple * step / n_parts;

      if (!is_inside (self, value))
        break;
      add_tick (ticks, self, value, fmod (multiple, n_parts) == 0 ? &form : NULL);
    }
}

static void
add_linear_ticks (GArray *ticks, const WsScale *self, double gap, WsTickStyle style)
{
  double length = fabs (self->to - self->from);
  double unit = length / (self->max - self->min);
  double step = get_nice_step (gap / unit);

  if (style == WS_TICKS_COUNT)
    step = MAX (step, 1);
  if (step > 0 && isfinite (step))
    add_multiples (ticks, self, step, step * unit, style);
}

/* A log axis of less than a decade or so: multiples, which are closest at its upper end. */
static void
add_short_log_ticks (GArray *ticks, const WsScale *self, double gap, WsTickStyle style)
{
  double direction = self->to > self->from ? 1 : -1;
  double step = get_nice_step (self->max - ws_scale_unmap (self, self->to - direction * gap));

  if (style == WS_TICKS_COUNT)
    step = MAX (step, 1);
  if (step > 0 && isfinite (step))
    add_multiples (ticks, self, step, gap, style);
}

/* Which of 1 … 9 have a text in each decade. */
static const char *
choose_log_pattern (double decade, double gap, double n_decades)
{
  if (decade <= DECADE_GAPS * gap && n_decades >= 2)
    return "1";
  if (decade * log10 (2) >= gap)
    return "125";
  if (decade * log10 (3) >= gap)
    return "13";
  return "1";
}

static NumberForm
choose_log_form (const WsScale *self, WsTickStyle style)
{
  return (NumberForm){ .style = style,
                       .powers =
                           style == WS_TICKS_NUMBER && (self->max > 1e5 || self->min < 5e-4) };
}

static guint
add_decades (GArray *ticks, const WsScale *self, double gap, WsTickStyle style)
{
  double n_decades = log10 (self->max) - log10 (self->min);
  double decade = fabs (self->to - self->from) / n_decades;
  const char *pattern = choose_log_pattern (decade, gap, n_decades);
  int stride = MAX ((int) ceil (gap / decade - 1e-9), 1);
  int first = (int) floor (log10 (self->min)), last = (int) ceil (log10 (self->max));
  gboolean minor = stride == 1 && decade * log10 (10.0 / 9) >= MINOR_GAP / 3;
  NumberForm form = choose_log_form (self, style);
  guint n_texts = 0;

  for (int exponent = first; exponent <= last; exponent++)
    for (int digit = 1; digit <= 9; digit++)
      {
        double value = digit * get_power (exponent);
        gboolean has_text = strchr (pattern, '0' + digit) && exponent % stride == 0;

        if (!is_inside (self, value) || (style == WS_TICKS_COUNT && value < 1) ||
            (!has_text && !(digit == 1 ? decade >= MINOR_GAP : minor)))
          continue;
        form.decimals = form.powers ? 0 : MAX (-exponent, 0);
        add_tick (ticks, self, value, has_text ? &form : NULL);
        n_texts += has_text;
      }
  return n_texts;
}

GArray *
ws_scale_choose_ticks (const WsScale *self, double gap, WsTickStyle style)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (WsTick));

  g_return_val_if_fail (self->max > self->min && gap > 0, ticks);
  if (!self->log)
    add_linear_ticks (ticks, self, gap, style);
  else if (add_decades (ticks, self, gap, style) < 2)
    {
      g_array_set_size (ticks, 0);
      add_short_log_ticks (ticks, self, gap, style);
    }
  return ticks;
}
