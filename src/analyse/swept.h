/*
 * What a sweep came to: at each point the median of every figure with an interval, what gave
 * way there, and where that changes.
 */
#ifndef BRINK_ANALYSE_SWEPT_H
#define BRINK_ANALYSE_SWEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/figure.h"
#include "store/db.h"

#define SWEPT_CAUSE_SIZE 64

/* A figure over the runs of a point. */
struct swept_figure {
	size_t n; /* runs of which it is known */
	double median, low, high;
	double
	    coverage; /* that the interval has the true median; 0: fewer than two runs */
};

/* What gave way in some runs of a point: the id of a limit; "unexplained" where none was
 * found; else the outcome of a run in which nothing did, such as "survived". */
struct swept_cause {
	char name[SWEPT_CAUSE_SIZE];
	bool is_limit;
	size_t runs;
};

struct swept_run {
	int64_t run_id;                   /* -1: none was made, or it was deleted */
	int64_t point, repeat, exit_code; /* exit_code -1: not known */
	bool done;                        /* it is made, or was refused */
	bool counts;                      /* it was analysed, and not interrupted */
	struct swept_cause cause;         /* "" where it does not count */
	double *
	    figures; /* as figures[], NAN where it is not known; NULL: it does not count, or
			    it failed, so that nothing was measured */
};

struct swept_point {
	char **values;      /* of the settings */
	size_t *level;      /* by axis: which of its values it has, from 0 */
	size_t first, runs; /* of the sweep's runs */
	size_t done, counted;
	struct swept_cause *causes; /* of those that count, the most frequent first */
	size_t cause_count;
	struct swept_figure *figures; /* as figures[] */
};

/* Two neighbours on an axis, alike in all else, that have no cause in common. */
struct swept_change {
	size_t axis, before, after; /* points */
	bool
	    is_sure; /* all runs of either point agree, and there are three or more of each */
};

struct swept {
	int64_t sweep_id, repeats, seed;
	bool is_complete;
	char *started, *command;
	size_t setting_count, axis_count;
	char **names;               /* of the settings */
	size_t *axis_of;            /* of the settings */
	size_t *levels;             /* by axis: how many values it has */
	struct swept_point *points; /* the first axis changes last */
	size_t point_count;
	struct swept_run *runs; /* by point, then repeat */
	size_t run_count, done;
	struct swept_change *changes;
	size_t change_count;
};

/* The figures that a sweep is told by; the first is that of the breaking point. */
#define SWEPT_TOLD 6
const struct figure *swept_told(size_t i);

/*
 * Reads a sweep that is there, with the figures that it is told by, or with all, which takes
 * many times as long. 0, or -1 (see db_error); swept_free() in either case.
 */
int swept_load(struct swept *swept, struct db *db, int64_t sweep_id, bool all_figures);
void swept_free(struct swept *swept);

/*
 * The median of n > 0 values, and the interval between two of them, as far from either end,
 * that has the median of what they are drawn from with 95 %, whatever its distribution, or
 * all of them where they are too few for that (David and Nagaraja, Order Statistics, 7.1).
 * Sorts v.
 */
struct swept_figure swept_median(double *v, size_t n);

#endif
