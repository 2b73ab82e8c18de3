/* SPDX-License-Identifier: MIT */
/* What a person looks at of a study: a k, one of its clusters, a token, a list of tokens. */
#include "cluster-focus.h"

#include "job.h"

struct _WsClusterFocus
{
  GObject parent_instance;

  WsClusterStudy *study; /* (nullable) */
  WsTokenizer *tokenizer;
  GPtrArray *curve; /* (element-type WsSweepEntry) */

  guint k;
  guint proposed_k;
  gboolean k_by_hand;
  gboolean growing;
  WsJob *rows_job;
  WsClusterRows *rows;   /* (nullable) of @k, or of the one before while those are made */
  GHashTable *rows_of_k; /* WsClusterRows that were made */

  int cluster;
  int point;
  WsListed listed;
  GArray *list; /* (element-type guint32) points */
};

enum
{
  K_CHANGED,
  ROWS_CHANGED,
  FOCUS_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsClusterFocus, ws_cluster_focus, G_TYPE_OBJECT)

static void
set_list (WsClusterFocus *self, WsListed listed, const guint32 *points, gsize n)
{
  self->listed = n > 0 || listed != WS_LISTED_CLUSTER ? listed : WS_LISTED_NOTHING;
  g_array_unref (self->list);
  self->list = g_array_sized_new (FALSE, FALSE, sizeof (guint32), (guint) n);
  if (n > 0)
    g_array_append_vals (self->list, points, (guint) n);
}

static void
list_cluster (WsClusterFocus *self, int cluster)
{
  const WsClusterRows *rows = self->rows;

  self->cluster = cluster;
  if (rows == NULL || cluster < 0 || cluster >= (int) rows->k)
    set_list (self, WS_LISTED_NOTHING, NULL, 0);
  else
    set_list (self, WS_LISTED_CLUSTER, rows->order + rows->starts[cluster],
              rows->starts[cluster + 1] - rows->starts[cluster]);
}

/* The members of a cluster, or nothing: lists that follow the chosen cluster. */
static gboolean
follows_cluster (WsClusterFocus *self)
{
  return self->listed == WS_LISTED_CLUSTER || self->listed == WS_LISTED_NOTHING;
}

static void
list_cluster_of_point (WsClusterFocus *self)
{
  list_cluster (self, self->point >= 0 ? ws_cluster_focus_find_cluster (self, (guint32) self->point)
                                       : -1);
}

static void
emit_focus (WsClusterFocus *self)
{
  g_signal_emit (self, signals[FOCUS_CHANGED], 0);
}

static void
hold_k (WsClusterFocus *self)
{
  if (self->growing)
    self->k_by_hand = TRUE;
}

/* The clusters of a k are made on a thread: what it needs is handed over to it. */
typedef struct
{
  WsSweepEntry *entry;
  WsClusterStudy *study; /* (nullable) */
  WsTokenizer *tokenizer;
  WsClusterRows *rows;
} RowsWork;

static void
rows_work_free (gpointer data)
{
  RowsWork *work = data;

  ws_sweep_entry_unref (work->entry);
  g_clear_pointer (&work->study, ws_cluster_study_unref);
  g_clear_pointer (&work->tokenizer, ws_tokenizer_unref);
  g_clear_pointer (&work->rows, ws_cluster_rows_unref);
  g_free (work);
}

static gboolean
make_rows (WsJob *job, gpointer data, GError **error)
{
  RowsWork *work = data;
  const WsClusterStudy *study = work->study;

  work->rows = ws_cluster_rows_compute (work->entry, study != NULL ? study->facts : NULL,
                                        work->tokenizer, study != NULL ? study->rows : NULL,
                                        ws_job_get_cancellable (job), error);
  return work->rows != NULL;
}

static void
show_rows (WsClusterFocus *self, WsClusterRows *rows)
{
  g_clear_pointer (&self->rows, ws_cluster_rows_unref);
  self->rows = rows != NULL ? ws_cluster_rows_ref (rows) : NULL;
  /* A token stays chosen; the clusters of another k are others. */
  if (follows_cluster (self))
    list_cluster_of_point (self);
  else
    self->cluster = -1;
  g_signal_emit (self, signals[K_CHANGED], 0);
  g_signal_emit (self, signals[ROWS_CHANGED], 0);
  emit_focus (self);
}

static void show_k (WsClusterFocus *self, guint k);

static void
on_rows_done (gpointer owner, gpointer data, const GError *error)
{
  WsClusterFocus *self = owner;
  RowsWork *work = data;

  g_clear_pointer (&self->rows_job, ws_job_unref);
  if (work->rows == NULL)
    return;
  g_hash_table_replace (self->rows_of_k, GUINT_TO_POINTER (work->rows->k),
                        ws_cluster_rows_ref (work->rows));
  show_rows (self, work->rows);
  if (!self->k_by_hand && self->proposed_k != self->k)
    show_k (self, self->proposed_k);
}

static const WsJobKind rows_kind = { make_rows, NULL, on_rows_done, rows_work_free };

static void
abandon_rows (WsClusterFocus *self)
{
  if (self->rows_job != NULL)
    ws_job_abandon (self->rows_job);
  g_clear_pointer (&self->rows_job, ws_job_unref);
}

static void
begin_rows (WsClusterFocus *self, WsSweepEntry *entry)
{
  RowsWork *work = g_new0 (RowsWork, 1);

  work->entry = ws_sweep_entry_ref (entry);
  work->study = self->study != NULL ? ws_cluster_study_ref (self->study) : NULL;
  work->tokenizer = self->tokenizer != NULL ? ws_tokenizer_ref (self->tokenizer) : NULL;
  self->rows_job = ws_job_start (&rows_kind, self, work);
}

static WsSweepEntry *
find_entry (WsClusterFocus *self, guint k)
{
  for (guint i = 0; i < self->curve->len; i++)
    {
      WsSweepEntry *entry = g_ptr_array_index (self->curve, i);

      if (entry->clustering->k == k)
        return entry;
    }
  return NULL;
}

static void
show_k (WsClusterFocus *self, guint k)
{
  WsSweepEntry *entry = find_entry (self, k);
  WsClusterRows *made = g_hash_table_lookup (self->rows_of_k, GUINT_TO_POINTER (k));

  if (self->k == k && entry != NULL && self->rows != NULL && self->rows->entry == entry)
    return;
  self->k = entry != NULL ? k : 0;
  abandon_rows (self);
  if (made != NULL && made->entry == entry)
    {
      show_rows (self, made);
      return;
    }
  /* Until they are made the clusters before them stay, so that nothing flickers. */
  if (entry == NULL || (self->rows != NULL && self->rows->n != entry->clustering->n))
    show_rows (self, NULL);
  if (entry == NULL)
    return;
  begin_rows (self, entry);
  g_signal_emit (self, signals[K_CHANGED], 0);
}

static void
ws_cluster_focus_dispose (GObject *object)
{
  abandon_rows (WS_CLUSTER_FOCUS (object));
  G_OBJECT_CLASS (ws_cluster_focus_parent_class)->dispose (object);
}

static void
ws_cluster_focus_finalize (GObject *object)
{
  WsClusterFocus *self = WS_CLUSTER_FOCUS (object);

  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_ptr_array_unref (self->curve);
  g_clear_pointer (&self->rows, ws_cluster_rows_unref);
  g_hash_table_unref (self->rows_of_k);
  g_array_unref (self->list);
  G_OBJECT_CLASS (ws_cluster_focus_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, WS_TYPE_CLUSTER_FOCUS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
ws_cluster_focus_class_init (WsClusterFocusClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ws_cluster_focus_dispose;
  G_OBJECT_CLASS (klass)->finalize = ws_cluster_focus_finalize;
  signals[K_CHANGED] = add_signal ("k-changed");
  signals[ROWS_CHANGED] = add_signal ("rows-changed");
  signals[FOCUS_CHANGED] = add_signal ("focus-changed");
}

static void
ws_cluster_focus_init (WsClusterFocus *self)
{
  self->curve = g_ptr_array_new ();
  self->rows_of_k =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) ws_cluster_rows_unref);
  self->list = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->cluster = self->point = -1;
}

WsClusterFocus *
ws_cluster_focus_new (void)
{
  return g_object_new (WS_TYPE_CLUSTER_FOCUS, NULL);
}

static gboolean
is_of_same_points (const WsClusterStudy *a, const WsClusterStudy *b)
{
  return a != NULL && b != NULL && a->tensor == b->tensor && a->n_points == b->n_points;
}

void
ws_cluster_focus_set_study (WsClusterFocus *self, WsClusterStudy *study, WsTokenizer *tokenizer,
                            GPtrArray *curve, guint proposed_k)
{
  WsClusterStudy *old = self->study;

  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));
  g_return_if_fail (curve != NULL);

  if (!is_of_same_points (old, study))
    {
      self->cluster = self->point = -1;
      set_list (self, WS_LISTED_NOTHING, NULL, 0);
    }
  self->study = study != NULL ? ws_cluster_study_ref (study) : NULL;
  g_clear_pointer (&old, ws_cluster_study_unref);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  self->tokenizer = tokenizer != NULL ? ws_tokenizer_ref (tokenizer) : NULL;
  g_ptr_array_ref (curve);
  g_ptr_array_unref (self->curve);
  self->curve = curve;
  self->proposed_k = proposed_k;
  if (self->k_by_hand && find_entry (self, self->k) != NULL)
    show_k (self, self->k);
  /* While a curve grows fast, one k after the other would be proposed and none ever shown. */
  else if (!self->growing || self->rows_job == NULL || find_entry (self, self->k) == NULL)
    show_k (self, proposed_k);
}

void
ws_cluster_focus_forget_k (WsClusterFocus *self)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));
  self->k_by_hand = FALSE;
}

void
ws_cluster_focus_set_growing (WsClusterFocus *self, gboolean growing)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));
  self->growing = growing;
}

guint
ws_cluster_focus_get_k (WsClusterFocus *self)
{
  return self->k;
}

void
ws_cluster_focus_choose_k (WsClusterFocus *self, guint k)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));

  self->k_by_hand = TRUE;
  if (k != self->k)
    show_k (self, k);
}

WsClusterRows *
ws_cluster_focus_get_rows (WsClusterFocus *self)
{
  return self->rows;
}

int
ws_cluster_focus_get_cluster (WsClusterFocus *self)
{
  return self->cluster;
}

void
ws_cluster_focus_choose_cluster (WsClusterFocus *self, int cluster)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));

  if (self->cluster == cluster && follows_cluster (self))
    return;
  hold_k (self);
  if (self->point >= 0 && ws_cluster_focus_find_cluster (self, (guint32) self->point) != cluster)
    self->point = -1;
  list_cluster (self, cluster);
  emit_focus (self);
}

int
ws_cluster_focus_find_cluster (WsClusterFocus *self, guint32 point)
{
  const WsClustering *clustering = self->rows != NULL ? self->rows->entry->clustering : NULL;

  return clustering != NULL && point < clustering->n ? (int) clustering->labels[point] : -1;
}

int
ws_cluster_focus_get_point (WsClusterFocus *self)
{
  return self->point;
}

void
ws_cluster_focus_choose_point (WsClusterFocus *self, int point)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));
  g_return_if_fail (point < 0 || (self->study != NULL && (gsize) point < self->study->n_points));

  if (self->point == point && point >= 0)
    return;
  hold_k (self);
  self->point = point;
  if (follows_cluster (self))
    list_cluster_of_point (self);
  emit_focus (self);
}

WsListed
ws_cluster_focus_get_listed (WsClusterFocus *self)
{
  return self->listed;
}

GArray *
ws_cluster_focus_get_list (WsClusterFocus *self)
{
  return self->list;
}

void
ws_cluster_focus_list (WsClusterFocus *self, WsListed listed, GArray *points)
{
  g_return_if_fail (WS_IS_CLUSTER_FOCUS (self));

  hold_k (self);
  self->cluster = -1;
  set_list (self, listed, points != NULL ? (const guint32 *) points->data : NULL,
            points != NULL ? points->len : 0);
  emit_focus (self);
}
