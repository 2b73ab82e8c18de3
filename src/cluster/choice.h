/* SPDX-License-Identifier: MIT */
/* Which k of a curve is taken, and why. */
#pragma once

#include "cluster/elbow.h"
#include "cluster/sweep.h"

G_BEGIN_DECLS

typedef enum
{
  WS_CRITERION_ELBOW,      /* see below */
  WS_CRITERION_F_RATIO,    /* the greatest Calinski-Harabasz index */
  WS_CRITERION_SILHOUETTE, /* the greatest mean silhouette */
  WS_N_CRITERIA
} WsCriterion;

/* "elbow", "f-ratio", "silhouette" */
const char *ws_criterion_get_key (WsCriterion criterion);
/* Returns: FALSE if @key is none of them (then @criterion is left alone). */
gboolean ws_criterion_from_key (const char *key, WsCriterion *criterion);

typedef enum
{
  WS_CHOICE_NONE,      /* the curve is empty: k is 0 */
  WS_CHOICE_ONLY,      /* there is one k */
  WS_CHOICE_AGREED,    /* the elbow, for all three rules */
  WS_CHOICE_DISAGREED, /* the elbow for one of them, see below */
  WS_CHOICE_NO_ELBOW,  /* there is none: the greatest silhouette */
  WS_CHOICE_GREATEST,  /* of the criterion that was asked for */
  WS_CHOICE_UNKNOWN,   /* that is known of no k: the least */
  WS_CHOICE_USER,      /* ws_choice_overrule */
} WsChoiceReason;

/* A plain value. */
typedef struct
{
  guint k;
  WsCriterion criterion;
  WsChoiceReason reason;
  WsElbow elbow;             /* of the curve, whatever the criterion */
  gboolean agree;            /* the three rules say the same k */
  gboolean no_structure;     /* the silhouette of k is that of any cloud, see below */
  double silhouette;         /* of k; NAN: not known */
  double standard_error;     /* of that */
  guint greater_k;           /* another k with a much greater silhouette, see below; 0: none */
  double greater_silhouette; /* of that k; NAN: none */
} WsChoice;

/* By elbow: where the three rules for it agree, that k. Where they do not, the one of their
 * proposals that has the greatest silhouette. No majority counts, since Kneedle and the chord are
 * nearly one rule: over k = 1 … 100 both are late by some steps for 2 or 3 clusters, where the
 * second difference is right; that one is early for 15 clusters or more, where they are right.
 * (Where the curve ends before twice the true k, they are early too: the line to its end is steep.)
 * The silhouette knows which, and needs to compare two or three k only, so that the k of a curve
 * without any elbow, which silhouettes are fond of, is not among them. In any case the least k of
 * equal ones.
 * There is no structure where the silhouette of k, less two standard errors, is at most 0.02, or
 * 1 / d if that is more: what k-means makes of one round cloud of d dimensions, which it cuts in
 * two, has about 2 / (pi d). A cloud that is long in a few directions has more, and is not told
 * from clusters by that: of it the rules disagree.
 * No silhouette overrules an elbow, but one that is much greater is told of: that of greater_k,
 * which exceeds the silhouette of k by more than 0.1 and by more than two standard errors of each
 * of the two, added. It is the greatest of these.
 * @curve: (element-type WsSweepEntry): k ascending
 * Never fails: without values that it could go by, it takes the least k. */
void ws_choice_make (WsChoice *self, const GPtrArray *curve, WsCriterion criterion);

/* Takes @k, which the user wants, for k; @curve as above, in which k should be. */
void ws_choice_overrule (WsChoice *self, const GPtrArray *curve, guint k);

/* One to three sentences: why this k, that the rules disagree, what the silhouette says, and that
 * another k has a much greater one. A mean silhouette is read as usual: up to 0.25 it shows no
 * substantial structure, up to 0.50 a weak one, up to 0.70 a reasonable one, above a strong one
 * (Kaufman and Rousseeuw, Finding Groups in Data, 1990, chapter 2).
 * @translated: FALSE for files (English), TRUE for people. (transfer full) */
char *ws_choice_describe (const WsChoice *self, gboolean translated);

G_END_DECLS
