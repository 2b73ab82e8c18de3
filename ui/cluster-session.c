/* SPDX-License-Identifier: MIT */
/* The clusters of the embedding of one opened model: what is known of them, what is being computed,
 * and what of them a person looks at. */
#include "cluster-session.h"

#include "cluster-loading.h"
#include "cluster-settings.h"
#include "cluster-snapshot.h"
#include "job.h"

#include <stdlib.h>

#define SESSION_KEY "ws-cluster-session"

struct _WsClusterSession
{
  GObject parent_instance;

  WsModel *model; /* (nullable) in tests only */
  WsClustersState state;
  GArray *embeddings;
  WsTokenizer *tokenizer;
  char *tokenizer_note;
  char *error;
  WsClusterOptions options;

  WsJob *job; /* loading or running; NULL when nothing is in work */
  WsClusterProgress progress;

  WsClusterStudy *study; /* (nullable) without its curve, which may be longer here */
  GPtrArray *curve;      /* (element-type WsSweepEntry) k ascending */
  WsElbow elbow;
  WsChoice choice;

  WsClusterFocus *focus;
};

enum
{
  PROP_0,
  PROP_STATE,
  N_PROPS
};

enum
{
  SETUP_CHANGED,
  STUDY_CHANGED,
  PROGRESS,
  ERROR_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsClusterSession, ws_cluster_session, G_TYPE_OBJECT)

static void
set_state (WsClusterSession *self, WsClustersState state)
{
  if (self->state == state)
    return;
  self->state = state;
  ws_cluster_focus_set_growing (self->focus, state == WS_CLUSTERS_RUNNING);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static void
emit (WsClusterSession *self, guint signal)
{
  g_signal_emit (self, signals[signal], 0);
}

static void
set_error (WsClusterSession *self, const char *sentence)
{
  if (g_strcmp0 (self->error, sentence) == 0)
    return;
  g_free (self->error);
  self->error = g_strdup (sentence);
  emit (self, ERROR_CHANGED);
}

/* The curve */

static WsSweepEntry *
find_entry (WsClusterSession *self, guint k)
{
  for (guint i = 0; i < self->curve->len; i++)
    {
      WsSweepEntry *entry = g_ptr_array_index (self->curve, i);

      if (entry->clustering->k == k)
        return entry;
    }
  return NULL;
}

/* Without a choice the least k that has clusters to show. */
static guint
get_proposed_k (WsClusterSession *self)
{
  if (self->choice.k > 0 && find_entry (self, self->choice.k) != NULL)
    return self->choice.k;
  for (guint i = 0; i < self->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (self->curve, i);

      if (entry->clustering->k > 1)
        return entry->clustering->k;
    }
  return self->curve->len > 0 ? 1 : 0;
}

static void
find_elbow (WsClusterSession *self)
{
  guint n = self->curve->len;
  g_autofree guint *k = g_new (guint, MAX (n, 1));
  g_autofree double *inertia = g_new (double, MAX (n, 1));

  for (guint i = 0; i < n; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (self->curve, i);

      k[i] = entry->clustering->k;
      inertia[i] = entry->clustering->inertia;
    }
  ws_elbow_find (&self->elbow, k, inertia, n);
}

/* To be called when study or curve have changed. */
static void
judge_curve (WsClusterSession *self)
{
  find_elbow (self);
  ws_choice_make (&self->choice, self->curve, self->options.criterion);
  g_signal_emit (self, signals[STUDY_CHANGED], 0);
  ws_cluster_focus_set_study (self->focus, self->study, self->tokenizer, self->curve,
                              get_proposed_k (self));
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  guint k_a = (*(WsSweepEntry *const *) a)->clustering->k;
  guint k_b = (*(WsSweepEntry *const *) b)->clustering->k;

  return (k_a > k_b) - (k_a < k_b);
}

/* @entry: (transfer full) */
static void
add_entry (WsClusterSession *self, WsSweepEntry *entry)
{
  WsSweepEntry *old = find_entry (self, entry->clustering->k);

  if (old != NULL)
    g_ptr_array_remove (self->curve, old);
  g_ptr_array_add (self->curve, entry);
  g_ptr_array_sort (self->curve, compare_entries);
}

/* @study: (nullable) (transfer full) */
static void
replace_study (WsClusterSession *self, WsClusterStudy *study)
{
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  self->study = study;
}

/* All of it at once: from the store, or at the end of a run. */
void
ws_cluster_session_take_study (WsClusterSession *self, WsClusterStudy *study)
{
  g_return_if_fail (WS_IS_CLUSTER_SESSION (self));
  replace_study (self, study);
  if (self->tokenizer == NULL && study != NULL && study->tokenizer != NULL)
    self->tokenizer = ws_tokenizer_ref (study->tokenizer);
  g_ptr_array_set_size (self->curve, 0);
  for (guint i = 0; study != NULL && i < study->curve->len; i++)
    g_ptr_array_add (self->curve, ws_sweep_entry_ref (g_ptr_array_index (study->curve, i)));
  judge_curve (self);
}

/* Loading */

static void
on_loaded (gpointer owner, gpointer data, const GError *error)
{
  WsClusterSession *self = owner;
  WsClusterLoading *loading = data;

  g_clear_pointer (&self->job, ws_job_unref);
  if (loading->finds && loading->embeddings != NULL)
    {
      g_array_unref (self->embeddings);
      self->embeddings = g_steal_pointer (&loading->embeddings);
      self->tokenizer = g_steal_pointer (&loading->tokenizer);
      self->tokenizer_note = g_steal_pointer (&loading->tokenizer_note);
      self->options = loading->options;
    }
  set_error (self, loading->warning);
  ws_cluster_session_take_study (self, g_steal_pointer (&loading->study));
  set_state (self, WS_CLUSTERS_READY);
  emit (self, SETUP_CHANGED);
}

static const WsJobKind loading_kind = { ws_cluster_loading_execute, NULL, on_loaded,
                                        (GDestroyNotify) ws_cluster_loading_free };

static void
begin_to_load (WsClusterSession *self, gboolean finds)
{
  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  self->job = ws_job_start (&loading_kind, self,
                            ws_cluster_loading_new (self->model, &self->options, finds));
  set_state (self, WS_CLUSTERS_LOADING);
}

/* Running */

static gboolean
on_run_report (gpointer owner, gpointer data)
{
  WsClusterSession *self = owner;
  g_auto (WsClusterNews) news = { 0 };
  gboolean changed;

  ws_cluster_work_take_news (data, &news);
  self->progress = news.progress;
  changed = news.study != NULL || news.entries->len > 0;
  if (news.study != NULL)
    replace_study (self, g_steal_pointer (&news.study));
  for (guint i = 0; i < news.entries->len; i++)
    add_entry (self, ws_sweep_entry_ref (g_ptr_array_index (news.entries, i)));
  for (guint i = 0; i < news.warnings->len; i++)
    set_error (self, g_ptr_array_index (news.warnings, i));
  if (changed)
    judge_curve (self);
  emit (self, PROGRESS);
  return FALSE;
}

static void
on_run_done (gpointer owner, gpointer data, const GError *error)
{
  WsClusterSession *self = owner;
  WsClusterStudy *study = ws_cluster_work_steal_study (data);

  g_clear_pointer (&self->job, ws_job_unref);
  if (study != NULL)
    ws_cluster_session_take_study (self, study);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_error (self, error->message);
  set_state (self, WS_CLUSTERS_READY);
}

static const WsJobKind run_kind = { ws_cluster_work_execute, on_run_report, on_run_done,
                                    (GDestroyNotify) ws_cluster_work_free };

void
ws_cluster_session_run (WsClusterSession *self)
{
  g_return_if_fail (WS_IS_CLUSTER_SESSION (self));

  if (self->state != WS_CLUSTERS_READY || self->options.tensor == NULL || self->model == NULL)
    return;
  set_error (self, NULL);
  ws_cluster_focus_forget_k (self->focus);
  self->progress = (WsClusterProgress){ .seconds_left = -1 };
  ws_cluster_settings_get_machine (&self->options,
                                   ws_source_is_remote (self->options.tensor->source));
  self->job = ws_job_start (&run_kind, self, ws_cluster_work_new (self->model, &self->options));
  set_state (self, WS_CLUSTERS_RUNNING);
  emit (self, PROGRESS);
}

void
ws_cluster_session_cancel (WsClusterSession *self)
{
  g_return_if_fail (WS_IS_CLUSTER_SESSION (self));

  if (self->state != WS_CLUSTERS_RUNNING)
    return;
  ws_job_cancel (self->job);
  set_state (self, WS_CLUSTERS_STOPPING);
}

void
ws_cluster_session_set_options (WsClusterSession *self, const WsClusterOptions *options)
{
  WsClusterOptions old = self->options;
  gboolean other_study;

  g_return_if_fail (WS_IS_CLUSTER_SESSION (self));
  other_study = options->tensor != old.tensor || options->normalization != old.normalization;
  if (other_study && (self->state == WS_CLUSTERS_RUNNING || self->state == WS_CLUSTERS_STOPPING))
    return;
  self->options = *options;
  ws_cluster_settings_save (options);
  emit (self, SETUP_CHANGED);
  if (other_study && self->model != NULL)
    {
      ws_cluster_focus_forget_k (self->focus);
      ws_cluster_session_take_study (self, NULL);
      begin_to_load (self, FALSE);
    }
  else if (options->criterion != old.criterion)
    {
      ws_cluster_focus_forget_k (self->focus);
      judge_curve (self);
    }
}

static void
ws_cluster_session_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_uint (value, WS_CLUSTER_SESSION (object)->state);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_cluster_session_dispose (GObject *object)
{
  WsClusterSession *self = WS_CLUSTER_SESSION (object);

  if (self->job != NULL)
    ws_job_abandon (self->job);
  g_clear_pointer (&self->job, ws_job_unref);
  G_OBJECT_CLASS (ws_cluster_session_parent_class)->dispose (object);
}

static void
ws_cluster_session_finalize (GObject *object)
{
  WsClusterSession *self = WS_CLUSTER_SESSION (object);

  g_object_unref (self->focus);
  g_ptr_array_unref (self->curve);
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_array_unref (self->embeddings);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_free (self->tokenizer_note);
  g_free (self->error);
  g_clear_pointer (&self->model, ws_model_unref);
  G_OBJECT_CLASS (ws_cluster_session_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, WS_TYPE_CLUSTER_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
}

static void
ws_cluster_session_class_init (WsClusterSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = ws_cluster_session_get_property;
  object_class->dispose = ws_cluster_session_dispose;
  object_class->finalize = ws_cluster_session_finalize;
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, WS_CLUSTERS_STOPPING, 0,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SETUP_CHANGED] = add_signal ("setup-changed");
  signals[STUDY_CHANGED] = add_signal ("study-changed");
  signals[PROGRESS] = add_signal ("progress");
  signals[ERROR_CHANGED] = add_signal ("error-changed");
}

static void
ws_cluster_session_init (WsClusterSession *self)
{
  self->state = WS_CLUSTERS_READY;
  self->embeddings = g_array_new (FALSE, FALSE, sizeof (WsEmbedding));
  self->curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  self->focus = ws_cluster_focus_new ();
  self->progress.seconds_left = -1;
  ws_cluster_settings_get (&self->options);
}

WsClusterSession *
ws_cluster_session_new (WsModel *model)
{
  WsClusterSession *self = g_object_new (WS_TYPE_CLUSTER_SESSION, NULL);

  if (model != NULL)
    {
      self->model = ws_model_ref (model);
      begin_to_load (self, TRUE);
    }
  return self;
}

WsClusterSession *
ws_cluster_session_peek (WsModelSession *session)
{
  return g_object_get_data (G_OBJECT (session), SESSION_KEY);
}

WsClusterSession *
ws_cluster_session_get (WsModelSession *session)
{
  WsClusterSession *self = ws_cluster_session_peek (session);

  if (self == NULL)
    {
      self = ws_cluster_session_new (ws_model_session_get_model (session));
      g_object_set_data_full (G_OBJECT (session), SESSION_KEY, self, g_object_unref);
    }
  return self;
}

WsClustersState
ws_cluster_session_get_state (WsClusterSession *self)
{
  return self->state;
}

gboolean
ws_cluster_session_is_complete (WsClusterSession *self)
{
  const WsClusterStudy *study = self->study;

  if (study == NULL || self->curve->len == 0)
    return FALSE;
  if (self->options.k > 0)
    return find_entry (self, self->options.k) != NULL;
  return study->is_complete && study->options.k == 0 && study->options.k_max == self->options.k_max;
}

WsModel *
ws_cluster_session_get_model (WsClusterSession *self)
{
  return self->model;
}

GArray *
ws_cluster_session_get_embeddings (WsClusterSession *self)
{
  return self->embeddings;
}

WsClusterFocus *
ws_cluster_session_get_focus (WsClusterSession *self)
{
  return self->focus;
}

WsTokenizer *
ws_cluster_session_get_tokenizer (WsClusterSession *self)
{
  return self->tokenizer;
}

char *
ws_cluster_session_describe_rows (WsClusterSession *self)
{
  return self->study != NULL ? ws_cluster_study_describe_rows (self->study, TRUE) : NULL;
}

const char *
ws_cluster_session_get_token_note (WsClusterSession *self)
{
  const char *note =
      self->study != NULL ? ws_cluster_study_get_tokenizer_note (self->study, TRUE) : NULL;

  return note != NULL ? note : self->tokenizer_note;
}

const char *
ws_cluster_session_get_error (WsClusterSession *self)
{
  return self->error;
}

const WsClusterOptions *
ws_cluster_session_get_options (WsClusterSession *self)
{
  return &self->options;
}

const WsClusterProgress *
ws_cluster_session_get_progress (WsClusterSession *self)
{
  return &self->progress;
}

const WsClusterStudy *
ws_cluster_session_get_study (WsClusterSession *self)
{
  return self->study;
}

const WsEmbeddingFacts *
ws_cluster_session_get_facts (WsClusterSession *self)
{
  return self->study != NULL ? self->study->facts : NULL;
}

const WsProjection *
ws_cluster_session_get_projection (WsClusterSession *self)
{
  return self->study != NULL ? self->study->projection : NULL;
}

GArray *
ws_cluster_session_dup_grid (WsClusterSession *self)
{
  gsize n = ws_cluster_session_get_n_points (self);
  WsSweepOptions options;

  if (n == 0 || self->options.k > 0)
    return NULL;
  ws_sweep_options_init (&options);
  options.k_max = self->options.k_max;
  return ws_sweep_list_k (n, &options);
}

GPtrArray *
ws_cluster_session_get_curve (WsClusterSession *self)
{
  return self->curve;
}

const WsElbow *
ws_cluster_session_get_elbow (WsClusterSession *self)
{
  return &self->elbow;
}

const WsChoice *
ws_cluster_session_get_choice (WsClusterSession *self)
{
  return &self->choice;
}

WsClusterStudy *
ws_cluster_session_dup_study (WsClusterSession *self)
{
  guint k = ws_cluster_focus_get_k (self->focus);
  WsClusterStudy *study;

  if (self->study == NULL)
    return NULL;
  study = ws_cluster_snapshot_new (self->study);
  for (guint i = 0; i < self->curve->len; i++)
    g_ptr_array_add (study->curve, ws_sweep_entry_ref (g_ptr_array_index (self->curve, i)));
  study->elbow = self->elbow;
  study->choice = self->choice;
  if (k > 0 && k != self->choice.k)
    ws_choice_overrule (&study->choice, study->curve, k);
  return study;
}

gsize
ws_cluster_session_get_n_points (WsClusterSession *self)
{
  return self->study != NULL ? self->study->n_points : 0;
}

guint32
ws_cluster_session_get_token (WsClusterSession *self, guint32 point)
{
  return self->study != NULL && self->study->rows != NULL ? self->study->rows[point] : point;
}

static int
compare_ids (const void *a, const void *b)
{
  guint32 id_a = *(const guint32 *) a, id_b = *(const guint32 *) b;

  return (id_a > id_b) - (id_a < id_b);
}

gboolean
ws_cluster_session_find_point (WsClusterSession *self, guint32 token, guint32 *point)
{
  const guint32 *ids = self->study != NULL ? self->study->rows : NULL;
  gsize n = ws_cluster_session_get_n_points (self);
  const guint32 *found;

  if (ids == NULL)
    {
      *point = token;
      return token < n;
    }
  found = bsearch (&token, ids, n, sizeof *ids, compare_ids);
  if (found == NULL)
    return FALSE;
  *point = (guint32) (found - ids);
  return TRUE;
}

char *
ws_cluster_session_dup_label (WsClusterSession *self, guint32 point)
{
  return ws_token_dup_label (self->tokenizer, ws_cluster_session_get_token (self, point));
}

char *
ws_cluster_session_dup_tooltip (WsClusterSession *self, guint32 point)
{
  return ws_token_dup_tooltip (self->tokenizer, ws_cluster_session_get_token (self, point));
}
