/*
 * What a connection costs, and what grows with time alone:
 * y = base + a * connections + b * (t - first attempt) + noise.
 */
#ifndef BRINK_ANALYSE_SLOPES_H
#define BRINK_ANALYSE_SLOPES_H

#include "analyse/series.h"
#include "analyse/stats.h"

struct slopes {
	double base, noise; /* noise: of the base, and about the line in still water */

	/* b, a second, from the longest stretch with the connections held still; its interval
	 * is widened for serial correlation. */
	bool has_over_time;
	struct slope over_time;
	struct trend trend;
	double still_s;      /* length of that stretch */
	size_t still_points; /* it has; with too few there is no slope */
	bool is_rough;       /* over_time is of so few points that it is no finding */
	double early, late;  /* the slopes of its halves */
	double
	    taken_out; /* b, a second, where a is without it; 0: not significantly different
			      * from 0 */

	/* a, a connection, with b taken out where it is significant. */
	bool has_per_connection;
	struct slope per_connection;
	double
	    intercept; /* what the line says there is without a connection: the base, and
			     what comes once with the load */
	double held;   /* most connections it rests on */
	bool
	    has_once; /* too few different numbers of connections: what comes once with the
			* load passes for a cost of connections */
	bool has_halves;           /* below and above half of them: */
	struct slope lower, upper; /* the slopes there */
};

/*
 * Estimates from the samples before until_us. a is the Theil-Sen slope of the levels of
 * three plateaus or more on the connections held; where there are fewer, that of samples
 * on ramps and plateaus. Connections and time grow together on a ramp: if b were not
 * taken out, a leak over time would pass for a cost of connections.
 */
void slopes_find(struct slopes *slopes, const struct facts *facts,
		 const struct series *series, double resolution, int64_t until_us);

/* What all resident memory of a subject grows by a second while the connections stand still; 0:
 * not significantly. Private memory is read at every tenth tick only: where that says nothing
 * of time, this does. */
double slopes_of_resident(const struct facts *facts, const char *kind, int64_t subject,
			  int64_t until_us);

/* True where b is more than nothing: Mann-Kendall says that there is a trend, and the
 * interval of the slope does not touch 0. */
bool slopes_have_trend(const struct slopes *slopes);

/* What growth must exceed to mean something: three times the resolution and the noise. */
double slopes_threshold(const struct slopes *slopes, double resolution);

/* True where b is more than nothing and exceeds the threshold over the stretch. */
bool slopes_grow(const struct slopes *slopes, double resolution);

#endif
