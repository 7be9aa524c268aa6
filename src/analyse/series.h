/*
 * One resource of one subject over the run.
 */
#ifndef BRINK_ANALYSE_SERIES_H
#define BRINK_ANALYSE_SERIES_H

#include "analyse/facts.h"
#include "analyse/stats.h"

/*
 * Who has the connections that a subject's resources go by. Acceptors have what they have
 * accepted, strangers' too; clients what they hold and what is under way; a host, namespace
 * or cgroup the more of the two.
 */
enum side { SIDE_BOTH, SIDE_SERVER, SIDE_CLIENT };

/* Connections of a side at one tick. */
int64_t side_load(enum side side, const struct counts_at *counts);

struct point {
	int64_t t_us;
	double value;
	double held; /* connections that the subject had at that tick */
};

/* In time order, without the ticks at which it could not be read. */
struct series {
	struct point *points;
	size_t count;
	enum side side; /* whose connections move it */
};

/*
 * Reads KIND_sample.resource of a subject. Both names must be of the resource table
 * (model/resource.h), else it is an error. 0, or -1; series_free() in either case.
 */
int series_load(struct series *series, const struct facts *facts, const char *kind,
		int64_t subject, const char *resource);
void series_free(struct series *series);

/* Holds the values against the connections of a side. */
void series_take_side(struct series *series, const struct facts *facts, enum side side);

/* The last point up to t_us, or NULL where there is none. */
const struct point *series_last(const struct series *series, int64_t t_us);

/* The last value up to t_us, or fallback where there is none. */
double series_at(const struct series *series, int64_t t_us, double fallback);

/* The highest value in [from_us, to_us], or fallback where there is none; *t_us, if not
 * NULL, receives when it was first met. */
double series_peak(const struct series *series, int64_t from_us, int64_t to_us,
		   double fallback, int64_t *t_us);

/* What it was before the load: the median over the baseline after its first second, or in a
 * later cycle over the second before its first ramp; where that leaves nothing, over all of
 * it, and else the first value. The series must not be empty. *noise, if not NULL, receives
 * the median absolute deviation. */
double series_base(const struct series *series, const struct facts *facts, double *noise);

/* Points in [from_us, to_us) become at most wanted blocks of equal size, each the medians
 * of its points, appended to out. Returns how many. */
size_t series_thin(const struct series *series, int64_t from_us, int64_t to_us,
		   size_t wanted, struct point *out);

#endif
