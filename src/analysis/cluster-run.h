/* SPDX-License-Identifier: MIT */
/* From a model to the clusters of its embedding: all that is known of it, and the run that finds it
 * out. */
#pragma once

#include "analysis/store-clusters.h"
#include "cluster/choice.h"
#include "cluster/elbow.h"
#include "model/embedding-choice.h"
#include "model/tokenizer.h"

G_BEGIN_DECLS

#define WS_CLUSTER_SEED 42
#define WS_CLUSTER_MAX_K 100

typedef struct
{
  const WsTensor *tensor; /* of the model; NULL: the best one */
  WsNormalization normalization;
  guint k;     /* 0: several, up to k_max */
  guint k_max; /* of the grid; at most the number of points */
  WsCriterion criterion;
  guint64 seed;
  guint n_init;           /* starts of k-means for each k */
  guint n_iterations_max; /* of each */
  guint64 n_silhouette;   /* points that the silhouette looks at; 0: all */
  guint n_threads;        /* 0: one per core */
  guint64 memory_limit;   /* bytes for the run; 0: half of RAM */
  guint64 max_traffic;    /* bytes that weights elsewhere may cost; 0: no limit */
  gboolean fresh;         /* take nothing from the store */
} WsClusterOptions;

/* z-scores, k up to 100, elbow, seed 42, the defaults of k-means and silhouette, all cores, half of
 * RAM. */
void ws_cluster_options_init (WsClusterOptions *self);

/* What is known of an embedding. Immutable once shared. */
typedef struct
{
  WsModel *model;         /* (owned reference) */
  const WsTensor *tensor; /* of @model */
  WsEmbeddingKind kind;
  WsTokenizer *tokenizer;    /* (owned) (nullable): rows are shown by their numbers */
  char *tokenizer_note;      /* (owned) (nullable): in English, for files */
  char *tokenizer_note_here; /* (owned) (nullable): the same, translated */
  WsClusterOptions options;  /* with the tensor, and the numbers behind the zeros of memory_limit */
  guint64 n_rows;            /* of the tensor */
  gsize n_points;            /* rows that are finite; 0: not known yet */
  guint32 *rows;             /* (owned) (nullable) the row of each point; NULL: the same */
  WsEmbeddingFacts *facts;   /* (owned) (nullable): not known yet */
  WsProjection *projection;  /* (owned) (nullable): not known yet */
  GPtrArray *curve;          /* (owned) (element-type WsSweepEntry), k ascending; may be empty */
  gboolean is_complete;      /* the curve has all that was asked for */
  WsElbow elbow;             /* of the curve */
  WsChoice choice;           /* of the curve, by the criterion; k is 0 while that is empty */
  double seconds;            /* that the run took; 0: nothing was computed */
  int ref_count;
} WsClusterStudy;

WsClusterStudy *ws_cluster_study_ref (WsClusterStudy *self);
void ws_cluster_study_unref (WsClusterStudy *self);

/* Borrowed; NULL: not in the curve. */
const WsSweepEntry *ws_cluster_study_get_entry (const WsClusterStudy *self, guint k);
/* That of the k that was chosen. */
const WsSweepEntry *ws_cluster_study_get_chosen (const WsClusterStudy *self);
/* The row of the tensor that is point @point: the id of its token. */
guint64 ws_cluster_study_get_row (const WsClusterStudy *self, gsize point);
/* What people know the row by: "Ġthe", or "#123". (transfer full) */
char *ws_cluster_study_dup_label (const WsClusterStudy *self, guint64 row);
/* Why rows are shown by their numbers, or that the vocabulary is shorter or longer than the matrix;
 * NULL: nothing is to be said. @translated: FALSE for files. */
const char *ws_cluster_study_get_tokenizer_note (const WsClusterStudy *self, gboolean translated);

/* One or two sentences: rows that are in no cluster, and that there are fewer different ones than
 * the curve was asked to have clusters. NULL: nothing is to be said. @translated: FALSE for files.
 * (transfer full) */
char *ws_cluster_study_describe_rows (const WsClusterStudy *self, gboolean translated);

typedef enum
{
  WS_CLUSTER_STAGE_VOCABULARY,
  WS_CLUSTER_STAGE_READING,
  WS_CLUSTER_STAGE_FACTS,
  WS_CLUSTER_STAGE_NORMALIZATION,
  WS_CLUSTER_STAGE_PROJECTION,
  WS_CLUSTER_STAGE_CLUSTERING,
} WsClusterStage;

/* For people, translated: "reading the matrix". */
const char *ws_cluster_stage_get_title (WsClusterStage stage);

typedef struct
{
  WsClusterStage stage;
  double share;        /* of the stage, in [0, 1], not decreasing in it */
  double seconds_left; /* of the run; < 0: not known yet */
  guint n_done;        /* k that are finished, also those from the store */
  guint n_total;       /* that there will be, as far as is known; 0: not known yet */
  guint k;             /* in work; 0: none */
} WsClusterProgress;

/* Called on the thread of ws_cluster_run_execute and on workers, one at a time. Any may be NULL.
 * What is given is in the store already, is (transfer none), never changes and may be kept with a
 * reference. */
typedef struct
{
  /* First of all, the study as far as it is known: model, tensor, vocabulary. */
  void (*study) (WsClusterStudy *study, gpointer user_data);
  /* @rows: (nullable): as in WsClusterStudy; copy it to keep it. */
  void (*facts) (WsEmbeddingFacts *facts, const guint32 *rows, gpointer user_data);
  void (*projection) (WsProjection *projection, gpointer user_data);
  /* In the order in which they are finished; those that the store had come first. */
  void (*entry) (WsSweepEntry *entry, gpointer user_data);
  /* At most 20 times a second, and at the beginning of each stage. */
  void (*progress) (const WsClusterProgress *progress, gpointer user_data);
  /* For people, e.g. that the store is full; once each. */
  void (*warning) (const char *sentence, gpointer user_data);
  gpointer user_data;
} WsClusterCallbacks;

typedef struct _WsClusterRun WsClusterRun;

/* @model: a reference is taken. @store: (nullable) borrowed. @callbacks: (nullable): copied */
WsClusterRun *ws_cluster_run_new (WsModel *model, const WsClusterOptions *options, WsStore *store,
                                  const WsClusterCallbacks *callbacks);
void ws_cluster_run_free (WsClusterRun *self);

/* Computes what the store does not have; blocks. Weights are read only if anything is missing. Each
 * k is in the store before it is told; what the store refuses is offered to it again at the end.
 * The numbers depend on the bytes and the options alone, not on threads, memory or the store.
 * Returns: (transfer full): NULL with @error: G_IO_ERROR_CANCELLED within 0.5 s;
 * WS_ERROR_NOT_FOUND: the model has nothing to cluster; WS_ERROR_ARGUMENT: the tensor is no matrix,
 * k is more than there are points; WS_ERROR_UNSUPPORTED: no finite row, more memory than allowed;
 * G_IO_ERROR */
WsClusterStudy *ws_cluster_run_execute (WsClusterRun *self, GCancellable *cancellable,
                                        GError **error);

/* What @store has for these options; reads the vocabulary, but no weights.
 * Returns: (transfer full): NULL without @error: nothing is stored */
WsClusterStudy *ws_cluster_run_load (WsModel *model, const WsClusterOptions *options,
                                     WsStore *store, GCancellable *cancellable, GError **error);

/* Sets the members of @options that change numbers (but not k) to those of the clustering that was
 * stored last for options->tensor, which must not be NULL. Returns: FALSE: there is none. */
gboolean ws_cluster_run_find_stored (WsClusterOptions *options, WsStore *store);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsClusterStudy, ws_cluster_study_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsClusterRun, ws_cluster_run_free)

G_END_DECLS
