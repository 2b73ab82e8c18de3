/* SPDX-License-Identifier: MIT */
/* LAPACK's building blocks: the routines inside its drivers, for loops of our own around them.
 *
 * All are column-major, all arguments are pointers, and the lengths of strings come last. LAPACKE
 * wraps the drivers only. */
#pragma once

#include <stddef.h>

/* NB columns of the reduction of a symmetric matrix to tridiagonal form. */
void dlatrd_ (const char *uplo, const int *n, const int *nb, double *a, const int *lda, double *e,
              double *tau, double *w, const int *ldw, size_t uplo_length);
/* The whole reduction, unblocked. */
void dsytd2_ (const char *uplo, const int *n, double *a, const int *lda, double *d, double *e,
              double *tau, int *info, size_t uplo_length);
/* QR by blocks of NB columns; T is of NB rows, work of NB x N. */
void dgeqrt_ (const int *m, const int *n, const int *nb, double *a, const int *lda, double *t,
              const int *ldt, double *work, int *info);
/* LDL' of a symmetric positive definite tridiagonal matrix, in place. */
void dpttrf_ (const int *n, double *d, double *e, int *info);

/* A reflector 1 - tau (1 v')'(1 v') that makes X zero, which becomes v; ALPHA becomes what is left.
 */
void dlarfg_ (const int *n, double *alpha, double *x, const int *incx, double *tau);
/* The whole reduction, unblocked. */
void dgebd2_ (const int *m, const int *n, double *a, const int *lda, double *d, double *e,
              double *tauq, double *taup, double *work, int *info);
/* Singular values of a bidiagonal matrix, descending, in d. */
void dbdsqr_ (const char *uplo, const int *n, const int *ncvt, const int *nru, const int *ncc,
              double *d, double *e, double *vt, const int *ldvt, double *u, const int *ldu,
              double *c, const int *ldc, double *work, int *info, size_t uplo_length);

/* QR of an n x n triangle A on top of an m x n block B, of which the last l rows are a trapezoid.
 */
void dtpqrt2_ (const int *m, const int *n, const int *l, double *a, const int *lda, double *b,
               const int *ldb, double *t, const int *ldt, int *info);
/* Applies the reflectors of dtpqrt2_ to further columns. */
void dtprfb_ (const char *side, const char *trans, const char *direct, const char *storev,
              const int *m, const int *n, const int *k, const int *l, const double *v,
              const int *ldv, const double *t, const int *ldt, double *a, const int *lda, double *b,
              const int *ldb, double *work, const int *ldwork, size_t side_length,
              size_t trans_length, size_t direct_length, size_t storev_length);
