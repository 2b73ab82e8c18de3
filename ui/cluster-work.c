/* SPDX-License-Identifier: MIT */
/* What a run of the clustering and the main thread share: the news. */
#include "cluster-work.h"

#include "cluster-snapshot.h"

struct _WsClusterWork
{
  WsModel *model;
  WsClusterOptions options;
  WsJob *job; /* borrowed while it runs: callbacks report through it */
  WsClusterStudy *study;

  GMutex mutex; /* guards all below */
  WsClusterStudy
      *known; /* (nullable) as far as it is known now: shared, replaced by a longer one */
  gboolean known_is_new;
  GPtrArray *new_entries;
  GPtrArray *new_warnings;
  WsClusterProgress progress;
};

static GPtrArray *
new_entry_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
}

void
ws_cluster_news_clear (WsClusterNews *self)
{
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

WsClusterWork *
ws_cluster_work_new (WsModel *model, const WsClusterOptions *options)
{
  WsClusterWork *self = g_new0 (WsClusterWork, 1);

  self->model = ws_model_ref (model);
  self->options = *options;
  g_mutex_init (&self->mutex);
  self->new_entries = new_entry_list ();
  self->new_warnings = g_ptr_array_new_with_free_func (g_free);
  self->progress.seconds_left = -1;
  return self;
}

void
ws_cluster_work_free (WsClusterWork *self)
{
  ws_model_unref (self->model);
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_clear_pointer (&self->known, ws_cluster_study_unref);
  g_ptr_array_unref (self->new_entries);
  g_ptr_array_unref (self->new_warnings);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/* @study: (transfer full) */
static void
replace_known (WsClusterWork *self, WsClusterStudy *study)
{
  g_mutex_lock (&self->mutex);
  g_clear_pointer (&self->known, ws_cluster_study_unref);
  self->known = study;
  self->known_is_new = TRUE;
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

static void
on_study (WsClusterStudy *study, gpointer user_data)
{
  replace_known (user_data, ws_cluster_study_ref (study));
}

/* Only the worker writes @known: it may read it without the lock. */
static void
on_facts (WsEmbeddingFacts *facts, const guint32 *rows, gpointer user_data)
{
  WsClusterWork *self = user_data;
  WsClusterStudy *study = ws_cluster_snapshot_new (self->known);

  g_clear_pointer (&study->facts, ws_embedding_facts_unref);
  g_free (study->rows);
  study->facts = ws_embedding_facts_ref (facts);
  study->n_points = facts->n;
  study->rows = g_memdup2 (rows, facts->n * sizeof *rows);
  replace_known (self, study);
}

static void
on_projection (WsProjection *projection, gpointer user_data)
{
  WsClusterWork *self = user_data;
  WsClusterStudy *study = ws_cluster_snapshot_new (self->known);

  g_clear_pointer (&study->projection, ws_projection_unref);
  study->projection = ws_projection_ref (projection);
  replace_known (self, study);
}

static void
on_entry (WsSweepEntry *entry, gpointer user_data)
{
  WsClusterWork *self = user_data;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->new_entries, ws_sweep_entry_ref (entry));
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

static void
on_progress (const WsClusterProgress *progress, gpointer user_data)
{
  WsClusterWork *self = user_data;

  g_mutex_lock (&self->mutex);
  self->progress = *progress;
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  WsClusterWork *self = user_data;

  g_mutex_lock (&self->mutex);
  g_ptr_array_add (self->new_warnings, g_strdup (sentence));
  g_mutex_unlock (&self->mutex);
  ws_job_report (self->job);
}

/* A run without a store is still a run; the person is told that it will not be remembered. */
static WsStore *
open_store (WsClusterWork *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  WsStore *store = ws_store_open (NULL, &warning, &error);

  if (store == NULL)
    on_warning (error->message, self);
  else if (warning != NULL)
    on_warning (warning, self);
  return store;
}

gboolean
ws_cluster_work_execute (WsJob *job, gpointer data, GError **error)
{
  WsClusterWork *self = data;
  const WsClusterCallbacks callbacks = { on_study,    on_facts,   on_projection, on_entry,
                                         on_progress, on_warning, self };
  g_autoptr (WsStore) store = NULL;
  g_autoptr (WsClusterRun) run = NULL;

  self->job = job;
  store = open_store (self);
  run = ws_cluster_run_new (self->model, &self->options, store, &callbacks);
  self->study = ws_cluster_run_execute (run, ws_job_get_cancellable (job), error);
  return self->study != NULL;
}

void
ws_cluster_work_take_news (WsClusterWork *self, WsClusterNews *news)
{
  g_mutex_lock (&self->mutex);
  news->study = self->known_is_new ? ws_cluster_study_ref (self->known) : NULL;
  self->known_is_new = FALSE;
  news->entries = g_steal_pointer (&self->new_entries);
  self->new_entries = new_entry_list ();
  news->warnings = g_steal_pointer (&self->new_warnings);
  self->new_warnings = g_ptr_array_new_with_free_func (g_free);
  news->progress = self->progress;
  g_mutex_unlock (&self->mutex);
}

WsClusterStudy *
ws_cluster_work_steal_study (WsClusterWork *self)
{
  return g_steal_pointer (&self->study);
}
