/* SPDX-License-Identifier: MIT */
/* Reading of PTX: text becomes instructions with numbered registers. */
#include "standin-ptx.h"

#include <stdio.h>
#include <string.h>

#include "standin-ptx-private.h"

static const struct
{
  const char *name;
  StandinOp op;
} operations[] = {
#define STANDIN_NAME_OP(op, name) { name, op },
  STANDIN_OPS (STANDIN_NAME_OP)
#undef STANDIN_NAME_OP
};

static const char *const special_names[STANDIN_N_SPECIAL] = {
  [STANDIN_TID] = "%tid.x",
  [STANDIN_NTID] = "%ntid.x",
  [STANDIN_CTAID] = "%ctaid.x",
  [STANDIN_NCTAID] = "%nctaid.x",
};

typedef struct
{
  StandinPtx *ptx;
  StandinEntry *entry; /* whose body is read; NULL: outside of them */
  gboolean has_body;   /* its parameters are over */
  GHashTable *registers;
  GHashTable *labels; /* name -> index of instruction + 1 */
  GPtrArray *targets; /* of each instruction: the label that it names, or NULL */
  char *reason;
} Reader;

static gboolean
refuse (Reader *self, const char *why, const char *what)
{
  if (self->reason == NULL)
    self->reason = g_strdup_printf ("%s: '%s'", why, what);
  return FALSE;
}

static void
add_register (Reader *self, const char *name)
{
  const guint n = self->entry->n_registers++;

  g_hash_table_insert (self->registers, g_strdup (name), GUINT_TO_POINTER (n));
}

/* ".reg .b32 %r<7>" or ".reg .b16 h" */
static gboolean
declare (Reader *self, const char *statement)
{
  g_auto (GStrv) words = g_strsplit (statement, " ", 0);
  char *bracket;

  if (g_strv_length (words) != 3)
    return refuse (self, "unknown declaration", statement);
  bracket = strchr (words[2], '<');
  if (bracket == NULL)
    {
      add_register (self, words[2]);
      return TRUE;
    }
  *bracket = '\0';
  for (guint64 i = 0, n = g_ascii_strtoull (bracket + 1, NULL, 10); i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%" G_GUINT64_FORMAT, words[2], i);

      add_register (self, name);
    }
  return TRUE;
}

static gboolean
find_register (Reader *self, const char *name, guint *number)
{
  gpointer value;

  for (guint i = 0; i < STANDIN_N_SPECIAL; i++)
    if (strcmp (name, special_names[i]) == 0)
      {
        *number = i;
        return TRUE;
      }
  if (!g_hash_table_lookup_extended (self->registers, name, NULL, &value))
    return refuse (self, "unknown register", name);
  *number = GPOINTER_TO_UINT (value);
  return TRUE;
}

/* A register, a number in decimal, or the bits of a float: 0f43800000 */
static gboolean
read_operand (Reader *self, const char *text, StandinOperand *operand)
{
  operand->is_constant = g_ascii_isdigit (text[0]);
  if (!operand->is_constant)
    return find_register (self, text, &operand->number);
  operand->constant = g_str_has_prefix (text, "0f") ? g_ascii_strtoull (text + 2, NULL, 16)
                                                    : g_ascii_strtoull (text, NULL, 10);
  return TRUE;
}

/* "[%rd15]", or "[widen_f16_param_1]" */
static gboolean
read_address (Reader *self, StandinOp op, const char *text, StandinOperand *operand)
{
  g_autofree char *inner = g_strndup (text + 1, strlen (text) - MIN (strlen (text), 2));
  g_autofree char *prefix = g_strdup_printf ("%s_param_", self->entry->name);

  if (op != STANDIN_LD_PARAM_U64)
    return find_register (self, inner, &operand->number);
  if (!g_str_has_prefix (inner, prefix))
    return refuse (self, "unknown parameter", inner);
  operand->is_constant = TRUE;
  operand->constant = g_ascii_strtoull (inner + strlen (prefix), NULL, 10);
  return operand->constant < self->entry->n_parameters || refuse (self, "no parameter", inner);
}

static gboolean
read_operands (Reader *self, const char *text, StandinInstruction *instruction)
{
  g_auto (GStrv) words = g_strsplit (text, ",", 0);

  instruction->n_operands = g_strv_length (words);
  if (instruction->n_operands > STANDIN_MOST_OPERANDS)
    return refuse (self, "too many operands", text);
  for (guint i = 0; i < instruction->n_operands; i++)
    {
      const char *word = g_strstrip (words[i]);
      StandinOperand *operand = &instruction->operands[i];

      if (word[0] == '[' ? !read_address (self, instruction->op, word, operand)
                         : !read_operand (self, word, operand))
        return FALSE;
    }
  return TRUE;
}

/* "@%p1 bra $L__BB0_3" or "add.s64 %rd18, %rd11, %rd12" */
static gboolean
read_instruction (Reader *self, const char *statement)
{
  StandinInstruction instruction = { .op = STANDIN_N_OPS };
  g_auto (GStrv) words = g_strsplit (statement, " ", statement[0] == '@' ? 3 : 2);
  char **word = words;
  char *target = NULL;

  if (statement[0] == '@')
    {
      instruction.is_conditional = TRUE;
      if (!find_register (self, *word++ + 1, &instruction.predicate))
        return FALSE;
    }
  for (guint i = 0; *word != NULL && i < G_N_ELEMENTS (operations); i++)
    if (strcmp (*word, operations[i].name) == 0)
      instruction.op = operations[i].op;
  if (instruction.op == STANDIN_N_OPS)
    return refuse (self, "unknown instruction", statement);
  word++;
  if (instruction.op == STANDIN_BRA)
    target = g_strdup (*word);
  else if (*word != NULL && !read_operands (self, *word, &instruction))
    return FALSE;
  g_ptr_array_add (self->targets, target);
  g_array_append_val (self->entry->instructions, instruction);
  return TRUE;
}

static gboolean
begin_entry (Reader *self, const char *line)
{
  const char *name = line + strlen (".visible .entry ");
  StandinEntry *entry = g_new0 (StandinEntry, 1);

  entry->name = g_strndup (name, strcspn (name, "("));
  entry->instructions = g_array_new (FALSE, TRUE, sizeof (StandinInstruction));
  entry->n_registers = STANDIN_N_SPECIAL;
  g_ptr_array_add (self->ptx->entries, entry);
  self->entry = entry;
  self->has_body = FALSE;
  g_hash_table_remove_all (self->registers);
  g_hash_table_remove_all (self->labels);
  g_ptr_array_set_size (self->targets, 0);
  return TRUE;
}

static gboolean
end_entry (Reader *self)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const char *label = self->targets->pdata[i];
      gpointer index = label != NULL ? g_hash_table_lookup (self->labels, label) : NULL;

      if (label != NULL && index == NULL)
        return refuse (self, "unknown label", label);
      g_array_index (self->entry->instructions, StandinInstruction, i).target =
          GPOINTER_TO_UINT (index) - 1;
    }
  self->entry = NULL;
  return TRUE;
}

/* Several in a line are those of inlined assembly, in braces of their own. */
static gboolean
read_statements (Reader *self, const char *line)
{
  g_auto (GStrv) statements = g_strsplit_set (line, "{;}", 0);

  for (guint i = 0; statements[i] != NULL; i++)
    {
      const char *statement = g_strstrip (statements[i]);

      if (statement[0] == '\0')
        continue;
      if (!(g_str_has_prefix (statement, ".reg ") ? declare (self, statement)
                                                  : read_instruction (self, statement)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_body_line (Reader *self, const char *line)
{
  const gsize n = strlen (line);

  if (strcmp (line, "}") == 0)
    return end_entry (self);
  if (line[n - 1] != ':')
    return read_statements (self, line);
  g_hash_table_insert (self->labels, g_strndup (line, n - 1),
                       GUINT_TO_POINTER (self->entry->instructions->len + 1));
  return TRUE;
}

static gboolean
read_line (Reader *self, const char *line)
{
  guint major, minor;

  if (line[0] == '\0')
    return TRUE;
  if (self->entry != NULL && self->has_body)
    return read_body_line (self, line);
  if (self->entry != NULL)
    {
      self->entry->n_parameters += g_str_has_prefix (line, ".param .u64 ");
      self->has_body = strcmp (line, "{") == 0;
      return g_str_has_prefix (line, ".param .u64 ") || self->has_body || strcmp (line, ")") == 0 ||
             refuse (self, "unknown parameter", line);
    }
  if (g_str_has_prefix (line, ".visible .entry "))
    return begin_entry (self, line);
  if (sscanf (line, ".version %u.%u", &major, &minor) == 2)
    self->ptx->version = 10 * major + minor;
  else if (sscanf (line, ".target sm_%u", &major) == 1)
    self->ptx->target = major;
  else if (strcmp (line, ".address_size 64") != 0)
    return refuse (self, "unknown directive", line);
  return TRUE;
}

static void
free_entry (gpointer data)
{
  StandinEntry *self = data;

  g_free (self->name);
  g_array_unref (self->instructions);
  g_free (self);
}

StandinPtx *
standin_ptx_new (const char *text, char **reason)
{
  StandinPtx *self = g_new0 (StandinPtx, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 0);
  Reader reader = { .ptx = self };
  gboolean ok = TRUE;

  self->entries = g_ptr_array_new_with_free_func (free_entry);
  reader.registers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.labels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reader.targets = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; ok && lines[i] != NULL; i++)
    ok = read_line (&reader, g_strstrip (lines[i]));
  if (ok && (self->version == 0 || self->target == 0 || reader.entry != NULL))
    ok = refuse (&reader, "incomplete", ".version, .target or '}'");
  g_hash_table_unref (reader.registers);
  g_hash_table_unref (reader.labels);
  g_ptr_array_unref (reader.targets);
  *reason = reader.reason;
  if (ok)
    return self;
  standin_ptx_free (self);
  return NULL;
}

void
standin_ptx_free (StandinPtx *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

guint
standin_ptx_get_version (const StandinPtx *self)
{
  return self->version;
}

guint
standin_ptx_get_target (const StandinPtx *self)
{
  return self->target;
}

const StandinEntry *
standin_ptx_find (const StandinPtx *self, const char *name)
{
  for (guint i = 0; i < self->entries->len; i++)
    {
      const StandinEntry *entry = self->entries->pdata[i];

      if (strcmp (entry->name, name) == 0)
        return entry;
    }
  return NULL;
}

guint
standin_entry_get_n_parameters (const StandinEntry *self)
{
  return self->n_parameters;
}
