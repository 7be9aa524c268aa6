/*
 * Change points: where in a series of figures, run after run, its level moved.
 *
 * E-divisive with means (Matteson and James 2014; with the exponent 1), where a candidate
 * is confirmed by Student's t-test instead of by random permutations: deterministic, and
 * with more power for the short series that a history has (as in Kowalski, Ingo et al.,
 * "Hunter: Using Change Point Detection to Hunt for Performance Regressions", ICPE 2023).
 */
#ifndef BRINK_ANALYSE_CHANGE_H
#define BRINK_ANALYSE_CHANGE_H

#include <stddef.h>

/* A level that moved by chance is taken for a change once in so many times. */
#define CHANGE_P 0.001

struct change {
	size_t at;            /* the first value of the new level */
	double before, after; /* means of the stretch before and of that from it on */
	double p;             /* of no change between the two stretches */
};

/*
 * Finds the change points of n values at a level p, in their order; changes has room for
 * n. Returns how many. Values must be finite.
 */
size_t change_points(const double *values, size_t n, double p, struct change *changes);

/* The two-sided p of Student's t-test (equal variances, as Student's is) that two samples
 * have the same mean; 1 where there is too little to tell. */
double student_test(const double *a, size_t a_count, const double *b, size_t b_count);

#endif
